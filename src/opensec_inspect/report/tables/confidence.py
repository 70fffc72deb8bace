"""What stated confidence was worth: Brier score, calibration error, reliability table."""

from collections.abc import Iterable

from opensec_inspect.report.logs.records import EpisodeSummary
from opensec_inspect.report.metrics.model_groups import ModelGroup
from opensec_inspect.report.tables.table import Column, Table
from opensec_inspect.stats import ConfidenceSummary, confidence_summary


def confidence_over(records: Iterable[EpisodeSummary]) -> ConfidenceSummary:
    """Over all reports in the episodes, stand-downs included."""
    used = [(record, record.numbers) for record in records if record.numbers is not None]
    return confidence_summary(
        [numbers["confidence"] for _, numbers in used],
        [numbers["right"] for _, numbers in used],
        [record.cluster for record, _ in used],
    )


def confidence_table(found: tuple[ModelGroup, ...]) -> Table:
    """A row per group; the calibration error only from 100 stated confidences on."""
    columns = (
        Column(name="model", label="model"),
        Column(name="stated", label="stated", unit="tally"),
        Column(name="mean_confidence", label="mean confidence", unit="share"),
        Column(name="share_right", label="right", unit="share"),
        Column(name="brier", label="Brier", unit="score"),
        Column(name="brier_gain", label="Brier gain", unit="score"),
        Column(name="ece", label="calibration error", unit="score"),
    )
    rows, notes = [], []
    for group in found:
        held = confidence_over(group.records)
        estimates = (
            held.mean_confidence,
            held.share_right,
            held.brier,
            held.brier_gain,
            held.ece,
        )
        rows.append((group.name, held.stated, *estimates))
        if held.ece.value is None:
            notes.append(f"No calibration error for {group.name}: {held.ece.note}.")
    notes.append(
        "Confidence is the stated probability that the verdict and all five fields are right, over all"
        " reports. Brier gain: 1 is perfect, 0 is never right and sure of it."
    )
    return Table(title="Stated confidence", columns=columns, rows=tuple(rows), notes=tuple(notes))


def reliability_table(found: tuple[ModelGroup, ...]) -> Table:
    """Per group and bin that holds a report, what was said and how often it was right."""
    columns = (
        Column(name="model", label="model"),
        Column(name="bin", label="stated"),
        Column(name="mean_confidence", label="mean confidence", unit="share"),
        Column(name="right", label="right", unit="share"),
    )
    rows = tuple(
        (group.name, f"{bin.low:.1f}–{bin.high:.1f}", bin.mean_confidence, bin.right)
        for group in found
        for bin in confidence_over(group.records).bins
        if bin.right.n
    )
    return Table(title="Reliability table", columns=columns, rows=rows)
