"""Alerts: what the detection rules raise over rows as they become visible."""

import re
import sqlite3
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from hashlib import blake2b
from threading import Lock

from opensec_inspect.incident.sensors.rows import Cell, Row
from opensec_inspect.incident.sensors.rules import Count, Rule, rules
from opensec_inspect.incident.sensors.schema.columns import GATING, Writer
from opensec_inspect.incident.sensors.schema.tables import TABLE

LAG_MS = (20_000, 90_000)
"""Time from the arrival of a row to its alert, lowest and highest."""
CLOSED_SHARES = (
    ("Closed: benign positive", 58),
    ("Closed: false positive", 86),
    ("Closed: undetermined", 93),
    ("In progress", 100),
)
"""How alerts of earlier days stand, with cumulative percent; a setting, not a measurement."""
MOST_KEPT = 20_000
"""Rows of which it is kept which rules they meet: a day of eight organisations at `soc`."""
IdentifiedRow = tuple[str, Row]
"""A row's id, and the row."""
_SHOWN = ("Account", "DeviceName", "Address", "Detail")


class Detection:
    """The rules over one stream of rows; it remembers the rows that rules with a count have met."""

    def __init__(self) -> None:
        self._met: dict[tuple[int, tuple[Cell, ...]], list[int]] = defaultdict(list)

    def fire(self, rows: Sequence[IdentifiedRow]) -> tuple[Row, ...]:
        """Alerts that newly visible rows raise, given by time; each row is given once.

        A rule with a count is raised by the row that makes the count full, and not by further ones while it
        stays full. Nothing older than twice the longest window, an hour, plays a part.
        """
        raised = [
            alert(rule, *rows[place])
            for rule, place in met_conditions(rows)
            if rule.count is None or self._fills(rule, rule.count, rows[place][1])
        ]
        return tuple(sorted(raised, key=lambda row: (row.at_ms, row.event, row.part)))

    def _fills(self, rule: Rule, count: Count, row: Row) -> bool:
        window_ms = count.window_s * 1000
        times = self._met[rule.number, tuple(cell_of(row, column) for column in count.group_by)]
        place = bisect_right(times, row.at_ms)
        recent = bool(place) and times[place - 1] > row.at_ms - window_ms
        before = _count(times, times[place - 1], window_ms) if recent else 0
        times.insert(place, row.at_ms)
        now = _count(times, row.at_ms, window_ms)
        del times[: bisect_right(times, times[-1] - 2 * window_ms)]
        return before < count.at_least <= now


def met_conditions(rows: Sequence[IdentifiedRow]) -> Iterator[tuple[Rule, int]]:
    """Each rule with the place of each row that meets its condition, by rule and place."""
    known = [_MET.get((row.table, row.cells)) for _, row in rows]
    tables: dict[str, list[tuple[Cell, ...]]] = {}
    for place, (_, row) in enumerate(rows):
        if known[place] is None:
            tables.setdefault(row.table, []).append((place, *row.cells))
    if tables:
        with _LOCK:  # one connection serves all episodes of the process: it is empty between two calls
            _remember(rows, known, _selected(_connection(), tables))
    yield from sorted(
        ((rule, place) for place, met in enumerate(known) for rule in met or ()),
        key=lambda one: (_order()[one[0].id], one[1]),
    )


def _remember(
    rows: Sequence[IdentifiedRow], known: list[tuple[Rule, ...] | None], found: list[tuple[Rule, int]]
) -> None:
    """Fill in what was not known: a condition is about one row, and most rows come in many episodes."""
    if len(_MET) > MOST_KEPT:
        _MET.clear()
    met: dict[int, list[Rule]] = defaultdict(list)
    for rule, place in found:
        met[place].append(rule)
    for place, (_, row) in enumerate(rows):
        if known[place] is None:
            known[place] = _MET[row.table, row.cells] = tuple(met.get(place, ()))


