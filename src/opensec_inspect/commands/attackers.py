"""`opensec gate` and `opensec attackers`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from opensec_inspect.errors import BadInputError

if TYPE_CHECKING:
    from opensec_inspect.incident.edge.logged import Log
    from opensec_inspect.incident.episode.episode import Episode
    from opensec_inspect.report.metrics.attacked import Attacked, Case

LOGS = click.argument("logs", nargs=-1, required=True, type=click.Path(path_type=Path))


@click.command()
@LOGS
def gate(logs: tuple[Path, ...]) -> None:
    """Check that attackers take data out against an idle defender: exit code 1 if one never does.

    LOGS are files or folders. A tier whose attacker gets nowhere says nothing about those who stop it.
    """
    from opensec_inspect.incident.edge.logged import read_log
    from opensec_inspect.report.metrics.attacked import attacked, contained_something

    failed = False
    for path in _files(logs):
        log = read_log(path)
        if contained_something(logged.episode for logged in log.episodes):
            raise BadInputError(
                f"{path}: its defender {log.defender} contained something; the gate wants an idle one, for "
                "example --model opensec/noop."
            )
        numbers = attacked(_cases(log))
        if numbers.incidents == 0:
            raise BadInputError(
                f"{path} holds no finished episode of an incident; the gate has nothing to see."
            )
        passed = numbers.reached_exfil > 0
        failed = failed or not passed
        click.echo(f"{'pass' if passed else 'FAIL'}  {_headed(log)}")
        _show(numbers)
    if failed:
        raise SystemExit(1)


@click.command()
@LOGS
@click.option(
    "--idle",
    type=click.Path(path_type=Path),
    help="Log of the same attacker and an idle defender; needed for a model attacker only.",
)
def attackers(logs: tuple[Path, ...], idle: Path | None) -> None:
    """How far attackers got, and in how many episodes containment changed it. LOGS are files or folders."""
    from opensec_inspect.incident.edge.logged import read_log
    from opensec_inspect.report.metrics.attacked import attacked

    counterpart = None if idle is None else read_log(idle)
    for path in _files(logs):
        log = read_log(path)
        if counterpart is not None and counterpart.attacker != log.attacker:
            raise BadInputError(
                f"{idle} has the attacker {counterpart.attacker}, {path} has {log.attacker}; give an idle "
                "log of the same attacker."
            )
        click.echo(_headed(log))
        _show(attacked(_cases(log), None if counterpart is None else _cases(counterpart)))


def _files(places: tuple[Path, ...]) -> list[Path]:
    """The logs among files and folders."""
    found = [log for place in places for log in (sorted(place.glob("*.eval")) if place.is_dir() else [place])]
    if not found:
        raise BadInputError(f"{places[0]} holds no log (*.eval).")
    return found


def _cases(log: "Log") -> "dict[Case, Episode]":
    return {(logged.sample, logged.epoch): logged.episode for logged in log.episodes}


def _headed(log: "Log") -> str:
    failed = f", {log.failed} samples failed and are left out" if log.failed else ""
    return f"{log.attacker} against {log.defender}: {log.path}{failed}"


def _show(numbers: "Attacked") -> None:
    stalls = ", ".join(f"{reason} {count}" for reason, count in numbers.stalls) or "none"
    for name, value in (
        ("reached exfiltration", f"{numbers.reached_exfil} of {numbers.incidents} incidents"),
        ("attempts per episode", _shown(numbers.exfil_attempts)),
        ("steps before data went out", _shown(numbers.time_to_exfil)),
        ("share with persistence", _shown(numbers.persistence)),
        ("hosts gained per episode", _shown(numbers.lateral_spread)),
        ("stalls", stalls),
        ("steps without a legal move", str(numbers.illegal_moves)),
        ("containment changed the outcome", _shown(numbers.outcome_changed)),
        ("containment prevented exfiltration", _shown(numbers.exfil_prevented)),
    ):
        click.echo(f"      {name:36}{value}")


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
