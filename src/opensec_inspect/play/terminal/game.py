"""A sitting at the terminal: its cases one after the other, then the logs and what they were worth."""

from collections.abc import Callable
from pathlib import Path

from rich.panel import Panel
from rich.rule import Rule
from rich.text import Text

from opensec_inspect.play.replaying import seated
from opensec_inspect.play.scoring import score_lines
from opensec_inspect.play.session import Sitting
from opensec_inspect.play.terminal.desk import Desk, Tools
from opensec_inspect.play.terminal.screen import Screen

Logging = Callable[[tuple[Path, ...]], tuple[str, ...]]
"""From the state files of finished cases to the paths of their logs."""
Tracing = Callable[[tuple[str, ...], Path], None]
"""Writes the trace page of logs to a file."""

LEFT = "Left. Come back with: opensec play --session {folder}"


async def play_cases(screen: Screen, sitting: Sitting, tools: Tools) -> bool:
    """Play the cases that are not over; whether all are now. False when the player left."""
    played = False
    for number in range(len(sitting.files)):
        begun = sitting.files[number].is_file()
        # A case's clock runs from when its state is made, and a break between cases is nobody's time.
        ready = begun or not played or await screen.ready(f"Enter opens case {number + 1}; Ctrl-D leaves.")
        if not ready or not await _play_case(screen, sitting, number, tools, begun=begun):
            screen.say(Text(LEFT.format(folder=sitting.folder), style="yellow"))
            return False
        played = True
    return True


async def _play_case(screen: Screen, sitting: Sitting, number: int, tools: Tools, *, begun: bool) -> bool:
    """Whether the case is over now."""
    async with seated(sitting.files[number], sitting.state(number)) as seat:
        if seat.over:
            return True
        if begun:
            seat.resumed()
        screen.say(Rule(f"Case {number + 1} of {len(sitting.files)}"))
        if not await Desk(screen, seat, tools).play():
            return False
        screen.say(Text("The case is closed.", style="bold"))
        if sitting.session.feedback == "each":
            screen.say(Panel(Text("\n".join(score_lines(seat.episode))), title="Truth and score"))
        return True


async def show_scores(screen: Screen, sitting: Sitting) -> None:
    """Truth and score of every case."""
    for number, file in enumerate(sitting.files):
        async with seated(file, sitting.state(number)) as seat:
            await screen.show(Panel(Text("\n".join(score_lines(seat.episode))), title=f"Case {number + 1}"))


def finish(screen: Screen, sitting: Sitting, write_logs: Logging, write_trace: Tracing) -> None:
    """Write the logs, and the trace page unless the answers are not to be told."""
    if not sitting.session.logs:
        screen.say(Text("Playing the calls through the Inspect task for the log …", style="dim"))
        sitting.finish(write_logs(sitting.files))
    for log in sitting.session.logs:
        screen.say(f"log: {log}")
    if sitting.session.feedback != "none":
        page = sitting.folder / "trace.html"
        write_trace(sitting.session.logs, page)
        screen.say(f"trace page: {page}")
