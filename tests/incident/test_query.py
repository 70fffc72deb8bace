"""The guarded SELECT: what honest statements get, and what an answer looks like."""

import json
from collections.abc import Callable

import pytest

from opensec_inspect.core.clock import stamp
from opensec_inspect.core.sql.guard import Answer
from opensec_inspect.incident.scenario.actions import QueryLogs
from opensec_inspect.incident.scenario.episode import Setting
from opensec_inspect.incident.scenario.rows import COLUMNS
from opensec_inspect.incident.scenario.scenario import Scenario
from opensec_inspect.incident.world.world import World
from tests.strategies import made

DESK = Setting(injection_tier="t2", noise="desk")
Ask = Callable[[str], Answer]

BIG = (
    "big(x) AS (SELECT 'a' UNION ALL SELECT x||x FROM big LIMIT 15),"
    " b AS (SELECT max(x)||substr(max(x), 1, 3000) AS x FROM big)"
)
"""A value of 19,384 characters, put together in SQL."""
HOSTS = len(made("one").network.hosts)
HONEST = [
    ("SELECT count(*) FROM hosts", [(HOSTS,)]),
    ("select\n count(*)\tfrom hosts ;", [(HOSTS,)]),
    ("-- first\n/* then */ SELECT count(*) FROM hosts", [(HOSTS,)]),
    ("SELECT EXISTS(SELECT 1 FROM hosts)", [(1,)]),
    ("SELECT 1 FROM hosts WHERE EXISTS (SELECT 1 FROM alerts) LIMIT 1", [(1,)]),
    ("WITH x AS (SELECT * FROM hosts) SELECT count(*) FROM x", [(HOSTS,)]),
    ("WITH x AS (SELECT * FROM hosts) SELECT 1 FROM x LIMIT 1", [(1,)]),
    ("WITH hosts AS (SELECT 1 AS n) SELECT n FROM hosts", [(1,)]),
    ("SELECT count(*) FROM (SELECT * FROM hosts UNION SELECT * FROM hosts)", [(HOSTS,)]),
    ("SELECT count(*) FROM (SELECT DISTINCT role FROM hosts LIMIT 2)", [(2,)]),
    ("SELECT count(*) FROM temp.hosts", [(HOSTS,)]),
    ("SELECT count(*) OVER () FROM hosts LIMIT 1", [(HOSTS,)]),
    ("SELECT row_number() OVER (ORDER BY host_id) FROM hosts LIMIT 2", [(1,), (2,)]),
    ("SELECT count(*) FILTER (WHERE owner_user_id IS NULL) FROM hosts", [(3,)]),
    ("SELECT * FROM (VALUES (1), (2))", [(1,), (2,)]),
    (
        "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c LIMIT 3) SELECT n FROM c",
        [(1,), (2,), (3,)],
    ),
    ("WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c) SELECT n FROM c LIMIT 2", [(1,), (2,)]),
    ("SELECT upper('a')||lower('B')||substr('xyz', 2, 1)||replace('q', 'q', 'r')", [("Abyr",)]),
    ("SELECT instr('abc', 'c'), length('abc'), coalesce(NULL, 1), iif(1, 2, 3)", [(3, 3, 1, 2)]),
    ("SELECT trim(' a '), trim('xax', 'x'), ltrim('xa', 'x'), rtrim('ax', 'x')", [("a", "a", "a", "a")]),
    ("SELECT max(1, 2), min(1, 2), abs(-1), round(2.5), typeof(1)", [(2, 1, 1, 3.0, "integer")]),
    ("SELECT group_concat(n, '+') FROM (SELECT 1 AS n UNION SELECT 2)", [("1+2",)]),
    (
        "SELECT CASE WHEN 1 THEN 'a' ELSE 'b' END, 'x' LIKE 'X', 'x' GLOB 'X', cast('7' AS integer)",
        [("a", 1, 0, 7)],
    ),
    ("SELECT a.host_id = b.host_id FROM hosts a, hosts b LIMIT 1", [(1,)]),
    ("SELECT host_id FROM hosts EXCEPT SELECT host_id FROM hosts", []),
    ("SELECT NULL, 1, 1.5, 'é', x'00ff'", [(None, 1, 1.5, "é", "x'00ff'")]),
]


@pytest.mark.parametrize(("sql", "rows"), HONEST, ids=[sql for sql, _ in HONEST])
def test_an_honest_statement_is_answered(ask: Ask, sql: str, rows: list[tuple[object, ...]]) -> None:
    answer = ask(sql)

    assert answer.error is None
    assert list(answer.rows) == rows


