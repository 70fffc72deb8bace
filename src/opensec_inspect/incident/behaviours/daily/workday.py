"""A person's working day: log on, read mail, open documents, browse, use shares and sites, lock, leave."""

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.behaviours.base.affairs import affairs
from opensec_inspect.incident.behaviours.base.commands import user_shapes, weighted
from opensec_inspect.incident.behaviours.base.network import reach
from opensec_inspect.incident.behaviours.base.sessions import sign_in, telephone
from opensec_inspect.incident.behaviours.base.setting import Person, Setting, minutes, rate
from opensec_inspect.incident.behaviours.daily.activities import (
    ACTIVITIES,
    DOING,
    network_logon,
    start_program,
)
from opensec_inspect.incident.facts.events import LoggedOn

PER_DAY = {"desk": 12.0, "soc": 10.0}
"""Things a person does in a working day beside arriving and coming back, on average. Set so that the tables
come near the volumes aimed at."""

INTERRUPTED = 0.14
"""Share of arrivals at which the platform interrupts a sign-in; a setting, not a measurement."""
INTERRUPTIONS = ((50140, True), (50140, True), (50074, True), (50076, True), (70043, False))
"""Result codes, and whether somebody sat there."""


def work(setting: Setting) -> None:
    """Everybody's working day."""
    for person in setting.at_work:
        _day(setting, person)


def _day(setting: Setting, person: Person) -> None:
    dice, where = setting.dice("work", person.id), person.where
    matters = affairs(setting.key, setting.noise)
    _arrive(setting, person, dice)
    spans = [(where.begins + 6, where.lunch), (where.back, where.ends - 3)]
    for minute in minutes(dice, spans, rate(dice, PER_DAY[setting.noise])):
        activity = weighted(dice, ACTIVITIES)[1]
        DOING[activity](setting, person, minute, dice, matters)
    _come_back(setting, person, dice)
    telephone(setting, person)


def _arrive(setting: Setting, person: Person, dice: Dice) -> None:
    start, device = person.where.begins + dice.below(4), str(person.device)
    if dice.chance(0.06):
        setting.add(
            LoggedOn,
            "logon",
            person.id,
            setting.at(start, dice),
            account=person.id,
            device=device,
            outcome="bad_password",
        )
    setting.add(
        LoggedOn,
        "logon",
        person.id,
        setting.at(start + 1, dice),
        account=person.id,
        device=device,
        logon_type=dice.pick((2, 2, 7, 11)),
    )
    controller = setting.server("domain_controller")
    network_logon(setting, person, start + 2, dice, controller)
    if dice.chance(0.6):
        reach(setting, device, controller, "krb_tcp", start + 2, dice, account=person.id, concern="logon")
    for binary, parent, line in dice.some(user_shapes("start"), dice.between(1, 2)):
        start_program(setting, person, start + 2 + dice.below(5), dice, (0, binary, parent, line), {})
    _interrupted(setting, person, start + 3)
    mfa = dice.pick(
        (
            "push, number matching",
            "push, number matching",
            "previously satisfied",
            "Windows Hello for Business",
        )
    )
    sign_in(
        setting,
        person,
        start + 3,
        dice,
        dice.pick(("OfficeHome", "Windows Sign In", "Microsoft Teams")),
        interactive=True,
        mfa=mfa,
    )


def _interrupted(setting: Setting, person: Person, minute: float) -> None:
    """What the platform writes down as a failure although nothing is wrong: it asks for more, or again."""
    dice = setting.dice("interrupted", person.id)
    if dice.chance(INTERRUPTED):
        result, interactive = dice.pick(INTERRUPTIONS)
        app = dice.pick(("OfficeHome", "Microsoft Teams", "Office 365 Exchange Online"))
        sign_in(setting, person, minute, dice, app, result=result, interactive=interactive, mfa="")


def _come_back(setting: Setting, person: Person, dice: Dice) -> None:
    if dice.chance(0.75):
        at = setting.at(person.where.back - 1, dice)
        setting.add(
            LoggedOn, "logon", person.id, at, account=person.id, device=str(person.device), logon_type=7
        )
