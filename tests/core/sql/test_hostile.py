"""What hostile statements take before they are refused, stopped or answered."""

import resource
import sys
import time
from collections.abc import Iterator

import pytest

from opensec_inspect.core.sql.guard import GuardedConnection, Work, select
from tests.core.sql.hostile import guarded_database, hostile_statements

HOSTILE = hostile_statements()
MIB = 2**20 if sys.platform == "darwin" else 2**10
"""In the unit of `ru_maxrss`."""


@pytest.fixture(scope="module")
def database() -> Iterator[GuardedConnection]:
    """The four tables, open for all statements."""
    with guarded_database() as connection:
        yield connection


def test_there_are_two_hundred_hostile_statements() -> None:
    assert len(HOSTILE) == 200
    assert max(map(len, HOSTILE.values())) <= 20_000


@pytest.mark.parametrize("name", list(HOSTILE))
def test_a_hostile_statement_takes_two_seconds_and_64_mib_at_most(
    database: GuardedConnection, name: str
) -> None:
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.thread_time()

    answer = select(database, HOSTILE[name])

    assert time.thread_time() - began <= 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before <= 64 * MIB
    assert (answer.error is None) == (answer.columns != ())


@pytest.mark.parametrize("name", [name for name in HOSTILE if name.endswith(("twice 18", "column 18"))])
def test_what_would_swell_while_it_is_prepared_is_refused_before(
    database: GuardedConnection, name: str
) -> None:
    answer = select(database, HOSTILE[name])

    assert "has more than 20000 terms" in str(answer.error)
    assert not answer.clock


@pytest.mark.parametrize("name", ["sorted join", "distinct join", "big materialized", "window join"])
def test_a_statement_that_keeps_more_than_fits_is_stopped_and_says_that_the_machine_did_it(
    database: GuardedConnection, name: str
) -> None:
    answer = select(database, HOSTILE[name])

    assert answer.error == "The statement took too much work and was stopped; narrow it down."
    assert answer.clock


def test_statements_that_share_their_work_take_no_more_than_that_together(
    database: GuardedConnection,
) -> None:
    endless, work = HOSTILE["endless count"], Work(1_000_000)

    first, left = select(database, endless, work), work.left
    began = time.thread_time()
    second = select(database, endless, work)

    assert (first.error is None, first.clock, second.error is None) == (False, False, False)
    assert left <= 0
    assert time.thread_time() - began < 0.1
