"""Reliability diagram: how often reports were right, by the confidence they stated."""

import math
from typing import TYPE_CHECKING, Any

from opensec_inspect.report.figures.style import GREY, Look, looks, matplotlib, new_figure
from opensec_inspect.report.metrics.model_groups import ModelGroup
from opensec_inspect.report.tables.confidence import confidence_over
from opensec_inspect.stats import ConfidenceSummary

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ACROSS = 4
"""Panels in a row."""


def reliability_figure(found: tuple[ModelGroup, ...]) -> "Figure | None":
    """A panel per group that stated a confidence; None when none did."""
    drawn = looks([group.name for group in found])
    panels = [
        (look, summary)
        for look, group in zip(drawn, found, strict=True)
        for summary in [confidence_over(group.records)]
        if summary.stated
    ]
    if not panels:
        return None
    down = math.ceil(len(panels) / ACROSS)
    figure = new_figure(0.4 + 2.2 * down)
    across = min(ACROSS, len(panels))
    every = list(figure.subplots(down, across, sharex=True, sharey=True, squeeze=False).flat)
    for axes, (look, summary) in zip(every, panels, strict=False):
        _panel(axes, look, summary)
    for axes in every[len(panels) :]:
        axes.set_visible(False)
    figure.supxlabel("stated confidence", fontsize=9)
    figure.supylabel("share right, 95 % interval", fontsize=9)
    return figure


def _panel(axes: Any, look: Look, summary: ConfidenceSummary) -> None:
    axes.plot([0, 1], [0, 1], color=GREY, lw=0.8, ls="--")
    for held in summary.bins:
        right = held.right
        if held.mean_confidence is None or right.value is None or right.low is None or right.high is None:
            continue
        size = 3 + 4 * math.sqrt(right.n / summary.stated)
        axes.plot([held.mean_confidence] * 2, [right.low, right.high], color=look.colour, lw=1.4)
        axes.plot(
            held.mean_confidence, right.value, marker=look.marker, color=look.colour, ms=size, clip_on=False
        )
    ece = summary.ece
    error = "no ECE: under 100 stated" if ece.value is None else f"ECE {ece.value:.2f}"
    if ece.low is not None and ece.high is not None:
        error += f" [{ece.low:.2f}–{ece.high:.2f}]"
    axes.set_title(f"{look.name}\nBrier {summary.brier.value:.2f}\n{error}", fontsize=7)
    axes.set(xlim=(-0.04, 1.04), ylim=(-0.04, 1.04), xticks=[0, 0.5, 1], yticks=[0, 0.5, 1])
    axes.set_aspect("equal")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(matplotlib("ticker").PercentFormatter(1.0))
