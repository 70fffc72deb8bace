import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opensec_inspect.stats.confidence import confidence_summary


def test_the_error_is_the_gap_of_each_bin_weighted_by_its_reports():
    """60 reports at 0.9 of which 48 are right (gap 0.1), 40 at 0.5 of which 24 are (gap -0.1): 0.1."""
    found = confidence_summary([0.9] * 60 + [0.5] * 40, [1] * 48 + [0] * 12 + [1] * 24 + [0] * 16).ece

    assert (found.value, found.n, found.clusters) == (pytest.approx(0.1), 100, 100)


def test_the_error_agrees_with_a_computation_in_numpy():
    rng = np.random.default_rng(21)
    stated = rng.beta(5, 2, 300)
    right = (rng.random(300) < stated - 0.15).astype(float)
    bins = np.digitize(stated, np.arange(1, 10) / 10)
    expected = sum(
        (bins == b).mean() * abs(stated[bins == b].mean() - right[bins == b].mean()) for b in np.unique(bins)
    )

    found = confidence_summary(stated.tolist(), right.tolist()).ece

    assert found.value == pytest.approx(expected)


def test_the_interval_of_a_calibrated_defender_reaches_zero():
    rng = np.random.default_rng(1)
    stated = rng.choice([0.6, 0.7, 0.8, 0.9], 200)
    right = (rng.random(200) < stated).astype(float)

    found = confidence_summary(stated.tolist(), right.tolist()).ece

    assert found.low == 0.0
    assert 0.0 < found.value < found.high < 0.15


def test_far_from_zero_the_interval_is_the_bootstrap_s():
    """One bin, so the error is a plain mean: compare with Student's interval of the gap."""
    rng = np.random.default_rng(2)
    right = (rng.random(400) < 0.5).astype(float)
    gap = 0.9 - right
    half = 1.966 * gap.std(ddof=1) / 20

    found = confidence_summary([0.9] * 400, right.tolist()).ece

    assert (found.low, found.high) == pytest.approx((gap.mean() - half, gap.mean() + half), abs=0.005)


def test_epochs_that_always_agree_do_not_narrow_the_interval():
    rng = np.random.default_rng(3)
    stated = rng.choice([0.7, 0.8, 0.9], 100)
    right = (rng.random(100) < 0.5).astype(float)

    once = confidence_summary(stated.tolist(), right.tolist()).ece
    fourfold = confidence_summary(
        np.repeat(stated, 4).tolist(), np.repeat(right, 4).tolist(), np.repeat(np.arange(100), 4).tolist()
    ).ece

    assert fourfold.value == pytest.approx(once.value)
    assert (fourfold.low, fourfold.high) == pytest.approx((once.low, once.high), abs=1e-3)


def test_a_hundred_reports_on_too_few_scenarios_get_no_interval():
    found = confidence_summary([0.9] * 120, [1, 0, 1] * 40, [i // 4 for i in range(120)]).ece

    assert (found.value, found.low) == (pytest.approx(0.9 - 2 / 3), None)
    assert found.note == "fewer than 40 scenarios: no interval"


@pytest.mark.parametrize(("stated", "right", "error"), [(0.9, 0, 0.9), (1.0, 1, 0.0)])
def test_reports_that_are_all_alike_get_no_interval(stated, right, error):
    found = confidence_summary([stated] * 150, [right] * 150).ece

    assert (found.value, found.low) == (pytest.approx(error), None)
    assert found.note == "all scenarios have the same value: no interval"


@settings(deadline=None, max_examples=15)
@given(
    st.lists(st.tuples(st.sampled_from([0.0, 0.3, 0.8, 0.95, 1.0]), st.sampled_from([0, 1])), min_size=20),
    st.integers(min_value=0, max_value=4),
)
def test_an_error_lies_in_its_interval_and_both_in_the_unit_range(reports, epochs):
    rows = (reports * 8)[:160]

    found = confidence_summary([c for c, _ in rows], [r for _, r in rows], [i >> epochs for i in range(160)])

    if found.ece.low is not None:
        assert 0 <= found.ece.low <= found.ece.value <= found.ece.high <= 1
