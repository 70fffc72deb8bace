"""What tests of the incident family share."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from opensec_inspect.core.sql.guard import Answer, GuardedConnection, select
from opensec_inspect.incident.scenario.episode import Setting
from opensec_inspect.incident.scenario.scenario import Scenario
from opensec_inspect.incident.world.backdrop import backdrop
from opensec_inspect.incident.world.furnishing import furnish
from tests.strategies import made


@contextmanager
def opened(scenario: Scenario, setting: Setting) -> Iterator[GuardedConnection]:
    """The database of a case at its opening, on this thread."""
    connection = sqlite3.connect(":memory:", uri=True, isolation_level=None, factory=GuardedConnection)
    furnish(connection, backdrop(scenario, setting))
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def ask() -> Iterator[Callable[[str], Answer]]:
    """Runs one guarded statement over a case at its opening, with a day's routine around it."""
    with opened(made("one"), Setting(injection_tier="t2", noise="desk")) as connection:
        connection.now = "2026-03-04T05:06:07Z"
        yield lambda sql: select(connection, sql)
