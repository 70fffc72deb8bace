"""`opensec audit`: what short policies over one source reach."""

from pathlib import Path

import click


@click.command()
@click.argument("path", type=click.Path(path_type=Path), default=Path("seeds"))
@click.option("--train", default="train", show_default=True, help="Split that policies are chosen on.")
@click.option("--test", default="eval", show_default=True, help="Split that they are tested on.")
@click.option("--groups", type=click.IntRange(1), help="Only so many groups of each split.")
def audit(path: Path, train: str, test: str, groups: int | None) -> None:
    """Search short policies that read one source of the cases in PATH, a seed folder.

    Each decides by one number of the source, such as how often a word stands beside the alert's account.
    The best on one split is tested on the other; exit code 1 when one reaches more than the bound of 3/8
    by more than the 95 % margin.
    """
    from opensec_inspect.commands.progress import tracked
    from opensec_inspect.incident.audit.search import BOUND, searched
    from opensec_inspect.incident.audit.sheets import seen_of
    from opensec_inspect.incident.generate.seeds import read_groups

    told = []
    for split in (train, test):
        seeds = [s for s in read_groups(split, path) if "benign" in s.members][:groups]
        told.append([sheet for found in tracked(seen_of(seeds), split, len(seeds)) for sheet in found])
    found = searched(*told)
    click.echo(f"{len(told[0])} members to choose on, {len(told[1])} to test on; bound {BOUND}.")
    click.echo("| source | a policy | tried | chosen on | tested | margin |")
    click.echo("|---|---|---|---|---|---|")
    for one in found:
        kind = "per family" if one.per_family else "for all"
        click.echo(
            f"| `{one.source}` | {kind} | {one.searched} | {one.on_train:.3f} | {one.on_test:.3f}"
            f" | {one.margin:.3f} |"
        )
    beyond = [one for one in found if one.beyond]
    for one in beyond:
        click.echo(f"{one.source} reaches {one.on_test:.3f}: {one.policies}")
    if beyond:
        raise SystemExit(1)
