"""What is wrongly contained: hosts the attacker could still reach or not, domains, accounts."""

from collections import Counter
from typing import TYPE_CHECKING, Any

from opensec_inspect.report.figures.style import (
    BLACK,
    BLUE,
    GREEN,
    LIGHT,
    ORANGE,
    PINK,
    SKY,
    VERMILLION,
    matplotlib,
    new_figure,
    short,
    side_legend,
)
from opensec_inspect.report.logs.records import EpisodeSummary
from opensec_inspect.report.logs.steps import StepSummary
from opensec_inspect.report.metrics.model_groups import ModelGroup

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SORTS: dict[str, tuple[str, str]] = {
    "host held (justified)": (LIGHT, ""),
    "account held (justified)": (LIGHT, "+"),
    "domain held (justified)": (LIGHT, "x"),
    "host not reached yet": (SKY, "///"),
    "host out of reach": (BLUE, "\\\\\\"),
    "account not reached yet": (PINK, "|||"),
    "account out of reach": (VERMILLION, "xxx"),
    "domain never held": (GREEN, "+++"),
    "sanctioned channel": (ORANGE, "//||"),
}
"""Sorts of containment that was not required, with colour and a hatch of its own. Within reach is what some
move of the attacker (in stand-downs: of the innocent cause) uses or gains."""


def false_positive_figure(found: tuple[ModelGroup, ...]) -> "Figure | None":
    """Containment that was not required, per incident and per stand-down; None when there was none."""
    shown = [group for group in found if any(record.steps for record in group.records)]
    if not any(sort_of(r, s) for group in shown for r in group.records for s in r.steps):
        return None
    figure = new_figure(1.6 + 0.33 * len(shown))
    left, right = figure.subplots(1, 2, sharey=True)
    _bars(left, [group.incidents for group in shown])
    _bars(right, [group.stand_downs for group in shown])
    left.set_yticks(range(len(shown)), [short(group.name) for group in shown])
    left.set_ylim(len(shown) - 0.4, -0.6)
    left.set(xlabel="actions per incident")
    right.set(xlabel="actions per stand-down (all false positives)")
    held = {sort_of(r, s) for group in shown for r in group.records for s in r.steps}
    patch = matplotlib("patches").Patch
    handles = [
        patch(facecolor=colour, hatch=hatch, edgecolor=BLACK, lw=0.5, label=sort)
        for sort, (colour, hatch) in SORTS.items()
        if sort in held
    ]
    side_legend(figure, handles, columns=3)
    return figure


def sort_of(record: EpisodeSummary, step: StepSummary) -> str | None:
    """The sort of a containment action that was not required; None for any other step."""
    if step.counts_as not in ("justified", "false_positive"):
        return None
    kind = "account" if step.entity_kind == "user" else step.entity_kind
    if step.counts_as == "justified":
        return f"{kind} held (justified)"
    if kind == "domain":
        return "sanctioned channel" if "sanctioned_channel" in record.temptations else "domain never held"
    return f"{kind} not reached yet" if step.within_reach else f"{kind} out of reach"


def _bars(axes: Any, groups: list[tuple[EpisodeSummary, ...]]) -> None:
    counts = [Counter(sort_of(r, s) for r in group for s in r.steps) for group in groups]
    lefts = [0.0] * len(groups)
    for sort, (colour, hatch) in SORTS.items():
        widths = [
            count[sort] / len(group) if group else 0.0 for count, group in zip(counts, groups, strict=True)
        ]
        if any(widths):
            axes.barh(
                range(len(groups)),
                widths,
                0.7,
                left=lefts,
                color=colour,
                hatch=hatch,
                edgecolor=BLACK,
                lw=0.5,
            )
        lefts = [a + b for a, b in zip(lefts, widths, strict=True)]
    axes.grid(visible=False, axis="y")
    axes.margins(x=0.04)
