"""`opensec export`."""

from pathlib import Path

import click


@click.group()
def export() -> None:
    """Write results, cases and episodes for others to compare, to train on, to publish."""


@export.command()
@click.argument("logs", nargs=-1, required=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="A .jsonl file.")
def sft(logs: tuple[str, ...], out: Path) -> None:
    """Successful trajectories in LOGS as prompt, completion and tools, a line of JSON each.

    Of the train side, settled, every action on evidence, no planted request obeyed. `SFTTrainer` takes the
    lines as they are.
    """
    from opensec_inspect.errors import BadInputError
    from opensec_inspect.report.logs.logs import refuse_left_out
    from opensec_inspect.training.edge.sft import as_line, examples_at

    found = examples_at(logs)
    for reason, number in found.skipped:
        click.echo(f"{number:6}  left out: {reason}", err=True)
    if not found.examples:
        raise BadInputError("No episode in these logs is an example to learn from; nothing was written.")
    out.write_text("".join(f"{as_line(one)}\n" for one in found.examples), encoding="utf-8", newline="\n")
    click.echo(f"{len(found.examples)} examples in {out}")
    refuse_left_out(found.left_out)


@export.command()
@click.argument("logs", nargs=-1)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="A new folder.")
def hub(logs: tuple[str, ...], out: Path) -> None:
    """The data set as it is published: parquet files, a card, Croissant with checksums.

    Configurations `scenarios`, and with LOGS `trajectories` and `sft` too. Needs the extra `hub`. The
    truth of every case is inside, and the card says so.
    """
    from opensec_inspect.report.logs.logs import refuse_left_out
    from opensec_inspect.training.edge.hub import release

    written = release(out, logs)
    for path, rows in written.files:
        click.echo(f"{rows:6}  {path}")
    click.echo(f"README.md and croissant.json in {out}")
    refuse_left_out(written.left_out)
