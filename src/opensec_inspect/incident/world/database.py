"""The evidence database of an episode: eight views over today's rows and, at `soc`, a history file.

Today's rows live in memory under an integer primary key that is their time, so a statement
without ORDER BY meets all rows in time order whatever its plan, and nothing tells the incident
from the day's routine. History is read-only, shared and built once per scenario.
"""

import hashlib
import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from opensec_inspect.core.clock import epoch_s, stamp
from opensec_inspect.core.sql.guard import PREFIX
from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.scenario.episode import Setting
from opensec_inspect.incident.scenario.rows import (
    COLUMNS,
    EVIDENCE_TABLES,
    ID_PREFIX,
    TRUST_OF,
    Cell,
    LeftBy,
    Row,
    Source,
    TrustTier,
    filled,
    own_cells,
)
from opensec_inspect.incident.scenario.scenario import STEP_S, InjectionTier, Scenario

HISTORY = "osx_history"
"""Schema name under which the history file is attached."""
_INVENTORY: tuple[str, ...] = ("hosts", "users", "data_assets")


class Placed(Frozen):
    """A row as it stands in the database."""

    table: str
    time_key: int
    """Primary key: the row's second, then bits of its id."""
    visible: int
    """Number of steps after which it can be seen; 0 from the opening."""
    id: str
    cells: tuple[Cell, ...]
    """All columns in order, the chosen arm's text in the slots."""
    blank: tuple[Cell, ...]
    """The same with the slots empty: what the row itself says."""
    template: tuple[Cell, ...]
    """The same with the slots still open."""
    trust_tier: TrustTier
    left_by: LeftBy
    key: str


def visible_from(second: int) -> int:
    """Number of steps after which a row of that second can be seen."""
    return 0 if second <= 0 else second // STEP_S + 1


class Placement:
    """Gives a scenario's rows their ids, times and visible text under a setting."""

    def __init__(self, scenario: Scenario, setting: Setting) -> None:
        self._scenario, self._setting = scenario, setting
        self._text = slot_texts(scenario, setting.injection_tier)
        self._opened_s = epoch_s(scenario.opened_at)

    def fill(self, cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
        """The cells with the arm's text in their slots."""
        return filled(cells, lambda slot: self._text.get(slot, ""))

    def place(self, row: Row, visible: int | None = None) -> Placed:
        """A row in the database; `visible` is given for a move's row: the step's index plus one."""
        second = row.second if visible is None else row.second + (visible - 1) * STEP_S
        seed = f"{self._scenario.noise_seed}|{row.key}|{'' if visible is None else visible}"
        digest = hashlib.sha256(seed.encode()).digest()
        id_ = f"{ID_PREFIX[row.table]}-{digest[:5].hex()}"
        own = own_cells(row)
        head = (id_, stamp(self._scenario.opened_at, second))
        tail = _shown(row.source, self._setting, digest)
        return Placed(
            table=row.table,
            time_key=(self._opened_s + second) * 2**20 + int.from_bytes(digest[5:8], "big") % 2**20,
            visible=visible_from(second) if visible is None else visible,
            id=id_,
            cells=self.fill((*head, *own, *tail)),
            template=(*head, *own, *tail),
            blank=(*head, *filled(own, lambda _: ""), *tail),
            trust_tier=row.trust_tier,
            left_by=row.left_by,
            key=row.key,
        )


def slot_texts(scenario: Scenario, tier: InjectionTier) -> dict[str, str]:
    """Text per slot id at a tier."""
    return {
        f"{injection.id}.{number}": part
        for injection in scenario.injections
        for number, part in enumerate(injection.arm(tier).parts)
    }


def inventory(scenario: Scenario) -> dict[str, tuple[tuple[Cell, ...], ...]]:
    """Rows of the three inventory tables, in the columns' order, sorted by id."""
    network = scenario.network
    return {
        "hosts": tuple(sorted((h.id, h.hostname, h.ip, h.role, h.owner) for h in network.hosts)),
        "users": tuple(
            sorted((u.id, u.name, u.email, u.account, u.department, u.title) for u in network.users)
        ),
        "data_assets": tuple(sorted((a.id, a.path, a.host, a.classification) for a in network.data_assets)),
    }


def create_tables(connection: sqlite3.Connection, schema: str = "main") -> None:
    """The base tables, empty."""
    for table in EVIDENCE_TABLES:
        columns = ", ".join(COLUMNS[table])
        connection.execute(
            f"create table {schema}.{PREFIX}{table} (time_key integer primary key,"
            f" visible integer, trust text, {columns})"
        )
    for listed in _INVENTORY:
        connection.execute(f"create table {schema}.{PREFIX}{listed} ({', '.join(COLUMNS[listed])})")
    connection.execute(f"create table {schema}.{PREFIX}now (n integer)")
    connection.execute(f"insert into {schema}.{PREFIX}now values (0)")


def insert(connection: sqlite3.Connection, rows: Iterable[Placed]) -> None:
    """Put rows into today's tables; a time key that is taken moves up by one."""
    for row in rows:
        marks = ",".join("?" * (len(row.cells) + 3))
        statement = f"insert or ignore into main.{PREFIX}{row.table} values ({marks})"
        key = row.time_key
        while not connection.execute(statement, (key, row.visible, row.trust_tier, *row.cells)).rowcount:
            key += 1


def today_image(scenario: Scenario, rows: Iterable[Placed]) -> bytes:
    """Today's database as bytes, to be deserialised into each episode."""
    connection = sqlite3.connect(":memory:")
    create_tables(connection)
    insert(connection, rows)
    for table, cells in inventory(scenario).items():
        marks = ",".join("?" * len(COLUMNS[table]))
        connection.executemany(f"insert into {PREFIX}{table} values ({marks})", cells)
    connection.commit()
    image = connection.serialize()
    connection.close()
    return image


def write_history(path: Path, rows: Iterable[Placed]) -> None:
    """The history file: the five evidence tables, older than today's first row."""
    unfinished = path.with_suffix(f".{os.getpid()}")
    connection = sqlite3.connect(unfinished)
    create_tables(connection)
    insert(connection, rows)
    connection.commit()
    connection.close()
    unfinished.replace(path)


def open_history(path: Path) -> sqlite3.Connection:
    """A read-only connection of its own to a history file."""
    return sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)


