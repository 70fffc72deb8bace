"""Running the benchmark in a test: models that say what they are told to, and what a log then holds."""

import importlib.util
import json
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

from inspect_ai import Task, eval
from inspect_ai.log import EvalLog, EvalSample
from inspect_ai.model import (
    ChatCompletionChoice,
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageTool,
    Model,
    ModelOutput,
    ModelUsage,
    get_model,
)
from inspect_ai.tool import ToolCall
from inspect_ai.util import Store

from opensec_inspect.incident.edge.opening import read_episode
from opensec_inspect.incident.episode.containment import containment_tool
from opensec_inspect.incident.episode.episode import Episode, Setting
from opensec_inspect.incident.generate.plans import plan_of
from opensec_inspect.incident.generate.seeds import parse_scenario
from opensec_inspect.tasks import opensec

ROOT = Path(__file__).parents[1]
SILENCE = ()
"""A turn without a call."""
Turn = tuple[ToolCall, ...]
UNKNOWN_REPORT: dict[str, Any] = {
    "patient_zero_host": "unknown",
    "compromised_user": "unknown",
    "attacker_domain": "unknown",
    "data_target": "unknown",
    "initial_vector": "unknown",
    "verdict": "inconclusive",
    "confidence": 0.1,
    "summary": "Nothing found.",
}


def call(tool: str, parse_error: str | None = None, **arguments: Any) -> ToolCall:
    """A tool call as a model writes it."""
    return ToolCall(id=f"{tool}-call", function=tool, arguments=arguments, parse_error=parse_error)


def query(sql: str) -> ToolCall:
    """A `query_logs` call."""
    return call("query_logs", sql=sql)


def report(**fields: Any) -> ToolCall:
    """A `submit_report` call: all unknown but what is given."""
    return call("submit_report", **(UNKNOWN_REPORT | fields))


def saying(*turns: Turn, then: Turn = SILENCE, text: str = "") -> Model:
    """A model that writes the given turns and then `then` for ever, as a function of the conversation."""

    def speak(input: list[ChatMessage], *_: object) -> ModelOutput:
        number = sum(message.role == "assistant" for message in input)
        calls = turns[number] if number < len(turns) else then
        numbered = [replace(c, id=f"call-{number}-{n}") for n, c in enumerate(calls)] or None
        message = ChatMessageAssistant(content=text, model="mockllm", source="generate", tool_calls=numbered)
        choice = ChatCompletionChoice(message=message, stop_reason="tool_calls" if numbered else "stop")
        # Without usage Inspect would count tokens, and download a tokenizer to do it.
        usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
        return ModelOutput(model="mockllm", choices=[choice], usage=usage)

    return get_model("mockllm/model", custom_outputs=speak, memoize=False)


def small(**options: Any) -> Task:
    """The task over one trivial incident, unless told otherwise."""
    usual: dict[str, Any] = {"difficulty": "trivial", "count": 1}
    return opensec(**(usual | options))


def planned(task: Task) -> tuple[tuple[ToolCall, ...], ToolCall]:
    """What the case's certified plan reads, and the first thing it contains."""
    (sample,) = task.dataset
    assert sample.metadata is not None
    plan = plan_of(parse_scenario(sample.metadata["scenario"]))
    calls = [call(made.tool, **made.arguments) for made in plan]
    reads = tuple(made for made in calls if made.function == "query_logs")
    return reads, next(made for made in calls if containment_tool(made.function))


def evaluated(task: Task, model: Model | str, log_dir: Path, **options: Any) -> EvalLog:
    """The log of a run in this process; fails when the run or a sample did."""
    log = eval(task, model=model, log_dir=str(log_dir), display="none", **options)[0]
    assert log.status == "success", log.error
    assert [sample.error for sample in log.samples or []] == [None] * len(log.samples or [])
    return log


def only_sample(log: EvalLog) -> EvalSample:
    """The single sample of a log."""
    assert log.samples is not None
    (sample,) = log.samples
    return sample


def episode_in(sample: EvalSample) -> Episode:
    """The episode a sample holds, read as one reads a log."""
    setting = Setting.model_validate(sample.metadata["setting"])
    return read_episode(Store(sample.store), sample.metadata["scenario"], setting)


def score_of(sample: EvalSample, scorer: str) -> Any:
    """A score's value: a number or a dict."""
    assert sample.scores is not None
    return sample.scores[scorer].value


def answers(sample: EvalSample) -> list[str]:
    """What each tool call was answered, errors included."""
    tools = [m for m in sample.messages if isinstance(m, ChatMessageTool)]
    return [m.error.message if m.error else m.text for m in tools]


def payload(answer: str) -> dict[str, Any]:
    """An answer of ours, parsed."""
    parsed = json.loads(answer)
    assert isinstance(parsed, dict)
    return parsed


def tools_played(episode: Episode) -> list[str]:
    """The kind of each step, given-away ones left out."""
    return [s.action.tool for s in episode.steps if not getattr(s.action, "given_away", False)]


def plug_in(path: str) -> ModuleType:
    """A plug-in of the repository as a module."""
    spec = importlib.util.spec_from_file_location(Path(path).stem, ROOT / path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
