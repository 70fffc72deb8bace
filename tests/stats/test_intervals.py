import math

import numpy as np
import pytest
import statsmodels.api
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as scipy_stats

from opensec_inspect.errors import BadInputError
from opensec_inspect.stats.intervals import count_rate, effective_n, mean, pooled_ratio, rate
from opensec_inspect.stats.samples import mean_sample
from tests.stats.strategies import fifty_means, spread, yes_no_rows


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_limits_are_those_of_newcombe_1998(successes, n, low, high):
    """Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, the score method."""
    estimate = count_rate(successes, n)

    assert (estimate.low, estimate.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_a_rate_of_all_or_nothing_keeps_an_interval():
    assert count_rate(0, 20).low == 0.0
    assert count_rate(20, 20).high == 1.0
    assert count_rate(20, 20).low == pytest.approx(0.8389, abs=5e-5)


def test_a_rate_of_undefined_values_alone_is_undefined():
    estimate = rate([None, float("nan")])

    assert (estimate.value, estimate.low, estimate.n, estimate.undefined) == (None, None, 0, 2)
    assert estimate.note == "no defined value"


def test_a_value_that_is_neither_yes_nor_no_is_refused():
    with pytest.raises(BadInputError, match=r"0\.5 is not 0 or 1"):
        rate([1, 0.5])


def test_more_successes_than_trials_are_refused():
    with pytest.raises(BadInputError, match="7 successes out of 5; give a count between 0 and 5"):
        count_rate(7, 5)


def test_effective_n_follows_the_cluster_robust_variance_of_a_regression():
    """Design effect from statsmodels' clustered standard error of an intercept, then Korn-Graubard."""
    rng = np.random.default_rng(5)
    clusters = np.repeat(np.arange(40), 4)
    values = (rng.random(160) < np.repeat(rng.beta(1.2, 1.8, 40), 4)).astype(float)
    fit = statsmodels.api.OLS(values, np.ones(160)).fit(cov_type="cluster", cov_kwds={"groups": clusters})
    p, price = values.mean(), scipy_stats.t.ppf(0.975, 159) / scipy_stats.t.ppf(0.975, 39)
    expected = 160 * p * (1 - p) / 159 / fit.bse[0] ** 2 * price**2

    found = effective_n(mean_sample(values.tolist(), clusters.tolist()))

    assert 40 < found < 160
    assert found == pytest.approx(expected)


def test_epochs_that_always_agree_are_worth_one_value_per_scenario():
    values, clusters = [1, 1, 1, 1, 0, 0, 0, 0] * 20, [i // 4 for i in range(160)]

    estimate = rate(values, clusters)

    assert effective_n(mean_sample(values, clusters)) == pytest.approx(40)
    assert (estimate.low, estimate.high) == pytest.approx((count_rate(20, 40).low, count_rate(20, 40).high))


def test_epochs_of_a_rate_without_failures_count_as_one_value_per_scenario():
    """Where all is 1 the epochs cannot show how alike they are, so the cautious end is taken."""
    estimate = rate([1] * 160, [i // 4 for i in range(160)])

    assert estimate.low == pytest.approx(count_rate(40, 40).low)


def test_epochs_never_count_for_more_than_as_many_scenarios():
    values, clusters = [1, 0] * 80, [i // 4 for i in range(160)]

    assert effective_n(mean_sample(values, clusters)) == 160


@given(yes_no_rows)
def test_a_rate_lies_in_its_interval_and_both_in_the_unit_range(rows):
    estimate = rate([value for value, _ in rows], [cluster for _, cluster in rows])

    if estimate.value is not None:
        assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1
        assert estimate.n + estimate.undefined == len(rows)


@given(yes_no_rows, st.randoms())
def test_the_order_of_rows_does_not_change_a_rate(rows, random):
    shuffled = random.sample(rows, len(rows))

    assert rate(*map(list, zip(*rows, strict=True))) == rate(*map(list, zip(*shuffled, strict=True)))


@given(st.lists(st.sampled_from([0, 1, None]), min_size=1, max_size=60))
def test_one_value_per_cluster_gives_the_plain_interval(values):
    assert rate(values, list(range(len(values)))) == rate(values)


@given(yes_no_rows)
def test_the_interval_of_failures_mirrors_that_of_successes(rows):
    values, clusters = [value for value, _ in rows], [cluster for _, cluster in rows]

    found = rate(values, clusters)
    mirrored = rate([None if v is None else 1 - v for v in values], clusters)

    if found.value is not None:
        assert (mirrored.low, mirrored.high) == pytest.approx((1 - found.high, 1 - found.low), abs=1e-9)


def test_a_bootstrap_interval_agrees_with_scipy_called_directly():
    """For 50 scenarios Hesterberg's widening asks scipy for 95.76 %; the random stream is another."""
    values = np.random.default_rng(8).exponential(3.0, 50)
    expected = scipy_stats.bootstrap(
        (values,), np.mean, confidence_level=0.95764, n_resamples=20000, rng=np.random.default_rng(1)
    ).confidence_interval

    found = mean(values.tolist())

    assert found.value == pytest.approx(values.mean())
    assert (found.low, found.high) == (
        pytest.approx(expected.low, abs=0.05),
        pytest.approx(expected.high, abs=0.05),
    )


def test_a_bootstrap_interval_of_normal_values_is_close_to_student_s():
    values = np.random.default_rng(3).normal(10.0, 2.0, 200)
    low, high = scipy_stats.t.interval(0.95, 199, loc=values.mean(), scale=scipy_stats.sem(values))

    found = mean(values.tolist())

    assert (found.low, found.high) == (pytest.approx(low, abs=0.03), pytest.approx(high, abs=0.03))


def test_repeating_every_value_as_a_second_epoch_does_not_narrow_the_interval():
    values = np.random.default_rng(4).exponential(3.0, 60).tolist()

    once = mean(values)
    twice = mean(values + values, list(range(60)) * 2)

    assert (twice.low, twice.high) == pytest.approx((once.low, once.high))
    assert (once.n, once.clusters, twice.n, twice.clusters) == (60, 60, 120, 60)


def test_fewer_than_forty_scenarios_get_their_n_and_no_bootstrap_interval():
    estimate = mean([float(i % 7) for i in range(156)], [i // 4 for i in range(156)])

    assert (estimate.low, estimate.high, estimate.n, estimate.clusters) == (None, None, 156, 39)
    assert estimate.note == "fewer than 40 scenarios: no interval"


def test_values_that_are_all_equal_get_no_bootstrap_interval():
    estimate = mean([0.1] * 90, [i // 2 for i in range(90)])

    assert (estimate.value, estimate.low, estimate.n) == (pytest.approx(0.1), None, 90)
    assert estimate.note == "all scenarios have the same value: no interval"


def test_a_pooled_ratio_weighs_scenarios_by_what_they_count():
    estimate = pooled_ratio([3, 0, 1], [3, 1, 4])

    assert estimate.value == 0.5


def test_a_pooled_ratio_s_interval_agrees_with_resampling_by_hand():
    """Percentiles of 20,000 resamples of whole scenarios, from numpy alone."""
    rng = np.random.default_rng(11)
    actions = rng.integers(0, 4, 120)
    gated = rng.binomial(actions, 0.7)
    held = actions > 0
    picks = rng.integers(0, held.sum(), (20000, held.sum()))
    ratios = gated[held][picks].sum(axis=1) / actions[held][picks].sum(axis=1)

    found = pooled_ratio(gated.tolist(), actions.tolist())

    assert found.undefined == int((~held).sum())
    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(ratios, [0.025, 0.975])), abs=0.015)


@settings(deadline=None, max_examples=25)
@given(fifty_means)
def test_a_mean_lies_in_its_interval_within_the_range_of_the_values(values):
    estimate = mean(values)

    if estimate.low is not None:
        assert not math.isnan(estimate.low + estimate.high)
        assert estimate.low <= estimate.value <= estimate.high
        assert min(values) - 1e-9 <= estimate.low
        assert estimate.high <= max(values) + 1e-9


@settings(deadline=None, max_examples=15)
@given(fifty_means, st.randoms())
def test_neither_order_nor_names_of_scenarios_change_a_mean_or_its_interval(values, random):
    shuffled = random.sample(values, len(values))

    assert mean(shuffled, [f"s{i}" for i in range(50)]) == mean(values)


@settings(deadline=None, max_examples=15)
@given(fifty_means, spread)
def test_shifting_all_values_shifts_the_interval(values, shift):
    found, shifted = mean(values), mean([value + shift for value in values])

    if found.low is not None and shifted.low is not None:
        assert (shifted.low, shifted.high) == pytest.approx((found.low + shift, found.high + shift), abs=1e-6)


def test_the_same_numbers_and_seed_give_the_same_interval_and_another_seed_nearly():
    values = [float(i % 9) for i in range(80)]

    assert mean(values) == mean(values)
    assert mean(values, rng_seed=1).low == pytest.approx(mean(values).low, abs=0.1)
    assert mean(values, rng_seed=1) != mean(values)
