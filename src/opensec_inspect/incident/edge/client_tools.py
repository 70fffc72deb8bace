"""The tools for an agent that keeps its own conversation: an API client, or a framework over a bridge."""

import json
from typing import Any

from inspect_ai.tool import ToolDef, ToolError

from opensec_inspect.core.edge.live import live_episode, live_of
from opensec_inspect.incident import prompts
from opensec_inspect.incident.edge.tools import opensec_tools


class ClientTool:
    """One tool of the running case with what a client has to tell its model of it."""

    def __init__(self, definition: ToolDef) -> None:
        self.name, self.description = definition.name, definition.description
        self.schema: dict[str, Any] = definition.parameters.model_dump(exclude_none=True)
        """JSON schema of the arguments."""
        self._tool = definition.tool

    async def call(self, arguments: str) -> str:
        """The answer to a call as a model wrote it, errors included; one that does not fit costs no step."""
        given = _fitting(arguments, self.schema)
        if given is None:
            live_episode().malformed += 1
            return f"The arguments {arguments!r} do not fit {self.name}: {json.dumps(self.schema)}"
        try:
            return str(await self._tool(**given))
        except ToolError as error:
            return error.message


def _fitting(arguments: str, schema: dict[str, Any]) -> dict[str, Any] | None:
    """The arguments by name; None where they are no JSON object, one is unknown, or one is missing."""
    try:
        given = json.loads(arguments or "{}")
    except ValueError:
        return None
    required, known = set(schema.get("required", [])), set(schema["properties"])
    return given if isinstance(given, dict) and required <= set(given) <= known else None


def client_tools() -> tuple[ClientTool, ...]:
    """The tools of the running case."""
    live_of(prompts.__name__, "client_tools")
    return tuple(ClientTool(ToolDef(tool)) for tool in opensec_tools())


def case_over() -> bool:
    """Whether the running case is closed: then an agent of one's own stops."""
    return live_episode().world.over
