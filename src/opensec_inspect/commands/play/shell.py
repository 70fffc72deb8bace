"""The commands of `opensec play --state FILE`: each replays the case and makes at most one call."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from opensec_inspect.errors import BadInputError

if TYPE_CHECKING:
    from opensec_inspect.core.conversation import Call
    from opensec_inspect.play.replaying import Seat

_DASHES = {"ignore_unknown_options": True}
"""A statement may begin with a comment."""


@click.command()
@click.pass_obj
def brief(given: dict[str, Any]) -> None:
    """Show what a model is told at the start. Costs nothing."""
    _read(given, lambda seat: f"{seat.system}\n\n{seat.brief}")


@click.command()
@click.pass_obj
def history(given: dict[str, Any]) -> None:
    """Show every call made so far and its answer. Costs nothing."""

    def lines_of(seat: "Seat") -> str:
        lines = []
        for exchange in seat.exchanges:
            arguments = json.dumps(exchange.call.arguments, ensure_ascii=False)
            lines.append(f"> {exchange.call.tool} {arguments}\n{exchange.answer}")
        return "\n".join(lines)

    _read(given, lines_of)


@click.command()
def tools() -> None:
    """Show the seven tools as a model is told of them. Costs nothing."""
    from opensec_inspect.core.defenders.json_protocol import described, offered
    from opensec_inspect.incident.edge.tools import opensec_tools

    click.echo(described(offered(opensec_tools())))


@click.command()
@click.pass_obj
def score(given: dict[str, Any]) -> None:
    """Show the truth and the score of a case that is over."""
    from opensec_inspect.play.scoring import score_lines

    if not given["open_state"]().scoring:
        raise BadInputError(f"{given['state']} was begun without scores: its answer is not told.")

    def score_of(seat: "Seat") -> str:
        if not seat.over:
            raise BadInputError("The case is not over; the score is told after submit_report.")
        return "\n".join(score_lines(seat.episode))

    _read(given, score_of)


@click.command()
@click.option("--log-dir", type=click.Path(path_type=Path, file_okay=False), help="Folder for the log.")
@click.pass_obj
def log(given: dict[str, Any], log_dir: Path | None) -> None:
    """Play a case that is over through the Inspect task, and say where its log is."""
    from opensec_inspect.play.edge.writing import write_logs

    given["open_state"]()
    for path in write_logs([given["state"]], log_dir or given["log_dir"]):
        click.echo(path)


@click.command("submit_report")
@click.argument("report")
@click.pass_obj
def submit_report(given: dict[str, Any], report: str) -> None:
    """Submit the REPORT, one JSON object with the fields that `tools` lists, and close the case."""
    from opensec_inspect.core.conversation import Call

    try:
        said = json.loads(report)
    except json.JSONDecodeError as error:
        raise BadInputError(f"The report is no JSON ({error}); give one object in quotes.") from None
    if not isinstance(said, dict):
        raise BadInputError(f"The report is a JSON {type(said).__name__}; give one object.")
    _call(given, Call(tool="submit_report", arguments=said))


def _tool(tool: str, argument: str, summary: str) -> click.Command:
    @click.argument("argument", metavar=argument.upper())
    @click.pass_obj
    def called(given: dict[str, Any], argument: str) -> None:
        from opensec_inspect.play.opened import call_of

        _call(given, call_of(tool, argument))

    command = click.command(tool, help=f"{summary} Costs one step.", context_settings=_DASHES)
    return command(called)


def _read(given: dict[str, Any], answer_of: "Callable[[Seat], str]") -> None:
    import asyncio

    from opensec_inspect.play.replaying import seated

    async def read() -> str:
        async with seated(given["state"], given["open_state"]()) as seat:
            return answer_of(seat)

    click.echo(asyncio.run(read()))


def _call(given: dict[str, Any], call: "Call") -> None:
    import asyncio

    from opensec_inspect.play.replaying import seated

    async def played() -> str:
        async with seated(given["state"], given["open_state"]()) as seat:
            return (await seat.call(call)).text

    click.echo(asyncio.run(played()))


SHELL_COMMANDS = (
    brief,
    history,
    tools,
    score,
    log,
    submit_report,
    _tool("query_logs", "sql", "Run one read-only SQLite SELECT over the tables of the case."),
    _tool("fetch_email", "email_id", "Fetch one email whole."),
    _tool("fetch_alert", "alert_id", "Fetch one alert, user report or desk record whole."),
    _tool("isolate_host", "host", "Isolate one host from the network."),
    _tool("block_domain", "domain", "Block all traffic and mail to and from one domain."),
    _tool("reset_user", "user", "Reset one user's credentials and end all sessions."),
)
