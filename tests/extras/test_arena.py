"""The assessor: a real server and real participants over loopback, logged and scored by Inspect."""

import asyncio
import json
import socket
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from a2a.client import ClientConfig, create_client
from a2a.helpers import get_message_text, new_text_message, new_text_part
from a2a.server.agent_execution import AgentExecutor, RequestContext
from a2a.server.events import EventQueue
from a2a.types import Message, Role, SendMessageRequest
from google.protobuf.json_format import MessageToDict

from opensec_inspect.core.conversation import Conversation, Exchange
from opensec_inspect.errors import BadInputError
from opensec_inspect.incident.baselines import POLICIES
from opensec_inspect.incident.edge.selection import Selection, select_scenarios
from opensec_inspect.incident.scoring.oracle import score_episode
from opensec_inspect.incident.world.worlds.play import play
from opensec_inspect.report.logs.reading import records_at
from opensec_inspect.training.arena.edge.server import assessor_server, server_of
from opensec_inspect.training.arena.requests import read_request
from opensec_inspect.training.tasks import setting_of
from tests.evaluating import plug_in
from tests.extras.serving import running


class Scripted(AgentExecutor):
    """A scripted defender as a participant: it answers with JSON actions."""

    def __init__(self, policy: str) -> None:
        self._policy = POLICIES[policy]
        self._talks: dict[str, Conversation] = {}
        self._said: dict[str, Any] = {}

    async def execute(self, context: RequestContext, event_queue: EventQueue) -> None:
        text, case = get_message_text(context.message), str(context.context_id)
        if case not in self._talks:
            self._talks[case] = Conversation(brief=text[text.rindex("\n\nCase ") + 2 :])
        else:
            exchange = Exchange(call=self._said[case], answer=text)
            talk = self._talks[case]
            self._talks[case] = talk.model_copy(update={"exchanges": (*talk.exchanges, exchange)})
        self._said[case] = self._policy(self._talks[case])[0]
        answer = self._said[case].model_dump_json()
        await event_queue.enqueue_event(new_text_message(answer, context_id=case))

    async def cancel(self, context: RequestContext, event_queue: EventQueue) -> None:
        raise NotImplementedError


class Saying(AgentExecutor):
    """Says the same for ever, or nothing for ever."""

    def __init__(self, text: str | None) -> None:
        self._text = text

    async def execute(self, context: RequestContext, event_queue: EventQueue) -> None:
        if self._text is None:
            await asyncio.sleep(6)  # longer than it is given
        if self._text == "raise":
            raise RuntimeError("the participant broke")
        await event_queue.enqueue_event(new_text_message(str(self._text), context_id=context.context_id))

    async def cancel(self, context: RequestContext, event_queue: EventQueue) -> None:
        return


@pytest.fixture(scope="module")
def log_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("arena")


@pytest.fixture(scope="module")
def assessor(log_dir: Path) -> Iterator[str]:
    """The address of a running assessor."""
    port = _free_port()
    with running(assessor_server(host="127.0.0.1", port=port, log_dir=log_dir)) as at:
        yield f"http://{at}"


async def asked(assessor: str, text: str) -> dict[str, Any]:
    """The finished task of a request, as a client reads it."""
    message = Message(message_id=uuid.uuid4().hex, role=Role.ROLE_USER, parts=[new_text_part(text)])
    last = None
    async with httpx.AsyncClient(timeout=120) as patient:
        client = await create_client(assessor, ClientConfig(streaming=False, httpx_client=patient))
        async for event in client.send_message(SendMessageRequest(message=message)):
            last = event
    return dict(MessageToDict(last)["task"])


async def scored(assessor: str, executor: AgentExecutor, **config: Any) -> dict[str, Any]:
    """The result of an assessment of a participant that runs for it."""
    port = _free_port()
    participant = server_of(executor, name="p", about="p", host="127.0.0.1", port=port)
    with running(participant) as at:
        request = {"participants": {"defender": f"http://{at}"}, "config": {"count": 2} | config}
        task = await asked(assessor, json.dumps(request))
    assert task["status"]["state"] == "TASK_STATE_COMPLETED", task
    return dict(task["artifacts"][0]["parts"][0]["data"])


