"""`opensec seeds` and `opensec generate`: certified scenarios as files."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from opensec_inspect.incident.generate.build import Plan


@click.command()
@click.option("--out", type=click.Path(path_type=Path), default=Path("seeds"), show_default=True)
def seeds(out: Path) -> None:
    """Write the committed data set again, byte for byte."""
    from opensec_inspect.incident.generate.splits import RNG_SEED, split_plans
    from opensec_inspect.incident.scenario.seeds import SPLITS

    plans: dict[str, tuple[Plan, ...]] = {split: split_plans(split, RNG_SEED) for split in SPLITS}
    _write(out, plans, RNG_SEED)


@click.command()
@click.option(
    "--split",
    type=click.Choice(["train", "eval"]),
    default="eval",
    show_default=True,
    help="Whose texts and names to draw from.",
)
@click.option("--count", type=click.IntRange(1), default=20, show_default=True)
@click.option("--rng-seed", type=click.IntRange(0), default=1, show_default=True)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True)
def generate(split: str, count: int, rng_seed: int, out: Path) -> None:
    """Make new standard scenarios, incidents and their twins in turn, and write those that certify."""
    from opensec_inspect.errors import BadInputError
    from opensec_inspect.incident.generate.splits import fresh_plans

    if out.exists() and any(out.iterdir()):
        raise BadInputError(f"{out} is not empty; give a folder that does not exist yet.")
    _write(out, {split: tuple(fresh_plans(count, rng_seed, split=split))}, rng_seed)  # type: ignore[arg-type]


def _write(out: Path, plans: dict[str, tuple["Plan", ...]], rng_seed: int) -> None:
    from opensec_inspect.commands.progress import tracked
    from opensec_inspect.incident.generate.certify import certified_all
    from opensec_inspect.incident.scenario.seeds import Entry, Manifest, write_manifest, write_split

    splits: dict[str, tuple[Entry, ...]] = {}
    for split, listed in plans.items():
        made = tracked(certified_all(listed), f"{split}: make and certify", len(listed))
        splits[split] = write_split(out, split, made)
    write_manifest(out, Manifest(schema_version="1", rng_seed=rng_seed, splits=splits))
    click.echo(f"{sum(map(len, splits.values()))} scenarios in {out}")
