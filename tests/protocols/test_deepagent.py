"""`deepagent` as a defender: its plan costs nothing, and a helper that it sends plays in the same case."""

from pathlib import Path
from typing import Any

from inspect_ai import eval as run_eval
from inspect_ai.agent import as_solver
from inspect_ai.log import EvalSample
from inspect_ai.model import ChatMessage, Model, ModelOutput, get_model

from opensec_inspect.tasks import opensec
from tests.evaluating import plug_in
from tests.fuzz.test_faults import counted
from tests.protocols.test_defender import steps

Turn = tuple[str, dict[str, Any]]
REPORT = {
    "verdict": "benign",
    "patient_zero_host": "none",
    "compromised_user": "none",
    "attacker_domain": "none",
    "data_target": "none",
    "initial_vector": "none",
    "confidence": 0.6,
    "summary": "Nothing was read but a number.",
}


TASK = "Count the alerts."
PLAN: tuple[Turn, ...] = (
    ("todo_write", {"todos": [{"content": "read the alert", "status": "in_progress"}]}),
    ("agent", {"subagent_type": "general", "prompt": TASK}),
    ("submit_report", REPORT),
)
HELP: tuple[Turn, ...] = (
    ("query_logs", {"sql": "SELECT count(*) FROM alerts"}),
    ("submit", {"answer": "There are some."}),
)


def planner() -> Model:
    """A model that plans, sends a helper who asks once and answers, and reports."""

    def speak(input: list[ChatMessage], *_: object) -> ModelOutput:
        helper = any(TASK in message.text for message in input if message.role == "user")
        number = sum(message.role == "assistant" for message in input)
        if not helper and number == len(PLAN):
            return counted(ModelOutput.from_content("mockllm", "Reported."))
        turn = (HELP if helper else PLAN)[number]
        return counted(ModelOutput.for_tool_call("mockllm", *turn))

    return get_model("mockllm/model", custom_outputs=speak, memoize=False)


def played(logs: Path) -> EvalSample:
    """The case that the planner and its helper play."""
    (log,) = run_eval(
        opensec(count=1),
        model=planner(),
        solver=as_solver(plug_in("solvers/deep.py").deep()),
        display="none",
        log_dir=str(logs),
    )
    assert log.status == "success", log.error
    (sample,) = log.samples or []
    return sample


def test_planning_costs_no_step_and_a_helper_plays_in_the_same_case(tmp_path: Path) -> None:
    actions = [step["action"] for step in steps(played(tmp_path))]

    assert [action["tool"] for action in actions] == ["query_logs", "submit_report"]
    assert actions[0]["sql"] == "SELECT count(*) FROM alerts"
