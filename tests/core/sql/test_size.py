"""The size of a statement with all its names written out."""

import sqlite3

import pytest

from opensec_inspect.core.sql.outline import TooDeepError
from opensec_inspect.core.sql.size import CircularError, terms_in_full
from opensec_inspect.core.sql.tokens import tokens
from tests.core.sql.hostile import TABLES, guarded_database, hostile_statements

TIMELINE = """
    WITH timeline AS (
        SELECT 'alert' AS what, alert_id AS id, created_at AS at, message AS told FROM alerts
        UNION ALL SELECT 'flow', flow_id, created_at, host_id FROM netflow)
    SELECT a.at, a.what, b.what, b.told FROM timeline a JOIN timeline b ON a.at < b.at
    AND julianday(b.at) - julianday(a.at) < 0.01 WHERE a.told LIKE '%x%' ORDER BY a.at"""
FLAGGED = """
    WITH flagged AS (
        SELECT host_id, bytes_out, CASE WHEN bytes_out > 9 OR bytes_out < 2 OR host_id LIKE '%a%'
        OR host_id LIKE '%b%' OR host_id LIKE '%c%' THEN 1 ELSE 0 END AS flag FROM netflow),
    counted AS (SELECT f.host_id, sum(f.flag) AS n, max(f.bytes_out) AS most FROM flagged f
        GROUP BY f.host_id),
    named AS (SELECT c.*, h.hostname FROM counted c LEFT JOIN hosts h ON h.host_id = c.host_id WHERE c.n > 1)
    SELECT n.hostname, n.n, n.most, (SELECT count(*) FROM alerts WHERE message LIKE n.hostname)
    FROM named n ORDER BY n.n DESC, n.most LIMIT 20"""


def size(sql: str) -> int:
    """Terms over the four tables."""
    return terms_in_full(tokens(sql), TABLES)


@pytest.mark.parametrize("sql", [TIMELINE, FLAGGED, "SELECT * FROM alerts"])
def test_an_honest_statement_stays_far_below_the_limit(sql: str) -> None:
    assert size(sql) < 1_000


@pytest.mark.parametrize(
    "line",
    [
        "SELECT 1 AS x FROM @ b, @ c",
        "SELECT x FROM @ UNION ALL SELECT x FROM @",
        "SELECT 1 AS x WHERE 1 IN @ AND 1 IN (SELECT x FROM @)",
        "SELECT x || x AS x FROM @",
        "SELECT x || x x FROM (SELECT * FROM @)",
        "SELECT CASE x WHEN 1 THEN x END AS x FROM @",
        "SELECT * FROM (SELECT x || x AS x FROM @ ORDER BY 1)",
        "SELECT max(x, x) AS 'x' FROM '@'",
    ],
)
def test_each_line_that_uses_the_one_before_twice_doubles_the_size(line: str) -> None:
    def chain(lines: int) -> int:
        named = [f"a{n} AS ({line.replace('@', f'a{n - 1}')})" for n in range(1, lines + 1)]
        first = "a0 AS (SELECT severity AS x FROM alerts)"
        return size(f"WITH {', '.join([first, *named])} SELECT x FROM a{lines} WHERE x > 1")

    assert chain(14) > 1.9 * chain(13) > 3.6 * chain(12) > 2_000


def test_what_is_passed_on_unchanged_does_not_grow() -> None:
    named = ", ".join(f"a{n} AS (SELECT b.x AS x, b.y FROM a{n - 1} AS b)" for n in range(1, 40))

    assert size(f"WITH a0 AS (SELECT host_id AS x, 1 AS y FROM hosts), {named} SELECT x FROM a39") < 8_000


def test_a_query_that_names_itself_is_run_and_not_written_out() -> None:
    assert size("WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n FROM c") < 50


def test_a_name_means_the_nearest_query_of_that_name() -> None:
    outer = "WITH a AS (SELECT 1 AS x FROM hosts, hosts h, hosts i) "
    inner = "SELECT * FROM (WITH {} AS (SELECT 1) SELECT * FROM a)"

    assert size(outer + inner.format("a")) < size(outer + inner.format("b"))


@pytest.mark.parametrize(
    "sql",
    [
        "WITH a AS (SELECT * FROM b), b AS (SELECT * FROM a) SELECT * FROM a",
        "WITH a AS (WITH b AS (SELECT * FROM a) SELECT * FROM b) SELECT * FROM a",
    ],
)
def test_a_circle_is_told(sql: str) -> None:
    with pytest.raises(CircularError, match="a"):
        size(sql)


@pytest.mark.parametrize("inside", ["(@)", "(SELECT @)", "(WITH a AS (SELECT 1) SELECT @ FROM a)"])
def test_what_is_nested_past_a_hundred_is_told(inside: str) -> None:
    sql = "1"
    for _ in range(101):
        sql = inside.replace("@", sql)

    with pytest.raises(TooDeepError):
        size(f"SELECT {sql}")


def test_no_statement_within_the_limit_is_compiled_to_more_than_the_bound_allows() -> None:
    """The bound counts terms and SQLite instructions: a term takes about one, a table's scan up to ten."""
    with guarded_database() as connection:
        for name, sql in hostile_statements().items():
            try:
                terms = size(sql)
                plan = sqlite3.Connection.execute(connection, f"EXPLAIN {sql}") if terms < 20_000 else None
            except (TooDeepError, CircularError, sqlite3.Error, sqlite3.Warning, MemoryError):
                continue
            assert plan is None or len(plan.fetchall()) < 10 * terms + 100, name
