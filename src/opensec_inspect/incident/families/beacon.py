"""Beacon: a machine talks in small portions to one young domain, again and again.

Authorisation: of three requests for hosted services one is allowed and one refused, and only one is for
this domain. Provenance: the program was started on this machine by the installer on record, or by another;
on a pilot machine both are allowed. Conduct: the program's larger upload went to the domain on record, or
to one that another machine was refused.
"""

from opensec_inspect.incident.cases.casting import Casting
from opensec_inspect.incident.cases.draft import MINUTE_MS, Draft, Swap
from opensec_inspect.incident.cases.group import CaseFacts, Leg, LegFacts, Timing
from opensec_inspect.incident.facts.entities import Device, OutsideName
from opensec_inspect.incident.facts.events import (
    Connected,
    FileUsed,
    Mailed,
    Registered,
    Started,
    TicketWritten,
)
from opensec_inspect.incident.facts.scenario import RowRef, Tempting
from opensec_inspect.incident.families.parts import common, legs
from opensec_inspect.incident.families.parts.authority import Authority, approvers
from opensec_inspect.incident.families.parts.machine import Machine
from opensec_inspect.incident.sensors.rules import rule_of

AGENTS = ("SyncAgent", "FieldLink", "DocBridge", "PlanFeed", "AssetPulse", "FormRelay")
INSTALLERS = ("rmm_agent", "explorer")


def beacon(draft: Draft, timing: Timing) -> CaseFacts:
    """Draws the facts of one case."""
    return _Case(draft, timing).facts()


