"""`opensec show`: cases for a person, answers included."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from opensec_inspect.incident.facts.scenario import Scenario


@click.command()
@click.argument("seed")
@click.option("--whole", is_flag=True, help="Show long rows, such as mails, to their end.")
def show(seed: str, whole: bool) -> None:
    """Print a case: people, timeline, moves, truth, injections. SEED: a seed file or a scenario id."""
    from rich.console import Console

    from opensec_inspect.errors import BadInputError
    from opensec_inspect.incident.generate.seeds import naming_the_seed, read_entry, read_manifest, read_seed
    from opensec_inspect.incident.generate.show import pages

    if Path(seed).is_file():
        with naming_the_seed(seed):
            scenarios = read_seed(Path(seed)).scenarios()
    else:
        listed = {entry.id: entry for split in read_manifest().splits.values() for entry in split}
        if seed not in listed:
            raise BadInputError(f"{seed!r} is neither a seed file nor the id of a committed scenario.")
        scenarios = (read_entry(listed[seed]),)
    console = Console()
    for page in (page for scenario in scenarios for page in pages(_without_controls(scenario), whole=whole)):
        console.print(page)


def _without_controls(scenario: "Scenario") -> "Scenario":
    """The scenario with characters replaced that could act on a terminal: a seed may be a stranger's."""
    from opensec_inspect.report.tables.wording import plain

    def shown(value: object) -> object:
        if isinstance(value, str):
            return "\n".join(map(plain, value.split("\n")))
        if isinstance(value, dict):
            return {shown(key): shown(inner) for key, inner in value.items()}
        return [shown(inner) for inner in value] if isinstance(value, list | tuple) else value

    return type(scenario).model_validate(shown(scenario.model_dump(mode="json")))
