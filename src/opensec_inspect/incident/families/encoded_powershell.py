"""Encoded PowerShell from the management agent: a script runs on a machine as the system account.

Authorisation: of three changes one is allowed and one refused, and only one names this machine. Provenance:
the technician's console session came from the device on record, or from another that also tried and failed.
Conduct: the script fetched from the source on record, or from a domain that another machine was refused.
"""

from dataclasses import replace

from opensec_inspect.incident.cases.casting import Casting
from opensec_inspect.incident.cases.draft import HOUR_MS, Draft
from opensec_inspect.incident.cases.group import CaseFacts, Leg, LegFacts, Timing
from opensec_inspect.incident.facts.browsers import POWERSHELL_AGENT
from opensec_inspect.incident.facts.entities import Account, Device
from opensec_inspect.incident.facts.events import Connected, SignedIn, Started, TicketWritten
from opensec_inspect.incident.facts.scenario import RowRef, Tempting
from opensec_inspect.incident.families.parts import common, legs
from opensec_inspect.incident.families.parts.authority import Authority, approvers
from opensec_inspect.incident.families.parts.machine import Machine, encoded_command
from opensec_inspect.incident.families.parts.paperwork import QUARTER_MS, utc
from opensec_inspect.incident.sensors.rules import rule_of


def encoded_powershell(draft: Draft, timing: Timing) -> CaseFacts:
    """Draws the facts of one case."""
    return _Case(draft, timing).facts()


