"""A defender behind the real `openai` and `anthropic` clients plays as it does inside the process."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from inspect_ai import eval as run_eval
from inspect_ai.log import EvalLog, EvalSample
from inspect_ai.model import get_model

from opensec_inspect.core.conversation import Call, Conversation, Policy
from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.baselines import POLICIES
from opensec_inspect.incident.baselines.calls import opening_alert, query, report
from opensec_inspect.tasks import opensec
from tests.protocols.defending import defender
from tests.protocols.server import Answer, ModelServer, Received, serving
from tests.protocols.wire import Message, Reply, ToolUse

MODELS = ("openai/gpt-4o", "openai/gpt-5", "anthropic/claude-sonnet-4-5")
PATHS = {
    "gpt-4o": "/v1/chat/completions",
    "gpt-5": "/v1/responses",
    "claude-sonnet-4-5": "/v1/messages",
}
"""Model, as a request names it, to the path of its protocol."""
COSTS_A_STEP = ("query_logs", "fetch_email", "fetch_alert", "isolate_host", "block_domain", "reset_user")
TEXT, NUMBER = "string", "number"
PARAMETERS = {
    "query_logs": {"sql": TEXT},
    "fetch_email": {"email_id": TEXT},
    "fetch_alert": {"alert_id": TEXT},
    "isolate_host": {"host": TEXT},
    "block_domain": {"domain": TEXT},
    "reset_user": {"user": TEXT},
    "submit_report": {
        "patient_zero_host": TEXT,
        "compromised_user": TEXT,
        "attacker_domain": TEXT,
        "data_target": TEXT,
        "initial_vector": TEXT,
        "verdict": TEXT,
        "confidence": NUMBER,
        "summary": TEXT,
    },
}
"""Tool to the type of each parameter, in the order the tools are offered."""


class Run(Frozen):
    """What came of a run: its samples by kind of case, and what the server was asked."""

    samples: dict[str, EvalSample]
    received: tuple[Received, ...] = ()


@pytest.fixture(scope="module")
def inside(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """`careful` inside the process, in the first stand-down and its twin."""
    return Run(samples=played("opensec/careful", tmp_path_factory.mktemp("inside"), count=2))


@pytest.fixture(scope="module", params=MODELS)
def behind(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """`careful` behind each client, in the same two cases."""
    with served(defender(POLICIES["careful"])) as server:
        samples = played(request.param, tmp_path_factory.mktemp("behind"), count=2)
    return Run(samples=samples, received=tuple(server.received))


def test_a_baseline_behind_a_client_plays_and_scores_as_it_does_inside_the_process(
    behind: Run, inside: Run
) -> None:
    assert behind.samples.keys() == {"stand_down", "incident"}
    for kind in ("stand_down", "incident"):
        assert steps(behind.samples[kind]) == steps(inside.samples[kind])
        assert scores(behind.samples[kind]) == scores(inside.samples[kind])


def test_tools_arrive_with_every_parameter_described(behind: Run) -> None:
    offered = behind.received[0].tools

    arrived = {tool.name: tool.parameters["properties"] for tool in offered}
    assert {n: {p: s["type"] for p, s in given.items()} for n, given in arrived.items()} == PARAMETERS
    assert {t.name: sorted(t.parameters["required"]) for t in offered} == {
        name: sorted(given) for name, given in PARAMETERS.items()
    }
    assert all("Costs one step." in t.description for t in offered if t.name in COSTS_A_STEP)
    assert all(len(told["description"]) > 15 for given in arrived.values() for told in given.values())
    assert arrived["fetch_alert"]["alert_id"]["description"] == "Id of the alert, beginning with al-"


def test_the_first_request_is_refused_for_a_second_and_then_repeated(behind: Run, inside: Run) -> None:
    first, second, *rest = behind.received

    assert {PATHS[first.body["model"]]} == {r.path for r in behind.received}
    assert (first.status, second.status) == (429, 200)
    assert [r.status for r in rest] == [200] * (
        sum(len(steps(sample)) for sample in inside.samples.values()) - 1
    )
    assert first.body == second.body
    assert second.at_s - first.at_s >= 0.95


@pytest.mark.parametrize("model", MODELS)
def test_calls_of_one_turn_are_steps_of_that_turn(model: str, tmp_path: Path) -> None:
    with served(defender(two_then_report), rate_limit=False):
        samples = played(model, tmp_path, kind="incident")

    told = [(step["action"]["tool"], step["turn"]) for step in steps(samples["incident"])]
    assert told == [("fetch_alert", 1), ("query_logs", 1), ("submit_report", 2)]


def test_a_call_whose_arguments_are_no_json_is_counted_and_the_episode_goes_on(
    inside: Run, tmp_path: Path
) -> None:
    """Malformed calls reach no world and cost no step; only the turns move on by one."""
    sound = inside.samples["incident"]

    with served(stuttering(POLICIES["careful"]), rate_limit=False) as server:
        sample = played("openai/gpt-4o", tmp_path, kind="incident")["incident"]

    answered = [m.text for m in server.received[-1].messages if m.call_id == "broken"]
    assert len(answered) == 1
    assert "Error parsing the following tool call arguments" in answered[0]
    assert [step["malformed"] for step in steps(sample)] == [1] + [0] * (len(steps(sound)) - 1)
    assert [step["turn"] for step in steps(sample)] == [n + 2 for n in range(len(steps(sound)))]
    assert [step["action"] for step in steps(sample)] == [step["action"] for step in steps(sound)]
    assert judged(sample)["conduct"] == judged(sound)["conduct"] | {"protocol_failures": 1.0}
    assert judged(sample)["oracle"]["reward"] == judged(sound)["oracle"]["reward"]


def test_an_error_in_the_answer_ends_the_run_with_its_text(tmp_path: Path) -> None:
    def answer(_messages: tuple[Message, ...]) -> Reply:
        raise ValueError("no reply is known for this")

    with served(answer, rate_limit=False):
        log = evaluated("openai/gpt-4o", tmp_path)

    assert log.status == "error"
    assert log.error is not None
    assert "ValueError: no reply is known for this" in log.error.message


def at_once(_conversation: Conversation) -> tuple[Call, ...]:
    """Reports without reading anything."""
    return (report("inconclusive", 0.1, "Nothing was read."),)


def two_then_report(conversation: Conversation) -> tuple[Call, ...]:
    """Reads twice in one turn, then reports."""
    if conversation.exchanges:
        return at_once(conversation)
    alert = Call(tool="fetch_alert", arguments={"alert_id": opening_alert(conversation)})
    return (alert, query("SELECT count(*) FROM hosts"))


def stuttering(policy: Policy) -> Answer:
    """The policy as a model whose very first call breaks off in the middle of its arguments."""
    sound = defender(policy)

    def answer(messages: tuple[Message, ...]) -> Reply:
        if not any(m.role == "assistant" for m in messages):
            return Reply(calls=(ToolUse(id="broken", name="fetch_alert", arguments='{"alert_id": "al-'),))
        kept = [m for m in messages if m.call_id != "broken"]
        return sound(tuple(m for m in kept if "broken" not in {call.id for call in m.calls}))

    return answer


@contextmanager
def served(answer: Answer, *, rate_limit: bool = True) -> Iterator[ModelServer]:
    """A running server to which the environment sends the clients."""
    with serving(answer, rate_limit=rate_limit) as server, pytest.MonkeyPatch.context() as patch:
        for name, value in server.environment.items():
            patch.setenv(name, value)
        yield server


def played(name: str, logs: Path, *, count: int = 1, kind: str = "all") -> dict[str, EvalSample]:
    """The samples of a run that succeeded, by kind of case."""
    log = evaluated(name, logs, count=count, kind=kind)
    assert log.status == "success"
    return {sample.metadata["kind"]: sample for sample in log.samples or []}


def evaluated(name: str, logs: Path, *, count: int = 1, kind: str = "all") -> EvalLog:
    """A run of the first scenarios, one after the other; `max_tokens` keeps Anthropic from streaming."""
    (log,) = run_eval(
        opensec(count=count, kind=kind),
        model=get_model(name, memoize=False),
        max_samples=1,
        max_tokens=1024,
        display="none",
        log_dir=str(logs),
    )
    return log


def steps(sample: EvalSample) -> list[dict[str, Any]]:
    """The steps of the sample's episode, as its store holds them."""
    return [json.loads(text) for text in sample.store["opensec"]]


def judged(sample: EvalSample) -> dict[str, dict[str, float]]:
    """The values of each scorer."""
    return {name: dict(score.value) for name, score in (sample.scores or {}).items()}  # type: ignore[arg-type]


def scores(sample: EvalSample) -> str:
    """The same as text, in which an undefined value equals itself."""
    return json.dumps(judged(sample), sort_keys=True)
