"""Many episodes through one seam: a process pool plays what this process plays, and loses nothing."""

import os
import signal
from functools import partial
from pathlib import Path

import pytest

from opensec_inspect.errors import BadInputError
from opensec_inspect.training.many import Job, map_over, play_all, play_job

JOBS = tuple(Job(split="train", index=n, policy=policy) for n in range(10) for policy in ("careful", "hasty"))


def dying_once(mark: str, job: Job) -> str:
    """The digest of a job; the first worker that comes to the eleventh kills itself in the middle."""
    flag = Path(mark)
    if job == JOBS[11] and not flag.exists():
        flag.write_text("died", encoding="utf-8")
        os.kill(os.getpid(), signal.SIGKILL)
    return play_job(job).sha256


def always_dying(_job: Job) -> str:
    """Kills its worker."""
    os.kill(os.getpid(), signal.SIGKILL)
    return ""


@pytest.mark.slow
def test_a_pool_plays_the_same_episodes_as_this_process() -> None:
    assert play_all(JOBS, backend="pool") == play_all(JOBS, backend="here")


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_loses_nothing(tmp_path: Path) -> None:
    mark = tmp_path / "died"

    found = map_over(partial(dying_once, str(mark)), JOBS, backend="pool", workers=2)

    assert mark.read_text("utf-8") == "died"
    assert found == [play_job(job).sha256 for job in JOBS]


@pytest.mark.slow
def test_a_job_that_kills_every_worker_ends_with_what_was_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("opensec_inspect.training.many.MOST_DEATHS", 1)

    with pytest.raises(RuntimeError, match="2 pools lost a worker; 0 of 1 chunks were done"):
        map_over(always_dying, JOBS[:2], backend="pool", workers=1)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"policy": "hero"}, "policy='hero' is not allowed; give one of: careful"),
        ({"split": "tests"}, "split='tests' is not allowed"),
        ({"index": 5000}, "index=5000 is not allowed"),
        ({"profile": "kind"}, "profile='kind' is not allowed"),
    ],
)
def test_a_job_that_cannot_be_played_is_one_sentence(changes: dict[str, object], said: str) -> None:
    with pytest.raises(BadInputError, match=said):
        play_job(JOBS[0].model_copy(update=changes))


def test_an_unknown_backend_and_no_workers_are_refused() -> None:
    with pytest.raises(BadInputError, match="backend='slurm' is not allowed; give one of: here, pool, ray"):
        play_all(JOBS, backend="slurm")
    with pytest.raises(BadInputError, match="workers=0 is not allowed"):
        play_all(JOBS, workers=0)
