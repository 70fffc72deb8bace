"""What the episodes of one scenario and setting share, and what a world is opened with."""

import sqlite3
from collections.abc import Callable, Iterable
from functools import cached_property
from threading import Condition, RLock
from typing import NamedTuple

from cachetools import LRUCache, cached

from opensec_inspect.incident.episode.episode import Setting
from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.incident.sensors.rows import Cell
from opensec_inspect.incident.world.asking import Database
from opensec_inspect.incident.world.context import context_rows
from opensec_inspect.incident.world.evidence import Day
from opensec_inspect.incident.world.history import History, history_of
from opensec_inspect.incident.world.makers import Makers, NameBook
from opensec_inspect.incident.world.routine import routine_of
from opensec_inspect.incident.world.stored_rows import Placement, StoredRow, opened_ms, slot_texts, stamp_ms
from opensec_inspect.incident.world.tables import COLUMNS, HISTORY, create_today, create_views, insert

MOST_KEPT = 512
"""Scenarios whose shared evidence is kept, at 0.5 MB each, 0.7 MB at `soc`: all of a committed split.

Played in rounds, a cache that lacks room for one of them finds none."""
SCHEMA_BYTES = 500_000
"""What a world's connection holds beside its rows: views, prepared statements and cached pages, about."""
HISTORY_CACHE_KIB = 64
"""Of the history file that a connection keeps; more makes no statement faster that was measured."""
QUEUE_MS = 7_200_000
"""How far back the queue reaches that the opening lists."""


class SharedEvidence:
    """Read-only and shared: built once per scenario and setting, not per episode."""

    def __init__(self, scenario: Scenario, setting: Setting, makers: Makers) -> None:
        self.scenario, self.setting, self.makers = scenario, setting, makers
        text = slot_texts(scenario, setting.injection_tier)
        placement = Placement(
            seed=scenario.noise_seed, provenance=setting.provenance, text_of=lambda slot: text.get(slot, "")
        )
        routine = routine_of(scenario.organisation, setting.noise, makers)
        self.day = Day(scenario, routine, makers, placement)
        self.context = context_rows(self.day.scene)
        self.past_naming: dict[str, frozenset[tuple[str, str]]] = {}
        """Per entity asked for, the tables of the history that name it, each with the trust of such a row."""
        self._looked_for: dict[str, tuple[str, ...]] = {}
        self._naming: dict[str, tuple[StoredRow, ...]] = {}
        self._context_naming: dict[str, tuple[tuple[str, int, tuple[Cell, ...]], ...]] = {}

    @property
    def opening(self) -> tuple[StoredRow, ...]:
        """Today's rows that can be seen at the opening, by time."""
        return self.day.opening

    @property
    def history(self) -> History:
        """The organisation's past, written to its file when it is asked for: a brief needs none of it."""
        return history_of(self.scenario.organisation, self.setting.noise, self.makers)

    @cached_property
    def names(self) -> NameBook:
        """The names of everything in the scenario."""
        return self.makers.names(self.day.scene)

    @cached_property
    def image(self) -> bytes:
        """Today's database at the opening, to be deserialised into each episode."""
        connection = sqlite3.connect(":memory:")
        create_today(connection, self.context)
        insert(connection, self.opening)
        connection.commit()
        image = connection.serialize()
        connection.close()
        return image

    @cached_property
    def by_id(self) -> dict[str, StoredRow]:
        """Rows of the opening by their id."""
        return {row.id: row for row in self.opening}

    @property
    def opening_alert(self) -> str:
        """Id of the alert that the case was opened for."""
        evidence = {row.id for row in self.opening if row.event == self.scenario.opening_event}
        rule, about = (COLUMNS["alerts"].index(c) for c in ("RuleId", "EvidenceId"))
        raised = (row for row in self.opening if row.table == "alerts" and row.cells[about] in evidence)
        return next(row.id for row in raised if row.cells[rule] == self.scenario.opening_rule)

    def queue(self, table: str) -> tuple[str, ...]:
        """Ids of a table's rows of the two hours before the opening, in time order."""
        since = stamp_ms(opened_ms(self.scenario) - QUEUE_MS)
        return tuple(row.id for row in self.opening if row.table == table and str(row.cells[1]) >= since)

    @cached_property
    def _read(self) -> "tuple[Read, ...]":
        return tuple(Read(row, folded(row.cells)) for row in self.opening)

    @cached_property
    def _context_read(self) -> tuple[tuple[str, int, tuple[Cell, ...], str], ...]:
        return tuple(
            (table, number, cells, folded(cells))
            for table, listed in self.context.items()
            if table not in ("leases", "data_dictionary")
            for number, cells in enumerate(listed, 1)
        )

    def looked_for(self, entity: str) -> tuple[str, ...]:
        """Texts of which one stands, in lower case, wherever the entity is named."""
        if entity not in self._looked_for:
            self._looked_for[entity] = looked_for_of(self.names, entity)
        return self._looked_for[entity]

    def naming(self, entity: str) -> tuple[StoredRow, ...]:
        """Rows of the opening that name an entity, planted text included; looked for once per entity."""
        if entity not in self._naming:
            self._naming[entity] = rows_naming(self, self._read, entity)
        return self._naming[entity]

    def context_naming(self, entity: str) -> tuple[tuple[str, int, tuple[Cell, ...]], ...]:
        """Rows of the context tables that name an entity: table, rowid and cells."""
        if entity not in self._context_naming:
            looked_for = self.looked_for(entity)
            self._context_naming[entity] = tuple(
                (table, number, cells)
                for table, number, cells, text in self._context_read
                if any(alias in text for alias in looked_for) and names_in(self.names, cells, entity)
            )
        return self._context_naming[entity]


