"""Texts of the routine: speech acts with slots that are facts of the organisation."""

from datetime import timedelta

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.behaviours.base.affairs import affairs
from opensec_inspect.incident.behaviours.base.setting import Setting
from opensec_inspect.incident.facts.lists import read_list, side_of
from opensec_inspect.incident.text.acts import write
from opensec_inspect.incident.text.stock import productions

DAYS_APART = 3
"""Working days among which the whole texts of an act are shared out: as many as a small history has."""
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def said(setting: Setting, act: str, dice: Dice, **facts: str) -> tuple[str, str]:
    """Subject and body of an act; slots that are not given are filled from what the organisation works on."""
    split = side_of(setting.key)
    text = write(act, slots(setting, dice) | facts, dice, split, production=_next(setting, act, split))
    return text.subject, text.body


def _next(setting: Setting, act: str, split: str) -> int | None:
    """Which of the act's whole texts is due: working days share them out, so that none soon comes again."""
    if not (count := len(productions(split)[act].body)):
        return None
    order = Dice(f"{setting.key}|{act}|order").shuffled(range(count))
    week, weekday = divmod(setting.day.toordinal() - 1, 7)
    working_days = week * 5 + min(weekday, 5)
    return order[(working_days * -(-count // DAYS_APART) + setting.uses(act)) % count]


def slots(setting: Setting, dice: Dice) -> dict[str, str]:
    """A value for every slot that an act may need, each a fact of the organisation or of this very mail."""
    matters = affairs(setting.key, setting.noise)
    other = dice.pick(setting.people).account
    when = setting.day + timedelta(days=dice.between(-3, 9))
    file = f"{dice.pick(matters.files)}.{dice.pick(('xlsx', 'docx', 'pdf'))}"
    contact = dice.pick(matters.contacts)
    return {
        "sender": contact.name,
        "sender_company": contact.company,
        "recipient": other.display_name,
        "company": setting.organisation.name,
        "number": f"{dice.pick(('PO-', 'INV-', 'SO', 'REF '))}{dice.between(10_482, 98_341)}",
        "amount": f"{dice.between(84, 48_211)}.{dice.between(10, 99)}",
        "day": dice.pick((WEEKDAYS[when.weekday()], f"{when.day} {when:%B}")),
        "time": f"{dice.between(8, 17):02d}:{dice.pick(('00', '15', '30', '45', '10', '20'))}",
        "city": other.office,
        "file": file,
        "project": dice.pick(matters.projects),
        "meeting": dice.pick(matters.meetings),
        "topic": dice.pick(read_list("affairs")["topics"]),
        "colleague": other.display_name,
        "site": dice.pick(matters.sites).path,
        "app": dice.pick(matters.applications),
        "host": dice.pick(setting.organisation.devices).hostname,
        "domain": contact.domain,
        "group": "Service Desk",
        "caller": other.display_name,
        "initials": "".join(part[0] for part in other.display_name.split()),
        "about": "the request",
    }
