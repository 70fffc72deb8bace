"""Which of the rows that settle a case an answer has delivered."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from opensec_inspect.incident.facts.scenario import RowRef, Scenario
from opensec_inspect.incident.sensors.rows import Cell
from opensec_inspect.incident.world.stored_rows import StoredRow
from opensec_inspect.incident.world.tables import COLUMNS

WHOLE_BELOW = 5
"""Characters of a value that is looked for as a whole cell: `no` stands in too many texts."""


class Settling:
    """Follows the rows of `truth.supporting_rows` over delivered answers."""

    def __init__(self, scenario: Scenario) -> None:
        refs = (ref for one in scenario.truth.supporting_rows for rows in one.sets for ref in rows)
        self._refs: dict[tuple[str, str], list[RowRef]] = {}
        for ref in dict.fromkeys(refs):
            self._refs.setdefault((ref.event, ref.table), []).append(ref)
        self._missing: list[_Missing] = []
        self._delivered: set[str] = set()

    def arrive(self, rows: Iterable[StoredRow]) -> None:
        """Note rows that have become visible."""
        for row in rows:
            # A move's events carry the step in which they happened.
            for ref in self._refs.get((row.event.partition("@")[0], row.table), ()):
                self._missing.append(_missing(ref, row))

    def fetch(self, fetched: StoredRow) -> tuple[str, ...]:
        """Keys of the rows that a whole fetched row delivers: itself, if it is one."""
        return self._done(one.ref for one in self._missing if one.row_id == fetched.id)

    def deliver(self, sql: str, rows: Iterable[tuple[Cell | float, ...]]) -> tuple[str, ...]:
        """Keys of the rows that an answer delivers for the first time, `event|table`.

        A row is delivered when one answered row holds the values of all its cells that matter. A value that
        the statement itself names need not be answered again, but at least one must be.
        """
        if not self._missing:
            return ()
        shown = [tuple(_text(cell) for cell in row) for row in rows]
        # First in all texts at once: most rows that are missing are in no answer.
        everything, lowered = "\0".join("\0".join(row) for row in shown), sql.lower()
        return self._done(
            one.ref
            for one in self._missing
            if all(v in everything or _quoted(v, lowered) for v in one.values)
            and any(_holds(row, lowered, one.values) for row in shown)
        )

    def _done(self, refs: Iterable[RowRef]) -> tuple[str, ...]:
        new = dict.fromkeys(key_of(ref) for ref in refs if key_of(ref) not in self._delivered)
        self._delivered |= set(new)
        if new:
            self._missing = [one for one in self._missing if key_of(one.ref) not in self._delivered]
        return tuple(new)


def key_of(ref: RowRef) -> str:
    """How a step records the row: `event|table`."""
    return f"{ref.event}|{ref.table}"


class _Missing(NamedTuple):
    """A row that settles something and was not delivered yet."""

    ref: RowRef
    row_id: str
    values: tuple[str, ...]
    """Of the cells that matter, in lower case."""


def _missing(ref: RowRef, row: StoredRow) -> _Missing:
    columns = COLUMNS[row.table]
    return _Missing(ref, row.id, tuple(_text(row.template[columns.index(column)]) for column in ref.cells))


def _holds(shown: tuple[str, ...], sql: str, values: tuple[str, ...]) -> bool:
    answered = [any(_same(value, cell) for cell in shown) for value in values]
    return any(answered) and all(a or _quoted(v, sql) for a, v in zip(answered, values, strict=True))


def _same(value: str, cell: str) -> bool:
    return value == cell or (len(value) >= WHOLE_BELOW and value in cell)


def _quoted(value: str, sql: str) -> bool:
    if value.isdecimal():
        return re.search(rf"(?<![\w.]){value}(?![\w.])", sql) is not None
    return f"'{value}'" in sql or f'"{value}"' in sql or (len(value) >= WHOLE_BELOW and value in sql)


def _text(cell: Cell | float) -> str:
    return "" if cell is None else str(cell).lower()
