"""Changes: standard, normal with an approval by somebody else, emergency with a retrospective one."""

from functools import partial
from typing import Any

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.behaviours.base.records import line, number
from opensec_inspect.incident.behaviours.base.setting import MINUTE_MS, Person, Setting, occasions
from opensec_inspect.incident.behaviours.base.words import said

GROUPS = ("Infrastructure", "Workplace", "Network", "Applications")


def run(setting: Setting) -> None:
    """Changes without anything that sensors would see: policies, firewall, applications."""
    for dice in occasions(setting, "small change", 3, 9):
        begins = 600 + dice.below(360)
        kind = dice.pick(("standard", "standard", "standard", "standard", "normal", "normal", "emergency"))
        server = dice.pick(setting.servers)
        act = dice.pick(("change_policy", "change_firewall", "change_maintenance"))
        change(
            setting,
            dice,
            kind,
            begins,
            begins + dice.between(30, 120),
            act,
            item=server.id,
            scope=server.hostname,
        )


def administrator(setting: Setting, dice: Dice) -> Person | None:
    """An administrator at work, not the head of IT where there is another."""
    people = setting.working("administrator")
    others = [p for p in people if p.account.title != "Head of IT"] or list(people)
    return dice.pick(others) if others else None


def approver_for(setting: Setting, requester: Person) -> Person | None:
    """Who may approve somebody's change: the head of IT, or an executive or security."""
    candidates = [
        p for role in ("administrator", "executive", "security", "finance") for p in setting.working(role)
    ]
    return next(
        (p for p in candidates if p.id != requester.id and p.account.title != "Systems Administrator"), None
    )


def change(
    setting: Setting,
    dice: Dice,
    kind: str,
    begins: float,
    ends: float,
    act: str,
    *,
    scope: str,
    item: str = "",
    **slots: str,
) -> str:
    """The lines of a change whose window is on this day: its number, or nothing without a requester."""
    requester = administrator(setting, dice)
    approver = approver_for(setting, requester) if requester is not None else None
    if requester is None or approver is None:
        return ""
    if kind == "emergency":
        opened = ends + dice.between(8, 75)
    else:
        opened = max(
            requester.where.begins + 10, min(begins - dice.between(70, 190), requester.where.ends - 90)
        )
    ticket = number(setting, "CHG", opened)
    window = {"starts": _utc(setting, begins), "ends": _utc(setting, ends)}
    time = setting.clock(setting.midnight + int(begins) * MINUTE_MS)
    host = setting.scene.devices[item].hostname if item in setting.scene.devices else scope
    day = dice.pick((f"{setting.day:%A}", f"{setting.day.day} {setting.day:%B}"))
    summary, description = said(setting, act, dice, time=time, host=host, day=day, **slots)
    common: dict[str, Any] = {
        "change_type": kind,
        "item": item,
        "scope": scope,
        "assigned_to": requester.id,
        "group": dice.pick(GROUPS),
        **window,
    }
    write = partial(line, setting, requester, dice=dice, ticket=ticket, kind="change_request", **common)
    write(minute=opened, state="Assess", summary=summary, description=description)
    _approved(setting, dice, kind, opened, ticket, approver, common)
    done = max(ends, opened + 40) + dice.between(5, 50)
    if kind != "emergency":
        write(minute=max(begins - 4, opened + 3), state="Implement")
    note = said(setting, "work_note_closed", dice, number=ticket, time=time)[1]
    write(minute=done, state=dice.pick(("Closed", "Review")), work_note=note)
    return ticket


def _approved(
    setting: Setting,
    dice: Dice,
    kind: str,
    opened: float,
    ticket: str,
    approver: Person,
    common: dict[str, Any],
) -> None:
    """The approval; a standard change was approved once for all."""
    if kind == "standard":
        line(
            setting,
            approver,
            opened + 1,
            dice,
            ticket,
            "approval",
            "Approved",
            approver=approver.id,
            approval="approved",
            **common,
        )
        return
    assigned = str(common["assigned_to"])
    line(
        setting,
        assigned,
        opened + 1,
        dice,
        ticket,
        "approval",
        "Requested",
        approver=approver.id,
        approval="requested",
        **common,
    )
    day = f"{setting.day:%A}"
    comment = said(setting, "comment_approval", dice, number=ticket, day=day)[1] if dice.chance(0.5) else ""
    later = opened + dice.between(9, 60)
    line(
        setting,
        approver,
        later,
        dice,
        ticket,
        "approval",
        "Approved",
        approver=approver.id,
        approval="approved",
        comment=comment,
        **common,
    )


def _utc(setting: Setting, minute: float) -> str:
    return setting.utc(setting.midnight + int(minute) * MINUTE_MS)
