"""Phishing click: a person followed a link of a mail that the filter rated as phishing, and typed.

Authorisation: of three campaigns one is allowed and one refused, and only one covers this page. Provenance:
the mail's sending server is, or is not, the one on the campaign's record; a junked mail came from the
other. Conduct: what was typed went to the campaign's own page, or to another domain that a colleague's
browser was refused.
"""

from opensec_inspect.incident.cases.casting import Casting
from opensec_inspect.incident.cases.draft import MINUTE_MS, Draft, Swap
from opensec_inspect.incident.cases.group import CaseFacts, Leg, LegFacts, Timing
from opensec_inspect.incident.facts.entities import Account
from opensec_inspect.incident.facts.events import Cause, Clicked, Connected, Mailed, Registered
from opensec_inspect.incident.facts.scenario import RowRef, Tempting
from opensec_inspect.incident.families.parts import common, legs
from opensec_inspect.incident.families.parts.authority import Authority, approvers, first_status
from opensec_inspect.incident.families.parts.phished import Phished
from opensec_inspect.incident.sensors.rules import rule_of

LABELS = ("login", "portal", "account", "sso")
TYPED_TOO = 0.6
"""Share of cases in which the colleague who followed the link typed a password as well."""


def phishing_click(draft: Draft, timing: Timing) -> CaseFacts:
    """Draws the facts of one case."""
    return _Case(draft, timing).facts()


