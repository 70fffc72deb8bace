"""Incidents about machines and the accounts that work on them: what an intruder may do, and what is true.

The first read and the first upload of a graph are the losses that the scripted attacker goes for. The other
ways (a task that stays, another machine, a second channel) are open earlier, so that an attacker that adapts
has a choice before the loss; the scripted one lies low until then.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from opensec_inspect.incident.cases.draft import Draft
from opensec_inspect.incident.cases.group import LegFacts, Timing
from opensec_inspect.incident.facts.entities import Account, DataAsset, Device, OutsideName
from opensec_inspect.incident.facts.events import (
    AnyEvent,
    CloudOperated,
    Connected,
    FileUsed,
    LoggedOn,
    Started,
)
from opensec_inspect.incident.facts.scenario import (
    ATTRIBUTION_FIELDS,
    STAGES,
    Attack,
    Foothold,
    Move,
    MoveName,
    RowRef,
    Stage,
    SupportingRows,
    Truth,
)
from opensec_inspect.incident.families.parts.common import EXCHANGE, LegRows, browser

HELD: tuple[Stage, ...] = STAGES[1:]
"""Every stage after the first: the case opens with a foothold."""
BEFORE_DATA: tuple[Stage, ...] = ("creds_used", "lateral_move")
TASKS = ("\\Updates\\Cache", "\\Reports\\Collect", "\\Sync\\Daily", "\\Inventory\\Scan", "\\Print\\Spool")


class Intrusion:
    """Writes the moves of a case; every draw is keyed by what it is for."""

    def __init__(self, draft: Draft, timing: Timing, share: DataAsset, spare: Device) -> None:
        self._draft, self._timing, self.share, self._spare = draft, timing, share, spare
        self._boxes: dict[str, DataAsset] = {}
        self._loss = timing.loss_at - 1
        # Before the arrival of the deciding rows of a hard case nobody may act.
        self._early = min(self._loss, timing.arrival + draft.dice("early").between(2, 4))

    @property
    def assets(self) -> tuple[DataAsset, ...]:
        """What the moves read that the organisation does not list: mailboxes."""
        return tuple(self._boxes.values())

    def read(self, via: Device, account: Account | None = None, *, held: bool = True) -> Move:
        """Read the share in bulk from a machine; `held` says whether that takes the machine itself."""
        event = FileUsed(
            id=self._draft.next_id(),
            at_ms=self._at(f"read|{via.id}"),
            cause="case",
            device=str(self.share.device),
            account=account.id if account else via.id,
            origin=via.id,
            action="FileRead",
            folder=self.share.path,
            name="*",
            size=self._draft.dice(f"size|{via.id}").between(90_000_000, 900_000_000),
            count=self._draft.dice(f"count|{via.id}").between(310, 2_900),
            share=self.share.path.rsplit("\\", 1)[-1],
        )
        id_ = "access_data" if via.id != self._spare.id else "access_elsewhere"
        first = self._timing.access_at if via.id != self._spare.id else self._loss
        return self._move(
            id_, "access_data", "T1039", event, stages=BEFORE_DATA, not_before=first,
            next_stage="data_access", host=via.id if held else None,
            account=account.id if account else None, asset=self.share.id,
        )  # fmt: skip

    def send(
        self,
        via: Device,
        account: Account | None = None,
        *,
        held: bool = True,
        domain: OutsideName | None = None,
        channel: str = "web",
    ) -> Move:
        """Take the share's data out: by web to a storage service or a domain, or by `ssh` to a hoster."""
        purpose = f"{channel}|{domain.domain if domain else ''}"
        to = domain.domain if domain else self._outside(channel)
        names = {"web": "exfiltrate", "ssh": "exfiltrate_by_ssh"}
        id_ = "exfiltrate_to_own" if domain else names[channel]
        technique = "T1041" if domain else {"web": "T1567.002", "ssh": "T1048.002"}[channel]
        return self._move(
            id_, "exfiltrate", technique, self._upload(via, to, purpose, ssh=channel == "ssh"),
            stages=("data_access", "exfil_attempt"), not_before=self._loss, next_stage="exfil_attempt",
            host=via.id if held else None, account=account.id if account else None,
            domain=domain.domain if domain else None, asset=self.share.id,
        )  # fmt: skip

    def read_mail(self, account: Account) -> Move:
        """Read the account's mailbox from outside."""
        box = self._boxes.setdefault(
            account.id,
            DataAsset(
                id=f"d-{self._draft.dice(f'mailbox|{account.id}').hex(4)}",
                path=f"mailbox:{account.upn}",
                owner=account.id,
                classification="confidential",
            ),
        )
        hosting = [a for a in self._draft.scene.organisation.addresses if a.kind == "hosting"]
        event = CloudOperated(
            id=self._draft.next_id(),
            at_ms=self._at(f"mail|{account.id}"),
            cause="case",
            account=account.id,
            operation="MailItemsAccessed",
            workload="Exchange",
            address=self._draft.dice("intruder's address").pick(hosting).ip,
            session=self._draft.guid("intruder's session"),
            app=EXCHANGE,
            object=box.path,
            items=self._draft.dice(f"mails|{account.id}").between(600, 2_300),
            user_agent=browser(self._draft),
        )
        return self._move(
            "read_mail", "access_data", "T1114.002", event, not_before=self._loss,
            account=account.id, asset=box.id,
        )  # fmt: skip

    def stay(self, device: Device, account: str = "SYSTEM") -> Move:
        """Register a task on a machine that is held."""
        dice = self._draft.dice(f"task|{device.id}")
        name, script = dice.pick(TASKS), f"C:\\ProgramData\\{dice.hex(5)}.cmd"
        event = Started(
            id=self._draft.next_id(),
            at_ms=self._at(f"task|{device.id}"),
            cause="case",
            device=device.id,
            account=account,
            binary="schtasks",
            command_line=f'schtasks /Create /SC HOURLY /TN "{name}" /TR {script}',
            parent="cmd",
            action="ScheduledTaskCreated",
            object_name=name,
        )
        return self._move(
            f"stay_{device.role}", "persist", "T1053.005", event, not_before=self._early, host=device.id
        )

    def hop(self, via: Device, *, account: Account | None = None, held: bool = True) -> Move:
        """Log on to the spare machine: with an account, or from a machine that is held."""
        event = LoggedOn(
            id=self._draft.next_id(),
            at_ms=self._at("hop"),
            cause="case",
            account=account.id if account else via.id,
            device=self._spare.id,
            origin=via.id,
            logon_type=10 if account and account.role != "service" else 3,
        )
        return self._move(
            "move_laterally", "move_laterally", "T1021.001" if event.logon_type == 10 else "T1021.002",
            event, not_before=self._early, host=via.id if held else None,
            account=account.id if account else None, to_host=self._spare.id,
        )  # fmt: skip

    def spread(self, domain: OutsideName, binary: str) -> Move:
        """The spare machine fetches from the intruder's domain: the domain alone gains it."""
        event = self._upload(self._spare, domain.domain, "spread", binary=binary)
        return self._move(
            "spread", "move_laterally", "T1105", event, not_before=self._loss,
            domain=domain.domain, to_host=self._spare.id,
        )  # fmt: skip

    def by_account(self, account: Account, via: Device) -> tuple[Move, ...]:
        """What an account alone gains: its mail, the spare machine, and the share from there."""
        there = self.hop(via, account=account, held=False)
        return self.read_mail(account), there, self.read(self._spare, account)

    def incident(
        self,
        leg: LegRows,
        *,
        hosts: Sequence[Device] = (),
        accounts: Sequence[Account] = (),
        domain: OutsideName | None = None,
        required: Sequence[str],
        moves: Sequence[Move],
        truth: Mapping[str, str],
        supporting_rows: Mapping[str, tuple[RowRef, ...]],
    ) -> LegFacts:
        """The member with a broken leg; `supporting_rows`: what a field needs beside the leg's own."""
        opening = Foothold(
            stage="creds_used",
            hosts=frozenset(d.id for d in hosts),
            accounts=frozenset(a.id for a in accounts),
        )
        wait = Move(id="wait", name="wait", stages=STAGES)
        fields: dict[str, Any] = {"data_target": self.share.id, **truth}
        return LegFacts(
            swap=leg.swap,
            settles=leg.settles,
            attack=Attack(
                opening=opening,
                domains=(domain.domain,) if domain else (),
                rests=tuple(range(self._timing.access_at)),
                moves=(*moves, wait),
            ),
            truth=Truth(required=tuple(required), **fields),
            fields=tuple(
                SupportingRows(claim=field, sets=((*leg.settles, *supporting_rows.get(field, ())),))
                for field in ATTRIBUTION_FIELDS
            ),
        )

    def _move(
        self,
        id_: str,
        name: MoveName,
        technique: str,
        event: AnyEvent,
        *,
        not_before: int,
        stages: tuple[Stage, ...] = HELD,
        **needs: Any,
    ) -> Move:
        return Move(
            id=id_, name=name, technique=technique, stages=stages, not_before=not_before,
            events=(event,), **needs,
        )  # fmt: skip

    def _at(self, purpose: str) -> int:
        return self._draft.dice(f"move|{purpose}").between(4_000, self._timing.step_s * 900)

    def _outside(self, channel: str) -> str:
        kinds = {"web": ("personal_cloud", "saas", "hosting"), "ssh": ("hosting", "vendor")}[channel]
        names = self._draft.scene.organisation.names
        return self._draft.dice(f"drop|{channel}").pick([n for n in names if n.category in kinds]).domain

    def _upload(
        self, via: Device, to: str, purpose: str, *, ssh: bool = False, binary: str = "powershell"
    ) -> Connected:
        dice = self._draft.dice(f"upload|{purpose}")
        small = purpose == "spread"
        fields: dict[str, Any] = {"port": 22, "service": "ssh"} if ssh else {"uri": f"/{dice.hex(10)}"}
        return Connected(
            id=self._draft.next_id(),
            at_ms=self._at(f"upload|{purpose}"),
            cause="case",
            device=via.id,
            binary="putty" if ssh else binary,
            to=to,
            host_label="" if ssh else "files" if small else "upload",
            bytes_out=dice.between(7_100, 19_000) if small else dice.between(60_000_000, 700_000_000),
            bytes_in=dice.between(2_000_000, 9_000_000) if small else dice.between(20_000, 900_000),
            duration_ms=dice.between(20_000, 110_000),
            method="" if ssh else "GET" if small else "POST",
            **fields,
        )
