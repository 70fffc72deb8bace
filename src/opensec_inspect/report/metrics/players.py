"""Who is told apart where arms are not: one player per model and condition, its injected arms together."""

from opensec_inspect.frozen import Frozen
from opensec_inspect.report.logs.records import EpisodeSummary
from opensec_inspect.report.metrics.summaries import PLACEBO, Variant


class Player(Frozen):
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


def players(found: tuple[Variant, ...]) -> tuple[Player, ...]:
    """The players with at least one used episode, in the order of the variants."""
    grouped: dict[str, list[Variant]] = {}
    for variant in found:
        grouped.setdefault(variant.player, []).append(variant)
    made = []
    for name, group in grouped.items():
        arms = [v for v in group if v.arm != PLACEBO] or group
        records = tuple(r for v in arms for r in v.records if r.state == "used")
        if records:
            made.append(Player(name=name, records=records))
    return tuple(made)
