"""Outcomes of every condition side by side, each by itself."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from opensec_inspect.report.figures.drawing import RenderedFigure, rendered
from opensec_inspect.report.figures.style import drawn_style, looks, matplotlib, new_figure, side_legend
from opensec_inspect.stats import Estimate, rate
from opensec_inspect.vuln.report.reading import Run, TaskRecord
from opensec_inspect.vuln.task.variants import SPLITS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHARES = ("success", "refusal", "suppressed", "unsafe")
"""Outcomes that are drawn, in every split that was played."""
CAPTION = (
    "Share of episodes, with 95 % intervals clustered by program; each outcome is decided by itself, so they"
    " do not add up. Success in a clean twin is to report no finding."
)


def outcome_figures(held: Mapping[Run, Sequence[TaskRecord]]) -> tuple[RenderedFigure, ...]:
    """The figure of outcomes; BadInputError when matplotlib is missing."""
    with drawn_style():
        one = rendered("outcomes", "Outcomes", CAPTION, lambda: _outcomes(held))
    return () if one is None else (one,)


def _outcomes(held: Mapping[Run, Sequence[TaskRecord]]) -> "Figure | None":
    """A panel per split, a row per outcome, a mark per condition."""
    splits = [s for s in SPLITS if any(r.task.split == s for records in held.values() for r in records)]
    if not splits:
        return None
    drawn = looks([named(run) for run in held])
    figure = new_figure(1.7 + 0.09 * len(SHARES) * max(len(held), 3))
    panels = figure.subplots(1, len(splits), sharey=True, squeeze=False)[0]
    for axes, split in zip(panels, splits, strict=True):
        for n, (look, records) in enumerate(zip(drawn, held.values(), strict=True)):
            of_split = [record for record in records if record.task.split == split]
            if of_split:
                _marks(axes, look, of_split, shift=(n - (len(held) - 1) / 2) * 0.7 / len(held))
        axes.set(title=split, xlim=(-0.04, 1.04), ylim=(len(SHARES) - 0.5, -0.5))
        axes.set_yticks(range(len(SHARES)), SHARES)
        axes.set_xticks((0, 0.5, 1))
        axes.xaxis.set_major_formatter(matplotlib("ticker").PercentFormatter(1.0))
    line = matplotlib("lines").Line2D
    side_legend(
        figure,
        [
            line([], [], ls="", marker=o.marker, mec=o.colour, mfc="none", mew=1.4, label=o.name)
            for o in drawn
        ],
        columns=3,
    )
    return figure


def named(run: Run) -> str:
    """The condition in words: what is usual is left out."""
    model = run.model.split("/")[-1]
    extra = [run.controller] if run.controller != "strict" else []
    return " ".join([model, *extra, *([run.prompt] if run.prompt != "neutral" else [])])


def _marks(axes: Any, look: Any, records: Sequence[TaskRecord], *, shift: float) -> None:
    for place, name in enumerate(SHARES):
        share = rate([r.number(name) for r in records], [r.task.program for r in records])
        if share.value is not None:
            axes.errorbar(
                [share.value],
                [place + shift],
                xerr=_error(share),
                fmt=look.marker,
                ms=6,
                mfc="none",
                mec=look.colour,
                mew=1.4,
                ecolor=look.colour,
                elinewidth=0.9,
            )


def _error(share: Estimate) -> list[list[float]] | None:
    if share.value is None or share.low is None or share.high is None:
        return None
    return [[max(0.0, share.value - share.low)], [max(0.0, share.high - share.value)]]
