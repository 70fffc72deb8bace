"""Scripts that look like more: of the management agent, of macros, of administrators."""

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.behaviours.base.affairs import affairs, password
from opensec_inspect.incident.behaviours.base.commands import encoded, script
from opensec_inspect.incident.behaviours.base.network import call_out, reach
from opensec_inspect.incident.behaviours.base.sessions import sign_in
from opensec_inspect.incident.behaviours.base.setting import Person, Setting, around, occasions
from opensec_inspect.incident.behaviours.occasions.changes import administrator, change
from opensec_inspect.incident.behaviours.occasions.parts import path_of, somebody
from opensec_inspect.incident.behaviours.occasions.parts import run as start
from opensec_inspect.incident.facts.browsers import POWERSHELL_AGENT

AGENTS = ("rmm_agent", "agentexecutor", "rmm_agent")
SYSTEM = {"integrity": "System"}
TASKS = (
    ("\\ERP\\", "\\Reports\\", "\\Build\\", "\\Cleanup\\"),
    ("Nightly", "Weekly", "Hourly"),
    ("Export", "Sync", "Rotate"),
)
"""Folder and name of scheduled tasks, in parts."""


def run(setting: Setting) -> None:
    """All of them on this day."""
    for dice in occasions(setting, "rollout", 1, 2):
        _rollout(setting, dice)
    for dice in occasions(setting, "health script", 1, 2):
        _health_script(setting, dice)
    for dice in occasions(setting, "macro", 1, 3):
        _macro(setting, dice)
    for dice in occasions(setting, "typed script", 0.6, 3):
        _typed(setting, dice)
    for dice in occasions(setting, "exclusion", 0.5, 1.5):
        _exclusion(setting, dice)
    for dice in occasions(setting, "archive", 0.5, 2):
        _archive(setting, dice)
    for dice in occasions(setting, "task", 0.6, 2):
        _task(setting, dice)


def _console(setting: Setting, person: Person, minute: float, dice: Dice) -> None:
    """The technician signs in to the management console."""
    console = next(a.name for a in setting.organisation.applications if a.domain == setting.domain("rmm"))
    sign_in(setting, person, minute, dice, console, interactive=True, mfa="push, number matching")


def _rollout(setting: Setting, dice: Dice) -> None:
    """One script on several machines, under a change, from the console."""
    technician = administrator(setting, dice)
    if technician is None or len(setting.clients) < 4:
        return
    begins, management = technician.where.begins + dice.between(100, 380), setting.server("management_server")
    count = 2 if setting.noise == "desk" else 4
    chosen = [one for one in setting.clients if one[1] < begins < one[2] - 40]
    machines = [device for device, _, _ in dice.some(chosen, min(count, len(chosen)))]
    kind = dice.pick(("standard", "normal", "normal"))
    scope = ", ".join(m.hostname for m in machines)
    app = next(a.name for a in setting.organisation.applications if a.domain == setting.domain("rmm"))
    change(
        setting, dice, kind, begins, begins + 90, "change_maintenance", item=management, scope=scope, app=app
    )
    _console(setting, technician, begins + 1, dice)
    payload = script(dice, dice.between(1000, 9999))
    line = f"powershell.exe -NoLogo -NonInteractive -ExecutionPolicy Bypass -EncodedCommand {payload}"
    for machine in machines:
        minute = begins + dice.between(3, 30)
        ordered = {"ordered_by": technician.id, "origin": management} | SYSTEM
        start(
            setting, "rollout", machine.id, "SYSTEM", minute, dice, "powershell", "rmm_agent", line, **ordered
        )
        call_out(
            setting,
            machine.id,
            setting.domain("rmm"),
            minute + 1,
            dice,
            concern="rollout",
            binary="powershell",
            host_label="cdn",
            method="GET",
            uri=f"/v2/{dice.hex(12)}.nupkg",
            user_agent=POWERSHELL_AGENT,
        )


def _health_script(setting: Setting, dice: Dice) -> None:
    """The agent repairs one machine by itself."""
    if not setting.clients:
        return
    device, begins, ends = dice.pick(setting.clients)
    minute, parent = begins + dice.below(max(1, ends - begins)), dice.pick(AGENTS)
    payload = script(dice, dice.between(1000, 9999))
    start(
        setting,
        "health",
        device.id,
        "SYSTEM",
        minute,
        dice,
        "powershell",
        parent,
        f"powershell.exe -NoProfile -EncodedCommand {payload}",
        **SYSTEM,
    )


