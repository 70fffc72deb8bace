"""Where a world's database lives: on a thread of its own, or in the caller's."""

import sqlite3
from collections.abc import Callable
from typing import Protocol, TypeVar, cast

import aiosqlite

from opensec_inspect.incident.store.asking import Database

T = TypeVar("T")


class Connection(Protocol):
    """A database that runs jobs, one after the other."""

    async def run(self, job: Callable[[Database], T]) -> T:
        """The job's result."""
        ...

    async def close(self) -> None:
        """End it; a statement still running is stopped."""
        ...


class Threaded:
    """On a thread of its own: a statement holds nobody up."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    @classmethod
    async def opened(cls) -> "Threaded":
        """An empty database."""
        return cls(
            await aiosqlite.connect(
                ":memory:", uri=True, isolation_level=None, factory=Database, check_same_thread=False
            )
        )

    async def run(self, job: Callable[[Database], T]) -> T:
        """The job's result, awaited."""
        result: object = await self._connection.execute_fetchall("", job)
        return cast(T, result)

    async def close(self) -> None:
        """End the thread."""
        await self._connection.interrupt()
        await self._connection.close()


class Direct:
    """In the caller's thread: nothing is ever awaited."""

    def __init__(self) -> None:
        self.connection: Database = sqlite3.connect(
            ":memory:", uri=True, isolation_level=None, factory=Database
        )

    async def run(self, job: Callable[[Database], T]) -> T:
        """The job's result, at once."""
        return job(self.connection)

    async def close(self) -> None:
        """Close the database."""
        self.connection.close()
