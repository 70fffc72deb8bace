"""Copy of the directory: a backup agent on a domain controller copies the account database by day.

Authorisation: the job that copies was reviewed; of the two servers it was scheduled for, one keeps it and one
has lost it to the other. Provenance: the service account's log-ons came from the backup server, or
from a workstation that only another service uses. Conduct: the copy landed on the backup repository, or on a
machine that only test restores may use.
"""

from opensec_inspect.incident.cases.casting import Casting
from opensec_inspect.incident.cases.draft import Draft, Swap
from opensec_inspect.incident.cases.group import CaseFacts, Leg, LegFacts, Timing
from opensec_inspect.incident.facts.entities import Account, Device
from opensec_inspect.incident.facts.events import Connected, FileUsed, LoggedOn, Started
from opensec_inspect.incident.facts.scenario import RowRef, Tempting
from opensec_inspect.incident.families.parts import common
from opensec_inspect.incident.families.parts.intrusion import Intrusion
from opensec_inspect.incident.families.parts.paperwork import (
    decided_at,
    entry,
    files_share,
    moved,
    owned_by_one,
    settled_in,
    share_read,
    worry,
)
from opensec_inspect.incident.sensors.rules import rule_of

PARTS = ("ntds.dit", "SYSTEM", "SECURITY", "ntds.jfm", "sysvol.vhdx")
DUMPS = ("erp_full.bak", "erp_log.trn", "msdb.bak", "model.bak", "erp_diff.bak")
SHARE = "Nightly$"
FOLDERS = ("Archive", "Exports", "Scans", "Handover")


def directory_copy(draft: Draft, timing: Timing) -> CaseFacts:
    """Draws the facts of one case."""
    return _Case(draft, timing).facts()


