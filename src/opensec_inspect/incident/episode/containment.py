"""The containment tools, each declared once: what it contains, how it is called, and what it is said to do.

To add one: its action in `scenario.actions`, its value here, its tool in `edge.tools` and its effect on the
attacker in `scenario.killchain`; tests/incident/test_containment.py says what is missing.
"""

import json
from typing import Literal

from pydantic import ValidationError

from opensec_inspect.core.actions import Rejected
from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.episode.actions import BlockDomain, Containment, IsolateHost, ResetUser

Kind = Literal["host", "domain", "user"]
"""Kinds of entity that can be contained."""


class ContainmentTool(Frozen):
    """One way to contain one kind of entity."""

    name: str
    """Of the tool and of its action: `isolate_host`."""
    kind: Kind
    """Kind of entity it contains; also the name of its one argument."""
    verb: str
    """What people call it: `isolate`."""
    done: str
    """What has become of the entity: `is isolated`. Prompt text."""
    names: str
    """How a defender may name the entity: `its id, hostname or IP address`. Prompt text."""
    action: type[Containment]
    """The action of a call."""

    def said_of(self, action: Containment) -> str:
        """The name of the entity as the call has it."""
        return str(getattr(action, self.kind))


CONTAINMENT_TOOLS: tuple[ContainmentTool, ...] = (
    ContainmentTool(
        name="isolate_host",
        kind="host",
        verb="isolate",
        done="is isolated",
        names="its id, hostname or IP address",
        action=IsolateHost,
    ),
    ContainmentTool(
        name="block_domain",
        kind="domain",
        verb="block",
        done="is blocked",
        names="its name as it stands in the logs",
        action=BlockDomain,
    ),
    ContainmentTool(
        name="reset_user",
        kind="user",
        verb="reset",
        done="was reset",
        names="the user's id, account or email address",
        action=ResetUser,
    ),
)


def containment_tool(name: str) -> ContainmentTool | None:
    """The containment tool of a name; None for other tools."""
    return next((tool for tool in CONTAINMENT_TOOLS if tool.name == name), None)


def tool_of(action: Containment) -> ContainmentTool:
    """The tool whose call the action is."""
    found = containment_tool(action.tool)
    assert found is not None, f"no containment tool makes {action.tool}"
    return found


def contained_kinds() -> tuple[Kind, ...]:
    """The kinds of entity that some tool contains, each once."""
    return tuple(dict.fromkeys(tool.kind for tool in CONTAINMENT_TOOLS))


def verb_for(kind: str) -> str:
    """What people call the containment of a kind of entity, by the first tool that does it."""
    return next(tool.verb for tool in CONTAINMENT_TOOLS if tool.kind == kind)


def containment_asked(tool: str, arguments: object) -> Containment | None:
    """The containment action a call asks for; None for other tools and for arguments that do not fit."""
    found = containment_tool(tool)
    if found is None or not isinstance(arguments, dict):
        return None
    try:
        return found.action.model_validate(arguments | {"tool": tool})
    except ValidationError:
        return None


def requested_containment(rejected: Rejected) -> Containment | None:
    """The containment that a rejected call asked for; None for other tools and unusable arguments."""
    return containment_asked(rejected.name, json.loads(rejected.arguments))
