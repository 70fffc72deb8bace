"""One organisation on one day: who is where, with which device, and the events written so far."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any, TypeVar

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.facts.entities import Account, Device, DeviceRole, Noise, Organisation
from opensec_inspect.incident.facts.event import Event
from opensec_inspect.incident.facts.events import AnyEvent
from opensec_inspect.incident.facts.leases import CLIENT_ROLES, midnight_ms
from opensec_inspect.incident.facts.lists import guid
from opensec_inspect.incident.facts.organisations import Site, site
from opensec_inspect.incident.facts.scene import Scene
from opensec_inspect.incident.facts.vendors import fixed_domain
from opensec_inspect.incident.facts.whereabouts import Whereabouts, whereabouts

MINUTE_MS = 60_000
DAY_MIN = 1440
HISTORY_DAYS = 13
"""Days of history at `soc`; at `desk` it is two working days and a weekend between them."""
E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account, on this day."""

    account: Account
    where: Whereabouts
    device: str | None
    """Device they work on today; None when they do not work."""
    home: str
    """Address at home."""
    mobile: str
    """Address of their telephone in their own country."""
    phone: str
    """GUID under which their telephone is registered."""

    @property
    def id(self) -> str:
        """Id of the account."""
        return self.account.id


class Setting:
    """A day in an organisation, and a log to write events to; draws are keyed by day, concern and actor."""

    def __init__(self, key: str, noise: Noise, day: date) -> None:
        self.key, self.noise, self.day = key, noise, day
        self.site: Site = site(key, noise)
        self.organisation: Organisation = self.site.organisation
        self.scene = scene_of(key, noise)
        self.midnight = midnight_ms(day, self.organisation.timezone_h)
        self.log: list[AnyEvent] = []
        self._numbers: dict[tuple[str, str], int] = {}
        self.numbers = set[str]()
        """Numbers of records given today."""

    def dice(self, concern: str, actor: str = "") -> Dice:
        """Draws of one concern of one actor on this day."""
        return Dice(f"{self.key}|{self.day}|{concern}|{actor}")

    def at(self, minute: float, dice: Dice) -> int:
        """A time within that local minute; the day's last second at most."""
        drawn = self.midnight + int(minute * MINUTE_MS) + dice.below(MINUTE_MS)
        return min(max(drawn, self.midnight), self.midnight + DAY_MIN * MINUTE_MS - 1 - dice.below(900))

    def add(self, kind: type[E], concern: str, actor: str, at_ms: int, **fields: Any) -> E:
        """Writes an event; its id counts within day, concern and actor."""
        number = self._numbers[concern, actor] = self._numbers.get((concern, actor), 0) + 1
        event = kind(id=f"r{self.day:%m%d}.{concern}.{actor}.{number}", at_ms=at_ms, **fields)
        self.log.append(event)  # type: ignore[arg-type]
        return event

    def uses(self, what: str) -> int:
        """How often that was used before on this day; counts this time too."""
        number = self._numbers[what, "uses"] = self._numbers.get((what, "uses"), 0) + 1
        return number - 1

    def utc(self, at_ms: int) -> str:
        """A time as registers and tickets write it, to the quarter of an hour."""
        whole = at_ms // (15 * MINUTE_MS) * 15 * MINUTE_MS
        return datetime.fromtimestamp(whole / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def clock(self, at_ms: int) -> str:
        """A local time as people say it, for example `14:10`."""
        minutes = (at_ms - self.midnight) // MINUTE_MS
        return f"{minutes // 60:02d}:{minutes % 60:02d}"

    @cached_property
    def people(self) -> tuple[Person, ...]:
        """Everybody who is a person, in the order of the accounts."""
        return tuple(self._person(account) for account in persons(self.organisation))

    @cached_property
    def at_work(self) -> tuple[Person, ...]:
        """Everybody who works today and has a device."""
        return tuple(p for p in self.people if p.where.working and p.device)

    @cached_property
    def person(self) -> dict[str, Person]:
        """By account id."""
        return {p.id: p for p in self.people}

    def working(self, *roles: str) -> tuple[Person, ...]:
        """Everybody of these roles who works today."""
        return tuple(p for p in self.at_work if p.account.role in roles)

    @cached_property
    def servers(self) -> tuple[Device, ...]:
        """Machines that are always on."""
        return tuple(d for d in self.organisation.devices if d.role not in CLIENT_ROLES)

    def server(self, role: DeviceRole) -> str:
        """Id of the first server of a role."""
        return next(d.id for d in self.organisation.devices if d.role == role)

    def service(self, sam: str) -> str:
        """Id of a service account."""
        return next(a.id for a in self.organisation.accounts if a.sam == sam)

    def domain(self, service: str) -> str:
        """Domain of a service, for example `rmm`."""
        return fixed_domain(self.key, service)

    def names_of(self, *categories: str) -> list[str]:
        """Domains outside of these categories."""
        return [n.domain for n in self.organisation.names if n.category in categories]

    @cached_property
    def clients(self) -> tuple[tuple[Device, int, int], ...]:
        """Laptops and workstations that are on today, with the minutes from when to when."""
        return tuple(
            on for device in self.organisation.devices if (on := self._switched_on(device)) is not None
        )

    @cached_property
    def egress(self) -> dict[str, str]:
        """Egress address by office."""
        return {a.city: a.ip for a in self.organisation.addresses if a.kind == "office"}

    @cached_property
    def gateways(self) -> list[str]:
        """Addresses of the remote-work gateway: at home and in another country."""
        return [a.ip for a in self.organisation.addresses if a.kind == "vpn"]

    def address_of(self, person: Person, minute: float) -> str:
        """The address outside from which a person's laptop signs in at that minute."""
        where, habit = person.where, self.dice("address", person.id)
        if where.place == "office":
            return self.egress[person.account.office]
        if habit.chance(0.3) and where.begins + 45 < minute < where.ends - 60:
            return self.gateways[1] if habit.chance(0.4) else self.gateways[0]
        if where.place == "travel" and where.absence is not None:
            return (
                where.absence.mobile if where.begins + 30 < minute < where.ends - 90 else where.absence.hotel
            )
        return person.home

    def phone_address(self, person: Person) -> str:
        """The address of a person's telephone on this day."""
        abroad = person.where.absence
        return abroad.mobile if abroad is not None and abroad.kind == "travel" else person.mobile

    def session(self, person: str, what: str = "laptop") -> str:
        """The cloud session of somebody's laptop or telephone on this day."""
        return guid(self.dice("session", f"{person}|{what}"))

    def _person(self, account: Account) -> Person:
        where = whereabouts(self.key, account, self.day, self.site.absences)
        home, mobile = _own_addresses(self.key, self.noise)[account.id]
        device = self._device_of(account) if where.working else None
        return Person(account, where, device, home, mobile, guid(Dice(f"{self.key}|telephone|{account.id}")))

    def _device_of(self, account: Account) -> str | None:
        own = [d for d in self.organisation.devices if d.owner == account.id]
        if not own:
            shared = [d for d in self.organisation.devices if d.shared and d.role == "workstation"]
            return self.dice("workstation", account.id).pick(shared).id if shared else None
        if self.scene.address_of(own[0].id, self.midnight + 7 * 60 * MINUTE_MS):
            return own[0].id
        return next(
            (d.id for d in self.organisation.devices if d.serial == own[0].serial and d != own[0]), None
        )

    def _switched_on(self, device: Device) -> tuple[Device, int, int] | None:
        if device.role not in CLIENT_ROLES:
            return None
        users = [p.where for p in self.at_work if p.device == device.id]
        if users:
            return (
                device,
                max(2, min(w.begins for w in users) - 6),
                min(1437, max(w.ends for w in users) + 14),
            )
        if not device.shared or self.day.weekday() > 4 or not self.dice("pool", device.id).chance(0.3):
            return None
        return device, 9 * 60 + 5, 15 * 60 + 40


def persons(organisation: Organisation) -> list[Account]:
    """The accounts of people."""
    return [a for a in organisation.accounts if a.role != "service"]


def history_dates(key: str, noise: Noise) -> tuple[date, ...]:
    """The days before today that have a history, in order."""
    today, days = site(key, noise).today, HISTORY_DAYS
    if noise == "desk":
        working = [n for n in range(1, 7) if (today - timedelta(days=n)).weekday() < 5]
        days = working[1]
    return tuple(today - timedelta(days=n) for n in range(days, 0, -1))


@lru_cache(maxsize=64)
def scene_of(key: str, noise: Noise) -> Scene:
    """The organisation without any scenario."""
    return Scene(organisation=site(key, noise).organisation)


@lru_cache(maxsize=64)
def _own_addresses(key: str, noise: Noise) -> dict[str, tuple[str, str]]:
    """Home and mobile address by account: they stand in the order of the accounts."""
    organisation = site(key, noise).organisation
    homes = [a.ip for a in organisation.addresses if a.kind == "home"]
    mobiles = [
        a.ip for a in organisation.addresses if a.kind == "mobile" and a.country == organisation.country
    ]
    return dict(zip((a.id for a in persons(organisation)), zip(homes, mobiles, strict=True), strict=True))


def occasions(setting: Setting, kind: str, desk: float, soc: float) -> list[Dice]:
    """The draws of a kind of occasion that falls on this day; on average so many in history and day together.

    The first falls on a working day before today, so that kinds with one or more are in every history.
    """
    days = [d for d in (*history_dates(setting.key, setting.noise), setting.site.today) if d.weekday() < 5]
    mean = desk if setting.noise == "desk" else soc
    count = int(mean) + Dice(f"{setting.key}|{setting.noise}|{kind}").chance(mean - int(mean))
    found = []
    for number in range(count):
        dice = Dice(f"{setting.key}|{setting.noise}|{kind}|{number}")
        if (dice.pick(days[:-1]) if number == 0 else dice.pick(days)) == setting.day:
            found.append(dice)
    return found


def minutes(dice: Dice, spans: Iterable[tuple[int, int]], count: int) -> list[float]:
    """`count` minutes in these spans, in order."""
    spans = [span for span in spans if span[1] > span[0]]
    drawn = [dice.pick(spans) for _ in range(count)] if spans else []
    return sorted(low + dice.below((high - low) * 60) / 60 for low, high in drawn)


def around(dice: Dice, middle: float) -> int:
    """A size or duration of about that; a quarter to four times as much, hardly ever twice the same."""
    return max(
        1, int(middle * (0.4 + 1.3 * dice.below(10**6) / 10**6) * (0.5 + 1.4 * dice.below(10**6) / 10**6))
    )


def rate(dice: Dice, mean: float) -> int:
    """A whole number with that mean, spread over a third of it."""
    drawn = mean * (0.65 + 0.7 * dice.below(1000) / 1000)
    return int(drawn) + dice.chance(drawn - int(drawn))


def some_of(dice: Dice, people: Sequence[Person], count: int) -> list[Person]:
    """At most so many different people."""
    return dice.some(people, min(count, len(people)))
