"""`opensec`: making, checking and showing scenarios, and reading logs."""

import errno
from typing import Any

import click

from opensec_inspect.commands.attackers import attackers, gate
from opensec_inspect.commands.audit import audit
from opensec_inspect.commands.certify import certify
from opensec_inspect.commands.compare import compare
from opensec_inspect.commands.import_v1 import import_v1
from opensec_inspect.commands.pairs import pairs
from opensec_inspect.commands.play.play import play
from opensec_inspect.commands.play.task import play_task
from opensec_inspect.commands.replay import replay
from opensec_inspect.commands.report import report
from opensec_inspect.commands.results import results
from opensec_inspect.commands.seeds import generate, seeds
from opensec_inspect.commands.shipped import dictionary, files, schema
from opensec_inspect.commands.show import show
from opensec_inspect.commands.summarize import summarize
from opensec_inspect.commands.trace import trace, watch
from opensec_inspect.commands.training.assess import assess
from opensec_inspect.commands.training.export import export
from opensec_inspect.commands.training.hack_search import hack_search
from opensec_inspect.commands.training.reward import reward
from opensec_inspect.commands.training.serve import serve
from opensec_inspect.commands.training.shards import shards
from opensec_inspect.errors import BadInputError

COMMANDS = (
    assess,
    attackers,
    audit,
    certify,
    compare,
    dictionary,
    export,
    files,
    gate,
    generate,
    hack_search,
    pairs,
    play,
    play_task,
    replay,
    report,
    reward,
    import_v1,
    schema,
    seeds,
    serve,
    shards,
    show,
    summarize,
    trace,
    watch,
)


class Commands(click.Group):
    """The commands; a full disk is said in one sentence, whichever of them meets it."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT):
                raise
            where = f" to {error.filename}" if error.filename else ""
            raise BadInputError(f"Nothing more can be written{where}: {error.strerror}.") from None


@click.group(cls=Commands)
@click.version_option(package_name="opensec-inspect")
def main() -> None:
    """Scenarios and results of the opensec-inspect benchmark."""


export.add_command(results)
for command in COMMANDS:
    main.add_command(command)


if __name__ == "__main__":
    main()
