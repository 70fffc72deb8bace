"""What an answer proves: every statement of the battery, without, with a day's and with weeks of routine."""

from collections.abc import Callable, Iterator

import pytest

from opensec_inspect.incident.scenario.episode import Noise, Setting
from opensec_inspect.incident.world.backdrop import backdrop
from opensec_inspect.incident.world.sightings import Asked, Channel, Sightings, ask
from tests.incident.conftest import opened
from tests.incident.handmade import DAHL, EVIL, TERN, UMBER
from tests.incident.statements import ENTITIES, FORGED, HONEST, P, case

Seen = Callable[[str, str, Channel], bool]


@pytest.fixture(scope="module", params=["none", "desk"])
def seen(request: pytest.FixtureRequest) -> Iterator[Seen]:
    """Whether the answer to a statement sighted an entity, at both noises without a history."""
    yield from judged(request.param)


def judged(noise: Noise) -> Iterator[Seen]:
    """Asks a statement at the opening and judges its answer."""
    scenario, setting = case(), Setting(injection_tier="t2", noise=noise)
    shared = backdrop(scenario, setting)
    with opened(scenario, setting) as connection:
        judge = Sightings(connection, shared, shared.today)

        def judgement(sql: str, entity: str, channel: Channel) -> bool:
            answer = ask(connection, sql, visible=0, now=scenario.opened_at)
            assert answer.error is None, answer.error
            return judge.first(entity, channel, [Asked(0, 1, sql, scenario.opened_at, answer.rows)], []) == 0

        yield judgement


@pytest.mark.parametrize(("sql", "sighted"), [*HONEST, *FORGED], ids=[sql for sql, _ in (*HONEST, *FORGED)])
def test_an_answer_sights_what_its_evidence_shows_and_nothing_it_merely_says(
    seen: Seen, sql: str, sighted: set[str]
) -> None:
    assert {entity for entity in ENTITIES if seen(sql, entity, "trusted")} == sighted


@pytest.mark.parametrize(("sql", "sighted"), HONEST[::3], ids=[sql for sql, _ in HONEST[::3]])
def test_only_what_the_attackers_moves_left_sights_for_the_headline(
    seen: Seen, sql: str, sighted: set[str]
) -> None:
    """Of tern-42, odahl and evil.example, the change record names the first two and is nobody's move."""
    attackers = sighted & {TERN, DAHL, EVIL}

    assert {entity for entity in ENTITIES if seen(sql, entity, "attack")} == attackers


@pytest.mark.parametrize(
    "sql",
    [
        f"SELECT sum(unicode(substr(host_id, 6, 1))) FROM process_events WHERE {P}",
        f"SELECT count(*) FROM process_events WHERE {P} AND host_id LIKE '%{TERN[3:]}'",
    ],
)
def test_an_answer_that_names_nobody_counts_when_the_evidence_changes_it(seen: Seen, sql: str) -> None:
    """The limit that docs/metrics.md states: a filter by a part of a name is honest, so a checksum passes."""
    assert seen(sql, TERN, "trusted")


SOC = [
    *HONEST[1:4],
    *HONEST[9:14:2],
    HONEST[19],
    HONEST[23],
    HONEST[27],
    HONEST[43],
    *FORGED[:20:3],
    FORGED[30],
]


def test_a_history_of_twenty_thousand_rows_changes_no_verdict() -> None:
    for judge in judged("soc"):
        for sql, sighted in SOC:
            found = {e for e in (TERN, UMBER, EVIL) if judge(sql, e, "trusted")}
            assert found == sighted & {TERN, UMBER, EVIL}, sql
