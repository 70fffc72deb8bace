"""Earlier answers asked for again over a world that is otherwise: renamed cells, or an entity gone."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from opensec_inspect.core.sql.guard import VM_BUDGET
from opensec_inspect.incident.sensors.rows import Cell
from opensec_inspect.incident.sensors.schema.columns import TrustTier
from opensec_inspect.incident.sensors.schema.tables import CONTEXT
from opensec_inspect.incident.world.asking import Answer, Database, Work, ask
from opensec_inspect.incident.world.shared_evidence import Read, SharedEvidence, folded, rows_naming
from opensec_inspect.incident.world.stored_rows import StoredRow
from opensec_inspect.incident.world.tables import (
    COLUMNS,
    EVIDENCE,
    HISTORY,
    PREFIX,
    change_view,
    create_view,
    id_column,
)

MAX_RERUNS = 60
"""Per containment."""
RERUN_BUDGET = 4 * VM_BUDGET
"""Instructions of these together. What is not asked again by then has proved nothing."""
DeliveredRow = tuple[Cell | float, ...]
Rows = Counter[DeliveredRow]
"""Delivered rows with their repeats."""


@dataclass(frozen=True)
class Asked:
    """A query that was answered, kept while the episode is open."""

    step: int
    turn: int
    sql: str
    now_ms: int
    rows: tuple[DeliveredRow, ...]

    @cached_property
    def text(self) -> str:
        """All texts of the answer in lower case, in which a name is looked for first."""
        return folded(cell for row in self.rows for cell in row)

    @cached_property
    def tables(self) -> tuple[str, ...]:
        """Evidence tables that the statement can read: no name can be composed in SQL."""
        lowered = self.sql.lower()
        return tuple(table for table in EVIDENCE if table in lowered)


class Fetched(NamedTuple):
    """A mail or alert that was delivered whole."""

    step: int
    turn: int
    row: StoredRow


class Reread(NamedTuple):
    """A row of today and the cells it is to have."""

    row: StoredRow
    cells: tuple[Cell, ...]


class Reruns:
    """The database of an episode, to be asked again. Runs where the database's statements run."""

    def __init__(
        self,
        connection: Database,
        shared: SharedEvidence,
        arrived: Iterable[StoredRow],
        later: Iterable[StoredRow] = (),
    ) -> None:
        """`arrived` are the rows that are looked at; those of `later` came after all that is asked again."""
        self._connection, self._shared = connection, shared
        self._arrived, self._later = tuple(arrived), tuple(later)
        self._naming: dict[str, tuple[StoredRow, ...]] = {}
        self.left = MAX_RERUNS
        self._work = Work(RERUN_BUDGET)

    @cached_property
    def _arrived_read(self) -> tuple[Read, ...]:
        return tuple(Read(row, folded(row.cells)) for row in self._arrived)

    @property
    def today(self) -> Iterator[StoredRow]:
        """All rows of today so far, by time within the opening and within each step."""
        yield from self._shared.opening
        yield from self._arrived

    def naming(self, entity: str) -> tuple[StoredRow, ...]:
        """Today's rows that name the entity, planted text included."""
        if entity not in self._naming:
            late = rows_naming(self._shared, self._arrived_read, entity)
            self._naming[entity] = (*self._shared.naming(entity), *late)
        return self._naming[entity]

    def answer(self, asked: Asked, sql: str | None = None) -> Answer | None:
        """The answer over the database as it stands now; None when it was stopped or reruns are used up."""
        if self.left <= 0:
            return None
        self.left -= 1
        with self._as_of(asked.step):
            answer = ask(
                self._connection, sql or asked.sql, steps=asked.step, now_ms=asked.now_ms, work=self._work
            )
        return answer if answer.error is None else None

    def lost(self, asked: Asked) -> tuple[Rows, Answer | None]:
        """Delivered rows that the database as it stands now does not deliver, and what it does deliver."""
        answer = self.answer(asked)
        return (Counter() if answer is None else Counter(asked.rows) - Counter(answer.rows)), answer

    def unchanged(self) -> None:
        """Count a rerun that need not run, because the world as it would be is the world as it is."""
        self.left -= 1

    def touched(self, entity: str, tables: Sequence[str], tier: TrustTier) -> bool:
        """Whether these tables hold a row of this trust that names the entity, today or in the past."""
        today = any(row.table in tables and row.trust_tier == tier for row in self.naming(entity))
        return today or any((table, tier) in self._past(entity) for table in tables)

    @contextmanager
    def otherwise(self, rows: Iterable[Reread]) -> Iterator[None]:
        """Within the block the given rows read otherwise; afterwards all is as before."""
        with self._undone():
            self._reread(rows)
            yield

    @contextmanager
    def without(
        self, entity: str, tables: Sequence[str] = EVIDENCE, *, tier: TrustTier | None = None
    ) -> Iterator[None]:
        """Within the block there is no such entity: no row names it, of one trust tier or at all.

        Only these evidence tables are changed. Without a tier no inventory names it either.
        """
        named = {at for at, trust in self._past(entity) if tier in (None, trust)}
        with self._past_hidden([t for t in tables if t in named], entity, tier), self._undone():
            self._delete(
                row
                for row in self.naming(entity)
                if row.table in tables and (tier is None or row.trust_tier == tier)
            )
            if tier is None:
                self._blank_context(entity)
            yield

    @contextmanager
    def other_value(self, tables: Sequence[str], column: str, value: str) -> Iterator[None]:
        """Within the block a value of a column is a fresh one of the same form, wherever it stands in it."""
        changed = f"replace({column}, {_text(value)}, {_text(_fresh(value))}) as {column}"
        with self._undone():
            for table in tables:
                columns = ", ".join(changed if c == column else c for c in COLUMNS[table])
                change_view(self._connection, table, f"select {columns} from ({{body}})")
            yield

    @contextmanager
    def without_value(self, tables: Sequence[str], column: str, value: str) -> Iterator[None]:
        """Within the block there are no rows with the value in that column."""
        with self._undone():
            for table in tables:
                where = f"instr(ifnull({column}, ''), {_text(value)}) = 0"
                change_view(self._connection, table, f"select * from ({{body}}) where {where}")
            yield

    @contextmanager
    def _as_of(self, step: int) -> Iterator[None]:
        """Within the block later rows are gone: a statement can fail on a row that it does not show."""
        later = [row for row in (*self._arrived, *self._later) if row.visible > step]
        if not later:
            yield
            return
        self._connection.execute("savepoint later")
        try:
            self._delete(later)
            yield
        finally:
            self._connection.execute("rollback to later")
            self._connection.execute("release later")

    @contextmanager
    def _undone(self) -> Iterator[None]:
        outer = not self._connection.in_transaction
        if outer:
            self._connection.execute("begin")
        try:
            yield
        finally:
            if outer:
                self._connection.execute("rollback")

    def _reread(self, rows: Iterable[Reread]) -> None:
        by_table: dict[str, list[tuple[Cell, ...]]] = {}
        for row, cells in rows:
            by_table.setdefault(row.table, []).append((*cells, *_key(row)))
        for table, values in by_table.items():
            sets = ", ".join(f"{column} = ?" for column in COLUMNS[table])
            self._connection.executemany(
                f"update main.{PREFIX}{table} set {sets} where {_place(table)}", values
            )

    def _delete(self, rows: Iterable[StoredRow]) -> None:
        by_table: dict[str, list[tuple[Cell, ...]]] = {}
        for row in rows:
            by_table.setdefault(row.table, []).append(_key(row))
        for table, keys in by_table.items():
            self._connection.executemany(f"delete from main.{PREFIX}{table} where {_place(table)}", keys)

    def _past(self, entity: str) -> frozenset[tuple[str, str]]:
        """Tables of the history that name the entity, each with the trust of a row that does."""
        known = self._shared.past_naming
        if entity not in known:
            statement = f"select distinct of_table, trust from {HISTORY}.{PREFIX}naming where entity = ?"
            known[entity] = frozenset(self._connection.execute(statement, (entity,)).fetchall())
        return known[entity]

    @contextmanager
    def _past_hidden(self, tables: Sequence[str], entity: str, tier: TrustTier | None) -> Iterator[None]:
        """Within the block the views of these tables leave out rows of the past that name the entity.

        Outside a transaction: a view that is rolled back makes SQLite read the whole schema anew.
        """
        trusted = "" if tier is None else f" and trust = '{tier}'"
        of_entity = f"select time_key from {HISTORY}.{PREFIX}naming where entity = {_text(entity)}"
        try:
            for table in tables:
                self._view(table, f"where time_key not in ({of_entity} and of_table = '{table}'{trusted})")
            yield
        finally:
            for table in tables:
                self._view(table)

    def _view(self, table: str, where: str = "") -> None:
        self._connection.execute(f"drop view temp.{table}")
        create_view(self._connection, table, self._shared.setting.provenance, history=True, where=where)

    def _blank_context(self, entity: str) -> None:
        names = self._shared.names
        self._connection.execute(f"delete from main.{PREFIX}leases where host_id = ?", (entity,))
        for table, rowid, cells in self._shared.context_naming(entity):
            kept = [None if isinstance(c, str) and names.names(c, entity) else c for c in cells]
            sets = ", ".join(f"{column} = ?" for column in CONTEXT[table])
            self._connection.execute(
                f"update main.{PREFIX}{table} set {sets} where rowid = ?", (*kept, rowid)
            )


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _fresh(value: str) -> str:
    """A value of the same form: other letters for letters, other digits for digits."""
    stream = hashlib.sha256(f"fresh:{value}".encode()).digest()
    return "".join(_other(char, stream[n % 32] + n) for n, char in enumerate(value))


def _other(char: str, number: int) -> str:
    if char.isdecimal():
        return str((int(char) + 1 + number % 9) % 10)
    if not (char.isascii() and char.isalpha()):
        return char
    first = "a" if char.islower() else "A"
    return chr(ord(first) + (ord(char) - ord(first) + 1 + number % 25) % 26)


def _place(table: str) -> str:
    # A time key that was taken moved up by one.
    return f"time_key between ? and ? + 9 and {id_column(table)} = ?"


def _key(row: StoredRow) -> tuple[Cell, ...]:
    return row.time_key, row.time_key, row.id
