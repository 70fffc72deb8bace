"""Sheets on a terminal, at most 120 columns wide."""

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from opensec_inspect.report.tables.sheets import Sheet, in_line, stacked
from opensec_inspect.report.tables.wording import plain

WIDTH = 120


def print_sheets(*sheets: Sheet, tall: bool = False) -> None:
    """Print to standard output; where that is no terminal, at full width and without colour.

    `tall` puts the words of a row on a line of their own, and value, interval and n of an estimate under
    one another: many estimates then fit the width.
    """
    console = Console()
    if not console.is_terminal or console.width > WIDTH:
        console = Console(width=WIDTH)
    for sheet in sheets:
        console.print(Text(plain(sheet.title), style="bold"))
        if tall:
            console.print(Text("\n".join(tall_lines(sheet)), no_wrap=True))
        else:
            console.print(_table(sheet))
        for note in sheet.notes:
            console.print(Text(plain(note)))
        console.print()


def tall_lines(sheet: Sheet) -> list[str]:
    """The lines of a sheet whose rows are blocks: a line of words, then the numbers in columns."""
    numbers = [position for position, column in enumerate(sheet.columns) if column.unit is not None]
    heading = [sheet.columns[position].label.split(" ") for position in numbers]
    blocks = [
        [stacked(row[position], sheet.columns[position].unit).split("\n") for position in numbers]
        for row in sheet.rows
    ]
    widths = [
        max(len(line) for cell in column for line in cell) for column in zip(heading, *blocks, strict=True)
    ]
    height = max(map(len, heading))
    lines = _aligned([[""] * (height - len(label)) + label for label in heading], widths)
    rule = "─" * (sum(widths) + 2 * len(widths))
    for row, block in zip(sheet.rows, blocks, strict=True):
        words = [
            plain(str(cell)) for cell, column in zip(row, sheet.columns, strict=True) if column.unit is None
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


def _table(sheet: Sheet) -> Table:
    table = Table(box=box.HORIZONTALS, padding=(0, 1, 0, 0), show_edge=False)
    for column in sheet.columns:
        words = column.unit is None
        table.add_column(Text(column.label), justify="left" if words else "right", overflow="fold")
    for row in sheet.rows:
        cells = [in_line(cell, column.unit) for cell, column in zip(row, sheet.columns, strict=True)]
        table.add_row(*(Text(plain(cell)) for cell in cells))
    return table