class _Case:
    def __init__(self, draft: Draft, timing: Timing) -> None:
        self.draft, self.timing = draft, timing
        cast = Casting(draft)
        self.device = cast.device("device", suits=lambda d: d.role == "laptop" and d.owner is not None)
        self.other_device = cast.device("other device", suits=lambda d: d.role == "laptop")
        self.refused_device = cast.device("refused device", suits=lambda d: d.role == "laptop")
        owners = {self.device.owner, self.other_device.owner, self.refused_device.owner}
        self.technician = cast.account("technician", suits=lambda a: a.role == "administrator")
        self.requester = cast.person(
            "requester", suits=lambda a: a.role in ("office", "finance") and a.id not in owners
        )
        self.approvers = approvers(draft, self.requester, self.technician)
        self.other_requester = cast.person("other requester", suits=lambda a: a.id not in owners)
        self.analyst = cast.account("analyst", suits=lambda a: a.role == "desk_analyst")
        self.home = cast.address("home", "home")
        self.elsewhere = cast.address("elsewhere", "mobile", abroad=True)
        self.source = cast.domain("source", "cdn", "vendor")
        self.odd = draft.newcomer("odd", "cdn")
        self.console = next(
            a.name for a in draft.scene.organisation.applications if a.name.endswith("Console")
        )
        self.session, self.station = draft.guid("session"), draft.guid("station")
        self.other_station = draft.guid("other station")
        self.signed_in_ms = draft.before(60, 110, "console sign-in")
        self.started_ms = draft.before(18, 45, "started")

    def facts(self) -> CaseFacts:
        opening = self._started()
        authorisation, provenance, conduct = self._authorisation(), self._provenance(), self._conduct()
        story = Machine(
            self.draft,
            self.timing,
            self.device,
            self.requester,
            apart_from=(
                self.other_device.id,
                self.refused_device.id,
                str(self.device.owner),
                self.technician.id,
            ),
        )
        started = RowRef(event=opening, table="process_events", cells=("DeviceName", "ProcessCommandLine"))
        legs: dict[Leg, LegFacts] = {
            "authorisation": story.with_account(authorisation, started, self.requester, "valid_account"),
            "provenance": story.with_account(provenance, started, self.technician, "remote_management"),
            "conduct": story.with_domain(conduct, started, self.odd, "remote_management"),
        }
        carrier = common.outsiders_ticket(self.draft, self.device.id, self.source, self.requester)
        return CaseFacts(
            family="encoded_powershell",
            carriers=(carrier,),
            events=self.draft.events(),
            extra=self.draft.extra(story.assets),
            away=(),
            opening_event=opening,
            opening_rule=rule_of("encoded_powershell").id,
            legs=legs,
            temptations=(
                Tempting(entity=self.refused_device.id, temptation="host_not_reached"),
                Tempting(entity=self.source.domain, temptation="sanctioned_channel"),
                Tempting(entity=str(self.device.owner), temptation="mismatched_party"),
                Tempting(entity=self.technician.id, temptation="administrator_at_work"),
                Tempting(entity=self.odd.domain, temptation="mismatched_party"),
            ),
            cause="requested_change",
            loss_at=self.timing.loss_at,
        )

    def _started(self) -> str:
        event = Started(
            id=self.draft.next_id(),
            at_ms=self.started_ms,
            cause="case",
            device=self.device.id,
            account="SYSTEM",
            binary="powershell",
            command_line=encoded_command(self.draft, "deploy"),
            parent="rmm_agent",
            integrity="System",
        )
        return self.draft.put(event)

    def _authorisation(self) -> common.LegRows:
        """Two changes of the requester and one of somebody else, and what others say about them."""
        covering = self._change(self.requester, self.device, "covering", 60 * 6, 60 * 30)
        other = self._change(self.requester, self.other_device, "other", 60 * 20, 60 * 70)
        theirs = self._change(self.other_requester, self.refused_device, "theirs", 60 * 12, 60 * 60)
        said = Authority(
            self.draft,
            self.timing,
            analyst=self.analyst,
            approvers=self.approvers,
            acted_ms=self.started_ms,
        )
        return said.leg(
            covering, (other, theirs), table="tickets", cell="ConfigurationItem", always_approved=True
        )

    def _change(
        self, requester: Account, device: Device, purpose: str, low_min: float, high_min: float
    ) -> TicketWritten:
        draft = self.draft
        since_ms = draft.before(75, 160, "window opens") // QUARTER_MS * QUARTER_MS
        said = common.slots(draft, requester) | {
            "host": device.hostname,
            "app": "the asset agent",
            "day": common.day_of(draft, since_ms),
            "time": common.clock(draft, since_ms),
        }
        text = draft.text("change_maintenance", purpose, **said)
        at_ms = draft.before(low_min, high_min, f"change {purpose}")
        opened = TicketWritten(
            id=draft.next_id(),
            at_ms=at_ms,
            cause="record",
            number=draft.number("CHG", 7, at_ms),
            record_type="change_request",
            state="New",
            change_type="normal",
            opened_by=requester.id,
            requested_for=requester.id,
            assigned_to=self.technician.id,
            group="Workplace Services",
            item=device.id,
            scope=f"script on {device.hostname}, nothing else",
            starts=utc(since_ms),
            ends=utc(since_ms + 7 * HOUR_MS),
            contact="self-service",
            session=draft.guid(f"opened {purpose}"),
            summary=text.subject,
            description=text.body,
            address=common.office_address(draft).ip,
        )
        draft.put(opened)
        return opened

    def _provenance(self) -> common.LegRows:
        """The technician's console session, and an attempt from another device that failed."""
        draft = self.draft
        first = SignedIn(
            id=draft.next_id(),
            at_ms=self.signed_in_ms,
            cause="case",
            account=self.technician.id,
            app=self.console,
            address=self.home.ip,
            session=self.session,
            user_agent=common.browser(draft, self.technician),
            mfa="passkey",
        )
        draft.put(first)
        refresh = replace(first, interactive=False, foreign_device=self.station, mfa="previously satisfied")
        failed = replace(
            first,
            cause="mismatched_party",
            outcome="bad_password",
            address=self.elsewhere.ip,
            foreign_device=self.other_station,
            session=draft.guid("failed session"),
            result=50126,
            mfa="",
        )
        apps = (self.console, "Azure Portal", self.console)
        return legs.device_leg(draft, self.timing, refresh, failed, self.technician, self.analyst, apps)

    def _conduct(self) -> common.LegRows:
        """Where the script fetched from, and where another machine was not let."""
        fetched = self._fetched(self.device, self.source.domain, "fetched")
        refused = self._fetched(self.refused_device, self.odd.domain, "refused")
        allowed = common.register(
            self.draft,
            "software sources",
            self.technician,
            self.source.domain,
            self.analyst,
            f"deployment scripts fetch from {self.source.domain} only",
        )
        return legs.place_leg(fetched, refused, allowed)

    def _fetched(self, device: Device, domain: str, purpose: str) -> str:
        draft = self.draft
        own = purpose == "fetched"
        dice = draft.dice(purpose)
        event = Connected(
            id=draft.next_id(),
            at_ms=self.started_ms + dice.between(4_000, 90_000) if own else draft.before(20, 240, purpose),
            cause="case" if own else "mismatched_party",
            outcome="ok" if own else "denied",
            device=device.id,
            binary="powershell",
            to=domain,
            host_label="packages",
            bytes_out=dice.between(7_100, 19_000),
            bytes_in=dice.between(300_000, 4_800_000),
            duration_ms=dice.between(1_900, 38_000),
            method="GET",
            uri=f"/v2/{draft.dice('package').hex(12)}.nupkg",
            user_agent=POWERSHELL_AGENT,
        )
        return draft.put(draft.late(event, self.timing.arrival))