class _Case:
    def __init__(self, draft: Draft, timing: Timing) -> None:
        self.draft, self.timing = draft, timing
        cast = Casting(draft)
        accounts = draft.scene.organisation.accounts
        service = {a.sam: a for a in accounts if a.role == "service"}
        self.account, self.other_account = service["svc-backup"], service["svc-sqlapp"]
        self.head = next(a for a in accounts if a.title == "Head of IT")
        self.controller = cast.device("controller", suits=lambda d: d.role == "domain_controller")
        self.repository = cast.device("repository", suits=lambda d: d.role == "backup_server")
        self.other_server = cast.device("other server", suits=lambda d: d.role == "app_server")

        def laptop(d: Device) -> bool:
            return owned_by_one(draft, d) and settled_in(draft, d)

        self.workstation = cast.device("workstation", suits=laptop)
        self.restores = cast.device("restores", suits=laptop)
        self.slow = cast.device("slow laptop", suits=lambda d: d.role == "laptop")
        self.spare = cast.device("spare", suits=lambda d: d.role == "laptop")
        self.job = f"SYSTEM-STATE-{draft.dice('job').pick(('A', 'B', 'C', 'D'))}"
        self.started_ms = draft.before(20, 38, "started")
        self.share = files_share(draft)
        self.story = Intrusion(draft, timing, self.share, self.spare)

    def facts(self) -> CaseFacts:
        opening = self._started()
        read = share_read(self.draft, self.timing, self.share, self.account.id, self.controller, FOLDERS)
        start = RowRef(event=opening, table="process_events", cells=("DeviceName", "AccountName"))
        vendor = self.draft.newcomer("vendor", "vendor")
        carrier = common.outsiders_ticket(self.draft, self.controller.id, vendor, self.head)
        worry(self.draft, self.slow)
        legs_ = self._legs(start, read)
        return CaseFacts(
            family="directory_copy",
            carriers=(carrier,),
            events=self.draft.events(),
            extra=self.draft.extra(self.story.assets),
            away=(),
            opening_event=opening,
            opening_rule=rule_of("directory_copy").id,
            legs=legs_,
            temptations=(
                Tempting(entity=self.controller.id, temptation="shared_server"),
                Tempting(entity=self.repository.id, temptation="shared_server"),
                Tempting(entity=self.account.id, temptation="administrator_at_work"),
                Tempting(entity=self.other_account.id, temptation="mismatched_party"),
                Tempting(entity=self.workstation.id, temptation="mismatched_party"),
                Tempting(entity=self.restores.id, temptation="mismatched_party"),
                Tempting(entity=self.slow.id, temptation="asked_by_somebody"),
                Tempting(entity=vendor.domain, temptation="mismatched_party"),
            ),
            cause="repeated_backup",
            loss_at=self.timing.loss_at,
        )

    def _legs(self, start: RowRef, read: RowRef) -> dict[Leg, LegFacts]:
        story, account, repository = self.story, self.account, self.repository
        provenance, conduct = self._provenance(), self._conduct()
        came = provenance.settles[0]
        known = {"patient_zero_host": (came,), "compromised_user": (start,), "data_target": (read,)}
        truth = {"compromised_user": account.id, "initial_vector": "valid_account"}
        there = (story.hop(repository, account=account, held=False), story.read(self.spare, account))
        return {
            "authorisation": story.incident(
                self._authorisation(),
                hosts=(repository, self.controller),
                accounts=(account,),
                required=(account.id,),
                moves=(
                    story.read(repository, account, held=False),
                    story.send(repository, account, held=False),
                    *there,
                    story.send(repository, account, held=False, channel="ssh"),
                ),
                truth=truth | {"patient_zero_host": repository.id},
                supporting_rows=known,
            ),
            "provenance": story.incident(
                provenance,
                hosts=(self.workstation, self.controller),
                accounts=(account,),
                required=(account.id, self.workstation.id),
                moves=(
                    story.read(self.workstation),
                    story.send(self.workstation),
                    story.stay(self.workstation),
                    story.hop(self.workstation, account=account, held=False),
                    story.read(self.spare, account),
                    story.send(self.workstation, channel="ssh"),
                ),
                truth=truth | {"patient_zero_host": self.workstation.id},
                supporting_rows=known,
            ),
            "conduct": story.incident(
                conduct,
                hosts=(repository, self.controller, self.restores),
                accounts=(account,),
                required=(account.id, repository.id, self.restores.id),
                moves=(
                    story.read(repository),
                    story.send(self.restores),
                    story.stay(self.restores),
                    story.stay(repository),
                    *there,
                    story.send(repository, channel="ssh"),
                ),
                truth=truth | {"patient_zero_host": repository.id},
                supporting_rows=known,
            ),
        }

    def _started(self) -> str:
        """The agent, and the copy that it starts."""
        draft = self.draft
        binaries = {b.key: b for b in draft.scene.organisation.binaries}
        agent = f'"{binaries["backup_agent"].folder}\\{binaries["backup_agent"].file_name}"'
        line = f"{agent} run --job {self.job} --id {draft.dice('run').hex(8)}"
        folder = f"\\\\{self.repository.hostname}\\{SHARE}"
        temporary = f"C:\\Windows\\Temp\\{draft.dice('folder').hex(4)}"
        binary, copy = draft.dice("tool").pick((
            ("vssadmin", "vssadmin.exe create shadow /for=C:"),
            ("wbadmin", f"wbadmin start systemstatebackup -backupTarget:{folder} -quiet"),
            ("ntdsutil", f'ntdsutil.exe "ac i ntds" ifm "create full {temporary}" q q'),
        ))  # fmt: skip
        first = self._process("backup_agent", "services", line, 0, "")
        return self._process(
            binary, "backup_agent", copy, draft.dice("copies").between(2_000, 50_000), first, line
        )

    def _process(
        self, binary: str, parent: str, line: str, later_ms: int, above: str, above_line: str = ""
    ) -> str:
        return self.draft.put(
            Started(
                id=self.draft.next_id(),
                at_ms=self.started_ms + later_ms,
                cause="case",
                device=self.controller.id,
                account=self.account.id,
                binary=binary,
                command_line=line,
                parent=parent,
                parent_command_line=above_line,
                parent_event=above,
                integrity="High",
            )
        )

    def _authorisation(self) -> common.LegRows:
        """The job is in the schedule of two servers; a review leaves it to one of them."""
        kept = self._reviewed(self.controller, "active", self.draft.day(180))
        lost = self._reviewed(self.other_server, "closed", self.draft.day(-1))
        fields = ("status", "valid_until")
        swap = Swap(table="registers", fields=fields, deciding=(kept,), context=(lost,))
        row = RowRef(event=kept, table="registers", cells=("Party", "Object", "Status"))
        return common.LegRows(swap=swap, settles=(row,))

    def _reviewed(self, server: Device, status: str, until: str) -> str:
        draft = self.draft
        scope = "daily, system state, repeated by day where the night failed"
        first = entry(draft, "backup schedule", server.id, self.job, self.head, scope)
        reviewed_ms = decided_at(draft, self.timing, 60, 300, f"review {server.id}")
        return moved(first, draft, at_ms=reviewed_ms, status=status, valid_until=until).id

    def _provenance(self) -> common.LegRows:
        """Where the service account's log-ons came from, and where another service's did."""
        draft = self.draft
        times = [self.started_ms - draft.dice("logs on").between(4_000, 90_000)]
        times += [draft.window(n, 0.05, 0.95, f"log-on {n}") for n in (1, 3)]
        own = [self._logged_on(self.account, self.controller, self.repository, at_ms) for at_ms in times]
        other = self._logged_on(
            self.other_account, self.other_server, self.workstation, draft.before(45, 95, "other service")
        )
        held = self._allowed("service log-ons", self.account, self.repository)
        for device in (self.repository, self.workstation):
            self._allowed("service log-ons", self.other_account, device)
        swap = Swap(table="auth_logs", fields=("origin",), deciding=tuple(own), context=(other,))
        settles = (
            RowRef(event=own[0], table="auth_logs", cells=("AccountName", "DeviceName", "SourceHost")),
            RowRef(event=held, table="registers", cells=("Party", "Object")),
        )
        return common.LegRows(swap=swap, settles=settles)

    def _logged_on(self, who: Account, device: Device, origin: Device, at_ms: int) -> str:
        event = LoggedOn(
            id=self.draft.next_id(),
            at_ms=at_ms,
            cause="case" if who is self.account else "mismatched_party",
            account=who.id,
            device=device.id,
            origin=origin.id,
            logon_type=3,
        )
        return self.draft.put(self.draft.late(event, self.timing.arrival))

    def _allowed(self, register: str, who: Account, device: Device) -> str:
        return entry(self.draft, register, who.id, device.id, self.head, "listed machines only").id

    def _conduct(self) -> common.LegRows:
        """Where the copy landed, and where another service's dumps did."""
        draft = self.draft
        first_ms = self.started_ms + draft.dice("lands").between(120_000, 500_000)
        times = [first_ms, first_ms + draft.dice("next").between(8_000, 120_000)]
        times += [draft.window(n, 0.05, 0.95, f"part {n}") for n in (0, 2, 4)]
        own = [
            self._landed(self.account, self.controller, self.repository, name, at_ms)
            for name, at_ms in zip(PARTS, times, strict=True)
        ]
        earlier = [draft.before(60 + 12 * n, 70 + 12 * n, f"dump {n}") for n in range(len(DUMPS))]
        dumps = [
            self._landed(self.other_account, self.other_server, self.restores, name, at_ms)
            for name, at_ms in zip(DUMPS, earlier, strict=True)
        ]
        self._flows()
        held = self._allowed("backup targets", self.account, self.repository)
        for device in (self.repository, self.restores):
            self._allowed("backup targets", self.other_account, device)
        fields = ("device", "folder")
        swap = Swap(table="file_events", fields=fields, deciding=tuple(own), context=tuple(dumps))
        settles = (
            RowRef(event=own[0], table="file_events", cells=("DeviceName", "AccountName", "SourceHost")),
            RowRef(event=held, table="registers", cells=("Party", "Object")),
        )
        return common.LegRows(swap=swap, settles=settles)

    def _landed(self, who: Account, origin: Device, device: Device, name: str, at_ms: int) -> str:
        event = FileUsed(
            id=self.draft.next_id(),
            at_ms=at_ms,
            cause="case" if who is self.account else "mismatched_party",
            device=device.id,
            account=who.id,
            origin=origin.id,
            action="FileCreated",
            folder=f"\\\\{device.hostname}\\{SHARE}\\{self.draft.day(0).replace('-', '')}",
            name=name,
            size=self.draft.dice(f"size {name}").between(18_000_000, 640_000_000),
            share=SHARE,
        )
        return self.draft.put(self.draft.late(event, self.timing.arrival))

    def _flows(self) -> None:
        """Both servers talk to both machines, whoever keeps what where."""
        targets = (self.repository, self.restores)
        flows = [(server, to) for server in (self.controller, self.other_server) for to in targets]
        for place, (server, target) in enumerate(flows):
            dice = self.draft.dice(f"flow {place}")
            event = Connected(
                id=self.draft.next_id(),
                at_ms=self.draft.before(9, 18, f"flow {place}"),
                cause="decoy",
                device=server.id,
                to=target.id,
                bytes_out=dice.between(700_000_000, 1_900_000_000),
                bytes_in=dice.between(2_000_000, 9_000_000),
                duration_ms=dice.between(90_000, 600_000),
                port=445,
                service="smb",
            )
            self.draft.put(event)
