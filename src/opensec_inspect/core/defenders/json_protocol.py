"""Tools as a model without tool calls is told of them: in words, and as a schema for its answers."""

import json
from collections.abc import Iterable
from typing import Any

from inspect_ai.model import ResponseSchema
from inspect_ai.tool import Tool, ToolDef, ToolInfo
from inspect_ai.util import JSONSchema

from opensec_inspect.core.edge.live import current_live
from opensec_inspect.core.prompts import prompt

MAX_TEXT = 100
"""Characters of a text argument under the schema: a small model fills whatever it is given."""


def instructions(tools: Iterable[ToolInfo]) -> str:
    """How to act in text, with an action of the open family as an example, and with what."""
    live = current_live()
    example = prompt("json_any") if live is None else prompt("json_example", live.world.prompts)
    return prompt("json_protocol").format(example=example, tools=described(tools))


def described(tools: Iterable[ToolInfo]) -> str:
    """What each tool does and takes, in words."""
    return "\n".join(map(_described, tools))


def offered(tools: Iterable[Tool]) -> list[ToolInfo]:
    """Tools as a model is told of them."""
    known = [ToolDef(tool) for tool in tools]
    return [ToolInfo(name=t.name, description=t.description, parameters=t.parameters) for t in known]


def action_schema(tools: Iterable[ToolInfo]) -> ResponseSchema:
    """The schema that one action with one of the tools meets."""
    return ResponseSchema(name="action", json_schema=JSONSchema(anyOf=[_action(tool) for tool in tools]))


def _described(tool: ToolInfo) -> str:
    given = {name: schema.description or "" for name, schema in tool.parameters.properties.items()}
    arguments = "\n".join(f"    {name}: {text}" for name, text in given.items())
    return f"- {tool.name}: {tool.description}\n{arguments}"


def _action(tool: ToolInfo) -> JSONSchema:
    arguments: dict[str, Any] = json.loads(tool.parameters.model_dump_json(exclude_none=True))
    for schema in arguments["properties"].values():
        if schema.get("type") == "string":
            schema["maxLength"] = MAX_TEXT
    return JSONSchema.model_validate(
        {
            "type": "object",
            "properties": {"tool": {"type": "string", "enum": [tool.name]}, "arguments": arguments},
            "required": ["tool", "arguments"],
            "additionalProperties": False,
        }
    )
