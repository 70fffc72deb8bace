"""`opensec play` at a terminal."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click

from opensec_inspect.core.optional import optional

if TYPE_CHECKING:
    from opensec_inspect.play.session import Sitting


def play_at_terminal(sitting: "Sitting") -> None:
    """Play what is left of a sitting; at its end write the log, and tell what was agreed on."""
    for library in ("prompt_toolkit", "pygments"):
        optional(library, purpose="Playing at a terminal needs", extra="play")
    from opensec_inspect.play.terminal.game import finish, play_cases, show_scores
    from opensec_inspect.play.terminal.screen import Screen

    screen = Screen(sitting.folder / "history.txt")
    try:
        if not asyncio.run(play_cases(screen, sitting, _tools)):
            return
        if sitting.session.feedback == "end":
            asyncio.run(show_scores(screen, sitting))
    except KeyboardInterrupt:
        click.echo(f"\nLeft. Come back with: opensec play --session {sitting.folder}")
        return
    finish(screen, sitting, lambda files: _write_logs(files, sitting.log_dir), _write_trace)


def _tools() -> "list[dict[str, object]]":
    from opensec_inspect.play.edge.tools import tool_schemas

    return tool_schemas()


def _write_logs(files: tuple[Path, ...], log_dir: Path | None) -> tuple[str, ...]:
    from opensec_inspect.play.edge.writing import write_logs

    return write_logs(files, log_dir)


def _write_trace(logs: tuple[str, ...], out: Path) -> None:
    from opensec_inspect.commands.trace import trace

    callback = trace.callback
    assert callback is not None
    callback(logs, out)
