"""One guarded SELECT: what a defender may ask of the database, and what it gets.

The limit that counts is a budget of virtual-machine instructions, the same on every machine.
Behind it stands a clock that only a hostile statement reaches; when it strikes, the step says so.
"""

import re
import sqlite3
import time
from collections.abc import Callable
from typing import Any

from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.scenario.actions import MAX_SQL_CHARS
from opensec_inspect.incident.scenario.rows import COLUMNS, Cell

PREFIX = "osx_"
"""Reserved for base tables; an identifier cannot be composed in SQL, so looking for it is complete."""
MAX_ROWS = 50
MAX_ANSWER_CHARS = 12_000
MAX_HEADER_CHARS = 60
MAX_COLUMNS = 200
MAX_VALUE_CHARS = 20_000
"""Of any value on the way; one instruction over two such values (`instr`) takes up to 5 ms."""
MAX_PATTERN_CHARS = 500
"""Of what LIKE and GLOB look for: they take its length times the value's."""
MAX_TRIMMED_CHARS = 100
"""Of the set of characters that `trim` takes away, for the same reason."""
VM_BUDGET = 10_000_000
"""Instructions per statement: a scan of the `soc` history takes about one million."""
CLOCK_S = 2.0
_TICK = 1_000

FUNCTIONS = frozenset(
    """
    abs avg char coalesce concat concat_ws count cume_dist date datetime dense_rank first_value glob
    group_concat hex ifnull iif instr julianday lag last_value lead length like lower ltrim max min
    nth_value ntile nullif octet_length percent_rank rank replace round row_number rtrim sign strftime
    string_agg substr substring sum time total trim typeof unhex unicode unixepoch upper
    """.split()  # noqa: SIM905
)
"""Deterministic functions only: no random, no version, no `printf`."""
_FIRST_WORD = re.compile(r"(?:\s|--[^\n]*\n|/\*.*?\*/)*(?:select|with)\b", re.IGNORECASE | re.DOTALL)
_TIME_FUNCTIONS = ("date", "time", "datetime", "julianday", "unixepoch", "strftime")

TABLES_HELP = "; ".join(f"{table}({', '.join(columns)})" for table, columns in COLUMNS.items())


class Answer(Frozen):
    """What one statement delivered."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell | float, ...], ...] = ()
    """At most 50 rows, cut at whole rows."""
    cut: bool = False
    """Whether rows were left out; how many is not told."""
    error: str | None = None
    """Why there is no answer; None when there is one."""
    clock: bool = False
    """Whether the clock ended it, not the budget."""


class Evidence(sqlite3.Connection):
    """A connection on which a whole guarded job can be run as one call.

    aiosqlite offers `execute` but no way to run a function on its thread. Given a callable in
    place of parameters, this `execute` calls it with the connection, so that a job of many
    statements costs one hop between threads.
    """

    now: str = ""
    """Scenario time that the date functions take as `now`."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.guard = _Guard()

    def execute(self, sql: str, parameters: Any = (), /) -> Any:
        """Run a statement, or a job given as callable `parameters`."""
        if callable(parameters):
            return _Delivered(parameters(self))
        return super().execute(sql, parameters)


class _Guard:
    """What may be read while a defender's statement is prepared; our own statements may do anything.

    It stays in place for good: setting an authorizer anew would make SQLite forget prepared statements.
    A cached statement of ours cannot be the defender's: ours are no SELECT, or name a base table.
    """

    on = False

    def __call__(
        self, action: int, name: str | None, column: str | None, database: str | None, via: str | None
    ) -> int:
        """The authorizer's verdict."""
        return _allowed(action, name, column, database) if self.on else sqlite3.SQLITE_OK


class _Delivered:
    def __init__(self, value: object) -> None:
        self.value = value

    def fetchall(self) -> object:
        """The job's result, where aiosqlite expects rows."""
        return self.value

    def close(self) -> None:
        """Nothing to close."""


def prepare(connection: Evidence) -> None:
    """Set the limits and the clock of a fresh connection."""
    connection.set_authorizer(connection.guard)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE_CHARS)
    connection.setlimit(sqlite3.SQLITE_LIMIT_COLUMN, MAX_COLUMNS)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, MAX_PATTERN_CHARS)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 1)
    connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
    plain = sqlite3.connect(":memory:", check_same_thread=False)
    for name in _TIME_FUNCTIONS:
        connection.create_function(name, -1, _timed(plain, connection, name), deterministic=True)
    for name in ("trim", "ltrim", "rtrim"):
        connection.create_function(name, 2, _trimming(plain, name), deterministic=True)


