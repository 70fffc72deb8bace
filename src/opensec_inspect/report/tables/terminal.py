"""Sheets on a terminal, at most 120 columns wide."""

import textwrap
from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from opensec_inspect.report.tables.table import Cell, Column, Table, in_line, stacked
from opensec_inspect.report.tables.wording import plain

WIDTH = 120
LONGEST_KEPT = 24
"""Longest word that a narrow column does not break."""
APART = 2
"""Columns between two columns: in a grid one of padding and one of the divider."""


def print_tables(*tables: Table, tall: bool = False) -> None:
    """Print to standard output; where that is no terminal, at full width and without colour.

    `tall` puts the words of a row on a line of their own, and value, interval and n of an estimate under
    one another: many estimates then fit the width. Columns that do not fit are left out, and named.
    """
    console = Console()
    if not console.is_terminal or console.width > WIDTH:
        console = Console(width=WIDTH)
    for whole in tables:
        table = fitted(whole, console.width, tall=tall)
        console.print(Text(plain(table.title), style="bold"))
        if tall:
            console.print(Text("\n".join(tall_lines(table, console.width)), no_wrap=True))
        else:
            console.print(_grid(table, console.width))
        for note in table.notes:
            console.print(Text(plain(note)))
        console.print()


def fitted(table: Table, width: int, *, tall: bool) -> Table:
    """The table without the columns of the highest rank that a terminal of this width has no room for."""
    kept = list(range(len(table.columns)))
    room = width if tall else width - 1  # rich keeps a column free behind the last one
    while _width(table, kept, tall=tall) > room and any(table.columns[n].rank for n in kept):
        kept.remove(max(kept, key=lambda n: (table.columns[n].rank, n)))
    out = [column.label for n, column in enumerate(table.columns) if n not in kept]
    left_out = (
        (f"Left out at {width} columns: {', '.join(out)}. A wider terminal or --format shows all.",)
        if out
        else ()
    )
    return table.model_copy(
        update={
            "columns": tuple(table.columns[n] for n in kept),
            "rows": tuple(tuple(row[n] for n in kept) for row in table.rows),
            "notes": (*table.notes, *left_out),
        }
    )


def tall_lines(table: Table, width: int = WIDTH) -> list[str]:
    """The lines of a table whose rows are blocks: words, wrapped, then the numbers in columns."""
    numbers = _numbers(table)
    heading = [table.columns[position].label.split(" ") for position in numbers]
    blocks = [_block(table, row, numbers) for row in table.rows]
    widths = [
        max(len(line) for cell in column for line in cell) for column in zip(heading, *blocks, strict=True)
    ]
    height = max(map(len, heading))
    lines = _aligned([[""] * (height - len(label)) + label for label in heading], widths)
    rule = "─" * min(width, sum(widths) + 2 * len(widths))
    for row, block in zip(table.rows, blocks, strict=True):
        words = [
            plain(str(cell)) for cell, column in zip(row, table.columns, strict=True) if column.unit is None
        ]
        lines += [rule, *textwrap.wrap(" · ".join(words), width), *_aligned(block, widths)]
    return [*lines, rule]


def _numbers(table: Table) -> list[int]:
    return [position for position, column in enumerate(table.columns) if column.unit is not None]


def _block(table: Table, row: Sequence[Cell], numbers: Sequence[int]) -> list[list[str]]:
    return [stacked(row[position], table.columns[position].unit).split("\n") for position in numbers]


def _width(table: Table, kept: Sequence[int], *, tall: bool) -> int:
    """What a table of these columns takes without breaking a number or a word of a heading."""
    shown = [n for n in kept if not tall or table.columns[n].unit is not None]
    return sum(_column_width(table.columns[n], [row[n] for row in table.rows], tall) + APART for n in shown)


def _column_width(column: Column, cells: Sequence[Cell], tall: bool) -> int:
    write = stacked if tall else in_line
    words = column.label.split(" ")
    for cell in cells:
        text = write(cell, column.unit)
        words += text.split("\n") if tall or not _is_text(column) else text.split(" ")
    return max(map(len, words), default=0)


def _is_text(column: Column) -> bool:
    """Whether its cells are running text, which may be wrapped between words."""
    return column.unit is None and column.wraps


def _aligned(cells: list[list[str]], widths: list[int]) -> list[str]:
    height = max(map(len, cells))
    padded = [cell + [""] * (height - len(cell)) for cell in cells]
    return [
        "".join(f"  {line:>{width}}" for line, width in zip(lines, widths, strict=True)).rstrip()
        for lines in zip(*padded, strict=True)
    ]


def _grid(table: Table, width: int) -> RichTable:
    every = range(len(table.columns))
    natural = sum(max(_whole_width(table, n), len(table.columns[n].label)) + APART for n in every)
    grid = RichTable(box=box.HORIZONTALS, padding=(0, 1, 0, 0), show_edge=False)
    for n, column in enumerate(table.columns):
        longest = _column_width(column, [row[n] for row in table.rows], tall=False)
        fixed = natural >= width and not _is_text(column) and longest <= LONGEST_KEPT
        grid.add_column(
            Text(column.label),
            # rich takes room from any column that may wrap, breaking numbers too: only text may give.
            width=longest if fixed else None,
            min_width=min(longest, LONGEST_KEPT),
            justify="left" if column.unit is None else "right",
            overflow="fold",
            no_wrap=not _is_text(column) and " " not in column.label,
        )
    for row in table.rows:
        cells = [in_line(cell, column.unit) for cell, column in zip(row, table.columns, strict=True)]
        grid.add_row(*(Text(plain(cell)) for cell in cells))
    return grid


def _whole_width(table: Table, position: int) -> int:
    """Of the longest cell of a column, on one line."""
    unit = table.columns[position].unit
    return max((len(in_line(row[position], unit)) for row in table.rows), default=0)
