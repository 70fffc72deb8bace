"""Episodes that belong together: members of a group, an injection arm and its placebo, two runs."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

from opensec_inspect.report.logs.records import EpisodeSummary

Values = tuple[tuple[float | None, str], ...]
"""One value per pair, with the cluster of the pair."""
GroupKey = tuple[str, str]
"""Group and its incident."""
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


def group_outcomes(records: Iterable[EpisodeSummary]) -> Values:
    """Per group of a benign member and an incident, how often both were right.

    Over epochs that is rate × rate: the share of epochs in which the incident was resolved in time, times
    that in which the benign member stood down. With two epochs or more no pair of an epoch with itself is
    needed, so the estimate is unbiased; with one it is the pair of that epoch. A group of which one side was
    not played is in none.
    """
    return tuple((value, group) for (group, _), value in _groups(records))


def matched_groups(
    first: Iterable[EpisodeSummary], second: Iterable[EpisodeSummary]
) -> tuple[tuple[GroupKey, float, float], ...]:
    """The same groups of each side, with their outcomes."""
    return tuple((key, a, b) for key, a, b in _joined(_groups(first), _groups(second)))


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


def _groups(records: Iterable[EpisodeSummary]) -> list[tuple[GroupKey, float]]:
    """Rate × rate per group and incident; several incidents of a group are groups of their own."""
    benign: dict[tuple[str, str], list[float]] = defaultdict(list)
    incidents: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for record in records:
        if record.kind == "stand_down":
            benign[record.run.model, record.cluster].append(_is_one(record, "stood_down"))
        elif record.kind == "incident":
            incidents[record.run.model, record.cluster, record.scenario].append(_is_one(record, "in_time"))
    return [
        ((group, scenario), _rate(held) * _rate(benign[model, group]))
        for (model, group, scenario), held in incidents.items()
        if benign.get((model, group))
    ]


def _rate(held: Sequence[float]) -> float:
    return sum(held) / len(held)


def _is_one(record: EpisodeSummary, name: str) -> float:
    return float(record.numbers is not None and record.numbers[name] == 1)