async def test_a_participant_earns_what_it_earns_in_direct_play(assessor: str, log_dir: Path) -> None:
    result = await scored(assessor, Scripted("careful"), epochs=2)

    chosen = Selection(split="eval", difficulty="standard", kind="all", count=2, rng_seed=None)
    scenarios = {s.id: s for s in select_scenarios(chosen)}
    assert len(result["episodes"]) == 4
    for row in result["episodes"]:
        scenario = scenarios[row["id"]]
        score = score_episode(play(scenario, setting_of(scenario, None), POLICIES["careful"]))
        assert (row["resolved"], row["stood_down"]) == (score.resolved, score.stood_down)
        earned = row["reward"] if row["reward"] is not None else row["stand_down_reward"]
        assert earned == pytest.approx(score.reward)
    read = records_at([str(log_dir)])
    assert any(run.model.startswith("a2a/http://127.0.0.1") for run in read.runs)


async def test_the_example_participant_stands_down_without_reading_and_is_not_right(assessor: str) -> None:
    purple = plug_in("examples/arena/purple.py")

    result = await scored(assessor, purple.Purple())

    assert {row["steps"] for row in result["episodes"]} == {2}
    assert result["means"]["stood_down"] == 0
    assert result["gone"] == 0


async def test_the_example_request_prints_the_result(assessor: str) -> None:
    purple, request = plug_in("examples/arena/purple.py"), plug_in("examples/arena/request.py")
    with running(server_of(purple.Purple(), name="p", about="p", host="127.0.0.1", port=_free_port())) as at:
        result = await request.ask(assessor, f"http://{at}", count=1)

    assert [row["steps"] for row in result[0]["episodes"]] == [2]


@pytest.mark.parametrize(
    ("said", "gone"), [("I would isolate the host.", None), ('{"tool": "nmap", "arguments": {}}', None)]
)
async def test_prose_and_unknown_tools_are_counted_and_end_with_the_case(
    assessor: str, said: str, gone: str | None
) -> None:
    result = await scored(assessor, Saying(said), count=1)

    assert result["episodes"][0]["gone"] == gone
    assert not result["means"]["resolved"]


async def test_a_participant_that_never_answers_is_gone_for_the_rest_of_its_case(assessor: str) -> None:
    result = await scored(assessor, Saying(None), count=1, turn_timeout_s=1)

    assert result["gone"] == 1
    assert result["episodes"][0]["gone"] == "no answer within 1 s"


async def test_a_participant_that_dies_is_gone_and_the_assessment_ends(assessor: str) -> None:
    request = {"participants": {"defender": f"http://127.0.0.1:{_free_port()}"}, "config": {"count": 1}}

    task = await asked(assessor, json.dumps(request))
    broken = await scored(assessor, Saying("raise"), count=1)

    result = task["artifacts"][0]["parts"][0]["data"]
    assert (result["gone"], broken["gone"]) == (1, 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hello", "Invalid JSON"),
        ('{"participants": {}}', "participants must be one 'defender' with its http address"),
        ('{"participants": {"defender": "file:///x"}}', "participants must be one 'defender'"),
        (
            '{"participants": {"defender": "http://x"}, "config": {"split": "tests"}}',
            "split='tests' is not allowed",
        ),
        ('{"participants": {"defender": "http://x"}, "config": {"tier": "t9"}}', "injection_tier='t9'"),
        ('{"participants": {"defender": "http://x"}, "config": {"count": 0}}', "config.count"),
        ('{"participants": {"defender": "http://x"}, "config": {"laps": 1}}', "config.laps"),
    ],
)
async def test_a_request_that_cannot_be_used_fails_with_one_sentence(
    assessor: str, text: str, said: str
) -> None:
    task = await asked(assessor, text)

    assert task["status"]["state"] == "TASK_STATE_FAILED"
    assert said in json.dumps(task["status"]["message"])


def test_a_megabyte_is_not_read() -> None:
    with pytest.raises(BadInputError, match="The request has 1000000 characters; at most 65536 are read"):
        read_request("x" * 1_000_000)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
