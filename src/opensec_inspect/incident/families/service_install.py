"""A service installed from afar: an administrator drives programs on servers from another machine.

Authorisation: two changes were approved, each for a list of servers, and only one of them names this
administrator. Provenance: the log-ons came from the machine of the checked-out session, or from a laptop that
only a colleague may use for it. Conduct: on the servers ran the update that the change is about, or an export
of the account database that only the backup server may see.
"""

from opensec_inspect.incident.cases.casting import Casting
from opensec_inspect.incident.cases.draft import Draft, Swap
from opensec_inspect.incident.cases.group import CaseFacts, Leg, LegFacts, Timing
from opensec_inspect.incident.facts.entities import Account, Device
from opensec_inspect.incident.facts.events import LoggedOn, Started
from opensec_inspect.incident.facts.scenario import RowRef, Tempting
from opensec_inspect.incident.families.parts import common
from opensec_inspect.incident.families.parts.intrusion import Intrusion
from opensec_inspect.incident.families.parts.paperwork import (
    entry,
    files_share,
    listed_change,
    owned_by_one,
    settled_in,
    share_read,
    utc,
    worry,
)
from opensec_inspect.incident.sensors.rules import rule_of

FOLDERS = ("Software", "Drivers", "Images", "Configuration")
HIVES = ("SAM", "SECURITY", "SYSTEM")
QUARTER_MS = 900_000


def service_install(draft: Draft, timing: Timing) -> CaseFacts:
    """Draws the facts of one case."""
    return _Case(draft, timing).facts()


