"""What machines do by themselves: updates, scans, agents, log-ons of machine and service accounts."""

from typing import Any

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.behaviours.base.commands import filled, shapes, weighted
from opensec_inspect.incident.behaviours.base.network import call_out, reach
from opensec_inspect.incident.behaviours.base.setting import DAY_MIN, Person, Setting, around, minutes, rate
from opensec_inspect.incident.facts.events import LoggedOn, Started

CLIENT_STARTS, SERVER_STARTS = {"desk": 3.6, "soc": 3.5}, {"desk": 5.0, "soc": 5.6}
CLIENT_CALLS, SERVER_CALLS = {"desk": 1.2, "soc": 2.1}, {"desk": 2.0, "soc": 4.0}
PROBES = {"desk": 1.1, "soc": 2.2}
"""Per machine and day, on average; set so that the tables come near the volumes aimed at."""
WEEKEND = 0.55
"""Share of a working day's background that servers have at weekends."""
BEACON_MIN = {"desk": 118.0, "soc": 47.0}
"""Minutes between two reports of the monitoring agent; each is early or late by up to a tenth."""
CALLS: tuple[tuple[int, str, str], ...] = (
    (5, "updates", "svchost"),
    (4, "rmm", "rmm_agent"),
    (3, "platform", "teams"),
    (2, "updates", "msmpeng"),
    (2, "print", "print_client"),
    (1, "assist", "assist"),
)
SERVER_CALLS_TO: tuple[tuple[int, str, str], ...] = (
    (4, "updates", "svchost"),
    (4, "rmm", "rmm_agent"),
    (2, "monitor", "monitor_agent"),
    (1, "updates", "msmpeng"),
)


def run(setting: Setting) -> None:
    """The background of every machine that is on."""
    for device, begins, ends in setting.clients:
        _client(setting, device.id, begins, ends)
    for server in setting.servers:
        _server(setting, server.id)
    _beacons(setting)
    _services(setting)


def start_from(
    setting: Setting, device: str, shape: Any, minute: float, dice: Dice, user: Person | None
) -> None:
    """A process of a machine's background, from its shape."""
    _, binary, parent, account, line, above = shape
    if account == "USER":
        account = user.id if user is not None else "SYSTEM"
    elif account.startswith("svc-"):
        account = setting.service(account)
    program = setting.scene.binaries[parent]
    sam = user.account.sam if user is not None else "defaultuser0"
    command, _, started_by = filled(setting, f"{line}\n{above}", dice, sam=sam).partition("\n")
    setting.add(
        Started,
        "background",
        device,
        setting.at(minute, dice),
        device=device,
        account=account,
        binary=binary,
        command_line=command,
        parent=parent,
        parent_command_line=started_by or f'"{program.folder}\\{program.file_name}"',
        integrity=_integrity(shape[3], line),
    )


def _integrity(account: str, command_line: str) -> str:
    """The level that Windows gives: services run high, what a browser shows runs low."""
    if account == "SYSTEM":
        return "System"
    if account.startswith("svc-"):
        return "High"
    return "Low" if "--type=renderer" in command_line else "Medium"


def _client(setting: Setting, device: str, begins: int, ends: int) -> None:
    dice = setting.dice("client", device)
    user = next((p for p in setting.at_work if p.device == device), None)
    for minute in minutes(dice, [(begins, ends)], rate(dice, CLIENT_STARTS[setting.noise])):
        start_from(setting, device, weighted(dice, shapes("client")), minute, dice, user)
    for minute in minutes(dice, [(begins, ends)], rate(dice, CLIENT_CALLS[setting.noise])):
        _, service, binary = weighted(dice, CALLS)
        call_out(
            setting,
            device,
            setting.domain(service),
            minute,
            dice,
            concern="calls",
            binary=binary,
            bytes_in=around(dice, 90_000),
        )
    controller = setting.server("domain_controller")
    for minute in minutes(dice, [(begins, begins + 40), (begins, ends)], rate(dice, 1.3)):
        at = setting.at(minute, dice)
        setting.add(
            LoggedOn, "machine", device, at, account=device, device=controller, origin=device, logon_type=3
        )
    if dice.chance(0.5):
        service, minute = (
            dice.pick(("ldap_tcp", "krb_tcp", "smb")),
            begins + dice.below(max(1, ends - begins)),
        )
        reach(setting, device, controller, service, minute, dice, concern="machine")


