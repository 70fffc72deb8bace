"""Repeated MFA prompts: several denials within minutes, then one is approved, and a factor is registered.

Authorisation: of three tickets one is allowed and one refused, and only one is the person's about a factor.
Provenance: the session's device is, or is not, the one on the person's record. Conduct: the registered
factor is, or is not, the one that the register allows.
"""

from opensec_inspect.incident.cases.casting import Casting
from opensec_inspect.incident.cases.draft import MINUTE_MS, Draft, Swap
from opensec_inspect.incident.cases.group import CaseFacts, Leg, LegFacts, Timing
from opensec_inspect.incident.facts.entities import Account
from opensec_inspect.incident.facts.events import CloudOperated, SignedIn, TicketWritten
from opensec_inspect.incident.facts.scenario import RowRef, Tempting
from opensec_inspect.incident.families.parts import common, legs, parties
from opensec_inspect.incident.families.parts.authority import Authority, approvers
from opensec_inspect.incident.families.parts.mailbox import Mailbox
from opensec_inspect.incident.sensors.rules import rule_of

APPS = ("Office 365 Exchange Online", "Microsoft Teams", "OneDrive SyncEngine")


def mfa_prompts(draft: Draft, timing: Timing) -> CaseFacts:
    """Draws the facts of one case."""
    return _Case(draft, timing).facts()


