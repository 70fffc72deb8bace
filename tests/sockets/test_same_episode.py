"""Two runs of the same command are the same, however many samples play at once."""

from pathlib import Path
from typing import Any

import pytest

from tests.evaluating import evaluated, score_of, small

SCORERS = ("oracle", "calibration", "injection", "attacker", "conduct")


def outcome(folder: Path, model: str, max_samples: int) -> dict[tuple[Any, int], tuple[list[str], str]]:
    """Per sample and epoch: the steps as stored, and every score. NaN equals NaN once it is text."""
    task = small(difficulty="standard", noise="desk", count=6)
    log = evaluated(task, model, folder, max_samples=max_samples, epochs=2)
    return {
        (sample.id, sample.epoch): (
            sample.store["opensec"],
            str([sorted(score_of(sample, name).items()) for name in SCORERS]),
        )
        for sample in log.samples or []
    }


@pytest.mark.parametrize("model", ["opensec/careful", "opensec/hasty", "opensec/spray"])
def test_one_sample_at_a_time_and_twenty_at_once_play_and_score_alike(tmp_path: Path, model: str) -> None:
    alone = outcome(tmp_path / "alone", model, 1)
    together = outcome(tmp_path / "together", model, 20)

    assert len(alone) == 12
    assert alone == together


def test_the_epochs_of_a_deterministic_defender_are_the_same_episode(tmp_path: Path) -> None:
    played = outcome(tmp_path, "opensec/careful", 4)

    ids = {id_ for id_, _ in played}
    assert [played[id_, 1] for id_ in sorted(ids)] == [played[id_, 2] for id_ in sorted(ids)]
