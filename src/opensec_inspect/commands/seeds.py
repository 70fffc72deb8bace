"""`opensec seeds`."""

from pathlib import Path

import click


@click.command()
@click.option("--out", type=click.Path(path_type=Path), default=Path("seeds"), show_default=True)
def seeds(out: Path) -> None:
    """Write the committed data set again, byte for byte."""
    from opensec_inspect.incident.generate.build import build
    from opensec_inspect.incident.generate.splits import RNG_SEED, split_plans
    from opensec_inspect.incident.seeds import SPLITS, Entry, Manifest, write_manifest, write_split

    splits: dict[str, tuple[Entry, ...]] = {}
    for split in SPLITS:
        splits[split] = write_split(out, split, (build(plan) for plan in split_plans(split, RNG_SEED)))
    write_manifest(out, Manifest(schema_version="1", rng_seed=RNG_SEED, splits=splits))
    click.echo(f"{sum(map(len, splits.values()))} scenarios in {out}")
