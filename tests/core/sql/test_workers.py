"""The threads that open worlds share: how many there are, and that none of them outstays its use."""

import asyncio
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from opensec_inspect.core.sql.workers import MOST_WORKERS, ClosedError, PooledDatabase

ENDLESS = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c"
SOURCE = Path(__file__).parents[3] / "src"


def empty() -> sqlite3.Connection:
    """A database in memory."""
    return sqlite3.connect(":memory:", check_same_thread=False)


def number(connection: sqlite3.Connection) -> int:
    """One, asked of the database."""
    return int(connection.execute("SELECT 1").fetchone()[0])


async def test_hundreds_of_databases_share_a_few_threads_that_keep_no_process_alive() -> None:
    before = set(threading.enumerate())
    databases = [PooledDatabase(empty) for _ in range(500)]

    assert sum(await asyncio.gather(*(database.run(number) for database in databases))) == 500

    new = {thread for thread in threading.enumerate() if thread not in before}
    assert len(new) <= MOST_WORKERS
    assert all(thread.daemon for thread in new)
    for database in databases:
        database.close()


async def test_what_one_job_writes_the_next_one_reads() -> None:
    database = PooledDatabase(empty)

    await database.run(lambda connection: connection.execute("CREATE TABLE t AS SELECT 7 AS n"))

    assert await database.run(lambda connection: connection.execute("SELECT n FROM t").fetchone()) == (7,)
    database.close()


async def test_an_error_of_a_job_reaches_who_asked_for_it() -> None:
    database = PooledDatabase(empty)

    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await database.run(lambda connection: connection.execute("SELECT * FROM nowhere"))
    database.close()


async def test_closing_stops_the_running_statement_and_refuses_the_next_job() -> None:
    database = PooledDatabase(empty)
    started = threading.Event()

    def endless(connection: sqlite3.Connection) -> None:
        started.set()
        connection.execute(ENDLESS).fetchone()

    running = asyncio.create_task(database.run(endless))
    await asyncio.to_thread(started.wait)
    while not running.done():
        database.close()
        await asyncio.sleep(0)

    with pytest.raises(sqlite3.OperationalError, match="interrupted"):
        await running
    with pytest.raises(ClosedError, match="is closed"):
        await database.run(number)


async def test_a_cancelled_job_lets_the_database_be_closed_at_once() -> None:
    databases = [PooledDatabase(empty) for _ in range(30)]
    before = threading.active_count()

    tasks = [asyncio.create_task(database.run(number)) for database in databases]
    await asyncio.sleep(0)
    for task, database in zip(tasks, databases, strict=True):
        task.cancel()
        database.close()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.gather(*(PooledDatabase(empty).run(number) for _ in range(30)))

    assert threading.active_count() - before <= MOST_WORKERS
    with pytest.raises(ClosedError):
        await databases[0].run(number)


def test_a_process_ends_although_a_database_was_never_closed() -> None:
    code = (
        "import asyncio; from tests.core.sql.test_workers import *; database = PooledDatabase(empty);"
        "print(asyncio.run(database.run(number)))"
    )
    paths = f"{SOURCE}:{SOURCE.parent}"

    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "1\n", "")
