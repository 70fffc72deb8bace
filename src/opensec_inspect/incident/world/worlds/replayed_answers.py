"""What each step's answer delivered, rebuilt from the episode alone.

Answers are not stored: they follow from the actions, and the rows from what decides them (see
`world.evidence`). So looking back needs no attacker and no running world, and is the same for every
protocol a defender may have spoken, also while an episode is still being played.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

from opensec_inspect.incident.episode.actions import Containment, FetchAlert, FetchEmail, QueryLogs
from opensec_inspect.incident.episode.containment import tool_of
from opensec_inspect.incident.episode.episode import Episode, Step
from opensec_inspect.incident.episode.killchain import windows
from opensec_inspect.incident.sensors.rows import Cell
from opensec_inspect.incident.sensors.schema.columns import TrustTier
from opensec_inspect.incident.sensors.schema.tables import TABLES
from opensec_inspect.incident.world.asking import Database, ask
from opensec_inspect.incident.world.connection import Direct
from opensec_inspect.incident.world.evidence import Evidence
from opensec_inspect.incident.world.makers import Makers
from opensec_inspect.incident.world.making import MAKERS
from opensec_inspect.incident.world.reruns.gating import Gating
from opensec_inspect.incident.world.reruns.reruns import Asked, Fetched, Reruns
from opensec_inspect.incident.world.shared_evidence import (
    SharedEvidence,
    names_in,
    open_evidence,
    shared_evidence,
)
from opensec_inspect.incident.world.stored_rows import StoredRow, stamp_ms
from opensec_inspect.incident.world.tables import COLUMNS, insert
from opensec_inspect.incident.world.worlds import answers

CLOCK = "The statement took too long and was stopped."
_TABLE_OF = {table.id_prefix: table.name for table in TABLES}


@dataclass(frozen=True, slots=True)
class Delivery:
    """The answer to one step; empty for actions whose answer holds no evidence."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell | float, ...], ...] = ()
    """A fetched mail or alert is one row with all its columns."""
    cut: bool = False
    """Whether rows were left out of a query's answer."""
    sentence: str | None = None
    """What was said instead of rows: done, already done, or why not."""
    row: StoredRow | None = None
    """The fetched row; None for queries."""


