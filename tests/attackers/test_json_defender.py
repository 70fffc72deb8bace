"""One JSON action per turn: read strictly, or repaired, over the same tools and guards."""

import json
from pathlib import Path
from typing import Any

import pytest
from inspect_ai.approval import ApprovalPolicy, auto_approver
from inspect_ai.log import EvalLog
from inspect_ai.model import ChatMessage, Model, ModelOutput, ModelUsage, get_model
from inspect_ai.solver import Solver

from opensec_inspect.core.defenders.json_defender import json_defender
from opensec_inspect.core.edge.approvers import episode_over
from opensec_inspect.core.json_actions import read_action
from opensec_inspect.errors import BadInputError
from opensec_inspect.incident.edge.approvers import evidence_gate
from opensec_inspect.incident.scoring.naming import scene_of
from tests.attackers.running import episodes
from tests.evaluating import UNKNOWN_REPORT, evaluated, only_sample, score_of, small

REPORT = json.dumps({"tool": "submit_report", "arguments": UNKNOWN_REPORT})
QUERY = json.dumps({"tool": "query_logs", "arguments": {"sql": "SELECT 1 AS one"}})


def writing(*texts: str) -> Model:
    """A model that writes the given texts and then the report for ever."""

    def speak(input: list[ChatMessage], *_: object) -> ModelOutput:
        number = sum(message.role == "assistant" for message in input)
        output = ModelOutput.from_content("mockllm", texts[number] if number < len(texts) else REPORT)
        output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
        return output

    return get_model("mockllm/model", custom_outputs=speak, memoize=False)


def played(folder: Path, *texts: str, solver: Solver | None = None, **settings: Any) -> EvalLog:
    """A run of these texts."""
    return evaluated(small(solver=solver or json_defender()), writing(*texts), folder, **settings)


def tools(log: EvalLog) -> list[str]:
    """The kinds of the steps."""
    return [step.action.tool for step in episodes(log)[0].steps]


def test_an_action_written_as_json_is_played_and_answered(tmp_path: Path) -> None:
    log = played(tmp_path, QUERY)

    sample = only_sample(log)
    assert tools(log) == ["query_logs", "submit_report"]
    assert json.loads(sample.messages[3].text)["rows"] == [[1]]
    assert score_of(sample, "conduct")["protocol_failures"] == 0
    assert sample.limit is None


def test_each_text_is_a_turn_of_its_own(tmp_path: Path) -> None:
    log = played(tmp_path, QUERY, QUERY)

    assert [step.turn for step in episodes(log)[0].steps] == [1, 2, 3]


def test_the_instructions_name_every_tool_and_its_arguments(tmp_path: Path) -> None:
    said = only_sample(played(tmp_path)).messages[0].text

    for name in ("query_logs", "isolate_host", "submit_report", "sql: ", "confidence: "):
        assert name in said


def test_prose_is_a_turn_without_an_action_and_costs_a_step(tmp_path: Path) -> None:
    log = played(tmp_path, "Let me think.")

    assert tools(log) == ["idle", "submit_report"]
    assert score_of(only_sample(log), "conduct")["idle_turns"] == 1


def test_a_broken_action_costs_no_step_and_is_counted(tmp_path: Path) -> None:
    log = played(tmp_path, f"Here it is: {QUERY}", '{"tool": "query_logs"')

    assert tools(log) == ["submit_report"]
    assert score_of(only_sample(log), "conduct")["protocol_failures"] == 2
    assert score_of(only_sample(log), "conduct")["repaired_calls"] == 0


def test_a_broken_action_is_mended_when_repair_is_asked_for_and_that_is_counted(tmp_path: Path) -> None:
    log = played(tmp_path, f"Here it is:\n```json\n{QUERY}\n```", solver=json_defender(repair=True))

    assert tools(log) == ["query_logs", "submit_report"]
    assert score_of(only_sample(log), "conduct")["protocol_failures"] == 0
    assert score_of(only_sample(log), "conduct")["repaired_calls"] == 1
    assert [step.repaired for step in episodes(log)[0].steps] == [1, 0]


def test_an_unknown_tool_and_missing_arguments_are_malformed_as_in_any_loop(tmp_path: Path) -> None:
    log = played(tmp_path, '{"tool": "nmap", "arguments": {}}', '{"tool": "fetch_alert", "arguments": {}}')

    assert tools(log) == ["submit_report"]
    assert score_of(only_sample(log), "conduct")["protocol_failures"] == 2


def test_a_guard_stands_before_a_written_action_too(tmp_path: Path) -> None:
    scenario = episodes(played(tmp_path))[0].scenario
    host = scene_of(scenario, "desk").organisation.devices[0].hostname
    action = json.dumps({"tool": "isolate_host", "arguments": {"host": host}})
    chain = [ApprovalPolicy(made, "*") for made in (episode_over(), evidence_gate(), auto_approver())]

    log = played(tmp_path, action, approval=chain)

    assert tools(log) == ["rejected", "submit_report"]


def test_a_model_that_only_writes_broken_actions_comes_to_an_end(tmp_path: Path) -> None:
    log = played(tmp_path, *["{" for _ in range(200)])

    (episode,) = episodes(log)
    assert only_sample(log).limit is not None
    assert len(episode.steps) == episode.scenario.max_steps
    assert all(getattr(step.action, "given_away", False) for step in episode.steps)


def test_repair_is_yes_or_no() -> None:
    with pytest.raises(BadInputError, match="json_defender: repair='often' is not allowed"):
        json_defender(repair="often")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        f"Sure! {QUERY} Does that help?",
        "```json\n" + QUERY + "\n```",
        QUERY.replace("}}", ",}}"),
        QUERY[:-1],
        QUERY[:-3],
        QUERY.replace('"', "'"),
        QUERY.replace('"tool"', '"action"').replace('"arguments"', '"params"'),
        '{"tool": "query_logs", "sql": "SELECT 1 AS one"}',
        '{"name": "query_logs", "arguments": "{\\"sql\\": \\"SELECT 1 AS one\\"}"}',
        QUERY.replace('"', "“", 1).replace('"', "”", 1),
        QUERY + QUERY,
    ],
)
def test_what_models_do_to_json_is_refused_strictly_and_mended_with_repair(text: str) -> None:
    strict, mended = read_action(text, repair=False), read_action(text, repair=True)

    assert strict.action is None
    assert strict.attempted
    assert mended.repaired
    assert mended.action is not None
    assert mended.action.tool == "query_logs"
    assert mended.action.arguments == {"sql": "SELECT 1 AS one"}


@pytest.mark.parametrize(
    "text", ["{", "{}", '{"tool": 3}', "{" * 3000, '{"arguments": {}}', "{'a': lambda: 0}"]
)
def test_what_cannot_be_mended_is_no_action(text: str) -> None:
    read = read_action(text, repair=True)

    assert read.action is None
    assert read.attempted
    assert not read.repaired


def test_a_brace_within_a_string_ends_nothing() -> None:
    read = read_action(
        'x {"tool": "query_logs", "arguments": {"sql": "SELECT \'}\' AS \\"b\\""}} y', repair=True
    )

    assert read.action is not None
    assert read.action.arguments == {"sql": "SELECT '}' AS \"b\""}


def test_text_without_a_brace_is_not_even_an_attempt() -> None:
    assert not read_action("I refuse.", repair=True).attempted
