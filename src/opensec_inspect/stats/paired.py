"""Two runs on the same scenarios: their difference, a test of it, and what the sample could show."""

from collections.abc import Sequence
from typing import Literal

from opensec_inspect.frozen import Frozen
from opensec_inspect.stats.intervals import ALPHA, RNG_SEED, Estimate, mean
from opensec_inspect.stats.libraries import library
from opensec_inspect.stats.power import detectable_mean_difference, detectable_rate_difference
from opensec_inspect.stats.samples import Clusters, Sample, Values, check_lengths, defined, mean_sample

PERMUTATIONS = 9999
"""Sign flips drawn for a test; all of them are taken where there are no more (13 clusters)."""


class PairedTest(Frozen):
    """What two runs on the same scenarios say about one metric."""

    difference: Estimate
    """Mean of second minus first over the pairs in which both are defined."""
    p_value: float | None
    """Two-sided, under the hypothesis that the runs could be swapped; None without a pair."""
    p_holm: float | None = None
    """`p_value` after Holm over a family of metrics, see `holm_adjusted`; None before that."""
    method: Literal["exact McNemar", "sign flips"]
    """Test behind `p_value`: McNemar for 0/1 with one pair per cluster, else sign flips."""
    only_first: int | None
    """Pairs that are 1 in the first run only, for exact McNemar; else None."""
    only_second: int | None
    """Pairs that are 1 in the second run only, for exact McNemar; else None."""
    detectable: float | None
    """Smallest difference that this sample shows with 80 % power at 5 %, before Holm; None if none."""

    @property
    def significant(self) -> bool:
        """Whether the p-value, after Holm where it was done, is at most 5 %."""
        p_value = self.p_value if self.p_holm is None else self.p_holm
        return p_value is not None and p_value <= ALPHA


def paired_test(
    first: Values, second: Values, clusters: Clusters = None, *, rng_seed: int = RNG_SEED
) -> PairedTest:
    """Compare entry by entry: `first[i]` and `second[i]` are the same scenario, epoch for epoch.

    Exact McNemar where every value is 0 or 1 and no cluster has two pairs; otherwise the same test in
    general form: the sum of the differences against random swaps of the two runs, whole clusters at
    a time. The difference has the paired bootstrap interval of `mean`.
    """
    check_lengths(first=first, second=second, clusters=clusters)
    pairs = [_pair(a, b) for a, b in zip(first, second, strict=True)]
    differences = [None if pair is None else pair[1] - pair[0] for pair in pairs]
    sample = mean_sample(differences, clusters)
    difference = mean(differences, clusters, rng_seed=rng_seed)
    complete = [pair for pair in pairs if pair is not None]
    if sample.clusters == sample.n and all(value in {0.0, 1.0} for pair in complete for value in pair):
        return _mcnemar(difference, complete)
    return PairedTest(
        difference=difference,
        p_value=_sign_flip_p_value(sample, rng_seed),
        method="sign flips",
        only_first=None,
        only_second=None,
        detectable=detectable_mean_difference(sample.clusters, sample.variance**0.5),
    )


def holm_adjusted(tests: Sequence[PairedTest]) -> tuple[PairedTest, ...]:
    """The tests of one family with `p_holm` filled in; tests without a p-value are no part of it.

    Source: Holm, Scandinavian Journal of Statistics 6 (1979) 65-70.
    """
    p_values = [test.p_value for test in tests if test.p_value is not None]
    if not p_values:
        return tuple(tests)
    adjusted = library("statsmodels.stats.multitest").multipletests(p_values, ALPHA, method="holm")[1]
    remaining = iter(adjusted)
    return tuple(
        test if test.p_value is None else test.model_copy(update={"p_holm": float(next(remaining))})
        for test in tests
    )


def _pair(first: float | None, second: float | None) -> tuple[float, float] | None:
    a, b = defined(first), defined(second)
    return None if a is None or b is None else (a, b)


def _mcnemar(difference: Estimate, pairs: list[tuple[float, float]]) -> PairedTest:
    only_first, only_second = pairs.count((1.0, 0.0)), pairs.count((0.0, 1.0))
    table = [[pairs.count((1.0, 1.0)), only_first], [only_second, pairs.count((0.0, 0.0))]]
    test = library("statsmodels.stats.contingency_tables").mcnemar(table, exact=True)
    share = (only_first + only_second) / len(pairs) if pairs else 0.0
    return PairedTest(
        difference=difference,
        p_value=float(test.pvalue) if pairs else None,
        method="exact McNemar",
        only_first=only_first,
        only_second=only_second,
        detectable=detectable_rate_difference(len(pairs), share),
    )


def _sign_flip_p_value(sample: Sample, rng_seed: int) -> float | None:
    if not sample.clusters:
        return None
    if sample.clusters == 1 or not any(sample.numerators):
        return 1.0  # one difference is as far from 0 either way round
    test = library("scipy.stats").permutation_test(
        (sample.numerators,),
        lambda differences, axis: abs(differences.sum(axis=axis)),
        permutation_type="samples",
        alternative="greater",
        vectorized=True,
        n_resamples=PERMUTATIONS,
        batch=1000,  # keeps a thousand scenarios under 10 MB
        rng=library("numpy").random.default_rng(rng_seed),
    )
    return float(test.pvalue)
