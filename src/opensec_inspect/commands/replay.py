"""`opensec replay`."""

from pathlib import Path

import click


@click.group()
def replay() -> None:
    """Recorded attacker moves."""


@replay.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--scenarios", is_flag=True, help="List the scenarios too, with the moves recorded for each.")
def inspect(file: Path, scenarios: bool) -> None:
    """Show what a FILE of recorded moves holds."""
    from opensec_inspect.core.archive import reading_archive
    from opensec_inspect.report.tables.wording import plain

    with reading_archive(file) as archive:
        facts, known = archive.facts(), archive.scenarios()
        moves = dict(archive.counts("select scenario, count(*) from moves group by 1"))
        decisions = archive.counts("select decision, count(*) from moves group by 1 order by 2 desc, 1")
        makers = archive.makers()
    click.echo(plain(f"format {facts.get('format')}, task version {facts.get('task_version')}"))
    click.echo(f"{sum(moves.values())} moves in {len(moves)} of {len(known)} scenarios")
    for maker in makers:
        click.echo(plain(f"decided by {maker}"))
    for decision, count in decisions:
        click.echo(plain(f"{count:6}  {decision}"))
    if scenarios:
        for digest, id_ in sorted(known.items(), key=lambda pair: pair[1]):
            click.echo(plain(f"{id_}  {digest[:12]}…  {moves.get(digest, 0)} moves"))
