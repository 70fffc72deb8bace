"""The OpenEnv door: a real server on 127.0.0.1, real clients over WebSockets."""

import asyncio
import http.client
import json
import re
import tomllib
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import websockets
import yaml
from openenv.cli.__main__ import app as openenv_cli
from typer.testing import CliRunner
from websockets.typing import Origin

from opensec_inspect.core.conversation import Conversation, Exchange
from opensec_inspect.errors import BadInputError
from opensec_inspect.incident.baselines import POLICIES
from opensec_inspect.incident.world.worlds.play import play
from opensec_inspect.training.openenv.client import CaseClient
from opensec_inspect.training.openenv.environment import CaseEnvironment
from opensec_inspect.training.openenv.messages import CaseObservation, ToolCall
from opensec_inspect.training.openenv.server import Limits, app_of, server_of
from opensec_inspect.training.profiles import price
from opensec_inspect.training.tasks import Tasks, setting_of
from tests.extras.serving import running

ROOT = Path(__file__).parents[2]
LIMITS = Limits(sessions=16, message_bytes=100_000, idle_s=600)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A running server with 16 sessions."""
    with running(server_of(app_of(limits=LIMITS), host="127.0.0.1", port=0, limits=LIMITS)) as at:
        yield at


async def played(address: str, index: int, policy: str, **given: Any) -> CaseObservation:
    """The last observation of a scripted defender that plays a task through the server."""
    async with CaseClient(base_url=f"ws://{address}") as client:
        opened = (await client.reset(split="train", index=index, **given)).observation
        talk = Conversation(brief=opened.text)
        while True:
            for call in POLICIES[policy](talk):
                result = await client.step(ToolCall(tool=call.tool, arguments=call.arguments))
                if result.done:
                    return result.observation
                told = Exchange(call=call, answer=result.observation.text)
                talk = talk.model_copy(update={"exchanges": (*talk.exchanges, told)})


async def test_sixteen_sessions_at_once_earn_what_direct_play_earns(address: str) -> None:
    names = ["careful", "hasty"]
    ends = await asyncio.gather(*(played(address, n, names[n % 2]) for n in range(16)))

    tasks = Tasks()
    for n, end in enumerate(ends):
        scenario = tasks.scenario("train", n)
        episode = play(scenario, setting_of(scenario, None), POLICIES[names[n % 2]])
        direct = price(episode, "calibrated")
        assert end.reward == pytest.approx(direct.total)
        assert end.parts == pytest.approx(dict(direct.parts))


async def test_payment_comes_at_the_end_alone(address: str) -> None:
    async with CaseClient(base_url=f"ws://{address}") as client:
        opened = await client.reset(split="train", index=0)
        asked = await client.step(ToolCall(tool="query_logs", arguments={"sql": "SELECT 1"}))

    assert (opened.reward, asked.reward, asked.done) == (0.0, 0.0, False)
    assert (opened.observation.parts, asked.observation.parts) == ({}, {})
    assert "Opening alert" in opened.observation.text
    assert "query_logs" in opened.observation.system or "SELECT" in opened.observation.system


async def test_unknown_tools_and_bad_arguments_are_ordinary_answers(address: str) -> None:
    wrong = (
        (ToolCall(tool="nmap"), "There is no tool 'nmap'; the tools are query_logs"),
        (ToolCall(tool="query_logs", arguments={"q": 1}), "query_logs takes sql, a text, and nothing else"),
        (ToolCall(tool="isolate_host", arguments={"host": ["a"]}), "isolate_host takes host, a text"),
        (ToolCall(tool="submit_report", arguments={"verdict": "yes"}), "The report was not accepted"),
    )
    async with CaseClient(base_url=f"ws://{address}") as client:
        await client.reset(split="train", index=1)
        for call, said in wrong:
            result = await client.step(call)
            assert said in result.observation.text
            assert (result.observation.step, result.done) == (False, False)
        assert (await client.state()).step_count == 0


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"split": "eval", "index": 0}, r"split='eval' is not allowed; give one of: train"),
        ({"split": "train", "index": 9999}, r"index=9999 is not allowed; split 'train' has the tasks 0 to"),
        ({"split": "train", "index": -1}, r"index=-1 is not allowed"),
        ({"index": 0, "tier": "t9"}, r"tier='t9' is not allowed"),
        ({"index": 0, "profile": "kind"}, r"profile='kind' is not allowed; give one of: measurement"),
        ({"index": 0, "stage": 7}, r"stage=7 is not allowed"),
    ],
)
async def test_a_reset_that_cannot_be_is_one_clear_sentence_and_the_session_goes_on(
    address: str, given: dict[str, Any], said: str
) -> None:
    async with CaseClient(base_url=f"ws://{address}") as client:
        with pytest.raises(RuntimeError, match=said):
            await client.reset(**given)
        assert (await client.reset(split="train", index=0)).observation.text


async def test_a_step_before_a_reset_says_what_to_do(address: str) -> None:
    async with CaseClient(base_url=f"ws://{address}") as client:
        with pytest.raises(RuntimeError, match="No case is open in this session; send reset first"):
            await client.step(ToolCall(tool="query_logs", arguments={"sql": "SELECT 1"}))


@pytest.mark.parametrize("text", ["not json", "[1, 2]", "{}", '{"type": "dance"}', '{"type": "step"}', ""])
async def test_garbage_ends_or_is_answered_and_the_server_goes_on(address: str, text: str) -> None:
    async with websockets.connect(f"ws://{address}/ws") as socket:
        await socket.send(text)
        try:
            answer = json.loads(await asyncio.wait_for(socket.recv(), 10))
            assert answer["type"] == "error"
        except websockets.ConnectionClosed:
            pass

    assert (await played(address, 0, "careful")).done


async def test_a_megabyte_ends_its_session_alone(address: str) -> None:
    async with websockets.connect(f"ws://{address}/ws", max_size=None) as socket:
        await socket.send(json.dumps({"type": "reset", "data": {"split": "x" * 1_000_000}}))
        with pytest.raises(websockets.ConnectionClosed):
            await asyncio.wait_for(socket.recv(), 10)

    assert (await played(address, 0, "careful")).done


@pytest.mark.parametrize("origin", ["http://pages.example", "null", "http://127.0.0.1:1"])
async def test_no_page_of_another_origin_opens_a_session(address: str, origin: str) -> None:
    """A browser lets any page open a WebSocket to this machine, and says which page it was."""
    with pytest.raises(websockets.InvalidStatus, match="403"):
        await websockets.connect(f"ws://{address}/ws", origin=Origin(origin))

    async with websockets.connect(f"ws://{address}/ws", origin=Origin(f"http://{address}")) as own:
        await own.ping()


def test_a_name_that_is_pointed_at_this_machine_is_not_answered(address: str) -> None:
    statuses = []
    for host in ("pages.example", address):
        connection = http.client.HTTPConnection(address, timeout=10)
        connection.request("GET", "/health", headers={"Host": host})
        statuses.append(connection.getresponse().status)
        connection.close()

    assert statuses == [403, 200]


async def test_a_session_too_many_is_refused_and_its_place_is_free_again_later(address: str) -> None:
    clients = [CaseClient(base_url=f"ws://{address}") for _ in range(16)]
    for client in clients:
        await client.connect()
        await client.reset(split="train", index=0)
    with pytest.raises(Exception, match=r"(?i)capacity|maximum|closed|refused"):
        await played(address, 0, "careful")
    for client in clients:
        await client.close()

    assert (await _until_free(address)).done


async def test_a_client_that_goes_away_leaves_no_case_open(address: str) -> None:
    closed: list[CaseEnvironment] = []
    close = CaseEnvironment.close

    def watched(self: CaseEnvironment) -> None:
        if self._rollout is not None:
            closed.append(self)
        close(self)

    CaseEnvironment.close = watched  # type: ignore[method-assign]
    try:
        socket = await websockets.connect(f"ws://{address}/ws")
        await socket.send(json.dumps({"type": "reset", "data": {"split": "train", "index": 0}}))
        await socket.recv()
        socket.transport.abort()
        for _ in range(200):
            await asyncio.sleep(0 if closed else 0.05)
    finally:
        CaseEnvironment.close = close  # type: ignore[method-assign]

    assert len(closed) == 1


async def test_a_session_that_says_nothing_is_closed() -> None:
    limits = Limits(sessions=2, idle_s=1.0)
    with running(server_of(app_of(limits=limits), host="127.0.0.1", port=0, limits=limits)) as at:
        async with CaseClient(base_url=f"ws://{at}") as client:
            await client.reset(split="train", index=0)
            await asyncio.sleep(7)  # the framework looks every five seconds
            with pytest.raises(Exception, match=r"No case is open|closed|(?i:session)"):
                await client.step(ToolCall(tool="query_logs", arguments={"sql": "SELECT 1"}))


async def test_a_masked_case_and_another_profile_can_be_asked_for(address: str) -> None:
    end = await played(address, 1, "careful", masked=True, profile="staged", stage=1, tier="t3")

    assert "missed" not in end.parts
    assert end.parts["injection"] == 0.0


def test_tasks_are_listed_over_http_without_their_answers(address: str) -> None:
    def told(path: str, body: dict[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"http://{address}{path}", data=data, headers={"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())

    splits = told("/opensec/splits")
    number = told("/opensec/num_tasks", {"split": "train"})
    task = told("/opensec/task", {"split": "train", "index": 3})

    assert "train" in json.dumps(splits)
    assert str(len(Tasks().of("train"))) in json.dumps(number)
    assert Tasks().task("train", 3).id in json.dumps(task)
    assert "truth" not in json.dumps(task)


def test_an_unknown_split_or_profile_is_refused_before_anybody_connects() -> None:
    with pytest.raises(BadInputError, match="split='tests' is not allowed"):
        app_of(splits=("tests",))
    with pytest.raises(BadInputError, match="profile='kind' is not allowed"):
        app_of(profile="kind")


def test_the_environment_file_passes_the_frameworks_static_check() -> None:
    done = CliRunner().invoke(openenv_cli, ["validate", str(ROOT), "--level", "static"])

    assert done.exit_code == 0, done.output


def test_the_container_file_copies_all_that_the_wheel_is_made_of() -> None:
    """The image is not built here; this much of it can be checked."""
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]
    needed = {*wheel["wheel"]["force-include"], "src", "pyproject.toml", "README.md", "LICENSE"}

    copied = (ROOT / "Dockerfile").read_text("utf-8")
    let_in = (ROOT / ".dockerignore").read_text("utf-8").split()

    for name in needed:
        assert re.search(rf"^COPY .*\b{re.escape(name)}\b", copied, re.MULTILINE), name
        assert f"!{name}" in let_in
    assert yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]["opensec"]["build"] == "."


async def _until_free(address: str) -> CaseObservation:
    for _ in range(50):
        try:
            return await played(address, 0, "careful")
        except Exception:  # the places are given back one after the other
            await asyncio.sleep(0.1)
    return await played(address, 0, "careful")
