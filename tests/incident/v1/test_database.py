"""What the published query tool answers to hostile statements: an error, and soon."""

import time

import pytest

from opensec_inspect.v1.database import query
from opensec_inspect.v1.evidence import COLUMNS, EvidenceRow
from tests.core.sql.hostile import hostile_statements

HOSTILE = hostile_statements()
ROWS = [
    EvidenceRow(table=table, step=0, trust_tier=None, cells=tuple(f"{column}-{number}" for column in columns))
    for table, columns in COLUMNS.items()
    for number in range(20)
]


@pytest.mark.parametrize("name", list(HOSTILE))
def test_a_hostile_statement_takes_two_seconds_at_most(name: str) -> None:
    began = time.thread_time()

    answer = query(ROWS, HOSTILE[name], now="2026-03-04T05:06:07Z")

    assert time.thread_time() - began <= 2
    assert answer.error is None or answer.rows == ()


def test_what_the_published_code_answered_is_answered() -> None:
    answer = query(ROWS, "SELECT count(*) AS n FROM alerts", now="2026-03-04T05:06:07Z")

    assert answer.rows == ({"n": 20},)
