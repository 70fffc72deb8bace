"""Sheets to standard output, in the format asked for."""

from collections.abc import Sequence

import click

from opensec_inspect.report.tables.sheets import Sheet, as_csv, as_json, as_latex, as_markdown
from opensec_inspect.report.tables.terminal import print_sheets

_WRITERS = {"markdown": as_markdown, "latex": as_latex}


def write_sheets(sheets: Sequence[Sheet], form: str, *, tall: bool = False) -> None:
    """Write all sheets; as a table for the terminal, `tall` saves width (see `print_sheets`)."""
    if form == "table":
        print_sheets(*sheets, tall=tall)
    elif form == "json":
        click.echo(as_json(*sheets), nl=False)
    elif form == "csv":
        click.echo("\n".join(map(as_csv, sheets)), nl=False)
    else:
        click.echo("\n".join(_WRITERS[form](sheet) for sheet in sheets))
