"""Work at somebody else's machine: remote support, its commands, programs from the download folder."""

from functools import partial

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.behaviours.base.network import call_out
from opensec_inspect.incident.behaviours.base.records import analyst_at, asked, entry, initials, line, number
from opensec_inspect.incident.behaviours.base.setting import Person, Setting, around, occasions
from opensec_inspect.incident.behaviours.base.words import said
from opensec_inspect.incident.behaviours.occasions.parts import path_of, somebody
from opensec_inspect.incident.behaviours.occasions.parts import run as start
from opensec_inspect.incident.facts.events import FileUsed, Started

COMMANDS = (
    ("ipconfig", "ipconfig /all"),
    ("whoami", "whoami /groups"),
    ("systeminfo", "systeminfo"),
    ("net", "net use"),
    ("quser", "quser"),
    ("tasklist", "tasklist /svc"),
    ("netsh", "netsh winhttp show proxy"),
)


def run(setting: Setting) -> None:
    """All of them on this day."""
    for dice in occasions(setting, "support session", 1.4, 4):
        _session(setting, dice, "assist")
    for dice in occasions(setting, "support by download", 1, 2):
        _session(setting, dice, "assist_download")
    for dice in occasions(setting, "quick assist", 0.8, 2):
        _session(setting, dice, "quickassist")
    for dice in occasions(setting, "installer", 0.6, 3):
        _installer(setting, dice)


def _session(setting: Setting, dice: Dice, tool: str) -> None:
    """Somebody calls, the desk looks at the machine; the tool was there, or is fetched for once."""
    found = somebody(setting, dice, "office", "finance", "executive", "developer")
    analyst = analyst_at(setting, found[1] - 9) if found else None
    if found is None or analyst is None:
        return
    person, minute = found
    device, ticket = str(person.device), number(setting, "IMS", minute - 9)
    summary, description = said(
        setting, "ticket_app_error", dice, host=setting.scene.devices[device].hostname
    )
    write = partial(
        line,
        setting,
        analyst,
        dice=dice,
        ticket=ticket,
        kind="interaction",
        requested_for=person.id,
        assigned_to=analyst.id,
        group="Service Desk",
        contact="phone",
        item=device,
    )
    write(minute=minute - 9, state="New", summary=summary, description=description)
    if dice.chance(0.35):
        asked(setting, dice, minute - 6, ticket, person, analyst)
    session = f"{dice.between(100, 999)} {dice.between(100, 999)} {dice.between(100, 999)}"
    if tool == "assist_download":
        _fetched(setting, person, minute - 2, dice)
    first = _connected(setting, dice, tool, minute, session, (person, analyst))
    entry(setting, minute + 2, dice, "remote support sessions", "REG", device, session, analyst, scope=ticket)
    if dice.chance(0.6):
        _looked_around(setting, device, person, analyst, minute + 3, dice, first.id)
    write(minute=minute + 33, state="Closed", work_note=initials(analyst))


def _connected(
    setting: Setting, dice: Dice, tool: str, minute: float, session: str, both: tuple[Person, Person]
) -> Started:
    """The tool is started on the person's machine; both ends, the analyst's too, talk to its relay."""
    person, analyst = both
    device = str(person.device)
    parent = "msedge" if tool == "assist_download" else "explorer"
    line_ = (
        f'"{path_of(setting, tool)}" --session {session.replace(" ", "")}'
        if tool != "quickassist"
        else f'"{path_of(setting, tool)}"'
    )
    first = start(setting, "support", device, person.id, minute, dice, tool, parent, line_)
    for machine, account in ((device, person.id), (str(analyst.device), analyst.id)):
        sizes = {
            "bytes_out": around(dice, 14_000_000),
            "bytes_in": around(dice, 3_000_000),
            "duration_ms": around(dice, 900_000),
        }
        domain = setting.domain("platform" if tool == "quickassist" else "assist")
        label = "teams" if tool == "quickassist" else "relay"
        call_out(
            setting,
            machine,
            domain,
            minute + 1,
            dice,
            concern="support",
            actor=account,
            account=account,
            binary=tool,
            host_label=label,
            **sizes,
        )
    return first


def _fetched(setting: Setting, person: Person, minute: float, dice: Dice) -> None:
    """The tool is downloaded from its vendor."""
    binary, domain = setting.scene.binaries["assist_download"], setting.domain("assist")
    call_out(
        setting,
        str(person.device),
        domain,
        minute,
        dice,
        concern="support",
        actor=person.id,
        account=person.id,
        binary="msedge",
        host_label="download",
        bytes_in=around(dice, 9_000_000),
    )
    setting.add(
        FileUsed,
        "support",
        person.id,
        setting.at(minute + 0.4, dice),
        device=str(person.device),
        account=person.id,
        action="FileCreated",
        folder=binary.folder,
        name=binary.file_name,
        size=around(dice, 8_700_000),
        binary="msedge",
        origin_url=f"https://download.{domain}/quick/{binary.file_name}",
    )


def _looked_around(
    setting: Setting, device: str, person: Person, analyst: Person, minute: float, dice: Dice, parent: str
) -> None:
    """Commands that the analyst has run to see what is wrong."""
    shell = start(
        setting,
        "support",
        device,
        person.id,
        minute,
        dice,
        "cmd",
        "explorer",
        "cmd.exe",
        ordered_by=analyst.id,
    )
    for binary, command in dice.some(COMMANDS, dice.between(3, 5)):
        minute += dice.between(11, 58) / 60
        fields = {"ordered_by": analyst.id, "parent_event": shell.id, "parent_command_line": "cmd.exe"}
        start(setting, "support", device, person.id, minute, dice, binary, "cmd", command, **fields)


def _installer(setting: Setting, dice: Dice) -> None:
    """Somebody runs what they downloaded."""
    if (found := somebody(setting, dice)) is None:
        return
    person, minute = found
    domain = dice.pick(setting.names_of("saas", "vendor"))
    fields = {"account": person.id, "binary": "msedge", "bytes_in": around(dice, 31_000_000)}
    call_out(
        setting, str(person.device), domain, minute, dice, concern="installer", actor=person.id, **fields
    )
    path = path_of(setting, "installer")
    start(
        setting,
        "installer",
        str(person.device),
        person.id,
        minute + 2,
        dice,
        "installer",
        "explorer",
        f'"{path}" /S',
        integrity="High",
    )
