"""What each step's answer delivered, rebuilt from the episode alone.

Answers are not stored: they follow from the actions. Looking back needs no attacker and no running
world, because every row carries the step after which it can be seen. So it is the same for every
protocol a defender may have spoken, and also while an episode is still being played.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property, lru_cache

from opensec_inspect.core.clock import stamp
from opensec_inspect.core.sql.guard import GuardedConnection, prepare
from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.scenario.actions import (
    Containment,
    FetchAlert,
    FetchEmail,
    QueryLogs,
)
from opensec_inspect.incident.scenario.containment import tool_of
from opensec_inspect.incident.scenario.episode import Episode, Step
from opensec_inspect.incident.scenario.killchain import rows_left
from opensec_inspect.incident.scenario.names import Names
from opensec_inspect.incident.scenario.rows import COLUMNS, ID_PREFIX, Cell, TrustTier
from opensec_inspect.incident.scenario.scenario import STEP_S
from opensec_inspect.incident.world import answers
from opensec_inspect.incident.world.backdrop import Backdrop, backdrop
from opensec_inspect.incident.world.database import HISTORY, Placed, create_views, insert
from opensec_inspect.incident.world.sightings import Asked, Fetched, Sightings, ask

SHOWN_THROUGH: tuple[TrustTier, ...] = ("verified", "corroborated", "untrusted")
CLOCK = "The statement took too long and was stopped."


class Delivery(Frozen):
    """The answer to one step; empty for actions whose answer holds no evidence."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell | float, ...], ...] = ()
    """A fetched mail or alert is one row with all its columns."""
    cut: bool = False
    """Whether rows were left out of a query's answer."""
    sentence: str | None = None
    """What was said instead of rows: done, already done, or why not."""
    row: Placed | None = None
    """The fetched row; None for queries."""


