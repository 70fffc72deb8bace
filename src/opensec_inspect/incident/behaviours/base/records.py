"""Lines of tickets, calls of the desk and register entries of the routine."""

from typing import Any

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.behaviours.base.setting import MINUTE_MS, Person, Setting, minutes
from opensec_inspect.incident.behaviours.base.words import said
from opensec_inspect.incident.facts.events import Checked, Registered, TicketWritten
from opensec_inspect.incident.facts.numbers import record_number

DIGITS = {"AWR": 5, "AUTH-": 6, "DEV": 6, "FWD": 6, "REG": 6, "TRV": 6, "PAM": 6, "BKP": 6}
"""Digits of a number by prefix; seven where it is not listed."""
STAFF = frozenset({"desk_analyst", "security"})


def number(setting: Setting, prefix: str, minute: float) -> str:
    """A number that this day has not yet given."""
    after, at_ms = 0, setting.midnight + int(minute * MINUTE_MS)
    digits = DIGITS.get(prefix, 7)
    while (found := record_number(setting.key, prefix, digits, at_ms, after)) in setting.numbers:
        after += 1
    setting.numbers.add(found)
    return found


def analyst_at(setting: Setting, minute: float) -> Person | None:
    """Somebody of the service desk who is on duty then."""
    desk = [p for p in setting.working("desk_analyst") if p.where.begins < minute < p.where.ends]
    return setting.dice("on duty", str(int(minute) // 20)).pick(desk) if desk else None


def initials(person: Person) -> str:
    """As the desk signs its notes, for example `MO`."""
    return "".join(part[0] for part in person.account.display_name.split())[:3].upper()


def line(
    setting: Setting,
    by: Person | str,
    minute: float,
    dice: Dice,
    ticket: str,
    kind: str,
    state: str,
    **fields: Any,
) -> TicketWritten:
    """A line of a ticket; people outside the desk write it in their cloud session."""
    actor = by if isinstance(by, str) else by.id
    if isinstance(by, Person) and by.account.role not in STAFF:
        fields = {"address": setting.address_of(by, minute), "session": setting.session(by.id)} | fields
    return setting.add(
        TicketWritten,
        "ticket",
        actor,
        setting.at(minute, dice),
        number=ticket,
        record_type=kind,
        state=state,
        opened_by=actor,
        **fields,
    )


def check(
    setting: Setting,
    dice: Dice,
    minute: float,
    about: str,
    subject: Person,
    analyst: Person,
    answer: str,
    **changes: Any,
) -> Checked:
    """The desk asks somebody about a ticket or an entry, mostly on the number on file."""
    facts = {
        "caller": subject.account.display_name,
        "about": about,
        "time": setting.clock(setting.midnight + int(minute * MINUTE_MS)),
        "initials": initials(analyst),
    }
    note = said(setting, f"check_{answer}", dice, **facts)[1] if dice.chance(0.6) else initials(analyst)
    fields: dict[str, Any] = {"method": "call_back", "number_source": "personnel_system"} | changes
    return setting.add(
        Checked,
        "check",
        subject.id,
        setting.at(minute, dice),
        number=number(setting, "IDV", minute),
        about=about,
        subject=subject.id,
        performed_by=analyst.id,
        answer=answer,
        note=note,
        **fields,
    )


def asked(
    setting: Setting,
    dice: Dice,
    minute: float,
    about: str,
    subject: Person,
    analyst: Person,
    answer: str = "confirmed",
) -> None:
    """The desk asks until it has an answer: a third cannot be reached at first."""
    if dice.chance(0.35):
        check(setting, dice, minute, about, subject, analyst, "unreachable")
        minute += dice.between(8, 50)
    elif dice.chance(0.12):
        method, source = dice.pick((("chat", "caller"), ("email", "ticket"), ("video", "personnel_system")))
        check(
            setting, dice, minute, about, subject, analyst, "confirmed", method=method, number_source=source
        )
        minute += dice.between(3, 20)
    check(setting, dice, minute, about, subject, analyst, answer)


def entry(
    setting: Setting,
    minute: float,
    dice: Dice,
    register: str,
    prefix: str,
    party: str,
    object_: str,
    by: Person | str,
    **fields: Any,
) -> Registered:
    """An entry made today in a register; `number` among the fields continues an earlier one."""
    given: dict[str, Any] = {"valid_from": str(setting.day)}
    if "number" not in fields:
        given["number"] = number(setting, prefix, minute)
    return setting.add(
        Registered,
        "register",
        f"{register}:{party}",
        setting.at(minute, dice),
        register=register,
        party=party,
        object=object_,
        entered_by=by if isinstance(by, str) else by.id,
        **(given | fields),
    )


def caller_of(setting: Setting, dice: Dice) -> tuple[Person, float, Person] | None:
    """Somebody at work, a minute of their day, and the analyst who takes it."""
    person = dice.pick(
        [p for p in setting.at_work if p.account.role not in {"desk_analyst", "security"}] or setting.at_work
    )
    minute = minutes(
        dice, [(person.where.begins + 15, person.where.lunch), (person.where.back, person.where.ends - 20)], 1
    )[0]
    analyst = analyst_at(setting, minute)
    return None if analyst is None or analyst == person else (person, minute, analyst)
