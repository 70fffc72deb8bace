"""The episodes of logs for whoever prices or exports them, one after the other."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from inspect_ai.log import EvalSample

from opensec_inspect.core.edge.log_reader import EPISODE_ONLY, first_line, samples
from opensec_inspect.incident.episode.episode import Episode
from opensec_inspect.report.logs.episodes import episode_in
from opensec_inspect.report.logs.logs import (
    UNUSABLE,
    LeftOut,
    LogHead,
    find_logs,
    refuse_nothing_found,
)

T = TypeVar("T")
Take = Callable[[LogHead, EvalSample, Episode], T]
PUBLISHED_RULES = "was played under the published rules, which these rewards are not made for"


def from_logs(
    places: Sequence[str], take: Take[T], *, exclude: frozenset[str] = EPISODE_ONLY
) -> tuple[tuple[T, ...], tuple[LeftOut, ...]]:
    """What `take` makes of each finished episode at the places, and the logs that could not be used.

    A log damaged inside is left out whole. BadInputError when no log is usable.
    """
    found = find_logs(places)
    taken: list[T] = []
    left_out = [*found.left_out]
    for run in found.runs:
        try:
            taken += list(_finished(run, take, exclude))
        except UNUSABLE as error:
            left_out.append(LeftOut(path=run.path, reason=f"is damaged ({first_line(error)})"))
    if not taken:
        nothing = found.model_copy(update={"runs": (), "left_out": tuple(left_out)})
        refuse_nothing_found(nothing, places)
    return tuple(taken), tuple(left_out)


def _finished(run: LogHead, take: Take[T], exclude: frozenset[str]) -> Iterator[T]:
    if run.rules == "v1":
        raise ValueError(PUBLISHED_RULES)
    for sample in samples(run.path, exclude=exclude):
        episode = episode_in(sample.metadata, sample.store)
        if isinstance(episode, str):
            raise ValueError(f"sample {sample.id}: {episode}")
        if episode.over and sample.error is None and sample.invalidation is None:
            yield take(run, sample, episode)
