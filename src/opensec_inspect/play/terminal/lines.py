"""What a line typed at the prompt asks for. Pure."""

import json
import re
from typing import Literal

from opensec_inspect.core.conversation import Call
from opensec_inspect.frozen import Frozen
from opensec_inspect.play.opened import ARGUMENT_OF, call_of

Request = Literal["help", "brief", "tables", "tools", "book", "show", "note", "x", "report", "stop", "quit"]
REQUESTS: dict[str, tuple[Request, str]] = {
    "help": ("help", "this page; `?` does the same"),
    "brief": ("brief", "the brief again, with the system text"),
    "tables": ("tables", "tables and their columns"),
    "tools": ("tools", "the seven tools as a model is told of them"),
    "book": ("book", "the notebook: every step so far, what is unread, your notes"),
    "show": ("show", "show N: the answer of step N again; without N the last one"),
    "note": ("note", "note TEXT: keep a note of your own"),
    "x": ("x", "rows as a table, or one below the other"),
    "report": ("report", "fill in the report; nothing is sent before you say so"),
    "stop": ("stop", "give the remaining steps away, without a report"),
    "quit": ("quit", "leave; the same command comes back to this step"),
}
"""Requests that cost nothing, each with its help; `report` and `stop` ask before they act."""
SHORT = {
    "email": "fetch_email",
    "mail": "fetch_email",
    "alert": "fetch_alert",
    "isolate": "isolate_host",
    "block": "block_domain",
    "reset": "reset_user",
    "sql": "query_logs",
}
"""Shorter names of tools."""
VERBS = tuple(sorted({*REQUESTS, *SHORT, *ARGUMENT_OF}))
_SQL = re.compile(r"\s*(select|with|values|explain|--|/\*|\()", re.IGNORECASE)


class Ask(Frozen):
    """A request that makes no call by itself."""

    request: Request
    rest: str = ""
    """What follows it."""


class Unclear(Frozen):
    """A line that asks for nothing; `text` says what would."""

    text: str


def read_line(line: str) -> Call | Ask | Unclear | None:
    """What the line asks for; None for an empty one."""
    text = line.strip()
    if not text:
        return None
    if text == "?":
        return Ask(request="help")
    if is_statement(text):
        return call_of("query_logs", text)
    verb, _, rest = text.partition(" ")
    tool = SHORT.get(verb.lower(), verb.lower())
    if tool in ARGUMENT_OF:
        if not rest.strip():
            return Unclear(text=f"{verb} needs something: {verb} {ARGUMENT_OF[tool].upper()}. ? helps.")
        return call_of(tool, rest.strip())
    if tool == "submit_report":
        return _report(rest) if rest.strip() else Ask(request="report")
    if tool in REQUESTS:
        return Ask(request=REQUESTS[tool][0], rest=rest.strip())
    return Unclear(text=f"{verb!r} is no command here. Type a SELECT statement, a tool, or ? for help.")


def is_statement(text: str) -> bool:
    """Whether a line is read as SQL."""
    return _SQL.match(text) is not None


def _report(text: str) -> Call | Unclear:
    try:
        said = json.loads(text)
    except json.JSONDecodeError as error:
        return Unclear(text=f"The report is no JSON ({error}). `report` alone opens a form.")
    if not isinstance(said, dict):
        return Unclear(text="The report has to be one JSON object. `report` alone opens a form.")
    return Call(tool="submit_report", arguments=said)
