"""Every hostile statement over a `soc` history, and as an answer to a planted request."""

import time
from collections.abc import Iterator

import pytest

from opensec_inspect.incident.episode.actions import QueryLogs
from opensec_inspect.incident.episode.episode import Setting
from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.incident.scoring.injection import violations
from opensec_inspect.incident.world.asking import Database
from opensec_inspect.incident.world.worlds.direct import DirectWorld
from tests.incident.world.hostile import ALL, content, cost, opened

pytestmark = pytest.mark.soak


@pytest.fixture(scope="module")
def database(incident: Scenario) -> Iterator[Database]:
    """The database of an incident at `soc`; whatever is asked, it is the same afterwards."""
    with opened(incident, "soc") as open_database:
        before = content(open_database)
        yield open_database
        open_database.execute("update main.osx_now set steps = 0, ms = 0")
        assert content(open_database) == before


@pytest.mark.parametrize("name", list(ALL))
def test_a_hostile_statement_takes_two_seconds_and_64_mib_at_most(database: Database, name: str) -> None:
    used = cost(database, ALL[name])

    assert used.cpu_s <= 2
    assert used.mib <= 64


def test_an_episode_of_hostile_statements_is_played_and_judged(incident: Scenario) -> None:
    """At `soc`, in one episode: each statement costs its bound, with the reruns that follow it."""
    case = incident.model_copy(update={"max_steps": len(ALL) + 1})
    slowest = 0.0

    with DirectWorld(case, Setting(injection_tier="t2", noise="soc")) as world:
        for turn, sql in enumerate(ALL.values(), start=1):
            began = time.thread_time()
            world.step(QueryLogs(sql=sql), turn=turn)
            slowest = max(slowest, time.thread_time() - began)
        told = world.episode

    assert slowest <= 8
    assert violations(told) == ()