def _selected(
    connection: sqlite3.Connection, tables: dict[str, list[tuple[Cell, ...]]]
) -> list[tuple[Rule, int]]:
    try:
        for table, lines in tables.items():
            connection.executemany(_insert(table), lines)
        return [
            (rule, place)
            for rule in rules()
            if rule.table in tables
            for (place,) in connection.execute(_select(rule.table, rule.condition))
        ]
    finally:
        for table in tables:
            connection.execute(f"DELETE FROM {table}")


def alert(rule: Rule, row_id: str, row: Row) -> Row:
    """The alert of a rule about a row; a cell taken from the row is worth what it was worth there."""
    at_ms = row.seen_ms + lag_ms(rule, row_id)
    shown = {column: cell_of(row, of) for column, of in rule.shows.items()}
    cells = (
        rule.name,
        rule.id,
        rule.severity,
        rule.description,
        rule.tactic,
        rule.technique,
        *(shown.get(column, "") for column in _SHOWN),
        row.table,
        row_id,
        "New",
    )
    classes = dict(zip(_places(row.table), row.classes(), strict=True))
    lowered: tuple[tuple[str, Writer], ...] = tuple(
        (column, classes[of])
        for column, of in rule.shows.items()
        if column != "Detail" and classes[of] not in GATING
    )
    return Row(
        table="alerts",
        event=row.event,
        part=rule.number,
        at_ms=at_ms,
        seen_ms=at_ms,
        cells=cells,
        source="detection-rules",
        cause=row.cause,
        writer=row.writer,
        lowered=lowered,
    )


def closed(raised: Row) -> Row:
    """The alert as it stands once the desk has gone through the queue of its day; a few stay in progress.

    What several rules minded is closed once, with one word for all of them.
    """
    stream = blake2b(f"closed|{raised.event}".encode(), digest_size=2).digest()
    of_hundred = int.from_bytes(stream, "big") % 100
    status = next(status for status, share in CLOSED_SHARES if of_hundred < share)
    return replace(raised, cells=(*raised.cells[:-1], status))


def lag_ms(rule: Rule, row_id: str) -> int:
    """How long the rule takes to raise its alert about a row."""
    low, high = LAG_MS
    stream = blake2b(f"{rule.id}|{row_id}".encode(), digest_size=4).digest()
    return low + int.from_bytes(stream, "big") % (high - low + 1)


def cell_of(row: Row, column: str) -> Cell:
    """The cell of a row in one of its table's own columns."""
    return row.cells[_places(row.table)[column]]


def _count(times: Sequence[int], until_ms: int, window_ms: int) -> int:
    """How many of the sorted times are in the window that ends then."""
    return bisect_right(times, until_ms) - bisect_right(times, until_ms - window_ms)


@cache
def _places(table: str) -> dict[str, int]:
    return {column.name: place for place, column in enumerate(TABLE[table].columns)}


@cache
def _insert(table: str) -> str:
    return f"INSERT INTO {table} VALUES ({', '.join('?' * (1 + len(TABLE[table].columns)))})"


@cache
def _select(table: str, condition: str) -> str:
    return f"SELECT place FROM {table} WHERE {condition} ORDER BY place"


@cache
def _order() -> dict[str, int]:
    return {rule.id: place for place, rule in enumerate(rules())}


_MET: dict[tuple[str, tuple[Cell, ...]], tuple[Rule, ...]] = {}
"""Rules that a row meets, by its table and cells."""
_LOCK = Lock()


@cache
def _connection() -> sqlite3.Connection:
    """A database in memory with a table per evidence table; the defender never sees it."""
    connection = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
    connection.create_function("regexp", 2, _matches, deterministic=True)
    for table in TABLE.values():
        # Sigma compares texts without regard to case.
        columns = ", ".join(f"{column.name} COLLATE NOCASE" for column in table.columns)
        connection.execute(f"CREATE TABLE {table.name} (place INTEGER PRIMARY KEY, {columns})")
    return connection


def _matches(pattern: str, text: Cell) -> bool:
    return isinstance(text, str) and _compiled(pattern).search(text) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
