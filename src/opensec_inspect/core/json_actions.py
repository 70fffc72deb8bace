"""An action written as JSON text: read strictly, or repaired. Pure."""

import ast
import json
import re
from typing import Any

from pydantic import ValidationError

from opensec_inspect.frozen import Frozen

MAX_CHARS = 60_000
"""Longer texts are not read: a statement may have 20,000 characters, and escaping can double it."""
_ALIASES = {
    "tool": ("tool", "action", "action_type", "name", "function", "tool_name"),
    "arguments": ("arguments", "args", "params", "parameters", "input"),
}
_TRAILING_COMMA = re.compile(r",\s*([}\]])")
_SMART = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"})


class JsonAction(Frozen):
    """What the protocol asks for."""

    tool: str
    """Name of a tool."""
    arguments: dict[str, Any]
    """As the tool takes them."""


class ReadAction(Frozen):
    """An action as read from a text."""

    action: JsonAction | None
    """None when the text holds no usable action."""
    repaired: bool = False
    """Whether it took a repair to read it."""
    attempted: bool = True
    """False for prose in which no object is even begun: a turn without an action."""


def read_action(text: str, *, repair: bool) -> ReadAction:
    """The one action a text consists of.

    Strictly, the whole text is one object with `tool` and `arguments`. With `repair` the first object in
    it is taken, whatever stands around it, and mended: quotes, trailing commas, a missing end, other words
    for the two fields, arguments beside the tool or as a string.
    """
    action = _strict(text)
    if action is not None:
        return ReadAction(action=action)
    attempted = "{" in text
    if not (repair and attempted) or len(text) > MAX_CHARS:
        return ReadAction(action=None, attempted=attempted)
    mended = _mended(text)
    return ReadAction(action=mended, repaired=mended is not None)


def _strict(text: str) -> JsonAction | None:
    if len(text) > MAX_CHARS:
        return None
    try:
        return JsonAction.model_validate(json.loads(text))
    except (ValueError, RecursionError):
        return None


def _mended(text: str) -> JsonAction | None:
    part = _first_object(text)
    for candidate in (part, _TRAILING_COMMA.sub(r"\1", part), part.translate(_SMART)):
        said = _parsed(candidate)
        if said is not None:
            return _renamed(said)
    return None


def _first_object(text: str) -> str:
    """From the first brace to its partner; where it has none, to the end with what is missing added."""
    start, open_, quoted, escaped = text.index("{"), "", False, False
    for n, char in enumerate(text[start:], start):
        if quoted:
            quoted = escaped or char != '"'
            escaped = char == "\\" and not escaped
        elif char == '"':
            quoted = True
        elif char in "{[":
            open_ += "}" if char == "{" else "]"
        elif char in "}]" and open_.endswith(char):
            open_ = open_[:-1]
            if not open_:
                return text[start : n + 1]
    return text[start:] + ('"' if quoted else "") + open_[::-1]


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        said = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        try:
            said = ast.literal_eval(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
            return None
    return said if isinstance(said, dict) else None


def _renamed(said: dict[str, Any]) -> JsonAction | None:
    fields = {str(name): value for name, value in said.items()}
    tool = next((fields.pop(name) for name in _ALIASES["tool"] if isinstance(fields.get(name), str)), None)
    given = next((fields.pop(name) for name in _ALIASES["arguments"] if name in fields), fields)
    if isinstance(given, str):
        given = _parsed(given)
    try:
        return JsonAction.model_validate({"tool": tool, "arguments": given})
    except ValidationError:
        return None
