"""One guarded SELECT: what a defender may ask of the database, and what it gets.

The limit that counts is a budget of virtual-machine instructions, the same on every machine. Before it a
bound on the statement's size, reckoned without SQLite; behind it limits of processor time and memory that
only a hostile statement reaches. When one of these two strikes, the answer says so.
"""

import sqlite3
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import methodcaller
from typing import Any

from opensec_inspect.core.sql.functions import FUNCTIONS, MAX_TRIMMED_CHARS, define_functions
from opensec_inspect.core.sql.memory import SHARED
from opensec_inspect.core.sql.outline import MAX_NESTING, TooDeepError
from opensec_inspect.core.sql.size import CircularError, terms_in_full
from opensec_inspect.core.sql.tokens import MAX_SQL_CHARS, is_select, tokens

Tables = Mapping[str, Sequence[str]]
"""Tables that may be read, and their columns in order."""
Value = str | int | float | None

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
MAX_TERMS = 20_000
"""Of a statement with all its names written out; a long honest one has about a thousand."""
MAX_PROGRAM = 25_000
"""Instructions a statement may be compiled to; a long honest one has some hundreds."""
VM_BUDGET = 10_000_000
"""Instructions per statement: a scan of the `soc` history takes about one million."""
CPU_S = 1.5
"""Of the thread that runs the statement; with the last instructions still running it stays below 2 s."""
MAX_MEMORY_BYTES = 32 * 2**20
"""By which SQLite may grow while a statement sorts or keeps rows, times the statements that run meanwhile:
SQLite counts for the whole process, and a statement must not be stopped for what others hold."""
LOOK_S = 0.004
"""Between two looks at a statement's processor time and memory: the clock of the wall costs less to read."""
_TICK = 250


@dataclass(frozen=True, slots=True)
class Answer:
    """What one statement delivered."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Value, ...], ...] = ()
    """At most 50 rows, cut at whole rows."""
    cut: bool = False
    """Whether rows were left out; how many is not told."""
    error: str | None = None
    """Why there is no answer; None when there is one."""
    clock: bool = False
    """Whether a limit ended it that depends on the machine: processor time or memory, not the budget."""


class GuardedConnection(sqlite3.Connection):
    """A connection on which single statements can be run under guard; `prepare` makes it ready."""

    now: str = ""
    """Scenario time that the date functions take as `now`."""
    answer_chars: int = MAX_ANSWER_CHARS
    """Length to which an answer is cut, at whole rows."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.guard = _Guard()
        self._kept = 0

    interrupted = False
    """Whether it was told to stop, which its thread may look at between statements."""

    def interrupt(self) -> None:
        """Stop the statement that runs, from any thread."""
        self.interrupted = True
        super().interrupt()

    def keep(self, size: int) -> None:
        """Say how many bytes the database itself holds: no statement is to answer for them."""
        self._kept += size
        SHARED.keep(size)

    def close(self) -> None:
        """Close the connection."""
        self.keep(-self._kept)
        super().close()


class _Guard:
    """What may be read while a defender's statement is prepared; our own statements may do anything.

    It stays in place for good: setting an authorizer anew would make SQLite forget prepared statements.
    A cached statement of ours cannot be the defender's: ours are no SELECT, or name a base table.
    """

    on = False
    tables: frozenset[str] = frozenset()
    help: str = ""

    def __call__(
        self, action: int, name: str | None, column: str | None, database: str | None, via: str | None
    ) -> int:
        """The authorizer's verdict."""
        return self._allowed(action, name, column, database) if self.on else sqlite3.SQLITE_OK

    def _allowed(self, action: int, name: str | None, column: str | None, database: str | None) -> int:
        if action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE):
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_FUNCTION:
            return sqlite3.SQLITE_OK if (column or "").lower() in FUNCTIONS else sqlite3.SQLITE_DENY
        if action == sqlite3.SQLITE_READ and name is not None:
            ours = name in self.tables or name.startswith(PREFIX)
            # A CTE of which no column is read is reported with an empty column and no database.
            cte = column == "" and database is None and not name.lower().startswith(("sqlite_", "pragma_"))
            return sqlite3.SQLITE_OK if ours or cte else sqlite3.SQLITE_DENY
        return sqlite3.SQLITE_DENY


class Work:
    """What several statements may use together; each has its own limits besides."""

    def __init__(self, instructions: int = VM_BUDGET) -> None:
        self.left = instructions


def tables_help(tables: Tables) -> str:
    """Every table with its columns, in one line."""
    return "; ".join(f"{table}({', '.join(columns)})" for table, columns in tables.items())


def prepare(connection: GuardedConnection, tables: Tables) -> None:
    """Set the limits and the clock of a fresh connection on which these tables may be read."""
    connection.guard.tables, connection.guard.help = frozenset(tables), tables_help(tables)
    connection.set_authorizer(connection.guard)
    for limit, most in _LIMITS.items():
        connection.setlimit(limit, most)
    connection.execute("pragma trusted_schema = off")
    connection.execute("pragma temp_store = memory")
    if sys.version_info >= (3, 12):
        connection.setconfig(sqlite3.SQLITE_DBCONFIG_DEFENSIVE, True)
    connection.text_factory = methodcaller("decode", "utf-8", "replace")
    define_functions(connection, now=lambda: connection.now)


