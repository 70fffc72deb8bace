"""`opensec shards`."""

from pathlib import Path

import click

from opensec_inspect.errors import BadInputError


@click.command(context_settings={"ignore_unknown_options": True})
@click.option("--model", "models", multiple=True, required=True, help="Repeatable.")
@click.option("--shards", type=click.IntRange(1), required=True, help="Per model.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="A new folder.")
@click.option("-T", "options", multiple=True, metavar="NAME=VALUE", help="Option of the task; repeatable.")
@click.argument("extra", nargs=-1, type=click.UNPROCESSED)
def shards(
    models: tuple[str, ...], shards: int, out: Path, options: tuple[str, ...], extra: tuple[str, ...]
) -> None:
    """Cut an evaluation into shards: an `inspect eval-set` per model and shard, and an array job.

    Writes jobs.json, run.py (one shard here) and submit.py (all of them, with submitit). What follows `--`
    is passed to `inspect eval-set`. `opensec summarize OUT/logs` reads all folders as one.
    """
    from opensec_inspect.training.edge.shards import as_shell, write_shards

    given = dict(_pair(text) for text in options)
    written = write_shards(out, models=models, shards=shards, options=given, extra=extra)
    for job in written.jobs[:1]:
        click.echo(as_shell(job))
    click.echo(f"{written.cases} cases in {len(written.jobs)} jobs: python {out}/submit.py, or run.py NUMBER")


def _pair(text: str) -> tuple[str, object]:
    name, sign, value = text.partition("=")
    if not (name and sign):
        raise BadInputError(f"-T {text!r} is not NAME=VALUE; write for example -T split=train.")
    return name, int(value) if value.isdigit() else value
