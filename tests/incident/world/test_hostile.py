"""Hostile statements in a real world: refused, stopped or answered in bounds, and nothing is changed."""

from collections.abc import Iterator

import pytest

from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.incident.world.asking import Database
from tests.incident.world.hostile import ALL, OWN, content, cost, opened

REFUSED = ("hidden ", "function ", "verb ")


@pytest.fixture(scope="module")
def database(incident: Scenario) -> Iterator[Database]:
    """The database of an incident at `desk`; whatever is asked, it is the same afterwards."""
    with opened(incident, "desk") as open_database:
        before = content(open_database)
        yield open_database
        open_database.execute("update main.osx_now set steps = 0, ms = 0")
        assert content(open_database) == before


def test_there_are_more_than_250_hostile_statements() -> None:
    assert len(ALL) == len(OWN) + 200 > 300


@pytest.mark.parametrize("name", list(OWN))
def test_a_hostile_statement_stays_in_bounds_and_reads_no_more_than_it_may(
    database: Database, name: str
) -> None:
    used = cost(database, OWN[name])

    assert used.cpu_s <= 2
    assert used.mib <= 64
    assert (used.answer.error is None) == (used.answer.columns != ())
    if name.startswith(REFUSED):
        assert used.answer.error is not None


def test_a_hostile_statement_leaves_what_others_are_told_alone(database: Database) -> None:
    plain = "SELECT * FROM alerts ORDER BY timestamp DESC LIMIT 5"
    before = cost(database, plain).answer

    for name in ("recursive text", "NUL in the middle", "verb CREATE TEMP TABLE alerts", "hidden osx_leases"):
        cost(database, next(sql for known, sql in OWN.items() if known.startswith(name)))

    assert cost(database, plain).answer == before
    assert before.rows
