"""Unfamiliar sign-in: somebody signs in from abroad, on a device that is not managed, and forwards mail.

Authorisation: of three bookings one is allowed and one refused, and only one covers this country and day.
Provenance: the session's device is, or is not, the one on the person's record; another device tried the
account and failed. Conduct: the session's mail rule goes to the address that the register allows this
person, or to another.
"""

from opensec_inspect.incident.cases.casting import Casting
from opensec_inspect.incident.cases.draft import Draft, Swap
from opensec_inspect.incident.cases.group import CaseFacts, Leg, LegFacts, Timing
from opensec_inspect.incident.facts.entities import Account, Address
from opensec_inspect.incident.facts.events import CloudOperated, Registered, SignedIn
from opensec_inspect.incident.facts.scenario import RowRef, Tempting
from opensec_inspect.incident.families.parts import common, legs, parties
from opensec_inspect.incident.families.parts.authority import Authority, approvers, first_status
from opensec_inspect.incident.families.parts.mailbox import Mailbox
from opensec_inspect.incident.sensors.rules import rule_of

TRAVEL_DESK = "Travel and Office Coordinator"
APPS = ("Office 365 Exchange Online", "Microsoft Teams", "OneDrive SyncEngine")


def unfamiliar_sign_in(draft: Draft, timing: Timing) -> CaseFacts:
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
        self.bystander = cast.person("bystander")
        self.approvers = approvers(draft, self.person)
        self.travel_desk = cast.account("travel desk", suits=lambda a: a.title == TRAVEL_DESK)
        self.analyst = cast.account("analyst", suits=lambda a: a.role == "desk_analyst")
        self.mobile = cast.address("mobile", "mobile", abroad=True)
        self.elsewhere = cast.address("elsewhere", "mobile", abroad=True)
        self.partner = cast.domain("partner", "partner", "vendor", "customer")
        self.odd = draft.newcomer("odd")
        self.session, self.tablet = draft.guid("session"), draft.guid("tablet")
        self.other_tablet = draft.guid("other tablet")
        self.agent = common.user_agent(draft, "agent")
        self.mailbox = draft.dice("mailbox name").pick(common.MAILBOXES)
        self.signed_in_ms = draft.before(35, 80, "sign-in")

    def facts(self) -> CaseFacts:
        draft, timing = self.draft, self.timing
        opening = self._signed_in()
        story = Mailbox(
            draft,
            timing,
            self.person,
            self.session,
            self.mobile.ip,
            self.agent,
            self.odd,
            apart_from=(self.colleague.id, self.bystander.id),
        )
        entry = story.entry_mail("entry")
        authorisation, provenance, conduct = self._authorisation(), self._provenance(), self._conduct()
        story.reading()
        parties.colleague_abroad(draft, self.colleague, self.travel_desk, self.analyst, self.mobile.country)
        legs: dict[Leg, LegFacts] = {
            "authorisation": story.account_incident(authorisation, entry),
            "provenance": story.account_incident(provenance, entry),
            "conduct": story.forwarding_incident(conduct, entry),
        }
        carrier = common.outsiders_mail(draft, self.person, self.partner)
        return CaseFacts(
            family="unfamiliar_sign_in",
            carriers=(carrier,),
            events=draft.events(),
            extra=draft.extra(story.assets),
            away=(self.person.id, self.colleague.id),
            opening_event=opening,
            opening_rule=rule_of("unfamiliar_sign_in").id,
            legs=legs,
            temptations=(
                Tempting(entity=self.colleague.id, temptation="cleared_colleague"),
                Tempting(entity=self.bystander.id, temptation="mismatched_party"),
                Tempting(entity=self.partner.domain, temptation="sanctioned_channel"),
            ),
            cause="business_trip",
            loss_at=timing.loss_at,
        )

    def _signed_in(self) -> str:
        """The sign-in that raises the alert: the platform has not seen its device yet."""
        return self.draft.put(
            SignedIn(
                id=self.draft.next_id(),
                at_ms=self.signed_in_ms,
                cause="case",
                account=self.person.id,
                app=APPS[0],
                address=self.mobile.ip,
                session=self.session,
                user_agent=self.agent,
                mfa="push, number matching",
                risk="medium",
            )
        )

    def _authorisation(self) -> common.LegRows:
        """Two bookings of the person and one of a bystander, and what others say about them."""
        draft = self.draft
        covering = self._booking("covering", self.person, self.mobile, 0, draft.dice("trip").between(1, 3))
        later = draft.dice("next trip").between(18, 40)
        other = self._booking("other", self.person, self.elsewhere, later, 3)
        theirs = self._booking("bystander's", self.bystander, self.elsewhere, later + 3, 2)
        said = Authority(
            draft,
            self.timing,
            analyst=self.analyst,
            approvers=self.approvers,
            acted_ms=self.signed_in_ms,
        )
        return said.leg(covering, (other, theirs), table="registers", cell="Object")

    def _booking(self, purpose: str, who: Account, place: Address, first_day: int, days: int) -> Registered:
        draft = self.draft
        said = common.slots(draft, who) | {
            "city": place.city,
            "day": common.calendar_day(draft, first_day + days),
        }
        at_ms = draft.on_workday(6, 20, f"booking {purpose}")
        entry = Registered(
            id=draft.next_id(),
            at_ms=at_ms,
            cause="record",
            register="travel",
            number=draft.number("TRV", 6, at_ms),
            party=who.id,
            object=common.COUNTRIES.get(place.country, place.country),
            scope="customer visit" if purpose == "covering" else "trade fair",
            note=draft.text("note_travel", purpose, **said).body,
            valid_from=draft.day(first_day),
            valid_until=draft.day(first_day + days),
            entered_by=self.travel_desk.id,
            status=first_status(draft),
        )
        draft.put(entry)
        return entry

    def _provenance(self) -> common.LegRows:
        """The session's token refreshes show its device; another device tried the account and failed."""
        draft = self.draft
        first = SignedIn(
            id="",
            at_ms=self.signed_in_ms,
            cause="case",
            account=self.person.id,
            app=APPS[0],
            address=self.mobile.ip,
            foreign_device=self.tablet,
            session=self.session,
            user_agent=self.agent,
            interactive=False,
            mfa="previously satisfied",
        )
        failed = legs.failed_attempt(draft, first, self.elsewhere.ip, self.other_tablet)
        return legs.device_leg(draft, self.timing, first, failed, self.person, self.analyst, APPS)

    def _conduct(self) -> common.LegRows:
        """The session's forwarding rule, and one of a bystander's that the tenant refused."""
        draft = self.draft
        rule = self._rule(self.person.upn, self.partner.domain, "rule")
        refused = self._rule(self.bystander.upn, self.odd.domain, "refused rule")
        allowed = common.register(
            draft,
            "mail forwarding",
            self.person,
            self.partner.domain,
            self.analyst,
            f"project mail to {self.partner.domain} only",
        )
        swap = Swap(
            table="cloud_audit", fields=("target", "target_domain"), deciding=(rule,), context=(refused,)
        )
        settles = (
            RowRef(event=rule, table="cloud_audit", cells=("SessionId", "Target")),
            RowRef(event=allowed, table="registers", cells=("Party", "Object")),
        )
        return common.LegRows(swap=swap, settles=settles)

    def _rule(self, upn: str, domain: str, purpose: str) -> str:
        draft = self.draft
        own = purpose == "rule"
        dice = draft.dice(purpose)
        event = CloudOperated(
            id=draft.next_id(),
            at_ms=draft.before(6, 28, purpose) if own else draft.before(50, 500, purpose),
            cause="case" if own else "mismatched_party",
            outcome="ok" if own else "denied",
            account=self.person.id if own else self.bystander.id,
            operation=dice.pick(("New-InboxRule", "Set-InboxRule")),
            workload="Exchange",
            address=self.mobile.ip if own else common.office_address(draft).ip,
            session=self.session if own else draft.guid(purpose),
            app=APPS[0],
            object=f"mailbox:{upn}",
            target=f"{self.mailbox}@{domain}",
            target_domain=domain,
            label=dice.pick(common.RULE_NAMES),
            user_agent=self.agent if own else common.user_agent(draft, purpose),
        )
        return draft.put(draft.late(event, self.timing.arrival))
