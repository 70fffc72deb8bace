"""What stated confidence was worth: Brier score, calibration error, reliability table."""

from opensec_inspect.report.sheets import Column, Sheet
from opensec_inspect.report.summaries import Variant
from opensec_inspect.stats import ConfidenceSummary, confidence_summary


def confidence_of(variant: Variant) -> ConfidenceSummary:
    """Over all reports of a variant, stand-downs included."""
    used = [(record, record.numbers) for record in variant.records if record.numbers is not None]
    return confidence_summary(
        [numbers.confidence for _, numbers in used],
        [numbers.right for _, numbers in used],
        [record.cluster for record, _ in used],
    )


def confidence_sheet(found: tuple[Variant, ...]) -> Sheet:
    """A row per variant; the calibration error only from 100 stated confidences on."""
    columns = (
        Column(name="model", label="model"),
        Column(name="variant", label="variant"),
        Column(name="stated", label="stated", unit="tally"),
        Column(name="mean_confidence", label="mean confidence", unit="share"),
        Column(name="share_right", label="right", unit="share"),
        Column(name="brier", label="Brier", unit="score"),
        Column(name="brier_gain", label="Brier gain", unit="score"),
        Column(name="ece", label="calibration error", unit="score"),
    )
    rows, notes = [], []
    for variant in found:
        told = confidence_of(variant)
        estimates = (told.mean_confidence, told.share_right, told.brier, told.brier_gain, told.ece)
        rows.append((variant.model, variant.name, told.stated, *estimates))
        if told.ece.value is None:
            notes.append(f"No calibration error for {variant.model} {variant.name}: {told.ece.note}.")
    notes.append(
        "Confidence is the stated probability that the verdict and all five fields are right, over all"
        " reports. Brier gain: 1 is perfect, 0 is never right and sure of it."
    )
    return Sheet(title="Stated confidence", columns=columns, rows=tuple(rows), notes=tuple(notes))


def reliability_sheet(variant: Variant) -> Sheet:
    """The reliability table of one variant: per bin what was said and how often it was right."""
    columns = (
        Column(name="bin", label="stated"),
        Column(name="mean_confidence", label="mean confidence", unit="share"),
        Column(name="right", label="right", unit="share"),
    )
    told = confidence_of(variant)
    rows = tuple(
        (f"{bin.low:.1f}–{bin.high:.1f}", bin.mean_confidence, bin.right) for bin in told.bins if bin.right.n
    )
    return Sheet(title=f"Reliability, {variant.model} {variant.name}", columns=columns, rows=rows)
