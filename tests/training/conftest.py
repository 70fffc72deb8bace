"""Logs that the exports and the pricing of logs are tested on, played once."""

from pathlib import Path

import pytest
from inspect_ai import eval as play
from inspect_ai.dataset import MemoryDataset

from opensec_inspect.incident.edge.dataset import Play, samples
from opensec_inspect.tasks import opensec
from tests.strategies import made

CASES = tuple(made(f"log:{n}", kind) for n in range(2) for kind in ("incident", "stand_down"))  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def played_logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two logs over two groups of the train side: of `careful` and of `hasty`."""
    folder = tmp_path_factory.mktemp("played")
    task = opensec(split="train", count=1)
    how = Play(injection_tier=None, noise="desk", provenance="shown", attacker="scripted")
    data = samples(CASES, how, "opensec")
    assert isinstance(data, MemoryDataset)
    task.dataset = data
    logs = play(
        task,
        model=["opensec/careful", "opensec/hasty"],
        log_dir=str(folder),
        display="none",
        log_realtime=False,
    )
    assert [log.status for log in logs] == ["success", "success"]
    return folder
