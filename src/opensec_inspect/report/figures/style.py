"""How figures look: one size of type, shapes and hatches beside colour, colours checked for colour blindness.

The colours are Okabe and Ito's (jfly.uni-koeln.de/color, 2008); a test simulates how people without red,
green or blue cones see them. No figure relies on them alone: markers, hatches or letters say the same.
"""

import io
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from opensec_inspect.core.optional import optional
from opensec_inspect.frozen import Frozen
from opensec_inspect.report.tables.wording import plain

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BLUE, SKY, GREEN = "#0072B2", "#56B4E9", "#009E73"
ORANGE, VERMILLION, PINK = "#E69F00", "#D55E00", "#CC79A7"
BLACK, GREY, LIGHT = "#000000", "#7F7F7F", "#E8E8E8"
COLOURS = (BLUE, ORANGE, GREEN, PINK, BLACK, VERMILLION, SKY, GREY)
"""One per model; after eight they come again with other markers."""
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*", "<", "p", "h")
"""Eleven, so that colour and marker together repeat only after 88 models."""
WIDTH_IN = 7.2
"""Width of every figure: a page's text, so that type prints at its own size."""
LONGEST_NAME = 30
_RC: dict[str, Any] = {
    "font.size": 9,
    "font.sans-serif": ["DejaVu Sans", "sans-serif"],
    "axes.titlesize": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#DDDDDD",
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "hatch.linewidth": 0.6,
    "text.parse_math": False,  # a model's name may hold a dollar sign
    # Text stays text: small, searchable, and read aloud. Fallback fonts are narrower than DejaVu Sans.
    "svg.fonttype": "none",
    "savefig.facecolor": "white",
}


class Look(Frozen):
    """How one model is drawn in every figure."""

    name: str
    """Shown name."""
    colour: str
    marker: str


def looks(names: Sequence[str]) -> tuple[Look, ...]:
    """A look per name, in order."""
    return tuple(
        Look(
            name=short(name),
            colour=COLOURS[n % len(COLOURS)],
            marker=MARKERS[n % len(MARKERS)],
        )
        for n, name in enumerate(names)
    )


def short(name: str) -> str:
    """The name without control characters, cut in the middle when it is long."""
    shown = plain(name)
    if len(shown) <= LONGEST_NAME:
        return shown
    half = (LONGEST_NAME - 1) // 2
    return f"{shown[:half]}…{shown[-half:]}"


def new_figure(height_in: float) -> "Figure":
    """An empty figure of the common width."""
    figure: Figure = matplotlib("figure").Figure(figsize=(WIDTH_IN, height_in), layout="constrained")
    figure.set_facecolor("white")
    return figure


def drawn_style() -> Any:
    """The context in which figures are made and saved."""
    return matplotlib("").rc_context(_RC)


def svg_of(figure: "Figure", name: str) -> str:
    """The figure as an `<svg>` element without dates, whose ids clash with those of no other name."""
    text = io.StringIO()
    with matplotlib("").rc_context({"svg.hashsalt": name}):
        figure.savefig(text, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
    svg = text.getvalue()
    used = set(re.findall(r"#([\w.-]+)", svg))
    svg = re.sub(r' id="([^"]*)"', lambda found: found[0] if found[1] in used else "", svg)
    return svg[svg.index("<svg") :]


def png_of(figure: "Figure") -> bytes:
    """The figure as PNG at 200 dots per inch."""
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=200, metadata={"Software": None})
    return content.getvalue()


def matplotlib(module: str) -> Any:
    """matplotlib or one of its modules; BadInputError naming the extra when it is missing."""
    name = f"matplotlib.{module}" if module else "matplotlib"
    return optional(name, purpose="Figures need", extra="report")


def side_legend(figure: "Figure", handles: Iterable[Any], *, columns: int = 4) -> None:
    """A legend below the figure, outside of its axes."""
    listed = list(handles)
    figure.legend(
        handles=listed, loc="outside lower center", ncols=min(columns, max(1, len(listed))), frameon=False
    )
