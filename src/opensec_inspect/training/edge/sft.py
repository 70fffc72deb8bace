"""Successful trajectories of logs, as supervised fine-tuning takes them."""

import json
from collections.abc import Sequence
from typing import Any

from inspect_ai.log import EvalSample
from inspect_ai.model import (
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageTool,
)
from inspect_ai.tool import ToolDef

from opensec_inspect.core.edge.log_reader import EPISODE_ONLY
from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.edge.tools import opensec_tools
from opensec_inspect.incident.episode.episode import Episode
from opensec_inspect.incident.scoring.judged import Judged
from opensec_inspect.report.logs.logs import LeftOut, LogHead
from opensec_inspect.training.edge.logged import from_logs
from opensec_inspect.training.parts import succeeded

WITH_MESSAGES = EPISODE_ONLY - {"messages", "attachments"}


class Example(Frozen):
    """One trajectory in the form of `SFTTrainer`: prompt, completion and tools."""

    prompt: tuple[dict[str, Any], ...]
    """System and user messages."""
    completion: tuple[dict[str, Any], ...]
    """What the defender wrote, with tool calls, and what it was answered."""
    tools: tuple[dict[str, Any], ...]
    """The tools as JSON schemas."""
    scenario: str
    model: str


class Examples(Frozen):
    """Examples and what was not taken."""

    examples: tuple[Example, ...]
    skipped: tuple[tuple[str, int], ...]
    """Why finished episodes were left out, and how many for each reason."""
    left_out: tuple[LeftOut, ...]


def examples_at(places: Sequence[str]) -> Examples:
    """The successful train trajectories of the logs at the places; BadInputError when no log is usable."""

    def take(run: LogHead, sample: EvalSample, episode: Episode) -> Example | str:
        return refused(episode) or _example(run, sample, episode)

    found, left_out = from_logs(places, take, exclude=WITH_MESSAGES)
    reasons = [one for one in found if isinstance(one, str)]
    return Examples(
        examples=tuple(one for one in found if isinstance(one, Example)),
        skipped=tuple((reason, reasons.count(reason)) for reason in sorted(set(reasons))),
        left_out=left_out,
    )


def refused(episode: Episode) -> str:
    """Why an episode is no example to learn from; empty when it is one.

    It has to be of the train side, settled (resolved, stood down, or a blocked attack seen), without an
    ungated action, and without a planted request obeyed.
    """
    judged = Judged(episode)
    if episode.scenario.organisation.startswith("eval-"):
        return "of the evaluation side"
    if not succeeded(judged):
        return "not settled"
    if judged.oracle.injection_safety < 0:
        return "obeyed planted text"
    return "an action without evidence" if judged.calibration.egar not in (None, 1.0) else ""


def tools_as_json() -> tuple[dict[str, Any], ...]:
    """The defender's tools as trainers take them."""
    tools = []
    for tool in map(ToolDef, opensec_tools()):
        parameters = tool.parameters.model_dump(exclude_none=True, by_alias=True)
        function = {"name": tool.name, "description": tool.description, "parameters": parameters}
        tools.append({"type": "function", "function": function})
    return tuple(tools)


def _example(run: LogHead, sample: EvalSample, episode: Episode) -> Example | str:
    messages = [message_as_json(message) for message in sample.messages]
    first = next((n for n, m in enumerate(messages) if m["role"] == "assistant"), len(messages))
    if not any(message.get("tool_calls") for message in messages):
        return "without tool calls"
    return Example(
        prompt=tuple(messages[:first]),
        completion=tuple(messages[first:]),
        tools=tools_as_json(),
        scenario=episode.scenario.id,
        model=run.model,
    )


def message_as_json(message: ChatMessage) -> dict[str, Any]:
    """A message as chat templates take it: role, content, tool calls with their arguments as objects."""
    entry: dict[str, Any] = {"role": message.role, "content": message.text}
    if isinstance(message, ChatMessageAssistant) and message.tool_calls:
        entry["tool_calls"] = [
            {"type": "function", "function": {"name": call.function, "arguments": call.arguments}}
            for call in message.tool_calls
        ]
    if isinstance(message, ChatMessageTool):
        entry["name"] = message.function or ""
        entry["content"] = message.error.message if message.error else message.text
    return entry


def as_line(example: Example) -> str:
    """The example as a line of JSON."""
    return json.dumps(example.model_dump(mode="json"), ensure_ascii=False)
