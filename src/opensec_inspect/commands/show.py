"""`opensec show`: a scenario for a person, answers included."""

from pathlib import Path

import click


@click.command()
@click.argument("seed")
def show(seed: str) -> None:
    """Print a scenario: network, timeline, truth, injections and plan. SEED: a seed file or a scenario id."""
    from rich.console import Console

    from opensec_inspect.errors import BadInputError
    from opensec_inspect.incident.generate.show import pages
    from opensec_inspect.incident.scenario.seeds import read_entry, read_manifest, read_seed

    if Path(seed).is_file():
        scenario = read_seed(Path(seed))
    else:
        listed = {entry.id: entry for split in read_manifest().splits.values() for entry in split}
        if seed not in listed:
            raise BadInputError(f"{seed!r} is neither a seed file nor the id of a committed scenario.")
        scenario = read_entry(listed[seed])
    console = Console()
    for page in pages(scenario):
        console.print(page)
