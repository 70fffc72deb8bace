"""`opensec certify`: every proof of every group in a folder or file, or of every vulnerability task."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from opensec_inspect.incident.generate.seeds import Seed


VULN = "vuln"
"""What to give instead of a path to certify the programs of vulnerability analysis."""


@click.command()
@click.argument("path", type=click.Path(path_type=Path), default=Path("seeds"))
@click.option("--seeds", type=click.IntRange(1), help="With vuln: variants of each task, from seed 0 [20].")
@click.option("--proved", type=click.IntRange(0), help="With vuln: how many of them by full search too [2].")
@click.option("--program", "programs", multiple=True, help="With vuln: only this program; repeat for more.")
def certify(path: Path, seeds: int | None, proved: int | None, programs: tuple[str, ...]) -> None:
    """Prove every scenario and group in PATH again: a seed folder, a split in it, or a seed file.

    `opensec certify vuln` proves the tasks of vulnerability analysis instead.
    """
    if path == Path(VULN) and not path.exists():
        certify_vuln(seeds, proved, programs)
        return
    if seeds is not None or proved is not None or programs:
        from opensec_inspect.errors import BadInputError

        raise BadInputError(
            f"--seeds, --proved and --program belong to `opensec certify {VULN}`; leave them out."
        )
    from opensec_inspect.commands.progress import tracked
    from opensec_inspect.incident.generate.certify import certify_all

    total, groups = _seeds(path)
    made, failed = 0, 0
    for certificates in tracked(certify_all(groups), "certify", total):
        for certificate in certificates:
            made += 1
            if certificate.failed is not None:
                failed += 1
                click.echo(certificate.sentence)
    seeds_words = "1 seed" if total == 1 else f"{total} seeds"
    click.echo(f"{made - failed} of {made} certificates hold: scenarios and groups of {seeds_words}.")
    if failed:
        raise SystemExit(1)


def certify_vuln(seeds: int | None, proved: int | None, programs: tuple[str, ...]) -> None:
    """Prove the tasks of vulnerability analysis; exit code 1 when something does not hold."""
    from opensec_inspect.commands.progress import tracked
    from opensec_inspect.vuln.certifying import PROVED, SEEDS, certify_all, count_of

    number = SEEDS if seeds is None else seeds
    total = count_of(programs) * number
    failed = 0
    found = certify_all(programs, seeds=number, proved=PROVED if proved is None else proved)
    for certificate in tracked(found, "certify", total):
        failed += bool(certificate.failures)
        for failure in certificate.failures:
            click.echo(f"{certificate.task_id} seed {certificate.seed}: {failure}")
    click.echo(f"{total - failed} of {total} variants certified.")
    if failed:
        raise SystemExit(1)


def _seeds(path: Path) -> tuple[int, "Iterator[Seed]"]:
    from opensec_inspect.errors import BadInputError
    from opensec_inspect.incident.generate.seeds import MANIFEST, read_groups, read_manifest, read_seed

    if path.is_file():
        return 1, iter([read_seed(path)])
    if not path.is_dir():
        raise BadInputError(f"{path} does not exist; give a seed folder or a seed file.")
    only = None
    if not (path / MANIFEST).is_file() and (path.parent / MANIFEST).is_file():
        path, only = path.parent, path.name
    splits = read_manifest(path).splits
    wanted = [split for split in splits if only in (None, split)]
    total = sum(len({entry.file for entry in splits[split]}) for split in wanted)
    if not total:
        raise BadInputError(f"{path / MANIFEST} lists no scenario{f' of {only}' if only else ''}.")
    return total, (seed for split in wanted for seed in read_groups(split, path))
