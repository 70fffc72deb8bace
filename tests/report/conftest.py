"""Real logs, played once per session: three baselines at t2, one of them with its placebo arm."""

from pathlib import Path

import pytest
from inspect_ai import eval as play

from opensec_inspect.incident.facts.scenario import InjectionTier
from opensec_inspect.report.logs.reading import records_at
from opensec_inspect.report.logs.records import Records
from tests.report.credulous import CREDULOUS
from tests.report.twins import SCENARIOS, task_of

MODELS = {"careful": "opensec/careful", "hasty": "opensec/hasty", "credulous": CREDULOUS}
TIERS: dict[InjectionTier, tuple[str, ...]] = {"t0": ("credulous",), "t2": ("careful", "credulous", "hasty")}


@pytest.fixture(scope="session")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with four logs: `careful`, `credulous` and `hasty` at t2, `credulous` at t0."""
    folder = tmp_path_factory.mktemp("logs")
    for tier, names in TIERS.items():
        play(
            task_of(tier, count=len(SCENARIOS)),
            model=[MODELS[name] for name in names],
            log_dir=str(folder),
            display="none",
            log_realtime=False,
        )
    return folder


@pytest.fixture(scope="session")
def records(logs: Path) -> Records:
    """All episodes of these logs."""
    return records_at([str(logs)])
