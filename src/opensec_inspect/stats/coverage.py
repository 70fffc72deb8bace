"""How often the intervals hold the truth: `python -m opensec_inspect.stats.coverage PART`.

Nothing of the package imports this; its tables are in `docs/statistics.md`.
"""

from collections.abc import Callable, Iterator
from typing import Any

import click

from opensec_inspect.frozen import Frozen
from opensec_inspect.stats.confidence import confidence_summary
from opensec_inspect.stats.intervals import RNG_SEED, Estimate, count_rate, mean, rate
from opensec_inspect.stats.libraries import library


class Population(Frozen):
    """Values and how often each occurs; scenarios are drawn from it."""

    name: str
    """What the values stand for, example "blast radius"."""
    values: tuple[float, ...]
    """The values, example (0.0, 1.0)."""
    shares: tuple[float, ...]
    """How often each occurs; they sum to 1."""

    @property
    def mean(self) -> float:
        """The true mean."""
        return sum(value * share for value, share in zip(self.values, self.shares, strict=True))


class Design(Frozen):
    """How a run draws: scenarios, epochs of each, how alike epochs are, how many values are missing."""

    scenarios: int
    """Independent scenarios, example 40."""
    epochs: int = 1
    """Epochs of each scenario."""
    correlation: float = 0.0
    """Between two epochs of one scenario, in [0, 1]."""
    undefined_share: float = 0.0
    """Share of values that are undefined, at random."""


class Coverage(Frozen):
    """How often intervals held the truth."""

    covered: float | None
    """Share of intervals that held the truth; None when there was none."""
    without: float
    """Share of runs that got no interval."""
    mean_value: float
    """Mean of the estimates, to hold against the truth."""


YES_NO = tuple(
    Population(name=f"p = {p}", values=(0.0, 1.0), shares=(round(1 - p, 1), p))
    for p in (0.1, 0.2, 0.3, 0.4, 0.5)
)
"""Up to one half: the interval for 1 - p is that for p mirrored (a test shows it)."""

SPREAD = (
    Population(
        name="TTFC",
        values=tuple(float(step) for step in range(15)),
        shares=tuple(0.8**step * 0.2 / (1 - 0.8**15) for step in range(15)),
    ),
    Population(name="EGAR", values=(0.0, 1 / 3, 0.5, 2 / 3, 1.0), shares=(0.05, 0.05, 0.1, 0.2, 0.6)),
    Population(
        name="EGAR near 1", values=(0.0, 1 / 3, 0.5, 2 / 3, 1.0), shares=(0.02, 0.02, 0.03, 0.03, 0.9)
    ),
    Population(name="blast radius", values=(0.0, 0.5, 1.0, 2.0, 3.0), shares=(0.55, 0.15, 0.15, 0.1, 0.05)),
    Population(
        name="blast radius, mostly 0", values=(0.0, 0.5, 1.0, 2.0, 3.0), shares=(0.85, 0.05, 0.05, 0.03, 0.02)
    ),
    Population(name="paired difference", values=(-1.0, 0.0, 1.0), shares=(0.05, 0.737, 0.213)),
)
"""Shapes like those of the metrics, two of them extreme."""

EPOCH_DESIGNS = (
    Design(scenarios=0, epochs=2, correlation=0.5),
    Design(scenarios=0, epochs=4, correlation=0.0),
    Design(scenarios=0, epochs=4, correlation=0.3),
    Design(scenarios=0, epochs=4, correlation=0.7),
    Design(scenarios=0, epochs=4, correlation=1.0),
    Design(scenarios=0, epochs=4, correlation=0.5, undefined_share=0.3),
)
"""`scenarios` is filled in from SIZES."""

SIZES = (40, 80, 160)


def exact_rate_coverage(n: int, *, points: int = 801) -> tuple[tuple[float, float], ...]:
    """Pairs (p, coverage) of `rate` on n independent values, 0.1 ≤ p ≤ 0.9, summed, not simulated."""
    numpy, binom = library("numpy"), library("scipy.stats").binom
    found = [count_rate(successes, n) for successes in range(n + 1)]
    ps = numpy.linspace(0.1, 0.9, points)
    covered = numpy.zeros(points)
    for successes, estimate in enumerate(found):
        held = (estimate.low <= ps) & (ps <= estimate.high)
        covered += binom.pmf(successes, n, ps) * held
    return tuple((float(p), float(share)) for p, share in zip(ps, covered, strict=True))


def simulated_coverage(
    population: Population,
    design: Design,
    *,
    runs: int,
    rng_seed: int = RNG_SEED,
    as_if_independent: bool = False,
) -> Coverage:
    """Coverage of `rate` for a 0/1 population, of `mean` for any other.

    `as_if_independent` hides from the interval which epochs belong together, to show what that costs.
    """
    interval: Callable[..., Estimate] = rate if set(population.values) == {0.0, 1.0} else mean
    rng = library("numpy").random.default_rng(rng_seed)
    clusters = [scenario for scenario in range(design.scenarios) for _ in range(design.epochs)]

    def estimates() -> Iterator[Estimate]:
        for _ in range(runs):
            yield interval(_drawn(population, design, rng), None if as_if_independent else clusters)

    return _coverage(estimates(), population.mean)


