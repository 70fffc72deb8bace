"""The guarded SELECT: what hostile statements, and any text at all, do not get."""

import json
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings

from opensec_inspect.core.sql.guard import MAX_ANSWER_CHARS, PREFIX, Answer, tables_help
from opensec_inspect.incident.scenario.actions import QueryLogs
from opensec_inspect.incident.scenario.episode import Setting
from opensec_inspect.incident.scenario.rows import COLUMNS
from opensec_inspect.incident.scenario.scenario import Scenario
from opensec_inspect.incident.world.world import World
from tests.strategies import statements

DESK = Setting(injection_tier="t2", noise="desk")
TABLES_HELP = tables_help(COLUMNS)
Ask = Callable[[str], Answer]

ENDLESS = "c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c)"
BIG = (
    "big(x) AS (SELECT 'a' UNION ALL SELECT x||x FROM big LIMIT 15),"
    " b AS (SELECT max(x)||substr(max(x), 1, 3000) AS x FROM big)"
)
"""A value of 19,384 characters, put together in SQL."""
ONE_SELECT = "Only one SELECT statement (or WITH … SELECT) is accepted"
TABLES = "Only these tables can be read, with plain deterministic functions"
HOSTILE = [
    # base tables by their reserved prefix, in any case and disguise
    ("WITH alerts AS (SELECT * FROM osx_alerts) SELECT * FROM alerts", "begins with that prefix"),
    ("SELECT * FROM OsX_now", "begins with that prefix"),
    ('SELECT * FROM main."osx_alerts"', "begins with that prefix"),
    ("SELECT * FROM [osx_alerts]", "begins with that prefix"),
    ("SELECT 'osx_'", "begins with that prefix"),
    ("SELECT * FROM os/**/x_alerts", "no such table: os"),
    ('SELECT * FROM "os""x_alerts"', "no such table"),
    ("SELECT * FROM 'o'||'sx_alerts'", "syntax error"),
    ("SELECT * FROM main.alerts", "no such table: main.alerts"),
    # what a database knows of itself
    ("SELECT * FROM sqlite_master", TABLES),
    ("SELECT count(*) FROM sqlite_master", TABLES),
    ("SELECT 1 FROM SQLITE_MASTER", TABLES),
    ("SELECT * FROM sqlite_schema", TABLES),
    ("SELECT * FROM temp.sqlite_master", TABLES),
    ("SELECT count(*) FROM sqlite_temp_master", TABLES),
    ("SELECT sql FROM sqlite_temp_schema", TABLES),
    ("SELECT EXISTS(SELECT 1 FROM sqlite_temp_schema)", TABLES),
    ("SELECT * FROM pragma_table_info('alerts')", TABLES),
    ("SELECT count(*) FROM pragma_table_info('alerts')", TABLES),
    ("SELECT * FROM pragma_database_list", TABLES),
    ("SELECT count(*) FROM pragma_function_list", TABLES),
    ("SELECT * FROM json_each('[1]')", TABLES),
    ("SELECT * FROM dbstat", TABLES),
    ("PRAGMA table_info(alerts)", ONE_SELECT),
    ("SELECT visible FROM alerts", "no such column: visible"),
    ("SELECT trust FROM alerts", "no such column: trust"),
    ("SELECT time_key FROM alerts", "no such column: time_key"),
    ("SELECT left_by FROM alerts", "no such column: left_by"),
    # other statements
    ("EXPLAIN SELECT 1", ONE_SELECT),
    ("EXPLAIN QUERY PLAN SELECT * FROM alerts", ONE_SELECT),
    ("ATTACH 'x' AS y", ONE_SELECT),
    ("DETACH main", ONE_SELECT),
    ("PRAGMA query_only = 0", ONE_SELECT),
    ("INSERT INTO alerts VALUES (1)", ONE_SELECT),
    ("DELETE FROM hosts", ONE_SELECT),
    ("CREATE TABLE t (a)", ONE_SELECT),
    ("BEGIN", ONE_SELECT),
    ("VACUUM", ONE_SELECT),
    ("VALUES (1)", ONE_SELECT),
    ("(SELECT 1)", ONE_SELECT),
    ("", ONE_SELECT),
    ("-- SELECT 1", ONE_SELECT),
    ("/* SELECT 1", ONE_SELECT),
    ("SELECTED", ONE_SELECT),
    ("WITH x AS (SELECT 1) DELETE FROM hosts", "cannot modify hosts"),
    ("WITH x AS (SELECT 1) INSERT INTO hosts SELECT 1", TABLES),
    ("SELECT 1; SELECT 2", "one statement at a time"),
    ("SELECT 1; DROP VIEW alerts", "one statement at a time"),
    ("SELECT", "incomplete input"),
    ("SELECT * FROM nowhere", "no such table: nowhere"),
    ("SELECT colour FROM alerts", "no such column: colour"),
    # functions that differ between two runs or machines, or do damage
    ("SELECT random()", TABLES),
    ("SELECT RANDOM()", TABLES),
    ("SELECT hex(randomblob(4))", TABLES),
    ("SELECT load_extension('x')", TABLES),
    ("SELECT printf('%.*c', 1000000000, 'x')", TABLES),
    ("SELECT format('%d', 1)", TABLES),
    ("SELECT current_timestamp", TABLES),
    ("SELECT CURRENT_DATE", TABLES),
    ("SELECT current_time", TABLES),
    ("SELECT changes()", TABLES),
    ("SELECT total_changes()", TABLES),
    ("SELECT last_insert_rowid()", TABLES),
    ("SELECT sqlite_version()", TABLES),
    ("SELECT sqlite_source_id()", TABLES),
    ("SELECT sqlite_compileoption_get(1)", TABLES),
    ("SELECT zeroblob(1000000000)", TABLES),
    ("SELECT message FROM alerts WHERE message MATCH 'x'", TABLES),
    ("SELECT message FROM alerts WHERE message REGEXP 'x'", "no such function: REGEXP"),
    # input that is no statement at all
    ("SELECT ?", "Incorrect number of bindings"),
    ("SELECT :a, @b, $c", "Incorrect number of bindings"),
    ("SELECT '\x00'", "SQL error"),
    ("SELECT '\ud800'", "not valid text"),
    ("SELECT sum(9223372036854775807) FROM alerts", "integer overflow"),
]


