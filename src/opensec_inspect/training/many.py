"""Many episodes over many processes or machines through one seam, `map_over`; none is lost with a worker."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from typing import Literal, TypeVar

from opensec_inspect.core.optional import optional
from opensec_inspect.errors import BadInputError, one_of
from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.baselines import POLICIES
from opensec_inspect.incident.world.worlds.play import play
from opensec_inspect.training.profiles import price
from opensec_inspect.training.tasks import Tasks, setting_of

Backend = Literal["here", "pool", "ray"]
BACKENDS: tuple[Backend, ...] = ("here", "pool", "ray")
CHUNK = 8
"""Jobs handed over at a time: what a worker that dies has to do again, at most."""
MOST_DEATHS = 5
"""Workers that may die before it is no accident."""
T = TypeVar("T")
R = TypeVar("R")


class Job(Frozen):
    """One episode to play."""

    split: str
    index: int
    policy: str
    """Name of a scripted defender."""
    tier: str | None = None
    """The case's own unless given."""
    profile: str = "calibrated"
    seeds: str | None = None
    """Seed folder; the project's own unless given."""


class Result(Frozen):
    """What became of a job."""

    job: Job
    scenario: str
    steps: int
    reward: float
    parts: Mapping[str, float | None]
    sha256: str
    """Of the whole episode: equal digests are equal episodes."""


def play_all(jobs: Sequence[Job], *, backend: str = "pool", workers: int = 2) -> tuple[Result, ...]:
    """The results of all jobs, in their order, whoever played them."""
    return tuple(map_over(play_job, jobs, backend=backend, workers=workers))


def play_job(job: Job) -> Result:
    """Play one job here. BadInputError for an unknown policy, split, index, tier or profile."""
    if job.policy not in POLICIES:
        raise one_of("policy", job.policy, POLICIES)
    tasks = Tasks((job.split,), Path(job.seeds) if job.seeds else None)
    scenario = tasks.scenario(job.split, job.index)
    episode = play(scenario, setting_of(scenario, job.tier), POLICIES[job.policy])
    priced = price(episode, job.profile)
    return Result(
        job=job,
        scenario=scenario.id,
        steps=len(episode.steps),
        reward=priced.total,
        parts=priced.parts,
        sha256=hashlib.sha256(episode.model_dump_json().encode()).hexdigest(),
    )


def map_over(function: Callable[[T], R], items: Sequence[T], *, backend: str, workers: int) -> list[R]:
    """The function of every item, in order: here, in a pool of processes, or on a Ray cluster.

    `function` must be a module's own, so that another process can import it. A worker that dies has its
    items done again elsewhere. With `ray` the cluster of `ray.init(address=…)` is used where one was joined.
    """
    if backend == "here":
        return [function(item) for item in items]
    if workers < 1:
        raise BadInputError(f"workers={workers!r} is not allowed; give a whole number of at least 1.")
    chunks = [items[start : start + CHUNK] for start in range(0, len(items), CHUNK)]
    if backend == "pool":
        done = _in_pool(function, chunks, workers)
    elif backend == "ray":
        done = _on_ray(function, chunks, workers)
    else:
        raise one_of("backend", backend, BACKENDS)
    return [result for chunk in done for result in chunk]


def all_of(function: Callable[[T], R], items: Sequence[T]) -> list[R]:
    """The function of each item: what a worker is handed."""
    return [function(item) for item in items]


def _in_pool(function: Callable[[T], R], chunks: Sequence[Sequence[T]], workers: int) -> list[list[R]]:
    done: dict[int, list[R]] = {}
    for _ in range(MOST_DEATHS + 1):
        for number, found in _one_pool(function, chunks, done, workers):
            done[number] = found
        if len(done) == len(chunks):
            return [done[number] for number in range(len(chunks))]
    raise RuntimeError(
        f"{MOST_DEATHS + 1} pools lost a worker; {len(done)} of {len(chunks)} chunks were done."
    )


def _one_pool(
    function: Callable[[T], R], chunks: Sequence[Sequence[T]], done: Mapping[int, list[R]], workers: int
) -> Iterator[tuple[int, list[R]]]:
    """The chunks that a pool finishes before it ends or loses a worker."""
    # Spawned, not forked: callers may hold event loops and threads.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        waiting: dict[Future[list[R]], int] = {
            pool.submit(all_of, function, chunk): number
            for number, chunk in enumerate(chunks)
            if number not in done
        }
        wait(waiting)
        for future, number in waiting.items():
            if not isinstance(future.exception(), BrokenProcessPool):
                yield number, future.result()


def _on_ray(function: Callable[[T], R], chunks: Sequence[Sequence[T]], workers: int) -> list[list[R]]:
    ray = optional("ray", purpose="Rollouts on a cluster need", extra="ray")
    started = not ray.is_initialized()
    if started:
        ray.init(num_cpus=workers, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    try:
        # Ray keeps its workers, so that an organisation's history is made once in each; a task whose worker
        # dies is given to another.
        remote = ray.remote(num_cpus=1, max_retries=MOST_DEATHS)(all_of)
        found: list[list[R]] = ray.get([remote.remote(function, chunk) for chunk in chunks])
        return found
    finally:
        if started:
            ray.shutdown()
