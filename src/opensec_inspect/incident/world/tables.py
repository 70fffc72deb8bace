"""The tables beneath the defender's views: how rows are put into them, and the views over them.

Today's rows lie in memory under an integer primary key that is their time, so a statement without
ORDER BY meets all rows in time order whatever its plan, and nothing tells the case from the day's
routine. History lies in a read-only file that all worlds of an organisation share.
"""

import sqlite3
from collections.abc import Iterable, Mapping

from opensec_inspect.incident.episode.episode import Provenance
from opensec_inspect.incident.sensors.rows import Cell
from opensec_inspect.incident.sensors.schema.columns import TRUST_OF
from opensec_inspect.incident.sensors.schema.tables import CONTEXT, TABLE, TABLES
from opensec_inspect.incident.world.stored_rows import FLIPPED, SOURCES, StoredRow

PREFIX = "osx_"
"""Reserved for base tables; an identifier cannot be composed in SQL, so looking for it is complete."""
HISTORY = "osx_history"
"""Schema name under which the history file is attached."""
COLUMNS: dict[str, tuple[str, ...]] = {**{t.name: t.all_columns for t in TABLES}, **CONTEXT}
"""Every table a defender can read and its columns, in order."""
EVIDENCE: tuple[str, ...] = tuple(t.name for t in TABLES)


def create_evidence(connection: sqlite3.Connection) -> None:
    """The base tables of evidence, empty."""
    for table in EVIDENCE:
        columns = ", ".join(COLUMNS[table])
        connection.execute(
            f"create table {PREFIX}{table} (time_key integer primary key, visible integer, {columns})"
        )


def create_today(connection: sqlite3.Connection, context: dict[str, tuple[tuple[Cell, ...], ...]]) -> None:
    """The base tables of a world: evidence, context, leases by time, and the clock."""
    create_evidence(connection)
    for table, columns in CONTEXT.items():
        connection.execute(f"create table {PREFIX}{table} ({', '.join(columns)})")
    connection.execute(f"create table {PREFIX}leases (host_id, ip, from_ms integer, until_ms integer)")
    connection.execute(f"create index {PREFIX}lease on {PREFIX}leases (host_id, from_ms)")
    connection.execute(f"create table {PREFIX}now (steps integer, ms integer)")
    connection.execute(f"insert into {PREFIX}now values (0, 0)")
    for table, rows in context.items():
        if rows:
            marks = ",".join("?" * len(rows[0]))
            connection.executemany(f"insert into {PREFIX}{table} values ({marks})", rows)


def insert(connection: sqlite3.Connection, rows: Iterable[StoredRow]) -> None:
    """Put rows into the base tables; a time key that is taken moves up by one."""
    for row in rows:
        marks = ",".join("?" * (len(row.cells) + 2))
        statement = f"insert or ignore into main.{PREFIX}{row.table} values ({marks})"
        key = row.time_key
        while not connection.execute(statement, (key, row.visible, *row.cells)).rowcount:
            key += 1


def create_views(connection: sqlite3.Connection, provenance: Provenance, *, history: bool) -> None:
    """The names a defender may read; they hide what has not happened yet."""
    for table in EVIDENCE:
        create_view(connection, table, provenance, history=history)
    for table, columns in CONTEXT.items():
        shown = ", ".join(_lease_now() if (table, c) == ("hosts", "ip") else c for c in columns)
        connection.execute(f"create temp view {table} as select {shown} from main.{PREFIX}{table}")


def create_view(
    connection: sqlite3.Connection, table: str, provenance: Provenance, *, history: bool, where: str = ""
) -> None:
    """One evidence view; `where` leaves rows of the history out."""
    body = (
        f"select {', '.join(COLUMNS[table])} from main.{PREFIX}{table}"
        f" where visible <= (select steps from main.{PREFIX}now)"
    )
    if history:
        past = ", ".join(_labelled(c, provenance) for c in COLUMNS[table])
        body = f"select {past} from {HISTORY}.{PREFIX}{table} {where} union all {body}"
    connection.execute(f"create temp view {table} as {body}")


def change_view(connection: sqlite3.Connection, view: str, changed: str) -> None:
    """Make a view anew over itself; `changed` is a SELECT in which `{body}` stands for what it was."""
    listed = connection.execute("select sql from temp.sqlite_schema where name = ?", (view,))
    body = str(listed.fetchone()[0]).split(" as ", 1)[1]
    connection.execute(f"drop view temp.{view}")
    connection.execute(f"create temp view {view} as " + changed.replace("{body}", body))


def id_column(table: str) -> str:
    """Name of an evidence table's id column."""
    return TABLE[table].id_column


def _lease_now() -> str:
    now = f"(select ms from main.{PREFIX}now)"
    return (
        f"(select l.ip from main.{PREFIX}leases l where l.host_id = {PREFIX}hosts.host_id"
        f" and l.from_ms <= {now} and l.until_ms > {now}) as ip"
    )


def _labelled(column: str, provenance: Provenance) -> str:
    """A column of the history as the provenance arm shows it; the file holds true labels."""
    if provenance == "shown" or column not in ("trust_tier", "source"):
        return column
    which = ("trust_tier", "source").index(column)
    if provenance == "hidden":
        return f"null as {column}"
    if provenance == "shuffled":
        shuffled = {str(n): (TRUST_OF[s], s)[which] for n, s in enumerate(SOURCES)}
        return _case(f"time_key % {len(SOURCES)}", shuffled, column)
    return _case("trust_tier", {f"'{tier}'": shown[which] for tier, shown in FLIPPED.items()}, column)


def _case(of: str, cases: Mapping[str, str], column: str) -> str:
    arms = " ".join(f"when {value} then '{shown}'" for value, shown in cases.items())
    return f"case {of} {arms} end as {column}"