NOW_FORMS = [
    ("SELECT datetime('now')", "2026-03-04 05:06:07"),
    ("SELECT datetime()", "2026-03-04 05:06:07"),
    ("SELECT date('NOW')", "2026-03-04"),
    ("SELECT date('n'||'ow')", "2026-03-04"),
    ("SELECT time('now')", "05:06:07"),
    ("SELECT datetime('now', '-6 hours')", "2026-03-03 23:06:07"),
    ("SELECT strftime('%Y-%m-%d %H:%M:%f')", "2026-03-04 05:06:07.000"),
    ("SELECT strftime('%H', 'now', '+1 hour')", "06"),
    ("SELECT unixepoch('now')", 1772600767),
    ("SELECT julianday()", 2461103.7125810185),
    ("SELECT date(x'6e6f77')", "2026-03-04"),
    ("SELECT date(cast('now' AS blob))", "2026-03-04"),
    ("SELECT date('now'||char(0)||'x')", "2026-03-04"),
    ("SELECT datetime(x'6e6f77', '-1 day')", "2026-03-03 05:06:07"),
]


@pytest.mark.parametrize(("sql", "value"), NOW_FORMS, ids=[sql for sql, _ in NOW_FORMS])
def test_now_is_the_scenarios_time_however_it_is_written(ask: Ask, sql: str, value: object) -> None:
    assert ask(sql).rows == ((value,),)


@pytest.mark.parametrize(
    "modifier",
    [
        "'localtime'",
        "'utc'",
        "'LOCAL'||'TIME'",
        "' utc '",
        "x'6c6f63616c74696d65'",
        "'utc'||char(0)",
        "'subsec'",
    ],
)
def test_the_machines_time_zone_is_out_of_reach(ask: Ask, modifier: str) -> None:
    assert ask(f"SELECT datetime('2026-01-01 12:00:00', {modifier})").rows == ((None,),)


def test_a_date_of_the_evidence_can_be_reckoned_with(ask: Ask) -> None:
    sql = "SELECT count(*) FROM alerts WHERE julianday(created_at) BETWEEN 2460000 AND 2470000"

    assert ask(sql).rows == ask("SELECT count(*) FROM alerts").rows


def test_an_answer_is_cut_at_whole_rows_without_telling_how_many_there_were(ask: Ask) -> None:
    numbers = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c LIMIT 51) SELECT n FROM c"

    answer = ask(numbers)

    assert answer.rows == tuple((n,) for n in range(1, 51))
    assert answer.cut
    assert set(Answer.model_fields) == {"columns", "rows", "cut", "error", "clock"}
    assert not ask(f"{numbers} LIMIT 50").cut


def test_a_long_answer_is_cut_at_its_size(ask: Ask) -> None:
    wide = f"WITH RECURSIVE {BIG} SELECT substr(x, 1, 4996) FROM b, hosts"

    answer = ask(wide)

    assert [len(str(row[0])) for row in answer.rows] == [4996, 4996]
    assert answer.cut


def test_a_row_that_is_too_long_by_itself_is_left_out(ask: Ask) -> None:
    answer = ask(f"WITH RECURSIVE {BIG} SELECT x FROM b")

    assert answer.rows == ()
    assert answer.cut


def test_a_column_is_headed_by_no_more_than_60_characters(ask: Ask) -> None:
    (header,) = ask(f"SELECT length('{'x' * 10_000}')").columns

    assert header == "length('" + "x" * 51 + "…"


def test_columns_of_the_same_name_are_all_delivered(ask: Ask) -> None:
    answer = ask("SELECT a.*, b.* FROM hosts a, hosts b LIMIT 1")

    assert answer.columns == (*COLUMNS["hosts"], *COLUMNS["hosts"])
    assert len(answer.rows[0]) == 10


@pytest.mark.parametrize(
    ("sql", "cell"),
    [
        ("SELECT 9e999", "inf"),
        ("SELECT -9e999", "-inf"),
        ("SELECT x'00ff'", "x'00ff'"),
        ("SELECT cast(x'ff' AS text)", "\ufffd"),
        ("SELECT char(0)", "\x00"),
        ("SELECT 9223372036854775807", 9223372036854775807),
        ("SELECT 1e300", 1e300),
    ],
)
def test_every_value_can_be_written_as_json(ask: Ask, sql: str, cell: object) -> None:
    answer = ask(sql)

    assert answer.rows == ((cell,),)
    assert json.loads(json.dumps(answer.rows, allow_nan=False)) == [[cell]]


async def test_now_moves_on_with_the_steps(incident: Scenario) -> None:
    asked = QueryLogs(sql="SELECT replace(datetime('now'), ' ', 'T') || 'Z'")
    async with World.open(incident, DESK) as world:
        told = [json.loads((await world.step(asked, turn=n)).text) for n in (1, 2)]

    assert told[0]["rows"] == [[incident.opened_at]]
    assert told[1]["rows"] == [[stamp(incident.opened_at, 600)]]