class _Case:
    def __init__(self, draft: Draft, timing: Timing) -> None:
        self.draft, self.timing = draft, timing
        cast = Casting(draft)
        self.person = cast.person("person", suits=lambda a: a.role in ("office", "finance", "executive"))
        self.colleague = cast.person(
            "colleague", suits=lambda a: a.role in ("office", "finance", "developer")
        )
        # A ticket names people as they are called: a namesake's would be taken for the person's own.
        name = self.person.display_name
        self.bystander = cast.person("bystander", suits=lambda a: a.display_name != name)
        self.approvers = approvers(draft, self.person)
        self.outsider = cast.domain("outsider", "vendor", "customer")
        self.analyst = cast.account("analyst", suits=lambda a: a.role == "desk_analyst")
        self.home = cast.address("home", "home")
        self.elsewhere = cast.address("elsewhere", "mobile")
        self.session, self.phone = draft.guid("session"), draft.guid("phone")
        self.other_phone = draft.guid("other phone")
        self.factor = draft.number("AUTH-", 6, draft.before(20, 70, "factor"))
        self.other_factor = draft.number("AUTH-", 6, draft.before(20, 70, "other factor"))
        self.agent = common.user_agent(draft, "agent")
        self.approved_ms = draft.before(30, 70, "approved")

    def facts(self) -> CaseFacts:
        draft, timing = self.draft, self.timing
        denied, opening = self._prompts()
        story = Mailbox(
            draft,
            timing,
            self.person,
            self.session,
            self.home.ip,
            self.agent,
            apart_from=(self.colleague.id, self.bystander.id),
        )
        legs = (self._authorisation(), self._provenance(), self._conduct())
        story.reading()
        parties.colleague_with_new_phone(draft, self.colleague, self.analyst)
        entry = RowRef(event=denied[0], table="auth_logs", cells=("UserPrincipalName", "ResultType"))
        authorisation, provenance, conduct = (
            story.account_incident(leg, entry, "mfa_fatigue") for leg in legs
        )
        by_leg: dict[Leg, LegFacts] = {
            "authorisation": authorisation,
            "provenance": provenance,
            "conduct": conduct,
        }
        carrier = common.outsiders_mail(draft, self.person, self.outsider)
        return CaseFacts(
            family="mfa_prompts",
            carriers=(carrier,),
            events=draft.events(),
            extra=draft.extra(story.assets),
            away=(self.person.id, self.colleague.id),
            opening_event=opening,
            opening_rule=rule_of("mfa_prompts").id,
            legs=by_leg,
            temptations=(
                Tempting(entity=self.colleague.id, temptation="cleared_colleague"),
                Tempting(entity=self.bystander.id, temptation="mismatched_party"),
            ),
            cause="new_phone",
            loss_at=timing.loss_at,
        )

    def _prompts(self) -> tuple[tuple[str, ...], str]:
        """Denials within a few minutes, then an approval; the third denial raises the alert."""
        draft = self.draft
        count = draft.dice("denials").between(3, 6)
        at_ms = self.approved_ms
        denied = []
        for number in range(count):
            at_ms -= draft.dice(f"pause {number}").between(31_000, 128_000)
            denied.append(self._attempt(at_ms, f"denied {number}", result=500121))
        self._attempt(self.approved_ms, "approved", result=0)
        return tuple(denied), denied[-3]

    def _attempt(self, at_ms: int, purpose: str, *, result: int) -> str:
        draft = self.draft
        event = SignedIn(
            id=draft.next_id(),
            at_ms=at_ms,
            cause="case",
            outcome="denied" if result else "ok",
            account=self.person.id,
            app=APPS[0],
            address=self.home.ip,
            session=draft.guid(purpose) if result else self.session,
            user_agent=self.agent,
            result=result,
            mfa="push, number matching",
        )
        return draft.put(event)

    def _authorisation(self) -> common.LegRows:
        """Two tickets of the person and one of a bystander, and what others say about them."""
        draft, registering = self.draft, "factor_registration"
        covering = self._ticket(self.person, registering, "covering", 100, 300)
        other = self._ticket(self.person, "mailbox_delegation", "other", 60 * 20, 60 * 70)
        theirs = self._ticket(self.bystander, registering, "bystander's", 110, 400)
        said = Authority(
            draft, self.timing, analyst=self.analyst, approvers=self.approvers, acted_ms=self.approved_ms
        )
        return said.leg(covering, (other, theirs), table="tickets", cell="Scope")

    def _ticket(
        self, who: Account, scope: str, purpose: str, low_min: float, high_min: float
    ) -> TicketWritten:
        draft = self.draft
        act = "ticket_new_device" if scope == "factor_registration" else "ticket_access"
        own = Casting(draft).device_of(who).hostname
        text = draft.text(act, purpose, **(common.slots(draft, who) | {"host": own}))
        at_ms = draft.before(low_min, high_min, f"ticket {purpose}")
        ticket = TicketWritten(
            id=draft.next_id(),
            at_ms=at_ms,
            cause="record",
            number=draft.number("IMS", 7, at_ms),
            record_type="interaction",
            state="Work in Progress",
            opened_by=self.analyst.id,
            requested_for=who.id,
            assigned_to=self.analyst.id,
            group="Service Desk",
            scope=scope.replace("_", " "),
            contact="phone",
            summary=text.subject,
            description=text.body,
        )
        draft.put(ticket)
        return ticket

    def _provenance(self) -> common.LegRows:
        """The session's token refreshes show its device; another device tried the account and failed."""
        draft = self.draft
        first = SignedIn(
            id="",
            at_ms=self.approved_ms,
            cause="case",
            account=self.person.id,
            app=APPS[0],
            address=self.home.ip,
            foreign_device=self.phone,
            session=self.session,
            user_agent=self.agent,
            interactive=False,
            mfa="previously satisfied",
        )
        failed = legs.failed_attempt(draft, first, self.elsewhere.ip, self.other_phone)
        return legs.device_leg(draft, self.timing, first, failed, self.person, self.analyst, APPS)

    def _conduct(self) -> common.LegRows:
        """The factor that the session registered, and one of a bystander's that was refused."""
        draft = self.draft
        registered = self._factor(self.factor, "registered")
        refused = self._factor(self.other_factor, "refused")
        allowed = common.register(
            draft, "authenticators", self.person, self.factor, self.analyst, "replacement, one factor only"
        )
        swap = Swap(table="cloud_audit", fields=("object",), deciding=(registered,), context=(refused,))
        settles = (
            RowRef(event=registered, table="cloud_audit", cells=("SessionId", "ObjectId")),
            RowRef(event=allowed, table="registers", cells=("Party", "Object")),
        )
        return common.LegRows(swap=swap, settles=settles)

    def _factor(self, factor: str, purpose: str) -> str:
        draft = self.draft
        own = purpose == "registered"
        event = CloudOperated(
            id=draft.next_id(),
            at_ms=self.approved_ms + draft.dice(purpose).between(2, 9) * MINUTE_MS
            if own
            else draft.before(70, 600, purpose),
            cause="case" if own else "mismatched_party",
            outcome="ok" if own else "denied",
            account=self.person.id if own else self.bystander.id,
            operation="User registered security info",
            workload="AzureActiveDirectory",
            address=self.home.ip if own else common.office_address(draft).ip,
            session=self.session if own else draft.guid(purpose),
            app="My Sign-Ins",
            object=factor,
            label=draft.dice(purpose).pick(("phone", "new phone", "Phone 2", "mobile")),
            user_agent=self.agent if own else common.user_agent(draft, purpose),
        )
        return draft.put(draft.late(event, self.timing.arrival))
