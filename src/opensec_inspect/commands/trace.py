"""`opensec trace` and `opensec watch`."""

from pathlib import Path

import click


@click.command()
@click.argument("logs", nargs=-1, required=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="File to write.")
def trace(logs: tuple[str, ...], out: Path) -> None:
    """Write one self-contained page that shows the episodes of LOGS step by step."""
    from opensec_inspect.errors import BadInputError
    from opensec_inspect.report.episodes import EpisodeRecord, Skipped, read_records
    from opensec_inspect.report.story import tell
    from opensec_inspect.report.tracepage.build import page_of

    found, skipped = [], list[Skipped]()
    for record in read_records(logs):
        if isinstance(record, EpisodeRecord):
            found.append(tell(record))
        else:
            skipped.append(record)
    if not found:
        raise BadInputError(f"No episode of this benchmark in {', '.join(logs)}; run `inspect eval` first.")
    page = page_of(found)
    if not out.parent.is_dir():
        raise BadInputError(f"The folder {out.parent} does not exist; make it or give another --out.")
    out.write_text(page.text, encoding="utf-8")
    click.echo(f"{len(found)} episodes in {out} ({out.stat().st_size / 1e6:.1f} MB)")
    for sample in skipped:
        click.echo(f"left out: sample {sample.sample} of {sample.log}: {sample.reason}", err=True)
    if page.shortened:
        click.echo(f"{page.shortened} texts were cut at {page.text_limit} characters.", err=True)


@click.command()
@click.argument("logdir", type=click.Path(path_type=Path))
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=7676, show_default=True, help="0: any free one."
)
def watch(logdir: Path, port: int) -> None:
    """Serve the trace page of LOGDIR on this machine and keep it up to date while evaluations run."""
    from opensec_inspect.report.tracepage.server import serve

    server = serve(logdir, port)
    click.echo(f"{server.address} shows {logdir}; Ctrl-C ends it.")
    try:
        server.watch()
    except KeyboardInterrupt:
        click.echo("Ended.")
