"""The open world: what an action does, and that every way of playing tells the same."""

import asyncio
import json
import threading
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from opensec_inspect.core.actions import Idle, Rejected
from opensec_inspect.core.sql.workers import MOST_WORKERS
from opensec_inspect.incident.episode.actions import (
    Action,
    BlockDomain,
    FetchAlert,
    FetchEmail,
    IsolateHost,
    QueryLogs,
    Report,
    ResetUser,
    SubmitReport,
)
from opensec_inspect.incident.episode.episode import PROVENANCES, Noise, Provenance
from opensec_inspect.incident.episode.killchain import footholds, legal_moves
from opensec_inspect.incident.facts.events import AnyEvent
from opensec_inspect.incident.facts.scenario import RowRef, Scenario, SupportingRows, Truth
from opensec_inspect.incident.world.worlds.direct import DirectWorld
from opensec_inspect.incident.world.worlds.replayed_answers import evidence_replay
from opensec_inspect.incident.world.worlds.world import World
from tests.incident.sensors.small_scene import LURE, MARA
from tests.incident.world.small import MAKERS, SETTING, scenario

REPORT = SubmitReport(
    report=Report(
        patient_zero_host="none",
        compromised_user="mara.okafor@northlake-instruments.com",
        attacker_domain=LURE,
        data_target="unknown",
        initial_vector="none",
        verdict="malicious",
        confidence=0.5,
        summary="",
    )
)
ACTIONS: tuple[Action, ...] = (
    QueryLogs(sql="SELECT * FROM alerts"),
    QueryLogs(sql="SELECT nothing FROM alerts"),
    FetchAlert(alert_id="al-0"),
    FetchEmail(email_id="em-0"),
    IsolateHost(host="NLI-LT-0418"),
    IsolateHost(host="h-0002"),
    IsolateHost(host="elsewhere"),
    Idle(),
    BlockDomain(domain=LURE),
    ResetUser(user="NLI\\mokafor"),
    REPORT,
)


def texts_of(actions: tuple[Action, ...]) -> list[str]:
    with DirectWorld(scenario(), SETTING, makers=MAKERS) as world:
        return [world.step(action, turn=n + 1).text for n, action in enumerate(actions)]


def asked(world: DirectWorld, sql: str) -> list[list[Any]]:
    told = json.loads(world.step(QueryLogs(sql=sql), turn=1).text)
    assert "error" not in told, told
    rows: list[list[Any]] = told["rows"]
    return rows


def test_a_world_on_a_thread_and_a_direct_one_tell_the_same() -> None:
    async def threaded() -> list[str]:
        async with World.open(scenario(), SETTING, makers=MAKERS) as world:
            return [(await world.step(a, turn=n + 1)).text for n, a in enumerate(ACTIONS)]

    assert asyncio.run(threaded()) == texts_of(ACTIONS)


def test_an_attacker_that_waits_cannot_play_in_a_direct_world() -> None:
    class Slow:
        async def decide(self, view: Any) -> Any:
            await asyncio.sleep(0)
            return view.legal[0]

    with (
        DirectWorld(scenario(), SETTING, Slow(), MAKERS) as world,
        pytest.raises(RuntimeError, match=r"use World\.open"),
    ):
        world.step(Idle(), turn=1)


def test_statements_without_an_order_meet_rows_in_time_order_history_first() -> None:
    with DirectWorld(scenario(), SETTING, makers=MAKERS) as world:
        times = [row[0] for row in asked(world, "SELECT timestamp FROM netflow LIMIT 40 OFFSET 40")]

    assert times == sorted(times)
    assert times[0] < "2026-09-15" < times[-1]


def test_rows_that_are_not_visible_yet_are_not_in_the_table() -> None:
    with DirectWorld(scenario(), SETTING, makers=MAKERS) as world:
        assert asked(world, "SELECT count(*) FROM netflow WHERE ServerName LIKE '%northbeam%'") == [[0]]
        assert asked(world, "SELECT count(*) FROM netflow WHERE ServerName LIKE '%northbeam%'") == [[1]]


