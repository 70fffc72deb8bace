"""Mending calls that miss the interface: what the controller `repair` does and `strict` does not. Pure.

Only the form is mended, never the content: names of tools and arguments, an answer given as text or without
its wrapping, and a call written into the text instead of being made.
"""

import json
import re
from typing import Any

from opensec_inspect.core.conversation import Call
from opensec_inspect.core.json_actions import read_action
from opensec_inspect.vuln.episode.actions import TOOLS

ARGUMENTS: dict[str, dict[str, tuple[str, ...]]] = {
    "list_files": {},
    "read_file": {
        "path": ("file", "filename", "file_path", "file_name", "name"),
        "start": ("start_line", "line_start", "from", "first"),
        "end": ("end_line", "line_end", "to", "last"),
    },
    "search": {"pattern": ("query", "text", "regex", "term", "string")},
    "run_program": {
        "build": ("build_name", "program", "version"),
        "input_name": ("input", "name", "inputname"),
        "value": ("input_value", "data", "payload"),
    },
    "submit": {"answer": ("result", "final_answer", "response")},
    "decline": {"kind": ("type", "category"), "reason": ("why", "message", "explanation")},
}
"""Arguments by tool, with other names that are taken for them."""
_BY_LETTERS = {name.replace("_", ""): name for name in TOOLS}


def mended_call(call: Call) -> Call:
    """The call with names and answer mended where they can be; equal to it where nothing was to be mended."""
    tool = _tool(call.tool)
    if tool is None:
        return call
    arguments = _arguments(tool, call.arguments)
    return Call(tool=tool, arguments=_wrapped(arguments) if tool == "submit" else arguments)


def written_call(text: str) -> Call | None:
    """The call that a text holds as JSON; None when there is none of a known tool."""
    action = read_action(text, repair=True).action
    if action is None or _tool(action.tool) is None:
        return None
    return mended_call(Call(tool=action.tool, arguments=action.arguments))


def _tool(name: str) -> str | None:
    """The tool that a name means: case, separators and a prefix aside."""
    last = re.split(r"[./:]", name.strip())[-1]
    return _BY_LETTERS.get(re.sub(r"[\s_-]", "", last).lower())


def _arguments(tool: str, given: dict[str, Any]) -> dict[str, Any]:
    found = dict(given)
    for name, others in ARGUMENTS[tool].items():
        other = next((other for other in others if other in found), None)
        if name not in found and other is not None:
            found[name] = found.pop(other)
    return found


def _wrapped(given: dict[str, Any]) -> dict[str, Any]:
    """`answer` as an object: from text, or from the fields of an answer that stand without it."""
    if "answer" not in given:
        return {"answer": given} if given else given
    answer = given["answer"]
    if not isinstance(answer, str):
        return given
    start, end = answer.find("{"), answer.rfind("}")
    try:
        parsed = json.loads(answer[start : end + 1], strict=False)
    except (ValueError, RecursionError):
        return given
    return {**given, "answer": parsed} if isinstance(parsed, dict) else given