@pytest.mark.parametrize(("sql", "said"), HOSTILE, ids=[ascii(sql) for sql, _ in HOSTILE])
def test_a_hostile_statement_gets_a_clear_error(ask: Ask, sql: str, said: str) -> None:
    answer = ask(sql)

    assert answer.error is not None
    assert said in answer.error
    assert answer.rows == ()
    assert not answer.clock
    assert PREFIX not in answer.error.lower()


@pytest.mark.parametrize(
    "sql",
    ["SELECT * FROM sqlite_master", "SELECT * FROM pragma_table_info('alerts')", "PRAGMA table_info(alerts)"],
)
def test_who_asks_what_there_is_gets_the_tables_and_their_columns(ask: Ask, sql: str) -> None:
    error = ask(sql).error

    assert error is not None
    assert TABLES_HELP in error
    assert "alerts(alert_id, created_at, rule, severity, message, trust_tier, source)" in TABLES_HELP
    assert TABLES_HELP.count("(") == 8


@pytest.mark.parametrize("table", list(COLUMNS))
def test_a_view_shows_the_columns_that_were_promised_and_no_other(ask: Ask, table: str) -> None:
    assert ask(f"SELECT * FROM {table}").columns == COLUMNS[table]


def test_a_row_number_tells_nothing(ask: Ask) -> None:
    assert set(ask("SELECT rowid, _rowid_, oid FROM alerts").rows) == {(None, None, None)}


