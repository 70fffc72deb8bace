"""The recorded simulation in small: a few thousand runs with a fixed seed."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from opensec_inspect.stats.coverage import (
    SPREAD,
    YES_NO,
    Design,
    exact_rate_coverage,
    main,
    simulated_coverage,
    simulated_ece_coverage,
)


@pytest.mark.parametrize("n", [55, 80, 160])
def test_wilson_covers_93_to_97_percent_everywhere_from_55_scenarios_on(n):
    shares = [share for _, share in exact_rate_coverage(n, points=161)]

    assert min(shares) >= 0.93
    assert max(shares) <= 0.97


def test_at_40_scenarios_the_steps_of_the_binomial_leave_the_band_by_less_than_half_a_point():
    shares = [share for _, share in exact_rate_coverage(40, points=801)]

    assert min(shares) == pytest.approx(0.9283, abs=5e-5)
    assert max(shares) == pytest.approx(0.9734, abs=5e-5)
    assert sum(shares) / len(shares) == pytest.approx(0.951, abs=5e-4)


@pytest.mark.parametrize("population", YES_NO[::2], ids=lambda population: population.name)
@pytest.mark.parametrize(
    "design",
    [
        Design(scenarios=40, epochs=4, correlation=0.0),
        Design(scenarios=40, epochs=4, correlation=0.5),
        Design(scenarios=40, epochs=4, correlation=0.5, undefined_share=0.3),
    ],
)
def test_rates_over_epochs_cover_93_to_97_percent(population, design):
    found = simulated_coverage(population, design, runs=1000)

    # Two standard errors of a share near 0.95 over 1000 runs are 0.014.
    assert 0.93 - 0.014 <= found.covered <= 0.97 + 0.014
    assert found.without == 0.0


def test_ignoring_epochs_would_cover_far_too_rarely():
    """The check of the check: four alike epochs taken for four scenarios."""
    alike = Design(scenarios=40, epochs=4, correlation=1.0)

    honest = simulated_coverage(YES_NO[3], alike, runs=400)
    blind = simulated_coverage(YES_NO[3], alike, runs=400, as_if_independent=True)

    assert honest.covered > 0.93
    assert blind.covered < 0.75


@pytest.mark.parametrize("population", [SPREAD[0], SPREAD[3]], ids=lambda population: population.name)
def test_means_cover_93_to_97_percent(population):
    found = simulated_coverage(population, Design(scenarios=60, epochs=2, correlation=0.5), runs=200)

    # Two standard errors over 200 runs are 0.031.
    assert 0.93 - 0.031 <= found.covered <= 0.97 + 0.031


def test_the_interval_of_a_calibration_error_holds_a_true_zero():
    """Its estimate does not: of 100 reports chance alone makes an error of about 0.07."""
    found = simulated_ece_coverage(reports=100, gap=0.0, runs=40)

    assert found.covered >= 0.8
    assert found.mean_value == pytest.approx(0.072, abs=0.01)


def test_estimates_of_a_mean_are_on_the_mark():
    found = simulated_coverage(SPREAD[3], Design(scenarios=40, epochs=4, correlation=0.5), runs=200)

    # 0.075 + 0.15 + 0.2 + 0.15.
    assert found.mean_value == pytest.approx(0.575, abs=0.02)


def test_runs_without_an_interval_are_counted_apart():
    found = simulated_coverage(SPREAD[4], Design(scenarios=39), runs=5)

    assert (found.without, found.covered) == (1.0, None)


def test_the_command_prints_a_table_in_markdown():
    done = CliRunner().invoke(main, ["epochs", "--runs", "1"])

    lines = done.output.splitlines()
    assert lines[0] == (
        "| values | epochs | correlation | undefined | 40 scenarios | 80 scenarios | 160 scenarios |"
    )
    assert len(lines) == 2 + 5 * 6


def test_the_recorded_table_of_exact_coverage_is_what_the_command_prints():
    recorded = (Path(__file__).parents[2] / "docs" / "statistics.md").read_text(encoding="utf-8")

    done = CliRunner().invoke(main, ["rates"])

    assert done.output in recorded


def test_an_unknown_part_is_refused_with_the_parts_there_are():
    done = CliRunner().invoke(main, ["medians"])

    assert done.exit_code == 2
    assert "'rates', 'epochs', 'means', 'ece'" in done.output
