"""Statements made to freeze, to swell or to run on, and a small database to ask them of."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from opensec_inspect.core.sql.guard import PREFIX, GuardedConnection, Tables, prepare

TABLES: Tables = {
    "alerts": ("alert_id", "created_at", "rule", "severity", "message"),
    "netflow": ("flow_id", "created_at", "host_id", "bytes_out"),
    "hosts": ("host_id", "hostname"),
    "users": ("user_id", "account"),
}
ROWS = {"alerts": 120, "netflow": 300, "hosts": 12, "users": 12}


STATEMENTS = Path(__file__).with_name("hostile_statements.json")


def hostile_statements(file: Path = STATEMENTS) -> dict[str, str]:
    """Statements by name; stored in parts, each with the number of its repetitions."""
    stored = json.loads(file.read_text(encoding="utf-8"))
    return {entry["name"]: "".join(text * times for times, text in entry["parts"]) for entry in stored}


@contextmanager
def guarded_database() -> Iterator[GuardedConnection]:
    """Four tables behind views, as a world has them."""
    connection = sqlite3.connect(":memory:", isolation_level=None, factory=GuardedConnection)
    connection.now = "2026-03-04T05:06:07Z"
    prepare(connection, TABLES)
    for table, columns in TABLES.items():
        connection.execute(f"create table {PREFIX}{table} ({', '.join(columns)})")
        marks = ", ".join("?" * len(columns))
        rows = [tuple(_cell(column, n) for column in columns) for n in range(ROWS[table])]
        connection.executemany(f"insert into {PREFIX}{table} values ({marks})", rows)
        connection.execute(f"create temp view {table} as select * from main.{PREFIX}{table}")
    yield connection
    connection.close()


def _cell(column: str, number: int) -> str | int:
    if column == "bytes_out":
        return number * 7919 % 100_000
    if column == "created_at":
        return f"2026-03-04T{number % 24:02}:{number % 60:02}:00Z"
    long = " was seen on a workstation where it had not been seen before" * 4 if column == "message" else ""
    return f"{column}-{number}{long}"
