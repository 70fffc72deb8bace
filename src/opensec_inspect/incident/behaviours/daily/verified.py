"""Requests that the desk verifies: password resets, delegations, bookings of trips."""

from datetime import timedelta

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.behaviours.base.records import (
    analyst_at,
    asked,
    caller_of,
    check,
    entry,
    initials,
    line,
    number,
)
from opensec_inspect.incident.behaviours.base.setting import Person, Setting, some_of
from opensec_inspect.incident.behaviours.base.words import said
from opensec_inspect.incident.behaviours.daily.registers import booking_of
from opensec_inspect.incident.facts.countries import COUNTRY_NAMES


def password_reset(setting: Setting, dice: Dice) -> None:
    """Somebody is locked out: the desk calls back before it resets anything."""
    found = caller_of(setting, dice)
    if found is None:
        return
    person, minute, analyst = found
    summary, description = said(setting, "ticket_locked_out", dice)
    ticket = number(setting, "IMS", minute)
    common = {
        "requested_for": person.id,
        "assigned_to": analyst.id,
        "group": "Service Desk",
        "contact": "phone",
        "scope": "password reset",
    }
    line(
        setting,
        analyst,
        minute,
        dice,
        ticket,
        "interaction",
        "New",
        summary=summary,
        description=description,
        **common,
    )
    answer = dice.pick(("confirmed", "confirmed", "confirmed", "denied", "declined"))
    asked(setting, dice, minute + dice.between(2, 9), ticket, person, analyst, answer)
    state = "Closed" if answer == "confirmed" else "Cancelled"
    line(
        setting,
        analyst,
        minute + dice.between(62, 90),
        dice,
        ticket,
        "interaction",
        state,
        work_note=initials(analyst),
        **common,
    )


def delegation(setting: Setting, dice: Dice, *, outside: bool = False) -> None:
    """Somebody asks for a colleague's mailbox, or to have mail sent on outside; a manager is asked."""
    if (found := caller_of(setting, dice)) is None:
        return
    deciding = [p for p in setting.working("executive", "finance", "administrator") if p != found[0]]
    if not (managers := some_of(dice, deciding, 1)):
        return
    person, minute, analyst = found
    ticket, manager = number(setting, "RITM", minute), managers[0]
    other = dice.pick([p for p in setting.people if p != person])
    domain = dice.pick(setting.names_of("partner", "customer", "vendor"))
    owner = person if outside else other
    act = "ticket_forwarding" if outside else "ticket_access"
    facts = {"colleague": owner.account.display_name, "domain": domain}
    summary, description = said(setting, act, dice, **facts)
    common = {
        "requested_for": person.id,
        "scope": f"mail forwarding to {domain}" if outside else "mailbox delegation",
        "item": owner.id,
        "group": "Service Desk",
    }
    text = {"summary": summary, "description": description, "contact": "phone" if outside else "self-service"}
    line(setting, analyst if outside else person, minute, dice, ticket, "request", "New", **text, **common)
    asked_of = {"approver": manager.id, "approval": "requested"}
    line(setting, analyst, minute + 6, dice, ticket, "approval", "Requested", **asked_of, **common)
    later = max(minute + 25, manager.where.begins + 20)
    if later < manager.where.ends:
        verdict = _decided(setting, dice, later, ticket, manager, outside=outside, **common)
        if dice.chance(0.6):
            answer = "confirmed" if verdict == "approved" else "denied"
            check(setting, dice, later + 9, ticket, owner, analyst, answer)


def _decided(
    setting: Setting, dice: Dice, minute: float, ticket: str, manager: Person, *, outside: bool, **common: str
) -> str:
    """The manager's line: released or not, after a word with the mailbox's owner."""
    verdict = dice.pick(("approved", "approved", "rejected", "withdrawn"))
    agreed = "comment_owner_agrees" if outside else "comment_approval"
    act = agreed if verdict == "approved" else "comment_owner_denies"
    time = setting.clock(setting.midnight + int(minute - 5) * 60_000)
    comment = said(setting, act, dice, number=ticket, time=time)[1]
    fields = {"approver": manager.id, "approval": verdict, "comment": comment}
    line(setting, manager, minute, dice, ticket, "approval", verdict.title(), **fields, **common)
    return verdict


def about_a_booking(setting: Setting, dice: Dice) -> None:
    """The desk asks about trips: most are confirmed, one was entered for a namesake."""
    trips = [p for p in setting.people if p.where.absence is not None and p.where.absence.kind == "travel"]
    for person in trips[:2]:
        minute = 520 + dice.below(420)
        analyst = analyst_at(setting, minute)
        booking = booking_of(setting, person.id)
        if analyst is not None and booking is not None:
            asked(setting, dice, minute, booking.number, person, analyst)
    _for_a_namesake(setting, dice)


def _for_a_namesake(setting: Setting, dice: Dice) -> None:
    names = [p.account.display_name for p in setting.people]
    twice = [p for p in setting.people if names.count(p.account.display_name) == 2]
    minute = 500 + dice.below(380)
    analyst = analyst_at(setting, minute + 30)
    travel = next((p for p in setting.at_work if p.account.title == "Travel and Office Coordinator"), None)
    if len(twice) < 2 or analyst is None or travel is None:
        return
    wrong, right = dice.shuffled(twice[:2])
    country = COUNTRY_NAMES[
        dice.pick([a.country for a in setting.organisation.addresses if a.kind == "hotel"])
    ]
    first = setting.day + timedelta(days=dice.between(15, 40))
    trip = {"valid_from": str(first), "valid_until": str(first + timedelta(days=2)), "scope": "trade fair"}
    made = entry(setting, minute, dice, "travel", "TRV", wrong.id, country, travel, **trip)
    check(setting, dice, minute + 35, made.number, wrong, analyst, "denied")
    closed = {"status": "withdrawn", "number": made.number, "note": "entered for the wrong person"}
    entry(setting, minute + 52, dice, "travel", "TRV", wrong.id, country, travel, **(trip | closed))
    again = entry(setting, minute + 58, dice, "travel", "TRV", right.id, country, travel, **trip)
    check(setting, dice, minute + 75, again.number, right, analyst, "confirmed")
