"""Running v1 scenarios inside Inspect: folders of imported ones, and models that play recorded actions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from inspect_ai import Task
from inspect_ai.log import EvalSample
from inspect_ai.model import (
    ChatCompletionChoice,
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageUser,
    Model,
    ModelOutput,
    ModelUsage,
    get_model,
)
from inspect_ai.tool import ToolCall

from opensec_inspect.core.conversation import Conversation
from opensec_inspect.core.edge.live import STEPS_KEY
from opensec_inspect.tasks import opensec
from opensec_inspect.v1.edge.steps import StoredEpisode, StoredStep, played_out, stored_episode
from opensec_inspect.v1.edge.values import Ended
from opensec_inspect.v1.moves import V1Action
from opensec_inspect.v1.play import V1Episode
from opensec_inspect.v1.published_data.stored import write_scenarios
from opensec_inspect.v1.scenario import V1Scenario
from tests.evaluating import call
from tests.incident.v1 import own

OUR_PARAMETER = {"host_id": "host", "user_id": "user"}
REST_OF_A_REPORT = {"verdict": "malicious", "confidence": 0.5, "summary": "As recorded."}


def v1_task(folder: Path, scenarios: Iterable[V1Scenario] | None = None, **options: Any) -> Task:
    """The task over these scenarios, our own graph scenario unless given."""
    write_scenarios([own.scenario()] if scenarios is None else scenarios, folder / "imported")
    return opensec(split=f"v1:{folder / 'imported'}", **({"difficulty": "all"} | options))


def tool_call(action: V1Action) -> ToolCall:
    """The call of our tools that stands for a published action."""
    if action.action_type == "submit_report":
        fields = action.params["summary_json"]
        assert isinstance(fields, Mapping)
        told = {name: value for name, value in fields.items() if name in own.RIGHT_REPORT}
        return call("submit_report", **told, **REST_OF_A_REPORT)
    params = {OUR_PARAMETER.get(name, name): value for name, value in action.params.items()}
    return call(action.action_type, **params)


def playing(actions: Mapping[str, Sequence[V1Action]]) -> Model:
    """A model that plays the actions of each case, one a turn, and then says nothing."""

    def speak(input: list[ChatMessage], *_: object) -> ModelOutput:
        brief = next(message.text for message in input if isinstance(message, ChatMessageUser))
        number = sum(message.role == "assistant" for message in input)
        mine = actions[Conversation(brief=brief).case]
        calls = [replace(tool_call(mine[number]), id=f"call-{number}")] if number < len(mine) else None
        message = ChatMessageAssistant(content="", model="mockllm", source="generate", tool_calls=calls)
        choice = ChatCompletionChoice(message=message, stop_reason="tool_calls" if calls else "stop")
        usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
        return ModelOutput(model="mockllm", choices=[choice], usage=usage)

    return get_model("mockllm/model", custom_outputs=speak, memoize=False)


def stored_in(sample: EvalSample) -> StoredEpisode:
    """The stored steps of a sample, read as one reads a log."""
    return stored_episode(sample.metadata["scenario"], tuple(sample.store[STEPS_KEY]))


def episode_in(sample: EvalSample) -> V1Episode:
    """The episode of a sample played anew from what the log holds."""
    return played_out(sample.metadata["scenario"], tuple(sample.store[STEPS_KEY]))


def values(sample: EvalSample) -> dict[str, float]:
    """Every number the log holds for a sample, by key."""
    found: dict[str, float] = {}
    for score in (sample.scores or {}).values():
        assert isinstance(score.value, dict)
        assert not found.keys() & score.value.keys()
        found |= score.value  # type: ignore[arg-type]
    return found


def ended(
    *actions: V1Action, turns: Sequence[int] | None = None, scenario: V1Scenario | None = None
) -> Ended:
    """The finished episode of these actions, one a turn unless told, the rest given away."""
    case = scenario or own.scenario()
    numbers = turns or range(1, len(actions) + 1)
    steps = [StoredStep(turn=turn, action=action) for turn, action in zip(numbers, actions, strict=True)]
    if not any(action.action_type == "submit_report" for action in actions):
        rest = StoredStep(turn=0, action=own.WAIT, passed="given_away")
        steps += [rest] * (case.max_steps - len(steps))
    texts = tuple(step.model_dump_json() for step in steps)
    return Ended(episode=played_out(case.model_dump_json(), texts), stored=tuple(steps))
