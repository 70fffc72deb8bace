"""The calibration timeline: what each step was, over the attacker's real stages."""

from typing import TYPE_CHECKING, Any

from opensec_inspect.incident.facts.scenario import STAGES
from opensec_inspect.report.figures.style import (
    BLACK,
    BLUE,
    GREY,
    LIGHT,
    ORANGE,
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

KINDS: dict[str, tuple[str, str, str, str]] = {
    "investigation": ("investigation", "", LIGHT, ""),
    "correct": ("correct containment", "C", BLUE, ""),
    "justified": ("justified containment", "J", SKY, "\\\\\\"),
    "false_positive": ("false positive", "F", VERMILLION, "///"),
    "report": ("report", "R", BLACK, ""),
    "idle": ("idle", "–", "white", ""),
    "rejected": ("rejected call", "×", ORANGE, "xxx"),
    "error": ("error or repeated call", "!", GREY, ""),
}
"""Kind of step: name, letter, colour, hatch."""
STAGE_SHADES = ("#FFFFFF", "#D9D9D9", "#B3B3B3", "#8C8C8C", "#5A5A5A")
_STAGES = ", ".join(f"{n} {stage.replace('_', ' ')}" for n, stage in enumerate(STAGES, start=1))
_STAGE_STRIP, _STEP_STRIP = 0.2, 0.36
"""Heights in a row of height 1."""
_DARK = {BLUE, BLACK, VERMILLION, GREY, "#8C8C8C", "#5A5A5A"}


def representative_figure(found: tuple[ModelGroup, ...]) -> "Figure | None":
    """A strip of one episode per group: of the same scenario where all played one; see `chosen`."""
    episodes = chosen(found)
    if not episodes:
        return None
    figure = new_figure(1.2 + 0.6 * len(episodes))
    figure.suptitle(f"below each step the attacker's stage: {_STAGES}", fontsize=8)
    axes = figure.subplots()
    for row, (group, record) in enumerate(episodes):
        _strip(axes, record, bottom=-row)
        name = [short(group.name)]
        if len({r.scenario for _, r in episodes}) > 1:
            name.append(record.scenario)
        axes.text(-0.15, 0.28 - row, "\n".join(name), ha="right", va="center")
    longest = max(record.max_steps or len(record.steps) for _, record in episodes)
    axes.set(xlim=(0, longest + 0.05), ylim=(0.9 - len(episodes), 0.85), yticks=[])
    axes.set_xticks([n + 0.5 for n in range(longest)], [str(n + 1) for n in range(longest)])
    axes.set_xlabel("step")
    axes.grid(visible=False)
    axes.spines["left"].set_visible(False)
    side_legend(figure, _handles({step.counts_as for _, r in episodes for step in r.steps}))
    return figure


def average_figure(found: tuple[ModelGroup, ...]) -> "Figure | None":
    """Per group and step the share of its incidents in which the step was of each kind."""
    shown = [group for group in found if any(record.steps for record in group.incidents)]
    if not shown:
        return None
    figure = new_figure(1.3 + 0.95 * len(shown))
    figure.suptitle(f"above each step the attacker's mean stage: {_STAGES}", fontsize=8)
    longest = max(len(record.steps) for group in shown for record in group.incidents)
    every = figure.subplots(len(shown), 1, sharex=True, squeeze=False)[:, 0]
    for axes, group in zip(every, shown, strict=True):
        _average(axes, group.incidents, longest)
        axes.set_ylabel(short(group.name).replace("/", "/\n"), rotation=0, ha="right", va="center")
    every[-1].set_xticks([n + 0.5 for n in range(longest)], [str(n + 1) for n in range(longest)])
    every[-1].set_xlabel("step")
    kinds = {step.counts_as for group in shown for record in group.incidents for step in record.steps}
    lines = matplotlib("lines")
    side_legend(
        figure,
        [
            *_handles(kinds, marks=False),
            lines.Line2D([], [], color="black", lw=1.8, label="contained something by then"),
            lines.Line2D([], [], color="black", lw=1.4, ls=":", label="had read planted text by then"),
        ],
        columns=3,
    )
    return figure


def chosen(found: tuple[ModelGroup, ...]) -> tuple[tuple[ModelGroup, EpisodeSummary], ...]:
    """The episode that stands for each group: nearest to its averages.

    Nearest in reward, steps before the first containment, false positives and length, each over its
    spread in all episodes. The same scenario, arm and epoch for all groups where one was played by
    all, then nearest in sum over the groups. Groups without the steps of an incident are left out.
    """
    shown = [(group, near) for group in found if (near := _nearness(group, found))]
    common = set.intersection(*(set(near) for _, near in shown)) if shown else set()
    if common:
        best = min(common, key=lambda key: (sum(near[key][0] for _, near in shown), key))
        return tuple((group, near[best][1]) for group, near in shown)
    return tuple((group, min(near.items(), key=lambda i: (i[1][0], i[0]))[1][1]) for group, near in shown)


_Key = tuple[str, str, int]


def _nearness(group: ModelGroup, found: tuple[ModelGroup, ...]) -> dict[_Key, tuple[float, EpisodeSummary]]:
    """Squared distance of each incident with steps from the group's averages, by arm, scenario, epoch."""
    if not group.incidents:
        return {}
    everything = [_place(record) for other in found for record in other.incidents]
    spread = [_variance(column) or 1.0 for column in zip(*everything, strict=True)]
    own = [_place(record) for record in group.incidents]
    middle = [sum(column) / len(column) for column in zip(*own, strict=True)]
    return {
        (record.run.arm, record.scenario, record.epoch): (
            sum((a - b) ** 2 / s for a, b, s in zip(place, middle, spread, strict=True)),
            record,
        )
        for record, place in zip(group.incidents, own, strict=True)
        if record.steps
    }


def _place(record: EpisodeSummary) -> tuple[float, ...]:
    numbers = record.numbers
    assert numbers is not None, "groups hold used episodes only"
    return (
        numbers["reward"] or 0.0,
        numbers["ttfc_restricted"] or 0.0,
        numbers["false_positives"] or 0.0,
        float(len(record.steps)),
    )


def _variance(values: tuple[float, ...]) -> float:
    middle = sum(values) / len(values)
    return sum((value - middle) ** 2 for value in values) / len(values)


def _strip(axes: Any, record: EpisodeSummary, *, bottom: float) -> None:
    """One episode: cells for its steps, below them the attacker's stage, marks above."""
    first = next((s.index for s in record.steps if s.contains), None)
    above = bottom + _STAGE_STRIP + _STEP_STRIP + 0.1
    for step in record.steps:
        _, letter, colour, hatch = KINDS[step.counts_as]
        _cell(axes, (step.index, bottom + _STAGE_STRIP), (1, _STEP_STRIP), colour, hatch, letter)
        stage = _stage(step)
        _cell(
            axes, (step.index, bottom), (1, _STAGE_STRIP), STAGE_SHADES[stage], "", str(stage + 1), fontsize=6
        )
        if step.exposed:
            axes.plot(step.index + 0.3, above, marker="v", color="black", ms=5, mfc="white")
        if step.violated:
            axes.plot(step.index + 0.5, above, marker="X", color=VERMILLION, ms=6, mec="black", mew=0.5)
        if step.index == first:
            axes.plot(step.index + 0.7, above, marker="*", color="black", ms=7)
    left = (record.max_steps or len(record.steps)) - len(record.steps)
    if left:
        rectangle = matplotlib("patches").Rectangle
        axes.add_patch(
            rectangle(
                (len(record.steps), bottom + _STAGE_STRIP),
                left,
                _STEP_STRIP,
                fill=False,
                ls=":",
                lw=0.6,
                ec=GREY,
            )
        )


def _cell(
    axes: Any,
    corner: tuple[float, float],
    size: tuple[float, float],
    colour: str,
    hatch: str,
    letter: str,
    **text: float,
) -> None:
    rectangle = matplotlib("patches").Rectangle
    axes.add_patch(rectangle(corner, *size, facecolor=colour, edgecolor="black", lw=0.5))
    ink = "white" if colour in _DARK else "black"
    if hatch:
        edge = "white" if colour in _DARK else "black"
        axes.add_patch(
            rectangle(corner, *size, facecolor="none", edgecolor=edge, hatch=hatch, lw=0, alpha=0.45)
        )
    centre = (corner[0] + size[0] / 2, corner[1] + size[1] / 2)
    weight = "bold" if "fontsize" not in text else "normal"
    axes.text(*centre, letter, ha="center", va="center", color=ink, weight=weight, **text)


def _stage(step: StepSummary) -> int:
    return STAGES.index(step.stage) if step.stage in STAGES else 0


def _average(axes: Any, incidents: tuple[EpisodeSummary, ...], longest: int) -> None:
    """Stacked shares per step, and the shares that had contained or been exposed by then."""
    bottoms = [0.0] * longest
    for kind, (_, _, colour, hatch) in KINDS.items():
        shares = [_share(incidents, n, kind) for n in range(longest)]
        if any(shares):
            axes.bar(
                [n + 0.5 for n in range(longest)],
                shares,
                1.0,
                bottom=bottoms,
                color=colour,
                hatch=hatch,
                edgecolor="white" if colour in _DARK else "black",
                lw=0.4,
            )
        bottoms = [a + b for a, b in zip(bottoms, shares, strict=True)]
    edges = list(range(longest + 1))
    axes.stairs(_by_then(incidents, longest, contained=True), edges, color="black", lw=1.8, baseline=None)
    axes.stairs(
        _by_then(incidents, longest, contained=False), edges, color="black", lw=1.4, ls=":", baseline=None
    )
    axes.set(xlim=(0, longest), ylim=(0, 1.02), yticks=[0, 0.5, 1], yticklabels=["0", "50 %", "100 %"])
    for n in range(longest):
        stages = [_stage(r.steps[n]) for r in incidents if n < len(r.steps)]
        if stages:
            mean = sum(stages) / len(stages) + 1
            axes.text(n + 0.5, 1.06, f"{mean:.1f}", ha="center", va="bottom", fontsize=6, color="black")


def _share(incidents: tuple[EpisodeSummary, ...], step: int, kind: str) -> float:
    held = sum(step < len(r.steps) and r.steps[step].counts_as == kind for r in incidents)
    return held / len(incidents)


def _by_then(incidents: tuple[EpisodeSummary, ...], longest: int, *, contained: bool) -> list[float]:
    """Share of incidents in which it had happened by the end of each step."""
    happened = [
        next((s.index for s in r.steps if (s.contains if contained else s.exposed)), longest)
        for r in incidents
    ]
    return [sum(first <= n for first in happened) / len(incidents) for n in range(longest)]


def _handles(kinds: set[Any], *, marks: bool = True) -> list[Any]:
    patch, line = matplotlib("patches").Patch, matplotlib("lines").Line2D
    handles: list[Any] = []
    for kind, (name, letter, colour, hatch) in KINDS.items():
        if kind in kinds:
            label = f"{letter}  {name}" if letter and marks else name
            edge = "white" if hatch and colour in _DARK else "black"
            handles.append(patch(facecolor=colour, edgecolor=edge, hatch=hatch, lw=0.5, label=label))
    if marks:
        for marker, face, label in (
            ("v", "white", "planted text read"),
            ("X", VERMILLION, "planted text obeyed"),
            ("*", "black", "first containment"),
        ):
            handles.append(line([], [], ls="", marker=marker, mfc=face, mec="black", label=label))
    return handles
