"""Sheets on a terminal, at most 120 columns wide."""

from rich import box
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from opensec_inspect.report.tables.table import Table, in_line, stacked
from opensec_inspect.report.tables.wording import plain

WIDTH = 120


def print_tables(*tables: Table, tall: bool = False) -> None:
    """Print to standard output; where that is no terminal, at full width and without colour.

    `tall` puts the words of a row on a line of their own, and value, interval and n of an estimate under
    one another: many estimates then fit the width.
    """
    console = Console()
    if not console.is_terminal or console.width > WIDTH:
        console = Console(width=WIDTH)
    for table in tables:
        console.print(Text(plain(table.title), style="bold"))
        if tall:
            console.print(Text("\n".join(tall_lines(table)), no_wrap=True))
        else:
            console.print(_grid(table))
        for note in table.notes:
            console.print(Text(plain(note)))
        console.print()


def tall_lines(table: Table) -> list[str]:
    """The lines of a table whose rows are blocks: a line of words, then the numbers in columns."""
    numbers = [position for position, column in enumerate(table.columns) if column.unit is not None]
    heading = [table.columns[position].label.split(" ") for position in numbers]
    blocks = [
        [stacked(row[position], table.columns[position].unit).split("\n") for position in numbers]
        for row in table.rows
    ]
    widths = [
        max(len(line) for cell in column for line in cell) for column in zip(heading, *blocks, strict=True)
    ]
    height = max(map(len, heading))
    lines = _aligned([[""] * (height - len(label)) + label for label in heading], widths)
    rule = "─" * (sum(widths) + 2 * len(widths))
    for row, block in zip(table.rows, blocks, strict=True):
        words = [
            plain(str(cell)) for cell, column in zip(row, table.columns, strict=True) if column.unit is None
        ]
        lines += [rule, " · ".join(words), *_aligned(block, widths)]
    return [*lines, rule]


def _aligned(cells: list[list[str]], widths: list[int]) -> list[str]:
    height = max(map(len, cells))
    padded = [cell + [""] * (height - len(cell)) for cell in cells]
    return [
        "".join(f"  {line:>{width}}" for line, width in zip(lines, widths, strict=True)).rstrip()
        for lines in zip(*padded, strict=True)
    ]


def _grid(table: Table) -> RichTable:
    grid = RichTable(box=box.HORIZONTALS, padding=(0, 1, 0, 0), show_edge=False)
    for column in table.columns:
        words = column.unit is None
        grid.add_column(Text(column.label), justify="left" if words else "right", overflow="fold")
    for row in table.rows:
        cells = [in_line(cell, column.unit) for cell, column in zip(row, table.columns, strict=True)]
        grid.add_row(*(Text(plain(cell)) for cell in cells))
    return grid
