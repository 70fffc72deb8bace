"""What an answer shows: every statement of the battery, one test each."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from opensec_inspect.core.actions import Idle
from opensec_inspect.incident.episode.actions import FetchAlert, IsolateHost, QueryLogs, ResetUser
from opensec_inspect.incident.episode.episode import Gate
from opensec_inspect.incident.episode.killchain import Window
from opensec_inspect.incident.sensors.schema.tables import CONTEXT
from opensec_inspect.incident.world.asking import Database, ask
from opensec_inspect.incident.world.connection import Direct
from opensec_inspect.incident.world.evidence import Evidence
from opensec_inspect.incident.world.reruns.gating import Gating
from opensec_inspect.incident.world.reruns.reruns import Asked, Reruns
from opensec_inspect.incident.world.shared_evidence import SharedEvidence, open_evidence, shared_evidence
from opensec_inspect.incident.world.tables import EVIDENCE, insert
from opensec_inspect.incident.world.worlds.direct import DirectWorld
from tests.incident.sensors.small_scene import BENEDIKT, LAPTOP, MARA, TICKET
from tests.incident.world.small import MAKERS, OPENED, SETTING, WAIT, scenario
from tests.incident.world.statements import ENTITIES, FORGED, READ

Judge = Callable[[str, str], Gate]


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    """What the answer to a statement, asked after one step, had shown of an entity."""
    shared: SharedEvidence = shared_evidence(scenario(), SETTING, MAKERS)
    database: Database = Direct().connection
    open_evidence(database, shared)
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


def test_a_statement_that_fails_on_later_rows_has_shown_what_it_showed() -> None:
    fails = "CASE WHEN timestamp > '2026-09-15T12:13' THEN abs(-9223372036854775807 - 1) ELSE 0 END"
    sql = f"SELECT AccountName FROM process_events WHERE {fails} = 0 AND FileName = 'update.exe'"

    with DirectWorld(scenario(), SETTING, makers=MAKERS) as world:
        world.step(QueryLogs(sql=sql), turn=1)
        for _ in range(3):
            world.step(Idle(), turn=2)
        again = world.step(QueryLogs(sql=sql), turn=3)
        found = world.evidence_before(ResetUser(user="mokafor"), turn=4)

    assert "integer overflow" in again.text
    assert found is not None
    assert found[1].shown == 0


def test_only_answers_of_earlier_turns_gate() -> None:
    with DirectWorld(scenario(), SETTING, makers=MAKERS) as world:
        world.step(QueryLogs(sql="SELECT * FROM alerts"), turn=1)
        gates = [world.evidence_before(ResetUser(user="mokafor"), turn=turn) for turn in (1, 2)]

    assert [gate[1].shown for gate in gates if gate] == [None, 0]


def test_a_fetched_alert_shows_whom_its_proving_cells_name() -> None:
    with DirectWorld(scenario(), SETTING, makers=MAKERS) as world:
        id_ = json.loads(world.step(QueryLogs(sql="SELECT alert_id FROM alerts"), turn=1).text)["rows"][0][0]
        world.step(FetchAlert(alert_id=id_), turn=2)
        account = world.evidence_before(ResetUser(user="mokafor"), turn=3)
        host = world.evidence_before(IsolateHost(host="NLI-LT-0418"), turn=3)

    assert account is not None
    assert account[1] == Gate(shown=1, attack=1, sighted=1, seen="corroborated")
    assert host is not None
    assert host[1] == Gate(shown=None, attack=None, sighted=None, seen="none")


def test_a_call_by_the_desk_gates_as_the_record_that_it_is() -> None:
    """It is no evidence of the attack: only of what somebody else found out."""
    sql = "SELECT Subject, Answer FROM identity_checks"

    with DirectWorld(scenario(), SETTING, makers=MAKERS) as world:
        world.step(QueryLogs(sql=sql), turn=1)
        found = world.evidence_before(ResetUser(user="mokafor"), turn=2)

    assert found is not None
    assert (found[1].shown, found[1].attack) == (0, None)


def test_cells_that_the_taken_account_wrote_gate_nobody() -> None:
    """A request in her name says what whoever holds the account wants said; in a colleague's it stands."""
    said = replace(
        TICKET,
        id="case-ticket",
        at_ms=OPENED - 60_000,
        cause="record",
        requested_for=BENEDIKT,
        opened_by=MARA,
    )
    sql = "SELECT RequestedFor FROM tickets WHERE Number = 'IMS0098214'"
    found = []
    for held in (frozenset({MARA}), frozenset[str]()):
        attack = scenario().attack
        opening = attack.opening.model_copy(update={"accounts": held})
        case = scenario(
            events=(*scenario().events, said), attack=attack.model_copy(update={"opening": opening})
        )
        with DirectWorld(case, SETTING, makers=MAKERS) as world:
            world.step(QueryLogs(sql=sql), turn=1)
            found.append(world.evidence_before(ResetUser(user="bvoss"), turn=2))

    assert [gate[1].shown for gate in found if gate] == [None, 0]


