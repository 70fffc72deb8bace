"""One guarded statement over what is visible after so many steps."""

import sqlite3
from typing import Any

from opensec_inspect.core.sql.guard import MAX_ROWS, Answer, GuardedConnection, Work, prepare, select
from opensec_inspect.incident.world.stored_rows import stamp_ms
from opensec_inspect.incident.world.tables import COLUMNS, PREFIX

__all__ = ["MAX_ROWS", "Answer", "Database", "Work", "ask"]


MAX_ANSWER_CHARS = 16_000
"""Fifteen rows of process events with all columns: of 20,000, one in twenty is longer than 950 characters."""


class Database(GuardedConnection):
    """A connection to the database of a world."""

    answer_chars = MAX_ANSWER_CHARS

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        prepare(self, COLUMNS)


def ask(connection: Database, sql: str, *, steps: int, now_ms: int, work: Work | None = None) -> Answer:
    """The answer to a statement after so many steps, at this scenario time; `work` is what it may use up."""
    sqlite3.Connection.execute(connection, f"update main.{PREFIX}now set steps = ?, ms = ?", (steps, now_ms))
    connection.now = stamp_ms(now_ms)
    return select(connection, sql, work)
