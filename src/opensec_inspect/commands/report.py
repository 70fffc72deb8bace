"""`opensec report`."""

from pathlib import Path

import click


@click.command()
@click.argument("logs", nargs=-1, required=True)
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder to write."
)
@click.option("--trace", metavar="PAGE", help="Link episodes to this page, made by `opensec trace`.")
def report(logs: tuple[str, ...], out: Path, trace: str | None) -> None:
    """One page with tables and figures over LOGS: files, folders or globs; figures also as SVG and PNG."""
    from opensec_inspect.report.building import write_report
    from opensec_inspect.report.logs.reading import records_at
    from opensec_inspect.report.metrics.summaries import refuse_left_out

    records = records_at(logs)
    click.echo("computing intervals and drawing figures", err=True)
    page = write_report(records, out, trace=trace)
    click.echo(f"{page} ({page.stat().st_size / 1e6:.1f} MB)")
    refuse_left_out(records.left_out)
