"""Work on servers: patch evenings, remote desktops, a service with an old password."""

from typing import Any

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.behaviours.base.network import reach
from opensec_inspect.incident.behaviours.base.records import entry
from opensec_inspect.incident.behaviours.base.setting import MINUTE_MS, Setting, around, occasions
from opensec_inspect.incident.behaviours.occasions.changes import administrator, change
from opensec_inspect.incident.behaviours.occasions.parts import log_on, path_of
from opensec_inspect.incident.behaviours.occasions.parts import run as start
from opensec_inspect.incident.facts.entities import Device
from opensec_inspect.incident.facts.events import Started

ON_SERVERS = (
    ("mmc", "explorer", '"C:\\Windows\\system32\\mmc.exe" "C:\\Windows\\system32\\services.msc"'),
    ("powershell", "explorer", '"C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe"'),
    ("net", "cmd", "net localgroup Administrators"),
    ("nltest", "cmd", "nltest /dclist:"),
    ("quser", "cmd", "quser"),
    ("reg", "cmd", "reg query HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion /v CurrentBuild"),
    ("wevtutil", "cmd", "wevtutil epl System C:\\Temp\\system.evtx"),
    ("robocopy", "cmd", "robocopy D:\\Shares\\Old E:\\Archive /MIR /R:1 /W:1 /LOG:C:\\Temp\\copy.log"),
)
FROM_AFAR = (
    ("wusa", "wusa.exe C:\\Temp\\windows10.0-kb50{number}-x64.msu /quiet /norestart"),
    ("sc", "sc query wuauserv"),
    ("sc", "sc config Spooler start= disabled"),
    ("reg", "reg query HKLM\\SOFTWARE\\Microsoft\\Updates /s"),
    ("wevtutil", "wevtutil qe Setup /c:20 /rd:true /f:text"),
    ("gpupdate", "gpupdate.exe /force"),
    ("msiexec", "msiexec.exe /i C:\\Temp\\vc_redist_{number}.msi /qn"),
)
"""What runs under the service of a patch evening; a number is filled in."""


def run(setting: Setting) -> None:
    """All of them on this day."""
    for dice in occasions(setting, "patch evening", 1, 2):
        _patch_evening(setting, dice)
    for dice in occasions(setting, "remote desktop", 2, 9):
        _remote_desktop(setting, dice)
    for dice in occasions(setting, "old service password", 0.5, 1):
        _old_service_password(setting, dice)


def _patch_evening(setting: Setting, dice: Dice) -> None:
    """An administrator patches servers from the jump server, under a change, in a checked-out session."""
    person = administrator(setting, dice)
    if person is None:
        return
    begins, jump = 1_020 + dice.below(210), setting.server("jump_server")
    chosen = [
        s
        for s in setting.servers
        if s.role in {"file_server", "app_server", "management_server", "database_server", "build_server"}
    ]
    servers = dice.some(chosen, dice.between(1, min(4, len(chosen))))
    scope = ", ".join(s.hostname for s in servers)
    ticket = change(
        setting, dice, "normal", begins, begins + 110, "change_maintenance", item=jump, scope=scope
    )
    starts, ends = (setting.utc(setting.midnight + int(m) * MINUTE_MS) for m in (begins, begins + 110))
    entry(
        setting,
        begins - 8,
        dice,
        "privileged sessions",
        "PAM",
        person.id,
        jump,
        person,
        scope=ticket or scope,
        valid_from=starts,
        valid_until=ends,
    )
    log_on(setting, "patch", person.id, jump, person.device, begins, dice, logon_type=10)
    reach(setting, str(person.device), jump, "rdp", begins, dice, account=person.id, concern="patch")
    minute = begins + 6.0
    for server in servers:
        _patched(setting, dice, person.id, jump, server, minute)
        minute += dice.between(14, 29)


def _patched(setting: Setting, dice: Dice, account: str, jump: str, server: Device, minute: float) -> None:
    """One server: perhaps mistyped passwords, the service, the patch or a look at services."""
    for _ in range(dice.below(3) if dice.chance(0.35) else 0):
        log_on(
            setting,
            "patch",
            account,
            server.id,
            jump,
            minute - 1,
            dice,
            outcome="bad_password",
            package="NTLM",
        )
    start(
        setting,
        "patch",
        jump,
        account,
        minute,
        dice,
        "psexec",
        "cmd",
        f"{setting.scene.binaries['psexec'].file_name} \\\\{server.hostname} -s cmd.exe",
        integrity="High",
    )
    log_on(setting, "patch", account, server.id, jump, minute + 0.1, dice)
    reach(
        setting,
        jump,
        server.id,
        "smb",
        minute + 0.1,
        dice,
        account=account,
        concern="patch",
        bytes_out=around(dice, 840_000),
    )
    service = _service_started(setting, dice, account, jump, server, minute + 0.3)
    for binary, shape in dice.some(FROM_AFAR, dice.between(1, 3)):
        line = shape.format(number=dice.between(51_000, 63_999))
        minute += 1 + dice.between(8, 80) / 60
        fields: dict[str, Any] = {
            "parent_event": service.id,
            "origin": jump,
            "ordered_by": account,
            "integrity": "System",
        }
        start(setting, "patch", server.id, "SYSTEM", minute, dice, binary, "psexesvc", line, **fields)


def _service_started(
    setting: Setting, dice: Dice, account: str, jump: str, server: Device, minute: float
) -> Started:
    """The service that commands from afar run in, installed and started."""
    installed = {
        "action": "ServiceInstalled",
        "object_name": setting.scene.binaries["psexesvc"].file_name.removesuffix(".exe"),
        "origin": jump,
        "ordered_by": account,
        "integrity": "System",
    }
    return start(
        setting,
        "patch",
        server.id,
        "SYSTEM",
        minute,
        dice,
        "psexesvc",
        "services",
        path_of(setting, "psexesvc"),
        **installed,
    )


def _remote_desktop(setting: Setting, dice: Dice) -> None:
    """An administrator looks after a server, through the jump server."""
    person = administrator(setting, dice)
    if person is None:
        return
    minute, jump, server = (
        person.where.begins + dice.between(40, 430),
        setting.server("jump_server"),
        dice.pick(setting.servers),
    )
    log_on(setting, "desktop", person.id, jump, person.device, minute, dice, logon_type=10)
    reach(setting, str(person.device), jump, "rdp", minute, dice, account=person.id, concern="desktop")
    if server.id == jump:
        return
    log_on(setting, "desktop", person.id, server.id, jump, minute + 2, dice, logon_type=10)
    reach(setting, jump, server.id, "rdp", minute + 2, dice, account=person.id, concern="desktop")
    for binary, parent, line in dice.some(ON_SERVERS, dice.between(1, 3)):
        minute += dice.between(2, 9)
        start(setting, "desktop", server.id, person.id, minute, dice, binary, parent, line, integrity="High")


def _old_service_password(setting: Setting, dice: Dice) -> None:
    """A service tries its old password until somebody mends it."""
    account, minute = setting.service("svc-sqlapp"), 400.0 + dice.below(600)
    for _ in range(dice.between(4, 6)):
        minute += dice.between(45, 120) / 60
        log_on(
            setting,
            "old password",
            account,
            setting.server("file_server"),
            setting.server("app_server"),
            minute,
            dice,
            outcome="bad_password",
            package="NTLM",
        )