class _Case:
    def __init__(self, draft: Draft, timing: Timing) -> None:
        self.draft, self.timing = draft, timing
        cast = Casting(draft)
        self.person = cast.person("person", suits=lambda a: a.role in ("office", "finance"))
        self.colleague = cast.person("colleague", suits=lambda a: a.role in ("office", "finance"))
        self.recipients = tuple(cast.person(f"recipient {number}") for number in range(3))
        self.next_victim = cast.person("next victim", suits=lambda a: a.role in ("office", "finance"))
        self.bystander = cast.person("bystander")
        self.lead = cast.account("lead", suits=lambda a: a.role in ("security", "administrator"))
        self.approvers = approvers(draft, self.lead)
        self.outsider = cast.domain("outsider", "vendor", "customer")
        self.analyst = cast.account("analyst", suits=lambda a: a.role == "desk_analyst")
        self.page = draft.newcomer("page", "vendor")
        self.other_page = cast.domain("other page", "vendor", "saas")
        self.third_page = cast.domain("third page", "vendor", "saas")
        self.odd = draft.newcomer("odd")
        self.relay = cast.address("relay", "mail").ip
        self.label = draft.dice("label").pick(LABELS)
        self.sent_ms = draft.before(70, 150, "sent")
        self.clicked_ms = draft.before(30, 60, "clicked")

    def facts(self) -> CaseFacts:
        draft, timing = self.draft, self.timing
        mail = self._mail("mail", self.person, self.relay)
        opening = self._click(self.person, mail, self.clicked_ms, "case")
        colleagues_mail = self._mail("colleague's mail", self.colleague, self.relay)
        followed_ms = draft.before(20, 65, "colleague's click")
        typed_too = draft.dice("typed too").chance(TYPED_TOO)
        cause = "case" if typed_too else "decoy"
        followed = self._click(self.colleague, colleagues_mail, followed_ms, cause)
        for number, recipient in enumerate(self.recipients):
            self._mail(f"unread mail {number}", recipient, self.relay)
        campaign = self._campaign("covering", self.page.domain, -1, 12)
        others = (
            self._campaign("other", self.other_page.domain, -40, 12),
            self._campaign("third", self.third_page.domain, 21, 12),
        )
        authorisation = self._authorisation(campaign, others)
        provenance = self._provenance()
        conduct = self._conduct(campaign)
        story = Phished(
            draft,
            timing,
            self.person,
            self.next_victim,
            apart_from=tuple(w.id for w in (self.colleague, self.bystander, *self.recipients)),
            typed_too=(self.colleague,) if typed_too else (),
            also=self._typed(followed, followed_ms) if typed_too else (),
        )
        entry = RowRef(event=opening, table="email_logs", cells=("RecipientEmailAddress", "ClickedUrl"))
        legs: dict[Leg, LegFacts] = {
            "authorisation": story.incident(authorisation, entry, self.page, shared=True),
            "provenance": story.incident(provenance, entry, self.page, shared=True),
            "conduct": story.incident(conduct, entry, self.odd),
        }
        carrier = common.outsiders_mail(draft, self.person, self.outsider)
        return CaseFacts(
            family="phishing_click",
            carriers=(carrier,),
            events=draft.events(),
            extra=draft.extra(story.assets),
            away=(),
            opening_event=opening,
            opening_rule=rule_of("phishing_click").id,
            legs=legs,
            temptations=(
                *(Tempting(entity=r.id, temptation="recipient_without_click") for r in self.recipients),
                Tempting(entity=self.colleague.id, temptation="cleared_colleague"),
                Tempting(entity=self.bystander.id, temptation="mismatched_party"),
                Tempting(entity=self.page.domain, temptation="sanctioned_channel"),
                Tempting(entity=self.odd.domain, temptation="mismatched_party"),
            ),
            cause="phishing_simulation",
            loss_at=timing.loss_at,
        )

    def _device(self, who: Account) -> str:
        return next(d.id for d in self.draft.scene.organisation.devices if d.owner == who.id and not d.shared)

    def _url(self, who: Account) -> str:
        path = self.draft.dice(f"path|{who.id}").hex(12)
        return f"https://{self.label}.{self.page.domain}/r/{path}"

    def _mail(self, purpose: str, to: Account, sender_ip: str) -> str:
        """A mail of the wave; reminders come later, from a server of their own, and no filter minds them."""
        draft = self.draft
        text = draft.text("password_expiry", "campaign text", **common.slots(draft, to, self.page))
        late = purpose in ("reminder", "junked mail")
        # The case's own mail is the last of its wave: the rule that counts mails does not depend on it.
        low, high = (4, 6) if purpose == "mail" else (0, 4)
        jitter = draft.dice(f"sent|{purpose}").between(low * MINUTE_MS, high * MINUTE_MS)
        causes: dict[str, Cause] = {"mail": "case", "reminder": "case", "junked mail": "mismatched_party"}
        event = Mailed(
            id=draft.next_id(),
            at_ms=draft.before(8, 25, purpose) if late else self.sent_ms + jitter,
            cause=causes.get(purpose, "decoy"),
            sender=f"it-services@{self.page.domain}",
            sender_name="IT Services",
            recipient=to.id,
            subject=f"Reminder: {text.subject}" if late else text.subject,
            body=f"{text.body}\n{self._url(to)}",
            urls=(self._url(to),),
            sender_ip=sender_ip,
            threat={"reminder": "", "junked mail": "Spam"}.get(purpose, "Phish"),
        )
        return draft.put(draft.late(event, self.timing.arrival) if late else event)

    def _click(self, who: Account, mail: str, at_ms: int, cause: str) -> str:
        draft = self.draft
        event = Clicked(
            id=draft.next_id(),
            at_ms=at_ms,
            cause="case" if cause == "case" else "decoy",
            account=who.id,
            device=self._device(who),
            mail=mail,
            url=self._url(who),
            domain=self.page.domain,
            threat="Phish",
        )
        return draft.put(event)

    def _campaign(self, purpose: str, domain: str, first_day: int, days: int) -> Registered:
        draft = self.draft
        jitter = draft.dice(f"campaign|{purpose}").between(0, 3)
        days_ago = max(4, 3 - first_day)
        at_ms = draft.on_workday(days_ago, days_ago + 6, f"campaign {purpose}")
        entry = Registered(
            id=draft.next_id(),
            at_ms=at_ms,
            cause="record",
            register="phishing campaigns",
            number=draft.number("AWR", 5, at_ms),
            party=self.lead.id,
            object=domain,
            scope=f"landing page and form on {domain}, nowhere else",
            valid_from=draft.day(first_day - jitter),
            valid_until=draft.day(first_day + days),
            entered_by=self.analyst.id,
            status=first_status(draft),
        )
        draft.put(entry)
        return entry

    def _authorisation(self, campaign: Registered, others: tuple[Registered, ...]) -> common.LegRows:
        said = Authority(
            self.draft, self.timing, analyst=self.analyst, approvers=self.approvers, acted_ms=self.sent_ms
        )
        return said.leg(campaign, others, table="registers", cell="Object")

    def _provenance(self) -> common.LegRows:
        """The reminder's sending server, and a junked mail from another one."""
        draft = self.draft
        reminder = self._mail("reminder", self.person, self.page.addresses[0])
        junked = self._mail("junked mail", self.bystander, self.odd.addresses[0])
        common.register(draft, "mail senders", self.lead, self.relay, self.analyst, "campaign mail, relay")
        held = common.register(
            draft, "mail senders", self.lead, self.page.addresses[0], self.analyst, "campaign mail, reminders"
        )
        swap = Swap(table="email_logs", fields=("sender_ip",), deciding=(reminder,), context=(junked,))
        settles = (
            RowRef(event=reminder, table="email_logs", cells=("RecipientEmailAddress", "SenderIPv4")),
            RowRef(event=held, table="registers", cells=("Party", "Object")),
        )
        return common.LegRows(swap=swap, settles=settles)

    def _typed(self, followed: str, followed_ms: int) -> tuple[RowRef, ...]:
        """The colleague's form on the page; the rows of click and form."""
        at_ms = followed_ms + self.draft.dice("colleague types").between(24_000, 190_000)
        form = common.form_sent(
            self.draft, self.colleague, self._device(self.colleague), self.page.domain, self.label, at_ms
        )
        return (
            RowRef(event=followed, table="email_logs", cells=("RecipientEmailAddress", "ClickedUrl")),
            RowRef(event=self.draft.put(form), table="netflow", cells=("DeviceName", "ServerName")),
        )

    def _conduct(self, campaign: Registered) -> common.LegRows:
        """Where the person's browser sent the form, and where a bystander's was not let."""
        posted = self._posted(self.person, self.page.domain, "posted")
        refused = self._posted(self.bystander, self.odd.domain, "refused")
        return legs.place_leg(posted, refused, campaign.id, of="Number")

    def _posted(self, who: Account, domain: str, purpose: str) -> str:
        draft = self.draft
        own = purpose == "posted"
        dice = draft.dice(purpose)
        event = Connected(
            id=draft.next_id(),
            at_ms=self.clicked_ms + dice.between(21_000, 160_000) if own else draft.before(15, 200, purpose),
            cause="case" if own else "mismatched_party",
            outcome="ok" if own else "denied",
            device=self._device(who),
            account=who.id,
            binary="msedge",
            to=domain,
            host_label=self.label,
            bytes_out=dice.between(1_800, 4_900),
            bytes_in=dice.between(3_000, 24_000),
            duration_ms=dice.between(900, 14_000),
            method="POST",
            uri="/session",
        )
        return draft.put(draft.late(event, self.timing.arrival))
