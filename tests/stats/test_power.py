import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as scipy_stats
from statsmodels.stats.power import tt_solve_power

from opensec_inspect.stats.power import (
    detectable_mean_difference,
    detectable_rate_difference,
    mcnemar_power,
)


def test_mcnemar_power_agrees_with_simulated_samples():
    """Pairs drawn one by one and tested with scipy's binomial test."""
    rng = np.random.default_rng(6)
    draws = rng.multinomial(60, (0.25, 0.05, 0.70), size=4000)
    p_values = {(b, c): scipy_stats.binomtest(int(b), int(b + c)).pvalue for b, c, _ in draws if b + c}
    share = np.mean([p_values.get((b, c), 1.0) <= 0.05 for b, c, _ in draws])

    assert mcnemar_power(60, 0.20, 0.30) == pytest.approx(share, abs=0.02)


def test_mcnemar_power_at_no_difference_stays_under_the_level():
    assert 0.0 < mcnemar_power(80, 0.0, 0.3) <= 0.05


def test_eighty_five_pairs_show_fifteen_points_when_a_quarter_disagrees():
    """Connor's formula (Biometrics 43, 1987) asks 85 pairs for 0.20 against 0.05; exact needs a bit more."""
    assert detectable_rate_difference(85, 0.25) == pytest.approx(0.155, abs=0.001)


def test_the_detectable_difference_has_eighty_percent_power():
    difference = detectable_rate_difference(120, 0.2)

    assert mcnemar_power(120, difference, 0.2) == pytest.approx(0.8, abs=1e-3)


def test_runs_that_agree_everywhere_could_still_have_shown_a_difference():
    """160 pairs: at least six must disagree, all one way; Bin(160, d) reaches 6 in 80 % at d = 0.049."""
    difference = detectable_rate_difference(160, 0.0)

    assert difference == pytest.approx(0.049, abs=5e-4)
    assert scipy_stats.binom.sf(5, 160, difference) == pytest.approx(0.8, abs=1e-3)


@pytest.mark.parametrize("pairs", [0, 1, 5])
def test_five_pairs_can_show_nothing(pairs):
    assert detectable_rate_difference(pairs, 0.5) is None


@settings(deadline=None, max_examples=25)
@given(st.integers(min_value=6, max_value=300), st.floats(min_value=0.0, max_value=1.0))
def test_a_detectable_rate_difference_exists_and_shrinks_with_more_pairs(pairs, discordant_share):
    few = detectable_rate_difference(pairs, discordant_share)
    many = detectable_rate_difference(2 * pairs, discordant_share)

    assert 0 < many < few <= 1


def test_the_detectable_mean_difference_is_that_of_a_paired_t_test():
    effect = tt_solve_power(nobs=50, alpha=0.05, power=0.8)

    assert detectable_mean_difference(50, 0.3) == pytest.approx(effect * 0.3 * 50**0.5)
    assert detectable_mean_difference(50, 0.3) == pytest.approx(0.857, abs=0.001)


@pytest.mark.parametrize(("clusters", "standard_error"), [(0, 1.0), (2, 1.0), (50, 0.0)])
def test_too_few_or_constant_differences_have_no_detectable_mean(clusters, standard_error):
    assert detectable_mean_difference(clusters, standard_error) is None
