"""What an answer shows: every statement of the battery, one test each."""

from collections.abc import Callable, Iterator

import pytest

from opensec_inspect.incident.episode.episode import Gate
from opensec_inspect.incident.episode.killchain import Window
from opensec_inspect.incident.store.asking import Database, ask
from opensec_inspect.incident.store.backdrop import Backdrop, backdrop, furnish
from opensec_inspect.incident.store.connection import Direct
from opensec_inspect.incident.store.evidence import Evidence
from opensec_inspect.incident.store.reruns.gating import Gating
from opensec_inspect.incident.store.reruns.reruns import Asked, Reruns
from opensec_inspect.incident.store.tables import insert
from tests.incident.store.small import MAKERS, SETTING, WAIT, scenario
from tests.incident.store.statements import ENTITIES, FORGED, READ

Judge = Callable[[str, str], Gate]


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    """What the answer to a statement, asked after one step, had shown of an entity."""
    shared: Backdrop = backdrop(scenario(), SETTING, MAKERS)
    database: Database = Direct().connection
    furnish(database, shared)
    arrived = Evidence(shared.day).advance(Window(WAIT, frozenset(), frozenset()))
    insert(database, arrived)
    now_ms = shared.day.starts_ms(1)

    def judgement(sql: str, entity: str) -> Gate:
        answer = ask(database, sql, steps=1, now_ms=now_ms)
        assert answer.error is None, answer.error
        reruns = Reruns(database, shared, arrived)
        return Gating(shared, reruns, entity).gate([Asked(1, 1, sql, now_ms, answer.rows)], [])

    yield judgement
    database.close()


@pytest.mark.parametrize(("sql", "shown"), [*READ, *FORGED], ids=[sql for sql, _ in (*READ, *FORGED)])
def test_an_answer_shows_what_can_be_read_in_it_and_nothing_else(
    judge: Judge, sql: str, shown: set[str]
) -> None:
    assert {entity for entity in ENTITIES if judge(sql, entity).shown == 1} == shown