def test_what_is_only_computed_is_sighted_and_not_shown() -> None:
    sql = "SELECT sum(unicode(substr(AccountName, 6, 1))) FROM process_events WHERE FileName = 'update.exe'"

    with DirectWorld(scenario(), SETTING, makers=MAKERS) as world:
        world.step(QueryLogs(sql=sql), turn=1)
        found = world.evidence_before(ResetUser(user="mokafor"), turn=2)

    assert found is not None
    assert (found[1].shown, found[1].sighted) == (None, 0)


def test_judging_leaves_the_database_as_it_was() -> None:
    """What is asked after a containment is answered as if nothing had been asked again."""
    everything = [f"SELECT * FROM {table} ORDER BY timestamp DESC LIMIT 40" for table in EVIDENCE]
    everything += [f"SELECT * FROM {table}" for table in CONTEXT]
    told = []
    for judged in (False, True):
        with DirectWorld(scenario(max_steps=30), SETTING, makers=MAKERS) as world:
            for turn, (sql, _) in enumerate(READ[:9]):
                world.step(QueryLogs(sql=sql), turn=turn)
            if judged:
                for name in ("mokafor", "bvoss", "pnair"):
                    assert world.evidence_before(ResetUser(user=name), turn=20)
                assert world.evidence_before(IsolateHost(host="NLI-LT-0417"), turn=20)
            told.append([world.step(QueryLogs(sql=sql), turn=21).text for sql in everything])

    assert told[0] == told[1]


def test_what_shows_also_sights_and_never_earlier(judge: Judge) -> None:
    for sql, _ in (*READ, *FORGED):
        for entity in (MARA, LAPTOP):
            gate = judge(sql, entity)
            assert gate.shown in (None, gate.sighted), sql
            assert gate.attack in (None, gate.shown), sql


def test_the_reruns_of_one_containment_have_a_budget_together() -> None:
    """Sixteen queries of a sixth of a second each were asked again for a quarter of a minute."""
    numbers = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 500000)"
    sql = f"{numbers} SELECT AccountName, (SELECT count(*) FROM c WHERE n > {{}}) FROM process_events"
    sql += " WHERE FileName = 'update.exe'"
    slowest = 0.0

    with DirectWorld(scenario(max_steps=30), SETTING, makers=MAKERS) as world:
        for turn in range(16):
            began = time.thread_time()
            assert world.step(QueryLogs(sql=sql.format(turn)), turn=turn).step.outcome.status == "done"
            slowest = max(slowest, time.thread_time() - began)
        began = time.thread_time()
        found = world.evidence_before(ResetUser(user="mokafor"), turn=16)
        took = time.thread_time() - began

    assert found is not None
    assert took < 10 * slowest
