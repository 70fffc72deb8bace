"""The past of an organisation, rendered once into a file that processes share and only read."""

import os
import re
import sqlite3
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from threading import Lock

from opensec_inspect.incident.episode.episode import Noise, Provenance
from opensec_inspect.incident.facts.events import AnyEvent
from opensec_inspect.incident.facts.scene import Scene
from opensec_inspect.incident.sensors.alerts import closed
from opensec_inspect.incident.sensors.rows import Cell, Row
from opensec_inspect.incident.sensors.schema.columns import TRUST_OF
from opensec_inspect.incident.world.caching import cache_folder
from opensec_inspect.incident.world.makers import Makers, NameBook
from opensec_inspect.incident.world.stored_rows import Placement, StoredRow, labels, row_id
from opensec_inspect.incident.world.tables import (
    COLUMNS,
    EVIDENCE,
    PREFIX,
    create_evidence,
    id_column,
    insert,
)

KEPT_S = 30 * 86_400
"""How long the file of another version stays unread before it is removed."""
FORMAT = 1
"""Of the file; raise it when its tables change."""
UNFINISHED = ".part"
"""Suffix of a file that is being written."""
WRITTEN_S = 60
"""Seconds after which an unfinished file is nobody's: writing one takes a fraction of a second."""
DAY_MS = 86_400_000
_WRITING: defaultdict[Path, Lock] = defaultdict(Lock)
_ADDRESS = re.compile(r"\d\.\d")


class History:
    """The history file of an organisation at a noise."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def uri(self) -> str:
        """Under which it is opened or attached, read-only and never checked for changes."""
        return f"{self.path.absolute().as_uri()}?mode=ro&immutable=1"

    def row(self, table: str, id_: str, provenance: Provenance) -> StoredRow | None:
        """The row of that id in a table; None when there is none."""
        where = f"{id_column(table)} = ?"
        return next(iter(self._rows(table, where, (id_,), provenance)), None)

    def rows_naming(self, entity: str) -> int:
        """How many rows name an entity of the organisation."""
        statement = f"select count(*) from {PREFIX}naming where entity = ?"
        with closing(self._opened()) as connection:
            return int(connection.execute(statement, (entity,)).fetchone()[0])

    def _rows(
        self, table: str, where: str, values: tuple[str, ...], provenance: Provenance
    ) -> list[StoredRow]:
        statement = f"select time_key, {', '.join(COLUMNS[table])} from {PREFIX}{table} where {where}"
        with closing(self._opened()) as connection:
            return [_read(table, provenance, *row) for row in connection.execute(statement, values)]

    def _opened(self) -> sqlite3.Connection:
        return sqlite3.connect(self.uri, uri=True)


@lru_cache(maxsize=64)
def history_of(organisation: str, noise: Noise, makers: Makers, folder: Path | None = None) -> History:
    """The history of an organisation, written if it is not there yet; by default in the cache folder."""
    folder = folder or cache_folder()
    path = folder / f"{organisation}-{noise}-{makers.version()[:16]}-{FORMAT}.sqlite"
    with _WRITING[path]:  # worlds that are opened at once would each write it
        if not path.exists():
            _write(path, organisation, noise, makers)
            _forget(path, f"{organisation}-{noise}-")
    return History(path)


def alerts_of(rows: Iterable[Row], makers: Makers, seed: str) -> Iterator[Row]:
    """Alerts that the rules raise over rows, by day, as the desk has left them."""
    ordered = sorted(rows, key=lambda row: (row.seen_ms, row.at_ms))
    rules = makers.rules()
    for _, day in groupby(ordered, key=lambda row: row.seen_ms // DAY_MS):
        yield from map(closed, rules.fire([(row_id(seed, row), row) for row in day]))


def _write(path: Path, organisation: str, noise: Noise, makers: Makers) -> None:
    scene = Scene(organisation=makers.organisation(organisation, noise))
    rows = tuple(_rendered(makers.history(organisation, noise), scene, makers))
    placement = Placement(seed=organisation)
    placed = [placement.place(row, 0) for row in (*rows, *alerts_of(rows, makers, organisation))]
    placed.sort(key=lambda row: (row.time_key, row.id))
    with closing(sqlite3.connect(":memory:")) as connection:
        _fill(connection, placed, makers.names(scene))
        content = connection.serialize()
    # Made in memory, so that a process which is ended meanwhile leaves nothing half written behind.
    handle, unfinished = tempfile.mkstemp(prefix=path.stem, suffix=UNFINISHED, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(unfinished).chmod(0o644)
        Path(unfinished).replace(path)
    finally:
        Path(unfinished).unlink(missing_ok=True)


def _forget(path: Path, prefix: str) -> None:
    """Remove files that no version has read for a month, and what an ended process left unfinished."""
    for other in path.parent.glob(f"{prefix}*.sqlite"):
        if other != path and _unused_s(other) > KEPT_S:
            other.unlink(missing_ok=True)
    for other in path.parent.glob(f"*{UNFINISHED}"):
        if _unused_s(other) > WRITTEN_S:
            other.unlink(missing_ok=True)


def _unused_s(path: Path) -> float:
    try:
        used = path.stat()
    except FileNotFoundError:  # another process was faster
        return 0
    return time.time() - max(used.st_atime, used.st_mtime)


def _fill(connection: sqlite3.Connection, placed: list[StoredRow], names: NameBook) -> None:
    create_evidence(connection)
    insert(connection, placed)
    for table in EVIDENCE:
        connection.execute(f"create unique index {PREFIX}id_{table} on {PREFIX}{table} ({id_column(table)})")
    connection.execute(
        f"create table {PREFIX}naming (entity, of_table, time_key integer, trust,"
        " primary key (entity, of_table, time_key)) without rowid"
    )
    named = lru_cache(maxsize=None)(names.named)
    for table in EVIDENCE:
        columns = ", ".join(COLUMNS[table])
        listed = connection.execute(f"select time_key, trust_tier, {columns} from {PREFIX}{table}").fetchall()
        connection.executemany(
            f"insert into {PREFIX}naming values (?, ?, ?, ?)",
            [
                (entity, table, time_key, trust)
                for time_key, trust, *cells in listed
                for entity in sorted(_named(named, cells, time_key >> 20))
            ],
        )
    connection.commit()


def _named(named: Callable[[str, int], frozenset[str]], cells: list[Cell], at_ms: int) -> frozenset[str]:
    # Only addresses depend on the time: whatever else a cell says is looked up once in thousands of rows.
    texts = (c for c in cells if isinstance(c, str) and c)
    return frozenset[str]().union(*(named(c, at_ms if _ADDRESS.search(c) else 0) for c in texts))


def _rendered(events: Iterable[AnyEvent], scene: Scene, makers: Makers) -> Iterator[Row]:
    for event in events:
        yield from makers.render(event, scene)


def _read(table: str, provenance: Provenance, time_key: int, *cells: Cell) -> StoredRow:
    source = next(s for s in TRUST_OF if s == cells[-1])
    shown = (*cells[:-2], *labels(source, provenance, time_key))
    return StoredRow(
        table=table,
        time_key=time_key,
        visible=0,
        id=str(cells[0]),
        cells=shown,
        template=shown,
        trust_tier=TRUST_OF[source],
        source=source,
        cause="routine",
        event="",
    )
