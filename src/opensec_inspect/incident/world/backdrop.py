"""What the episodes of one scenario share: today's image, the history file, rows by id."""

import tempfile
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from threading import RLock

from cachetools import LRUCache, cached

from opensec_inspect.core.clock import stamp
from opensec_inspect.incident.scenario.episode import Setting
from opensec_inspect.incident.scenario.names import Names, names_of
from opensec_inspect.incident.scenario.rows import Cell
from opensec_inspect.incident.scenario.scenario import Scenario
from opensec_inspect.incident.telemetry import background
from opensec_inspect.incident.world.database import (
    Placed,
    Placement,
    history_row,
    inventory,
    read_history,
    today_image,
    write_history,
)
from opensec_inspect.incident.world.readings import Readings

DESK_RULES = frozenset({"call-back", "change-record"})
"""Rules under which the desks' records stand among the alerts."""


QUEUE_S = 7200
"""How far back the queue reaches that the opening lists; every item in it began later."""


class Backdrop:
    """Read-only and shared: built once per scenario and setting, not per episode."""

    def __init__(self, scenario: Scenario, setting: Setting) -> None:
        self._opened_at = scenario.opened_at
        self.placement = Placement(scenario, setting)
        own = tuple(self.placement.place(row) for row in scenario.rows)
        self.today: tuple[Placed, ...] = (*own, *_benign_rows(scenario, setting))
        self._arriving: dict[int, list[Placed]] = {}
        for row in self.today:
            self._arriving.setdefault(row.visible, []).append(row)
        self.image = today_image(scenario, (row for row in self.today if not row.visible))
        self.names = names_of(scenario.network)
        self.readings = Readings(self.names, self.placement, inventory(scenario))
        self.history = History.of(scenario, self.placement, setting) if setting.noise == "soc" else None

    def id_of(self, key: str) -> str:
        """The id under which an opening row is shown."""
        return next(row.id for row in self.today if row.key == key)

    def arriving(self, steps: int) -> tuple[Placed, ...]:
        """Today's rows that become visible after so many steps, whatever the attacker does."""
        return tuple(self._arriving.get(steps, ()))

    def opening_ids(self, table: str) -> tuple[str, ...]:
        """Ids of a table's rows of the two hours before the opening, in time order.

        The desks' records are left out: they are looked up, not queued, and they are what settles a case.
        """
        since = stamp(self._opened_at, -QUEUE_S)
        rows = sorted(self.today, key=lambda row: row.time_key)
        recent = (row for row in rows if not row.visible and str(row.cells[1]) >= since)
        return tuple(row.id for row in recent if row.table == table and not DESK_RULES & set(row.cells))


class History:
    """The history file of a scenario, built once and only read."""

    def __init__(self, path: Path, names: Names) -> None:
        self.path = path
        self._names = names
        self._naming: dict[str, tuple[Placed, ...]] = {}

    @classmethod
    def of(cls, scenario: Scenario, placement: Placement, setting: Setting) -> "History":
        """The scenario's history, written if it is not there yet."""
        path = _folder() / f"{scenario.digest}-{setting.provenance}.sqlite"
        if not path.exists():
            write_history(path, (placement.place(row) for row in background.history(scenario)))
        return cls(path, names_of(scenario.network))

    def naming(self, entity: str) -> tuple[Placed, ...]:
        """Rows that name an entity, listed once per entity."""
        if entity not in self._naming:
            likely = read_history(self.path, self._names.aliases(entity))
            self._naming[entity] = tuple(
                row for row in likely if names_entity(self._names, row.cells, entity)
            )
        return self._naming[entity]

    def row(self, table: str, id_: str) -> Placed | None:
        """The row of that id in a table; None when there is none."""
        return history_row(self.path, table, id_)


def names_entity(names: Names, cells: Iterable[Cell], entity: str) -> bool:
    """Whether some cell names the entity."""
    return any(isinstance(cell, str) and names.names(cell, entity) for cell in cells)


# By digest: hashing a whole scenario would take longer than what is saved.
@cached(LRUCache(maxsize=32), key=lambda scenario, setting: (scenario.digest, setting), lock=RLock())
def _backdrop(scenario: Scenario, setting: Setting) -> Backdrop:
    return Backdrop(scenario, setting)


def backdrop(scenario: Scenario, setting: Setting) -> Backdrop:
    """The shared part of a scenario's episodes under a setting."""
    return _backdrop(scenario, setting.model_copy(update={"attacker": ""}))


@cached(LRUCache(maxsize=32), key=lambda scenario, setting: (scenario.digest, setting), lock=RLock())
def _benign(scenario: Scenario, setting: Setting) -> tuple[Placed, ...]:
    placement = Placement(scenario, setting)
    return tuple(placement.place(row) for row in background.today(scenario, setting.noise))


def _benign_rows(scenario: Scenario, setting: Setting) -> tuple[Placed, ...]:
    """Today's benign rows: they hold no planted text, so all tiers share them."""
    same = setting.model_copy(update={"attacker": "", "injection_tier": "t0"})
    return _benign(scenario, same)


@lru_cache(maxsize=1)
def _scratch() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="opensec-")


def _folder() -> Path:
    return Path(_scratch().name)
