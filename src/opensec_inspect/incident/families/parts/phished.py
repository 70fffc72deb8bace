"""What an intruder does with credentials that somebody typed into a page."""

from collections.abc import Collection

from opensec_inspect.incident.cases.draft import Draft
from opensec_inspect.incident.cases.group import LegFacts, Timing
from opensec_inspect.incident.facts.entities import Account, DataAsset, OutsideName
from opensec_inspect.incident.facts.events import AnyEvent
from opensec_inspect.incident.facts.scenario import (
    STAGES,
    Attack,
    Foothold,
    Move,
    RowRef,
    SupportingRows,
    Truth,
)
from opensec_inspect.incident.families.parts.attack_events import AttackEvents
from opensec_inspect.incident.families.parts.common import LegRows, form_sent


class Phished:
    """The account whose password was typed, and the next person to type theirs."""

    def __init__(
        self,
        draft: Draft,
        timing: Timing,
        person: Account,
        next_victim: Account,
        *,
        apart_from: Collection[str] = (),
        typed_too: tuple[Account, ...] = (),
        also: tuple[RowRef, ...] = (),
    ) -> None:
        """`typed_too` gave their passwords to the page as well; `also` are the rows that say so."""
        self._draft = draft
        self._too, self._also = typed_too, also
        self._person, self._next = person, next_victim
        self._does = AttackEvents(draft, timing)
        barred = {person.id, next_victim.id, *apart_from}
        self._second = draft.dice("second account").pick(
            [
                a
                for a in draft.scene.organisation.accounts
                if a.role in ("office", "finance") and a.id not in barred
            ]
        )
        self.assets = tuple(_mailbox(draft, who) for who in (person, next_victim, *typed_too))

    def incident(self, leg: LegRows, entry: RowRef, domain: OutsideName, *, shared: bool = False) -> LegFacts:
        """The incident in which this domain is the intruder's; `shared` when it is the page that all saw."""
        too = self._too if shared else ()
        moves = (*self._moves(domain), *(move for who in too for move in self._of_another(who)))
        held = (self._person.id, *(who.id for who in too))
        opening = Foothold(stage="phish_sent", accounts=frozenset(held))
        with_entry = (entry, *leg.settles)
        access = RowRef(event=moves[1].events[0].id, table="cloud_audit", cells=("UserId", "ItemCount"))
        return LegFacts(
            swap=leg.swap,
            settles=leg.settles,
            attack=Attack(opening=opening, domains=(domain.domain,), moves=moves),
            truth=Truth(
                compromised_user=self._person.id,
                attacker_domain=domain.domain,
                data_target=self.assets[0].id,
                initial_vector="credential_phish",
                required=(*held, domain.domain),
            ),
            fields=(
                SupportingRows(claim="patient_zero_host", sets=(leg.settles,)),
                SupportingRows(
                    claim="compromised_user", sets=((*with_entry, *(self._also if shared else ())),)
                ),
                SupportingRows(claim="attacker_domain", sets=(with_entry,)),
                SupportingRows(claim="initial_vector", sets=(with_entry,)),
                SupportingRows(claim="data_target", sets=((access,),)),
            ),
        )

    def _moves(self, domain: OutsideName) -> tuple[Move, ...]:
        """With the password, or with the page alone: whoever else types there is used through the page."""
        does, person, mail = self._does, self._person, self.assets[0]
        reads, taken, second = "MailItemsAccessed", "FileDownloaded", self._second
        return (
            does.move(
                "use_credentials",
                "T1078.004",
                (
                    does.signed_in(person, does.session, "sign-in", interactive=True),
                    does.signed_in(person, does.session, "token", app="OneDrive SyncEngine"),
                ),
                stages=("phish_sent",),
                next_stage="creds_used",
                account=person.id,
            ),
            does.move(
                "access_data",
                "T1114.002",
                (
                    does.operated(person, does.session, reads, (700, 2_300), mail.path, "read"),
                    does.operated(person, does.session, reads, (410, 690), mail.path, "read more"),
                ),
                stages=("creds_used", "lateral_move"),
                next_stage="data_access",
                account=person.id,
                asset=mail.id,
            ),
            does.move(
                "re_phish",
                "T1566.002",
                (self._typed(domain),),
                stages=STAGES,
                domain=domain.domain,
                to_account=self._next.id,
            ),
            does.move(
                "exfiltrate",
                "T1567",
                (does.operated(person, does.session, taken, (150, 420), mail.path, "taken"),),
                stages=("data_access", "exfil_attempt"),
                next_stage="exfil_attempt",
                account=person.id,
                asset=mail.id,
            ),
            does.move(
                "re_phish",
                "T1534",
                (
                    does.mailed(person, second, "to a colleague"),
                    does.signed_in(second, self._draft.guid("second session"), "second", interactive=True),
                ),
                id="phish_inside",
                stages=STAGES[1:],
                account=person.id,
                to_account=second.id,
            ),
            *self._from_next(domain),
            Move(id="wait", name="wait", stages=STAGES),
        )

    def _of_another(self, who: Account) -> tuple[Move, ...]:
        """The mailbox of somebody else who typed: their password alone opens it."""
        mail = next(one for one in self.assets if one.owner == who.id)
        session = self._draft.guid(f"session of {who.id}")
        signed_in = self._does.signed_in(who, session, "another's sign-in", interactive=True)
        read = self._does.operated(who, session, "MailItemsAccessed", (480, 1_700), mail.path, "another")
        taken = self._does.operated(who, session, "FileDownloaded", (110, 390), mail.path, "another's files")
        return self._from_mailbox(mail, "another", "T1114.002", (signed_in, read), (taken,), account=who.id)

    def _from_next(self, domain: OutsideName) -> tuple[Move, ...]:
        """The session of the next victim is passed on by the page, and ends with it."""
        who, mail = self._next, self.assets[1]
        session = self._draft.guid("next victim's session")
        signed_in = self._does.signed_in(who, session, "next sign-in", interactive=True)
        read = self._does.operated(who, session, "MailItemsAccessed", (500, 1_900), mail.path, "read next")
        taken = self._does.operated(who, session, "FileDownloaded", (120, 380), mail.path, "take next")
        needs = {"account": who.id, "domain": domain.domain}
        return self._from_mailbox(mail, "next", "T1557", (signed_in, read), (taken,), **needs)

    def _from_mailbox(
        self,
        mail: DataAsset,
        whose: str,
        technique: str,
        read: tuple[AnyEvent, ...],
        taken: tuple[AnyEvent, ...],
        **needs: str,
    ) -> tuple[Move, ...]:
        """Reading a mailbox beside the first, then sending what it holds; ids end in `whose`."""
        return (
            self._does.move(
                "access_data",
                technique,
                read,
                id=f"read_{whose}",
                stages=STAGES,
                next_stage="data_access",
                asset=mail.id,
                **needs,
            ),
            self._does.move(
                "exfiltrate",
                "T1567",
                taken,
                id=f"take_{whose}",
                stages=STAGES[3:],
                next_stage="exfil_attempt",
                asset=mail.id,
                **needs,
            ),
        )

    def _typed(self, domain: OutsideName) -> AnyEvent:
        devices = self._draft.scene.organisation.devices
        device = next(d.id for d in devices if d.owner == self._next.id and not d.shared)
        at_ms = self._does.at("next victim")
        return form_sent(self._draft, self._next, device, domain.domain, "login", at_ms)


def _mailbox(draft: Draft, who: Account) -> DataAsset:
    return DataAsset(
        id=f"d-{draft.dice(f'mailbox {who.id}').hex(4)}",
        path=f"mailbox:{who.upn}",
        device=None,
        owner=who.id,
        classification="confidential",
    )
