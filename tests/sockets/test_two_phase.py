"""`solvers/two_phase.py`: reading first, containment later."""

from pathlib import Path

from inspect_ai.event import ModelEvent
from inspect_ai.log import EvalSample

from tests.evaluating import (
    call,
    episode_in,
    evaluated,
    only_sample,
    plug_in,
    query,
    report,
    saying,
    score_of,
    small,
    tools_played,
)

two_phase = plug_in("solvers/two_phase.py").two_phase
LOOK = query("SELECT 1")
READING = ["query_logs", "fetch_email", "fetch_alert"]
ALL = [*READING, "isolate_host", "block_domain", "reset_user", "submit_report"]


def offered(sample: EvalSample) -> list[list[str]]:
    """Names of the tools that each turn was offered."""
    turns = [event for event in sample.events if isinstance(event, ModelEvent)]
    return [[tool.name for tool in turn.tools] for turn in turns]


def test_the_first_steps_offer_the_reading_tools_and_the_rest_offer_all(tmp_path: Path) -> None:
    model = saying((LOOK,), (LOOK,), (report(),))

    sample = only_sample(evaluated(small(), model, tmp_path, solver=two_phase(investigate_steps=2)))

    assert offered(sample) == [READING, READING, ALL]
    assert tools_played(episode_in(sample)) == ["query_logs", "query_logs", "submit_report"]


def test_containment_in_the_first_phase_is_an_unknown_tool_and_costs_no_step(tmp_path: Path) -> None:
    model = saying((call("reset_user", user="anybody"),), (LOOK,), (report(),))

    sample = only_sample(evaluated(small(), model, tmp_path, solver=two_phase(investigate_steps=1)))

    assert tools_played(episode_in(sample)) == ["query_logs", "submit_report"]
    assert score_of(sample, "conduct")["protocol_failures"] == 1.0


def test_a_silent_turn_is_a_step_of_the_first_phase_too(tmp_path: Path) -> None:
    model = saying((), (LOOK,), (report(),))

    sample = only_sample(evaluated(small(), model, tmp_path, solver=two_phase(investigate_steps=2)))

    assert offered(sample) == [READING, READING, ALL]
    assert tools_played(episode_in(sample)) == ["idle", "query_logs", "submit_report"]


def test_a_first_phase_as_long_as_the_budget_never_contains(tmp_path: Path) -> None:
    solver = two_phase(investigate_steps=99)

    sample = only_sample(evaluated(small(), "opensec/spray", tmp_path, solver=solver))

    assert episode_in(sample).containments == ()
    assert score_of(sample, "oracle")["no_report"] == 1.0


def test_the_careful_analyst_resolves_its_case_in_two_phases(tmp_path: Path) -> None:
    task = small(difficulty="standard", kind="incident")

    sample = only_sample(evaluated(task, "opensec/careful", tmp_path, solver=two_phase(investigate_steps=4)))

    assert score_of(sample, "oracle")["resolved"] == 1.0
    assert score_of(sample, "calibration")["ttfc"] >= 4.0
