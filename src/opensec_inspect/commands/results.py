"""`opensec export results`."""

from pathlib import Path

import click


@click.command()
@click.argument("logs", nargs=-1, required=True)
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder to write to."
)
def results(logs: tuple[str, ...], out: Path) -> None:
    """One JSON file per model in LOGS: settings, versions, digests, and every number with its interval."""
    from opensec_inspect.report.exporting import write_results
    from opensec_inspect.report.logs.logs import refuse_left_out
    from opensec_inspect.report.logs.reading import records_at

    records = records_at(logs)
    for path in write_results(records, out):
        click.echo(str(path))
    refuse_left_out(records.left_out)
