"""`opensec play`: a case without a model, one call a command."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from opensec_inspect.errors import BadInputError, one_of

if TYPE_CHECKING:
    from opensec_inspect.core.conversation import Call
    from opensec_inspect.play.state import PlayState

_CREATING = (
    "case",
    "split",
    "number",
    "seeds",
    "noise",
    "provenance",
    "injection_tier",
    "player",
    "no_score",
)

_DASHES = {"ignore_unknown_options": True}
"""A statement may begin with a comment."""


@click.group()
@click.option(
    "--state", type=click.Path(path_type=Path, dir_okay=False), help="File that remembers the case."
)
@click.option("--case", help="Seed file, or id of a scenario.")
@click.option("--split", help="Split to take a case from, with --number.")
@click.option("--number", type=int, help="Which case of the split, from 1; the first unless given.")
@click.option("--seeds", type=click.Path(path_type=Path), help="Seed folder; the project's own unless given.")
@click.option("--noise", help="Background rows: none, desk (unless given) or soc.")
@click.option("--provenance", help="How trust reads: shown (unless given), hidden, shuffled or inverted.")
@click.option("--injection-tier", help="t0, t1, t2 or t3; the scenario's own unless given.")
@click.option("--player", help="Code of the player, such as p07; no names of persons.")
@click.option("--no-score", is_flag=True, help="Forbid `score` for this file.")
@click.pass_context
def play(context: click.Context, /, **given: Any) -> None:
    """Play a case from a shell, through exactly what a model gets: the brief, seven tools, their answers.

    The first command makes the --state FILE from --case or --split; later ones need --state alone. Each
    tool call costs a step and takes effect at once, as it does for a model.
    """
    context.obj = given


def _state(given: dict[str, Any]) -> "PlayState":
    """The state of the file, made when there is none yet."""
    import time

    from opensec_inspect.play.state import PlayState, read_state, write_state

    path: Path | None = given["state"]
    if path is None:
        raise BadInputError(
            "Give --state FILE, before the command: it remembers the case and what was called."
        )
    known = read_state(path) if path.is_file() else None
    if known is not None and not any(given[name] for name in _CREATING):
        return known
    state = PlayState(
        case=_case(given),
        options=_options(given),
        player=given["player"],
        scoring=not given["no_score"],
        shown_at=round(time.time(), 3),
    )
    if known is None:
        write_state(path, state, after=None)
        return state
    if (state.case, state.options, state.player) != (known.case, known.options, known.player):
        raise BadInputError(f"{path} holds case {known.case.id}, set otherwise; give another --state file.")
    return known


def _case(given: dict[str, Any]) -> Any:
    from opensec_inspect.play.cases import case_of, nth_case

    if (given["case"] is None) == (given["split"] is None):
        raise BadInputError(f"{given['state']} does not exist yet: give either --case or --split to begin.")
    if given["case"] is not None:
        if given["number"] is not None:
            raise BadInputError("--number chooses a case of --split; leave it out beside --case.")
        return case_of(given["case"], given["seeds"])
    return nth_case(given["split"], 1 if given["number"] is None else given["number"], given["seeds"])


def _options(given: dict[str, Any]) -> Any:
    from opensec_inspect.incident.scenario.episode import NOISES, PROVENANCES
    from opensec_inspect.incident.scenario.scenario import INJECTION_TIERS
    from opensec_inspect.play.cases import Options

    allowed = {"injection_tier": INJECTION_TIERS, "noise": NOISES, "provenance": PROVENANCES}
    chosen = {name: given[name] for name in allowed if given[name] is not None}
    for name, value in chosen.items():
        if value not in allowed[name]:
            raise one_of(f"--{name.replace('_', '-')}", value, allowed[name])
    return Options(**chosen)


@play.command()
@click.pass_obj
def brief(given: dict[str, Any]) -> None:
    """Show what a model is told at the start. Costs nothing."""
    import asyncio

    from opensec_inspect.play.replaying import seated

    async def read() -> str:
        async with seated(given["state"], _state(given)) as seat:
            return f"{seat.system}\n\n{seat.brief}"

    click.echo(asyncio.run(read()))


@play.command()
@click.pass_obj
def history(given: dict[str, Any]) -> None:
    """Show every call made so far and its answer. Costs nothing."""
    import asyncio

    from opensec_inspect.play.replaying import seated

    async def read() -> None:
        async with seated(given["state"], _state(given)) as seat:
            for exchange in seat.exchanges:
                arguments = json.dumps(exchange.call.arguments, ensure_ascii=False)
                click.echo(f"> {exchange.call.tool} {arguments}\n{exchange.answered.text}")

    asyncio.run(read())


@play.command()
def tools() -> None:
    """Show the seven tools as a model is told of them. Costs nothing."""
    from opensec_inspect.core.defenders.json_protocol import described, offered
    from opensec_inspect.incident.edge.tools import opensec_tools

    click.echo(described(offered(opensec_tools())))


@play.command()
@click.pass_obj
def score(given: dict[str, Any]) -> None:
    """Show the truth and the score of a case that is over."""
    import asyncio

    from opensec_inspect.play.replaying import seated
    from opensec_inspect.play.scoring import score_lines

    state = _state(given)
    if not state.scoring:
        raise BadInputError(f"{given['state']} was begun with --no-score: its answer is not told.")

    async def read() -> str:
        async with seated(given["state"], state) as seat:
            if not seat.over:
                raise BadInputError("The case is not over; the score is told after submit_report.")
            return "\n".join(score_lines(seat.episode))

    click.echo(asyncio.run(read()))


def _call(given: dict[str, Any], call: "Call") -> None:
    import asyncio

    from opensec_inspect.play.replaying import seated

    async def played() -> str:
        async with seated(given["state"], _state(given)) as seat:
            return (await seat.call(call)).text

    click.echo(asyncio.run(played()))


def _tool(tool: str, argument: str, summary: str) -> click.Command:
    @click.argument("argument", metavar=argument.upper())
    @click.pass_obj
    def called(given: dict[str, Any], argument: str) -> None:
        from opensec_inspect.play.opened import call_of

        _call(given, call_of(tool, argument))

    command = click.command(tool, help=f"{summary} Costs one step.", context_settings=_DASHES)
    return command(called)


@play.command("submit_report")
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


for command in (
    _tool("query_logs", "sql", "Run one read-only SQLite SELECT over the tables of the case."),
    _tool("fetch_email", "email_id", "Fetch one email whole."),
    _tool("fetch_alert", "alert_id", "Fetch one alert, user report or desk record whole."),
    _tool("isolate_host", "host", "Isolate one host from the network."),
    _tool("block_domain", "domain", "Block all traffic and mail to and from one domain."),
    _tool("reset_user", "user", "Reset one user's credentials and end all sessions."),
):
    play.add_command(command)
