"""The file of recorded moves: one SQLite database, written by many samples and processes at once.

It is in write-ahead mode: readers do not wait, a writer waits for another at most `BUSY_S`, and what was
written survives a killed process. Each sample has its own connection; the last one to be closed folds
the write-ahead log back into the file.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from functools import cache
from os import W_OK, access
from pathlib import Path

from pydantic import ValidationError

from opensec_inspect.errors import BadInputError
from opensec_inspect.frozen import Frozen

FORMAT = 1
"""Changes with the tables below, the key, or what is written for a move."""
BUSY_S = 60.0
"""A write takes under a millisecond, so this many seconds are thousands of writers."""
_APPLICATION = 0x6F736563
"""SQLite's application id of the file: `osec`."""
_TABLES = """
create table if not exists facts (name text primary key, value text not null) without rowid;
create table if not exists scenarios (digest text primary key, id text not null) without rowid;
create table if not exists moves (
    scenario text, step integer, stage text, action text, view text,
    decision text not null, model text not null, temperature real, prompt text not null,
    primary key (scenario, step, stage, action, view)
) without rowid;
"""
_WHERE = "scenario = ? and step = ? and stage = ? and action = ? and view = ?"


class Key(Frozen):
    """Under what a move is recorded."""

    scenario: str
    """Digest of the scenario, 64 hex digits."""
    step: int
    """Index of the step, from 0."""
    stage: str
    """Stage before the move, for example `creds_used`."""
    action: str
    """Digest of the defender's action, 64 hex digits."""
    view: str
    """Digest of the attacker's view, 64 hex digits."""

    def __str__(self) -> str:
        return (
            f"scenario {self.scenario[:12]}…, step {self.step + 1}, stage {self.stage}, "
            f"action {self.action[:12]}…, view {self.view[:12]}…"
        )

    @property
    def values(self) -> tuple[str | int, ...]:
        """In the order of the table's columns."""
        return (self.scenario, self.step, self.stage, self.action, self.view)


class Maker(Frozen):
    """Who decides the moves of a recording."""

    model: str
    """For example `openai/gpt-5`, or `scripted`."""
    temperature: float | None = None
    """As configured for the role; None when it was left to the provider."""
    prompt: str = ""
    """Digest of the prompt files; empty where no model is asked."""

    def __str__(self) -> str:
        warm = "provider's temperature" if self.temperature is None else f"temperature {self.temperature}"
        asked = f", {warm}, prompt {self.prompt[:12]}…" if self.prompt else ""
        return f"{self.model}{asked}"


class Archive:
    """A connection to a file of recorded moves. It may be used from any one thread at a time."""

    def __init__(self, path: Path, *, writing: bool) -> None:
        self.path = path
        self._connection = _connected(path, writing=writing)
        try:
            _refuse_foreign(path, self._connection, empty_is_fine=False)
        except BadInputError:
            self.close()
            raise
        # What is committed survives the process without a flush to disk per move.
        self._connection.execute("pragma synchronous = normal")

    def read(self, key: Key) -> str | None:
        """The recorded decision; None when there is none."""
        found = self._connection.execute(f"select decision from moves where {_WHERE}", key.values)
        row = found.fetchone()
        return None if row is None else str(row[0])

    def write(self, key: Key, decision: str, maker: Maker) -> str:
        """Record a decision unless one is there already; the one that is there then."""
        row = (*key.values, decision, maker.model, maker.temperature, maker.prompt)
        try:
            self._connection.execute("insert or ignore into moves values (?,?,?,?,?,?,?,?,?)", row)
        except sqlite3.OperationalError as error:  # a full disk, or a lock that is not given back
            raise BadInputError(
                f"A move could not be recorded to {self.path}: {error}. What was recorded before is kept;"
                " make room and run again."
            ) from None
        kept = self.read(key)
        assert kept is not None
        return kept

    def refuse_other_makers(self, maker: Maker) -> None:
        """BadInputError when the file holds moves that somebody else decided."""
        others = [other for other in self.makers() if other != maker]
        if others:
            raise BadInputError(
                f"{self.path} was recorded with {others[0]}; this run's attacker is {maker}. "
                "Record into another file, or play this one with replay=replay."
            )

    def makers(self) -> tuple[Maker, ...]:
        """Who decided the moves in the file, by name."""
        rows = self._connection.execute(
            "select distinct model, temperature, prompt from moves order by 1, 2, 3"
        )
        return tuple(Maker(model=m, temperature=t, prompt=p) for m, t, p in rows)

    def decisions(self) -> tuple[tuple[str, str], ...]:
        """Every scenario's digest with every decision that is recorded for it, each pair once."""
        return tuple(self._connection.execute("select distinct scenario, decision from moves order by 1, 2"))

    def counts(self, sql: str) -> list[tuple[str, int]]:
        """Rows of a statement that gives names and counts."""
        return [(str(name), int(count)) for name, count in self._connection.execute(sql)]

    def facts(self) -> dict[str, str]:
        """`format` and `task_version`."""
        rows = self._connection.execute("select name, value from facts")
        return {str(name): str(value) for name, value in rows}

    def scenarios(self) -> dict[str, str]:
        """Ids of the scenarios the file was recorded over, by digest."""
        rows = self._connection.execute("select digest, id from scenarios")
        return {str(digest): str(id_) for digest, id_ in rows}

    def close(self) -> None:
        """Let go of the file. May be called twice."""
        self._connection.close()


