"""What a containment rested on: false positives and evidence gating by the best trust seen before it.

Every containment action records which rows had named its entity in earlier turns, background included:
none, untrusted ones only, corroborated or verified ones (`Gate.seen`).
"""

from typing import get_args

from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.episode.episode import Gate
from opensec_inspect.report.logs.records import EpisodeSummary
from opensec_inspect.report.logs.steps import StepSummary
from opensec_inspect.report.metrics.model_groups import ModelGroup
from opensec_inspect.report.tables.table import Column, Table
from opensec_inspect.stats import Estimate, pooled_ratio, rate

SEEN: tuple[str, ...] = get_args(Gate.model_fields["seen"].annotation)
"""`none`, `untrusted`, `corroborated`, `verified`."""
SEEN_WORDS = {
    "none": "nothing that named it",
    "untrusted": "untrusted rows only",
    "corroborated": "corroborated rows",
    "verified": "verified rows",
}


class TrustRow(Frozen):
    """Containment actions of one group whose entity had been seen alike."""

    group: str
    """Model, with the condition where there is one."""
    seen: str
    """Best trust of what had named the entity, one of `SEEN`."""
    actions: int
    """Containment actions in incidents; the next four are over these."""
    share: Estimate
    """Of all containment actions in incidents."""
    false_positive: Estimate
    """Share that were false positives."""
    egar_attack: Estimate
    """Share gated by trusted evidence that the attacker's moves left."""
    egar: Estimate
    """Share gated by trusted evidence."""
    stand_down_actions: int
    """Containment actions in stand-downs, all of them false positives."""


def trust_rows(group: ModelGroup) -> tuple[TrustRow, ...]:
    """A row per kind of evidence seen; shares are over actions, clustered by scenario.

    Empty when there was no containment action at all.
    """
    acted = [(record, step) for record in group.records for step in record.steps if step.contains]
    return tuple(_row(group.name, seen, acted) for seen in SEEN) if acted else ()


def trust_table(found: tuple[ModelGroup, ...]) -> Table:
    """The trust-aware analysis of all groups."""
    columns = (
        Column(name="model", label="model"),
        Column(name="seen", label="seen before"),
        Column(name="actions", label="actions", unit="tally"),
        Column(name="share", label="of all", unit="share"),
        Column(name="false_positive", label="false positives", unit="share"),
        Column(name="egar_attack", label="EGAR (attack)", unit="share"),
        Column(name="egar", label="EGAR", unit="share"),
        Column(name="stand_down_actions", label="in stand-downs", unit="tally"),
    )
    rows = tuple(
        (
            row.group,
            SEEN_WORDS[row.seen],
            row.actions,
            row.share,
            row.false_positive,
            row.egar_attack,
            row.egar,
            row.stand_down_actions,
        )
        for group in found
        for row in trust_rows(group)
    )
    note = (
        "Containment actions by the best trust of any row, shown in an earlier turn, that named the entity."
        " Shares are over actions in incidents, all injected arms together, with 95 % intervals by scenario."
    )
    return Table(title="What containment rested on", columns=columns, rows=rows, notes=(note,))


def _row(group: str, seen: str, acted: list[tuple[EpisodeSummary, StepSummary]]) -> TrustRow:
    incidents = [(record, step) for record, step in acted if record.kind == "incident"]
    held = [(record, step) for record, step in incidents if step.seen == seen]
    clusters = [record.cluster for record, _ in held]
    return TrustRow(
        group=group,
        seen=seen,
        actions=len(held),
        share=pooled_ratio(
            [float(step.seen == seen) for _, step in incidents],
            [1.0] * len(incidents),
            [record.cluster for record, _ in incidents],
        ),
        false_positive=rate([float(step.counts_as == "false_positive") for _, step in held], clusters),
        egar_attack=rate([float(bool(step.gated_attack)) for _, step in held], clusters),
        egar=rate([float(bool(step.gated)) for _, step in held], clusters),
        stand_down_actions=sum(record.kind == "stand_down" and step.seen == seen for record, step in acted),
    )
