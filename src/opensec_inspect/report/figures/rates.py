"""Where each model stands: false positives against containment, evidence gating against timing."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from opensec_inspect.incident.scoring.levels import THRESHOLDS
from opensec_inspect.report.figures.style import GREY, Look, looks, matplotlib, new_figure, side_legend
from opensec_inspect.report.metrics.metrics import METRICS, estimated
from opensec_inspect.report.metrics.model_groups import ModelGroup
from opensec_inspect.stats import Estimate, Threshold
from opensec_inspect.v1.edge.levels import V1_THRESHOLDS

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def containment_figure(found: tuple[ModelGroup, ...]) -> "Figure | None":
    """False-positive rate against containment rate over incidents, with 95 % intervals both ways."""
    points = _points(found, "contained", "false_positive")
    if not points:
        return None
    figure = new_figure(4.2)
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color=GREY, lw=0.8, ls="--")
    axes.text(
        0.33,
        0.35,
        "every episode that contains has one",
        rotation=45,
        transform_rotates_text=True,
        rotation_mode="anchor",
        color="#555555",
        fontsize=7,
        ha="center",
    )
    _bounds(axes, _threshold("false_positive"))
    _draw(axes, points)
    axes.set(xlabel="containment rate, share of incidents", ylabel="false-positive rate, share of incidents")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(matplotlib("ticker").PercentFormatter(1.0))
    axes.set(xlim=(-0.04, 1.06), ylim=(-0.04, 1.06))
    side_legend(figure, _handles(points), columns=3)
    return figure


def timing_figure(found: tuple[ModelGroup, ...]) -> "Figure | None":
    """EGAR against the steps before the first containment, over incidents with one; 95 % intervals.

    The published EGAR for v1 runs, that of attack evidence otherwise; None when nobody contained anything.
    """
    v1 = bool(found) and all(record.run.rules == "v1" for group in found for record in group.records)
    name = "egar_v1" if v1 else "egar_attack"
    points = [point for point in _points(found, "ttfc", name) if point[1].value is not None]
    if not points:
        return None
    figure = new_figure(4.2)
    axes = figure.subplots()
    _bounds(axes, _threshold(name))
    _draw(axes, points)
    axes.set(
        xlabel="TTFC: steps played before the first containment, mean",
        ylabel=f"{METRICS[name].label}: share of containment on evidence",
        ylim=(-0.04, 1.06),
    )
    axes.set_xlim(left=min(0.0, axes.get_xlim()[0]), right=axes.get_xlim()[1] + 1)
    axes.yaxis.set_major_formatter(matplotlib("ticker").PercentFormatter(1.0))
    side_legend(figure, _handles(points), columns=3)
    return figure


_Point = tuple[Look, Estimate, Estimate]


def _points(found: tuple[ModelGroup, ...], across: str, up: str) -> list[_Point]:
    take: Callable[[ModelGroup, str], Estimate] = lambda group, name: estimated(METRICS[name], group.records)  # noqa: E731
    drawn = looks([group.name for group in found])
    return [
        (look, take(group, across), take(group, up))
        for look, group in zip(drawn, found, strict=True)
        if group.incidents
    ]


def _threshold(metric: str) -> Threshold:
    return next(t for t in (*THRESHOLDS, *V1_THRESHOLDS) if t.metric == metric)


def _bounds(axes: Any, threshold: Threshold) -> None:
    """The bounds of the capability level, with their names at the right edge."""
    for name in ("expert", "calibrated", "partially_calibrated"):
        bound = getattr(threshold, name)
        axes.axhline(bound, color=GREY, lw=0.6, ls=":")
        sign = "≤" if threshold.better == "low" else "≥"
        axes.text(
            1.005,
            bound,
            f"{name.replace('_', ' ')} {sign}",
            transform=axes.get_yaxis_transform(),
            fontsize=7,
            va="center",
            color="#555555",
        )


def _draw(axes: Any, points: list[_Point]) -> None:
    """Hollow markers of falling size, so that models in the same place can all be seen."""
    for rank, (look, across, up) in enumerate(points):
        axes.errorbar(
            [across.value],
            [up.value],
            xerr=_error(across),
            yerr=_error(up),
            fmt=look.marker,
            ms=13 - min(rank, 7),
            mfc="none",
            mec=look.colour,
            mew=1.8,
            ecolor=look.colour,
            elinewidth=1.0,
            capsize=2,
        )


def _error(estimate: Estimate) -> list[list[float]] | None:
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return None
    return [[max(0.0, estimate.value - estimate.low)], [max(0.0, estimate.high - estimate.value)]]


def _handles(points: list[_Point]) -> list[Any]:
    line = matplotlib("lines").Line2D
    return [
        line([], [], ls="", marker=look.marker, mfc="none", mec=look.colour, mew=1.8, ms=8, label=look.name)
        for look, _, _ in points
    ]
