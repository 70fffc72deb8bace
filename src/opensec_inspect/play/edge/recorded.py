"""`--model opensec/human -M play=FILE`: what a person or a program called, in the task's own loop.

Inspect executes each call again and the log is an ordinary one. The seconds that each call took when it was
made stand in the message's metadata.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from inspect_ai.model import ChatMessage, ChatMessageUser

from opensec_inspect.core.conversation import Conversation
from opensec_inspect.core.providers.scripted import NOTHING, Turn, Written
from opensec_inspect.errors import BadInputError
from opensec_inspect.options import given_path
from opensec_inspect.play.state import PlayState, read_state


def recorded_play(model_args: Mapping[str, Any]) -> Turn:
    """The turns that state files hold, by case; turns after the last one are turns without a call.

    `play` names the files, with commas between them, or is a list of them.
    """
    files = model_args.get("play")
    if files is None or len(model_args) > 1:
        raise BadInputError("opensec/human takes -M play=FILE, a state file that `opensec play` has written.")
    listed = str(files).split(",") if isinstance(files, str | Path) else list(files)
    states = {state.case.id: state for state in (read_state(given_path("play", file)) for file in listed)}

    def turn(messages: list[ChatMessage], offered: frozenset[str]) -> Written:
        brief = next((m.text for m in messages if isinstance(m, ChatMessageUser)), "")
        number = sum(message.role == "assistant" for message in messages)
        return _written(states.get(Conversation(brief=brief).case), number)

    return turn


def _written(state: PlayState | None, number: int) -> Written:
    if state is None or number >= len(state.calls):
        return Written(NOTHING, ())
    made = state.calls[number]
    return Written("", (made.call,), made.time_s)
