"""What our code adds to Inspect's own tool loop, in processor time per call."""

import json
import tempfile
from collections.abc import Iterator
from statistics import median
from typing import Any

from inspect_ai import Task, eval
from inspect_ai.dataset import Sample
from inspect_ai.log import read_eval_log
from inspect_ai.model import ChatMessage, GenerateConfig, ModelAPI, ModelOutput, ModelUsage, modelapi
from inspect_ai.solver import generate, use_tools
from inspect_ai.tool import Tool, ToolCall, ToolChoice, ToolDef, ToolInfo

from bench.cases import NOISES, fifteen_steps, split
from bench.rows import Cpu, Row
from opensec_inspect.core.edge.live import close_world
from opensec_inspect.incident.edge.dataset import Play, samples
from opensec_inspect.incident.edge.opening import open_world
from opensec_inspect.incident.edge.tools import opensec_tools
from opensec_inspect.incident.episode.actions import Action
from opensec_inspect.incident.episode.episode import Noise

SAMPLES = 40
PAIRS = 4
Answers = dict[str, str]
"""What ours answered, by the arguments of the call."""


def figures() -> Iterator[Row]:
    """Rows of the table: ours and no-op tools in turn, the ratio pair by pair."""
    for noise in NOISES:
        answers: Answers = {}
        _cost("ours", noise, 10, answers)  # says what the answers were, and makes what episodes share
        for at_once in (1, 50) if noise == "desk" else (10,):
            pairs = [
                (_cost("no-op", noise, at_once, answers), _cost("ours", noise, at_once, answers))
                for _ in range(PAIRS)
            ]
            ratios = [ours / none for none, ours in pairs]
            none, ours = (median(costs) * 1000 for costs in zip(*pairs, strict=True))
            yield Row(
                f"our CPU per call over no-op tools that read the same, {noise}, {at_once} at once",
                f"{median(ratios):.2f}x ({none:.2f} -> {ours:.2f} ms)",
                "<= 1.15x",
            )


def _cost(name: str, noise: Noise, at_once: int, answers: Answers) -> float:
    """Seconds of processor time per call; fills `answers` with what ours answered, where that is empty."""
    task, cpu = _task(name, noise, answers), Cpu()
    with tempfile.TemporaryDirectory() as folder:
        with cpu.counted():
            (log,) = eval(
                task,
                model="opensec_bench/fixed",
                log_dir=folder,
                log_realtime=False,
                display="none",
                max_samples=at_once,
                max_connections=at_once,
                score=False,
            )
        assert log.status == "success", log.error
        if not answers:
            answers |= _answers(log.location)
    return cpu.s / sum(len(fifteen_steps(n, noise)) for n in range(SAMPLES))


def _answers(place: str) -> Answers:
    found = {}
    for sample in read_eval_log(place).samples or []:
        calls = {c.id: c for m in sample.messages if m.role == "assistant" for c in m.tool_calls or []}
        for message in sample.messages:
            if message.role == "tool" and message.tool_call_id in calls:
                found[_key(calls[message.tool_call_id].arguments)] = message.text
    return found


def _key(arguments: dict[str, Any]) -> str:
    return json.dumps(arguments, sort_keys=True)


def _task(name: str, noise: Noise, answers: Answers) -> Task:
    play = Play(injection_tier="t2", noise=noise, provenance="shown", attacker="scripted")
    given = list(samples(split()[:SAMPLES], play, "bench"))
    SCRIPTS.update({str(one.input): fifteen_steps(n, noise) for n, one in enumerate(given)})
    if name == "ours":
        solvers = [use_tools(opensec_tools()), generate(tool_calls="loop")]
        return Task(dataset=given, setup=open_world(), solver=solvers, cleanup=close_world)
    tools = [_no_op(ToolDef(each), answers) for each in opensec_tools()]
    return Task(
        dataset=[Sample(id=one.id, input=one.input) for one in given],
        solver=[use_tools(tools), generate(tool_calls="loop")],
    )


def _no_op(ours: ToolDef, answers: Answers) -> Tool:
    """A tool that reads the same to a model, and answers what ours had answered to these arguments."""

    async def execute(**arguments: Any) -> str:
        return answers[_key(arguments)]

    told = {"name": ours.name, "description": ours.description, "parameters": ours.parameters}
    return ToolDef(execute, **told, parallel=False, max_output=0).as_tool()


class Fixed(ModelAPI):
    """Makes the fifteen calls of a case, whatever it reads; a case is known by its brief."""

    async def generate(
        self, input: list[ChatMessage], tools: list[ToolInfo], tool_choice: ToolChoice, config: GenerateConfig
    ) -> ModelOutput:
        """The next call."""
        script = SCRIPTS[next(message.text for message in input if message.role == "user")]
        turn = sum(message.role == "assistant" for message in input)
        output = ModelOutput.from_content(self.model_name, "")
        output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
        if turn < len(script):
            arguments = _arguments(script[turn])
            call = ToolCall(id=f"c{turn}", function=script[turn].tool, arguments=arguments)
            output.choices[0].message.tool_calls = [call]
            output.choices[0].stop_reason = "tool_calls"
        return output


SCRIPTS: dict[str, tuple[Action, ...]] = {}
"""By brief."""


def _arguments(action: Action) -> dict[str, Any]:
    given: dict[str, Any] = action.model_dump(exclude={"tool"})
    return given.get("report", given)  # a report's fields are the tool's own arguments


@modelapi(name="opensec_bench")
def bench_provider() -> type[ModelAPI]:
    """The provider of the fixed calls."""
    return Fixed