class Read(NamedTuple):
    """A row and its text, in which a name is looked for first."""

    row: StoredRow
    text: str


def folded(cells: Iterable[object]) -> str:
    """All texts of a row in lower case."""
    return "\n".join(c for c in cells if isinstance(c, str)).lower().replace("[.]", ".")


def looked_for_of(names: NameBook, entity: str) -> tuple[str, ...]:
    """The aliases of an entity in lower case, without those that stand for another anyway."""
    aliases = sorted({alias.lower() for alias in names.aliases(entity)}, key=len)
    return tuple(a for n, a in enumerate(aliases) if not any(short in a for short in aliases[:n]))


def rows_naming(shared: SharedEvidence, rows: Iterable[Read], entity: str) -> tuple[StoredRow, ...]:
    """The rows of which some cell names the entity, each read as of its own time."""
    names, looked_for = shared.names, shared.looked_for(entity)
    likely = (read.row for read in rows if any(alias in read.text for alias in looked_for))
    return tuple(row for row in likely if names_in(names, row.cells, entity, row.at_ms))


def names_in(names: NameBook, cells: Iterable[object], entity: str, at_ms: int | None = None) -> bool:
    """Whether some cell names the entity."""
    return any(isinstance(c, str) and names.names(c, entity, at_ms) for c in cells)


EvidenceMaker = Callable[[], SharedEvidence]
_MAKING = RLock()
"""Python makes one at a time anyway; those that wait here end at once when their episode is given up."""


def evidence_opened(connection: Database, make: EvidenceMaker) -> SharedEvidence:
    """What is shared, made here: where statements run, as the event loop has a Ctrl-C to attend to."""
    with _MAKING:
        if connection.interrupted:
            raise sqlite3.OperationalError("interrupted")
        shared = make()
        assert shared.image, "made here too: it is half of the work"
    open_evidence(connection, shared)
    return shared


def open_evidence(connection: Database, shared: SharedEvidence) -> None:
    """Fill a fresh connection: today's rows at the opening, the history, and the views."""
    connection.deserialize(shared.image)
    connection.keep(len(shared.image) + SCHEMA_BYTES)
    sqlite3.Connection.execute(connection, f"attach database ? as {HISTORY}", (shared.history.uri,))
    # Its pages are in the memory of the machine anyway: a copy for each connection is 2 MiB of the same.
    connection.execute(f"pragma {HISTORY}.cache_size = -{HISTORY_CACHE_KIB}")
    create_views(connection, shared.setting.provenance, history=True)


def shared_evidence(scenario: Scenario, setting: Setting, makers: Makers) -> SharedEvidence:
    """The shared part of a scenario's episodes under a setting."""
    return _shared_evidence(scenario, setting.model_copy(update={"attacker": ""}), makers)


# By digest: hashing a whole scenario would take longer than what is saved.
@cached(
    LRUCache(maxsize=MOST_KEPT),
    key=lambda scenario, setting, makers: (scenario.digest, setting, makers),
    condition=Condition(),  # worlds of a case that are opened at once wait for one to make it
)
def _shared_evidence(scenario: Scenario, setting: Setting, makers: Makers) -> SharedEvidence:
    return SharedEvidence(scenario, setting, makers)
