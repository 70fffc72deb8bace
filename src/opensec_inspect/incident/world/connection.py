"""Where a world's database lives: on a thread that worlds share, or in the caller's."""

import sqlite3
from collections.abc import Callable
from typing import Protocol, TypeVar

from opensec_inspect.core.sql.workers import PooledDatabase
from opensec_inspect.incident.world.asking import Database

T = TypeVar("T")


class Connection(Protocol):
    """A database that runs jobs, one after the other."""

    async def run(self, job: Callable[[Database], T]) -> T:
        """The job's result."""
        ...

    async def close(self) -> None:
        """End it; a statement still running is stopped."""
        ...


class Pooled:
    """On one of the threads that all worlds share: a statement holds nobody up."""

    def __init__(self) -> None:
        self._database = PooledDatabase(_empty)

    async def run(self, job: Callable[[Database], T]) -> T:
        """The job's result, awaited."""
        return await self._database.run(job)

    async def close(self) -> None:
        """Close the database, also in a sample that is being cancelled: nothing is awaited."""
        self._database.close()


class Direct:
    """In the caller's thread: nothing is ever awaited."""

    def __init__(self) -> None:
        self.connection = _empty()

    async def run(self, job: Callable[[Database], T]) -> T:
        """The job's result, at once."""
        return job(self.connection)

    async def close(self) -> None:
        """Close the database."""
        self.connection.close()


def _empty() -> Database:
    return sqlite3.connect(
        ":memory:", uri=True, isolation_level=None, check_same_thread=False, factory=Database
    )
