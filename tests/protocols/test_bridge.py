"""Agents of other people over Inspect's bridge: they play as a defender inside the process does."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from inspect_ai import eval as run_eval
from inspect_ai.agent import as_solver
from inspect_ai.log import EvalSample
from inspect_ai.model import get_model

from opensec_inspect.incident.baselines import POLICIES
from opensec_inspect.tasks import opensec
from tests.evaluating import plug_in
from tests.protocols.defending import defender
from tests.protocols.server import Answer
from tests.protocols.test_defender import scores, served, steps
from tests.protocols.wire import Message, Reply, ToolUse

SOLVERS = ("openai_client", "deep")


@pytest.fixture(scope="module")
def inside(tmp_path_factory: pytest.TempPathFactory) -> dict[str, EvalSample]:
    """`careful` inside the process."""
    return bridged(None, "opensec/careful", tmp_path_factory.mktemp("inside"))


@pytest.fixture(scope="module", params=SOLVERS)
def outside(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, EvalSample]]:
    """`careful` behind the real client, called by an agent over the bridge."""
    with served(defender(POLICIES["careful"]), rate_limit=False):
        yield bridged(request.param, "openai/gpt-4o", tmp_path_factory.mktemp("outside"))


def bridged(solver: str | None, model: str, logs: Path) -> dict[str, EvalSample]:
    made = None if solver is None else as_solver(getattr(plug_in(f"solvers/{solver}.py"), solver)())
    (log,) = run_eval(
        opensec(count=2),
        model=get_model(model, memoize=False),
        solver=made,
        max_samples=1,
        max_tokens=1024,
        display="none",
        log_dir=str(logs),
    )
    assert log.status == "success", log.error
    return {sample.metadata["kind"]: sample for sample in log.samples or []}


def test_an_agent_over_a_bridge_plays_and_scores_as_the_default_defender_does(
    outside: dict[str, EvalSample], inside: dict[str, EvalSample]
) -> None:
    assert outside.keys() == {"stand_down", "incident"}
    for kind, sample in inside.items():
        assert [s["action"] for s in steps(outside[kind])] == [s["action"] for s in steps(sample)]
        assert scores(outside[kind]) == scores(sample)


def stumbling(sound: Answer) -> Answer:
    """The policy as a model whose first call lacks what the tool needs."""

    def answer(messages: tuple[Message, ...]) -> Reply:
        if not any(m.role == "assistant" for m in messages):
            return Reply(calls=(ToolUse(id="broken", name="fetch_alert", arguments='{"alert": "al-1"}'),))
        kept = [m for m in messages if m.call_id != "broken"]
        return sound(tuple(m for m in kept if "broken" not in {call.id for call in m.calls}))

    return answer


def test_arguments_that_do_not_fit_are_answered_and_cost_no_step(
    inside: dict[str, EvalSample], tmp_path: Path
) -> None:
    with served(stumbling(defender(POLICIES["careful"])), rate_limit=False):
        sample = bridged("openai_client", "openai/gpt-4o", tmp_path)["incident"]

    assert [s["malformed"] for s in steps(sample)][:2] == [1, 0]
    assert [s["action"] for s in steps(sample)] == [s["action"] for s in steps(inside["incident"])]