@pytest.mark.parametrize(
    "sql",
    [
        f"WITH RECURSIVE {ENDLESS} SELECT count(*) FROM c",
        f"WITH RECURSIVE {ENDLESS} SELECT n FROM c ORDER BY n DESC LIMIT 1",
        "SELECT count(*) FROM alerts a, alerts b, alerts c, alerts d, netflow e, netflow f",
        "SELECT max(a.message||b.message) FROM alerts a, alerts b, netflow c, netflow d, netflow e",
    ],
)
def test_a_runaway_statement_is_stopped_by_its_budget_and_not_by_the_clock(ask: Ask, sql: str) -> None:
    answer = ask(sql)

    assert answer.error == "The statement took too much work and was stopped; narrow it down."
    assert not answer.clock


@pytest.mark.parametrize(
    "body",
    [
        "SELECT sum(instr(x||a.rule, substr(x, 1, 9000)||'b')) FROM b, alerts a, netflow c, netflow d",
        "SELECT sum(x LIKE '%'||substr(x, 1, 490)||'b') FROM b, netflow, netflow c",
    ],
)
def test_even_the_slowest_instructions_end_soon_after_the_clock_strikes(ask: Ask, body: str) -> None:
    """One instruction over big values may take milliseconds; before values were limited, minutes went by."""
    began = time.monotonic()

    answer = ask(f"WITH RECURSIVE {BIG} {body}")

    assert answer.clock
    assert "too much work" in str(answer.error)
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        (f"SELECT '{'x' * 100_000}'", "The statement has 100009 characters; at most 20000 are accepted."),
        ("SELECT 1 WHERE 1 = " + "1+" * 5_000 + "1", "Expression tree is too large"),
        ("SELECT " + "(" * 5_000 + "1" + ")" * 5_000, "stand more than 100 deep in each other"),
        ("SELECT " + "1," * 5_000 + "1", "too many columns"),
        (f"WITH RECURSIVE {BIG} SELECT x||x FROM b", "A value grew past 20000 characters."),
        (
            f"WITH RECURSIVE {BIG} SELECT group_concat(x) FROM b, alerts",
            "A value grew past 20000 characters.",
        ),
        (f"WITH RECURSIVE {BIG} SELECT trim(x, x) FROM b", "trim takes at most 100 characters"),
        (f"WITH RECURSIVE {BIG} SELECT 'a' LIKE substr(x, 1, 501) FROM b", "pattern too complex"),
    ],
    ids=["statement", "terms", "brackets", "columns", "value", "list", "trimmed", "pattern"],
)
def test_what_is_too_big_is_refused(ask: Ask, sql: str, said: str) -> None:
    assert said in str(ask(sql).error)


@settings(max_examples=300)
@given(sql=statements())
def test_no_text_makes_the_guard_raise_or_leak(ask: Ask, sql: str) -> None:
    answer = ask(sql)

    said = json.dumps([answer.columns, answer.rows, answer.error], ensure_ascii=False, allow_nan=False)
    assert "osx_" not in said.lower()
    assert (answer.error is None) == (answer.columns != ())
    assert len(answer.rows) <= 50
    assert sum(len(str(cell)) for row in answer.rows for cell in row) <= MAX_ANSWER_CHARS


@settings(max_examples=300)
@given(sql=statements())
def test_a_statement_asked_twice_is_answered_twice_the_same(ask: Ask, sql: str) -> None:
    first, second = ask(sql), ask(sql)

    assert first == second or first.clock or second.clock


@given(sql=statements())
async def test_no_text_makes_a_world_raise(incident: Scenario, sql: str) -> None:
    async with World.open(incident, DESK) as world:
        played = await world.step(QueryLogs(sql=sql), turn=1)

    assert played.step.outcome.status in ("done", "sql_error", "sql_clock")
    assert json.loads(played.text)["step"] == 1
    assert type(played.step).model_validate_json(played.step.model_dump_json()) == played.step
