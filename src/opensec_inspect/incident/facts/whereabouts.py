"""Where people are on a day: at the office, at home, travelling, on leave, or off.

Plans are made per fortnight and keyed by person, so they are the same at every noise.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal

from opensec_inspect.core.dice import Dice
from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.facts.entities import Account, Address

Place = Literal["office", "home", "travel", "leave", "off"]
FORTNIGHTS = 3
"""Fortnights planned: the one with today in it, the one before and the one after."""
TRAVELLERS = frozenset({"executive", "finance", "developer", "office", "administrator"})
HOME_SHARE = {
    "office": 0.3,
    "finance": 0.3,
    "developer": 0.55,
    "administrator": 0.25,
    "desk_analyst": 0.15,
    "security": 0.4,
    "executive": 0.2,
}
"""Share of working days at home; a setting, not a measurement."""


class Absence(Frozen):
    """A trip or a leave."""

    account: str
    kind: Literal["travel", "leave"]
    first: date
    last: date
    """Inclusive."""
    country: str = ""
    city: str = ""
    hotel: str = ""
    """Address of the hotel."""
    mobile: str = ""
    """Address of the carrier there."""
    withdrawn: bool = False
    """Whether the trip was called off."""

    def covers(self, day: date) -> bool:
        """Whether somebody is away on that day."""
        return not self.withdrawn and self.first <= day <= self.last


class Whereabouts(Frozen):
    """Where a person is on a day, and when they work; minutes from local midnight."""

    account: str
    place: Place
    begins: int = 0
    ends: int = 0
    lunch: int = 0
    """Beginning of the break."""
    back: int = 0
    """End of the break."""
    absence: Absence | None = None

    @property
    def working(self) -> bool:
        """Whether they work that day."""
        return self.place in {"office", "home", "travel"}


def absences(
    key: str, accounts: Sequence[Account], addresses: Sequence[Address], today: date
) -> tuple[Absence, ...]:
    """Every trip and leave around today. At least two people of the core are abroad today."""
    people = [a for a in accounts if a.role != "service"]
    movers = [a for a in people if a.role in TRAVELLERS and a.shift[0] in {8, 9}]
    bound = Dice(f"{key}|travelling").some(movers[:13], 4)
    found = []
    for person in people:
        dice = Dice(f"{key}|absences|{person.id}")
        if person in bound:
            found.append(_today_or_called_off(dice, person, addresses, today, bound.index(person)))
            continue
        for fortnight in range(FORTNIGHTS):
            first = today + timedelta(days=14 * (fortnight - 1) - 7 + dice.below(10))
            length, kind = dice.between(1, 3), dice.below(100)
            if kind < 20 and person in movers:
                found.append(_trip(dice, person, addresses, first, length))
            elif kind < 26 and person.role not in {"desk_analyst", "security"}:
                found.append(
                    Absence(
                        account=person.id, kind="leave", first=first, last=first + timedelta(days=length + 1)
                    )
                )
    return tuple(found)


def whereabouts(key: str, person: Account, day: date, planned: Sequence[Absence]) -> Whereabouts:
    """Where the person is on that day; `planned` are the person's absences."""
    dice = Dice(f"{key}|whereabouts|{person.id}|{day}")
    absence = next((one for one in planned if one.account == person.id and one.covers(day)), None)
    if absence is not None and absence.kind == "leave":
        return Whereabouts(account=person.id, place="leave", absence=absence)
    if not _on_duty(person, day, dice):
        return Whereabouts(account=person.id, place="off", absence=absence)
    place: Place = "office"
    if absence is not None:
        place = "travel"
    elif person.shift[0] in {8, 9} and dice.chance(HOME_SHARE.get(person.role, 0.0)):
        place = "home"
    begins, lunch, back, ends = _hours(person, dice)
    return Whereabouts(
        account=person.id, place=place, begins=begins, lunch=lunch, back=back, ends=ends, absence=absence
    )


def _today_or_called_off(
    dice: Dice, person: Account, addresses: Sequence[Address], today: date, number: int
) -> Absence:
    """Two trips that include today, one that ended last week, one that includes today and was called off."""
    length = dice.between(1, 3)
    if number == 2:
        return _trip(dice, person, addresses, today - timedelta(days=length + dice.between(4, 7)), length)
    trip = _trip(dice, person, addresses, today - timedelta(days=dice.between(0, length)), length)
    return trip.model_copy(update={"withdrawn": number == 3})


def _trip(dice: Dice, person: Account, addresses: Sequence[Address], first: date, length: int) -> Absence:
    hotels = [a for a in addresses if a.kind == "hotel"]
    hotel = dice.pick(hotels)
    mobile = dice.pick(
        [a for a in addresses if a.kind == "mobile" and (a.country, a.city) == (hotel.country, hotel.city)]
    )
    return Absence(
        account=person.id,
        kind="travel",
        first=first,
        last=first + timedelta(days=length),
        country=hotel.country,
        city=hotel.city,
        hotel=hotel.ip,
        mobile=mobile.ip,
    )


def _on_duty(person: Account, day: date, dice: Dice) -> bool:
    if day.weekday() < 5:
        return True
    if person.shift in {(6, 14), (14, 22), (22, 6)}:
        return day.weekday() == 5 and dice.chance(0.4)
    return person.role in {"administrator", "desk_analyst"} and dice.chance(0.25)


def _hours(person: Account, dice: Dice) -> tuple[int, int, int, int]:
    """Beginning, break, end of the break and end of work, in minutes; a night shift is cut at midnight."""
    begins = person.shift[0] * 60 + dice.between(-24, 19)
    ends = (person.shift[1] if person.shift[1] > person.shift[0] else 24) * 60 + dice.between(-21, 34)
    lunch = (begins + ends) // 2 + dice.between(-35, 30)
    return begins, lunch, lunch + dice.between(18, 58), min(ends, 1436)