class Reading:
    """An episode's evidence, open for looking back; made by `reading`."""

    def __init__(self, episode: Episode, connection: GuardedConnection, shared: Backdrop) -> None:
        self._episode, self._connection, self._shared = episode, connection, shared
        left = ((n, row) for n, row in rows_left(episode) if n)
        moved = (shared.placement.place(row, n) for n, row in left)
        self.rows: tuple[Placed, ...] = (*shared.today, *moved)
        """Every row of the day, of the incident and of the routine; `visible` tells from when."""
        insert(connection, (row for row in self.rows if row.visible))
        self._by_id = {row.id: row for row in self.rows}
        self.deliveries: tuple[Delivery, ...] = tuple(self._delivered(step) for step in episode.steps)
        """One per step."""

    def now(self, steps: int) -> str:
        """Scenario time after that many steps."""
        return stamp(self._episode.scenario.opened_at, steps * STEP_S)

    def row(self, id_: str) -> Placed | None:
        """The row of that id; None when there is none."""
        found = self._by_id.get(id_)
        if found is None and self._shared.history is not None:
            table = next((t for t, prefix in ID_PREFIX.items() if id_.startswith(f"{prefix}-")), "")
            found = self._shared.history.row(table, id_) if table else None
        return found

    @cached_property
    def naming(self) -> dict[str, tuple[Placed, ...]]:
        """Rows of the day by the entities they name, planted text included."""
        found: dict[str, list[Placed]] = {}
        for row in self.rows:
            for entity in self._named((*row.cells, *row.blank)):
                found.setdefault(entity, []).append(row)
        return {entity: tuple(rows) for entity, rows in found.items()}

    @cached_property
    def named(self) -> tuple[frozenset[str], ...]:
        """Ids of the entities that each step's answer, or the statement that asked for it, names."""
        return tuple(
            self._named(
                [
                    *([step.action.sql] if isinstance(step.action, QueryLogs) else []),
                    *(cell for row in delivery.rows for cell in row),
                ]
            )
            for step, delivery in zip(self._episode.steps, self.deliveries, strict=True)
        )

    def says(self, row: Placed, entity: str) -> bool:
        """Whether the row itself names the entity, planted text left out."""
        return entity in self._named(row.blank)

    def first_shown(self, entity: str) -> dict[TrustTier, int]:
        """For each trust tier the first step whose answer showed the entity through it, if any did.

        The rule is that of `Gate.seen`, asked of the answers that name the entity.
        """
        steps = [s for s in self._episode.steps if entity in self.named[s.index]]
        asked = [self._asked(s) for s in steps if isinstance(s.action, QueryLogs)]
        fetched = [
            Fetched(s.index, s.turn, row) for s in steps if (row := self.deliveries[s.index].row) is not None
        ]
        # Rows that do not name it play no part in the rule, nor do statements that read none of them;
        # leaving them out makes this 20 times faster.
        rows = self.naming.get(entity, ())
        sightings = Sightings(self._connection, self._shared, rows)
        found = {
            tier: sightings.first(entity, tier, self._reading(asked, rows, tier), fetched)
            for tier in SHOWN_THROUGH
        }
        return {tier: step for tier, step in found.items() if step is not None}

    def _reading(self, asked: list[Asked], rows: tuple[Placed, ...], tier: TrustTier) -> list[Asked]:
        if self._shared.history is not None:  # its rows are not listed here
            return asked
        tables = {row.table for row in rows if row.trust_tier == tier}
        return [a for a in asked if any(table in a.sql.lower() for table in tables)]

    def _named(self, cells: Iterable[object]) -> frozenset[str]:
        names = self._shared.names
        return frozenset[str]().union(*(_named_in(names, cell) for cell in cells if isinstance(cell, str)))

    def _asked(self, step: Step) -> Asked:
        assert isinstance(step.action, QueryLogs)
        rows = self.deliveries[step.index].rows
        return Asked(step.index, step.turn, step.action.sql, self.now(step.index), rows)

    def _delivered(self, step: Step) -> Delivery:
        action = step.action
        if isinstance(action, QueryLogs):
            return self._answered(step, action.sql)
        if isinstance(action, FetchEmail):
            return self._fetched(step, "email_logs", action.email_id)
        if isinstance(action, FetchAlert):
            return self._fetched(step, "alerts", action.alert_id)
        if isinstance(action, Containment):
            return Delivery(sentence=_contained(step, action))
        return Delivery()

    def _answered(self, step: Step, sql: str) -> Delivery:
        if step.outcome.status == "sql_clock":  # depended on the machine: asking again proves nothing
            return Delivery(sentence=CLOCK)
        answer = ask(self._connection, sql, visible=step.index, now=self.now(step.index))
        return Delivery(columns=answer.columns, rows=answer.rows, cut=answer.cut, sentence=answer.error)

    def _fetched(self, step: Step, table: str, id_: str) -> Delivery:
        row = self.row(id_.strip())
        if row is None or step.outcome.status == "not_found":
            return Delivery(sentence=answers.not_found(table, id_))
        return Delivery(columns=COLUMNS[table], rows=(row.cells,), row=row)


@contextmanager
def reading(episode: Episode) -> Iterator[Reading]:
    """The episode's evidence, open within the block."""
    shared = backdrop(episode.scenario, episode.setting)
    connection = sqlite3.connect(":memory:", uri=True, isolation_level=None, factory=GuardedConnection)
    try:
        prepare(connection, COLUMNS)
        connection.deserialize(shared.image)
        if shared.history is not None:
            path = f"file:{shared.history.path}?mode=ro&immutable=1"
            connection.execute(f"attach database ? as {HISTORY}", (path,))
        create_views(connection, history=shared.history is not None)
        yield Reading(episode, connection, shared)
    finally:
        connection.close()


@lru_cache(maxsize=100_000)
def _named_in(names: Names, text: str) -> frozenset[str]:
    # The same routine rows are read again for every model and every arm of a scenario.
    return names.named(text)


def _contained(step: Step, action: Containment) -> str:
    tool = tool_of(action)
    name = tool.said_of(action)
    if step.outcome.status == "not_found":
        return answers.unknown_entity(tool, name)
    put = answers.already_contained if step.outcome.status == "repeated" else answers.now_contained
    return put(tool, name)
