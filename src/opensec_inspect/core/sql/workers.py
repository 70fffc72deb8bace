"""A few threads that run the statements of all open worlds.

One thread per world is slow past some hundred, and a thread that nobody ends keeps the process from ending.
"""

import asyncio
import atexit
import sqlite3
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from threading import Lock, Thread
from typing import Any, Generic, TypeVar, cast
from weakref import WeakKeyDictionary

import aiosqlite

MOST_WORKERS = 8
"""A statement runs for two seconds at most, and keeps one of these busy."""

T = TypeVar("T")
D = TypeVar("D", bound=sqlite3.Connection)


class ClosedError(RuntimeError):
    """A job for a database that was closed before the job began."""


class PooledDatabase(Generic[D]):
    """A world's database: its jobs run one after another, on whichever thread has least to do."""

    def __init__(self, open_database: Callable[[], D]) -> None:
        """`open_database` is called with the first job; it must allow calls from several threads."""
        self._open_database = open_database
        self._database: D | None = None
        self._running = Lock()
        self._closed = False

    async def run(self, job: Callable[[D], T]) -> T:
        """The job's result. Raises ClosedError when the database is closed."""
        return await _workers().run(lambda: self._run(job))

    def close(self) -> None:
        """Close the database at once, or as soon as the running job lets go; never waits.

        A running statement is stopped. So this can be called where nothing may be awaited: when a sample
        is cancelled, also while its world is being opened.
        """
        self._closed = True
        if self._running.acquire(blocking=False):
            try:
                self._close()
            finally:
                self._running.release()
        elif (database := self._database) is not None:
            with suppress(sqlite3.ProgrammingError):  # the job has just ended and closed it
                database.interrupt()

    def _run(self, job: Callable[[D], T]) -> T:
        with self._running:
            try:
                if self._database is None and not self._closed:
                    self._database = self._open_database()
                # After opening: `close` may have come meanwhile, and found nothing to interrupt.
                if self._closed or self._database is None:
                    raise ClosedError("The database of this episode is closed.")
                return job(self._database)
            finally:
                if self._closed:
                    self._close()

    def _close(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None


class _Workers:
    def __init__(self) -> None:
        self._open: list[_Worker] = []

    async def run(self, job: Callable[[], T]) -> T:
        """The job's result, from the thread that has least to do."""
        worker = self._least_busy()
        worker.jobs += 1
        try:
            return cast(T, await worker.connection.execute_fetchall("", job))
        finally:
            worker.jobs -= 1

    def _least_busy(self) -> "_Worker":
        least = min(self._open, key=lambda worker: worker.jobs, default=None)
        if least is None or (least.jobs and len(self._open) < MOST_WORKERS):
            least = _Worker()
            self._open.append(least)
        return least

    def stop(self) -> None:
        """End all threads."""
        for worker in self._open:
            worker.connection.stop()


_POOLS: "WeakKeyDictionary[asyncio.AbstractEventLoop, _Workers]" = WeakKeyDictionary()


def _workers() -> _Workers:
    """The threads of the running event loop.

    A thread of aiosqlite dies when the loop that waits for its answer is closed, so no two loops share one.
    """
    loop = asyncio.get_running_loop()
    if loop not in _POOLS:
        for closed in [other for other in _POOLS if other.is_closed()]:
            # From a thread without a loop: nobody waits for these threads to have ended.
            Thread(target=_POOLS.pop(closed).stop, daemon=True).start()
        if not _POOLS:
            atexit.register(_stop_all)
        _POOLS[loop] = _Workers()
    return _POOLS[loop]


def _stop_all() -> None:
    for workers in _POOLS.values():
        workers.stop()


class _Worker:
    """The thread of an aiosqlite connection, of which nothing but the thread is used."""

    def __init__(self) -> None:
        self.jobs = 0
        self.connection = _connected()


def _connected() -> aiosqlite.Connection:
    # A thread is a daemon when the thread that makes it is: so it keeps no process from ending.
    async def connect() -> aiosqlite.Connection:
        return await aiosqlite.connect(":memory:", factory=_Jobs)

    made: Future[aiosqlite.Connection] = Future()
    Thread(target=lambda: made.set_result(asyncio.run(connect())), daemon=True).start()
    return made.result()


class _Jobs(sqlite3.Connection):
    """aiosqlite offers `execute` but no way to run a function: given one as parameters, this calls it."""

    def execute(self, sql: str, parameters: Any = (), /) -> Any:
        """Run a statement, or a job given as callable `parameters`."""
        return _Result(parameters()) if callable(parameters) else super().execute(sql, parameters)


class _Result:
    def __init__(self, value: object) -> None:
        self._value = value

    def fetchall(self) -> object:
        """The job's result, where aiosqlite expects rows."""
        return self._value

    def close(self) -> None:
        """Nothing to close."""
