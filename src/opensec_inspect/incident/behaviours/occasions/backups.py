"""Copies: every night of each server, of the directory, of old projects, and outside."""

from typing import Any

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.behaviours.base.affairs import affairs
from opensec_inspect.incident.behaviours.base.network import call_out, reach
from opensec_inspect.incident.behaviours.base.setting import Setting, around, occasions
from opensec_inspect.incident.behaviours.occasions.parts import log_on, path_of
from opensec_inspect.incident.behaviours.occasions.parts import run as start
from opensec_inspect.incident.facts.browsers import RCLONE_AGENT
from opensec_inspect.incident.facts.entities import Device
from opensec_inspect.incident.facts.events import FileUsed


def run(setting: Setting) -> None:
    """All of them on this day."""
    _backups(setting)
    for dice in occasions(setting, "directory copy", 1, 2):
        _directory_copy(setting, dice, 75 + dice.below(160))
    for dice in occasions(setting, "directory copy again", 0.3, 1):
        _directory_copy(setting, dice, 610 + dice.below(240))
    for dice in occasions(setting, "archive copy", 1, 4):
        _archive_copy(setting, dice)
    for dice in occasions(setting, "offsite copy", 1, 3):
        _offsite_copy(setting, dice)


def _backups(setting: Setting) -> None:
    """Every night each server is copied to the backup server."""
    target, account = setting.server("backup_server"), setting.service("svc-backup")
    for server in setting.servers:
        dice = setting.dice("backup", server.id)
        if server.id == target or dice.chance(0.05):
            continue
        minute = 25 + dice.below(255)
        log_on(setting, "backup", account, server.id, target, minute, dice)
        sizes = {
            "bytes_out": around(dice, 2_600_000_000),
            "bytes_in": around(dice, 9_000_000),
            "duration_ms": around(dice, 1_500_000),
        }
        reach(
            setting,
            server.id,
            target,
            "smb",
            minute + 2,
            dice,
            account=account,
            concern="backup",
            binary="backup_agent",
            **sizes,
        )
        if dice.chance(0.3):
            line = f'"{path_of(setting, "backup_agent")}" run --job {_job(server)} --id {dice.hex(8)}'
            start(
                setting,
                "backup",
                server.id,
                account,
                minute + 1,
                dice,
                "backup_agent",
                "services",
                line,
                integrity="High",
            )


def _directory_copy(setting: Setting, dice: Dice, minute: float) -> None:
    """The backup agent copies the directory's database to the repository; by day, when the night failed."""
    controller, target, account = (
        setting.server("domain_controller"),
        setting.server("backup_server"),
        setting.service("svc-backup"),
    )
    repository = f"\\\\{setting.scene.devices[target].hostname}\\Repository$"
    folder = f"{repository}\\AD-{setting.day:%Y%m%d}"
    binary, line = dice.pick((
        ("vssadmin", "vssadmin.exe create shadow /for=C:"),
        ("wbadmin", f"wbadmin start systemstatebackup -backupTarget:{repository} -quiet"),
        ("ntdsutil", f'ntdsutil.exe "ac i ntds" ifm "create full {folder}" q q'),
    ))  # fmt: skip
    log_on(setting, "directory copy", account, controller, None, minute, dice, logon_type=5)
    _agent_runs(setting, dice, controller, account, minute, (binary, line))
    size = around(dice, 480_000_000)
    reach(
        setting,
        controller,
        target,
        "smb",
        minute + 4,
        dice,
        account=account,
        concern="directory copy",
        bytes_out=size + dice.between(90_000, 900_000),
    )
    _file(
        setting,
        dice,
        minute + 5,
        target,
        account,
        controller,
        "FileCreated",
        folder,
        "ntds.dit",
        size,
        share="Repository$",
    )


def _agent_runs(
    setting: Setting, dice: Dice, controller: str, account: str, minute: float, command: tuple[str, str]
) -> None:
    """The backup agent's job, and the command that it starts."""
    binary, line = command
    agent = f'"{path_of(setting, "backup_agent")}" run --job NIGHTLY-DC01 --id {dice.hex(8)}'
    first = start(
        setting,
        "directory copy",
        controller,
        account,
        minute + 1,
        dice,
        "backup_agent",
        "services",
        agent,
        integrity="High",
    )
    fields: dict[str, Any] = {"parent_event": first.id, "parent_command_line": agent, "integrity": "High"}
    start(
        setting,
        "directory copy",
        controller,
        account,
        minute + 2,
        dice,
        binary,
        "backup_agent",
        line,
        **fields,
    )


def _file(
    setting: Setting,
    dice: Dice,
    minute: float,
    device: str,
    account: str,
    origin: str | None,
    action: str,
    folder: str,
    name: str,
    size: int,
    **fields: Any,
) -> None:
    setting.add(
        FileUsed,
        "file",
        account,
        setting.at(minute, dice),
        device=device,
        account=account,
        origin=origin,
        action=action,
        folder=folder,
        name=name,
        size=size,
        **fields,
    )


def _archive_copy(setting: Setting, dice: Dice) -> None:
    """Old projects go to the archive at night, or somebody reads a whole folder by day."""
    matters, night = affairs(setting.key, setting.noise), dice.chance(0.5)
    share = dice.pick([s for s in matters.shares if s.classification == "internal"])
    server = share.device or setting.server("file_server")
    folder, count = f"{share.path}\\{dice.pick(matters.projects)}", dice.between(70, 900)
    fields = {"count": count, "share": share.path.rsplit("\\", 1)[-1]}
    if night:
        target, account = setting.server("backup_server"), setting.service("svc-backup")
        _file(
            setting,
            dice,
            130 + dice.below(120),
            server,
            account,
            target,
            "FileCopied",
            folder,
            "*",
            count * 410_000,
            **fields,
        )
    elif setting.at_work:
        person = dice.pick(setting.at_work)
        minute = person.where.begins + dice.between(30, 300)
        log_on(setting, "reading", person.id, server, person.device, minute, dice)
        _file(
            setting,
            dice,
            minute + 1,
            server,
            person.id,
            person.device,
            "FileRead",
            folder,
            "*",
            count * 290_000,
            **fields,
        )


def _offsite_copy(setting: Setting, dice: Dice) -> None:
    """A copy of the backups goes to the vendor's vault at night."""
    server, account, minute = (
        setting.server("backup_server"),
        setting.service("svc-backup"),
        150 + dice.below(150),
    )
    remote = f"vault:{setting.organisation.netbios.lower()}"
    line = f"{path_of(setting, 'rclone')} copy D:\\Repository\\weekly {remote} --bwlimit 40M"
    start(setting, "offsite", server, account, minute, dice, "rclone", "backup_agent", line, integrity="High")
    sizes: dict[str, Any] = {
        "bytes_out": around(dice, 320_000_000),
        "bytes_in": around(dice, 1_400_000),
        "duration_ms": around(dice, 1_100_000),
    }
    call_out(
        setting,
        server,
        setting.domain("backup"),
        minute + 1,
        dice,
        concern="offsite",
        account=account,
        binary="rclone",
        host_label="vault",
        method="POST",
        uri=f"/v1/objects/{dice.hex(12)}",
        user_agent=RCLONE_AGENT,
        **sizes,
    )


def _job(server: Device) -> str:
    """Name of a server's job, as the schedule has it."""
    return f"NIGHTLY-{server.hostname.rsplit('-', 1)[-1]}"
