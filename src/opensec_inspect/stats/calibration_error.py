"""Expected calibration error with an interval that may reach 0.

The usual bootstrap interval never holds the 0 of a perfectly calibrated defender: noise adds to the
error whichever way it falls, and resampling adds it a second time. So the interval is found the other
way round: which true errors would often show what was seen?
"""

import math
from bisect import bisect_right
from collections.abc import Callable
from typing import Any

from opensec_inspect.frozen import Frozen
from opensec_inspect.stats.intervals import ALL_EQUAL, ALPHA, MIN_CLUSTERS, TOO_FEW, Estimate
from opensec_inspect.stats.libraries import library

BIN_EDGES = tuple(tenth / 10 for tenth in range(11))
"""Ten bins of equal width, each with its lower edge; the last also holds 1."""
MIN_STATED = 100
"""Fewest stated confidences: even at 100, chance alone shows about 0.07 (docs/statistics.md)."""

RESAMPLES = 1999
"""Fewer than for a mean: the whole set is gone through some twenty times."""


class Report(Frozen):
    """One stated confidence and what came of it."""

    confidence: float
    """Stated, in [0, 1]."""
    right: float
    """1 when it was right, else 0."""
    cluster: int
    """Number of its cluster, from 0 without gaps."""


def bin_of(confidence: float) -> int:
    """Number of the bin, 0 to 9, that holds the confidence."""
    return min(bisect_right(BIN_EDGES, confidence), len(BIN_EDGES) - 1) - 1


def calibration_error(reports: tuple[Report, ...], *, undefined: int, rng_seed: int) -> Estimate:
    """Σ over bins of |Σ (confidence - right)| / number of reports, in [0, 1].

    Value None, with a note, under 100 stated confidences; no interval under 40 clusters or when the
    gaps do not vary. `undefined` is passed on. Source of the error: Naeini, Cooper and Hauskrecht,
    AAAI 2015; of the interval: test inversion, Davison and Hinkley, Bootstrap Methods (1997), 5.5.
    """
    clusters = len({report.cluster for report in reports})
    empty = Estimate(value=None, low=None, high=None, n=len(reports), clusters=clusters, undefined=undefined)
    if len(reports) < MIN_STATED:
        note = f"needs {MIN_STATED} stated confidences, has {len(reports)}"
        return empty.model_copy(update={"note": note})
    gaps, counts = _by_cluster_and_bin(reports, clusters)
    value = math.fsum(abs(gap) for gap in gaps.sum(axis=0)) / len(reports)
    if clusters < MIN_CLUSTERS:
        return empty.model_copy(update={"value": value, "note": TOO_FEW})
    limits = _limits(gaps, counts, value, rng_seed)
    if limits is None:
        return empty.model_copy(update={"value": value, "note": ALL_EQUAL})
    return empty.model_copy(update={"value": value, "low": limits[0], "high": limits[1]})


def _by_cluster_and_bin(reports: tuple[Report, ...], clusters: int) -> tuple[Any, Any]:
    """gaps, counts: (clusters, bins in use) float; gap is Σ (confidence - right)."""
    numpy = library("numpy")
    gaps, counts = numpy.zeros((2, clusters, len(BIN_EDGES) - 1))
    for report in reports:
        cell = (report.cluster, bin_of(report.confidence))
        gaps[cell] += report.confidence - report.right
        counts[cell] += 1
    used = counts.any(axis=0)
    return gaps[:, used], counts[:, used]


def _limits(gaps: Any, counts: Any, value: float, rng_seed: int) -> tuple[float, float] | None:
    """Errors s·value for which `value` lies in the middle 95 % of what resampling shows.

    The true gaps are taken to be s times the observed ones: s = 0 is perfect calibration, s = 1 the
    ordinary bootstrap. None when the gaps do not vary, or are all 0 and give no direction.
    """
    numpy = library("numpy")
    clusters = len(gaps)
    mean_gap = gaps.sum(axis=0) / counts.sum(axis=0)
    holders = (counts > 0).sum(axis=0)
    # Residuals about a bin's own mean are too small by (k-1)/k when k clusters are in it.
    noise = (gaps - counts * mean_gap) * numpy.sqrt(holders / numpy.maximum(holders - 1, 1))
    if value < 1e-12 or numpy.abs(noise).max() < 1e-12:
        return None
    rng = numpy.random.default_rng(rng_seed)
    weights = rng.multinomial(clusters, numpy.full(clusters, 1 / clusters), size=RESAMPLES).astype(float)
    noise, counts = weights @ noise, weights @ counts

    def shown(stretch: float, quantile: float) -> float:
        errors = numpy.abs(noise + stretch * counts * mean_gap).sum(axis=1) / counts.sum(axis=1)
        return float(numpy.quantile(errors, quantile))

    return _lower(shown, value), _upper(shown, value)


def _lower(shown: Callable[[float, float], float], value: float) -> float:
    """Least error with which `value` is not surprisingly large."""

    def surprise(stretch: float) -> float:
        return shown(stretch, 1 - ALPHA / 2) - value

    if surprise(0.0) >= 0:
        return 0.0
    return value * _root(surprise, 0.0, 1.0) if surprise(1.0) > 0 else value


def _upper(shown: Callable[[float, float], float], value: float) -> float:
    """Greatest error with which `value` is not surprisingly small; at most 1."""

    def surprise(stretch: float) -> float:
        return shown(stretch, ALPHA / 2) - value

    if surprise(1.0) >= 0:
        return value
    most = 1 / value
    return value * _root(surprise, 1.0, most) if most > 1 and surprise(most) > 0 else 1.0


def _root(function: Callable[[float], float], low: float, high: float) -> float:
    return float(library("scipy.optimize").brentq(function, low, high, xtol=1e-4))