def simulated_ece_coverage(*, reports: int, gap: float, runs: int, rng_seed: int = RNG_SEED) -> Coverage:
    """Coverage of the calibration error of a defender that is right `gap` less often than it says.

    Confidences in steps of 0.05, as language models state them, so that the true error is `gap`.
    """
    rng = library("numpy").random.default_rng(rng_seed)

    def estimates() -> Iterator[Estimate]:
        for _ in range(runs):
            stated = rng.choice((0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95), size=reports)
            right = rng.random(reports) < stated - gap
            yield confidence_summary(stated.tolist(), right.astype(float).tolist()).ece

    return _coverage(estimates(), gap)


def _drawn(population: Population, design: Design, rng: Any) -> list[float]:
    """One value per scenario and epoch; an epoch repeats its scenario's own value or draws afresh."""
    shape = (design.scenarios, design.epochs)
    own = rng.choice(population.values, p=population.shares, size=(design.scenarios, 1))
    fresh = rng.choice(population.values, p=population.shares, size=shape)
    # Two epochs are correlated when both repeat, so each does with the root of the correlation.
    repeats = rng.random(shape) < design.correlation**0.5
    values = library("numpy").where(repeats, own, fresh)
    values[rng.random(shape) < design.undefined_share] = float("nan")
    return [float(value) for value in values.ravel()]


def _coverage(estimates: Iterator[Estimate], truth: float) -> Coverage:
    values, held = [], []
    for estimate in estimates:
        if estimate.value is not None:
            values.append(estimate.value)
        if estimate.low is not None and estimate.high is not None:
            held.append(estimate.low - 1e-12 <= truth <= estimate.high + 1e-12)
    return Coverage(
        covered=sum(held) / len(held) if held else None,
        without=1 - len(held) / len(values),
        mean_value=sum(values) / len(values),
    )


def _exact_table() -> Iterator[tuple[str, ...]]:
    yield ("n", "least", "at p", "most", "at p", "mean", "share of p within 93-97 %")
    for n in (40, 45, 50, 60, 80, 100, 160, 200, 400):
        pairs = exact_rate_coverage(n)
        (p_least, least), (p_most, most) = (pick(pairs, key=lambda pair: pair[1]) for pick in (min, max))
        average = sum(share for _, share in pairs) / len(pairs)
        within = sum(0.93 <= share <= 0.97 for _, share in pairs) / len(pairs)
        yield (
            str(n),
            _percent(least),
            f"{p_least:.3f}",
            _percent(most),
            f"{p_most:.3f}",
            _percent(average),
            _percent(within),
        )


def _simulated_table(
    populations: tuple[Population, ...], designs: tuple[Design, ...], runs: int, rng_seed: int
) -> Iterator[tuple[str, ...]]:
    yield ("values", "epochs", "correlation", "undefined", *(f"{size} scenarios" for size in SIZES))
    for population in populations:
        for design in designs:
            cells = []
            for size in SIZES:
                sized = design.model_copy(update={"scenarios": size})
                cells.append(simulated_coverage(population, sized, runs=runs, rng_seed=rng_seed))
            yield (
                population.name,
                str(design.epochs),
                f"{design.correlation:g}",
                f"{design.undefined_share:g}",
                *(_percent(cell.covered) for cell in cells),
            )


def _ece_table(runs: int, rng_seed: int) -> Iterator[tuple[str, ...]]:
    sizes = (100, 200, 400)
    yield ("true error", *(f"{size} reports: {what}" for size in sizes for what in ("covered", "mean shown")))
    for gap in (0.0, 0.05, 0.1, 0.2, 0.3):
        cells = [simulated_ece_coverage(reports=n, gap=gap, runs=runs, rng_seed=rng_seed) for n in sizes]
        texts = ((_percent(cell.covered), f"{cell.mean_value:.3f}") for cell in cells)
        yield (f"{gap:g}", *(text for pair in texts for text in pair))


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"


@click.command()
@click.argument("part", type=click.Choice(["rates", "epochs", "means", "ece"]))
@click.option("--runs", default=2000, show_default=True, help="Simulated runs per cell.")
@click.option("--rng-seed", default=RNG_SEED, show_default=True, help="Seed of the simulation.")
def main(part: str, runs: int, rng_seed: int) -> None:
    """Print a table of the coverage of the 95 % intervals, in Markdown."""
    one_epoch = (Design(scenarios=0),)
    tables: dict[str, Callable[[], Iterator[tuple[str, ...]]]] = {
        "rates": _exact_table,
        "epochs": lambda: _simulated_table(YES_NO, EPOCH_DESIGNS, runs, rng_seed),
        "means": lambda: _simulated_table(SPREAD, one_epoch + EPOCH_DESIGNS[3:4], runs, rng_seed),
        "ece": lambda: _ece_table(runs, rng_seed),
    }
    for number, row in enumerate(tables[part]()):
        click.echo("| " + " | ".join(row) + " |")
        if number == 0:
            click.echo("|" + " --- |" * len(row))


if __name__ == "__main__":
    main()
