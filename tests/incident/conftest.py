"""What tests of the incident family share."""

import sqlite3
from collections.abc import Callable, Iterator

import pytest

from opensec_inspect.incident.backdrop import backdrop
from opensec_inspect.incident.database import create_views
from opensec_inspect.incident.episode import Setting
from opensec_inspect.incident.query import Answer, Evidence, prepare, select
from tests.strategies import made


@pytest.fixture(scope="module")
def ask() -> Iterator[Callable[[str], Answer]]:
    """Runs one guarded statement over a case at its opening, with a day's routine around it."""
    connection = sqlite3.connect(":memory:", isolation_level=None, factory=Evidence, cached_statements=0)
    prepare(connection)
    connection.deserialize(backdrop(made("one"), Setting(injection_tier="t2", noise="desk")).image)
    create_views(connection, history=False)
    connection.now = "2026-03-04T05:06:07Z"
    yield lambda sql: select(connection, sql)
    connection.close()
