"""What the families share in which an account and its mailbox are at stake."""

from dataclasses import replace

from opensec_inspect.incident.cases.draft import Draft
from opensec_inspect.incident.cases.group import LegFacts, Timing
from opensec_inspect.incident.facts.entities import Account, DataAsset, OutsideName
from opensec_inspect.incident.facts.events import Clicked, CloudOperated, Mailed
from opensec_inspect.incident.facts.scenario import (
    NONE,
    STAGES,
    Attack,
    Foothold,
    Move,
    RowRef,
    Settled,
    Truth,
    Vector,
)
from opensec_inspect.incident.families.common import EXCHANGE, MAILBOXES, LegRows, slots


class Mailbox:
    """The story of one account and its mailbox: who reads it, and what an intruder would do with it."""

    def __init__(
        self,
        draft: Draft,
        timing: Timing,
        person: Account,
        session: str,
        address: str,
        agent: str,
        odd: OutsideName | None = None,
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

    def entry_mail(self, purpose: str) -> RowRef:
        """A mail with a link that the person followed days ago; innocent by itself."""
        draft = self._draft
        label = draft.dice(purpose).pick(("share", "docs", "view", "portal"))
        said = slots(draft, self._person, self._outside) | {"site": f"{label}.{self._outside.domain}"}
        text = draft.text("shared_file", purpose, **said)
        url = f"https://{label}.{self._outside.domain}/d/{draft.dice(f'{purpose}|path').hex(10)}"
        sent_ms = draft.before(60 * 26, 60 * 50, purpose)
        mail = draft.put(
            Mailed(
                id=draft.next_id(),
                at_ms=sent_ms,
                cause="case",
                sender=f"notify@{self._outside.domain}",
                sender_name=said["sender_company"],
                recipient=self._person.id,
                subject=text.subject,
                body=f"{text.body}\n{url}",
                urls=(url,),
                sender_ip=self._outside.addresses[0],
            )
        )
        device = next((d.id for d in draft.scene.organisation.devices if d.owner == self._person.id), None)
        clicked = draft.put(
            Clicked(
                id=draft.next_id(),
                at_ms=sent_ms + draft.dice(f"{purpose}|delay").between(4, 190) * 13_577,
                cause="case",
                account=self._person.id,
                device=device,
                mail=mail,
                url=url,
                domain=self._outside.domain,
            )
        )
        return RowRef(event=clicked, table="email_logs", cells=("RecipientEmailAddress", "ClickedUrl"))

    def reading(self) -> None:
        """Mail read in the session, before the opening and in every second step or so after it."""
        draft = self._draft
        times = [draft.before(20, 34, "read a"), draft.before(3, 12, "read b")]
        for step in range(self._timing.max_steps):
            if draft.dice(f"reads in {step}").chance(0.6):
                times.append(draft.window(step, 0.05, 0.95, f"read {step}"))
        for number, at_ms in enumerate(times):
            draft.put(self._read(at_ms, draft.dice(f"items {number}").between(4, 41)))

    def _read(self, at_ms: int, items: int) -> CloudOperated:
        return CloudOperated(
            id=self._draft.next_id(),
            at_ms=at_ms,
            cause="case",
            account=self._person.id,
            operation="MailItemsAccessed",
            workload="Exchange",
            address=self._address,
            session=self._session,
            app=EXCHANGE,
            object=self.assets[0].path,
            items=items,
            user_agent=self._agent,
        )

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
        with_entry = (entry, *leg.settles)
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
                Settled(claim="patient_zero_host", sets=(leg.settles,)),
                Settled(claim="compromised_user", sets=(leg.settles,)),
                Settled(claim="attacker_domain", sets=(leg.settles if self._odd is None else with_entry,)),
                Settled(claim="initial_vector", sets=(with_entry,)),
                Settled(claim="data_target", sets=((access,),)),
            ),
        )

    def _account_moves(self) -> tuple[Move, ...]:
        person, mail, first = self._person.id, self.assets[0].id, self._timing.loss_at - 1
        read = tuple(self._bulk("MailItemsAccessed", 1_100, 2_400, n) for n in range(2))
        taken = (self._bulk("FileDownloaded", 180, 460, 2),)
        factor = (self._bulk("User registered security info", 1, 1, 3),)
        return (
            Move(
                id="access_data",
                name="access_data",
                technique="T1114.002",
                stages=("creds_used",),
                not_before=self._timing.access_at,
                next_stage="data_access",
                account=person,
                asset=mail,
                events=read,
            ),
            Move(
                id="exfiltrate",
                name="exfiltrate",
                technique="T1567",
                stages=("data_access", "exfil_attempt"),
                not_before=first,
                next_stage="exfil_attempt",
                account=person,
                asset=mail,
                events=taken,
            ),
            Move(
                id="persist",
                name="persist",
                technique="T1098.005",
                stages=STAGES[1:],
                not_before=first,
                account=person,
                events=factor,
            ),
        )

    def _forwarding_moves(self, domain: str) -> tuple[Move, ...]:
        copies, first = self.assets[1].id, self._timing.loss_at - 1
        return (
            Move(
                id="access_copies",
                name="access_data",
                technique="T1114.003",
                stages=("creds_used", "data_access", "exfil_attempt"),
                not_before=first,
                next_stage="data_access",
                domain=domain,
                asset=copies,
                events=tuple(self._copied(n) for n in range(3)),
            ),
            Move(
                id="exfiltrate_copies",
                name="exfiltrate",
                technique="T1048",
                stages=("data_access", "exfil_attempt"),
                not_before=first,
                next_stage="exfil_attempt",
                domain=domain,
                asset=copies,
                events=(self._copied(3),),
            ),
        )

    def _bulk(self, operation: str, low: int, high: int, number: int) -> CloudOperated:
        dice = self._draft.dice(f"bulk {number}")
        event = self._read(dice.between(5_000, self._timing.step_s * 900), dice.between(low, high))
        workload = {"FileDownloaded": "OneDrive", "MailItemsAccessed": "Exchange"}.get(
            operation, "AzureActiveDirectory"
        )
        return replace(event, operation=operation, workload=workload)

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
