"""A case for a program of any language: a JSON action per line in, a JSON answer per line out.

The protocol is described in docs/human-baseline.md.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pydantic import JsonValue, ValidationError

from opensec_inspect.core.conversation import Call
from opensec_inspect.frozen import Frozen
from opensec_inspect.play.opened import ARGUMENT_OF, TOOLS
from opensec_inspect.play.replaying import Seat, seated
from opensec_inspect.play.session import Sitting

NO_ACTION = 'Not one JSON object with "tool" and "arguments", or {"stop": true}; nothing was done.'
LEFT = "The input has ended; the same command goes on with this case."


class Action(Frozen):
    """A line that comes in."""

    tool: str
    arguments: dict[str, JsonValue]


class Stop(Frozen):
    """A line that gives the case's remaining steps away."""

    stop: bool


async def play_lines(
    sitting: Sitting, tools: list[dict[str, Any]], lines: Iterable[str], write: Callable[[str], None]
) -> bool:
    """Play the cases of a sitting; whether all are over. The end of `lines` leaves a case to be resumed."""
    incoming = iter(lines)

    def tell(message: dict[str, Any]) -> None:
        write(json.dumps(message, ensure_ascii=False))

    for number, file in enumerate(sitting.files):
        begun = file.is_file()
        async with seated(file, sitting.state(number)) as seat:
            if begun:
                seat.resumed()
            await _play_case(seat, tools, incoming, tell)
            if not seat.over:
                tell({"type": "left", "text": LEFT})
                return False
    return True


async def _play_case(
    seat: Seat, tools: list[dict[str, Any]], incoming: Iterator[str], tell: Callable[[dict[str, Any]], None]
) -> None:
    if seat.over:
        return
    tell(_opening(seat, tools))
    while not seat.over:
        line = next(incoming, None)
        if line is None:
            return
        if line.strip():
            tell(await _answer(seat, line))


def _opening(seat: Seat, tools: list[dict[str, Any]]) -> dict[str, Any]:
    before = [{"action": e.call.model_dump(), "text": e.answer} for e in seat.exchanges]
    return {
        "type": "case",
        "case": seat.state.case.id,
        "system": seat.system,
        "brief": seat.brief,
        "tools": tools,
        "before": before,
    }


async def _answer(seat: Seat, line: str) -> dict[str, Any]:
    action = _read(line)
    if isinstance(action, str):
        return {"type": "refused", "text": action, "over": False}
    if isinstance(action, Stop):
        await seat.stop()
        return {"type": "stopped", "over": True}
    answered = await seat.call(Call(tool=action.tool, arguments=action.arguments))
    kind = "answer" if answered.step else "refused"
    return {"type": kind, "text": answered.text, "over": seat.over}


def _read(line: str) -> Action | Stop | str:
    """What a line says; in words what is wrong with it."""
    try:
        said = json.loads(line)
        if isinstance(said, dict) and said.get("stop") is True:
            return Stop.model_validate(said)
        action = Action.model_validate(said)
    except (ValueError, ValidationError, RecursionError):
        return NO_ACTION
    if action.tool not in TOOLS:
        return f"There is no tool {action.tool[:80]!r}; the tools are {', '.join(TOOLS)}."
    argument = ARGUMENT_OF.get(action.tool)
    if argument is not None and (
        action.arguments.keys() != {argument} or not isinstance(action.arguments[argument], str)
    ):
        return f'{action.tool} takes one argument: {{"{argument}": "…"}}.'
    return action