def select(connection: GuardedConnection, sql: str, work: Work | None = None) -> Answer:
    """Run one statement under guard; never raises for what a defender can write.

    What it takes is taken from `work`, if given, and it may not take more.
    """
    guard = connection.guard
    refusal = _refusal(sql, guard.tables)
    if refusal:
        return Answer(error=refusal.replace(_HELP, guard.help))
    SHARED.begin()
    budget = Budget(work or Work())
    guard.on = True
    connection.set_progress_handler(budget.tick, _TICK)
    try:
        cursor = sqlite3.Connection.execute(connection, sql)
        answer = _fitted(cursor, connection.answer_chars)
        cursor.close()
    except (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError, MemoryError) as error:
        return Answer(error=_explained(error, budget).replace(_HELP, guard.help), clock=budget.clock)
    finally:
        connection.set_progress_handler(None, _TICK)
        guard.on = False
        SHARED.end()
    return answer


_HELP = "{tables}"
_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: MAX_VALUE_CHARS,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 4 * MAX_SQL_CHARS,
    sqlite3.SQLITE_LIMIT_COLUMN: MAX_COLUMNS,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 500,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 200,
    sqlite3.SQLITE_LIMIT_VDBE_OP: MAX_PROGRAM,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: MAX_PATTERN_CHARS,
    sqlite3.SQLITE_LIMIT_ATTACHED: 1,
}


class Budget:
    """What one statement may still use; counted while it runs."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._left = min(VM_BUDGET, work.left) // _TICK
        self._end = time.thread_time() + CPU_S
        self._look = 0.0
        self._held, self._most = SHARED.used(), SHARED.running
        self.clock = False

    def tick(self) -> int:
        """1 to interrupt the statement."""
        self._left -= 1
        self._work.left -= _TICK
        if self._left <= 0:
            return 1
        if time.perf_counter() < self._look:
            return 0
        self._look = time.perf_counter() + LOOK_S
        self._most = max(self._most, SHARED.running)
        grown = SHARED.used() - self._held
        self.clock = time.thread_time() > self._end or grown > MAX_MEMORY_BYTES * self._most
        return int(self.clock)


@lru_cache(maxsize=256)
def _refusal(sql: str, tables: frozenset[str]) -> str | None:
    # Kept, because sightings ask the same statements again.
    if len(sql) > MAX_SQL_CHARS:
        return f"The statement has {len(sql)} characters; at most {MAX_SQL_CHARS} are accepted."
    if PREFIX in sql.lower():
        return f"No table or column begins with that prefix. Tables: {_HELP}."
    read = tokens(sql)
    if not is_select(read):
        return f"Only one SELECT statement (or WITH … SELECT) is accepted. Tables: {_HELP}."
    try:
        terms = terms_in_full(read, tables)
    except TooDeepError:
        return f"Queries or brackets stand more than {MAX_NESTING} deep in each other; write it flatter."
    except CircularError as circle:
        return f"SQL error: circular reference: {circle}"
    if terms > MAX_TERMS:
        return (
            f"With all names of queries and columns written out the statement has more than {MAX_TERMS}"
            " terms; use them fewer times."
        )
    return None


def _explained(error: Exception, budget: Budget) -> str:
    text = str(error)
    if "interrupted" in text:
        return "The statement took too much work and was stopped; narrow it down."
    if any(sign in text for sign in ("not authorized", "prohibited", "vtable constructor", PREFIX)):
        return f"Only these tables can be read, with plain deterministic functions: {_HELP}."
    if isinstance(error, MemoryError):
        return "The statement is too large once it is compiled; ask for less at a time."
    if "too big" in text or isinstance(error, OverflowError):
        return f"A value grew past {MAX_VALUE_CHARS} characters."
    if "user-defined function" in text:
        return f"A function was given what it cannot use; trim takes at most {MAX_TRIMMED_CHARS} characters."
    if isinstance(error, UnicodeError):
        return "The statement is not valid text."
    return f"SQL error: {text}"


def _short(header: str) -> str:
    # SQLite heads a column with its whole expression; what was written need not be told again.
    return header if len(header) <= MAX_HEADER_CHARS else f"{header[: MAX_HEADER_CHARS - 1]}…"


def _readable(cell: object) -> Value:
    if isinstance(cell, bytes):
        return f"x'{cell.hex()}'"
    if isinstance(cell, float):
        return cell if abs(cell) < 1e308 else str(cell)
    return cell if cell is None or isinstance(cell, int) else str(cell)


_PLAIN = frozenset((str, int, type(None)))
"""Types of cells that are shown as they are."""


def _fitted(cursor: sqlite3.Cursor, most_chars: int) -> Answer:
    """As many whole rows as an answer holds; those behind it are never read."""
    columns = tuple(_short(column[0]) for column in cursor.description)
    kept: list[tuple[Value, ...]] = []
    chars = 0
    for raw in cursor:
        row = raw if _PLAIN.issuperset(map(type, raw)) else tuple(map(_readable, raw))
        chars += sum(len(cell) if type(cell) is str else len(str(cell)) for cell in row) + 4 * len(row)
        if len(kept) == MAX_ROWS or chars > most_chars:
            return Answer(columns=columns, rows=tuple(kept), cut=True)
        kept.append(row)
    return Answer(columns=columns, rows=tuple(kept))
