"""Rates, means and pooled ratios with their 95 % intervals.

Why these methods, and how often their intervals hold the truth: `docs/statistics.md`.
"""

import math

from opensec_inspect.errors import BadInputError
from opensec_inspect.frozen import Frozen
from opensec_inspect.stats.libraries import library
from opensec_inspect.stats.samples import Clusters, Sample, Values, mean_sample, ratio_sample

ALPHA = 0.05
"""1 - confidence level of every interval, and the level of every test."""
MIN_CLUSTERS = 40
"""Fewest clusters for a bootstrap interval: already here the most skewed metric is covered too rarely."""
RESAMPLES = 4999
"""Bootstrap resamples: 0.1 s for a thousand scenarios."""
RNG_SEED = 20260121
"""Seed of all resampling unless another is given: the same numbers in, the same interval out."""

NOTHING_DEFINED = "no defined value"
ALL_EQUAL = "all scenarios have the same value: no interval"
TOO_FEW = f"fewer than {MIN_CLUSTERS} scenarios: no interval"


class Estimate(Frozen):
    """A number with its 95 % interval and what it rests on."""

    value: float | None
    """The estimate; None when no value was defined."""
    low: float | None
    """Lower limit; None when there is no interval, `note` says why."""
    high: float | None
    """Upper limit; None exactly when `low` is."""
    n: int
    """Values (episodes, pairs) that entered, example 160."""
    clusters: int
    """Independent units among them (scenarios, each with its epochs and twin), example 40."""
    undefined: int
    """Values left out because they are undefined, example 3."""
    note: str | None = None
    """What is missing and why, in words for a table; None when nothing is."""


def rate(values: Values, clusters: Clusters = None) -> Estimate:
    """Share of ones among the defined values, each 0 or 1, with Wilson's interval.

    With one value per cluster it is Wilson's interval on n; otherwise on `effective_n`. In [0, 1];
    value None when nothing is defined. Source: Wilson, JASA 22 (1927) 209-212.
    """
    wrong = [v for v in values if v is not None and v == v and v not in {0, 1}]
    if wrong:
        raise BadInputError(f"{wrong[0]!r} is not 0 or 1; a rate is taken over yes/no values only.")
    sample = mean_sample(values, clusters)
    if sample.ratio is None:
        return _without_interval(sample, NOTHING_DEFINED)
    low, high = _wilson(sample.ratio, effective_n(sample))
    return _estimate(sample, low, high)


def count_rate(successes: int, n: int) -> Estimate:
    """`rate` for `successes` ones among n independent values, as a published table gives them."""
    if not 0 <= successes <= n:
        raise BadInputError(f"{successes} successes out of {n}; give a count between 0 and {n}.")
    return rate([1.0] * successes + [0.0] * (n - successes))


def mean(values: Values, clusters: Clusters = None, *, rng_seed: int = RNG_SEED) -> Estimate:
    """Mean of the defined values, with a bootstrap interval that resamples whole clusters.

    No interval, with a note, under 40 clusters or when all clusters agree. Never outside the range
    of the cluster means.
    """
    return _bootstrapped(mean_sample(values, clusters), rng_seed)


def pooled_ratio(
    numerators: Values, denominators: Values, clusters: Clusters = None, *, rng_seed: int = RNG_SEED
) -> Estimate:
    """Σ numerators / Σ denominators, with a bootstrap interval that resamples whole clusters.

    For example gated containment actions / containment actions. An entry with denominator 0 has
    nothing to pool and counts as undefined. Notes as for `mean`.
    """
    return _bootstrapped(ratio_sample(numerators, denominators, clusters), rng_seed)


def effective_n(sample: Sample) -> float:
    """How many independent 0/1 values the sample is worth.

    n* = [p(1-p)/(n-1) / V] · [t(n-1) / t(J-1)]² · n, with V the variance between the J clusters and
    t(df) the 97.5 % point of Student's distribution: sample size over design effect, less a price for
    estimating V from J clusters. Source: Korn and Graubard, Survey Methodology 24 (1998) 193-201;
    Wilson's limits on it: Dean and Pagano, J. Survey Statistics and Methodology 3 (2015) 484-503.
    Kept between n²/Σm² (the m values of a cluster always agree; also taken where p is 0 or 1 and V
    says nothing) and n (they are independent). Exactly n when each cluster holds one value.
    """
    n, p = sample.n, sample.ratio
    least = n * n / math.fsum(m * m for m in sample.denominators)
    if p is None or p in {0.0, 1.0} or sample.clusters < 2:
        return least
    if least == n:
        return n
    if not sample.varies:
        return n
    t = library("scipy.stats").t.ppf
    price = float(t(1 - ALPHA / 2, n - 1) / t(1 - ALPHA / 2, sample.clusters - 1)) ** 2
    return min(max(n * p * (1 - p) / (n - 1) / sample.variance * price, least), n)


def _wilson(p: float, n: float) -> tuple[float, float]:
    confint = library("statsmodels.stats.proportion").proportion_confint
    low, high = confint(p * n, n, alpha=ALPHA, method="wilson")
    return max(0.0, min(float(low), p)), min(1.0, max(float(high), p))


def _bootstrapped(sample: Sample, rng_seed: int) -> Estimate:
    if sample.ratio is None:
        return _without_interval(sample, NOTHING_DEFINED)
    if sample.clusters < MIN_CLUSTERS:
        return _without_interval(sample, TOO_FEW)
    if not sample.varies:
        return _without_interval(sample, ALL_EQUAL)
    return _estimate(sample, *_bca(sample, rng_seed))


def _bca(sample: Sample, rng_seed: int) -> tuple[float, float]:
    """Limits found on residuals over the largest of them, so that neither place nor unit matters.

    BCa counts resamples equal to the estimate by half; rounding keeps them equal.
    """
    unit = max(map(abs, sample.residuals))
    result = library("scipy.stats").bootstrap(
        ([residual / unit for residual in sample.residuals], sample.denominators),
        lambda above, below, axis: (above.sum(axis=axis) / below.sum(axis=axis)).round(12),
        paired=True,
        vectorized=True,
        n_resamples=RESAMPLES,
        batch=500,  # keeps a thousand scenarios under 10 MB
        confidence_level=1 - 2 * _widened_tail(sample.clusters),
        method="BCa",
        rng=library("numpy").random.default_rng(rng_seed),
    )
    ratio, limits = sample.ratio or 0.0, result.confidence_interval
    return ratio + unit * float(limits.low), ratio + unit * float(limits.high)


def _widened_tail(clusters: int) -> float:
    """Tail to ask of a bootstrap over so many clusters to get ALPHA/2, a little smaller than that.

    A bootstrap distribution is too narrow by √((J-1)/J) and knows no Student's t. Source: Hesterberg,
    What Teachers Should Know About the Bootstrap, The American Statistician 69 (2015) 371-386.
    """
    scipy_stats = library("scipy.stats")
    point = math.sqrt(clusters / (clusters - 1)) * scipy_stats.t.ppf(ALPHA / 2, clusters - 1)
    return float(scipy_stats.norm.cdf(point))


def _estimate(sample: Sample, low: float, high: float) -> Estimate:
    return _without_interval(sample, None).model_copy(update={"low": low, "high": high})


def _without_interval(sample: Sample, note: str | None) -> Estimate:
    return Estimate(
        value=sample.ratio,
        low=None,
        high=None,
        n=sample.n,
        clusters=sample.clusters,
        undefined=sample.undefined,
        note=note,
    )
