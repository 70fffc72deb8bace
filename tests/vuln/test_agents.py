"""Agents beside the built-in one: text instead of calls, a user's own tool, a model of another family."""

import json
from pathlib import Path

import pytest
from inspect_ai import Task, eval
from inspect_ai.agent import Agent, react
from inspect_ai.log import EvalLog, EvalSample
from inspect_ai.model import ChatMessage, Model, ModelOutput, ModelUsage, get_model
from inspect_ai.solver import Solver
from inspect_ai.util import Store

from opensec_inspect.core.actions import UseExtraTool
from opensec_inspect.core.defenders.json_defender import json_defender
from opensec_inspect.core.json_actions import read_action
from opensec_inspect.errors import BadInputError
from opensec_inspect.incident.edge.defenders import react_defender
from opensec_inspect.incident.edge.tools import opensec_tools
from opensec_inspect.tasks import opensec
from opensec_inspect.vuln.catalogue import variant
from opensec_inspect.vuln.edge.controllers import vuln_agent
from opensec_inspect.vuln.edge.opening import read_episode
from opensec_inspect.vuln.edge.task import vuln_analysis
from opensec_inspect.vuln.episode.actions import TOOLS
from opensec_inspect.vuln.episode.episode import Episode
from opensec_inspect.vuln.prompts import prompt
from tests.evaluating import answers, call, evaluated, only_sample, plug_in, saying
from tests.vuln.playing import means, played

pytestmark = pytest.mark.eval
GOLD = json.loads(variant("L01", 0).gold.model_dump_json())
SUBMIT = json.dumps({"tool": "submit", "arguments": {"answer": GOLD}})
LENGTH = '''
from inspect_ai.tool import Tool, ToolError, tool


@tool
def length() -> Tool:
    async def execute(text: str) -> str:
        """Count the characters of a text.

        Args:
            text: The text
        """
        if not text:
            raise ToolError("There is no text.")
        return f"{len(text)} characters"

    return execute
'''


def writing(*texts: str) -> Model:
    """A model that writes the given texts, the last one for ever."""

    def speak(input: list[ChatMessage], *_: object) -> ModelOutput:
        number = sum(message.role == "assistant" for message in input)
        output = ModelOutput.from_content("mockllm", texts[min(number, len(texts) - 1)])
        output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
        return output

    return get_model("mockllm/model", custom_outputs=speak, memoize=False)


def logged(folder: Path, model: Model, *, solver: Solver | None = None, **options: object) -> EvalLog:
    """The log of L01 played by the model."""
    task = vuln_analysis(solver=solver, **options)  # type: ignore[arg-type]
    return evaluated(task, model, folder, sample_id="L01")


def episode_of(sample: EvalSample) -> Episode:
    """The episode in a sample of a log."""
    return read_episode(Store(sample.store), "L01")


def test_a_model_that_writes_its_actions_is_told_of_this_familys_tools_only(tmp_path: Path) -> None:
    log = logged(tmp_path, writing("Let me think.", '{"tool": "list_files"', SUBMIT), solver=json_defender())

    sample = only_sample(log)
    told = "\n".join(message.text for message in sample.messages if message.role != "assistant")
    assert prompt("json_example") in told
    assert prompt("json_nudge") in told
    assert all(f"- {tool}: " in told for tool in TOOLS)
    assert "query_logs" not in told
    assert "submit_report" not in told
    assert means(log)["success"] == 1.0
    assert means(log)["malformed_calls"] == 1.0


def test_the_example_is_an_action_that_the_family_takes() -> None:
    action = read_action(prompt("json_example"), repair=False).action

    assert action is not None
    assert action.tool in TOOLS


def test_a_scripted_model_plays_through_the_json_defender(tmp_path: Path) -> None:
    found = means(played("vuln_gold", tmp_path, solver=json_defender()))

    assert (found["success"], found["grounding"], found["malformed_calls"]) == (1.0, 5.0, 0.0)


def test_a_users_tool_is_a_step_and_says_how_many_are_left(tmp_path: Path) -> None:
    file = tmp_path / "length.py"
    file.write_text(LENGTH, encoding="utf-8")
    model = saying((call("length", text="four"),), (call("length", text=""),), (call("submit", answer=GOLD),))

    sample = only_sample(logged(tmp_path, model, extra_tool=str(file)))

    assert answers(sample)[:2] == [
        "4 characters\n\nSteps left: 19",
        "There is no text.\n\nSteps left: 18",
    ]
    first, second, last = episode_of(sample).steps
    assert first.action == UseExtraTool(name="length", arguments='{"text": "four"}')
    assert isinstance(second.action, UseExtraTool)
    assert last.status == "done"


def test_a_users_tool_may_not_be_named_like_one_of_the_task(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(LENGTH.replace("def length", "def search"), encoding="utf-8")

    with pytest.raises(BadInputError, match="defines 'search', which is a tool of the task already"):
        vuln_analysis(extra_tool=str(file))


def test_the_built_in_agent_mends_nothing_unless_told(tmp_path: Path) -> None:
    wrapped = saying((call("readFile", file="main.py"),), (call("submit", answer=GOLD),))

    strict = means(logged(tmp_path, wrapped, solver=vuln_agent()))
    mended = means(logged(tmp_path, wrapped, solver=vuln_agent(controller="repair")))

    assert (strict["malformed_calls"], strict["repaired"]) == (1.0, 0.0)
    assert (mended["malformed_calls"], mended["repaired"]) == (0.0, 1.0)


def refusal(task: Task, solver: Solver | Agent, model: Model | str, folder: Path) -> str:
    """What ended the only sample of a run that an agent of the other family was given to."""
    log = eval(task, model=model, solver=solver, limit=1, log_dir=str(folder), display="none")[0]
    assert log.error is not None
    return log.error.message


def test_an_agent_of_the_incident_family_is_refused_in_one_sentence(tmp_path: Path) -> None:
    said = refusal(vuln_analysis(), react_defender(), "opensec/vuln_gold", tmp_path)

    assert "react_defender belongs to the tasks of opensec_inspect.incident, and this task to" in said
    assert "leave --solver out, or give an agent that takes the task's own tools" in said


def test_this_familys_agent_is_refused_by_an_incident(tmp_path: Path) -> None:
    said = refusal(opensec(count=1), vuln_agent(), "opensec/careful", tmp_path)

    assert "vuln_agent belongs to the tasks of opensec_inspect.vuln, and this task to" in said


@pytest.mark.parametrize(
    ("file", "asker"),
    [
        ("openai_client", "client_tools"),
        ("two_phase", "two_phase"),
        ("evidence_gate", "evidence_gate"),
    ],
)
def test_a_shipped_solver_for_incidents_is_refused(file: str, asker: str, tmp_path: Path) -> None:
    solver = getattr(plug_in(f"solvers/{file}.py"), file)()

    said = refusal(vuln_analysis(), solver, "opensec/vuln_gold", tmp_path)

    assert f"{asker} belongs to the tasks of opensec_inspect.incident" in said


def test_a_tool_of_the_other_family_is_refused_when_it_is_called(tmp_path: Path) -> None:
    model = saying((call("fetch_alert", alert_id="a"),))

    said = refusal(vuln_analysis(), react(tools=opensec_tools()), model, tmp_path)

    assert "fetch_alert belongs to the tasks of opensec_inspect.incident" in said
