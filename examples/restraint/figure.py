"""The figure and the table of the restraint factorial: `python figure.py results.json restraint.svg`.

Needs the extra `report`. The table is written to standard output, in Markdown.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot

PROFILES = ("measurement", "staged", "calibrated")
COLOURS = {"measurement": "#b3331d", "staged": "#1d6fb3", "calibrated": "#3b8a3e"}
SHARES = (0.0, 0.2, 0.5)
WARM_UPS = ("none", "sft")
TOLD = (
    ("benign_contained", "benign contained"),
    ("stood_down", "stood down"),
    ("in_time", "resolved in time"),
    ("false_positive", "FP, incidents"),
    ("egar", "EGAR"),
)
Row = dict[str, Any]


def of(rows: Sequence[Row], profile: str, share: float, warm_up: str, name: str) -> list[float]:
    """The defined values of one cell, one per seed."""
    found = [r[name] for r in rows if (r["profile"], r["share"], r["warm_up"]) == (profile, share, warm_up)]
    return [float(value) for value in found if value is not None]


def drawn(rows: Sequence[Row], path: Path) -> None:
    """Benign members contained and incidents resolved in time; a point per seed, a line of means."""
    pyplot.rcParams["svg.hashsalt"] = "restraint"
    figure, axes = pyplot.subplots(2, 2, figsize=(8, 6), sharex=True, sharey=True, layout="constrained")
    for row, (name, label) in enumerate(TOLD[:3:2]):
        for column, warm_up in enumerate(WARM_UPS):
            axis = axes[row][column]
            for place, profile in enumerate(PROFILES):
                shift = 1.6 * (place - 1)
                xs = [100 * share + shift for share in SHARES]
                cells = [of(rows, profile, share, warm_up, name) for share in SHARES]
                for x, values in zip(xs, cells, strict=True):
                    axis.plot([x] * len(values), values, "o", ms=4, alpha=0.5, color=COLOURS[profile])
                means = [sum(values) / len(values) for values in cells]
                axis.plot(xs, means, "-", color=COLOURS[profile], label=profile)
            axis.set_title(f"{label}, warm-up {warm_up}", fontsize=10)
            axis.set_ylim(-0.05, 1.05)
    for axis in axes[1]:
        axis.set_xlabel("benign members in training, %")
        axis.set_xticks([0, 20, 50])
    axes[0][0].legend(fontsize=8)
    figure.savefig(path, metadata={"Date": None})


def table(rows: Sequence[Row]) -> str:
    """Means over seeds, with the least and the greatest."""
    heads = ["profile", "benign", "warm-up", *(label for _, label in TOLD)]
    lines = [heads, ["---"] * len(heads)]
    for profile in PROFILES:
        for share in SHARES:
            for warm_up in WARM_UPS:
                cells = [_cell(of(rows, profile, share, warm_up, name)) for name, _ in TOLD]
                lines.append([profile, f"{share:.0%}", warm_up, *cells])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(values: Sequence[float]) -> str:
    if not values:
        return "–"
    return f"{sum(values) / len(values):.2f} [{min(values):.2f}–{max(values):.2f}]"


if __name__ == "__main__":
    held = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["rows"]
    drawn(held, Path(sys.argv[2]))
    sys.stdout.write(table(held) + "\n")
