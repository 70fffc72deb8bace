"""The seam for many machines: a local Ray cluster and a pool play identical episodes, and lose none."""

import os
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import ray
from ray.cluster_utils import Cluster

from opensec_inspect.training.many import Job, map_over, play_all, play_job

JOBS = tuple(
    Job(split="train", index=n, policy=policy) for n in range(0, 30, 2) for policy in ("careful", "hasty")
)


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    """A local cluster of two nodes."""
    local = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    local.add_node(num_cpus=1)
    ray.init(address=local.address, log_to_driver=False, logging_level="ERROR")
    yield
    ray.shutdown()
    local.shutdown()


def dying_once(mark: str, job: Job) -> str:
    """The digest of a job; the first worker that comes to the eleventh kills itself in the middle."""
    flag = Path(mark)
    if job == JOBS[11] and not flag.exists():
        flag.write_text("died", encoding="utf-8")
        os.kill(os.getpid(), signal.SIGKILL)
    return play_job(job).sha256


def test_a_cluster_plays_the_same_episodes_as_this_process(cluster: None) -> None:
    assert play_all(JOBS, backend="ray") == play_all(JOBS, backend="here")


def test_a_worker_killed_in_the_middle_loses_nothing_on_the_cluster(cluster: None, tmp_path: Path) -> None:
    mark = tmp_path / "died"

    found = map_over(partial(dying_once, str(mark)), JOBS, backend="ray", workers=2)

    assert mark.read_text("utf-8") == "died"
    assert found == [result.sha256 for result in play_all(JOBS, backend="here")]
