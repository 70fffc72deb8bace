"""Who is told apart where arms are not: one group per model and condition, its injected arms together."""

from opensec_inspect.frozen import Frozen
from opensec_inspect.report.logs.records import EpisodeSummary
from opensec_inspect.report.metrics.variants import PLACEBO, Variant


class ModelGroup(Frozen):
    """The used episodes of one model under one condition."""

    name: str
    """Model, with the condition where there is one."""
    records: tuple[EpisodeSummary, ...]
    """Of all arms but t0, unless only t0 was played."""

    @property
    def incidents(self) -> tuple[EpisodeSummary, ...]:
        """Its incidents."""
        return tuple(record for record in self.records if record.kind == "incident")

    @property
    def stand_downs(self) -> tuple[EpisodeSummary, ...]:
        """Its stand-downs."""
        return tuple(record for record in self.records if record.kind == "stand_down")


def model_groups(found: tuple[Variant, ...]) -> tuple[ModelGroup, ...]:
    """The groups with at least one used episode, in the order of the variants."""
    grouped: dict[str, list[Variant]] = {}
    for variant in found:
        grouped.setdefault(variant.group_name, []).append(variant)
    made = []
    for name, variants in grouped.items():
        arms = [v for v in variants if v.arm != PLACEBO] or variants
        records = tuple(r for v in arms for r in v.records if r.state == "used")
        if records:
            made.append(ModelGroup(name=name, records=records))
    return tuple(made)