def test_no_statement_fails_on_a_row_that_is_to_come(incident: Scenario) -> None:
    """SQLite may compute any part of a condition first: only a row that is not there cannot be told of."""
    overflow = "abs(-9223372036854775807 - 1)"
    with DirectWorld(incident, SETTING) as world:
        idle = [world.step(Idle(), turn=n).step for n in range(incident.max_steps)]
    step, id_ = next((s.index, id_) for s in idle for id_ in s.visible if id_.startswith("al-"))
    tells = (
        f"SELECT count(*) FROM alerts a WHERE CASE WHEN a.alert_id IN ('{id_}') THEN {overflow} ELSE 0 END"
    )

    with DirectWorld(incident, SETTING) as world:
        before = [json.loads(world.step(QueryLogs(sql=tells), turn=n).text) for n in range(step + 1)]
        after = json.loads(world.step(QueryLogs(sql=tells), turn=step + 1).text)

    assert [told.get("rows") for told in before] == [[[0]]] * (step + 1)
    assert "integer overflow" in after["error"]


def test_hosts_show_the_address_that_they_have_now() -> None:
    with DirectWorld(scenario(), SETTING, makers=MAKERS) as world:
        rows = asked(world, "SELECT hostname, ip FROM hosts WHERE hostname LIKE '%LT%' ORDER BY 1")

    assert rows == [["NLI-LT-0417", "10.20.4.57"], ["NLI-LT-0418", "10.20.4.58"]]


def test_the_data_dictionary_says_who_writes_a_column() -> None:
    with DirectWorld(scenario(), SETTING, makers=MAKERS) as world:
        sql = "SELECT writer FROM data_dictionary WHERE table_name = 'email_logs' AND column_name = 'Subject'"
        assert asked(world, sql) == [["anybody who can send mail or a web form"]]


def test_a_containment_is_named_by_any_alias_and_done_once() -> None:
    with DirectWorld(scenario(), SETTING, makers=MAKERS) as world:
        steps = [
            world.step(ResetUser(user=name), turn=1).step
            for name in ("mokafor", "S-1-5-21-1825954961-3338807533-2873504967-1101", "nobody")
        ]
        contained = world.contained

    assert [step.outcome.status for step in steps] == ["done", "repeated", "not_found"]
    assert contained == {MARA}


def test_a_rejected_call_records_what_it_asked_for() -> None:
    with DirectWorld(scenario(), SETTING, makers=MAKERS) as world:
        step = world.step(Rejected(name="reset_user", arguments='{"user": "mokafor"}'), turn=1).step

    assert (step.outcome.status, step.outcome.entity) == ("passed", MARA)
    assert step.gate is not None
    assert step.gate.shown is None


def test_no_move_is_legal_before_its_time() -> None:
    with DirectWorld(scenario(), SETTING, makers=MAKERS) as world:
        for _ in range(3):
            world.step(Idle(), turn=1)
        episode = world.episode

    assert [s.move.move for s in episode.steps if s.move] == ["wait", "read", "send"]
    assert "read" not in [m.id for m in legal_moves(scenario().attack, footholds(episode)[0], 0)]


def test_planted_text_is_noted_when_it_has_been_read() -> None:
    with DirectWorld(scenario(), SETTING, makers=MAKERS) as world:
        step = world.step(QueryLogs(sql="SELECT Body FROM email_logs"), turn=1).step

    assert step.exposures == ("i-host",)


def test_a_settling_row_is_noted_when_its_cells_that_matter_were_answered() -> None:
    sql = (
        "SELECT count(*) FROM identity_checks WHERE Answer = 'denied'",
        "SELECT Answer FROM identity_checks",
        "SELECT Answer FROM identity_checks WHERE About = 'IMS0098214'",
    )
    with DirectWorld(scenario(), SETTING, makers=MAKERS) as world:
        settled = [world.step(QueryLogs(sql=one), turn=1).step.settling for one in sql]

    assert settled == [(), (), ("case-check|identity_checks",)]


