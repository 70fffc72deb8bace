"""Real logs, played once per session: three baselines at t2, one of them with its placebo arm."""

from pathlib import Path

import pytest
from inspect_ai import eval as play

from opensec_inspect.report.logs.reading import records_at
from opensec_inspect.report.logs.records import Records
from opensec_inspect.tasks import opensec

SCENARIOS = 8
"""The first of the eval split: four incidents, each with its twin."""


@pytest.fixture(scope="session")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with four logs: `careful`, `gullible` and `hasty` at t2, `gullible` at t0."""
    folder = tmp_path_factory.mktemp("logs")
    for tier, names in (("t0", ["gullible"]), ("t2", ["careful", "gullible", "hasty"])):
        play(
            opensec(injection_tier=tier, count=SCENARIOS),
            model=[f"opensec/{name}" for name in names],
            log_dir=str(folder),
            display="none",
            log_realtime=False,
        )
    return folder


@pytest.fixture(scope="session")
def records(logs: Path) -> Records:
    """All episodes of these logs."""
    return records_at([str(logs)])
