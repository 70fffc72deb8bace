import numpy as np
import pytest

from opensec_inspect.errors import BadInputError
from opensec_inspect.stats.confidence import confidence_summary


def test_brier_and_its_gain_are_means_of_the_two_per_report_scores():
    """(0.8 - 1)² = 0.04, (0.6 - 0)² = 0.36, (1 - 1)² = 0; gains 0.96, -0.36, 1."""
    found = confidence_summary([0.8, 0.6, 1.0], [1, 0, 1])

    assert found.stated == 3
    assert found.share_right.value == pytest.approx(2 / 3)
    assert found.brier.value == pytest.approx(0.4 / 3)
    assert found.brier_gain.value == pytest.approx(1.6 / 3)
    assert found.mean_confidence.value == pytest.approx(0.8)


def test_reports_without_confidence_or_outcome_are_counted_and_left_out():
    found = confidence_summary([0.9, None, 0.7, float("nan")], [1, 1, None, 0])

    assert (found.stated, found.brier.n, found.brier.undefined) == (1, 1, 3)
    assert (found.share_right.value, found.share_right.undefined) == (1.0, 3)


def test_bins_hold_their_lower_edge_and_the_last_holds_one():
    found = confidence_summary([0.0, 0.1, 0.3, 0.7, 0.89, 0.9, 1.0], [0] * 7)

    assert [row.right.n for row in found.bins] == [1, 1, 0, 1, 0, 0, 0, 1, 1, 2]
    assert (found.bins[0].low, found.bins[9].low, found.bins[9].high) == (0.0, 0.9, 1.0)
    assert found.bins[9].mean_confidence == pytest.approx(0.95)


def test_an_empty_bin_has_neither_confidence_nor_share_right():
    row = confidence_summary([0.95], [1]).bins[2]

    assert (row.mean_confidence, row.right.value, row.right.n) == (None, None, 0)


def test_a_bin_s_share_right_has_wilson_s_interval():
    row = confidence_summary([0.95] * 20, [1] * 20).bins[9]

    assert (row.right.value, row.right.low) == (1.0, pytest.approx(0.8389, abs=5e-5))


def test_under_a_hundred_stated_confidences_there_is_no_calibration_error():
    found = confidence_summary([0.9] * 99 + [None], [1] * 100).ece

    assert (found.value, found.low, found.n, found.undefined) == (None, None, 99, 1)
    assert found.note == "needs 100 stated confidences, has 99"


def test_the_whole_summary_does_not_depend_on_the_order_of_reports():
    rng = np.random.default_rng(12)
    stated = rng.choice([0.5, 0.7, 0.9], 160)
    right = (rng.random(160) < 0.6).astype(float)
    clusters = np.repeat(np.arange(40), 4)
    order = rng.permutation(160)

    found = confidence_summary(stated.tolist(), right.tolist(), clusters.tolist())
    shuffled = confidence_summary(stated[order].tolist(), right[order].tolist(), clusters[order].tolist())

    assert shuffled == found


def test_an_empty_run_has_an_undefined_summary():
    found = confidence_summary([], [])

    assert (found.stated, found.brier.value, found.ece.value) == (0, None, None)


@pytest.mark.parametrize(
    ("confidence", "right", "words"),
    [
        (90, 1, r"confidence=90\.0 is no probability; give one between 0 and 1"),
        (0.9, 0.5, r"right=0\.5 is neither 0 nor 1"),
        ("high", 1, "'high' is not a number"),
    ],
)
def test_a_report_that_cannot_be_judged_is_refused(confidence, right, words):
    with pytest.raises(BadInputError, match=words):
        confidence_summary([confidence], [right])


def test_as_many_outcomes_as_confidences_are_needed():
    with pytest.raises(BadInputError, match="confidences has 2, rights has 1"):
        confidence_summary([0.5, 0.6], [1])
