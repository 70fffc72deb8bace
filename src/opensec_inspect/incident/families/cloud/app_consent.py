"""Consent to an application: somebody let a hosted service read mail, and its servers now do.

Authorisation: two registrations of the service went through the intake; one is active, the vendor disowned
the other, and people consented to one of them. Provenance: the person's browser came from the vendor's own
page, or from another that a bystander was refused. Conduct: the service read from the address on its record,
or from one that was turned away at another mailbox.
"""

from dataclasses import replace

from opensec_inspect.incident.cases.casting import Casting
from opensec_inspect.incident.cases.draft import MINUTE_MS, Draft, Swap
from opensec_inspect.incident.cases.group import CaseFacts, Timing
from opensec_inspect.incident.facts.entities import Account
from opensec_inspect.incident.facts.events import CloudOperated, Connected, Registered
from opensec_inspect.incident.facts.scenario import RowRef, Tempting
from opensec_inspect.incident.families.cloud.consented import Consented
from opensec_inspect.incident.families.parts import common, legs
from opensec_inspect.incident.sensors.rules import rule_of

KINDS = ("Notes", "Planner", "Sign", "Meetings", "Forms", "Boards")
RIGHTS = ("Mail.Read offline_access", "Mail.Read User.Read offline_access", "Mail.ReadBasic Mail.Read")


def app_consent(draft: Draft, timing: Timing) -> CaseFacts:
    """Draws the facts of one case."""
    return _Case(draft, timing).facts()


