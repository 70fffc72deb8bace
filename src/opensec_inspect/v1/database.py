"""One SELECT over the rows visible now, in a database that lives for that statement.

The published guard is kept (a statement must begin with `select`); the published dangers are not: one
statement, read only, bounded in work, rows and value size, and the same answer whenever it is asked.
What the published code answered is answered alike; where it crashed or ran on, there is an error text.
"""

import math
import random
import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping, Sequence

from pydantic import JsonValue

from opensec_inspect.core.sql.functions import bound_trimming
from opensec_inspect.core.sql.memory import memory_used
from opensec_inspect.core.sql.outline import TooDeepError
from opensec_inspect.core.sql.size import CircularError, terms_in_full
from opensec_inspect.core.sql.tokens import MAX_SQL_CHARS, tokens
from opensec_inspect.frozen import Frozen
from opensec_inspect.v1.evidence import COLUMNS, EvidenceRow
from opensec_inspect.v1.published import Table

# Far above any query over some twenty rows (a five-way join of a table takes some 100,000 steps), far
# below what hangs an episode. The other limits are for statements whose steps are few and huge, that keep
# what they read, or that swell before their first step.
STEP_BUDGET = 5_000_000
STEPS_BETWEEN_CHECKS = 250
CPU_S = 1.5
LARGEST_GROWTH_BYTES = 32 * 2**20
LARGEST_STATEMENT_TERMS = 20_000
LARGEST_PROGRAM = 25_000
LARGEST_VALUE_BYTES = 20_000
LONGEST_PATTERN = 500
LARGEST_ANSWER_ROWS = 10_000
LARGEST_ANSWER_CHARS = 2_000_000

_NOT_NULL: Mapping[Table, frozenset[str]] = {
    "email_logs": frozenset({"sender", "recipient", "subject", "body"}),
    "auth_logs": frozenset({"user_id", "host_id", "auth_type", "success"}),
    "netflow": frozenset({"src_host"}),
    "process_events": frozenset({"host_id", "user_id", "process_name"}),
    "alerts": frozenset({"alert_type", "severity", "message"}),
}
_INTEGERS = frozenset({"step", "success", "dst_port", "bytes_sent", "bytes_received"})
_ALWAYS_THERE = frozenset({"scenario_id", "step", "created_at"})

# Functions that tell the machine, not the rows.
_ABOUT_THE_MACHINE = frozenset(
    {"sqlite_version", "sqlite_source_id", "sqlite_compileoption_get", "sqlite_compileoption_used"}
)
_DATE_FUNCTIONS = ("date", "time", "datetime", "julianday", "unixepoch", "strftime")
_CLOCK_WORDS = {"current_date": "date", "current_time": "time", "current_timestamp": "datetime"}
_READING = frozenset(
    {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
)


class QueryAnswer(Frozen):
    """What a statement gave: rows, or one error."""

    rows: tuple[Mapping[str, JsonValue], ...] = ()
    """The rows by column name, in the order SQLite gave them; of two columns of one name the first."""
    error: str | None = None
    """Why there are no rows; None when the statement ran."""


def is_select(sql: str) -> bool:
    """Whether the published guard lets a statement through: it begins with `select`."""
    return sql.strip().lower().startswith("select")


def query(rows: Sequence[EvidenceRow], sql: str, *, now: str) -> QueryAnswer:
    """The answer to one statement over these rows; `now` is the ISO time that date functions see."""
    refusal = _refusal(sql)
    if refusal:
        return QueryAnswer(error=refusal)
    connection = sqlite3.connect(":memory:")
    try:
        _fill(connection, rows)
        _fence(connection, now)
        return QueryAnswer(rows=_fetched(connection, sql))
    except (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError) as problem:
        return QueryAnswer(error=str(problem))
    except MemoryError:
        return QueryAnswer(error="the statement is too large; narrow the query")
    finally:
        connection.close()


def _refusal(sql: str) -> str | None:
    if len(sql) > MAX_SQL_CHARS:
        return f"the statement is too long; at most {MAX_SQL_CHARS} characters"
    try:
        terms = terms_in_full(tokens(sql), COLUMNS)
    except TooDeepError:
        return "the statement is nested too deeply"
    except CircularError as circle:
        return f"circular reference: {circle}"
    return "the statement is too large; narrow the query" if terms > LARGEST_STATEMENT_TERMS else None


def _fetched(connection: sqlite3.Connection, sql: str) -> tuple[dict[str, JsonValue], ...]:
    cursor = connection.execute(sql)
    cursor.row_factory = sqlite3.Row
    found: list[dict[str, JsonValue]] = []
    size = 0
    for row in cursor:
        cells = dict(row)
        size += sum(len(cell) for cell in cells.values() if isinstance(cell, str))
        found.append(cells)
        if len(found) > LARGEST_ANSWER_ROWS or size > LARGEST_ANSWER_CHARS:
            raise ValueError("the answer is too large; narrow the query")
        if any(_unshowable(cell) for cell in cells.values()):
            raise ValueError("binary and infinite values cannot be shown; use hex() or CAST(... AS TEXT)")
    return tuple(found)


def _unshowable(cell: object) -> bool:
    return isinstance(cell, bytes) or (isinstance(cell, float) and not math.isfinite(cell))


def _fill(connection: sqlite3.Connection, rows: Iterable[EvidenceRow]) -> None:
    connection.executescript(_SCHEMA)
    for row in rows:
        connection.execute(_INSERT[row.table], row.cells)
    connection.commit()


def _fence(connection: sqlite3.Connection, now: str) -> None:
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST_VALUE_BYTES)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, LONGEST_PATTERN)
    connection.setlimit(sqlite3.SQLITE_LIMIT_VDBE_OP, LARGEST_PROGRAM)
    connection.execute("pragma temp_store = memory")
    checks_left, ends = STEP_BUDGET // STEPS_BETWEEN_CHECKS, time.thread_time() + CPU_S
    most = memory_used() + LARGEST_GROWTH_BYTES

    def spent() -> int:
        nonlocal checks_left
        checks_left -= 1
        return int(checks_left < 0 or time.thread_time() > ends or memory_used() > most)

    bound_trimming(connection)
    _steady(connection, now)
    connection.set_progress_handler(spent, STEPS_BETWEEN_CHECKS)
    connection.set_authorizer(_only_reading)


