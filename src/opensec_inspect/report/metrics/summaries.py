"""One row per model and task variant: estimates, counts of what was left out, capability level."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from opensec_inspect.errors import one_of
from opensec_inspect.frozen import Frozen
from opensec_inspect.report.logs.logs import LeftOut, LogHead
from opensec_inspect.report.logs.records import EpisodeSummary, Records
from opensec_inspect.report.metrics.metrics import (
    HEADLINE,
    METRICS,
    V1_HEADLINE,
    estimated,
    metric_named,
)
from opensec_inspect.report.metrics.variants import Variant, level_of, placebo_of, variants
from opensec_inspect.stats import CapabilityLevel, Estimate

BY = {
    "difficulty": lambda r: r.difficulty,
    "family": lambda r: r.alert_family,
    "leg": lambda r: r.member,
    "temptation": lambda r: r.temptations[0] if r.temptations else "none",
    "injection_family": lambda r: r.injection_family,
    "injection_tier": lambda r: r.injection_tier,
    "kind": lambda r: r.kind,
    "noise": lambda r: r.noise,
    "provenance": lambda r: r.provenance,
    "attacker": lambda r: r.attacker,
    "limit": lambda r: r.limit or "none",
    "player": lambda r: r.run.player or "none",
    "log": lambda r: r.run.path,
}
"""What rows can be split by; `trust` and `confidence` have tables of their own."""


class Counts(Frozen):
    """How many episodes stand behind a row, and how many do not."""

    planned: int | None
    """Episodes the logs set out to play; None in a row that is a part of them."""
    read: int
    """Episodes in the logs."""
    used: int
    """Episodes that entered the numbers; the next two add up to it."""
    incidents: int
    """Of those used."""
    stand_downs: int
    """Of those used."""
    errored: int
    """Ended by an error: in no number."""
    invalidated: int
    """Marked invalid by somebody: in no number."""
    unfinished: int
    """Neither reported nor out of steps: in no number."""
    limited: int
    """Cut by a limit; in the numbers once their unused steps were given away."""
    unscored: int
    """Without scores in the log; in the numbers when they are over, as these are computed anew."""

    @property
    def missing(self) -> int:
        """Planned episodes that are not in the logs."""
        return max(0, (self.planned or self.read) - self.read)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a reader must know, in words; empty when every planned episode was used as it is."""
        unused = "not in the numbers"
        counts = (
            (self.missing, f"never played or not in the log, {unused}"),
            (self.errored, f"ended by an error, {unused}"),
            (self.invalidated, f"marked invalid, {unused}"),
            (self.unfinished, f"unfinished, {unused}"),
            (self.limited, "cut by a limit"),
            (self.unscored, "without scores in the log"),
        )
        return tuple(f"{count} {what}" for count, what in counts if count)


class Named(Frozen):
    """An estimate with its metric."""

    metric: str
    """Name, a key of `METRICS`."""
    estimate: Estimate
    """Over the row's episodes."""


class Row(Frozen):
    """One model under one task variant, or a part of its episodes."""

    model: str
    """Model under test."""
    variant: str
    """Injection tier and condition in words, example "t2 noise=soc"."""
    arm: str
    """Injection tier asked for, or `assigned`."""
    condition: tuple[tuple[str, str], ...]
    """What else sets the variant apart."""
    rules: str
    """`opensec` or `v1`."""
    group: tuple[tuple[str, str], ...] = ()
    """What the row was split by, with the value here."""
    counts: Counts
    """How many episodes."""
    estimates: tuple[Named, ...]
    """In the order asked for."""
    level: CapabilityLevel | None
    """Weakest link of this row's episodes; None where none was used."""

    def estimate(self, metric: str) -> Estimate:
        """The estimate of a metric that was asked for."""
        return next(named.estimate for named in self.estimates if named.metric == metric)


class Summary(Frozen):
    """A table over logs."""

    rows: tuple[Row, ...]
    """By model, condition, arm and group."""
    metrics: tuple[str, ...]
    """Names of the metrics in each row."""
    by: tuple[str, ...]
    """What rows are split by."""
    runs: tuple[LogHead, ...]
    """Logs behind it."""
    left_out: tuple[LeftOut, ...]
    """Logs that were not used."""
    superseded: tuple[LeftOut, ...]
    """Copies and earlier attempts."""


def summarize(records: Records, *, by: Sequence[str] = (), metrics: Iterable[str] = METRICS) -> Summary:
    """The rows of all variants, split by whatever is named in `by`; a key of `BY` each.

    The injection effect is filled in where the logs hold the t0 arm of the same model and condition.
    """
    wanted = tuple(metric_named(name).name for name in metrics)
    for name in by:
        if name not in BY:
            raise one_of("by", name, [*BY, "trust", "confidence"])
    found = variants(records.episodes)
    rows = [row for variant in found for row in _rows(variant, placebo_of(variant, found), tuple(by), wanted)]
    return Summary(
        rows=tuple(rows),
        metrics=wanted,
        by=tuple(by),
        runs=records.runs,
        left_out=records.left_out,
        superseded=records.superseded,
    )


def headline_of(records: Records) -> tuple[str, ...]:
    """Names of the metrics one looks at first."""
    only_v1 = all(run.rules == "v1" for run in records.runs)
    return V1_HEADLINE if only_v1 else HEADLINE


def _rows(
    variant: Variant, placebo: tuple[EpisodeSummary, ...], by: tuple[str, ...], metrics: tuple[str, ...]
) -> Iterable[Row]:
    keys = [BY[name] for name in by]
    groups: dict[tuple[str, ...], list[EpisodeSummary]] = {}
    for record in variant.records:
        groups.setdefault(_key(record, keys), []).append(record)
    # A part of the placebo arm belongs to the same part of this one, whatever its own tier is.
    comparable = [key for name, key in zip(by, keys, strict=True) if name not in ("injection_tier", "log")]
    for group in sorted(groups):
        records = groups[group]
        own = {_key(r, comparable) for r in records}
        yield _row(
            variant,
            tuple(zip(by, group, strict=True)),
            records,
            [r for r in placebo if _key(r, comparable) in own],
            metrics,
        )


def _row(
    variant: Variant,
    group: tuple[tuple[str, str], ...],
    records: Sequence[EpisodeSummary],
    placebo: Sequence[EpisodeSummary],
    metrics: tuple[str, ...],
) -> Row:
    rules = variant.runs[0].rules
    return Row(
        model=variant.model,
        variant=variant.name,
        arm=variant.arm,
        condition=variant.condition,
        rules=rules,
        group=group,
        counts=_counts(records, None if group else sum(run.planned for run in variant.runs)),
        estimates=tuple(
            Named(metric=name, estimate=estimated(METRICS[name], records, placebo)) for name in metrics
        ),
        level=level_of(records, rules),
    )


def _key(record: EpisodeSummary, keys: Iterable[Callable[[EpisodeSummary], str]]) -> tuple[str, ...]:
    return tuple(key(record) for key in keys)


def _counts(records: Sequence[EpisodeSummary], planned: int | None) -> Counts:
    states = Counter(record.state for record in records)
    kinds = Counter(record.kind for record in records if record.state == "used")
    return Counts(
        planned=planned,
        read=len(records),
        used=states["used"],
        incidents=kinds["incident"],
        stand_downs=kinds["stand_down"],
        errored=states["errored"],
        invalidated=states["invalidated"],
        unfinished=states["unfinished"],
        limited=sum(record.limit is not None for record in records),
        unscored=sum(not record.scored for record in records if record.state in ("used", "unfinished")),
    )