class EvidenceReplay:
    """An episode's evidence, open for looking back; made by `evidence_replay`."""

    def __init__(self, episode: Episode, database: Database, shared: SharedEvidence) -> None:
        self._episode, self._database, self._shared = episode, database, shared
        self._evidence = Evidence(shared.day)
        self._by_id = dict(shared.by_id)
        self._late: list[StoredRow] = []
        decided = windows(episode)
        found = []
        for step, window in zip(episode.steps, decided, strict=True):
            found.append(self._delivered(step))
            self._arrive(self._evidence.advance(window) if step.move is not None else ())
        self.deliveries: tuple[Delivery, ...] = tuple(found)
        """One per step."""

    @property
    def rows(self) -> tuple[StoredRow, ...]:
        """Every row of the day that became visible, of the case and of the routine; `visible` tells when."""
        return (*self._shared.opening, *self._late)

    @property
    def opening_alert(self) -> str:
        """Id of the alert that the case was opened for."""
        return self._shared.opening_alert

    def now(self, steps: int) -> str:
        """Scenario time after that many steps."""
        return stamp_ms(self._shared.day.starts_ms(steps))

    def row(self, id_: str) -> StoredRow | None:
        """The row of that id; None when there is none."""
        found = self._by_id.get(id_)
        table = _TABLE_OF.get(id_.partition("-")[0])
        if found is None and table is not None:
            found = self._shared.history.row(table, id_, self._episode.setting.provenance)
        return found

    def naming(self, entity: str) -> tuple[StoredRow, ...]:
        """Rows of the day that name an entity, planted text included."""
        return self._reruns().naming(entity)

    @cached_property
    def named(self) -> tuple[frozenset[str], ...]:
        """Ids of the entities that each step's answer, or the statement that asked for it, names."""
        return tuple(
            self._named(
                [
                    *([step.action.sql] if isinstance(step.action, QueryLogs) else []),
                    *(cell for row in delivery.rows for cell in row),
                ],
                step.index,
            )
            for step, delivery in zip(self._episode.steps, self.deliveries, strict=True)
        )

    def says(self, row: StoredRow, entity: str) -> bool:
        """Whether the row itself names the entity, planted text left out."""
        return names_in(self._shared.names, row.template, entity, row.at_ms)

    def first_shown(self, entity: str) -> dict[TrustTier, int]:
        """For each trust tier the first step whose answer showed the entity through it, if any did.

        The rule is that of `Gate.seen`, asked of the answers that name the entity.
        """
        steps = [s for s in self._episode.steps if entity in self.named[s.index]]
        looked_at: list[Asked | Fetched] = []
        for step in steps:
            row = self.deliveries[step.index].row
            if isinstance(step.action, QueryLogs):
                looked_at.append(self._asked(step, step.action.sql))
            elif row is not None:
                looked_at.append(Fetched(step.index, step.turn, row))
        return Gating(self._shared, self._reruns(), entity).first_seen(looked_at)

    def _reruns(self) -> Reruns:
        return Reruns(self._database, self._shared, self._late)

    def _named(self, cells: Iterable[object], steps: int) -> frozenset[str]:
        names, now_ms = self._shared.names, self._shared.day.starts_ms(steps)
        return frozenset[str]().union(*(names.named(c, now_ms) for c in cells if isinstance(c, str)))

    def _asked(self, step: Step, sql: str) -> Asked:
        rows = self.deliveries[step.index].rows
        return Asked(step.index, step.turn, sql, self._shared.day.starts_ms(step.index), rows)

    def _arrive(self, rows: tuple[StoredRow, ...]) -> None:
        insert(self._database, rows)
        self._late += rows
        self._by_id |= {row.id: row for row in rows}

    def _delivered(self, step: Step) -> Delivery:
        action = step.action
        if isinstance(action, QueryLogs):
            return self._answered(step, action.sql)
        if isinstance(action, FetchEmail):
            return self._fetched(step, "email_logs", action.email_id)
        if isinstance(action, FetchAlert):
            return self._fetched(step, "alerts", action.alert_id)
        return Delivery(sentence=_contained(step, action)) if isinstance(action, Containment) else Delivery()

    def _answered(self, step: Step, sql: str) -> Delivery:
        if step.outcome.status == "sql_clock":  # depended on the machine: asking again proves nothing
            return Delivery(sentence=CLOCK)
        now_ms = self._shared.day.starts_ms(step.index)
        answer = ask(self._database, sql, steps=step.index, now_ms=now_ms)
        return Delivery(columns=answer.columns, rows=answer.rows, cut=answer.cut, sentence=answer.error)

    def _fetched(self, step: Step, table: str, id_: str) -> Delivery:
        row = self.row(id_.strip())
        if row is None or step.outcome.status == "not_found":
            return Delivery(sentence=answers.not_found(table, id_))
        return Delivery(columns=COLUMNS[table], rows=(row.cells,), row=row)


@contextmanager
def evidence_replay(episode: Episode, makers: Makers = MAKERS) -> Iterator[EvidenceReplay]:
    """The episode's evidence, open within the block."""
    shared = shared_evidence(episode.scenario, episode.setting, makers)
    database = Direct().connection
    try:
        open_evidence(database, shared)
        yield EvidenceReplay(episode, database, shared)
    finally:
        database.close()


def _contained(step: Step, action: Containment) -> str:
    tool = tool_of(action)
    name = tool.said_of(action)
    if step.outcome.status == "not_found":
        return answers.unknown_entity(tool, name)
    said = answers.already_contained if step.outcome.status == "repeated" else answers.now_contained
    return said(tool, name)
