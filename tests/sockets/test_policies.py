"""Approval policies: what a guard rejects is a step, and a chain asks every approver in it."""

from pathlib import Path

import pytest
from inspect_ai.agent import as_solver, react

from opensec_inspect.core.actions import Rejected
from opensec_inspect.core.edge.approvers import episode_over
from opensec_inspect.errors import BadInputError
from opensec_inspect.incident.edge.tools import opensec_tools
from tests.evaluating import (
    ROOT,
    answers,
    call,
    episode_in,
    evaluated,
    only_sample,
    query,
    report,
    saying,
    score_of,
    small,
    tools_played,
)

EXAMPLE = str(ROOT / "policies/episode_over.yaml")
LOOK = query("SELECT 1")
ISOLATE = call("isolate_host", host="heron-12")
GUARDED = """approvers:
  - name: opensec_inspect/episode_over
    tools: "*"
  - name: auto
    tools: [isolate_host, block_domain, reset_user]
    decision: reject
  - name: auto
    tools: "*"
"""


@pytest.fixture
def guarded(tmp_path: Path) -> str:
    file = tmp_path / "guarded.yaml"
    file.write_text(GUARDED, encoding="utf-8")
    return str(file)


def test_a_rejected_call_is_a_step_in_which_the_attacker_moves_and_nothing_else_happens(
    tmp_path: Path, guarded: str
) -> None:
    model = saying((ISOLATE,), (LOOK, ISOLATE), (report(),))

    sample = only_sample(evaluated(small(), model, tmp_path, approval=guarded))

    steps = episode_in(sample).steps
    assert [s.action.tool for s in steps] == ["rejected", "query_logs", "rejected", "submit_report"]
    assert steps[0].action == Rejected(name="isolate_host", arguments='{"host": "heron-12"}')
    assert [s.turn for s in steps] == [1, 2, 2, 3]
    assert steps[0].move is not None
    assert score_of(sample, "conduct")["rejected_calls"] == 2.0
    assert score_of(sample, "calibration")["contained"] == 0.0


def test_a_model_told_no_for_ever_uses_up_its_steps(tmp_path: Path, guarded: str) -> None:
    sample = only_sample(evaluated(small(), saying(then=(ISOLATE,)), tmp_path, approval=guarded))

    episode = episode_in(sample)
    assert tools_played(episode) == ["rejected"] * episode.scenario.max_steps
    assert score_of(sample, "oracle")["no_report"] == 1.0


def test_the_example_policy_lets_everything_pass_while_the_case_is_open(tmp_path: Path) -> None:
    model = saying((LOOK, ISOLATE), (report(),))

    sample = only_sample(evaluated(small(), model, tmp_path, approval=EXAMPLE))

    assert tools_played(episode_in(sample)) == ["query_logs", "isolate_host", "submit_report"]
    assert sample.limit is None


def test_the_example_policy_ends_an_agent_that_goes_on_after_its_case(tmp_path: Path) -> None:
    endless = as_solver(react(tools=opensec_tools()))
    model = saying((report(), LOOK), then=(LOOK,))

    sample = only_sample(evaluated(small(), model, tmp_path, solver=endless, approval=EXAMPLE))

    assert answers(sample)[1] == "The case is closed: nothing can be asked or done any more."
    assert sample.limit is not None
    assert sample.limit.type == "operator"


def test_a_decision_the_approver_cannot_take_is_refused() -> None:
    with pytest.raises(BadInputError, match="otherwise='yes' is not allowed; give one of: approve, escalate"):
        episode_over(otherwise="yes")  # type: ignore[arg-type]
