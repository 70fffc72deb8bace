"""What our code adds to Inspect's own tool loop, in CPU per call."""

import tempfile
import time
from collections.abc import Iterator

from inspect_ai import Task, eval
from inspect_ai.dataset import Sample
from inspect_ai.model import ChatMessage, GenerateConfig, ModelAPI, ModelOutput, ModelUsage, modelapi
from inspect_ai.solver import Generate, Solver, TaskState, generate, solver, use_tools
from inspect_ai.tool import Tool, ToolCall, ToolChoice, ToolDef, ToolInfo

from bench.direct import Row, bench_scenario, script_of
from opensec_inspect.core.edge.live import close_world
from opensec_inspect.incident.edge.dataset import Play, samples
from opensec_inspect.incident.edge.opening import open_world
from opensec_inspect.incident.edge.tools import opensec_tools

SAMPLES = 40


def figures() -> Iterator[Row]:
    """Rows of the table: with and without realtime logging."""
    for realtime, aim in ((False, "<= 2 ms (aim 1)"), (True, "reported")):
        runs = [(_cost("no-op", realtime), _cost("ours", realtime)) for _ in range(5)]
        costs = dict(zip(("no-op", "ours"), map(min, zip(*runs, strict=True)), strict=True))
        added = costs["ours"] - costs["no-op"]
        how = "default logging" if realtime else "--no-log-realtime"
        yield (
            f"our CPU per tool call over no-op tools at desk, {how}",
            f"{added * 1000:.2f} ms (no-op {costs['no-op'] * 1000:.2f}, ours {costs['ours'] * 1000:.2f})",
            aim,
        )


def _cost(name: str, realtime: bool) -> float:
    with tempfile.TemporaryDirectory() as folder:
        start = time.process_time()
        logs = eval(
            _task(name),
            model="opensec_bench/fixed",
            log_dir=folder,
            log_realtime=realtime,
            display="none",
            max_samples=10,
            score=False,
        )
        spent = time.process_time() - start
    assert logs[0].status == "success", logs[0].error
    return spent / (SAMPLES * len(script_of(bench_scenario()).steps))


def _task(name: str) -> Task:
    play = Play(injection_tier="t2", noise="desk", provenance="shown", attacker="scripted")
    one = samples((bench_scenario(),), play, "bench")[0]
    dataset = [
        Sample(id=n, input=one.input, metadata=one.metadata if name == "ours" else {"a": 1})
        for n in range(SAMPLES)
    ]
    if name == "ours":
        solvers = [use_tools(opensec_tools()), generate(tool_calls="loop")]
        return Task(dataset=dataset, setup=open_world(), solver=solvers, cleanup=close_world)
    return Task(
        dataset=dataset,
        setup=_nothing(),
        solver=[use_tools([_no_op(ToolDef(each)) for each in opensec_tools()]), generate(tool_calls="loop")],
    )


@solver
def _nothing() -> Solver:
    async def solve(state: TaskState, generate: Generate) -> TaskState:
        return state

    return solve


def _no_op(ours: ToolDef) -> Tool:
    """A tool that reads the same to a model and answers a constant of a usual answer's length."""

    async def execute(**arguments: str) -> str:
        return "x" * 1500

    told = {"name": ours.name, "description": ours.description, "parameters": ours.parameters}
    return ToolDef(execute, **told, parallel=False, max_output=0).as_tool()


class Fixed(ModelAPI):
    """Makes the same calls whatever it reads."""

    async def generate(
        self, input: list[ChatMessage], tools: list[ToolInfo], tool_choice: ToolChoice, config: GenerateConfig
    ) -> ModelOutput:
        """The next call of the script."""
        script = script_of(bench_scenario()).steps
        turn = sum(message.role == "assistant" for message in input)
        output = ModelOutput.from_content(self.model_name, "")
        output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
        if turn < len(script):
            arguments = {k: v for k, v in script[turn].model_dump().items() if k != "tool"}
            call = ToolCall(id=f"c{turn}", function=script[turn].tool, arguments=arguments)
            output.choices[0].message.tool_calls = [call]
            output.choices[0].stop_reason = "tool_calls"
        return output


@modelapi(name="opensec_bench")
def bench_provider() -> type[ModelAPI]:
    """The provider of the fixed script."""
    return Fixed
