"""`opensec audit`: what a data set gives away without being read."""

from pathlib import Path

import click


@click.command()
@click.argument("path", type=click.Path(path_type=Path), default=None, required=False)
@click.option(
    "--soc",
    type=click.IntRange(0),
    default=80,
    show_default=True,
    help="Scenarios looked at with full history.",
)
def audit(path: Path | None, soc: int) -> None:
    """Try to tell roles, twins and planted rows apart by anything but reading. PATH: a seed folder."""
    from opensec_inspect.incident.generate import audit as auditing
    from opensec_inspect.incident.scenario.seeds import read_manifest, read_split

    ok = True
    splits = {split: read_split(split, path) for split in read_manifest(path).splits}
    for split, scenarios in splits.items():
        click.echo(f"\n{split}: {len(scenarios)} scenarios\n")
        click.echo("| question | value | allowed | |\n|---|---|---|---|")
        for found in auditing.audit(scenarios, soc=soc):
            ok = ok and found.ok
            click.echo(
                f"| {found.question} | {found.value:.3f} | {found.limit} | {'ok' if found.ok else 'FAIL'} |"
            )
        click.echo("\n| field | settled after idle steps (incidents) |\n|---|---|")
        for field, counts in auditing.evidence_steps(scenarios).items():
            steps = ", ".join(f"{step}: {n}" for step, n in sorted(counts.items()))
            click.echo(f"| {field} | {steps} |")
    if {"train", "eval"} <= set(splits):
        click.echo("\n| share of eval that stands in train too | |\n|---|---|")
        for what, share in auditing.overlap(splits["train"], splits["eval"]).items():
            click.echo(f"| {what} | {share:.3f} |")
    if not ok:
        raise SystemExit(1)