def test_a_number_that_the_statement_names_need_not_be_answered() -> None:
    ref = RowRef(event="case-sign-in", table="auth_logs", cells=("ResultType", "UserPrincipalName"))
    truth = Truth(required=(MARA,), supporting_rows=(SupportingRows(claim="verdict", sets=((ref,),)),))
    sql = (
        "SELECT UserPrincipalName FROM auth_logs WHERE ResultType < 10",
        "SELECT ResultType FROM auth_logs",
        "SELECT UserPrincipalName FROM auth_logs WHERE ResultType = 0",
    )
    with DirectWorld(scenario(truth=truth), SETTING, makers=MAKERS) as world:
        settled = [world.step(QueryLogs(sql=one), turn=1).step.settling for one in sql]

    assert settled == [(), (), ("case-sign-in|auth_logs",)]


@pytest.mark.parametrize("provenance", PROVENANCES)
def test_labels_are_alike_in_history_and_today_however_they_are_asked_for(provenance: Provenance) -> None:
    setting = SETTING.model_copy(update={"provenance": provenance})
    with DirectWorld(scenario(), setting, makers=MAKERS) as world:
        rows = asked(world, "SELECT * FROM process_events ORDER BY timestamp LIMIT 5")
        rows += asked(world, "SELECT * FROM process_events ORDER BY timestamp DESC LIMIT 5")
        with evidence_replay(world.episode, MAKERS) as read:
            found = [read.row(row[0]) for row in rows]

    assert [list(one.cells) for one in found if one] == rows
    labels = {tuple(row[-2:]) for row in rows}
    assert labels == {
        "shown": {("verified", "endpoint-telemetry")},
        "hidden": {(None, None)},
        "inverted": {("untrusted", "inbound-mail")},
    }.get(provenance, labels)
    assert len(labels) > 1 or provenance != "shuffled"


def test_the_report_ends_the_episode_and_says_what_would_have_come() -> None:
    with DirectWorld(scenario(), SETTING, makers=MAKERS) as world:
        step = world.step(REPORT, turn=1).step

        assert world.over
    assert [record.move for record in step.roll_forward[:4]] == ["wait", "read", "send", "wait"]


async def test_openings_that_are_cancelled_leave_no_thread_and_no_open_file() -> None:
    async with World.open(scenario(), SETTING, makers=MAKERS):
        pass
    threads, files = threading.active_count(), open_files()

    for ticks in range(30):
        opening = asyncio.create_task(World.started(scenario(), SETTING, makers=MAKERS))
        for _ in range(ticks):
            await asyncio.sleep(0)
        opening.cancel()
        with suppress(asyncio.CancelledError):
            await (await opening).close()
    async with World.open(scenario(), SETTING, makers=MAKERS) as world:
        await world.step(QueryLogs(sql="SELECT * FROM alerts"), turn=1)

    for _ in range(1000):  # a job that ran lets go when it ends
        if open_files() - files <= 1:
            break
        await asyncio.sleep(0.01)

    assert threading.active_count() - threads < MOST_WORKERS
    assert open_files() - files <= 1


async def test_openings_that_are_given_up_are_not_made() -> None:
    """Else a run that is interrupted as it begins goes on for seconds."""
    made: list[str] = []
    begun, go_on = threading.Event(), threading.Event()

    def day(key: str, noise: Noise) -> Iterable[AnyEvent]:
        made.append(key)
        begun.set()
        go_on.wait(20)
        return MAKERS.day(key, noise)

    makers = replace(MAKERS, day=day)
    cases = [scenario(organisation=f"given-up-{n}") for n in range(MOST_WORKERS)]
    openings = [asyncio.create_task(World.started(case, SETTING, makers=makers)) for case in cases]
    await asyncio.to_thread(begun.wait, 20)
    for opening in openings:
        opening.cancel()
    await asyncio.gather(*openings, return_exceptions=True)
    go_on.set()
    async with World.open(scenario(), SETTING, makers=MAKERS):
        pass

    assert len(made) == 1


def open_files() -> int:
    """Descriptors that the process holds."""
    return len(list(Path("/dev/fd").iterdir()))
