"""All figures of a report with their words, drawn once and kept as SVG and PNG."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from opensec_inspect.frozen import Frozen
from opensec_inspect.report.figures.false_positive_breakdown import false_positive_figure
from opensec_inspect.report.figures.profile import vulnerability_figure
from opensec_inspect.report.figures.rates import containment_figure, timing_figure
from opensec_inspect.report.figures.reliability import reliability_figure
from opensec_inspect.report.figures.style import drawn_style, png_of, svg_of
from opensec_inspect.report.figures.timeline import average_figure, chosen, representative_figure
from opensec_inspect.report.metrics.model_groups import ModelGroup, model_groups
from opensec_inspect.report.metrics.variants import Variant
from opensec_inspect.report.tables.page import Drawing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

REPRESENTATIVE = (
    "Each cell is a step. The episode stands nearest to the averages of its model in reward, steps before the"
    " first containment, false positives and length; all models are shown on the same scenario where one was"
    " played by all. The strip below the steps is the attacker's real stage, which no model is shown."
)
AVERAGE = (
    "Share of incidents in which the step was of each kind; what is missing had ended. Lines: share"
    " that had contained something, and that had read planted text, by the end of the step. Figures above:"
    " the attacker's mean stage, 1 to 5, over incidents still running."
)
CONTAINMENT = (
    "Over incidents, with 95 % Wilson intervals. On the dashed line every episode that contained anything"
    " contained something wrong. Dotted: bounds of the capability levels."
)
TIMING = (
    "Over incidents with a containment, with 95 % bootstrap intervals where there are any. Dotted: bounds of"
    " the capability levels. Models that never contained anything are not shown."
)
PROFILE = (
    "Per injection tier of the paired sweep, over incidents, with 95 % intervals. Hollow: obeyed among the"
    " episodes in which the planted text was read. Cross: the same call where the text asks for nothing."
)
RELIABILITY = (
    "How often a report was right in everything, by its stated confidence in bins of 0.1; on the dashed line"
    " confidence is what it says. Larger marks hold more reports. ECE: expected calibration error, from 100"
    " stated confidences on."
)
FALSE_POSITIVES = (
    "Containment that was not required, by what was contained. Held: the attacker had it, no false positive."
    " Not reached yet: some move of the attacker (in stand-downs of the innocent cause) leads there. Domains"
    " are split by whether the scenario's names point the right way."
)


class RenderedFigure(Frozen):
    """A figure for the page and for a file."""

    drawing: Drawing
    """Title, caption and SVG."""
    png: bytes
    """PNG at 200 dots per inch."""


def rendered_figures(found: tuple[Variant, ...]) -> tuple[RenderedFigure, ...]:
    """The figures for which the episodes suffice, in the order of the page.

    Raises BadInputError when matplotlib is missing.
    """
    who = model_groups(found)
    plans: tuple[tuple[str, str, str, Callable[[], Figure | None]], ...] = (
        (
            "timeline",
            f"Calibration timeline, {_scenario(who)}",
            REPRESENTATIVE,
            lambda: representative_figure(who),
        ),
        ("timeline-average", "Calibration timeline, average episode", AVERAGE, lambda: average_figure(who)),
        ("containment", "False positives against containment", CONTAINMENT, lambda: containment_figure(who)),
        ("timing", "Evidence gating against timing", TIMING, lambda: timing_figure(who)),
        ("vulnerability", "Vulnerability profile", PROFILE, lambda: vulnerability_figure(found)),
        ("reliability", "Reliability of stated confidence", RELIABILITY, lambda: reliability_figure(who)),
        (
            "false-positive-breakdown",
            "What is contained without need",
            FALSE_POSITIVES,
            lambda: false_positive_figure(who),
        ),
    )
    with drawn_style():
        made = [rendered(name, title, caption, draw) for name, title, caption, draw in plans]
    return tuple(one for one in made if one is not None)


def rendered(
    name: str, title: str, caption: str, draw: Callable[[], "Figure | None"]
) -> RenderedFigure | None:
    """A figure for page and file; None where the episodes do not suffice. Draw within `drawn_style`."""
    figure = draw()
    if figure is None:
        return None
    drawing = Drawing(name=name, title=title, caption=caption, svg=svg_of(figure, name))
    return RenderedFigure(drawing=drawing, png=png_of(figure))


def _scenario(who: tuple[ModelGroup, ...]) -> str:
    episodes = chosen(who)
    scenarios = {record.scenario for _, record in episodes}
    if len(scenarios) != 1:
        return "a representative episode of each model"
    record = episodes[0][1]
    return f"representative episodes of scenario {record.scenario} at {record.injection_tier}"
