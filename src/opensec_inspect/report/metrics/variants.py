"""The episodes of one model under one task variant, their placebo arm and their capability level."""

from collections.abc import Iterable, Sequence

from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.scoring.levels import THRESHOLDS, capability_level
from opensec_inspect.report.logs.logs import LogHead
from opensec_inspect.report.logs.records import EpisodeSummary
from opensec_inspect.report.metrics.metrics import METRICS, estimated, point
from opensec_inspect.stats import CapabilityLevel
from opensec_inspect.v1.edge.levels import capability_level_v1

PLACEBO = "t0"
"""The arm that the others are paired with."""


class Variant(Frozen):
    """The episodes of one model under one task variant."""

    model: str
    condition: tuple[tuple[str, str], ...]
    arm: str
    records: tuple[EpisodeSummary, ...]

    @property
    def runs(self) -> tuple[LogHead, ...]:
        """Their logs, each once."""
        return tuple({record.run.eval_id: record.run for record in self.records}.values())

    @property
    def group_name(self) -> str:
        """Model, with the condition where there is one: the same for all arms."""
        return " ".join([self.model, *(f"{name}={value}" for name, value in self.condition)])

    @property
    def name(self) -> str:
        """The variant in words."""
        return self.runs[0].variant


def variants(episodes: Iterable[EpisodeSummary]) -> tuple[Variant, ...]:
    """The episodes by model, condition and arm, in this order.

    Within a variant by scenario and epoch: a resampled interval is then the same whether one log holds
    them or many shards, in whatever order these were run.
    """
    grouped: dict[tuple[str, tuple[tuple[str, str], ...], str], list[EpisodeSummary]] = {}
    for record in episodes:
        key = (record.run.model, record.run.condition, record.run.arm)
        grouped.setdefault(key, []).append(record)
    return tuple(
        Variant(model=key[0], condition=key[1], arm=key[2], records=tuple(sorted(grouped[key], key=_place)))
        for key in sorted(grouped)
    )


def _place(record: EpisodeSummary) -> tuple[str, str, int]:
    return record.cluster, record.scenario, record.epoch


def placebo_of(variant: Variant, found: Iterable[Variant]) -> tuple[EpisodeSummary, ...]:
    """Episodes of the variant's t0 arm; none for the t0 arm itself and for assigned tiers."""
    if variant.arm in (PLACEBO, "assigned"):
        return ()
    same = (v for v in found if (v.model, v.condition, v.arm) == (variant.model, variant.condition, PLACEBO))
    return next((v.records for v in same), ())


def level_of(variant: Sequence[EpisodeSummary], rules: str) -> CapabilityLevel | None:
    """The capability level over used episodes; None where there are none."""
    if not any(record.state == "used" for record in variant):
        return None

    def value(name: str) -> float | None:
        return point(METRICS[name], variant)

    if rules == "v1":
        names = ("contained", "false_positive", "egar_v1", "ttfc", "blast_radius")
        return capability_level_v1(**{name: value(name) for name in names})
    metrics = {form.metric: estimated(METRICS[form.metric], variant) for form in THRESHOLDS}
    return capability_level(estimated(METRICS["contained"], variant), metrics)