class _Case:
    def __init__(self, draft: Draft, timing: Timing) -> None:
        self.draft, self.timing = draft, timing
        cast = Casting(draft)
        office = ("office", "finance", "executive", "developer")
        here = draft.scene.address_of

        def at_work(account: Account) -> bool:
            return bool(here(cast.device_of(account).id, draft.opened_ms))

        self.person = cast.person("person", suits=lambda a: a.role in office and at_work(a))
        self.second = cast.person("second", suits=lambda a: a.role in office and at_work(a))
        self.refused = cast.person("refused", suits=at_work)
        self.spared = cast.person("spared")
        self.next_victim = cast.person("next victim")
        self.owner = cast.person("owner", suits=lambda a: a.role in ("office", "finance", "executive"))
        self.intake = cast.account("intake", suits=lambda a: a.role in ("administrator", "security"))
        self.vendor, self.odd = draft.newcomer("vendor", "saas"), draft.newcomer("odd", "saas")
        self.elsewhere = cast.address("elsewhere", "hosting").ip
        company = self.vendor.domain.split(".")[0].replace("-", " ").title()
        kinds = [kind for kind in KINDS if kind.rstrip("s") not in company]
        self.app = f"{company} {draft.dice('kind of app').pick(kinds)}"
        self.app_id, self.other_id = draft.guid("app"), draft.guid("other app")
        self.rights = draft.dice("rights").pick(RIGHTS)
        self.consented_ms = draft.before(21, 40, "consented")
        self.second_ms = draft.before(80, 200, "second consented")

    def facts(self) -> CaseFacts:
        draft, timing = self.draft, self.timing
        opening = self._consent(self.person, self.consented_ms)
        second = self._consent(self.second, self.second_ms)
        cells = ("UserId", "ObjectId")
        consents = tuple(RowRef(event=e, table="cloud_audit", cells=cells) for e in (opening, second))
        authorisation, provenance, conduct = self._authorisation(), self._provenance(), self._conduct()
        self._page(self.second, self.vendor.domain, "second's page", self.second_ms)
        self._reads()
        people = (self.person, self.second, self.next_victim)
        story = Consented(draft, timing, people, self.app, self._session(self.person))
        vendor_ip, odd_ip = self.vendor.addresses[0], self.odd.addresses[0]
        carrier = common.outsiders_mail(draft, self.person, self.vendor)
        return CaseFacts(
            family="app_consent",
            carriers=(carrier,),
            events=draft.events(),
            extra=draft.extra(story.assets),
            away=(),
            opening_event=opening,
            opening_rule=rule_of("app_consent").id,
            legs={
                "authorisation": story.of_two(authorisation, consents, vendor_ip, self.vendor),
                "provenance": story.of_one(provenance, consents[:1], odd_ip, self.odd),
                "conduct": story.of_one(conduct, consents[:1], self.elsewhere, None),
            },
            temptations=(
                Tempting(entity=self.second.id, temptation="cleared_colleague"),
                Tempting(entity=self.owner.id, temptation="asked_by_somebody"),
                Tempting(entity=self.refused.id, temptation="mismatched_party"),
                Tempting(entity=self.spared.id, temptation="mismatched_party"),
                Tempting(entity=self.vendor.domain, temptation="sanctioned_channel"),
                Tempting(entity=self.odd.domain, temptation="mismatched_party"),
                Tempting(entity=Casting(draft).device_of(self.person).id, temptation="host_not_reached"),
            ),
            cause="new_hosted_service",
            loss_at=timing.loss_at,
        )

    def _session(self, who: Account) -> str:
        return self.draft.guid(f"session of {who.id}")

    def _operated(self, who: Account, operation: str, at_ms: int) -> CloudOperated:
        draft = self.draft
        return CloudOperated(
            id=draft.next_id(),
            at_ms=at_ms,
            cause="case",
            account=who.id,
            operation=operation,
            workload="AzureActiveDirectory",
            address=common.office_address(draft).ip,
            session=self._session(who),
            app="OfficeHome",
            user_agent=common.browser(draft, who),
            device=Casting(draft).device_of(who).id,
        )

    def _consent(self, who: Account, at_ms: int) -> str:
        """Somebody consents; the first of the two is what the alert is about."""
        consent = self._operated(who, "Consent to application", at_ms)
        return self.draft.put(replace(consent, object=self.app_id, target=self.rights, label=self.app))

    def _read(self, who: Account, address: str, at_ms: int, purpose: str) -> CloudOperated:
        """The service reads a mailbox from an address."""
        return replace(
            self._operated(who, "MailItemsAccessed", at_ms),
            workload="Exchange",
            address=address,
            app=self.app,
            object=f"mailbox:{who.upn}",
            items=self.draft.dice(f"items {purpose}").between(3, 22),
            user_agent="",
            device=None,
        )

    def _reads(self) -> None:
        """What the service reads in both mailboxes besides, to the last step."""
        draft, times = self.draft, []
        for step in range(self.timing.max_steps):
            if draft.dice(f"reads in {step}").chance(0.55):
                times.append(draft.window(step, 0.05, 0.95, f"read {step}"))
        times.append(self.second_ms + draft.dice("second's first").between(3 * MINUTE_MS, 11 * MINUTE_MS))
        for number, at_ms in enumerate(times):
            who = draft.dice(f"whose {number}").pick((self.person, self.person, self.second))
            who = self.second if at_ms < draft.opened_ms else who
            draft.put(self._read(who, self.vendor.addresses[0], at_ms, f"besides {number}"))

    def _authorisation(self) -> common.LegRows:
        """Two registrations of the service by today's review: one stays, the vendor disowned the other."""
        kept, ended = (
            self._registration(self.app_id, kept=True),
            self._registration(self.other_id, kept=False),
        )
        swap = Swap(table="registers", fields=("status", "note"), deciding=(kept,), context=(ended,))
        settles = (RowRef(event=kept, table="registers", cells=("Object", "Status")),)
        return common.LegRows(swap=swap, settles=settles)

    def _registration(self, app_id: str, *, kept: bool) -> str:
        draft = self.draft
        purpose = "kept" if kept else "ended"
        at_ms = draft.before(215, 420, f"registration {purpose}")
        act, day = f"note_intake_{purpose}", common.calendar_day(draft, 0)
        said = {"app": self.app, "domain": self.vendor.domain, "day": day}
        entry = Registered(
            id=draft.next_id(),
            at_ms=at_ms,
            cause="record" if kept else "mismatched_party",
            register="applications",
            number=draft.number("REG", 6, at_ms),
            party=self.owner.id,
            object=app_id,
            scope=f"{self.vendor.domain}, delegated permissions",
            entered_by=self.intake.id,
            status="active" if kept else "withdrawn",
            note=draft.text(act, purpose, **said).body,
        )
        return draft.put(draft.late(entry, self.timing.arrival))

    def _provenance(self) -> common.LegRows:
        """The page from which the consent was given, and one that the proxy refused a bystander."""
        came = self._page(self.person, self.vendor.domain, "page", self.consented_ms)
        refused = self._page(self.refused, self.odd.domain, "refused", self.draft.before(30, 300, "refused"))
        allowed = self._record(
            "hosted services", self.vendor.domain, f"{self.app}: sign-up and consent there only"
        )
        return legs.place_leg(came, refused, allowed, of="Scope")

    def _page(self, who: Account, domain: str, purpose: str, before_ms: int) -> str:
        """The browser opens the page that asks for consent, a little before it is given."""
        draft, dice = self.draft, self.draft.dice(purpose)
        causes = {"page": "case", "second's page": "case"}
        event = Connected(
            id=draft.next_id(),
            at_ms=before_ms - dice.between(19_000, 140_000),
            cause=causes.get(purpose, "mismatched_party"),  # type: ignore[arg-type]
            outcome="denied" if purpose == "refused" else "ok",
            device=Casting(draft).device_of(who).id,
            account=who.id,
            binary="msedge",
            to=domain,
            host_label="connect",
            bytes_out=dice.between(1_800, 4_900),
            bytes_in=dice.between(9_000, 64_000),
            duration_ms=dice.between(900, 14_000),
            method="GET",
            uri="/oauth2/authorize",
        )
        return draft.put(event if purpose == "second's page" else draft.late(event, self.timing.arrival))

    def _conduct(self) -> common.LegRows:
        """Where the service read this mailbox from, and an address that another mailbox turned away."""
        draft, home = self.draft, self.vendor.addresses[0]
        at_ms, own = self.consented_ms, []
        for number in range(2):
            at_ms += draft.dice(f"first reads {number}").between(2 * MINUTE_MS, 8 * MINUTE_MS)
            own.append(self._read(self.person, home, at_ms, f"own {number}"))
        there_ms = draft.before(25, 170, "turned away")
        away = replace(
            self._read(self.spared, self.elsewhere, there_ms, "turned away"),
            cause="mismatched_party",
            outcome="denied",
        )
        deciding = tuple(draft.put(draft.late(event, self.timing.arrival)) for event in own)
        context = draft.put(draft.late(away, self.timing.arrival))
        allowed = self._record("service addresses", home, f"{self.app} reads from this address only")
        swap = Swap(table="cloud_audit", fields=("address",), deciding=deciding, context=(context,))
        settles = (
            RowRef(event=deciding[0], table="cloud_audit", cells=("UserId", "ClientIP")),
            RowRef(event=allowed, table="registers", cells=("Object", "Scope")),
        )
        return common.LegRows(swap=swap, settles=settles)

    def _record(self, register: str, object_: str, scope: str) -> str:
        draft = self.draft
        at_ms = draft.on_workday(2, 20, register)
        entry = Registered(
            id=draft.next_id(),
            at_ms=at_ms,
            cause="record",
            register=register,
            number=draft.number("REG", 6, at_ms),
            party=self.owner.id,
            object=object_,
            scope=scope,
            entered_by=self.intake.id,
        )
        return draft.put(entry)
