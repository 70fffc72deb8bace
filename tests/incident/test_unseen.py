"""Rows to come: no statement tells that they will, neither by what it answers nor by failing."""

import json
import time

from opensec_inspect.core.sql.guard import PREFIX
from opensec_inspect.incident.scenario.actions import IsolateHost, QueryLogs
from opensec_inspect.incident.scenario.episode import Setting
from opensec_inspect.incident.scenario.rows import COLUMNS, EVIDENCE_TABLES
from opensec_inspect.incident.scenario.scenario import Scenario
from opensec_inspect.incident.world.backdrop import backdrop
from opensec_inspect.incident.world.world import World
from tests.incident.conftest import opened

DESK = Setting(injection_tier="t2", noise="desk")
FAILS_ON = "CASE WHEN {} = '{}' THEN abs(-9223372036854775807 - 1) ELSE 0 END"


async def test_a_statement_that_fails_on_a_row_to_come_does_not_fail_before_it_came(
    incident: Scenario,
) -> None:
    coming = min((row for row in backdrop(incident, DESK).today if row.visible), key=lambda row: row.visible)
    failing = FAILS_ON.format(COLUMNS[coming.table][0], coming.id)
    sql = f"SELECT count(*) FROM {coming.table} WHERE {failing} = 0"

    async with World.open(incident, DESK) as world:
        steps = range(coming.visible + 1)
        said = [json.loads((await world.step(QueryLogs(sql=sql), turn=1)).text) for _ in steps]

    assert ["error" in answer for answer in said] == [False] * coming.visible + [True]
    assert "integer overflow" in said[-1]["error"]


def test_what_cannot_be_seen_yet_is_not_in_the_database(incident: Scenario) -> None:
    with opened(incident, DESK) as connection:
        counts = [
            f"(SELECT count(*) FROM main.{PREFIX}{table} WHERE visible > 0)" for table in EVIDENCE_TABLES
        ]

        (coming,) = connection.execute(f"SELECT {' + '.join(counts)}").fetchone()

    assert coming == 0
    assert any(row.visible for row in backdrop(incident, DESK).today)


async def test_the_reruns_of_one_containment_have_one_budget_together(incident: Scenario) -> None:
    """Sixteen slow statements that all have to be asked again five times took 15.6 s at one containment."""
    count = (
        "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 400000) SELECT count(*) FROM c"
    )
    sql = (
        f"SELECT created_at, host_id, command_line FROM process_events WHERE ({count}) > {{}} ORDER BY 1 DESC"
    )
    case = incident.model_copy(update={"max_steps": 30})

    async with World.open(case, DESK) as world:
        began = time.process_time()
        for number in range(16):
            await world.step(QueryLogs(sql=sql.format(number)), turn=number)
        asked = time.process_time()
        took = []
        for host in case.network.hosts[4:12:2]:
            before = time.process_time()
            await world.shown(IsolateHost(host=host.id), turn=20)
            took.append(time.process_time() - before)

    assert max(took) < asked - began