def read_history(path: Path, texts: tuple[str, ...]) -> list[Placed]:
    """Rows of which some cell contains one of the texts, case folded."""
    found = []
    for table in EVIDENCE_TABLES:
        joined = " || ' ' || ".join(f"ifnull({column}, '')" for column in COLUMNS[table])
        where = " or ".join(f"instr(lower({joined}), ?)" for _ in texts)
        found += _history_rows(path, table, where, [text.lower() for text in texts])
    return found


def history_row(path: Path, table: str, id_: str) -> Placed | None:
    """The row of that id in a table of the history; None when there is none."""
    return next(iter(_history_rows(path, table, f"{COLUMNS[table][0]} = ?", [id_])), None)


def _history_rows(path: Path, table: str, where: str, values: list[str]) -> list[Placed]:
    statement = f"select time_key, trust, {', '.join(COLUMNS[table])} from {PREFIX}{table} where {where}"
    with closing(open_history(path)) as connection:
        return [_from_history(table, *row) for row in connection.execute(statement, values)]


def _from_history(table: str, time_key: int, trust: TrustTier, *cells: Cell) -> Placed:
    return Placed(
        table=table,
        time_key=time_key,
        visible=0,
        id=str(cells[0]),
        cells=cells,
        blank=cells,
        template=cells,
        trust_tier=trust,
        left_by="background",
        key="",
    )


def create_views(connection: sqlite3.Connection, *, history: bool) -> None:
    """The eight names a defender may read; they hide what has not happened yet."""
    for table in EVIDENCE_TABLES:
        columns = COLUMNS[table]
        body = (
            f"select {', '.join(columns)} from main.{PREFIX}{table}"
            f" where visible <= (select n from main.{PREFIX}now)"
        )
        if history:
            # Reruns lay renamed rows over the history here; outside a rerun the mask is empty.
            connection.execute(
                f"create temp table {PREFIX}mask_{table} (time_key integer primary key, {', '.join(columns)})"
            )
            masked = ", ".join(f"iif(m.time_key is null, h.{c}, m.{c}) as {c}" for c in columns)
            body = (
                f"select {masked} from {HISTORY}.{PREFIX}{table} h"
                f" left join temp.{PREFIX}mask_{table} m on m.time_key = h.time_key union all {body}"
            )
        connection.execute(f"create temp view {table} as {body}")
    for listed in _INVENTORY:
        connection.execute(f"create temp view {listed} as select * from main.{PREFIX}{listed}")


def _shown(source: Source, setting: Setting, digest: bytes) -> tuple[Cell, Cell]:
    """Trust tier and source as the defender sees them under the provenance arm."""
    if setting.provenance == "shown":
        return TRUST_OF[source], source
    if setting.provenance == "hidden":
        return None, None
    sources = list(TRUST_OF)
    if setting.provenance == "shuffled":
        other = sources[digest[8] % len(sources)]
        return TRUST_OF[other], other
    flipped: dict[TrustTier, tuple[TrustTier, Source]] = {
        "untrusted": ("verified", "endpoint-telemetry"),
        "corroborated": ("untrusted", "user-report"),
        "verified": ("untrusted", "inbound-mail"),
    }
    return flipped[TRUST_OF[source]]
