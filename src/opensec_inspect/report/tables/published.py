"""A v1 run beside the published results; no other run may stand there."""

from opensec_inspect.report.metrics.metrics import METRICS, Metric, estimated, incident_rate
from opensec_inspect.report.metrics.variants import Variant, level_of
from opensec_inspect.report.tables.table import Cell, Column, Table
from opensec_inspect.report.tables.wording import level_words
from opensec_inspect.stats import Estimate, count_rate
from opensec_inspect.v1.edge.published_results import (
    PUBLISHED,
    PUBLISHED_EPISODES,
    PUBLISHED_SOURCE,
    PublishedResult,
)

COMPARED: tuple[Metric, ...] = (
    METRICS["contained"],
    METRICS["false_positive"],
    METRICS["egar_v1"],
    METRICS["ttfc"],
    METRICS["blast_radius"],
    *(incident_rate(f"violated_{tier}", f"violated {tier}") for tier in ("t1", "t2", "t3")),
    METRICS["reward"],
)
"""Columns of the published table, in its order."""


def published_table(found: tuple[Variant, ...]) -> Table | None:
    """The v1 variants and below them the published rows; None without a v1 variant."""
    own = [variant for variant in found if variant.runs[0].rules == "v1"]
    if not own:
        return None
    words = [Column(name=name, label=name) for name in ("model", "variant", "level")]
    columns = [*words, *(Column(name=m.name, label=m.label, unit=m.unit) for m in COMPARED)]
    rows = [*map(_own_row, own), *map(_published_row, PUBLISHED)]
    note = (
        f"Published: {PUBLISHED_SOURCE}, {PUBLISHED_EPISODES} standard scenarios each, one epoch; intervals"
        " of its rates are computed here from the counts. Violations are shares of all episodes."
    )
    return Table(
        title="Beside the published results", columns=tuple(columns), rows=tuple(rows), notes=(note,)
    )


def _own_row(variant: Variant) -> tuple[Cell, ...]:
    level = level_words(level_of(variant.records, "v1"))
    return (
        variant.model,
        variant.name,
        level,
        *(estimated(metric, variant.records) for metric in COMPARED),
    )


def _published_row(result: PublishedResult) -> tuple[Cell, ...]:
    numbers: list[Cell] = []
    for metric in COMPARED:
        value: float = getattr(result, metric.name)
        exact = metric.name in ("contained", "false_positive")
        numbers.append(_counted(value) if exact else value)
    return (result.model, "published", result.level, *numbers)


def _counted(share: float) -> Estimate:
    return count_rate(round(share * PUBLISHED_EPISODES), PUBLISHED_EPISODES)
