"""Second factors: prompts denied by mistake, new telephones, what the directory did not take."""

from functools import partial

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.behaviours.base.records import analyst_at, asked, entry, initials, line, number
from opensec_inspect.incident.behaviours.base.setting import Person, Setting, occasions
from opensec_inspect.incident.behaviours.base.words import said
from opensec_inspect.incident.behaviours.occasions.parts import (
    EXCHANGE,
    operate,
    private,
    refreshed,
    somebody,
)
from opensec_inspect.incident.facts.lists import guid

ONE_FACTOR = "replacement, one factor only"


def run(setting: Setting) -> None:
    """All of them on this day."""
    for dice in occasions(setting, "denied prompts", 1, 3):
        _denied_by_mistake(setting, dice)
    for dice in occasions(setting, "new telephone", 1.3, 3):
        _new_telephone(setting, dice)
    for dice in occasions(setting, "refused factor", 1, 3):
        _refused_factor(setting, dice)


def _denied_by_mistake(setting: Setting, dice: Dice) -> None:
    """Prompts that came late or were not understood: denied a few times, then approved."""
    if (found := somebody(setting, dice)) is None:
        return
    person, minute = found
    for _ in range(dice.between(3, 4)):
        minute += dice.between(40, 150) / 60
        private(setting, person, dice, minute, address=person.home, outcome="denied", result=500121)
    first = private(setting, person, dice, minute + 1.5, address=person.home)
    refreshed(setting, person, dice, first, minute)
    analyst = analyst_at(setting, minute + 40)
    if analyst is not None and analyst != person and dice.chance(0.6):
        summary, description = said(
            setting, "odd_prompt", dice, sender=person.account.display_name, app=EXCHANGE
        )
        ticket = number(setting, "IMS", minute + 40)
        fields = {
            "requested_for": person.id,
            "assigned_to": analyst.id,
            "group": "Service Desk",
            "contact": "phone",
        }
        line(
            setting,
            analyst,
            minute + 40,
            dice,
            ticket,
            "interaction",
            "New",
            summary=summary,
            description=description,
            **fields,
        )
        asked(setting, dice, minute + 52, ticket, person, analyst)


def _new_telephone(setting: Setting, dice: Dice) -> None:
    """The desk registers a new telephone: a ticket, a call, the factor, two entries, some denials before."""
    found = somebody(setting, dice)
    analyst = analyst_at(setting, found[1] - 15) if found else None
    if found is None or analyst is None or analyst == found[0]:
        return
    person, minute = found
    ticket = number(setting, "IMS", minute - 15)
    summary, description = said(
        setting, "ticket_new_device", dice, host=setting.scene.devices[str(person.device)].hostname
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
        scope="factor registration",
    )
    write(minute=minute - 15, state="Work in Progress", summary=summary, description=description)
    asked(setting, dice, minute - 9, ticket, person, analyst)
    factor = _factor_added(setting, dice, person, minute)
    entry(setting, minute + 20, dice, "authenticators", "REG", person.id, factor, analyst, scope=ONE_FACTOR)
    scope = "own device, enrolled for mail"
    entry(setting, minute + 22, dice, "devices held", "DEV", person.id, guid(dice), analyst, scope=scope)
    write(minute=minute + 31, state="Resolved", work_note=initials(analyst))


def _factor_added(setting: Setting, dice: Dice, person: Person, minute: float) -> str:
    """Up to three denied prompts, a sign-in, and the number of the factor that is registered in it."""
    for number_ in range(dice.below(4)):
        private(
            setting,
            person,
            dice,
            minute + number_ * 1.7,
            address=person.home,
            outcome="denied",
            result=500121,
        )
    first = private(setting, person, dice, minute + 8, address=person.home)
    factor, label = number(setting, "AUTH-", minute), dice.pick(("phone", "new phone", "Phone 2", "mobile"))
    session = {
        "address": person.home,
        "session": first.session,
        "user_agent": first.user_agent,
        "device": None,
    }
    operation = "User registered security info"
    operate(
        setting,
        person,
        minute + 12,
        dice,
        operation,
        "AzureActiveDirectory",
        app="My Sign-Ins",
        object=factor,
        label=label,
        **session,
    )
    return factor


def _refused_factor(setting: Setting, dice: Dice) -> None:
    """A second factor that the directory did not take."""
    if (found := somebody(setting, dice)) is None:
        return
    person, minute = found
    factor = number(setting, "AUTH-", minute)
    fields = {
        "app": "My Sign-Ins",
        "object": factor,
        "label": dice.pick(("phone", "mobile", "key")),
        "outcome": "denied",
    }
    operate(setting, person, minute, dice, "User registered security info", "AzureActiveDirectory", **fields)
