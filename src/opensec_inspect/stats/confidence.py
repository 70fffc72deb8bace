"""Stated confidence against being right."""

import math
from collections.abc import Sequence

from opensec_inspect.errors import BadInputError
from opensec_inspect.frozen import Frozen
from opensec_inspect.stats.calibration_error import BIN_EDGES, Report, bin_of, calibration_error
from opensec_inspect.stats.intervals import RNG_SEED, Estimate, mean, rate
from opensec_inspect.stats.samples import Clusters, Values, check_lengths, defined


class ReliabilityBin(Frozen):
    """Reports whose stated confidence falls into one bin."""

    low: float
    """Lower edge, inside the bin, example 0.9."""
    high: float
    """Upper edge, outside the bin except for 1.0."""
    mean_confidence: float | None
    """Mean stated confidence; None when the bin is empty."""
    right: Estimate
    """Share that was right, with Wilson's interval."""


class ConfidenceSummary(Frozen):
    """How far stated confidence can be believed."""

    stated: int
    """Reports with a stated confidence and a known outcome, example 160."""
    mean_confidence: Estimate
    """Mean of what was stated, in [0, 1]."""
    share_right: Estimate
    """Share of those reports that were right."""
    brier: Estimate
    """Mean of (confidence - right)², in [0, 1]; 0 is perfect."""
    brier_gain: Estimate
    """Mean of right - (confidence - right)², in [-1, 1]; 1 is perfect."""
    ece: Estimate
    """Expected calibration error; value None, with a note, under 100 stated confidences."""
    bins: tuple[ReliabilityBin, ...]
    """Ten bins of equal width from 0 to 1, empty ones included."""


def confidence_summary(
    confidences: Values, rights: Values, clusters: Clusters = None, *, rng_seed: int = RNG_SEED
) -> ConfidenceSummary:
    """What stated confidence was worth, over the reports where both sides are defined.

    Raises BadInputError for a confidence outside [0, 1] or a `right` that is not 0 or 1.
    """
    reports = _reports(confidences, rights, clusters)
    undefined = len(confidences) - len(reports)
    names = [report.cluster for report in reports] + [-1] * undefined
    gap = [(report.confidence - report.right) ** 2 for report in reports]

    def over(values: Sequence[float]) -> Estimate:
        return mean([*values, *[None] * undefined], names, rng_seed=rng_seed)

    return ConfidenceSummary(
        stated=len(reports),
        mean_confidence=over([report.confidence for report in reports]),
        share_right=rate([*(report.right for report in reports), *[None] * undefined], names),
        brier=over(gap),
        brier_gain=over([report.right - loss for report, loss in zip(reports, gap, strict=True)]),
        ece=calibration_error(reports, undefined=undefined, rng_seed=rng_seed),
        bins=tuple(_bin(number, reports) for number in range(len(BIN_EDGES) - 1)),
    )


def _bin(number: int, reports: tuple[Report, ...]) -> ReliabilityBin:
    held = [report for report in reports if bin_of(report.confidence) == number]
    return ReliabilityBin(
        low=BIN_EDGES[number],
        high=BIN_EDGES[number + 1],
        mean_confidence=math.fsum(report.confidence for report in held) / len(held) if held else None,
        right=rate([report.right for report in held], [report.cluster for report in held]),
    )


def _reports(confidences: Values, rights: Values, clusters: Clusters) -> tuple[Report, ...]:
    """The defined pairs, in order of their content so that the order given changes no result."""
    check_lengths(confidences=confidences, rights=rights, clusters=clusters)
    names = range(len(confidences)) if clusters is None else clusters
    held: dict[object, list[tuple[float, float]]] = {}
    for name, stated, outcome in zip(names, confidences, rights, strict=True):
        confidence, right = defined(stated), defined(outcome)
        if confidence is not None and not 0 <= confidence <= 1:
            raise BadInputError(f"confidence={confidence!r} is no probability; give one between 0 and 1.")
        if right is not None and right not in {0.0, 1.0}:
            raise BadInputError(f"right={right!r} is neither 0 nor 1; a report is right or it is not.")
        if confidence is not None and right is not None:
            held.setdefault(name, []).append((confidence, right))
    return tuple(
        Report(confidence=confidence, right=right, cluster=number)
        for number, pairs in enumerate(sorted(sorted(pairs) for pairs in held.values()))
        for confidence, right in pairs
    )
