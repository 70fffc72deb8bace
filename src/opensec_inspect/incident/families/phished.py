"""What an intruder does with credentials that somebody typed into a page."""

from opensec_inspect.incident.cases.draft import Draft
from opensec_inspect.incident.cases.group import LegFacts, Timing
from opensec_inspect.incident.facts.entities import Account, DataAsset, OutsideName
from opensec_inspect.incident.facts.events import AnyEvent, CloudOperated, Connected, SignedIn
from opensec_inspect.incident.facts.scenario import STAGES, Attack, Foothold, Move, RowRef, Settled, Truth
from opensec_inspect.incident.families.common import EXCHANGE, LegRows, user_agent


class Phished:
    """The account whose password was typed, and the next person to type theirs."""

    def __init__(self, draft: Draft, timing: Timing, person: Account, next_victim: Account) -> None:
        self._draft, self._timing = draft, timing
        self._person, self._next = person, next_victim
        hosting = [a for a in draft.scene.organisation.addresses if a.kind == "hosting"]
        self._address = draft.dice("intruder's address").pick(hosting).ip
        self._session = draft.guid("intruder's session")
        mailbox = DataAsset(
            id=f"d-{draft.dice('mailbox').hex(4)}",
            path=f"mailbox:{person.upn}",
            device=None,
            owner=person.id,
            classification="confidential",
        )
        self.assets = (mailbox,)

    def incident(self, leg: LegRows, entry: RowRef, domain: OutsideName) -> LegFacts:
        """The incident in which this domain is the intruder's."""
        moves = self._moves(domain)
        opening = Foothold(stage="phish_sent", accounts=frozenset({self._person.id}))
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
                required=(self._person.id, domain.domain),
            ),
            fields=(
                Settled(claim="patient_zero_host", sets=(leg.settles,)),
                Settled(claim="compromised_user", sets=(with_entry,)),
                Settled(claim="attacker_domain", sets=(with_entry,)),
                Settled(claim="initial_vector", sets=(with_entry,)),
                Settled(claim="data_target", sets=((access,),)),
            ),
        )

    def _moves(self, domain: OutsideName) -> tuple[Move, ...]:
        person, mail, first = self._person.id, self.assets[0].id, self._timing.loss_at - 1
        return (
            Move(
                id="use_credentials",
                name="use_credentials",
                technique="T1078.004",
                stages=("phish_sent",),
                not_before=self._timing.access_at,
                next_stage="creds_used",
                account=person,
                events=(self._signed_in(),),
            ),
            Move(
                id="access_data",
                name="access_data",
                technique="T1114.002",
                stages=("creds_used", "lateral_move"),
                not_before=self._timing.access_at,
                next_stage="data_access",
                account=person,
                asset=mail,
                events=(self._operated("MailItemsAccessed", "Exchange", 700, 2_300, "read"),),
            ),
            Move(
                id="re_phish",
                name="re_phish",
                technique="T1566.002",
                stages=STAGES,
                not_before=first,
                domain=domain.domain,
                to_account=self._next.id,
                events=(self._typed(domain),),
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
                events=(self._operated("FileDownloaded", "OneDrive", 150, 420, "taken"),),
            ),
            Move(id="wait", name="wait", stages=STAGES),
        )

    def _at(self, purpose: str) -> int:
        return self._draft.dice(f"move|{purpose}").between(4_000, self._timing.step_s * 900)

    def _signed_in(self) -> AnyEvent:
        return SignedIn(
            id=self._draft.next_id(),
            at_ms=self._at("sign-in"),
            cause="case",
            account=self._person.id,
            app=EXCHANGE,
            address=self._address,
            session=self._session,
            user_agent=user_agent(self._draft, "intruder"),
            mfa="previously satisfied",
        )

    def _operated(self, operation: str, workload: str, low: int, high: int, purpose: str) -> AnyEvent:
        return CloudOperated(
            id=self._draft.next_id(),
            at_ms=self._at(purpose),
            cause="case",
            account=self._person.id,
            operation=operation,
            workload=workload,
            address=self._address,
            session=self._session,
            app=EXCHANGE,
            object=self.assets[0].path,
            items=self._draft.dice(f"items|{purpose}").between(low, high),
            user_agent=user_agent(self._draft, "intruder"),
        )

    def _typed(self, domain: OutsideName) -> AnyEvent:
        dice = self._draft.dice("next victim")
        devices = self._draft.scene.organisation.devices
        return Connected(
            id=self._draft.next_id(),
            at_ms=self._at("next victim"),
            cause="case",
            device=next(d.id for d in devices if d.owner == self._next.id and not d.shared),
            account=self._next.id,
            binary="msedge",
            to=domain.domain,
            host_label="login",
            bytes_out=dice.between(1_800, 4_900),
            bytes_in=dice.between(3_000, 24_000),
            duration_ms=dice.between(900, 14_000),
            method="POST",
            uri="/session",
        )
