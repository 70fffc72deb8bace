"""One guarded statement over what is visible after so many steps."""

import sqlite3
from typing import Any

from opensec_inspect.incident.store.placed import stamp_ms
from opensec_inspect.incident.store.tables import COLUMNS, PREFIX
from opensec_inspect.incident.world.query import FUNCTIONS, MAX_ROWS, Answer, Evidence, prepare, select

__all__ = ["MAX_ROWS", "Answer", "Database", "ask"]


class _Guard:
    on = False

    def __call__(
        self, action: int, name: str | None, column: str | None, database: str | None, via: str | None
    ) -> int:
        """The authorizer's verdict."""
        if not self.on or action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE):
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_FUNCTION:
            return sqlite3.SQLITE_OK if (column or "").lower() in FUNCTIONS else sqlite3.SQLITE_DENY
        if action == sqlite3.SQLITE_READ and name is not None:
            ours = name in COLUMNS or name.startswith(PREFIX)
            cte = column == "" and database is None and not name.lower().startswith(("sqlite_", "pragma_"))
            return sqlite3.SQLITE_OK if ours or cte else sqlite3.SQLITE_DENY
        return sqlite3.SQLITE_DENY


class Database(Evidence):
    """A connection to the database of a world."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.guard = _Guard()  # type: ignore[assignment]
        prepare(self)


def ask(connection: Database, sql: str, *, steps: int, now_ms: int) -> Answer:
    """The answer to a statement after so many steps, at this scenario time."""
    sqlite3.Connection.execute(connection, f"update main.{PREFIX}now set steps = ?, ms = ?", (steps, now_ms))
    connection.now = stamp_ms(now_ms)
    return select(connection, sql)
