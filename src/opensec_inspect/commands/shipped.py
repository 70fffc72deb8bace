"""`opensec files`, `dictionary` and `schema`: what comes with the package, printed."""

import json
from importlib.resources import files as resources
from pathlib import Path

import click

from opensec_inspect.errors import BadInputError

FOLDERS = ("tasks", "solvers", "scorers", "scanners", "tools", "policies")


@click.command()
@click.argument("name", required=False)
def files(name: str | None) -> None:
    """List the plug-ins and policies that come with the package, or print the path of NAME.

    The path is for Inspect's own options, also where only the wheel is installed:
    `inspect eval opensec_inspect/opensec --approval "$(opensec files policies/budgeted.yaml)"`.
    """
    root = files_root()
    listed = sorted(
        path.relative_to(root).as_posix()
        for folder in FOLDERS
        for path in (root / folder).iterdir()
        if path.suffix in (".py", ".yaml")
    )
    if name is None:
        click.echo(f"below {root}:")
        click.echo("\n".join(f"  {one}" for one in listed))
    elif name in listed:
        click.echo(str(root / name))
    else:
        raise BadInputError(f"{name!r} does not come with the package; these do: {', '.join(listed)}.")


def files_root() -> Path:
    """The folder that holds them: in the installed package, else the checkout."""
    packed = Path(str(resources("opensec_inspect"))) / "files"
    return packed if packed.is_dir() else Path(__file__).parents[3]


@click.command()
def dictionary() -> None:
    """Print the data dictionary, the rules and the reaction to containment as Markdown."""
    from opensec_inspect.incident.reaction.page import evidence_page

    click.echo(evidence_page(), nl=False)


@click.command()
def schema() -> None:
    """Print the JSON Schema of a seed file."""
    from opensec_inspect.incident.generate.seeds import Seed

    click.echo(json.dumps(Seed.model_json_schema(), indent=1, sort_keys=True))
