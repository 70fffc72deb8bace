"""The samples of a log one by one, without what an episode is not made of.

Summaries, comparisons, frames and figures read logs through here; the trace page, which needs the
messages too, through `episodes.py`, where a sample becomes an episode for all of them.
"""

from collections.abc import Iterator, Sequence

from inspect_ai.log import (
    EvalSample,
    EvalSampleSummary,
    read_eval_log,
    read_eval_log_sample_summaries,
    read_eval_log_samples_by_id,
)

EPISODE_ONLY = frozenset(
    {"messages", "output", "events", "timelines", "attachments", "events_data", "error_retries"}
)
"""Fields of a sample that an episode is not made of; without them reading takes a third of the time."""
BATCH = 64
"""Samples held at a time: without what an episode is not made of, 0.1 MB each."""
Key = tuple[int | str, int]
"""Sample id and epoch."""


def sample_summaries(path: str) -> tuple[EvalSampleSummary, ...]:
    """What a log tells of each of its samples without the sample: id, epoch, error, limit, scores."""
    return tuple(read_eval_log_sample_summaries(path))


def samples(
    path: str, keys: Sequence[Key] | None = None, *, exclude: frozenset[str] = EPISODE_ONLY
) -> Iterator[EvalSample]:
    """The samples of a log (those of the given keys, in their order) without the fields to exclude.

    An `.eval` log is streamed. Inspect reads a `.json` log only whole, so it is held in memory: convert
    large ones with `inspect log convert`.
    """
    if path.endswith(".json"):
        read = {(sample.id, sample.epoch): sample for sample in read_eval_log(path).samples or ()}
        yield from (read[key] for key in (read if keys is None else keys))
        return
    wanted = [(s.id, s.epoch) for s in sample_summaries(path)] if keys is None else keys
    for start in range(0, len(wanted), BATCH):
        batch = wanted[start : start + BATCH]
        yield from read_eval_log_samples_by_id(path, batch, exclude_fields=set(exclude))
