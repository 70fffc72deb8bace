"""The bound on memory is each statement's own, though SQLite counts for the whole process."""

from opensec_inspect.core.sql.guard import MAX_MEMORY_BYTES, Budget, Work, select
from opensec_inspect.core.sql.memory import SHARED
from tests.core.sql.hostile import guarded_database, hostile_statements

SORTS = hostile_statements()["window join"]


def test_a_statement_that_keeps_too_much_is_stopped_and_one_more_may_run_afterwards() -> None:
    with guarded_database() as connection:
        answer = select(connection, SORTS)

    assert answer.clock
    assert SHARED.running == 0


def test_what_others_hold_while_they_run_stops_no_statement() -> None:
    """Another statement grows by almost its bound while this one runs: both are within what two may hold."""
    alone = _struck()
    SHARED.begin()
    beside_another = _struck()
    SHARED.end()

    assert (alone, beside_another) == (True, False)


def _struck() -> bool:
    """Whether the memory limit strikes when the process grows by a little more than one statement may."""
    SHARED.begin()
    budget = Budget(Work())
    SHARED.keep(-MAX_MEMORY_BYTES - 2**20)
    budget.tick()
    SHARED.keep(MAX_MEMORY_BYTES + 2**20)
    SHARED.end()
    return budget.clock


def test_what_open_databases_keep_is_no_statements_memory() -> None:
    with guarded_database() as connection:
        before = SHARED.used()
        connection.keep(MAX_MEMORY_BYTES)
        kept = SHARED.used()

    assert abs(before - MAX_MEMORY_BYTES - kept) < 2**20
    assert abs(SHARED.used() - before) < 2**22
