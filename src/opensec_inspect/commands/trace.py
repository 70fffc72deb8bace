"""`opensec trace` and `opensec watch`."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from opensec_inspect.report.logs.sample_records import Skipped
    from opensec_inspect.report.trace.views import View


@click.command()
@click.argument("logs", nargs=-1, required=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="File to write.")
def trace(logs: tuple[str, ...], out: Path) -> None:
    """Write one self-contained page that shows the episodes of LOGS step by step."""
    from opensec_inspect.errors import BadInputError
    from opensec_inspect.report.trace.page.build import page_of

    if not out.parent.is_dir():
        raise BadInputError(f"The folder {out.parent} does not exist; make it or give another --out.")
    skipped: list[Skipped] = []
    page = page_of(_stories(logs, skipped))
    for left in skipped:
        what = f"sample {left.sample} of {left.log}: {left.reason}" if left.sample else left.reason
        click.echo(f"left out: {what}", err=True)
    if not page.episodes:
        raise BadInputError(f"No episode of this benchmark in {', '.join(logs)}; run `inspect eval` first.")
    out.write_text(page.text, encoding="utf-8")
    click.echo(f"{page.episodes} episodes in {out} ({out.stat().st_size / 1e6:.1f} MB)")
    if page.shortened:
        click.echo(f"{page.shortened} texts were cut at {page.text_limit} characters.", err=True)
    if not all(left.sample for left in skipped):
        click.get_current_context().exit(1)


@click.command()
@click.argument("logdir", type=click.Path(path_type=Path))
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=7676, show_default=True, help="0: any free one."
)
def watch(logdir: Path, port: int) -> None:
    """Serve the trace page of LOGDIR on this machine and keep it up to date while evaluations run."""
    from opensec_inspect.report.trace.page.server import serve

    server = serve(logdir, port)
    click.echo(f"{server.address} shows {logdir}; Ctrl-C ends it.")
    try:
        server.watch()
    except KeyboardInterrupt:
        click.echo("Ended.")


def _stories(logs: tuple[str, ...], skipped: "list[Skipped]") -> "Iterator[View]":
    from opensec_inspect.report.logs.episodes import read_records
    from opensec_inspect.report.logs.sample_records import Skipped
    from opensec_inspect.report.trace.views import view_of

    for record in read_records(logs):
        if isinstance(record, Skipped):
            skipped.append(record)
        else:
            yield view_of(record)
