import math

import numpy as np
import pytest
from hypothesis import given, settings
from scipy import stats as scipy_stats

from opensec_inspect.errors import BadInputError
from opensec_inspect.stats.intervals import mean
from opensec_inspect.stats.paired import PairedTest, holm_adjusted, paired_test
from tests.stats.strategies import fifty_pairs

APPROVAL_FIRST = [1] * (794 + 150) + [0] * (86 + 570)
APPROVAL_SECOND = [1] * 794 + [0] * 150 + [1] * 86 + [0] * 570


def _with_p_value(p_value):
    return PairedTest(
        difference=mean([]),
        p_value=p_value,
        method="sign flips",
        only_first=None,
        only_second=None,
        detectable=None,
    )


def test_mcnemar_on_agresti_s_approval_ratings():
    """Agresti, Categorical Data Analysis (2nd ed. 2002), table 10.1: 150 against 86 changed sides."""
    test = paired_test(APPROVAL_FIRST, APPROVAL_SECOND)

    assert (test.method, test.only_first, test.only_second) == ("exact McNemar", 150, 86)
    assert test.difference.value == pytest.approx(-0.04)
    assert test.p_value == pytest.approx(scipy_stats.binomtest(86, 236).pvalue)
    assert test.p_value == pytest.approx(3.716e-05, abs=1e-8)


def test_ten_pairs_against_none_have_the_p_value_of_ten_equal_coin_tosses():
    test = paired_test([0] * 20, [1] * 10 + [0] * 10)

    assert test.p_value == pytest.approx(2 * 0.5**10)


def test_runs_that_never_differ_have_p_one_and_no_interval():
    test = paired_test([1] * 30 + [0] * 30, [1] * 30 + [0] * 30)

    assert (test.difference.value, test.difference.low, test.p_value) == (0.0, None, 1.0)
    # Six of sixty must disagree, all one way: the d at which Bin(60, d) reaches six in 80 %.
    assert test.detectable == pytest.approx(0.1286, abs=1e-4)


def test_a_pair_undefined_in_either_run_is_left_out_and_counted():
    test = paired_test([1, None, 0, 1], [0, 1, math.nan, 1])

    assert (test.difference.value, test.difference.n, test.difference.undefined) == (-0.5, 2, 2)
    assert (test.only_first, test.only_second) == (1, 0)


def test_without_a_common_pair_there_is_no_p_value():
    test = paired_test([1, None], [None, 0])

    assert (test.difference.value, test.p_value, test.detectable) == (None, None, None)


def test_sign_flips_of_few_values_are_all_taken():
    """Of the 2^5 ways to swap five pairs, only the one seen and its opposite are as extreme."""
    test = paired_test([1.0, 2.0, 3.0, 4.0, 5.0], [1.5, 2.7, 3.1, 4.9, 5.3])

    assert (test.method, test.p_value) == ("sign flips", 2 / 32)


def test_sign_flips_agree_with_a_paired_t_test_for_many_normal_differences():
    rng = np.random.default_rng(2)
    first = rng.normal(0.0, 1.0, 200)
    second = first + rng.normal(0.2, 1.0, 200)

    test = paired_test(first.tolist(), second.tolist())

    assert test.p_value == pytest.approx(scipy_stats.ttest_rel(first, second).pvalue, abs=0.01)
    low, high = scipy_stats.ttest_rel(second, first).confidence_interval()
    assert (test.difference.low, test.difference.high) == pytest.approx((low, high), abs=0.02)


def test_sign_flips_reduce_to_mcnemar_when_each_scenario_has_one_yes_no_pair():
    first, second = [0] * 8 + [1] * 2 + [1] * 40, [1] * 8 + [0] * 2 + [1] * 40

    mcnemar = paired_test(first, second)
    # Half of a yes is no yes/no value, so the general test is taken; the differences are halved alike.
    flips = paired_test([value / 2 for value in first], [value / 2 for value in second])

    assert (mcnemar.method, flips.method) == ("exact McNemar", "sign flips")
    assert flips.p_value == pytest.approx(mcnemar.p_value, abs=0.01)


def test_epochs_of_a_scenario_are_swapped_together():
    """Ten scenarios that agree in all four epochs are ten facts, not forty."""
    clusters = [i // 4 for i in range(40)]

    test = paired_test([0] * 40, [1] * 40, clusters)

    assert test.method == "sign flips"
    assert test.p_value == pytest.approx(2 * 0.5**10)


def test_runs_of_different_length_are_refused():
    with pytest.raises(BadInputError, match="first has 3, second has 2"):
        paired_test([1, 0, 1], [1, 0])


def test_holm_on_a_family_of_four():
    """By hand: 0.005 · 4, 0.01 · 3, 0.03 · 2 = 0.06, and 0.04 · 1 raised to the 0.06 before it."""
    tests = holm_adjusted([_with_p_value(p) for p in (0.01, 0.04, 0.03, 0.005)])

    assert [test.p_holm for test in tests] == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert [test.significant for test in tests] == [True, False, False, True]


def test_a_metric_without_a_p_value_does_not_enlarge_the_family():
    tests = holm_adjusted([_with_p_value(0.02), _with_p_value(None), _with_p_value(0.04)])

    assert [test.p_holm for test in tests] == [pytest.approx(0.04), None, pytest.approx(0.04)]


def test_a_family_without_p_values_stays_as_it_is():
    tests = (_with_p_value(None),)

    assert holm_adjusted(tests) == tests


@settings(deadline=None, max_examples=25)
@given(fifty_pairs)
def test_exchanging_the_runs_turns_the_difference_and_keeps_the_p_value(pairs):
    first, second = [a for a, _ in pairs], [b for _, b in pairs]

    there, back = paired_test(first, second), paired_test(second, first)

    assert back.difference.value == pytest.approx(-there.difference.value)
    assert back.p_value == pytest.approx(there.p_value)
    assert 0 <= there.p_value <= 1
    assert back.detectable == pytest.approx(there.detectable)


def test_one_pair_proves_nothing():
    found = paired_test([0.5], [0.25])

    assert (found.p_value, found.difference.value, found.difference.n) == (1.0, -0.25, 1)
