"""`opensec files`: where the plug-ins and policies that come with the package are."""

from importlib.resources import files as resources
from pathlib import Path

import click

from opensec_inspect.errors import BadInputError

FOLDERS = ("tasks", "solvers", "scorers", "tools", "policies")


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
