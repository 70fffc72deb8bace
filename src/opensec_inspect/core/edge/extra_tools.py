"""A user's own tools beside those of a family, each a step like any other."""

import json
from collections.abc import Awaitable, Callable, Iterable
from inspect import signature
from typing import get_type_hints

from inspect_ai.tool import Tool, ToolDef, ToolError

from opensec_inspect.core.actions import UseExtraTool
from opensec_inspect.core.edge.live import live_episode
from opensec_inspect.options import tools_of


def extra_tools(file: object, known: Iterable[Tool]) -> list[Tool]:
    """The tools of a user's file, beside the `known` ones of the task; none when no file is given."""
    if file is None:
        return []
    taken = [ToolDef(tool).name for tool in known]
    return [as_step(extra) for extra in tools_of("extra_tool", file, taken=taken)]


def as_step(extra: Tool) -> Tool:
    """A user's tool that costs a step like any other: its answer follows, then the state of the case."""
    known = ToolDef(extra)
    inner: Callable[..., Awaitable[object]] = known.tool

    async def execute(*args: object, **kwargs: object) -> str:
        live = live_episode()
        arguments = json.dumps(kwargs, sort_keys=True, default=str, ensure_ascii=False)
        played = await live.play(UseExtraTool(name=known.name, arguments=arguments))
        try:
            result = {"result": str(await inner(*args, **kwargs))}
        except ToolError as error:
            # The step is played all the same, and a defender is always told where the case stands.
            result = {"error": error.message}
        return _beside(result, played.text)

    # Inspect turns JSON into the types a tool's signature names, so the signature has to be the tool's own.
    execute.__annotations__ = get_type_hints(inner)
    vars(execute)["__signature__"] = signature(inner)
    return ToolDef(
        execute,
        name=known.name,
        description=known.description,
        parameters=known.parameters,
        parallel=False,
        max_output=0,
    ).as_tool()


def _beside(result: dict[str, str], state: str) -> str:
    """The tool's answer and the state of the case, in the form of the family's own answers."""
    if state.startswith("{"):
        return json.dumps(result | json.loads(state), ensure_ascii=False)
    return "".join(result.values()) + state
