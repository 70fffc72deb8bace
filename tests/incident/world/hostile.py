"""Hostile statements over the tables of the world, and a real world's database to ask them of."""

import re
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from opensec_inspect.incident.episode.episode import Noise, Setting
from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.incident.world.asking import Answer, Database, ask
from opensec_inspect.incident.world.connection import Direct
from opensec_inspect.incident.world.making import MAKERS
from opensec_inspect.incident.world.shared_evidence import open_evidence, shared_evidence
from tests.core.sql.hostile import hostile_statements

OWN = hostile_statements(Path(__file__).with_name("hostile_statements.json"))
"""Written for the tables of the world."""
NAMES = {"created_at": "timestamp", "severity": "Severity", "message": "Description", "bytes_out": "BytesOut"}
"""Columns of the small database of `tests/core/sql`, and what stands for them in the world."""
ALL = OWN | {
    f"small: {name}": re.sub(r"\w+", lambda word: NAMES.get(word[0], word[0]), sql)
    for name, sql in hostile_statements().items()
}
MIB = 2**20 if sys.platform == "darwin" else 2**10
"""In the unit of `ru_maxrss`."""


class Cost(NamedTuple):
    """What a statement took."""

    cpu_s: float
    mib: float
    answer: Answer


@contextmanager
def opened(scenario: Scenario, noise: Noise) -> Iterator[Database]:
    """The database of a world at its opening."""
    database = Direct().connection
    open_evidence(database, shared_evidence(scenario, Setting(injection_tier="t2", noise=noise), MAKERS))
    yield database
    database.close()


def cost(database: Database, sql: str) -> Cost:
    """Ask a statement, after three steps."""
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.thread_time()
    answer = ask(database, sql, steps=3, now_ms=1_790_000_000_000)
    used = time.thread_time() - began
    return Cost(used, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / MIB, answer)


def content(database: Database) -> tuple[str, ...]:
    """Everything the database holds, and its views."""
    views = database.execute("select sql from temp.sqlite_schema order by 1").fetchall()
    return (*database.iterdump(), *(str(view) for view in views))
