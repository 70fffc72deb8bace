"""`opensec certify`: every proof of every scenario in a folder or file."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from opensec_inspect.incident.scenario.scenario import Scenario


@click.command()
@click.argument("path", type=click.Path(path_type=Path), default=Path("seeds"))
def certify(path: Path) -> None:
    """Prove every scenario in PATH again: a seed folder with its manifest, or one seed file."""
    from opensec_inspect.commands.progress import tracked
    from opensec_inspect.incident.generate.certify import certify_all

    total, scenarios = _scenarios(path)
    failed = 0
    for certificate in tracked(certify_all(scenarios), "certify", total):
        if certificate.failed is not None:
            failed += 1
            click.echo(certificate.sentence)
    click.echo(f"{total - failed} of {total} scenarios certified.")
    if failed:
        raise SystemExit(1)


def _scenarios(path: Path) -> tuple[int, "Iterator[Scenario]"]:
    from opensec_inspect.errors import BadInputError
    from opensec_inspect.incident.scenario.seeds import read_entry, read_manifest, read_seed

    if path.is_file():
        return 1, iter([read_seed(path)])
    if not path.is_dir():
        raise BadInputError(f"{path} does not exist; give a seed folder or a seed file.")
    entries = [entry for split in read_manifest(path).splits.values() for entry in split]
    return len(entries), (read_entry(entry, path) for entry in entries)
