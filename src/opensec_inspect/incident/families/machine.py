"""What the families share in which a machine is at stake."""

import base64

from opensec_inspect.incident.cases.draft import Draft
from opensec_inspect.incident.cases.group import LegFacts, Timing
from opensec_inspect.incident.facts.entities import Account, DataAsset, Device, OutsideName
from opensec_inspect.incident.facts.events import AnyEvent, CloudOperated, Connected, FileUsed, LoggedOn
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
from opensec_inspect.incident.families.common import BROWSER, EXCHANGE, LegRows


def encoded_command(draft: Draft, purpose: str) -> str:
    """A PowerShell command line as a management agent writes it."""
    number = draft.dice(purpose).hex(8)
    script = f"$j='{number}'; & (Join-Path $env:ProgramData \"mgmt\\jobs\\$j.ps1\")"
    encoded = base64.b64encode(script.encode("utf-16-le")).decode()
    return f"powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -EncodedCommand {encoded}"


class Machine:
    """A machine, what an intruder would read and take from it, and what else the intruder holds."""

    def __init__(self, draft: Draft, timing: Timing, device: Device, person: Account) -> None:
        self._draft, self._timing, self._device = draft, timing, device
        organisation = draft.scene.organisation
        shares = [a for a in organisation.assets if a.device is not None]
        self._share = draft.dice("share").pick(shares)
        mailbox = DataAsset(
            id=f"d-{draft.dice('mailbox').hex(4)}",
            path=f"mailbox:{person.upn}",
            owner=person.id,
            classification="confidential",
        )
        self.assets = (mailbox,)
        self._drop = draft.dice("drop").pick(
            [n for n in organisation.names if n.category in ("personal_cloud", "saas", "hosting")]
        )
        devices = [d for d in organisation.devices if d.role == "laptop" and d.id != device.id]
        self._next = draft.dice("next machine").pick(devices)

    def with_account(self, leg: LegRows, started: RowRef, account: Account, vector: Vector) -> LegFacts:
        """The incident in which the intruder holds the machine and an account."""
        moves = (*self._machine_moves(), *self._account_moves(account))
        return self._incident(leg, started, moves, vector, account=account)

    def with_domain(self, leg: LegRows, started: RowRef, domain: OutsideName, vector: Vector) -> LegFacts:
        """The incident in which the intruder holds the machine and owns the domain it reached."""
        moves = (*self._machine_moves(), *self._domain_moves(domain))
        return self._incident(leg, started, moves, vector, domain=domain)

    def _incident(
        self,
        leg: LegRows,
        started: RowRef,
        moves: tuple[Move, ...],
        vector: Vector,
        *,
        account: Account | None = None,
        domain: OutsideName | None = None,
    ) -> LegFacts:
        held = frozenset({account.id}) if account else frozenset[str]()
        opening = Foothold(stage="creds_used", hosts=frozenset({self._device.id}), accounts=held)
        wait = Move(id="wait", name="wait", stages=STAGES)
        required = (
            self._device.id,
            *(one for one in (account and account.id, domain and domain.domain) if one),
        )
        with_start = (started, *leg.settles)
        access = RowRef(event=moves[0].events[0].id, table="file_events", cells=("FolderPath", "FileCount"))
        return LegFacts(
            swap=leg.swap,
            settles=leg.settles,
            attack=Attack(opening=opening, domains=(domain.domain,) if domain else (), moves=(*moves, wait)),
            truth=Truth(
                patient_zero_host=self._device.id,
                compromised_user=account.id if account else NONE,
                attacker_domain=domain.domain if domain else NONE,
                data_target=self._share.id,
                initial_vector=vector,
                required=required,
            ),
            fields=(
                Settled(claim="patient_zero_host", sets=(with_start,)),
                Settled(claim="compromised_user", sets=(leg.settles,)),
                Settled(claim="attacker_domain", sets=(leg.settles,)),
                Settled(claim="initial_vector", sets=(with_start,)),
                Settled(claim="data_target", sets=((access,),)),
            ),
        )

    def _machine_moves(self) -> tuple[Move, ...]:
        host, share, first = self._device.id, self._share.id, self._timing.loss_at - 1
        return (
            Move(
                id="access_data",
                name="access_data",
                technique="T1039",
                stages=("creds_used", "lateral_move"),
                not_before=self._timing.access_at,
                next_stage="data_access",
                host=host,
                asset=share,
                events=(self._read_share(),),
            ),
            Move(
                id="exfiltrate",
                name="exfiltrate",
                technique="T1567.002",
                stages=("data_access", "exfil_attempt"),
                not_before=first,
                next_stage="exfil_attempt",
                host=host,
                asset=share,
                events=(self._upload(self._drop.domain, "upload", self._device),),
            ),
        )

    def _account_moves(self, account: Account) -> tuple[Move, ...]:
        """What the account alone gains: another machine for an administrator, the mailbox for others."""
        first = self._timing.loss_at - 1
        if account.role == "administrator":
            return (
                Move(
                    id="move_laterally",
                    name="move_laterally",
                    technique="T1021.001",
                    stages=STAGES[1:],
                    not_before=first,
                    account=account.id,
                    to_host=self._next.id,
                    events=(self._remote(account),),
                ),
            )
        return (
            Move(
                id="read_mail",
                name="access_data",
                technique="T1114.002",
                stages=STAGES[1:],
                not_before=first,
                account=account.id,
                asset=self.assets[0].id,
                events=(self._read_mail(account),),
            ),
        )

    def _domain_moves(self, domain: OutsideName) -> tuple[Move, ...]:
        """The next machine fetches the same package: the domain alone gains it."""
        return (
            Move(
                id="spread",
                name="move_laterally",
                technique="T1072",
                stages=STAGES[1:],
                not_before=self._timing.loss_at - 1,
                domain=domain.domain,
                to_host=self._next.id,
                events=(self._upload(domain.domain, "spread", self._next),),
            ),
        )

    def _at(self, purpose: str) -> int:
        return self._draft.dice(f"move|{purpose}").between(4_000, self._timing.step_s * 900)

    def _read_share(self) -> AnyEvent:
        dice = self._draft.dice("read share")
        path = self._share.path
        return FileUsed(
            id=self._draft.next_id(),
            at_ms=self._at("read share"),
            cause="case",
            device=str(self._share.device),
            account=self._device.id,
            origin=self._device.id,
            action="FileRead",
            folder=path,
            name="*",
            size=dice.between(90_000_000, 900_000_000),
            count=dice.between(310, 2_900),
            share=path.rsplit("\\", 1)[-1],
        )

    def _upload(self, domain: str, purpose: str, device: Device) -> AnyEvent:
        dice = self._draft.dice(purpose)
        return Connected(
            id=self._draft.next_id(),
            at_ms=self._at(purpose),
            cause="case",
            device=device.id,
            binary="powershell",
            to=domain,
            host_label="packages" if purpose == "spread" else "upload",
            bytes_out=dice.between(60_000_000, 700_000_000)
            if purpose == "upload"
            else dice.between(7_100, 19_000),
            bytes_in=dice.between(20_000, 900_000),
            duration_ms=dice.between(20_000, 110_000),
            method="POST" if purpose == "upload" else "GET",
            uri=f"/{dice.hex(10)}",
        )

    def _remote(self, account: Account) -> AnyEvent:
        return LoggedOn(
            id=self._draft.next_id(),
            at_ms=self._at("remote"),
            cause="case",
            account=account.id,
            device=self._next.id,
            origin=self._device.id,
            logon_type=10,
        )

    def _read_mail(self, account: Account) -> AnyEvent:
        hosting = [a for a in self._draft.scene.organisation.addresses if a.kind == "hosting"]
        return CloudOperated(
            id=self._draft.next_id(),
            at_ms=self._at("read mail"),
            cause="case",
            account=account.id,
            operation="MailItemsAccessed",
            workload="Exchange",
            address=self._draft.dice("intruder's address").pick(hosting).ip,
            session=self._draft.guid("intruder's session"),
            app=EXCHANGE,
            object=self.assets[0].path,
            items=self._draft.dice("mails").between(600, 2_300),
            user_agent=BROWSER,
        )
