"""What the families share in which an account and its mailbox are at stake."""

from collections.abc import Collection

from opensec_inspect.incident.cases.casting import Casting
from opensec_inspect.incident.cases.draft import Draft
from opensec_inspect.incident.cases.group import LegFacts, Timing
from opensec_inspect.incident.facts.entities import Account, DataAsset, OutsideName
from opensec_inspect.incident.facts.events import Clicked, Mailed
from opensec_inspect.incident.facts.scenario import (
    NONE,
    STAGES,
    Attack,
    Foothold,
    Move,
    RowRef,
    SupportingRows,
    Truth,
    Vector,
)
from opensec_inspect.incident.families.parts import parties
from opensec_inspect.incident.families.parts.attack_events import AttackEvents
from opensec_inspect.incident.families.parts.common import MAILBOXES, LegRows, form_sent, slots


class Mailbox:
    """The story of one account and its mailbox: who reads it, and what an intruder would do with it.

    `apart_from` are ids of people that the intruder does not go on to.
    """

    def __init__(
        self,
        draft: Draft,
        timing: Timing,
        person: Account,
        session: str,
        address: str,
        agent: str,
        odd: OutsideName | None = None,
        *,
        apart_from: Collection[str] = (),
    ) -> None:
        self._draft, self._timing, self._person = draft, timing, person
        self._session, self._address, self._agent, self._odd = session, address, agent, odd
        mail = DataAsset(
            id=f"d-{draft.dice('mailbox').hex(4)}",
            path=f"mailbox:{person.upn}",
            device=None,
            owner=person.id,
            classification="confidential",
        )
        copies = mail.model_copy(
            update={"id": f"d-{draft.dice('copies').hex(4)}", "path": f"forwarded:{person.upn}"}
        )
        self.assets = (mail, copies)
        self._typed: tuple[RowRef, ...] = ()
        self._does = AttackEvents(draft, timing)
        organisation, barred = draft.scene.organisation, {person.id, *apart_from}
        self._second = draft.dice("second account").pick(
            [a for a in organisation.accounts if a.role in ("office", "finance") and a.id not in barred]
        )
        self._site = draft.dice("site").pick([a for a in organisation.assets if a.path.startswith("https:")])

    def entry_mail(self, purpose: str) -> RowRef:
        """A mail with a link to a page that the person typed into, days ago; innocent by itself."""
        draft = self._draft
        label = draft.dice(purpose).pick(("share", "docs", "view", "portal"))
        mail = self._notice(purpose, self._person, draft.on_workday(1.1, 2.2, purpose), label)
        draft.put(mail)
        device = Casting(draft).device_of(self._person).id
        at_ms = mail.at_ms + draft.dice(f"{purpose}|delay").between(4, 190) * 13_577
        clicked = draft.put(
            Clicked(
                id=draft.next_id(),
                at_ms=at_ms,
                cause="case",
                account=self._person.id,
                device=device,
                mail=mail.id,
                url=mail.urls[0],
                domain=self._outside.domain,
            )
        )
        typed_ms = at_ms + draft.dice("typed").between(14_000, 150_000)
        form = form_sent(draft, self._person, device, self._outside.domain, label, typed_ms)
        posted = draft.put(form)
        self._typed = (RowRef(event=posted, table="netflow", cells=("DeviceName", "ServerName")),)
        return RowRef(event=clicked, table="email_logs", cells=("RecipientEmailAddress", "ClickedUrl"))

    def reading(self) -> None:
        """What is done in the session, before the opening and in most steps after it."""
        parties.at_work(self._draft, self._timing, self._person, self._session, self._address, self._agent)

    def account_incident(self, leg: LegRows, entry: RowRef, vector: Vector = "credential_phish") -> LegFacts:
        """The incident in which the account is enough to lose everything."""
        return self._incident(leg, entry, vector, (self._person.id,), self._account_moves())

    def forwarding_incident(
        self, leg: LegRows, entry: RowRef, vector: Vector = "credential_phish"
    ) -> LegFacts:
        """The incident in which mail also goes out by the rule, whoever holds the account."""
        moves = (*self._account_moves(), *self._forwarding_moves(self._outside.domain))
        return self._incident(leg, entry, vector, (self._person.id, self._outside.domain), moves)

    @property
    def _outside(self) -> OutsideName:
        assert self._odd is not None, "this mailbox's story has no outside name"
        return self._odd

    def _incident(
        self,
        leg: LegRows,
        entry: RowRef,
        vector: Vector,
        required: tuple[str, ...],
        moves: tuple[Move, ...],
    ) -> LegFacts:
        opening = Foothold(stage="creds_used", accounts=frozenset({self._person.id}))
        wait = Move(id="wait", name="wait", stages=STAGES)
        truth = Truth(
            compromised_user=self._person.id,
            attacker_domain=NONE if self._odd is None else self._odd.domain,
            data_target=self.assets[0].id,
            initial_vector=vector,
            required=required,
        )
        with_entry = (entry, *self._typed, *leg.settles)
        access = RowRef(event=moves[0].events[0].id, table="cloud_audit", cells=("UserId", "ItemCount"))
        return LegFacts(
            swap=leg.swap,
            settles=leg.settles,
            attack=Attack(
                opening=opening,
                domains=() if self._odd is None else (self._odd.domain,),
                moves=(*moves, wait),
            ),
            truth=truth,
            fields=(
                SupportingRows(claim="patient_zero_host", sets=(leg.settles,)),
                SupportingRows(claim="compromised_user", sets=(leg.settles,)),
                SupportingRows(
                    claim="attacker_domain", sets=(leg.settles if self._odd is None else with_entry,)
                ),
                SupportingRows(claim="initial_vector", sets=(with_entry,)),
                SupportingRows(claim="data_target", sets=((access,),)),
            ),
        )

    def _account_moves(self) -> tuple[Move, ...]:
        does, person, session, mail = self._does, self._person, self._session, self.assets[0]
        reads, second = "MailItemsAccessed", self._second
        return (
            self._does.move(
                "access_data",
                "T1114.002",
                (
                    does.operated(person, session, reads, (1_100, 2_400), mail.path, "read 0"),
                    does.operated(person, session, reads, (500, 900), mail.path, "read 1"),
                    does.signed_in(person, session, "renewed"),
                ),
                stages=("creds_used", "lateral_move"),
                next_stage="data_access",
                account=person.id,
                asset=mail.id,
            ),
            self._does.move(
                "exfiltrate",
                "T1567",
                (
                    does.operated(person, session, "FileDownloaded", (180, 460), mail.path, "take 0"),
                    does.operated(person, session, reads, (410, 800), mail.path, "take 1"),
                ),
                stages=("data_access", "exfil_attempt"),
                next_stage="exfil_attempt",
                account=person.id,
                asset=mail.id,
            ),
            self._does.move(
                "re_phish",
                "T1534",
                (
                    does.mailed(person, second, "to a colleague"),
                    does.signed_in(second, self._draft.guid("second session"), "second", interactive=True),
                ),
                stages=STAGES[1:],
                account=person.id,
                to_account=second.id,
            ),
            *self._ways_round(),
        )

    def _ways_round(self) -> tuple[Move, ...]:
        """What is left when the mailbox gave nothing: the site, and a factor of the intruder's own."""
        does, person, session, mail = self._does, self._person, self._session, self.assets[0]
        return (
            self._does.move(
                "access_data",
                "T1213.002",
                tuple(
                    does.operated(person, session, "FileAccessed", (40, 260), self._site.path, f"site {n}")
                    for n in range(3)
                ),
                id="access_site",
                stages=STAGES[1:],
                account=person.id,
                asset=self._site.id,
            ),
            self._does.move(
                "persist",
                "T1098.005",
                (
                    does.operated(
                        person, session, "User registered security info", (1, 1), mail.path, "factor"
                    ),
                    does.signed_in(person, session, "renewed again"),
                ),
                stages=STAGES[1:],
                account=person.id,
            ),
        )

    def _forwarding_moves(self, domain: str) -> tuple[Move, ...]:
        copies, second = self.assets[1].id, self._second
        return (
            self._does.move(
                "access_data",
                "T1114.003",
                tuple(self._copied(n) for n in range(3)),
                id="access_copies",
                stages=STAGES[1:],
                next_stage="data_access",
                domain=domain,
                asset=copies,
            ),
            self._does.move(
                "exfiltrate",
                "T1048",
                (self._copied(3), self._copied(4)),
                id="exfiltrate_copies",
                stages=STAGES[3:],
                next_stage="exfil_attempt",
                domain=domain,
                asset=copies,
            ),
            self._does.move(
                "re_phish",
                "T1566.002",
                (
                    self._notice("lured", second, self._does.at("lured mail"), "view"),
                    self._does.signed_in(
                        second, self._draft.guid("second session"), "lured", interactive=True
                    ),
                ),
                id="lure_colleague",
                stages=STAGES[1:],
                domain=domain,
                to_account=second.id,
            ),
        )

    def _notice(self, purpose: str, to: Account, at_ms: int, label: str) -> Mailed:
        """A mail from the outside name about a shared file, with a link."""
        draft, site = self._draft, f"{label}.{self._outside.domain}"
        said = slots(draft, to, self._outside) | {"site": site}
        text = draft.text("shared_file", purpose, **said)
        url = f"https://{site}/d/{draft.dice(f'{purpose}|path').hex(10)}"
        return Mailed(
            id=draft.next_id(),
            at_ms=at_ms,
            cause="case",
            sender=f"notify@{self._outside.domain}",
            sender_name=said["sender_company"],
            recipient=to.id,
            subject=text.subject,
            body=f"{text.body}\n{url}",
            urls=(url,),
            sender_ip=self._outside.addresses[0],
        )

    def _copied(self, number: int) -> Mailed:
        draft = self._draft
        dice = draft.dice(f"copied {number}")
        text = draft.text("invoice_query", f"copied {number}", **slots(draft, self._person, self._outside))
        return Mailed(
            id=draft.next_id(),
            at_ms=dice.between(3_000, self._timing.step_s * 950),
            cause="case",
            sender=self._person.id,
            sender_name=self._person.display_name,
            recipient=f"{dice.pick(MAILBOXES)}@{self._outside.domain}",
            subject=f"FW: {text.subject}",
            body=text.body,
            forwarded_by=self._person.id,
        )
