"""What the families share in which a machine is at stake."""

import base64
from collections.abc import Collection

from opensec_inspect.incident.cases.draft import Draft
from opensec_inspect.incident.cases.group import LegFacts, Timing
from opensec_inspect.incident.facts.entities import Account, DataAsset, Device, OutsideName
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
from opensec_inspect.incident.families.parts.attack_events import AttackEvents
from opensec_inspect.incident.families.parts.common import LegRows


def encoded_command(draft: Draft, purpose: str) -> str:
    """A PowerShell command line as a management agent writes it."""
    number = draft.dice(purpose).hex(8)
    script = f"$j='{number}'; & (Join-Path $env:ProgramData \"mgmt\\jobs\\$j.ps1\")"
    encoded = base64.b64encode(script.encode("utf-16-le")).decode()
    return f"powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -EncodedCommand {encoded}"


class Machine:
    """A machine, what an intruder would read and take from it, and what else the intruder holds.

    `apart_from` are ids of machines and people that the intruder does not go on to; `entry` are
    rows that show how the intruder came in.
    """

    def __init__(
        self,
        draft: Draft,
        timing: Timing,
        device: Device,
        person: Account,
        *,
        apart_from: Collection[str] = (),
        entry: tuple[RowRef, ...] = (),
    ) -> None:
        self._entry = entry
        self._draft, self._timing, self._device = draft, timing, device
        self._does = AttackEvents(draft, timing)
        organisation = draft.scene.organisation
        shares = [a for a in organisation.assets if a.device is not None]
        self._shares = draft.dice("share").shuffled(shares)[:2]
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
        barred = {device.id, person.id, *apart_from}
        devices = [d for d in organisation.devices if d.role == "laptop" and d.id not in barred]
        self._next = draft.dice("next machine").pick(devices)
        self._second = draft.dice("second account").pick(
            [a for a in organisation.accounts if a.role in ("office", "finance") and a.id not in barred]
        )

    def alone(self, leg: LegRows, started: RowRef, vector: Vector) -> LegFacts:
        """The incident in which the intruder holds the machine and nothing else."""
        does, device = self._does, self._next
        reached = (
            does.logged_on(self._device.id, device.id, self._device, "reached", 3),
            *does.looked_around(device, "look around there"),
        )
        hop = does.move(
            "move_laterally",
            "T1021.002",
            reached,
            stages=STAGES[1:],
            host=self._device.id,
            to_host=device.id,
        )
        return self._incident(leg, started, (*self._machine_moves(), hop), vector)

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
                data_target=self._shares[0].id,
                initial_vector=vector,
                required=required,
            ),
            fields=(
                SupportingRows(claim="patient_zero_host", sets=(with_start,)),
                SupportingRows(claim="compromised_user", sets=(leg.settles,)),
                SupportingRows(claim="attacker_domain", sets=(leg.settles,)),
                SupportingRows(claim="initial_vector", sets=((*self._entry, *with_start),)),
                SupportingRows(claim="data_target", sets=((access,),)),
            ),
        )

    def _machine_moves(self) -> tuple[Move, ...]:
        does, device, share = self._does, self._device, self._shares[0]
        task = f"schtasks.exe /create /tn {self._draft.dice('task').hex(6)} /sc onlogon /tr cmd.exe"
        return (
            self._does.move(
                "access_data",
                "T1039",
                (
                    does.read_share(share, device, "read share"),
                    does.logged_on(device.id, str(share.device), device, "share log-on", 3),
                    *does.looked_around(device, "look around"),
                ),
                stages=("creds_used", "lateral_move"),
                next_stage="data_access",
                host=device.id,
                asset=share.id,
            ),
            self._does.move(
                "exfiltrate",
                "T1567.002",
                (
                    does.packed(device, "pack"),
                    does.sent(device, self._drop.domain, "upload", "upload", large=True),
                ),
                stages=("data_access", "exfil_attempt"),
                next_stage="exfil_attempt",
                host=device.id,
                asset=share.id,
            ),
            self._does.move(
                "persist",
                "T1053.005",
                (
                    does.started(device, "schtasks", task, "task"),
                    *does.looked_around(device, "look again"),
                ),
                stages=STAGES[1:],
                host=device.id,
            ),
        )

    def _account_moves(self, account: Account) -> tuple[Move, ...]:
        """What the account alone gains: a machine for an administrator, mail and a colleague for others."""
        does, device = self._does, self._next
        if account.role == "administrator":
            entered = (
                does.logged_on(account.id, device.id, self._device, "remote"),
                *does.looked_around(device, "look around there", account.id),
            )
            return (
                self._does.move(
                    "move_laterally",
                    "T1021.001",
                    entered,
                    stages=STAGES[1:],
                    account=account.id,
                    to_host=device.id,
                ),
                *self._from_next(account=account.id),
            )
        mail, reads = self.assets[0], "MailItemsAccessed"
        session = does.session
        return (
            self._does.move(
                "access_data",
                "T1114.002",
                (
                    does.operated(account, session, reads, (600, 2_300), mail.path, "read mail"),
                    does.signed_in(account, session, "sign-in", interactive=True),
                ),
                id="read_mail",
                stages=STAGES[1:],
                account=account.id,
                asset=mail.id,
            ),
            self._does.move(
                "re_phish",
                "T1534",
                (
                    does.mailed(account, self._second, "to a colleague"),
                    does.signed_in(self._second, self._draft.guid("second session"), "colleague's sign-in"),
                ),
                stages=STAGES[1:],
                account=account.id,
                to_account=self._second.id,
            ),
            self._does.move(
                "exfiltrate",
                "T1567",
                (does.operated(account, session, "FileDownloaded", (190, 460), mail.path, "take mail"),),
                id="take_mail",
                stages=STAGES[1:],
                next_stage="exfil_attempt",
                account=account.id,
                asset=mail.id,
            ),
        )

    def _domain_moves(self, domain: OutsideName) -> tuple[Move, ...]:
        """The next machine fetches the same package: the domain alone gains it, and works from there."""
        does = self._does
        return (
            self._does.move(
                "move_laterally",
                "T1072",
                (
                    does.sent(self._next, domain.domain, "packages", "spread", large=False),
                    *does.looked_around(self._next, "look around there"),
                ),
                id="spread",
                stages=STAGES[1:],
                domain=domain.domain,
                to_host=self._next.id,
            ),
            *self._from_next(domain=domain.domain),
        )

    def _from_next(self, **needs: str) -> tuple[Move, ...]:
        """What the machine gained later reads and sends, with what gained it: the way round the first one."""
        does, device, share = self._does, self._next, self._shares[1]
        drop = needs.get("domain", self._drop.domain)
        return (
            self._does.move(
                "access_data",
                "T1039",
                (
                    does.read_share(share, device, "read there"),
                    does.logged_on(device.id, str(share.device), device, "share log-on there", 3),
                ),
                id="read_from_next",
                stages=STAGES[1:],
                next_stage="data_access",
                host=device.id,
                asset=share.id,
                **needs,
            ),
            self._does.move(
                "exfiltrate",
                "T1567.002",
                (
                    does.packed(device, "pack there"),
                    does.sent(device, drop, "upload", "upload from there", large=True),
                ),
                id="take_from_next",
                stages=STAGES[3:],
                next_stage="exfil_attempt",
                host=device.id,
                asset=share.id,
                **needs,
            ),
        )
