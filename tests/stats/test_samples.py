import math

import pytest

from opensec_inspect.errors import BadInputError
from opensec_inspect.stats.samples import mean_sample, ratio_sample


def test_undefined_values_are_counted_and_never_averaged():
    sample = mean_sample([1.0, None, float("nan"), 3.0])

    assert (sample.ratio, sample.n, sample.undefined) == (2.0, 2, 2)


def test_nothing_defined_has_no_mean():
    sample = mean_sample([None, None], ["a", "a"])

    assert (sample.ratio, sample.n, sample.clusters, sample.undefined) == (None, 0, 0, 2)


def test_epochs_of_one_scenario_are_gathered_in_its_cluster():
    sample = mean_sample([1, 0, 1, 5], ["s1", "s1", "s1", "s2"])

    assert (sample.numerators, sample.denominators) == ((2.0, 5.0), (3.0, 1.0))


def test_a_cluster_without_a_defined_value_is_no_cluster():
    sample = mean_sample([1, None, 0], ["s1", "s2", "s3"])

    assert sample.clusters == 2


def test_an_entry_with_denominator_zero_has_nothing_to_pool():
    sample = ratio_sample([1, 0, 2], [2, 0, 2])

    assert (sample.ratio, sample.n, sample.undefined) == (0.75, 2, 1)


def test_the_variance_between_single_values_is_that_of_a_mean():
    sample = mean_sample([1.0, 2.0, 3.0, 6.0])

    # Mean 3, squares of the deviations 4 + 1 + 0 + 9 = 14; 14 / 3 / 4.
    assert sample.variance == pytest.approx(1.1666667)


@pytest.mark.parametrize(
    ("numerator", "denominator", "words"),
    [
        ("many", 1, "'many' is not a number"),
        (math.inf, 1, "inf is not a finite number"),
        (1, 0, "1 out of 0 is no share"),
        (1, -2, "1 out of -2 is no share"),
    ],
)
def test_an_entry_that_is_no_ratio_is_refused_with_its_value(numerator, denominator, words):
    with pytest.raises(BadInputError, match=words):
        ratio_sample([numerator], [denominator])


def test_columns_of_different_length_are_refused_with_their_lengths():
    with pytest.raises(BadInputError, match="numerators has 2, denominators has 2, clusters has 1"):
        mean_sample([1, 0], ["a"])
