"""`opensec play-task`: a vulnerability task from a shell, one call a command, through what a model gets."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from opensec_inspect.errors import BadInputError

if TYPE_CHECKING:
    from opensec_inspect.play.task_replay import TaskSeat

_DASHES = {"ignore_unknown_options": True}
"""A value may begin with a dash."""


@click.group("play-task")
@click.option(
    "--state", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Remembers the play."
)
@click.option("--task", help="Id of a task, for example T01; begins a new file.")
@click.option("--variant", type=int, help="Seed of the variant; 0 unless given.")
@click.pass_context
def play_task(context: click.Context, state: Path, task: str | None, variant: int | None) -> None:
    """Play one task of `vuln_analysis`: `--state FILE --task T01 brief`, then the tools by their names."""
    from opensec_inspect.play.task_state import new_task_play, read_task_play, write_task_play

    if state.is_file():
        known = read_task_play(state)
        other = task not in (None, known.task) or variant not in (None, known.seed)
        if other:
            raise BadInputError(
                f"{state} holds task {known.task}, variant {known.seed}; give another --state file."
            )
    elif task is None:
        raise BadInputError(f"{state} does not exist yet: give --task to begin.")
    else:
        write_task_play(state, new_task_play(task, variant or 0))
    context.obj = state


@play_task.command()
@click.pass_obj
def brief(state: Path) -> None:
    """Show what a model is told at the start. Costs nothing."""
    click.echo(_seated(state).opening)


@play_task.command()
def tools() -> None:
    """Show the six tools as a model is told of them. Costs nothing."""
    from opensec_inspect.play.edge.task_scoring import task_tools

    click.echo(task_tools())


@play_task.command()
@click.pass_obj
def history(state: Path) -> None:
    """Show every call so far with its answer. Costs nothing."""
    for exchange in _seated(state).exchanges:
        arguments = json.dumps(exchange.call.arguments, ensure_ascii=False)
        click.echo(f"> {exchange.call.tool} {arguments}\n{exchange.answer}")


@play_task.command()
@click.pass_obj
def score(state: Path) -> None:
    """Show the verdict, every number and a right answer, once the task is over."""
    from opensec_inspect.play.edge.task_scoring import task_score

    episode = _seated(state).episode
    if not episode.over:
        raise BadInputError("The task is not over; the score is told after submit, decline or the last step.")
    click.echo("\n".join(task_score(episode)))


@play_task.command("submit", context_settings=_DASHES)
@click.argument("answer")
@click.pass_obj
def submit(state: Path, answer: str) -> None:
    """Submit the ANSWER, one JSON object of the form that the brief gives. Costs one step."""
    try:
        said = json.loads(answer)
    except (ValueError, RecursionError) as error:
        raise BadInputError(f"The answer is no JSON ({error}); give one object in quotes.") from None
    if not isinstance(said, dict):
        raise BadInputError(f"The answer is a JSON {type(said).__name__}; give one object.")
    _call(state, "submit", answer=json.dumps(said, ensure_ascii=False))


def _tool(name: str, summary: str, *arguments: str, optional: tuple[str, ...] = ()) -> click.Command:
    def called(state: Path, **given: str | None) -> None:
        _call(state, name, **{key: value for key, value in given.items() if value is not None})

    command: Callable[..., Any] = click.pass_obj(called)
    for argument in reversed((*arguments, *optional)):
        command = click.argument(argument, required=argument not in optional)(command)
    return click.command(name, help=f"{summary} Costs one step.", context_settings=_DASHES)(command)


def _seated(state: Path) -> "TaskSeat":
    import asyncio

    from opensec_inspect.play.task_replay import TaskSeat
    from opensec_inspect.play.task_state import read_task_play

    return asyncio.run(TaskSeat(read_task_play(state)).resumed())


def _call(state: Path, tool: str, **arguments: Any) -> None:
    import asyncio

    from opensec_inspect.core.conversation import Call
    from opensec_inspect.play.task_state import write_task_play

    seat = _seated(state)
    answer = asyncio.run(seat.call(Call(tool=tool, arguments=arguments)))
    write_task_play(state, seat.play)
    click.echo(answer)


for made in (
    _tool("list_files", "Name the files of the program."),
    _tool("read_file", "Show lines of one file, numbered.", "path", optional=("start", "end")),
    _tool("search", "Show the lines of all files that hold a text.", "pattern"),
    _tool("run_program", "Give one value to an input of a build.", "build", "input_name", "value"),
    _tool("decline", "End the task without an answer; KIND is policy or unable.", "kind", "reason"),
):
    play_task.add_command(made)
