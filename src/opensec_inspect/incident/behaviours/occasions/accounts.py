"""Sign-ins that look like more: from abroad, refused, by code, from a hosting network."""

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.behaviours.base.records import analyst_at, asked
from opensec_inspect.incident.behaviours.base.sessions import sign_in
from opensec_inspect.incident.behaviours.base.setting import Setting, occasions
from opensec_inspect.incident.behaviours.daily.registers import booking_of
from opensec_inspect.incident.behaviours.occasions.parts import (
    EXCHANGE,
    PROMPT,
    outside_address,
    private,
    refreshed,
    somebody,
)
from opensec_inspect.incident.facts.lists import guid

NOTICED = {"desk": 0.5, "soc": 0.28}
"""Share of travelling days on which somebody signs in on a telephone; the platform finds most of it odd."""


def run(setting: Setting) -> None:
    """All of them on this day."""
    _from_abroad(setting)
    for dice in occasions(setting, "gateway abroad", 1, 2):
        _through_the_gateway(setting, dice)
    for dice in occasions(setting, "single denial", 2, 9):
        _failed(setting, dice, 500121, PROMPT)
    for dice in occasions(setting, "wrong password", 1, 7):
        _failed(setting, dice, 50126, "")
    for dice in occasions(setting, "wrong password, unknown device", 1, 5):
        _failed(setting, dice, 50126, "", device=guid(dice))
    for dice in occasions(setting, "old password on a tablet", 0.7, 2):
        _old_password(setting, dice)
    for dice in occasions(setting, "stopped by policy", 0.7, 3):
        _failed(setting, dice, 53003, "")
    for dice in occasions(setting, "device code", 1.3, 5):
        _by_code(setting, dice)
    for dice in occasions(setting, "hosted desktop", 1.3, 5):
        _hosted(setting, dice)


def _from_abroad(setting: Setting) -> None:
    """Travellers sign in on their telephones; the platform finds some of it odd, the desk may ask."""
    for person in setting.people:
        absence, dice = person.where.absence, setting.dice("abroad", person.id)
        if (
            absence is None
            or absence.kind != "travel"
            or not person.where.working
            or not dice.chance(NOTICED[setting.noise])
        ):
            continue
        minute = person.where.begins + dice.between(10, 400)
        first = private(setting, person, dice, minute, risk=dice.pick(("medium", "medium", "low", "high")))
        refreshed(setting, person, dice, first, minute)
        analyst, booking = analyst_at(setting, minute + 30), booking_of(setting, person.id)
        if booking is not None and analyst is not None and analyst != person and dice.chance(0.2):
            asked(setting, dice, minute + 30, booking.number, person, analyst)


def _through_the_gateway(setting: Setting, dice: Dice) -> None:
    """Two countries within the hour: the laptop at home, then through the gateway abroad."""
    if (found := somebody(setting, dice)) is None:
        return
    person, minute = found
    sign_in(setting, person, minute, dice, EXCHANGE, address=person.home, interactive=True, mfa=PROMPT)
    later = minute + dice.between(11, 44)
    sign_in(
        setting,
        person,
        later,
        dice,
        "OfficeHome",
        address=setting.gateways[1],
        interactive=True,
        risk="medium",
    )


def _failed(setting: Setting, dice: Dice, result: int, mfa: str, *, device: str = "") -> None:
    """A single sign-in that did not succeed; some on devices that nobody registered."""
    if (found := somebody(setting, dice)) is None:
        return
    person, minute = found
    outcome = {50126: "bad_password"}.get(result, "denied")
    device = device or (guid(dice) if dice.chance(0.3) else "")
    address = dice.pick(
        (person.mobile, person.home, outside_address(setting, dice, "hosting", "mobile", "hotel"))
    )
    fields = {"address": address, "foreign_device": device, "outcome": outcome, "result": result, "mfa": mfa}
    private(setting, person, dice, minute, **fields)


def _old_password(setting: Setting, dice: Dice) -> None:
    """A changed password that a tablet does not know yet."""
    if (found := somebody(setting, dice)) is None:
        return
    person, minute = found
    fields = {
        "address": person.home,
        "foreign_device": guid(dice),
        "outcome": "bad_password",
        "result": 50126,
        "mfa": "",
    }
    for _ in range(dice.between(3, 5)):
        minute += dice.between(50, 190) / 60
        private(setting, person, dice, minute, interactive=False, **fields)


def _by_code(setting: Setting, dice: Dice) -> None:
    """A command-line tool or a meeting room, signed in with a code."""
    if (found := somebody(setting, dice, "developer", "administrator", "office")) is None:
        return
    person, minute = found
    app = "Microsoft Azure CLI" if person.account.role != "office" else "Microsoft Teams"
    agent = dice.pick(("python-requests/2.32.3", "Teams-Rooms/5.3.163.0", "AZURECLI/2.74.0 (MSI)"))
    sign_in(
        setting,
        person,
        minute,
        dice,
        app,
        device=None,
        protocol="deviceCode",
        user_agent=agent,
        interactive=True,
        mfa=PROMPT,
    )


def _hosted(setting: Setting, dice: Dice) -> None:
    """From a hosting company's network: a developer's hosted desktop, or a connector's tokens."""
    if (found := somebody(setting, dice, "developer", "administrator", "finance")) is None:
        return
    person, minute = found
    address, session = outside_address(setting, dice, "hosting"), guid(dice)
    agent = dice.pick(
        (
            "axios/1.7.9",
            "python-requests/2.32.3",
            "Mozilla/5.0 (X11; Linux x86_64; rv:139.0) Gecko/20100101 Firefox/139.0",
        )
    )
    for app in dice.some(
        (EXCHANGE, "Microsoft Azure CLI", "Office 365 SharePoint Online"), dice.between(1, 2)
    ):
        sign_in(
            setting,
            person,
            minute,
            dice,
            app,
            address=address,
            device=None,
            session=session,
            user_agent=agent,
        )
        minute += dice.between(7, 40)
