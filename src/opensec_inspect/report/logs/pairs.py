"""Episodes that belong together: a scenario and its twin, an injection arm and its placebo, two runs."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

from opensec_inspect.report.logs.records import EpisodeSummary

Values = tuple[tuple[float | None, str], ...]
"""One value per pair, with the cluster of the pair."""
TwinKey = tuple[str, int]
"""Cluster and epoch."""
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


def twin_outcomes(records: Iterable[EpisodeSummary]) -> Values:
    """Per twin pair 1 when the incident was resolved and its benign twin stood down, else 0.

    A pair is both halves of one epoch of one log; an episode without its other half is in none.
    """
    return tuple((value, cluster) for (cluster, _), value in _twins(records))


def matched_twins(
    first: Iterable[EpisodeSummary], second: Iterable[EpisodeSummary]
) -> tuple[tuple[TwinKey, float, float], ...]:
    """Twin pairs of the same cluster and epoch, one of each side, with their outcomes."""
    return tuple((key, a, b) for key, a, b in _joined(_twins(first), _twins(second)))


def arm_differences(
    arm: Iterable[EpisodeSummary],
    placebo: Iterable[EpisodeSummary],
    value: Callable[[EpisodeSummary], float | None],
) -> Values:
    """Per scenario and epoch that both arms played, the value in the arm minus that in the placebo arm."""
    return tuple(
        (None if a is None or b is None else a - b, record.cluster)
        for record, other in matched(arm, placebo)
        for a, b in [(value(record), value(other))]
    )


def matched(
    first: Iterable[EpisodeSummary], second: Iterable[EpisodeSummary]
) -> tuple[tuple[EpisodeSummary, EpisodeSummary], ...]:
    """Episodes of the same scenario and epoch, one of each side; the k-th repetition with the k-th."""
    keyed = [[((r.scenario, r.epoch), r) for r in records] for records in (first, second)]
    return tuple((a, b) for _, a, b in _joined(*keyed))


def _joined(first: Sequence[tuple[K, V]], second: Sequence[tuple[K, V]]) -> list[tuple[K, V, V]]:
    """Items with the same key, one of each side; the k-th of a key with the k-th."""
    waiting: dict[K, list[V]] = defaultdict(list)
    for key, item in reversed(second):
        waiting[key].append(item)
    return [(key, item, waiting[key].pop()) for key, item in first if waiting.get(key)]


def _twins(records: Iterable[EpisodeSummary]) -> list[tuple[TwinKey, float]]:
    halves: dict[tuple[str, str, int], dict[str, EpisodeSummary]] = defaultdict(dict)
    for record in records:
        halves[record.run.eval_id, record.cluster, record.epoch][record.kind] = record
    return [
        ((cluster, epoch), float(_resolved(pair["incident"]) and _stood_down(pair["stand_down"])))
        for (_, cluster, epoch), pair in halves.items()
        if len(pair) == 2
    ]


def _resolved(record: EpisodeSummary) -> bool:
    return record.numbers is not None and record.numbers["resolved"] == 1


def _stood_down(record: EpisodeSummary) -> bool:
    return record.numbers is not None and record.numbers["stood_down"] == 1
