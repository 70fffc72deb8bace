"""Sheets to standard output, in the format asked for."""

from collections.abc import Sequence

import click

from opensec_inspect.report.tables.table import Table, as_csv, as_json, as_latex, as_markdown
from opensec_inspect.report.tables.terminal import print_tables

_WRITERS = {"markdown": as_markdown, "latex": as_latex}


def write_tables(tables: Sequence[Table], form: str, *, tall: bool = False) -> None:
    """Write all tables; as a table for the terminal, `tall` saves width (see `print_tables`)."""
    if form == "table":
        print_tables(*tables, tall=tall)
    elif form == "json":
        click.echo(as_json(*tables), nl=False)
    elif form == "csv":
        click.echo("\n".join(map(as_csv, tables)), nl=False)
    else:
        click.echo("\n".join(_WRITERS[form](table) for table in tables))
