"""`opensec seeds` and `opensec generate`: certified scenarios as files."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from opensec_inspect.incident.generate.dataset import SeedPlan


@click.command()
@click.option("--out", type=click.Path(path_type=Path), default=Path("seeds"), show_default=True)
def seeds(out: Path) -> None:
    """Write the committed data set again, byte for byte."""
    from opensec_inspect.incident.generate.dataset import RNG_SEED, split_plans
    from opensec_inspect.incident.generate.seeds import SPLITS

    plans: dict[str, tuple[SeedPlan, ...]] = {split: tuple(split_plans(split, RNG_SEED)) for split in SPLITS}
    _write(out, plans, RNG_SEED)


@click.command()
@click.option("--count", type=click.IntRange(1), default=20, show_default=True)
@click.option("--rng-seed", type=click.IntRange(0), default=1, show_default=True)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True)
def generate(count: int, rng_seed: int, out: Path) -> None:
    """Make new standard pairs, a benign case and an incident of its group, and write those that certify."""
    from opensec_inspect.errors import BadInputError
    from opensec_inspect.incident.generate.dataset import fresh_plans

    if out.exists() and any(out.iterdir()):
        raise BadInputError(f"{out} is not empty; give a folder that does not exist yet.")
    _write(out, {"eval": tuple(fresh_plans(count, rng_seed))}, rng_seed)


def _write(out: Path, plans: dict[str, tuple["SeedPlan", ...]], rng_seed: int) -> None:
    from opensec_inspect.commands.progress import tracked
    from opensec_inspect.incident.generate.certify import certified_all
    from opensec_inspect.incident.generate.seeds import Entry, Manifest, write_manifest, write_split

    splits: dict[str, tuple[Entry, ...]] = {}
    for split, listed in plans.items():
        made = tracked(certified_all(listed), f"{split}: make and certify", len(listed))
        splits[split] = write_split(out, split, made)
    write_manifest(out, Manifest(schema_version="2", rng_seed=rng_seed, splits=splits))
    click.echo(f"{sum(map(len, splits.values()))} scenarios in {out}")