class _Case:
    def __init__(self, draft: Draft, timing: Timing) -> None:
        self.draft, self.timing = draft, timing
        cast = Casting(draft)
        accounts = {a.id: a for a in draft.scene.organisation.accounts}
        admins = [a for a in accounts.values() if a.role == "administrator"]
        self.head = next(a for a in admins if a.title == "Head of IT")
        self.admin = next(a for a in admins if a.title != "Head of IT")
        self.approver = cast.account("approver", suits=lambda a: a.role == "security")
        self.jump = cast.device("jump", suits=lambda d: d.role == "jump_server")
        first = cast.device("server", suits=lambda d: d.role in ("app_server", "management_server"))
        roles = ("file_server", "app_server", "management_server")
        self.servers = [first, cast.device("second server", suits=lambda d: d.role in roles)]
        self.backup = cast.device("backup", suits=lambda d: d.role == "backup_server")
        self.controller = cast.device("controller", suits=lambda d: d.role == "domain_controller")

        def laptop(d: Device) -> bool:
            own = owned_by_one(draft, d) and settled_in(draft, d)
            return own and accounts[str(d.owner)].role not in ("administrator", "security", "desk_analyst")

        self.laptop = cast.device("laptop", suits=laptop)
        self.slow = cast.device("slow laptop", suits=lambda d: d.role == "laptop")
        self.spare = cast.device("spare", suits=lambda d: d.role == "laptop")
        self.started_ms = draft.before(16, 34, "started")
        self.share = files_share(draft, confidential=False)
        self.story = Intrusion(draft, timing, self.share, self.spare)

    def facts(self) -> CaseFacts:
        installed = [self._installed(server, n) for n, server in enumerate(self.servers)]
        opening = installed[0]
        read = share_read(self.draft, self.timing, self.share, self.servers[0].id, self.servers[0], FOLDERS)
        start = RowRef(event=opening, table="process_events", cells=("DeviceName", "ObjectName"))
        vendor = self.draft.newcomer("vendor", "vendor")
        carrier = common.outsiders_ticket(self.draft, self.servers[0].id, vendor, self.admin)
        draft = self.draft
        self.own_change = listed_change(draft, self.timing, self.admin, self.approver, self.servers)
        self.other_change = listed_change(
            draft, self.timing, self.head, self.approver, [self.backup, self.controller]
        )
        worry(draft, self.slow)
        legs_ = self._legs(start, read, installed)
        return CaseFacts(
            family="service_install",
            carriers=(carrier,),
            events=self.draft.events(),
            extra=self.draft.extra(self.story.assets),
            away=(),
            opening_event=opening,
            opening_rule=rule_of("service_install").id,
            legs=legs_,
            temptations=(
                Tempting(entity=self.servers[0].id, temptation="shared_server"),
                Tempting(entity=self.servers[1].id, temptation="shared_server"),
                Tempting(entity=self.jump.id, temptation="shared_server"),
                Tempting(entity=self.admin.id, temptation="administrator_at_work"),
                Tempting(entity=self.head.id, temptation="cleared_colleague"),
                Tempting(entity=self.laptop.id, temptation="mismatched_party"),
                Tempting(entity=self.backup.id, temptation="mismatched_party"),
                Tempting(entity=self.slow.id, temptation="asked_by_somebody"),
                Tempting(entity=vendor.domain, temptation="mismatched_party"),
            ),
            cause="approved_maintenance",
            loss_at=self.timing.loss_at,
        )

    def _legs(self, start: RowRef, read: RowRef, installed: list[str]) -> dict[Leg, LegFacts]:
        story, admin, jump, (first, _) = self.story, self.admin, self.jump, self.servers
        provenance, conduct = self._provenance(), self._conduct(installed)
        came = provenance.settles[0]
        known = {"patient_zero_host": (start, came), "compromised_user": (came,), "data_target": (read,)}
        truth = {"compromised_user": admin.id, "initial_vector": "valid_account"}
        afar = (story.read(jump, admin, held=False), story.send(jump, admin, held=False))
        over = (*story.by_account(admin, jump), story.send(jump, admin, held=False, channel="ssh"))
        return {
            "authorisation": story.incident(
                self._authorisation(provenance.settles[1]),
                hosts=(first, jump),
                accounts=(admin,),
                required=(admin.id,),
                moves=(*afar, *over),
                truth=truth | {"patient_zero_host": jump.id},
                supporting_rows=known,
            ),
            "provenance": story.incident(
                provenance,
                hosts=(first, self.laptop),
                accounts=(admin,),
                required=(admin.id, self.laptop.id),
                moves=(
                    story.read(self.laptop),
                    story.send(self.laptop),
                    story.stay(self.laptop),
                    story.send(self.laptop, channel="ssh"),
                    *story.by_account(admin, self.laptop),
                ),
                truth=truth | {"patient_zero_host": self.laptop.id},
                supporting_rows=known,
            ),
            "conduct": story.incident(
                conduct,
                hosts=(first, jump),
                accounts=(admin,),
                required=(admin.id, jump.id, first.id),
                moves=(
                    story.read(jump),
                    story.send(jump),
                    story.stay(jump),
                    story.stay(first),
                    story.send(first, channel="ssh"),
                    *story.by_account(admin, jump),
                ),
                truth=truth | {"patient_zero_host": jump.id},
                supporting_rows=known,
            ),
        }

    def _installed(self, server: Device, number: int) -> str:
        """The service on one server; on the second one a little after the opening."""
        at_ms = self.started_ms if number == 0 else self.draft.window(1, 0.1, 0.9, "second server")
        service = self.draft.scene.binaries["psexesvc"]
        return self.draft.put(
            Started(
                id=self.draft.next_id(),
                at_ms=at_ms,
                cause="case",
                device=server.id,
                account="SYSTEM",
                binary="psexesvc",
                command_line=f"{service.folder}\\{service.file_name}",
                parent="services",
                action="ServiceInstalled",
                object_name=service.file_name.removesuffix(".exe"),
                integrity="System",
                origin=self.jump.id,
                ordered_by=self.admin.id,
            )
        )

    def _authorisation(self, held: RowRef) -> common.LegRows:
        """Two changes; the approver gives each its list of servers."""
        _, own = self.own_change
        _, other = self.other_change
        swap = Swap(table="tickets", fields=("scope",), deciding=(own,), context=(other,))
        approved = RowRef(event=own, table="tickets", cells=("Number", "Scope", "Approval"))
        return common.LegRows(swap=swap, settles=(approved, held))

    def _provenance(self) -> common.LegRows:
        """Where the log-ons on the servers came from, and a colleague's, who may use the laptop for it."""
        draft, before = self.draft, self.started_ms - self.draft.dice("logs on").between(9_000, 60_000)
        again = [draft.window(1, 0.01, 0.09, "second log-on")]
        times = [before, *again, draft.window(2 + draft.dice("third").below(3), 0.1, 0.9, "third log-on")]
        places = (*self.servers, self.servers[0])
        own = [self._logged_on(self.admin, d, self.jump, t) for d, t in zip(places, times, strict=True)]
        other = self._logged_on(self.head, self.backup, self.laptop, draft.before(50, 95, "colleague"))
        moments = sorted(draft.before(100, 145, f"checked out {n}") for n in range(3))
        held = self._checked_out(self.admin, self.jump, self.own_change[0], moments[0])
        for device, at_ms in zip((self.jump, self.laptop), moments[1:], strict=True):
            self._checked_out(self.head, device, self.other_change[0], at_ms)
        swap = Swap(table="auth_logs", fields=("origin",), deciding=tuple(own), context=(other,))
        settles = (
            RowRef(event=own[0], table="auth_logs", cells=("AccountName", "DeviceName", "SourceHost")),
            RowRef(event=held, table="registers", cells=("Party", "Object", "Scope")),
        )
        return common.LegRows(swap=swap, settles=settles)

    def _logged_on(self, who: Account, device: Device, origin: Device, at_ms: int) -> str:
        event = LoggedOn(
            id=self.draft.next_id(),
            at_ms=at_ms,
            cause="case" if who is self.admin else "mismatched_party",
            account=who.id,
            device=device.id,
            origin=origin.id,
            logon_type=3,
        )
        return self.draft.put(self.draft.late(event, self.timing.arrival))

    def _checked_out(self, who: Account, device: Device, number: str, at_ms: int) -> str:
        until = utc(self.draft.after(150, 300, f"until {at_ms}") // QUARTER_MS * QUARTER_MS)
        return entry(
            self.draft, "privileged sessions", who.id, device.id, who, number,
            at_ms=at_ms, valid_from=utc(at_ms), valid_until=until,
        ).id  # fmt: skip

    def _conduct(self, installed: list[str]) -> common.LegRows:
        """What ran under the service, and what ran on the backup server, where both are allowed."""
        draft, number = self.draft, self.draft.dice("update").between(51_000, 63_999)
        update = f"wusa.exe C:\\Temp\\windows10.0-kb50{number}-x64.msu /quiet /norestart"
        export = (
            f"reg.exe save HKLM\\{draft.dice('hive').pick(HIVES)} C:\\Temp\\{draft.dice('file').hex(4)}.tmp"
        )
        times = [
            self.started_ms + draft.dice("ran").between(20_000, 200_000),
            draft.window(2, 0.1, 0.9, "ran again"),
        ]
        own = [
            self._ran(server, "wusa", update, at_ms, service)
            for server, at_ms, service in zip(self.servers, times, installed, strict=True)
        ]
        other = [
            self._ran(self.backup, "reg", export, draft.before(50 + 9 * n, 58 + 9 * n, f"export {n}"), "")
            for n in range(2)
        ]
        held = self._listed(self.servers[0], "wusa.exe")
        self._listed(self.servers[1], "wusa.exe")
        for name in ("wusa.exe", "reg.exe"):
            self._listed(self.backup, name)
        fields = ("binary", "command_line")
        swap = Swap(table="process_events", fields=fields, deciding=tuple(own), context=tuple(other))
        settles = (
            RowRef(event=own[0], table="process_events", cells=("DeviceName", "FileName")),
            RowRef(event=held, table="registers", cells=("Party", "Object")),
        )
        return common.LegRows(swap=swap, settles=settles)

    def _listed(self, server: Device, name: str) -> str:
        scope = "from afar, listed programs only"
        return entry(self.draft, "maintenance programs", server.id, name, self.head, scope).id

    def _ran(self, server: Device, binary: str, line: str, at_ms: int, service: str) -> str:
        event = Started(
            id=self.draft.next_id(),
            at_ms=at_ms,
            cause="case" if service else "mismatched_party",
            device=server.id,
            account="SYSTEM",
            binary=binary,
            command_line=line,
            parent="psexesvc",
            parent_event=service,
            integrity="System",
            origin=self.jump.id if service else None,
            ordered_by=self.admin.id if service else self.head.id,
        )
        return self.draft.put(self.draft.late(event, self.timing.arrival))