def prepare_archive(path: Path, scenarios: Iterable[tuple[str, str]], task_version: str) -> None:
    """Make a file ready to record over scenarios, given as (digest, id); what it holds stays.

    Raises BadInputError when the path cannot be written, is no such file, or is of another version.
    """
    if not path.parent.is_dir():
        raise BadInputError(f"replay_path: the folder {path.parent} does not exist; make it or name another.")
    try:
        connection = _connected(path, writing=True)
        try:
            _refuse_foreign(path, connection, empty_is_fine=True)
            mark = f"pragma application_id = {_APPLICATION};"
            connection.executescript(f"pragma journal_mode=wal; begin immediate; {mark} {_TABLES} commit;")
            _refuse_other_tables(path, connection)
            facts = [("format", str(FORMAT)), ("task_version", task_version)]
            connection.executemany("insert or ignore into facts values (?, ?)", facts)
            _refuse_other_version(path, dict(connection.execute("select * from facts")), task_version)
            with_ids = list(scenarios)
            connection.execute("begin immediate")
            connection.executemany("insert or ignore into scenarios values (?, ?)", with_ids)
            connection.execute("commit")
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise BadInputError(f"replay_path={str(path)!r} cannot be written: {error}.") from None


def check_archive(
    path: Path, scenarios: Iterable[tuple[str, str]], task_version: str, *, all_of_them: bool
) -> None:
    """BadInputError when a file cannot be played back over scenarios, given as (digest, id).

    With `all_of_them` each scenario must be among those recorded over; otherwise one is enough.
    """
    with reading_archive(path) as archive:
        _refuse_other_version(path, archive.facts(), task_version)
        known = archive.scenarios()
    wanted = list(scenarios)
    missing = [(digest, id_) for digest, id_ in wanted if digest not in known]
    if missing and (all_of_them or len(missing) == len(wanted)):
        digest, id_ = missing[0]
        changed = " as it is now" if id_ in known.values() else ""
        raise BadInputError(
            f"{path} was recorded over another scenario set: {len(missing)} of {len(wanted)} scenarios of "
            f"this run are not in it, the first is {id_}{changed} (digest {digest[:12]}…). Choose the "
            "scenarios it was recorded over (`opensec replay inspect` lists them), or record again."
        )


def open_archive(path: Path) -> Archive:
    """A file of recorded moves, to read; BadInputError when it is none."""
    if not path.is_file():
        raise BadInputError(f"{path} does not exist or is no file; record one with replay=record.")
    try:
        archive = Archive(path, writing=False)
    except sqlite3.Error as error:
        raise BadInputError(f"{path} cannot be read: {error}.") from None
    return archive


@contextmanager
def reading_archive(path: Path) -> Iterator[Archive]:
    """A file of recorded moves, open within the block; BadInputError when it is none or is damaged."""
    archive = open_archive(path)
    try:
        yield archive
    except ValidationError:
        raise BadInputError(f"{path} names nobody as who decided its moves; record again.") from None
    except sqlite3.Error as error:
        raise BadInputError(f"{path} cannot be read: {error}.") from None
    finally:
        archive.close()


def _refuse_foreign(path: Path, connection: sqlite3.Connection, *, empty_is_fine: bool) -> None:
    foreign = BadInputError(f"{path} is no file of recorded moves; give one made with replay=record.")
    try:
        (application,) = connection.execute("pragma application_id").fetchone()
        (tables,) = connection.execute("select count(*) from sqlite_master").fetchone()
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
        raise foreign from None
    if empty_is_fine and tables == 0:
        return
    if application != _APPLICATION:
        raise foreign
    _refuse_other_tables(path, connection)


def _refuse_other_tables(path: Path, connection: sqlite3.Connection) -> None:
    """What is read or written must be a table, and this one: a view or a trigger would do as it likes."""
    if _schema(connection) != _own_schema():
        raise BadInputError(
            f"{path} holds other tables than a file of recorded moves does; record again with replay=record."
        )


def _schema(connection: sqlite3.Connection) -> frozenset[tuple[str, str, str]]:
    return frozenset(connection.execute("select type, name, sql from sqlite_master"))


@cache
def _own_schema() -> frozenset[tuple[str, str, str]]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(_TABLES)
        return _schema(connection)


def _refuse_other_version(path: Path, facts: dict[str, str], task_version: str) -> None:
    for name, ours in (("format", str(FORMAT)), ("task_version", task_version)):
        if facts.get(name) != ours:
            raise BadInputError(
                f"{path} was recorded with {name} {facts.get(name)!r}, this is {ours!r}; record again."
            )


def _connected(path: Path, *, writing: bool) -> sqlite3.Connection:
    # A file in write-ahead mode cannot be opened where its log cannot be made, unless it is said to be fixed.
    fixed = "" if writing or access(path.parent, W_OK) else "&immutable=1"
    mode = "rwc" if writing else "ro"
    uri = f"{path.absolute().as_uri()}?mode={mode}{fixed}"
    return sqlite3.connect(uri, uri=True, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
