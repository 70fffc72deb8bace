"""The smallest difference between two paired runs that a sample could have shown."""

import math

from opensec_inspect.stats.intervals import ALPHA
from opensec_inspect.stats.libraries import library

POWER = 0.80
"""Chance of a significant test at the difference that is named."""


def detectable_rate_difference(pairs: int, discordant_share: float) -> float | None:
    """Smallest difference of two paired rates that exact McNemar finds in `POWER` of samples.

    Given the share of pairs in which the two runs disagree; a difference larger than that share needs
    more disagreement, all of it one way. In (0, 1]; None when even the difference 1 is not found
    (five pairs or fewer: five that agree have p = 0.0625).
    """
    if mcnemar_power(pairs, 1.0, 1.0) < POWER:
        return None

    def shortfall(difference: float) -> float:
        return mcnemar_power(pairs, difference, max(difference, discordant_share)) - POWER

    return float(library("scipy.optimize").brentq(shortfall, 1e-9, 1.0, xtol=1e-6))


def mcnemar_power(pairs: int, difference: float, discordant_share: float) -> float:
    """Probability that the exact two-sided McNemar test is significant at `ALPHA`.

    Each pair disagrees with probability `discordant_share`, in favour of one run more often than of
    the other by `difference`. Summed over the number of disagreements, without approximation.
    """
    numpy, binom = library("numpy"), library("scipy.stats").binom
    disagreeing = numpy.arange(pairs + 1)
    # Largest count of the rarer direction that is still significant; -1 where no count is.
    critical = binom.ppf(ALPHA / 2, disagreeing, 0.5)
    critical = numpy.where(binom.cdf(critical, disagreeing, 0.5) > ALPHA / 2, critical - 1, critical)
    favoured = min(1.0, (1 + difference / discordant_share) / 2)
    significant = binom.cdf(critical, disagreeing, favoured) + binom.sf(
        disagreeing - critical - 1, disagreeing, favoured
    )
    return float((binom.pmf(disagreeing, pairs, min(1.0, discordant_share)) * significant).sum())


def detectable_mean_difference(clusters: int, standard_error: float) -> float | None:
    """Smallest mean difference that a paired t test finds in `POWER` of samples of as many clusters.

    In units of the standard error's, above 0; None with fewer than three clusters, or when the
    differences do not vary.
    """
    if clusters < 3 or standard_error <= 0:
        return None
    power = library("statsmodels.stats.power").TTestPower()
    effect = power.solve_power(nobs=clusters, alpha=ALPHA, power=POWER, alternative="two-sided")
    return float(effect) * standard_error * math.sqrt(clusters)
