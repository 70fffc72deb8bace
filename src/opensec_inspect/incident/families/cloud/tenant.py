"""What an intruder does in the cloud tenant with an account: moves that families put together."""

from dataclasses import replace

from opensec_inspect.incident.cases.draft import Draft
from opensec_inspect.incident.cases.group import LegFacts, Timing
from opensec_inspect.incident.facts.entities import Account, DataAsset, OutsideName
from opensec_inspect.incident.facts.events import AnyEvent, CloudOperated, Mailed
from opensec_inspect.incident.facts.scenario import (
    NONE,
    STAGES,
    Attack,
    Foothold,
    Move,
    RowRef,
    Stage,
    SupportingRows,
    Truth,
    Vector,
)
from opensec_inspect.incident.families.parts.common import EXCHANGE, MAILBOXES, RULE_NAMES, LegRows, slots

READING: tuple[Stage, ...] = ("creds_used", "lateral_move", "data_access", "exfil_attempt")
TAKING: tuple[Stage, ...] = ("data_access", "exfil_attempt")
SHAREPOINT = "Office 365 SharePoint Online"
LIBRARY = "/Shared Documents"


class Tenant:
    """One session of an account: what it reads and takes, and who it goes on to."""

    def __init__(
        self,
        draft: Draft,
        timing: Timing,
        person: Account,
        session: str,
        address: str,
        agent: str,
        *,
        device: str | None = None,
        app: str = EXCHANGE,
        apart_from: tuple[str, ...] = (),
    ) -> None:
        """`device` is the session's managed machine; `app` reads mail; sites `apart_from` are left out."""
        self.app = app
        self.draft, self.timing, self.person, self.device = draft, timing, person, device
        self.session, self.address, self.agent = session, address, agent
        organisation = draft.scene.organisation
        self.mailbox = self._mailbox("mailbox", person)
        self.copies = self.mailbox.model_copy(
            update={"id": f"d-{draft.dice(f'copies|{person.id}').hex(4)}", "path": f"forwarded:{person.upn}"}
        )
        others = [a for a in organisation.assets if a.path.startswith("mailbox:") and a.owner != person.id]
        self.other_mailbox = draft.dice("other mailbox").pick(others)
        sites = [a for a in organisation.assets if a.path.startswith("https")]
        self.site = draft.dice("site at stake").pick(
            [s for s in sites if s.classification != "restricted" and s.id not in apart_from]
        )

    @property
    def assets(self) -> tuple[DataAsset, ...]:
        """What the scenario adds to the organisation's data."""
        return (self.mailbox, self.copies)

    @property
    def first(self) -> int:
        """First step index in which something beside the first reading may be gained."""
        return self.timing.loss_at - 1

    def incident(
        self,
        leg: LegRows,
        entry: tuple[RowRef, ...],
        moves: tuple[Move, ...],
        truth: Truth,
        *,
        opening: Foothold | None = None,
        known: RowRef | None = None,
    ) -> LegFacts:
        """An incident with these moves; `known` shows the data it is about, else the first move does."""
        foothold = opening or Foothold(stage="creds_used", accounts=frozenset({self.person.id}))
        domains = () if truth.attacker_domain == NONE else (truth.attacker_domain,)
        wait = Move(id="wait", name="wait", stages=STAGES)
        with_entry = (*entry, *leg.settles)
        first = RowRef(event=moves[0].events[0].id, table="cloud_audit", cells=("UserId", "ItemCount"))
        return LegFacts(
            swap=leg.swap,
            settles=leg.settles,
            attack=Attack(opening=foothold, domains=domains, moves=(*moves, wait)),
            truth=truth,
            fields=(
                SupportingRows(claim="patient_zero_host", sets=(with_entry,)),
                SupportingRows(claim="compromised_user", sets=(with_entry,)),
                SupportingRows(claim="attacker_domain", sets=(leg.settles,)),
                SupportingRows(claim="initial_vector", sets=(with_entry,)),
                SupportingRows(claim="data_target", sets=((known or first,),)),
            ),
        )

    def truth(self, vector: Vector, *required: str, domain: str = NONE) -> Truth:
        """The truth of an incident about the mailbox."""
        return Truth(
            compromised_user=self.person.id,
            attacker_domain=domain,
            data_target=self.mailbox.id,
            initial_vector=vector,
            required=required,
        )

    def operated(self, purpose: str, operation: str, object_: str, items: int, at_ms: int) -> CloudOperated:
        """An operation in the session."""
        workloads = {"MailItemsAccessed": "Exchange", "New-InboxRule": "Exchange"}
        directory = operation.startswith("User registered")
        documents = operation.startswith("File")
        return CloudOperated(
            id=self.draft.next_id(),
            at_ms=at_ms,
            cause="case",
            account=self.person.id,
            operation=operation,
            workload="SharePoint" if documents else workloads.get(operation, "AzureActiveDirectory"),
            address=self.address,
            session=self.session,
            app=SHAREPOINT if documents else "My Sign-Ins" if directory else self.app,
            object=object_,
            label=self.draft.dice(purpose).pick(("phone", "new phone", "mobile")) if directory else "",
            items=items,
            user_agent=self.agent,
            device=self.device,
        )

    def daily(self, share: float = 0.6) -> None:
        """What is read in the session, a little before the opening and in most steps after it."""
        draft = self.draft
        times = [draft.before(16, 31, "read a"), draft.before(2, 11, "read b")]
        for step in range(self.timing.max_steps):
            if draft.dice(f"reads in {step}").chance(share):
                times.append(draft.window(step, 0.05, 0.95, f"read {step}"))
        for number, at_ms in enumerate(times):
            dice = draft.dice(f"items {number}")
            mail = dice.chance(0.7)
            object_ = self.mailbox.path if mail else f"{self.site.path}{LIBRARY}"
            operation = "MailItemsAccessed" if mail else "FileAccessed"
            items = dice.between(3, 41) if mail else dice.between(1, 6)
            draft.put(self.operated(f"daily {number}", operation, object_, items, at_ms))

    def account_moves(self) -> tuple[Move, ...]:
        """What the account alone gains: its mailbox, and what else it may open."""
        person = self.person.id
        return (
            self.move("access_data", "access_data", "T1114.002", account=person, asset=self.mailbox.id,
                      not_before=self.timing.access_at, stages=("creds_used", "lateral_move"),
                      events=tuple(self._bulk("MailItemsAccessed", self.mailbox.path, n) for n in "ab")),
            self.move("exfiltrate", "exfiltrate", "T1567", account=person, asset=self.mailbox.id,
                      events=(self._bulk("MailItemsAccessed", self.mailbox.path, "out"),)),
            *self.further_moves(),
        )  # fmt: skip

    def further_moves(self, *, apart_from: tuple[str, ...] = ()) -> tuple[Move, ...]:
        """What the account gains beside its mailbox: a factor, another mailbox, a site of its own choice."""
        sites = [a for a in self.draft.scene.organisation.assets if a.path.startswith("https")]
        site = next((s for s in sites if apart_from and s.id not in apart_from), self.site)
        person = self.person.id
        return (
            self.move("persist", "persist", "T1098.005", account=person, events=(self._factor(),)),
            self.move("read_other_mailbox", "access_data", "T1114.002", account=person,
                      asset=self.other_mailbox.id,
                      events=(self._bulk("MailItemsAccessed", self.other_mailbox.path, "other"),)),
            self.move("take_other_mailbox", "exfiltrate", "T1567", account=person,
                      asset=self.other_mailbox.id,
                      events=(self._bulk("MailItemsAccessed", self.other_mailbox.path, "other out"),)),
            self.read_site("read_site", site),
        )  # fmt: skip

    def second_mailbox(self) -> tuple[Move, ...]:
        """The mailbox of another account that is held, beside the one that the case is about."""
        person, mail = self.person.id, self.mailbox
        return (
            self.move("read_second", "access_data", "T1114.002", account=person, asset=mail.id,
                      events=(self._bulk("MailItemsAccessed", mail.path, "second"),)),
            self.move("take_second", "exfiltrate", "T1567", account=person, asset=mail.id,
                      events=(self._bulk("MailItemsAccessed", mail.path, "second out"),)),
        )  # fmt: skip

    def read_site(self, id_: str, site: DataAsset, **fields: object) -> Move:
        """A site's library comes down whole."""
        taken = self._bulk("FileDownloaded", f"{site.path}{LIBRARY}", id_)
        given: dict[str, object] = {"account": self.person.id, "asset": site.id, "events": (taken,)}
        return self.move(id_, "access_data", "T1213.002", **(given | fields))

    def inside_moves(self, next_victim: Account, domain: OutsideName | None = None) -> tuple[Move, ...]:
        """Mail to a colleague that wins their account, and, with a domain, a rule in their mailbox."""
        person, theirs = self.person.id, self._mailbox("next mailbox", next_victim)
        written = self.move(
            "mail_inside", "re_phish", "T1534", account=person, to_account=next_victim.id,
            events=(self._mail_inside(next_victim),),
        )  # fmt: skip
        if domain is None:
            return (written,)
        rule = self.move(
            "rule_of_next", "access_data", "T1114.003", account=next_victim.id, domain=domain.domain,
            asset=theirs.id, events=(self.rule(next_victim, domain, "rule of next"),),
        )  # fmt: skip
        return (written, rule)

    def forwarding_moves(self, domain: OutsideName) -> tuple[Move, ...]:
        """Mail that the rule sends on, whoever holds the account."""
        return (
            self.move("access_copies", "access_data", "T1114.003", domain=domain.domain,
                      asset=self.copies.id, events=tuple(self._copied(domain, n) for n in range(3))),
            self.move("exfiltrate_copies", "exfiltrate", "T1048", domain=domain.domain,
                      asset=self.copies.id, events=(self._copied(domain, 3),)),
        )  # fmt: skip

    def move(self, id_: str, name: str, technique: str, **fields: object) -> Move:
        """A move of this case; its time, stages and next stage follow from its name unless given."""
        taking = name == "exfiltrate"
        following = {"exfiltrate": "exfil_attempt", "access_data": "data_access"}.get(name)
        given: dict[str, object] = {
            "not_before": self.first,
            "stages": TAKING if taking else READING,
            "next_stage": following,
        }
        return Move.model_validate({"id": id_, "name": name, "technique": technique} | given | fields)

    def rule(self, owner: Account, domain: OutsideName, purpose: str) -> CloudOperated:
        """A rule in somebody's mailbox that sends on to an address of the domain."""
        dice = self.draft.dice(purpose)
        return replace(
            self.operated(purpose, "New-InboxRule", f"mailbox:{owner.upn}", 1, self.at(purpose)),
            account=owner.id,
            target=f"{dice.pick(MAILBOXES)}@{domain.domain}",
            target_domain=domain.domain,
            label=dice.pick(RULE_NAMES),
        )

    def at(self, purpose: str) -> int:
        """A moment of a move's step, in milliseconds from its start."""
        return self.draft.dice(f"move|{purpose}").between(4_000, self.timing.step_s * 900)

    def _mailbox(self, purpose: str, owner: Account) -> DataAsset:
        return DataAsset(
            id=f"d-{self.draft.dice(f'{purpose}|{owner.id}').hex(4)}",
            path=f"mailbox:{owner.upn}",
            device=None,
            owner=owner.id,
            classification="confidential",
        )

    def _bulk(self, operation: str, object_: str, purpose: str) -> CloudOperated:
        low, high = (900, 2_400) if operation == "MailItemsAccessed" else (310, 880)
        items = self.draft.dice(f"bulk|{purpose}").between(low, high)
        return self.operated(f"bulk {purpose}", operation, object_, items, self.at(f"bulk {purpose}"))

    def _factor(self) -> CloudOperated:
        factor = self.draft.number("AUTH-", 6, self.draft.opened_ms)
        return self.operated("factor", "User registered security info", factor, 1, self.at("factor"))

    def _mail_inside(self, to: Account) -> AnyEvent:
        draft = self.draft
        said = slots(draft, to) | {"sender": self.person.display_name}
        text = draft.text("shared_file", "mail inside", **said)
        return Mailed(
            id=draft.next_id(),
            at_ms=self.at("mail inside"),
            cause="case",
            sender=self.person.id,
            sender_name=self.person.display_name,
            recipient=to.id,
            subject=text.subject,
            body=text.body,
        )

    def _copied(self, domain: OutsideName, number: int) -> Mailed:
        draft = self.draft
        dice = draft.dice(f"copied {number}|{domain.domain}")
        text = draft.text(
            "invoice_query", f"copied {number}|{domain.domain}", **slots(draft, self.person, domain)
        )
        return Mailed(
            id=draft.next_id(),
            at_ms=dice.between(3_000, self.timing.step_s * 950),
            cause="case",
            sender=self.person.id,
            sender_name=self.person.display_name,
            recipient=f"{dice.pick(MAILBOXES)}@{domain.domain}",
            subject=f"FW: {text.subject}",
            body=text.body,
            forwarded_by=self.person.id,
        )
