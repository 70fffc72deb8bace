"""A few threads that run the statements of all open worlds: past some hundred, a thread each is slow."""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Lock
from typing import Generic, TypeVar

MOST_WORKERS = 8
"""A statement runs for two seconds at most, and keeps one of these busy."""
_THREADS = ThreadPoolExecutor(MOST_WORKERS, thread_name_prefix="opensec-sql")
"""Begun when there is work and none is free; they end with the process, after the statement they run."""

T = TypeVar("T")
D = TypeVar("D", bound=sqlite3.Connection)


class ClosedError(RuntimeError):
    """A job for a database that was closed before the job began."""


class PooledDatabase(Generic[D]):
    """A world's database: its jobs run one after another, on whichever thread is free."""

    def __init__(self, open_database: Callable[[], D]) -> None:
        """`open_database` is called with the first job; it must allow calls from several threads."""
        self._open_database = open_database
        self._database: D | None = None
        self._running = Lock()
        self._closed = False

    async def run(self, job: Callable[[D], T]) -> T:
        """The job's result. Raises ClosedError when the database is closed."""
        return await asyncio.wrap_future(_THREADS.submit(self._run, job))

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
                if self._closed:
                    raise ClosedError("The database of this episode is closed.")
                if self._database is None:
                    self._database = self._open_database()
                return job(self._database)
            finally:
                if self._closed:
                    self._close()

    def _close(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None
