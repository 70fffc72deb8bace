"""Many files at once: libraries that come down to a machine, and orders to copy a site."""

from datetime import timedelta
from typing import Any

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.behaviours.base.affairs import affairs
from opensec_inspect.incident.behaviours.base.network import call_out
from opensec_inspect.incident.behaviours.base.records import analyst_at, initials, line, number
from opensec_inspect.incident.behaviours.base.setting import MINUTE_MS, Person, Setting, occasions
from opensec_inspect.incident.behaviours.base.words import said
from opensec_inspect.incident.behaviours.occasions.parts import operate, somebody
from opensec_inspect.incident.facts.browsers import SYNC_AGENT
from opensec_inspect.incident.facts.events import FileUsed

COPIERS = ("robocopy", "rclone", "sevenzip_cli", "explorer")
"""What people copy many files with."""


def run(setting: Setting) -> None:
    """All of them on this day."""
    for dice in occasions(setting, "bulk download", 1, 2):
        _bulk_download(setting, dice)
    for dice in occasions(setting, "ordered copy", 1, 2):
        _ordered_copy(setting, dice)


def _bulk_download(setting: Setting, dice: Dice) -> None:
    """A library comes down whole: a machine that was set up again, a site that moves, somebody who leaves."""
    if (found := somebody(setting, dice, "office", "finance", "executive", "developer")) is None:
        return
    person, minute = found
    site, items = affairs(setting.key, setting.noise).site(dice, person.account), dice.between(310, 940)
    sync = dice.chance(0.7)
    operation, app = (
        ("FileSyncDownloadedFull", "OneDrive SyncEngine")
        if sync
        else ("FileDownloaded", "Office 365 SharePoint Online")
    )
    operate(
        setting,
        person,
        minute,
        dice,
        operation,
        "SharePoint",
        app=app,
        object=f"{site}/Shared Documents",
        items=items,
        **({"user_agent": SYNC_AGENT} if sync else {}),
    )
    platform = {
        "bytes_in": items * dice.between(180_000, 420_000),
        "bytes_out": items * 2_311,
        "host_label": "sites",
    }
    binary = "onedrive" if sync else "msedge"
    fields: dict[str, Any] = platform | {
        "binary": binary,
        "account": person.id,
        "duration_ms": dice.between(180_000, 900_000),
    }
    call_out(
        setting,
        str(person.device),
        setting.domain("platform"),
        minute,
        dice,
        concern="bulk",
        actor=person.id,
        **fields,
    )
    _landed(setting, person, minute + 1, dice, binary, site, items)
    if (analyst := analyst_at(setting, minute - 12)) is not None:
        _bulk_ticket(setting, person, analyst, minute, dice, site)


def _landed(
    setting: Setting, person: Person, minute: float, dice: Dice, binary: str, site: str, items: int
) -> None:
    """The files on the person's machine, and now and then a copy of them in another folder."""
    local = f"C:\\Users\\{person.account.sam}\\{setting.organisation.name}\\{site.rsplit('/', 1)[-1]}"
    fields: dict[str, Any] = {
        "device": str(person.device),
        "account": person.id,
        "name": "*",
        "size": items * dice.between(180_000, 420_000),
        "count": items,
    }
    for later, action, folder, program in (
        (0.0, "FileCreated", local, binary),
        (dice.between(4, 40), "FileCopied", "C:\\ProgramData\\Copies", dice.pick(COPIERS)),
    ):
        at_ms = setting.at(minute + later, dice)
        setting.add(
            FileUsed, "bulk", person.id, at_ms, action=action, folder=folder, binary=program, **fields
        )


def _bulk_ticket(
    setting: Setting, person: Person, analyst: Person, minute: float, dice: Dice, site: str
) -> None:
    """Why it was done: a new machine, somebody who leaves, or an order to copy the site."""
    act = dice.pick(("ticket_new_device", "ticket_leaver", "ticket_site_copy"))
    summary, description = said(setting, act, dice, colleague=person.account.display_name)
    ticket, fields = (
        number(setting, "RITM", minute - 12),
        {"requested_for": person.id, "group": "Service Desk", "scope": site},
    )
    text = {"summary": summary, "description": description, "contact": "phone"}
    line(setting, analyst, minute - 12, dice, ticket, "request", "Open", **text, **fields)
    done = {"work_note": initials(analyst)}
    line(setting, analyst, minute + 35, dice, ticket, "request", "Closed", **done, **fields)


def _ordered_copy(setting: Setting, dice: Dice) -> None:
    """An order to copy a site, and what its owner releases."""
    people = setting.working("executive", "finance")
    if (found := somebody(setting, dice, "office", "finance", "developer")) is None or len(people) < 2:
        return
    (person, minute), (by, owner) = found, dice.some(people, 2)
    ticket, days = number(setting, "RITM", minute), dice.between(2, 6)
    until = setting.day + timedelta(days=days)
    facts = {"colleague": person.account.display_name, "day": f"{until.day} {until:%B}"}
    summary, description = said(setting, "ticket_site_copy", dice, **facts)
    ends = setting.utc(setting.midnight + (days * 24 + 18) * 60 * MINUTE_MS)
    window = {"starts": f"{setting.day}T06:00:00Z", "ends": ends}
    text = {"summary": summary, "description": description, "contact": "self-service"}
    common = {"group": "Service Desk"}
    line(
        setting, by, minute, dice, ticket, "request", "New",
        requested_for=person.id, **window, **text, **common,
    )  # fmt: skip
    if (later := minute + dice.between(20, 90)) < owner.where.ends:
        site = affairs(setting.key, setting.noise).site(dice, person.account)
        release = {"approver": owner.id, "approval": "approved", "scope": f"{site}, no other site"}
        line(setting, owner, later, dice, ticket, "approval", "Approved", **release, **common)
