"""Means of differences with Student's intervals between clusters, for the few clusters of a small benchmark.

`mean` gives no interval under 40 clusters, because a bootstrap covers too rarely there. A difference between
paired runs is symmetric enough for Student's t on the linearised variance; how often it covers is in
`docs/vulnerability.md`.
"""

import math

from opensec_inspect.stats.intervals import ALL_EQUAL, ALPHA, NOTHING_DEFINED, Estimate
from opensec_inspect.stats.libraries import library
from opensec_inspect.stats.samples import Clusters, Sample, Values, mean_sample


def clustered_mean(values: Values, clusters: Clusters) -> Estimate:
    """Mean of the defined values; Student's interval with one degree of freedom less than clusters."""
    sample = mean_sample(values, clusters)
    return _estimate(sample.ratio, sample.variance, sample.clusters - 1.0, sample)


def difference_of_means(
    first: Values, second: Values, first_clusters: Clusters, second_clusters: Clusters
) -> Estimate:
    """Mean of `first` minus mean of `second`, over clusters that the two do not share.

    With differences as values it is a difference in differences. Degrees of freedom: Welch and Satterthwaite.
    """
    one, other = mean_sample(first, first_clusters), mean_sample(second, second_clusters)
    both = Sample(  # inspect-evals-lint: ignore[IEBP003] -- a statistical sample, not an Inspect one
        numerators=(*one.numerators, *other.numerators),
        denominators=(*one.denominators, *other.denominators),
        n=one.n + other.n,
        undefined=one.undefined + other.undefined,
    )
    if one.ratio is None or other.ratio is None:
        return _estimate(None, 0.0, 0.0, both)
    variance = one.variance + other.variance
    parts = [(s.variance, s.clusters - 1) for s in (one, other) if s.variance > 0]
    freedom = variance**2 / math.fsum(v * v / df for v, df in parts) if parts else 0.0
    return _estimate(one.ratio - other.ratio, variance, freedom, both)


def _estimate(value: float | None, variance: float, freedom: float, sample: Sample) -> Estimate:
    low = high = note = None
    if value is None:
        note = NOTHING_DEFINED
    elif variance <= 0:
        note = ALL_EQUAL
    else:
        half = float(library("scipy.stats").t.ppf(1 - ALPHA / 2, freedom)) * math.sqrt(variance)
        low, high = value - half, value + half
    return Estimate(
        value=value,
        low=low,
        high=high,
        n=sample.n,
        clusters=sample.clusters,
        undefined=sample.undefined,
        note=note,
    )
