"""The same command twice: the same episodes and the same scores, however many samples run at once."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from inspect_ai import eval as run_eval
from inspect_ai.log import EvalSample

from opensec_inspect.tasks import opensec

ELSEWHERE = """
import asyncio

from opensec_inspect.incident.baselines import BASELINES
from opensec_inspect.incident.scenario.episode import Setting
from opensec_inspect.incident.scoring.oracle import score_episode
from opensec_inspect.incident.world.play import play
from opensec_inspect.incident.edge.selection import Selection, select_scenarios

for split, rng_seed in (("eval", None), ("fresh", 3)):
    asked = Selection(split=split, difficulty="all", kind="all", count=2, rng_seed=rng_seed)
    for scenario in select_scenarios(asked):
        setting = Setting(injection_tier=scenario.injection_tier)
        for name in ("hasty", "gullible", "spray"):
            episode = asyncio.run(play(scenario, setting, BASELINES[name]))
            print(episode.model_dump_json(), score_episode(episode).model_dump_json())
"""
"""A program that plays four scenarios, two of them made on the spot, and prints what happened."""


@pytest.mark.parametrize("baseline", ["hasty", "gullible"])
def test_two_runs_are_identical_however_many_samples_run_at_once(baseline: str, tmp_path: Path) -> None:
    one_by_one = played(baseline, tmp_path, max_samples=1)
    together = played(baseline, tmp_path, max_samples=8)

    assert len(one_by_one) == 6
    assert all(len(steps) > 3 for steps, _ in one_by_one.values())
    assert together == one_by_one


def test_two_processes_with_other_hash_seeds_play_the_same_episodes() -> None:
    """Within one process the order of a set never changes, so a run beside it would not notice."""
    first, second = output(ELSEWHERE, hash_seed=1), output(ELSEWHERE, hash_seed=2)

    assert len(first) == 12
    assert len(set(first)) == 12
    assert second == first


def output(program: str, *, hash_seed: int) -> list[str]:
    """The lines a Python program prints in a process of its own."""
    environment = os.environ | {"PYTHONHASHSEED": str(hash_seed), "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


def played(baseline: str, logs: Path, *, max_samples: int) -> dict[str, tuple[list[str], str]]:
    """Per sample the step strings of its store and, as text, every score."""
    (log,) = run_eval(
        opensec(count=6),
        model=f"opensec/{baseline}",
        max_samples=max_samples,
        display="none",
        log_dir=str(logs),
    )
    assert log.status == "success"
    return {str(sample.id): (sample.store["opensec"], scores(sample)) for sample in log.samples or []}


def scores(sample: EvalSample) -> str:
    """Value, answer and explanation of each scorer; as text an undefined value equals itself."""
    given = sample.scores or {}
    assert set(given) == {"oracle", "calibration", "injection", "attacker", "conduct"}
    told = {name: [score.value, score.answer, score.explanation] for name, score in given.items()}
    return json.dumps(told, sort_keys=True)