class _Case:
    def __init__(self, draft: Draft, timing: Timing) -> None:
        self.draft, self.timing = draft, timing
        cast = Casting(draft)
        self.device = cast.device("device", suits=lambda d: d.role == "laptop" and d.owner is not None)
        self.pilot = cast.device("pilot", suits=lambda d: d.role == "laptop" and d.owner is not None)
        self.refused_device = cast.device("refused device", suits=lambda d: d.role == "laptop")
        accounts = {a.id: a for a in draft.scene.organisation.accounts}
        self.person = accounts[str(self.device.owner)]
        self.owner = cast.person("owner", suits=lambda a: a.role in ("office", "finance", "executive"))
        self.analyst = cast.account("analyst", suits=lambda a: a.role == "desk_analyst")
        self.approvers = approvers(draft, self.owner, self.person)
        self.third_service = cast.domain("third service", "saas", "vendor")
        self.service = draft.newcomer("service", "saas")
        self.other_service = draft.newcomer("other service", "saas")
        self.odd = draft.newcomer("odd", "saas")
        self.agent = draft.program("agent", draft.dice("agent").pick(AGENTS), self.service)

    def facts(self) -> CaseFacts:
        opening = self._small_connections()
        authorisation, provenance, conduct = self._authorisation(), self._provenance(), self._conduct()
        story = Machine(
            self.draft,
            self.timing,
            self.device,
            self.person,
            apart_from=(self.pilot.id, self.refused_device.id),
            entry=self._arrived(),
        )
        first = RowRef(event=opening, table="netflow", cells=("DeviceName", "ServerName"))
        legs: dict[Leg, LegFacts] = {
            "authorisation": story.with_domain(authorisation, first, self.service, "malicious_attachment"),
            "provenance": story.alone(provenance, first, "malicious_attachment"),
            "conduct": story.with_domain(conduct, first, self.odd, "malicious_attachment"),
        }
        carrier = common.outsiders_ticket(self.draft, self.service.domain, self.service, self.owner)
        return CaseFacts(
            family="beacon",
            carriers=(carrier,),
            events=self.draft.events(),
            extra=self.draft.extra(story.assets),
            away=(),
            opening_event=opening,
            opening_rule=rule_of("beacon").id,
            legs=legs,
            temptations=(
                Tempting(entity=self.service.domain, temptation="sanctioned_channel"),
                Tempting(entity=self.other_service.domain, temptation="mismatched_party"),
                Tempting(entity=self.odd.domain, temptation="mismatched_party"),
                Tempting(entity=self.pilot.id, temptation="cleared_colleague"),
                Tempting(entity=self.refused_device.id, temptation="host_not_reached"),
                Tempting(entity=self.person.id, temptation="mismatched_party"),
            ),
            cause="new_hosted_service",
            loss_at=self.timing.loss_at,
        )

    def _arrived(self) -> tuple[RowRef, ...]:
        """The mail that brought the program to the machine's owner days ago, and the file it left."""
        draft, setup = self.draft, self.agent.file_name.replace(".exe", "_Setup.zip")
        said = common.slots(draft, self.person, self.service) | {"file": setup}
        text = draft.text("quote_sent", "setup mail", **said)
        mail = Mailed(
            id=draft.next_id(),
            at_ms=draft.on_workday(1.2, 3.1, "setup mail"),
            cause="case",
            sender=f"onboarding@{self.service.domain}",
            sender_name=said["sender_company"],
            recipient=self.person.id,
            subject=text.subject,
            body=text.body,
            attachments=(setup,),
            sender_ip=self.service.addresses[0],
        )
        saved = FileUsed(
            id=draft.next_id(),
            at_ms=mail.at_ms + draft.dice("saved").between(2, 50) * 31_013,
            cause="case",
            device=self.device.id,
            account=self.person.id,
            action="FileCreated",
            folder=f"C:\\Users\\{self.person.sam}\\Downloads",
            name=setup,
            size=draft.dice("setup size").between(4_000_000, 39_000_000),
            binary="outlook",
        )
        cells = ("RecipientEmailAddress", "AttachmentNames")
        return (
            RowRef(event=draft.put(mail), table="email_logs", cells=cells),
            RowRef(event=draft.put(saved), table="file_events", cells=("DeviceName", "FileName")),
        )

    def _small_connections(self) -> str:
        """Small portions at an interval that wanders; the eighth within half an hour raises the alert."""
        draft = self.draft
        at_ms = draft.before(70, 95, "first connection")
        ids: list[str] = []
        while at_ms < draft.opened_ms + self.timing.max_steps * draft.step_ms:
            dice = draft.dice(f"portion {len(ids)}")
            event = Connected(
                id=draft.next_id(),
                at_ms=at_ms,
                cause="case",
                device=self.device.id,
                account=self.person.id,
                binary=self.agent.key,
                to=self.service.domain,
                host_label="api",
                bytes_out=dice.between(900, 4_400),
                bytes_in=dice.between(400, 9_000),
                duration_ms=dice.between(180, 2_600),
                uri="/v1/poll",
            )
            ids.append(draft.put(event))
            at_ms += dice.between(128_000, 196_000)
        return ids[7]

    def _authorisation(self) -> common.LegRows:
        """Three requests of the business owner, and what others say about them."""
        covering = self._request(self.service, "covering", 9, 20)
        others = (
            self._request(self.other_service, "other", 12, 40),
            self._request(self.third_service, "third", 8, 30),
        )
        said = Authority(
            self.draft,
            self.timing,
            analyst=self.analyst,
            approvers=self.approvers,
            acted_ms=self.draft.opened_ms - 140 * MINUTE_MS,
        )
        return said.leg(covering, others, table="tickets", cell="ConfigurationItem")

    def _request(self, service: OutsideName, purpose: str, low_days: int, high_days: int) -> TicketWritten:
        draft = self.draft
        said = common.slots(draft, self.owner) | {"app": self.agent.file_name, "domain": service.domain}
        text = draft.text("change_firewall", purpose, **said)
        at_ms = draft.on_workday(low_days, high_days, f"request {purpose}")
        ticket = TicketWritten(
            id=draft.next_id(),
            at_ms=at_ms,
            cause="record",
            number=draft.number("RITM", 7, at_ms),
            record_type="request",
            state="New",
            opened_by=self.owner.id,
            requested_for=self.owner.id,
            assigned_to=self.analyst.id,
            group="Application Intake",
            item=service.domain,
            scope=f"data goes to {service.domain}, nowhere else",
            contact="self-service",
            session=draft.guid(f"opened {purpose}"),
            summary=text.subject,
            description=text.body,
            address=common.office_address(draft).ip,
        )
        draft.put(ticket)
        return ticket

    def _provenance(self) -> common.LegRows:
        """Who started the program here, and on the pilot machine, where both ways are allowed."""
        started = self._started(self.device, INSTALLERS[0], "started")
        piloted = self._started(self.pilot, INSTALLERS[1], "piloted")
        held = self._installer(self.device, INSTALLERS[0])
        for installer in INSTALLERS:
            self._installer(self.pilot, installer)
        swap = Swap(table="process_events", fields=("parent",), deciding=(started,), context=(piloted,))
        settles = (
            RowRef(event=started, table="process_events", cells=("DeviceName", "InitiatingProcessFileName")),
            RowRef(event=held, table="registers", cells=("Party", "Object")),
        )
        return common.LegRows(swap=swap, settles=settles)

    def _installer(self, device: Device, installer: str) -> str:
        draft = self.draft
        name = next(b.file_name for b in draft.scene.organisation.binaries if b.key == installer)
        at_ms = draft.on_workday(5, 9, f"installer {device.id} {installer}")
        entry = Registered(
            id=draft.next_id(),
            at_ms=at_ms,
            cause="record" if device is self.device else "mismatched_party",
            register="software installers",
            number=draft.number("SWI", 6, at_ms),
            party=device.id,
            object=name,
            scope=f"{self.agent.file_name} is started by {name}",
            valid_from=draft.day(-5),
            entered_by=self.analyst.id,
        )
        return draft.put(entry)

    def _started(self, device: Device, installer: str, purpose: str) -> str:
        draft = self.draft
        own = purpose == "started"
        event = Started(
            id=draft.next_id(),
            at_ms=draft.before(96, 130, purpose) if own else draft.before(60, 300, purpose),
            cause="case" if own else "mismatched_party",
            device=device.id,
            account=str(device.owner),
            binary=self.agent.key,
            command_line=f'"{self.agent.folder}\\{self.agent.file_name}" --service',
            parent=installer,
        )
        return draft.put(draft.late(event, self.timing.arrival))

    def _conduct(self) -> common.LegRows:
        """Where the larger upload went, and where another machine was not let."""
        uploaded = self._uploaded(self.device, self.service.domain, "uploaded")
        refused = self._uploaded(self.refused_device, self.odd.domain, "refused")
        allowed = common.register(
            self.draft,
            "hosted services",
            self.owner,
            self.service.domain,
            self.analyst,
            f"{self.agent.file_name} sends to {self.service.domain} only",
        )
        return legs.place_leg(uploaded, refused, allowed)

    def _uploaded(self, device: Device, domain: str, purpose: str) -> str:
        draft = self.draft
        own = purpose == "uploaded"
        dice = draft.dice(purpose)
        event = Connected(
            id=draft.next_id(),
            at_ms=draft.before(9, 28, purpose) if own else draft.before(25, 300, purpose),
            cause="case" if own else "mismatched_party",
            outcome="ok" if own else "denied",
            device=device.id,
            account=device.owner,
            binary=self.agent.key,
            to=domain,
            host_label="ingest",
            bytes_out=dice.between(2_000_000, 9_000_000),
            bytes_in=dice.between(3_000, 30_000),
            duration_ms=dice.between(4_000, 60_000),
            method="POST",
            uri="/v1/batch",
            user_agent=f"{self.agent.file_name.removesuffix('.exe')}/3.{draft.dice('version').below(9)}",
        )
        return draft.put(draft.late(event, self.timing.arrival))
