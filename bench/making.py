"""Generating and certifying, on all cores."""

import os
import time
from collections.abc import Iterator

from bench.direct import Row
from opensec_inspect.incident.generate.certify import certified_all
from opensec_inspect.incident.generate.dataset import fresh_plans

COUNT = 60


def figures() -> Iterator[Row]:
    """One row: how long a thousand standard scenarios would take at the measured rate."""
    start = time.perf_counter()
    made = sum(1 for _ in certified_all(fresh_plans(COUNT, 11)))
    seconds = (time.perf_counter() - start) / made * 1000
    yield (
        f"generate and certify 1,000 standard scenarios on {os.cpu_count()} cores (from {made})",
        f"{seconds / 60:.1f} min",
        "<= 5 min",
    )
