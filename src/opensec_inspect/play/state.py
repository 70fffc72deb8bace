"""The file of a case being played: which case, how it is set, and what was called. Nothing of the answer."""

import os
import time
from pathlib import Path

from pydantic import ValidationError

from opensec_inspect.core.conversation import Call
from opensec_inspect.errors import BadInputError
from opensec_inspect.frozen import Frozen
from opensec_inspect.play.cases import CaseReference, Options

FORMAT = 1


class MadeCall(Frozen):
    """A call as it was made."""

    call: Call
    answer_sha256: str
    """Of the answer's text, 64 hex digits: a replay that answers otherwise is refused."""
    time_s: float
    """Seconds between the answer before, or the brief, and this call."""
    resumed: bool = False
    """Whether the case was left before this call and opened again: `time_s` counts from the opening."""


class PlayState(Frozen):
    """Everything needed to come back to a case."""

    format: int = FORMAT
    case: CaseReference
    options: Options
    player: str | None = None
    """Code of the player, for example `p07`; no names of persons."""
    scoring: bool = True
    """Whether `score` may tell the answer once the case is over; False in a blind study."""
    shown_at: float
    """When the last answer was shown, in seconds since 1970."""
    calls: tuple[MadeCall, ...] = ()
    """In their order, refused ones included."""
    stopped: bool = False
    """Whether the player gave the steps after the last call away."""
    notes: tuple[str, ...] = ()
    """The player's own; never scored."""


def new_state(
    path: Path, case: CaseReference, options: Options, *, player: str | None, scoring: bool
) -> PlayState:
    """The state of a case at its opening, written to its file."""
    shown_at = round(time.time(), 3)
    state = PlayState(case=case, options=options, player=player, scoring=scoring, shown_at=shown_at)
    write_state(path, state, after=None)
    return state


def read_state(path: Path) -> PlayState:
    """The state a file holds; BadInputError when it is no state file."""
    try:
        state = PlayState.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "the file"
        raise BadInputError(f"{path} is no state file of `opensec play`: {field}: {first['msg']}.") from None
    if state.format != FORMAT:
        raise BadInputError(f"{path} has format {state.format}; this version reads format {FORMAT}.")
    return state


def write_state(path: Path, state: PlayState, *, after: PlayState | None) -> None:
    """Replace the file at once, so that no crash leaves half of it.

    `after` is the state this one continues, None for a new file. BadInputError when the file has
    changed since that was read: two commands at the same time would lose a step.
    """
    if not path.parent.is_dir():
        raise BadInputError(f"The folder {path.parent} does not exist; make it or give another --state.")
    now = read_state(path) if path.is_file() else None
    if now != after:
        raise BadInputError(f"{path} was changed by another command meanwhile; call again.")
    part = path.with_name(f".{path.name}.{os.getpid()}")
    part.write_text(state.model_dump_json(indent=1) + "\n", encoding="utf-8")
    part.replace(path)
