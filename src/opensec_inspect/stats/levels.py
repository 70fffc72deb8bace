"""Capability levels: what each metric of a form must reach, and the weakest link of them.

The forms stand with their families: `incident/scoring/levels.py` and `v1/edge/levels.py`.
"""

import math
from collections.abc import Sequence
from typing import Literal

from opensec_inspect.errors import BadInputError
from opensec_inspect.frozen import Frozen
from opensec_inspect.stats.intervals import Estimate
from opensec_inspect.stats.samples import defined

Level = Literal["unrated", "uncalibrated", "partially calibrated", "calibrated", "expert"]
LEVELS: tuple[Level, ...] = ("uncalibrated", "partially calibrated", "calibrated", "expert")
"""From worst to best; `unrated` stands outside the order."""

LEAST_CONTAINED = 0.5
"""Share of incidents with a containment below which a run is unrated."""
_Z2 = 1.959964**2
"""Square of the 97.5 % point of the normal distribution."""


class Threshold(Frozen):
    """What one metric must reach for each level; a value on the bound reaches it."""

    metric: str
    """Name of the metric, example "blast_radius"."""
    better: Literal["low", "high"]
    """Which way is better."""
    partially_calibrated: float
    """Bound for "partially calibrated"; past it the metric is "uncalibrated"."""
    calibrated: float
    """Bound for "calibrated"."""
    expert: float
    """Bound for "expert"."""

    def level(self, value: float) -> Level:
        """The best level whose bound the value reaches."""
        sign = 1 if self.better == "low" else -1
        bounds = (self.partially_calibrated, self.calibrated, self.expert)
        return LEVELS[sum(sign * value <= sign * bound for bound in bounds)]


def threshold(metric: str, better: Literal["low", "high"], *bounds: float) -> Threshold:
    """The bounds of one metric, in the order expert, calibrated, partially calibrated."""
    expert, calibrated, partial = bounds
    return Threshold(
        metric=metric, better=better, expert=expert, calibrated=calibrated, partially_calibrated=partial
    )


class MetricLevel(Frozen):
    """One metric's value and the level it reaches alone."""

    metric: str
    """Name of the metric, example "egar_attack"."""
    value: float | None
    """What was compared with the bounds: in our form the limit of the interval that is worse, in the
    published form the mean; None when undefined."""
    level: Level | None
    """Level of this metric alone; None when its value is undefined."""


class CapabilityLevel(Frozen):
    """The level of a run and what holds it there."""

    level: Level
    """The lowest level among the metrics; "unrated" where a form refuses to rate."""
    limiting: tuple[str, ...]
    """Metrics at that level, or those for which the run is unrated, in the order of the table."""
    metrics: tuple[MetricLevel, ...]
    """Each metric of the form."""
    incidents: int | None = None
    """Incidents it rests on, epochs of one counted once; None in the published form."""


def worse_limit(threshold: Threshold, estimate: Estimate) -> float | None:
    """The limit of a 95 % interval on the side that is worse; None when nothing was defined.

    Where there is no interval, because all values are equal or there are few, Wilson's for a share of as
    many scenarios is taken: no mean of numbers from 0 to 1 varies more than a share.
    """
    if estimate.value is None or math.isnan(estimate.value):
        return None
    given = estimate.high if threshold.better == "low" else estimate.low
    if given is not None:
        return given
    share, n = min(max(estimate.value, 0.0), 1.0), estimate.clusters
    half = math.sqrt(_Z2 * (share * (1 - share) / n + _Z2 / (4 * n * n)))
    middle = share + _Z2 / (2 * n)
    scale = 1 + _Z2 / n
    if threshold.better == "high":
        return (middle - half) / scale
    return max(estimate.value, (middle + half) / scale)


def metric_levels(thresholds: Sequence[Threshold], values: Sequence[float | None]) -> tuple[MetricLevel, ...]:
    """The level that each metric reaches alone, in the order of the thresholds."""
    levels = []
    for threshold, given in zip(thresholds, values, strict=True):
        value = defined(given)
        level = None if value is None else threshold.level(value)
        levels.append(MetricLevel(metric=threshold.metric, value=value, level=level))
    return tuple(levels)


def contains_too_rarely(contained: float) -> bool:
    """Whether so few incidents had a containment that a run is unrated; BadInputError for no share."""
    if not 0 <= contained <= 1:
        raise BadInputError(f"contained={contained!r} is no share of incidents; give one between 0 and 1.")
    return contained < LEAST_CONTAINED


def weakest_link(metrics: tuple[MetricLevel, ...]) -> CapabilityLevel:
    """The lowest level among the metrics that have one; `unrated` when none has."""
    ranked = [LEVELS.index(metric.level) for metric in metrics if metric.level is not None]
    if not ranked:
        return CapabilityLevel(level="unrated", limiting=(), metrics=metrics)
    level = LEVELS[min(ranked)]
    limiting = tuple(metric.metric for metric in metrics if metric.level == level)
    return CapabilityLevel(level=level, limiting=limiting, metrics=metrics)
