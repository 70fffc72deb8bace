"""Rows of the table, and how costs are taken."""

import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import NamedTuple


class Row(NamedTuple):
    """One line of the table."""

    what: str
    measured: str
    ask: str = "reported"
    """What the figure should be; `reported` where nothing is asked."""


@dataclass
class Cpu:
    """Processor time of all threads, block by block: what else the machine does counts little."""

    taken: list[float] = field(default_factory=list)

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count the block."""
        began = time.process_time()
        try:
            yield
        finally:
            self.taken.append(time.process_time() - began)

    @property
    def s(self) -> float:
        """Seconds of all blocks."""
        return sum(self.taken)

    @property
    def median_ms(self) -> float:
        """Milliseconds of the middle block."""
        return median(self.taken) * 1000


def median_ms(work: Callable[[], object], times: int) -> float:
    """Milliseconds that the work takes, median."""
    cpu = Cpu()
    for _ in range(times):
        with cpu.counted():
            work()
    return cpu.median_ms


def peak_mib() -> float:
    """The most memory this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