def _server(setting: Setting, device: str) -> None:
    dice, quiet = setting.dice("server", device), WEEKEND if setting.day.weekday() > 4 else 1.0
    for minute in minutes(dice, [(0, DAY_MIN - 1)], rate(dice, quiet * SERVER_STARTS[setting.noise])):
        start_from(setting, device, weighted(dice, shapes("server")), minute, dice, None)
    for minute in minutes(dice, [(0, DAY_MIN - 1)], rate(dice, quiet * SERVER_CALLS[setting.noise])):
        _, service, binary = weighted(dice, SERVER_CALLS_TO)
        call_out(setting, device, setting.domain(service), minute, dice, concern="calls", binary=binary)
    controller = setting.server("domain_controller")
    if device != controller:
        for minute in minutes(dice, [(0, DAY_MIN - 1)], rate(dice, 1.6)):
            at = setting.at(minute, dice)
            setting.add(
                LoggedOn,
                "machine",
                device,
                at,
                account=device,
                device=controller,
                origin=device,
                logon_type=3,
            )


def _beacons(setting: Setting) -> None:
    """The monitoring agent on the management server reports nearly regularly, day and night."""
    device, every = setting.server("management_server"), BEACON_MIN[setting.noise]
    dice, minute = setting.dice("beacon", device), 0.0
    program, release = setting.scene.binaries["monitor_agent"].file_name, Dice(f"{setting.key}|collector")
    agent = f"{program.removesuffix('.exe')}/{release.between(2, 9)}.{release.below(12)}"
    minute += setting.dice("beacon first").below(int(every))
    while minute < DAY_MIN - 1:
        call_out(
            setting,
            device,
            setting.domain("monitor"),
            minute,
            dice,
            concern="beacon",
            host_label="ingest",
            binary="monitor_agent",
            bytes_out=dice.between(1_720, 2_890),
            bytes_in=dice.between(410, 660),
            duration_ms=around(dice, 380),
            user_agent=agent,
        )
        minute += every * (0.9 + 0.2 * dice.below(10_000) / 10_000)


def _services(setting: Setting) -> None:
    """Service accounts: monitoring looks at servers, the directory is synchronised, the database is used."""
    dice, origin = setting.dice("services"), setting.server("management_server")
    monitor, sync, database = (setting.service(sam) for sam in ("svc-monitor", "svc-dirsync", "svc-sqlapp"))
    for server in setting.servers:
        for minute in minutes(dice, [(0, DAY_MIN - 1)], rate(dice, PROBES[setting.noise])):
            at = setting.at(minute, dice)
            setting.add(
                LoggedOn,
                "probe",
                server.id,
                at,
                account=monitor,
                device=server.id,
                origin=origin,
                logon_type=3,
            )
    for minute in minutes(dice, [(0, DAY_MIN - 1)], rate(dice, 4)):
        controller, at = setting.server("domain_controller"), setting.at(minute, dice)
        setting.add(LoggedOn, "sync", sync, at, account=sync, device=controller, origin=origin, logon_type=3)
        call_out(
            setting,
            origin,
            setting.domain("platform"),
            minute + 1,
            dice,
            concern="sync",
            actor=sync,
            account=sync,
            host_label="graph",
        )
    application = setting.server("app_server")
    for minute in minutes(dice, [(0, DAY_MIN - 1)], rate(dice, 3)):
        setting.add(
            LoggedOn,
            "database",
            database,
            setting.at(minute, dice),
            account=database,
            device=application,
            logon_type=5,
        )