def _steady(connection: sqlite3.Connection, now: str) -> None:
    """Chance and clock become functions of the statement and the scenario's time; the names stay."""
    chance = random.Random(0)
    connection.create_function("random", 0, lambda: chance.getrandbits(64) - 2**63)
    connection.create_function("randomblob", 1, lambda size: chance.randbytes(_blob_size(size)))
    for name in _DATE_FUNCTIONS:
        connection.create_function(name, -1, _frozen_clock(name, now), deterministic=True)
    for name, function in _CLOCK_WORDS.items():
        connection.create_function(name, 0, _frozen_clock(function, now), deterministic=True)


def _blob_size(asked: int | None) -> int:
    return min(max(1, int(asked or 0)), LARGEST_VALUE_BYTES)


def _only_reading(
    operation: int, _first: str | None, second: str | None, _database: str | None, _trigger: str | None
) -> int:
    if operation == sqlite3.SQLITE_FUNCTION and (second or "").lower() in _ABOUT_THE_MACHINE:
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK if operation in _READING else sqlite3.SQLITE_DENY


def _frozen_clock(name: str, now: str) -> Callable[..., str | int | float | None]:
    """A date function for which `now`, given or left out, is the scenario's time."""

    def function(*arguments: str | int | float | None) -> str | int | float | None:
        at = 1 if name == "strftime" else 0
        given = list(arguments) if len(arguments) > at else [*arguments, "now"]
        given[at:] = [now if str(value).strip().lower() == "now" else value for value in given[at:]]
        marks = ", ".join("?" * len(given))
        plain = sqlite3.connect(":memory:")
        try:
            value: str | int | float | None = plain.execute(f"SELECT {name}({marks})", given).fetchone()[0]
        finally:
            plain.close()
        return value

    return function


def _column(table: Table, name: str) -> str:
    kind = "INTEGER" if name in _INTEGERS else "TEXT"
    if name == COLUMNS[table][0]:
        return f"{name} {kind} PRIMARY KEY"
    return f"{name} {kind} NOT NULL" if name in _NOT_NULL[table] | _ALWAYS_THERE else f"{name} {kind}"


def _definition(table: Table) -> str:
    """The published table and index; the index decides the order of rows where a query names none."""
    columns = ", ".join(_column(table, name) for name in COLUMNS[table])
    index = f"CREATE INDEX idx_{table}_scenario_step ON {table} (scenario_id, step);"
    return f"CREATE TABLE {table} ({columns}); {index}"


_SCHEMA = " ".join(_definition(table) for table in COLUMNS)
_INSERT: Mapping[Table, str] = {
    table: f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})"
    for table, columns in COLUMNS.items()
}
