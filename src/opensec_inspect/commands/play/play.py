"""`opensec play`: a case for a person, a program or a shell, through exactly what a model gets."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from opensec_inspect.commands.play.help import PlayHelp
from opensec_inspect.commands.play.shell import SHELL_COMMANDS
from opensec_inspect.errors import BadInputError, one_of

if TYPE_CHECKING:
    from opensec_inspect.play.cases import CaseReference, Options
    from opensec_inspect.play.session import Session, Sitting
    from opensec_inspect.play.state import PlayState

PLAYS = Path("opensec-play")
"""Where sessions are kept unless told, below the current folder."""
_CASE = ("case", "split", "number", "count", "order", "seeds")
_CREATING = (*_CASE, "noise", "provenance", "injection_tier", "player", "feedback", "no_score")


@click.group(cls=PlayHelp, invoke_without_command=True)
@click.option("--case", help="Id of a scenario, a seed file, or FILE#ID.")
@click.option("--split", help="Split to take cases from, in its order.")
@click.option("--number", type=int, help="With --split: first case to take, from 1.")
@click.option("--count", type=click.IntRange(1), help="With --split: how many cases; 1 unless given.")
@click.option("--order", type=click.IntRange(1), help="Row of a balanced order: one case of each group.")
@click.option("--seeds", type=click.Path(path_type=Path), help="Seed folder; the project's own unless given.")
@click.option("--noise", help="Background rows: desk (unless given) or soc.")
@click.option("--provenance", help="How trust reads: shown (unless given), hidden, shuffled or inverted.")
@click.option("--injection-tier", help="t0, t1, t2 or t3; each scenario's own unless given.")
@click.option("--player", help="Code of the player, such as p07; no names of persons.")
@click.option("--feedback", help="When truth and score are told: each, end (unless given) or none.")
@click.option("--no-score", is_flag=True, help="The same as --feedback none.")
@click.option("--session", type=click.Path(path_type=Path, file_okay=False), help="Folder of the session.")
@click.option("--log-dir", type=click.Path(path_type=Path, file_okay=False), help="Folder for the log.")
@click.option("--json", "json_lines", is_flag=True, help="A JSON action per line in, an answer per line out.")
@click.option("--state", type=click.Path(path_type=Path, dir_okay=False), help="For one call a command.")
@click.pass_context
def play(context: click.Context, /, **given: Any) -> None:
    """Play cases yourself, through exactly what a model gets: the brief, seven tools, their answers.

    Without a command, at this terminal: an unfinished session is resumed, and the log is an ordinary one.
    With --json, for a program. With --state FILE and a command, one call at a time from a shell: the first
    command makes the file from --case or --split, later ones need --state alone.
    """
    given["open_state"] = lambda: _state(given)
    context.obj = given
    if context.invoked_subcommand is None:
        _play_sitting(given)


for command in SHELL_COMMANDS:
    play.add_command(command)


def _play_sitting(given: dict[str, Any]) -> None:
    import asyncio
    import sys

    if given["state"] is not None:
        raise BadInputError("--state goes with a command, such as `brief`; leave it out to play here.")
    if given["json_lines"]:
        from opensec_inspect.play.edge.tools import tool_schemas
        from opensec_inspect.play.json_lines import play_lines

        sitting = _sitting(given)
        over = asyncio.run(play_lines(sitting, tool_schemas(), sys.stdin, click.echo))
        if over:
            _finish_lines(sitting)
        return
    from opensec_inspect.commands.play.terminal import play_at_terminal

    if not sys.stdin.isatty():
        raise BadInputError("This is no terminal: give --json, or --state FILE with a command.")
    play_at_terminal(_sitting(given))


def _finish_lines(sitting: "Sitting") -> None:
    import json

    from opensec_inspect.play.edge.writing import write_logs

    if not sitting.session.logs:
        sitting.finish(write_logs(sitting.files, sitting.log_dir))
    click.echo(json.dumps({"type": "done", "logs": sitting.session.logs}))


def _sitting(given: dict[str, Any]) -> "Sitting":
    """The session of the folder, or the unfinished one that fits, or a new one."""
    import time

    from opensec_inspect.play.session import FILE, Sitting

    folder: Path | None = given["session"]
    asked = any(given[name] for name in _CREATING)
    if folder is not None and not asked:
        return Sitting.resumed(folder)
    found = [Sitting.resumed(path.parent) for path in sorted(PLAYS.glob(f"*/{FILE}"))]
    unfinished = [sitting for sitting in found if not sitting.session.logs]
    if not asked:
        if unfinished:
            return unfinished[-1]
        raise BadInputError("There is no unfinished session here: give --case or --split to begin one.")
    session = _session(given)
    if folder is None:
        fitting = [sitting for sitting in unfinished if sitting.session == session]
        if fitting:
            return fitting[-1]
        stamp = time.strftime("%Y%m%dT%H%M%S")
        folder = PLAYS / (stamp if session.player is None else f"{stamp}-{session.player}")
    return Sitting.begun(folder, session)


def _session(given: dict[str, Any]) -> "Session":
    from opensec_inspect.play.session import FEEDBACKS, Session, balanced_order

    feedback = given["feedback"] or ("none" if given["no_score"] else "end")
    if feedback not in FEEDBACKS:
        raise one_of("--feedback", feedback, FEEDBACKS)
    if given["no_score"] and feedback != "none":
        raise BadInputError(f"--no-score and --feedback {feedback} contradict each other; give one of them.")
    cases = _cases(given)
    if given["order"] is not None:
        cases = balanced_order(cases, given["order"])
    return Session(
        cases=cases,
        options=_options(given),
        player=_player(given),
        feedback=feedback,
        log_dir=None if given["log_dir"] is None else str(given["log_dir"].resolve()),
    )


def _state(given: dict[str, Any]) -> "PlayState":
    """The state of the --state file, made when there is none yet."""
    from opensec_inspect.play.state import new_state, read_state

    path: Path | None = given["state"]
    if path is None:
        raise BadInputError("Give --state FILE, before the command: it remembers the case.")
    known = read_state(path) if path.is_file() else None
    if known is not None and not any(given[name] for name in _CREATING):
        return known
    if not any(given[name] for name in ("case", "split")):
        raise BadInputError(f"{path} does not exist yet: give either --case or --split to begin.")
    session = _session(given)
    if len(session.cases) != 1:
        raise BadInputError("A --state file holds one case; leave out --count, and choose with --number.")
    if known is None:
        scoring = session.feedback != "none"
        return new_state(path, session.cases[0], session.options, player=session.player, scoring=scoring)
    if (session.cases[0], session.options, session.player) != (known.case, known.options, known.player):
        raise BadInputError(f"{path} holds case {known.case.id}, set otherwise; give another --state file.")
    return known


def _cases(given: dict[str, Any]) -> "tuple[CaseReference, ...]":
    from opensec_inspect.play.cases import case_of, cases_apart, cases_of

    if (given["case"] is None) == (given["split"] is None):
        raise BadInputError("Give either --case or --split to begin.")
    if given["case"] is not None:
        needless = [name for name in ("number", "count", "order") if given[name] is not None]
        if needless:
            raise BadInputError(f"--{needless[0]} is for cases of a --split; leave it out beside --case.")
        return (case_of(given["case"], given["seeds"]),)
    first = 1 if given["number"] is None else given["number"]
    where = {"first": first, "count": given["count"] or 1, "seeds": given["seeds"]}
    if given["order"] is not None:
        return cases_apart(given["split"], row=given["order"], **where)
    return cases_of(given["split"], **where)


def _options(given: dict[str, Any]) -> "Options":
    from opensec_inspect.incident.episode.episode import NOISES, PROVENANCES
    from opensec_inspect.incident.facts.scenario import INJECTION_TIERS
    from opensec_inspect.play.cases import Options

    allowed: dict[str, tuple[str, ...]] = {
        "injection_tier": INJECTION_TIERS,
        "noise": NOISES,
        "provenance": PROVENANCES,
    }
    chosen = {name: given[name] for name in allowed if given[name] is not None}
    for name, value in chosen.items():
        if value not in allowed[name]:
            raise one_of(f"--{name.replace('_', '-')}", value, allowed[name])
    return Options.model_validate(chosen)


def _player(given: dict[str, Any]) -> str | None:
    import re

    code: str | None = given["player"]
    if code is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,16}", code):
        raise BadInputError(f"--player {code!r} is no code; give up to 16 letters, digits, - or _, no name.")
    return code