def _macro(setting: Setting, dice: Dice) -> None:
    """The monthly report of finance: a workbook starts the add-in's script, which asks the server."""
    if (found := somebody(setting, dice, "finance", "office")) is None:
        return
    person, minute = found
    device, folder = str(person.device), setting.scene.binaries["erp_addin"].folder
    period = f"{setting.day:%Y-%m}"
    binary, line = dice.pick((
        ("cscript", f'cscript.exe //nologo "{folder}\\monthly.vbs" /period:{period}'),
        ("wscript", f'wscript.exe "{folder}\\refresh.vbs" {period}'),
        ("powershell", f'powershell.exe -ExecutionPolicy Bypass -File "{folder}\\Export.ps1" {period}'),
        ("cmd", f'cmd.exe /c "{folder}\\load.cmd" {period}'),
    ))  # fmt: skip
    share, files = (
        affairs(setting.key, setting.noise).share(dice, person.account),
        affairs(setting.key, setting.noise).files,
    )
    workbook = f'"{path_of(setting, "excel")}" "{share.path}\\{dice.pick(files)}.xlsm"'
    first = start(setting, "macro", device, person.id, minute, dice, "excel", "explorer", workbook)
    fields = {"parent_event": first.id, "parent_command_line": workbook}
    second = start(
        setting,
        "macro",
        device,
        person.id,
        minute + dice.between(1, 5),
        dice,
        binary,
        "excel",
        line,
        **fields,
    )
    addin = f'"{path_of(setting, "erp_addin")}" --period {period} --out "{share.path}"'
    above = {"parent_event": second.id, "parent_command_line": line}
    start(setting, "macro", device, person.id, minute + 6, dice, "erp_addin", binary, addin, **above)
    _reported(setting, dice, person, minute)


def _reported(setting: Setting, dice: Dice, person: Person, minute: float) -> None:
    """What the add-in does on the network: it asks its server, then its vendor."""
    device = str(person.device)
    server = setting.server("app_server")
    reach(
        setting,
        device,
        server,
        "http",
        minute + 6,
        dice,
        account=person.id,
        concern="macro",
        binary="erp_addin",
        method="POST",
        uri="/report/monthly",
    )
    fields_out = {
        "account": person.id,
        "binary": "erp_addin",
        "host_label": "macro",
        "bytes_out": around(dice, 41_000),
    }
    call_out(
        setting,
        device,
        setting.domain("erp"),
        minute + 7,
        dice,
        concern="macro",
        actor=person.id,
        **fields_out,
    )


def _typed(setting: Setting, dice: Dice) -> None:
    """A developer or administrator fetches something from the command line."""
    if (found := somebody(setting, dice, "developer", "administrator")) is None:
        return
    person, minute = found
    domain = dice.pick(
        (setting.domain("rmm"), setting.domain("backup"), setting.domain("updates"), setting.domain("cdn"))
    )
    label = setting.scene.names[domain].hosts[0]
    url, file = f"https://{label}.{domain}/{dice.hex(6)}/setup.msi", f"$env:TEMP\\s{dice.between(10, 99)}.msi"
    line = f'powershell.exe -Command "Invoke-WebRequest {url} -OutFile {file}"'
    start(setting, "typed", str(person.device), person.id, minute, dice, "powershell", "powershell", line)
    fields = {
        "account": person.id,
        "binary": "powershell",
        "host_label": label,
        "bytes_in": around(dice, 22_000_000),
    }
    call_out(
        setting, str(person.device), domain, minute + 0.2, dice, concern="typed", actor=person.id, **fields
    )


def _exclusion(setting: Setting, dice: Dice) -> None:
    """The database's folder is left out of the virus scan."""
    person = administrator(setting, dice)
    if person is not None:
        server, minute = setting.server("app_server"), person.where.begins + dice.between(60, 400)
        folder = dice.pick(("D:\\SQLData", "E:\\Logs", "D:\\ERPData"))
        payload = encoded(f"Add-MpPreference -ExclusionPath '{folder}'") if dice.chance(0.3) else ""
        line = (
            f"powershell.exe -EncodedCommand {payload}"
            if payload
            else f"powershell.exe Add-MpPreference -ExclusionPath '{folder}'"
        )
        fields = {"origin": setting.server("jump_server"), "integrity": "High"}
        start(setting, "exclusion", server, person.id, minute, dice, "powershell", "explorer", line, **fields)


def _archive(setting: Setting, dice: Dice) -> None:
    """Papers for an auditor, packed with a password."""
    if (found := somebody(setting, dice, "finance", "office")) is not None:
        person, minute = found
        name = dice.pick(affairs(setting.key, setting.noise).files).replace(" ", "_")
        line = f'"{path_of(setting, "sevenzip_cli")}" a -tzip -p{password(dice)} {name}.zip {name}*.pdf'
        start(
            setting, "archive", str(person.device), person.id, minute, dice, "sevenzip_cli", "explorer", line
        )


def _task(setting: Setting, dice: Dice) -> None:
    """A scheduled task of a developer or administrator."""
    if (found := somebody(setting, dice, "developer", "administrator")) is not None:
        person, minute = found
        name = "".join(dice.pick(part) for part in TASKS)
        script = name.rpartition("\\")[2].replace(" ", "-").lower()
        time, command = f"{dice.between(18, 23)}:{dice.between(10, 55)}", f"C:\\Scripts\\{script}.cmd"
        line = f'schtasks /Create /SC DAILY /TN "{name}" /TR {command} /ST {time}'
        fields = {"action": "ScheduledTaskCreated", "object_name": name}
        start(setting, "task", str(person.device), person.id, minute, dice, "schtasks", "cmd", line, **fields)
