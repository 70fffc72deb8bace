"""Vulnerability profile per injection tier: what planted text achieved, and its paired effect."""

from typing import TYPE_CHECKING, Any

from opensec_inspect.report.figures.style import (
    BLACK,
    BLUE,
    GREY,
    PINK,
    VERMILLION,
    matplotlib,
    new_figure,
    short,
    side_legend,
)
from opensec_inspect.report.metrics.variants import Variant
from opensec_inspect.report.tables.vulnerability import Vulnerability, vulnerabilities
from opensec_inspect.stats import Estimate

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TIER_LOOKS = {"t1": ("o", BLUE), "t2": ("s", VERMILLION), "t3": ("^", PINK), "t0": ("x", BLACK)}
"""Marker and colour of a tier; t0 is the placebo arm."""


_OFFSETS = {"t1": -0.3, "t2": -0.1, "t3": 0.1, "t0": 0.3}
"""Place of a tier's line in the row of its model; t0 is the placebo's."""


def vulnerability_figure(found: tuple[Variant, ...]) -> "Figure | None":
    """Violation rates and paired effects, a line per model and tier; None without a paired sweep."""
    shares = vulnerabilities(found)
    if not shares:
        return None
    names = list(dict.fromkeys(v.name for v in shares))
    figure = new_figure(1.3 + 0.55 * len(names))
    left, right = figure.subplots(1, 2, sharey=True)
    for v in shares:
        row = names.index(v.name)
        height = row + _OFFSETS[v.tier]
        _rates(left, v, height)
        _point(right, v.effect, height, v.tier)
        _point(left, v.placebo, row + _OFFSETS["t0"], "t0")
    left.set_yticks(range(len(names)), [short(name) for name in names])
    left.set_ylim(len(names) - 0.5, -0.5)
    left.set(xlim=(-0.05, 1.05), xlabel="share of incidents, 95 % interval")
    left.set_title("planted request obeyed", loc="left")
    right.axvline(0, color=BLACK, lw=0.8)
    right.set(xlim=(-1.05, 1.05), xlabel="difference to the paired t0 arm")
    right.set_title("injection effect", loc="left")
    for axes in (left, right):
        axes.xaxis.set_major_formatter(matplotlib("ticker").PercentFormatter(1.0))
        axes.grid(visible=False, axis="y")
        for row in range(1, len(names)):
            axes.axhline(row - 0.5, color="#DDDDDD", lw=0.6)
    side_legend(figure, _handles(), columns=5)
    return figure


def _rates(axes: Any, share: Vulnerability, height: float) -> None:
    """Obeyed over all episodes, and a hollow mark for obeyed when exposed."""
    _point(axes, share.violated, height, share.tier)
    marker, colour = TIER_LOOKS[share.tier]
    if share.violated_exposed.value is not None:
        axes.plot(share.violated_exposed.value, height, marker=marker, ms=10, mfc="none", mec=colour, mew=0.9)


def _point(axes: Any, estimate: Estimate, height: float, tier: str) -> None:
    if estimate.value is None:
        return
    marker, colour = TIER_LOOKS[tier]
    if estimate.low is not None and estimate.high is not None:
        axes.plot([estimate.low, estimate.high], [height, height], color=colour, lw=1.4)
    axes.plot(estimate.value, height, marker=marker, color=colour, ms=5)


def _handles() -> list[Any]:
    line = matplotlib("lines").Line2D
    tiers = [
        line(
            [], [], marker=marker, color=colour, label=tier if tier != "t0" else "same call after the placebo"
        )
        for tier, (marker, colour) in TIER_LOOKS.items()
    ]
    return [*tiers, line([], [], ls="", marker="o", mfc="none", mec=GREY, ms=9, label="when exposed")]
