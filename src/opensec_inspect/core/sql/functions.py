"""The functions a guarded statement may call: deterministic, and bounded in work."""

import sqlite3
from collections.abc import Callable
from typing import Any

MAX_TRIMMED_CHARS = 100
"""Of the set of characters that `trim` takes away, for the same reason."""
FUNCTIONS = frozenset(
    """
    abs avg char coalesce concat concat_ws count cume_dist date datetime dense_rank first_value glob
    group_concat hex ifnull iif instr julianday lag last_value lead length like lower ltrim max min
    nth_value ntile nullif octet_length percent_rank rank replace round row_number rtrim sign strftime
    string_agg substr substring sum time total trim typeof unhex unicode unixepoch upper
    """.split()  # noqa: SIM905
)
"""Deterministic functions only: no random, no version, no `printf`."""
_TIME_FUNCTIONS = ("date", "time", "datetime", "julianday", "unixepoch", "strftime")


def define_functions(connection: sqlite3.Connection, *, now: Callable[[], str]) -> None:
    """Replace the functions that read the machine's clock, and those whose work can grow without bound."""
    plain = sqlite3.connect(":memory:", check_same_thread=False)
    for name in _TIME_FUNCTIONS:
        connection.create_function(name, -1, _timed(plain, name, now), deterministic=True)
    bound_trimming(connection)


def bound_trimming(connection: sqlite3.Connection) -> None:
    """Let `trim` and its kin take few characters away at once: their work is the product of both texts."""
    plain = sqlite3.connect(":memory:", check_same_thread=False)
    for name in ("trim", "ltrim", "rtrim"):
        connection.create_function(name, 2, _trimming(plain, name), deterministic=True)


def _timed(plain: sqlite3.Connection, name: str, now: Callable[[], str]) -> Callable[..., Any]:
    def call(*given: Any) -> Any:
        args = tuple(map(_as_sqlite_reads, given))
        fmt, rest = (args[:1], args[1:]) if name == "strftime" else ((), args)
        if any(str(x).strip().lower() in ("localtime", "utc", "subsec", "subsecond") for x in rest):
            return None
        if not rest or str(rest[0]).strip().lower() == "now":
            rest = (now(), *rest[1:])
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
