"""The tools in a form that a program reads."""

from typing import Any

from opensec_inspect.core.defenders.json_protocol import offered
from opensec_inspect.incident.edge.tools import opensec_tools


def tool_schemas() -> list[dict[str, Any]]:
    """Name, description and JSON schema of each tool, as a model is told of them."""
    return [
        {
            "name": tool.name,
            "description": tool.description,
            "parameters": tool.parameters.model_dump(mode="json", exclude_none=True),
        }
        for tool in offered(opensec_tools())
    ]
