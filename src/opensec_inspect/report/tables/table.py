"""A table of words and estimates, and how it is written: Markdown, CSV, JSON, LaTeX.

Every table this package prints is a `Table`, so every one of them comes in every format.
"""

import csv
import io
import json
from collections.abc import Callable, Sequence
from typing import Any

from opensec_inspect.frozen import Frozen
from opensec_inspect.report.metrics.metrics import Unit
from opensec_inspect.report.tables.wording import interval, number, plain
from opensec_inspect.stats import Estimate

Cell = Estimate | float | int | str | None
_LATEX = {
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "–": "--",
    "−": "$-$",
    "…": r"\ldots{}",
}
_MARKDOWN = {
    "|": r"\|",
    "<": "&lt;",
    ">": "&gt;",
    "&": "&amp;",
    "`": r"\`",
    "[": r"\[",
    "]": r"\]",
    "*": r"\*",
}


class Column(Frozen):
    """One column."""

    name: str
    """Key in files, example "false_positive"."""
    label: str
    """Heading for people."""
    unit: Unit | None = None
    """Unit of its numbers; None for a column of words and counts."""
    rank: int = 0
    """Columns of the highest rank are left out first where a terminal is too narrow for all; 0 stays."""
    wraps: bool = True
    """Whether its words may stand in several lines of a cell; False for numbers written as text."""


class Table(Frozen):
    """One table."""

    title: str
    """What it shows, in a few words."""
    columns: tuple[Column, ...]
    """From left to right."""
    rows: tuple[tuple[Cell, ...], ...]
    """Cells in column order; None is undefined."""
    notes: tuple[str, ...] = ()
    """What a reader must know, a line each."""


def as_markdown(table: Table) -> str:
    """A pipe table under its title: value, 95 % interval in brackets, n in parentheses."""
    heading = [markdown_safe(column.label) for column in table.columns]
    rows = [_written(table, row, _markdown_cell) for row in table.rows]
    lines = [heading, ["---"] * len(heading), *rows]
    grid = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    notes = "".join(f"- {markdown_safe(note)}\n" for note in table.notes)
    return f"**{markdown_safe(table.title)}**\n\n{grid}\n" + (f"\n{notes}" if notes else "")


def as_latex(table: Table) -> str:
    """A `booktabs` table: value, 95 % interval in brackets, n in parentheses."""
    heading = " & ".join(latex_safe(column.label) for column in table.columns)
    rows = [" & ".join(map(latex_safe, _written(table, row, in_line))) + r" \\" for row in table.rows]
    layout = "".join("l" if column.unit is None else "r" for column in table.columns)
    lines = [
        "% needs \\usepackage{booktabs}",
        f"\\begin{{tabular}}{{{layout}}}",
        r"\toprule",
        rf"{heading} \\",
        r"\midrule",
        *rows,
        r"\bottomrule",
        r"\end{tabular}",
        *(f"% {plain(note)}" for note in table.notes),
    ]
    return "\n".join(lines) + "\n"


def as_csv(table: Table) -> str:
    """One line per row; an estimate takes five columns: value, limits, n and number of scenarios.

    Shares are fractions; undefined is empty.
    """
    rows = [_flat(table, row) for row in table.rows]
    names = dict.fromkeys(name for row in rows for name in row)
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(names), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def as_json(*tables: Table) -> str:
    """An object per table with its rows as objects; undefined is null, shares are fractions."""
    objects = [
        {
            "title": table.title,
            "rows": [
                {column.name: _jsonable(cell) for column, cell in zip(table.columns, row, strict=True)}
                for row in table.rows
            ],
            "notes": list(table.notes),
        }
        for table in tables
    ]
    whole = objects[0] if len(objects) == 1 else objects
    return json.dumps(whole, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def in_line(cell: Cell, unit: Unit | None) -> str:
    """A cell in one line, as in Markdown: `45.0 % [38.1–52.0] (80)`."""
    if isinstance(cell, Estimate):
        between = interval(cell, unit, more=1)
        return " ".join(
            [number(cell.value, unit, more=1), *([f"[{between}]"] if between else []), f"({cell.n})"]
        )
    return cell if isinstance(cell, str) else number(cell, unit, more=1)


def stacked(cell: Cell, unit: Unit | None) -> str:
    """Value, interval (empty without one) and n of a cell under one another."""
    if isinstance(cell, Estimate):
        return "\n".join((number(cell.value, unit), interval(cell, unit), f"n={cell.n}"))
    return cell if isinstance(cell, str) else number(cell, unit)


def latex_safe(text: str) -> str:
    """The text with every sign that LaTeX would act on spelled out."""
    return "".join(_LATEX.get(sign, sign) for sign in plain(text))


def markdown_safe(text: str) -> str:
    """The text with every sign that a table, or HTML in Markdown, would act on escaped."""
    return "".join(_MARKDOWN.get(sign, sign) for sign in plain(text))


def _markdown_cell(cell: Cell, unit: Unit | None) -> str:
    return markdown_safe(cell) if isinstance(cell, str) else in_line(cell, unit)


def _written(table: Table, row: Sequence[Cell], form: Callable[[Cell, Unit | None], str]) -> list[str]:
    return [form(cell, column.unit) for cell, column in zip(row, table.columns, strict=True)]


def _flat(table: Table, row: Sequence[Cell]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for cell, column in zip(row, table.columns, strict=True):
        if isinstance(cell, Estimate):
            flat[column.name] = cell.value
            flat |= {f"{column.name}_{part}": getattr(cell, part) for part in ("low", "high", "n")}
            flat[f"{column.name}_scenarios"] = cell.clusters
        else:
            flat[column.name] = cell
    return flat


def _jsonable(cell: Cell) -> Any:
    return cell.model_dump() if isinstance(cell, Estimate) else cell
