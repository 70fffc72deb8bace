"""Writing the events of a case: one draft per group, the same draws in all members."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

from opensec_inspect.core.dice import Dice
from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.facts.entities import Address, Binary, DataAsset, NameCategory, OutsideName
from opensec_inspect.incident.facts.events import AnyEvent, Event
from opensec_inspect.incident.facts.numbers import record_number
from opensec_inspect.incident.facts.organisations import profile
from opensec_inspect.incident.facts.outside import newcomer
from opensec_inspect.incident.facts.scene import Extra, Scene
from opensec_inspect.incident.text.acts import Text, write

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
OFFICE_MIN = (500, 1010)
"""Minutes of a day between which people enter records: 08:20 to 16:50."""
E = TypeVar("E", bound=Event)


class Swap(Frozen):
    """What breaking a leg changes: these fields change places between two sets of events of one source.

    The first event of each side gives the value that all events of the other side take. Nothing else
    of a group differs between its members before the first loss.
    """

    table: str
    """The leg's source: the only table in which the member then differs."""
    fields: tuple[str, ...]
    deciding: tuple[str, ...]
    """Ids of the events about the case."""
    context: tuple[str, ...]
    """Ids of the events that hold the other values, harmless in every member."""


class Draft:
    """Collects events; every draw is keyed by what it is for."""

    def __init__(self, scene: Scene, key: str, split: str, opened_ms: int, step_ms: int) -> None:
        self.scene, self.key, self.split = scene, key, split
        self.opened_ms, self.step_ms = opened_ms, step_ms
        self._events: list[AnyEvent] = []
        self._count = 0
        self._numbers: set[str] = set()
        self.names: list[OutsideName] = []
        self.addresses: list[Address] = []
        self.binaries: list[Binary] = []

    def dice(self, purpose: str) -> Dice:
        """Dice of their own for one purpose."""
        return Dice(f"{self.key}|{purpose}")

    def next_id(self) -> str:
        """A fresh event id."""
        self._count += 1
        return f"e{self._count:03d}"

    def put(self, event: AnyEvent) -> str:
        """Add an event; its id."""
        self._events.append(event)
        return event.id

    def before(self, low_min: float, high_min: float, purpose: str) -> int:
        """A moment that many minutes before the opening, to the millisecond."""
        return self.opened_ms - self._between(low_min, high_min, purpose)

    def on_workday(self, low_days: float, high_days: float, purpose: str) -> int:
        """A moment in office hours so many days before the opening; a weekend's is moved to its Friday."""
        offset_ms = self.scene.organisation.timezone_h * HOUR_MS
        local = self.before(low_days * 24 * 60, high_days * 24 * 60, purpose) + offset_ms
        midnight = local - local % DAY_MS
        midnight -= max(0, datetime.fromtimestamp(midnight / 1000, UTC).weekday() - 4) * DAY_MS
        minute = self.dice(f"hour|{purpose}").between(OFFICE_MIN[0] * 60_000, OFFICE_MIN[1] * 60_000)
        return int(midnight + minute - offset_ms)

    def after(self, low_min: float, high_min: float, purpose: str) -> int:
        """A moment that many minutes after the opening."""
        return self.opened_ms + self._between(low_min, high_min, purpose)

    def guid(self, purpose: str) -> str:
        """A GUID."""
        digits = self.dice(f"guid|{purpose}").hex(32)
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"

    def number(self, prefix: str, digits: int, at_ms: int) -> str:
        """The number that the organisation's systems give a record then, for example `CHG0041187`."""
        key, after = self.scene.organisation.key, 0
        while (found := record_number(key, prefix, digits, at_ms, after, writer="case")) in self._numbers:
            after += 1
        self._numbers.add(found)
        return found

    def text(self, act: str, purpose: str, **slots: str) -> Text:
        """What somebody writes, about facts handed in."""
        return write(act, slots, self.dice(f"text|{purpose}"), self.split)

    def newcomer(self, purpose: str, category: NameCategory = "unknown") -> OutsideName:
        """A name outside that the organisation has never dealt with; the scenario's own."""
        key = self.scene.organisation.key
        today = datetime.fromtimestamp(self.opened_ms / 1000, UTC).date()
        known = profile(key) | {"offices": "|".join(profile(key)["offices"])}
        name, addresses = newcomer(key, f"{self.key}|{purpose}", category, today, known)
        self.names.append(name)
        self.addresses += addresses
        return name

    def program(self, purpose: str, name: str, maker: OutsideName) -> Binary:
        """A program that only this scenario has, signed by the company behind a name outside."""
        dice = self.dice(f"program|{purpose}")
        company = maker.domain.split(".")[0].replace("-", " ").title()
        binary = Binary(
            key=f"{self.key}|{purpose}",
            file_name=f"{name}.exe",
            folder=f"C:\\Program Files\\{company}\\{name}",
            sha256=dice.hex(64),
            company=company,
            signer=company,
            trusted=True,
            prevalence=dice.between(2, 6),
        )
        self.binaries.append(binary)
        return binary

    def day(self, offset: int) -> str:
        """The date so many days after the opening's, `YYYY-MM-DD`."""
        return datetime.fromtimestamp((self.opened_ms + offset * DAY_MS) / 1000, UTC).strftime("%Y-%m-%d")

    def window(self, steps: int, low: float, high: float, purpose: str) -> int:
        """A moment within the window of that step index, given as shares of the window."""
        share = self.dice(f"time|{purpose}").between(int(low * 1000), int(high * 1000)) / 1000
        return self.opened_ms + int((steps + share) * self.step_ms)

    def late(self, event: E, arrival: int) -> E:
        """The event as it is known only after so many steps; as it is when that is 0."""
        if not arrival:
            return event
        seen_ms = self.window(arrival - 1, 0.1, 0.8, f"arrival|{event.id}")
        return replace(event, lag_ms=max(0, seen_ms - event.at_ms))

    def extra(self, assets: tuple[DataAsset, ...]) -> Extra:
        """What the scenario adds to its organisation."""
        return Extra(
            names=tuple(self.names),
            addresses=tuple(self.addresses),
            binaries=tuple(self.binaries),
            assets=assets,
        )

    def events(self) -> tuple[AnyEvent, ...]:
        """Everything collected, by time."""
        return tuple(sorted(self._events, key=lambda event: (event.at_ms, event.id)))

    def _between(self, low_min: float, high_min: float, purpose: str) -> int:
        return self.dice(f"time|{purpose}").between(int(low_min * MINUTE_MS), int(high_min * MINUTE_MS))


def swapped(events: Sequence[E], swap: Swap) -> tuple[E, ...]:
    """The events with the swap's values exchanged."""
    by_id = {event.id: event for event in events}
    first, second = by_id[swap.deciding[0]], by_id[swap.context[0]]

    def changed(event: E) -> E:
        source = second if event.id in swap.deciding else first if event.id in swap.context else None
        if source is None:
            return event
        return replace(event, **{name: getattr(source, name) for name in swap.fields})

    return tuple(changed(event) for event in events)
