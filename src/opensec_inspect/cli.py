"""`opensec`: making, checking and showing scenarios, and reading logs."""

import click

from opensec_inspect.commands.attackers import attackers, gate
from opensec_inspect.commands.replay import replay
from opensec_inspect.commands.seeds import seeds
from opensec_inspect.commands.summarize import summarize


@click.group()
@click.version_option(package_name="opensec-inspect")
def main() -> None:
    """Scenarios and results of the opensec-inspect benchmark."""


for command in (attackers, gate, replay, seeds, summarize):
    main.add_command(command)


if __name__ == "__main__":
    main()