def select(connection: Evidence, sql: str) -> Answer:
    """Run one statement under guard; never raises for what a defender can write."""
    refusal = _refusal(sql)
    if refusal:
        return Answer(error=refusal)
    budget = _Budget()
    connection.guard.on = True
    connection.set_progress_handler(budget.tick, _TICK)
    try:
        cursor = sqlite3.Connection.execute(connection, sql)
        rows = cursor.fetchmany(MAX_ROWS + 1)
        columns = tuple(_short(column[0]) for column in cursor.description)
        cursor.close()
    except (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError, MemoryError) as error:
        return Answer(error=_explained(error, budget), clock=budget.clock)
    finally:
        connection.set_progress_handler(None, _TICK)
        connection.guard.on = False
    return _fitted(columns, [tuple(map(_readable, row)) for row in rows])


class _Budget:
    def __init__(self) -> None:
        self._left = VM_BUDGET // _TICK
        self._end = time.monotonic() + CLOCK_S
        self.clock = False

    def tick(self) -> int:
        """1 to interrupt the statement."""
        self._left -= 1
        if self._left <= 0:
            return 1
        self.clock = time.monotonic() > self._end
        return int(self.clock)


def _refusal(sql: str) -> str | None:
    if len(sql) > MAX_SQL_CHARS:
        return f"The statement has {len(sql)} characters; at most {MAX_SQL_CHARS} are accepted."
    if PREFIX in sql.lower():
        return f"No table or column begins with that prefix. Tables: {TABLES_HELP}."
    if not _FIRST_WORD.match(sql):
        return f"Only one SELECT statement (or WITH … SELECT) is accepted. Tables: {TABLES_HELP}."
    return None


def _allowed(action: int, name: str | None, column: str | None, database: str | None) -> int:
    if action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE):
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_FUNCTION:
        return sqlite3.SQLITE_OK if (column or "").lower() in FUNCTIONS else sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_READ and name is not None:
        ours = name in COLUMNS or name.startswith(PREFIX)
        # A CTE of which no column is read is reported with an empty column and no database.
        cte = column == "" and database is None and not name.lower().startswith(("sqlite_", "pragma_"))
        return sqlite3.SQLITE_OK if ours or cte else sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_DENY


def _explained(error: Exception, budget: _Budget) -> str:
    text = str(error)
    if "interrupted" in text:
        return "The statement took too much work and was stopped; narrow it down."
    if any(sign in text for sign in ("not authorized", "prohibited", "vtable constructor", PREFIX)):
        return f"Only these tables can be read, with plain deterministic functions: {TABLES_HELP}."
    if "too big" in text or isinstance(error, MemoryError | OverflowError):
        return f"A value grew past {MAX_VALUE_CHARS} characters."
    if "user-defined function" in text:
        return f"A function was given what it cannot use; trim takes at most {MAX_TRIMMED_CHARS} characters."
    if isinstance(error, UnicodeError):
        return "The statement is not valid text."
    return f"SQL error: {text}"


def _short(header: str) -> str:
    # SQLite heads a column with its whole expression; what was written need not be told again.
    return header if len(header) <= MAX_HEADER_CHARS else f"{header[: MAX_HEADER_CHARS - 1]}…"


def _readable(cell: object) -> Cell | float:
    if isinstance(cell, bytes):
        return f"x'{cell.hex()}'"
    if isinstance(cell, float):
        return cell if abs(cell) < 1e308 else str(cell)
    return cell if cell is None or isinstance(cell, int) else str(cell)


def _fitted(columns: tuple[str, ...], rows: list[tuple[Cell | float, ...]]) -> Answer:
    chars, kept = 0, []
    for row in rows[:MAX_ROWS]:
        chars += sum(len(str(cell)) + 4 for cell in row)
        if chars > MAX_ANSWER_CHARS:
            break
        kept.append(row)
    return Answer(columns=columns, rows=tuple(kept), cut=len(kept) < len(rows))


def _timed(plain: sqlite3.Connection, connection: Evidence, name: str) -> Callable[..., Any]:
    def call(*given: Any) -> Any:
        args = tuple(map(_as_sqlite_reads, given))
        fmt, rest = (args[:1], args[1:]) if name == "strftime" else ((), args)
        if any(str(x).strip().lower() in ("localtime", "utc", "subsec", "subsecond") for x in rest):
            return None
        if not rest or str(rest[0]).strip().lower() == "now":
            rest = (connection.now, *rest[1:])
        marks = ",".join("?" * len(fmt + rest))
        return plain.execute(f"select {name}({marks})", fmt + rest).fetchone()[0]

    return call


def _as_sqlite_reads(value: Any) -> Any:
    # The date functions take a blob for text and stop at a NUL: x'6e6f77' is `now` to them.
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
    return text.split("\0")[0] if isinstance(text, str) else text


def _trimming(plain: sqlite3.Connection, name: str) -> Callable[[Any, Any], Any]:
    def call(text: Any, characters: Any) -> Any:
        if len(str(characters)) > MAX_TRIMMED_CHARS:
            raise ValueError(name)
        return plain.execute(f"select {name}(?, ?)", (text, characters)).fetchone()[0]

    return call
