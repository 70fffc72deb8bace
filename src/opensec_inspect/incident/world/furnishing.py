"""What a world is opened with."""

import sqlite3

from opensec_inspect.core.sql.guard import GuardedConnection, prepare
from opensec_inspect.incident.scenario.rows import COLUMNS
from opensec_inspect.incident.scenario.scenario import Scenario
from opensec_inspect.incident.world.backdrop import Backdrop
from opensec_inspect.incident.world.database import HISTORY, Placed, create_views


def empty_database() -> GuardedConnection:
    """A database in memory that any thread may use, one at a time."""
    return sqlite3.connect(
        ":memory:", uri=True, isolation_level=None, check_same_thread=False, factory=GuardedConnection
    )


def furnish(connection: GuardedConnection, shared: Backdrop) -> None:
    """Fill a fresh connection: today's rows, the history if there is one, and the eight views."""
    prepare(connection, COLUMNS)
    connection.deserialize(shared.image)
    if shared.history is not None:
        path = f"file:{shared.history.path}?mode=ro&immutable=1"
        connection.execute(f"attach database ? as {HISTORY}", (path,))
    create_views(connection, history=shared.history is not None)


def cause_spans(scenario: Scenario, today: tuple[Placed, ...]) -> list[tuple[str, str]]:
    """What of each cause-settling row must have been read: its message, the longest cell."""
    keys = set(scenario.truth.cause_rows)
    return [(row.key, max((str(c) for c in row.blank), key=len)) for row in today if row.key in keys]
