"""What people do at their machines: programs, mail, sites, shares, pages."""

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.behaviours.base.affairs import Affairs
from opensec_inspect.incident.behaviours.base.commands import filled, user_shapes, weighted
from opensec_inspect.incident.behaviours.base.network import browse, reach
from opensec_inspect.incident.behaviours.base.sessions import sign_in, user_agent
from opensec_inspect.incident.behaviours.base.setting import Person, Setting, around
from opensec_inspect.incident.facts.browsers import SYNC_AGENT
from opensec_inspect.incident.facts.events import CloudOperated, FileUsed, LoggedOn, Started

ACTIVITIES: tuple[tuple[int, str], ...] = (
    (26, "mail"),
    (25, "program"),
    (22, "browse"),
    (13, "token"),
    (16, "file"),
    (10, "share"),
)
"""What people do next, by weight."""
APPS = (
    "Office 365 Exchange Online",
    "Microsoft Teams",
    "Office 365 SharePoint Online",
    "OfficeHome",
    "Microsoft Office",
    "OneDrive SyncEngine",
)
MAIL_OPERATIONS = (
    (7, "MailItemsAccessed"),
    (2, "Send"),
    (2, "MoveToDeletedItems"),
    (1, "Update"),
    (1, "SoftDelete"),
)
"""What the mailbox's audit log shows of a mail program, by weight."""
OUTLOOK_DESKTOP = "Client=OutlookService;Outlook-Desktop/16.0"


def network_logon(setting: Setting, person: Person, minute: float, dice: Dice, server: str) -> None:
    """The person's machine logs on to a server."""
    setting.add(
        LoggedOn,
        "logon",
        person.id,
        setting.at(minute, dice),
        account=person.id,
        device=server,
        origin=person.device,
        logon_type=3,
        package="NTLM" if dice.chance(0.07) else "Kerberos",
    )


def start_program(
    setting: Setting,
    person: Person,
    minute: float,
    dice: Dice,
    shape: tuple[int, str, str, str],
    facts: dict[str, str],
) -> None:
    """The person starts a program, given as weight, binary, parent and command line."""
    _, binary, parent, line = shape
    command = filled(setting, line, dice, sam=person.account.sam, **facts)
    above = setting.scene.binaries[parent]
    setting.add(
        Started,
        "program",
        person.id,
        setting.at(minute, dice),
        device=str(person.device),
        account=person.id,
        binary=binary,
        command_line=command,
        parent=parent,
        parent_command_line="C:\\Windows\\Explorer.EXE"
        if parent == "explorer"
        else f'"{above.folder}\\{above.file_name}"',
    )


def _program(setting: Setting, person: Person, minute: float, dice: Dice, matters: Affairs) -> None:
    role = person.account.role
    kind = role if role in {"developer", "administrator"} and dice.chance(0.6) else "office"
    shape = weighted(dice, user_shapes(kind))
    share, files = matters.share(dice, person.account), matters.files
    server = setting.scene.devices[dice.pick(setting.servers).id].hostname
    facts = {
        "share": share.path,
        "share_group": share.path.rsplit("\\", 1)[-1].rstrip("$"),
        "file": dice.pick(files),
        "site": dice.pick(matters.sites_visited),
        "server": server,
    }
    start_program(setting, person, minute, dice, (shape[0], shape[1], shape[2], shape[3]), facts)


def _mail(setting: Setting, person: Person, minute: float, dice: Dice, matters: Affairs) -> None:
    operation = weighted(dice, MAIL_OPERATIONS)[1]
    desktop = dice.chance(0.7)
    setting.add(
        CloudOperated,
        "mailbox",
        person.id,
        setting.at(minute, dice),
        account=person.id,
        operation=operation,
        workload="Exchange",
        address=setting.address_of(person, minute),
        session=setting.session(person.id),
        app="Office 365 Exchange Online",
        object=f"mailbox:{person.account.upn}",
        items=1 if operation in {"Send", "Update"} else dice.between(1, 34),
        user_agent=OUTLOOK_DESKTOP if desktop else user_agent(setting, person),
        device=person.device,
    )


def _file(setting: Setting, person: Person, minute: float, dice: Dice, matters: Affairs) -> None:
    operation = dice.pick(
        (
            "FileAccessed",
            "FileAccessed",
            "FileModified",
            "FilePreviewed",
            "FileDownloaded",
            "FileSyncDownloadedFull",
        )
    )
    site = matters.site(dice, person.account)
    name = f"{dice.pick(matters.files)}.{dice.pick(('xlsx', 'docx', 'pdf', 'pptx'))}"
    setting.add(
        CloudOperated,
        "files",
        person.id,
        setting.at(minute, dice),
        account=person.id,
        operation=operation,
        workload=dice.pick(("SharePoint", "OneDrive")),
        address=setting.address_of(person, minute),
        session=setting.session(person.id),
        app="OneDrive SyncEngine"
        if operation == "FileSyncDownloadedFull"
        else "Office 365 SharePoint Online",
        object=f"{site}/Shared Documents/{name}",
        items=dice.between(2, 9) if operation == "FileSyncDownloadedFull" else 1,
        user_agent=SYNC_AGENT if operation == "FileSyncDownloadedFull" else user_agent(setting, person),
        device=person.device,
    )


def _browse(setting: Setting, person: Person, minute: float, dice: Dice, matters: Affairs) -> None:
    browse(setting, person, minute, dice, dice.pick(matters.visited))


def _token(setting: Setting, person: Person, minute: float, dice: Dice, matters: Affairs) -> None:
    sign_in(setting, person, minute, dice, dice.pick(APPS))
    if dice.chance(0.55):
        sign_in(
            setting, person, minute + dice.between(3, 25), dice, dice.pick((*APPS, *matters.applications))
        )


def _share(setting: Setting, person: Person, minute: float, dice: Dice, matters: Affairs) -> None:
    share = matters.share(dice, person.account)
    server = share.device or setting.server("file_server")
    network_logon(setting, person, minute, dice, server)
    if dice.chance(0.5):
        reach(setting, str(person.device), server, "smb", minute, dice, account=person.id, concern="share")
    if dice.chance(0.75):
        action = dice.pick(
            ("ShareAccessed", "FileRead", "FileRead", "FileCreated", "FileRenamed", "FileDeleted")
        )
        used: dict[str, object] = {
            "folder": f"{share.path}\\{dice.pick(matters.projects)}",
            "name": f"{dice.pick(matters.files)}.{dice.pick(('xlsx', 'docx', 'pdf', 'dwg'))}",
            "size": around(dice, 380_000),
        }
        if action == "ShareAccessed":  # a share is connected to, no file of it touched
            used = {"folder": share.path, "name": "", "size": 0}
        setting.add(
            FileUsed,
            "share",
            person.id,
            setting.at(minute + 1, dice),
            device=server,
            account=person.id,
            origin=person.device,
            action=action,
            share=share.path.rsplit("\\", 1)[-1],
            **used,
        )


DOING = {
    "mail": _mail,
    "program": _program,
    "browse": _browse,
    "token": _token,
    "file": _file,
    "share": _share,
}
