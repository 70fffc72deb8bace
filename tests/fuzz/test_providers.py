"""A provider that fails, behind the real OpenAI client: what the log says, and that the run goes on."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from inspect_ai import eval as inspect_eval
from inspect_ai.log import EvalLog, read_eval_log
from inspect_ai.model import GenerateConfig, get_model

from opensec_inspect.core.edge.live import LIVE
from opensec_inspect.tasks import opensec
from tests.protocols.wire import Reply, ToolUse, rate_limited, written
from tests.serving import running

LOOK = Reply(calls=(ToolUse(id="call_0", name="query_logs", arguments='{"sql": "SELECT * FROM alerts"}'),))
DONE = Reply(text="Nothing to do.")
REFUSED: dict[str, Any] = {
    "role": "assistant",
    "content": None,
    "refusal": "I can't help with that.",
}
Behaviour = Callable[["Provider", int, bool], tuple[int, dict[str, Any]] | None]
"""From the request's number, and whether something was looked at, to status and body; None: no answer."""


class Provider(ThreadingHTTPServer):
    """Answers chat completions as it behaves; `ended` lets requests go that wait for ever."""

    daemon_threads = True

    def __init__(self, behaviour: Behaviour) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behaviour, self.ended = behaviour, threading.Event()
        self.asked: list[int] = []


class _Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.asked.append(1)
        looked = any(message["role"] == "tool" for message in asked["messages"])
        told = self.server.behaviour(self.server, len(self.server.asked), looked)
        if told is None:
            return
        status, body = told
        data = json.dumps(body).encode()
        with suppress(BrokenPipeError, ConnectionResetError):
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.send_header("retry-after", "0")
            self.end_headers()
            self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is printed."""


def said(reply: Reply) -> tuple[int, dict[str, Any]]:
    """A whole answer."""
    return 200, written("chat", reply, "gpt-4o")


def looks_then(behaviour: Behaviour) -> Behaviour:
    """Looks at the alerts in each case, and then behaves in a way of its own."""
    return lambda server, number, looked: behaviour(server, number, looked) if looked else said(LOOK)


def hangs(server: Provider, number: int, looked: bool) -> None:
    """Says nothing until the test ends."""
    server.ended.wait(60)


def refuses(server: Provider, number: int, looked: bool) -> tuple[int, dict[str, Any]]:
    """A refusal, as the provider's filter writes it."""
    status, body = said(DONE)
    body["choices"][0] |= {"message": REFUSED, "finish_reason": "content_filter"}
    return status, body


def in_bursts(status: int) -> Behaviour:
    """Fails two times of three."""
    return lambda server, number, looked: (
        (status, rate_limited("chat")) if number % 3 else said(DONE if looked else LOOK)
    )


@contextmanager
def provider(behaviour: Behaviour) -> Iterator[Provider]:
    """The running provider; it is gone when the block ends."""
    with running(Provider(behaviour)) as server:
        try:
            yield server
        finally:
            server.ended.set()


def run(folder: Path, server: Provider, **config: Any) -> EvalLog:
    """The log of three cases, in which the model is behind the real client."""
    model = get_model(
        "openai/gpt-4o",
        base_url=f"http://127.0.0.1:{server.server_port}/v1",
        api_key="local",
        config=GenerateConfig(**config),
        memoize=False,
    )
    (log,) = inspect_eval(
        opensec(count=3), model=model, log_dir=str(folder / "logs"), display="none", fail_on_error=False
    )
    return log


@pytest.mark.usefixtures("nothing_left")
@pytest.mark.parametrize(
    ("behaviour", "patience_s", "why"),
    [
        (lambda *_: None, 60, "onnection"),
        (hangs, 1, "imeout"),
        (lambda *_: (500, {"error": {"message": "broken"}}), 60, "InternalServerError"),
        (lambda *_: (200, {}), 60, ""),
    ],
    ids=["drops the connection", "hangs", "is broken", "answers with nothing"],
)
def test_a_provider_that_gives_no_answer_fails_each_sample_with_its_reason(
    tmp_path: Path, behaviour: Behaviour, patience_s: int, why: str
) -> None:
    with provider(looks_then(behaviour)) as server:
        log = run(tmp_path, server, max_retries=0, attempt_timeout=patience_s, timeout=2 * patience_s)

    assert log.status == "success"
    for sample in read_eval_log(log.location).samples or []:
        assert sample.error is not None
        assert why in sample.error.message
        assert len(sample.store["opensec"]) == 1
    assert LIVE == {}


@pytest.mark.usefixtures("nothing_left")
@pytest.mark.parametrize("behaviour", [refuses, lambda *_: said(Reply())], ids=["refuses", "says nothing"])
def test_a_provider_that_refuses_or_says_nothing_plays_its_steps_without_a_call(
    tmp_path: Path, behaviour: Behaviour
) -> None:
    with provider(looks_then(behaviour)) as server:
        log = run(tmp_path, server)

    for sample in log.samples or []:
        assert sample.error is None
        assert len(sample.store["opensec"]) > 1
        assert sample.scores is not None
        assert sample.scores["conduct"].value["idle_turns"] >= 1  # type: ignore[index, call-overload]


@pytest.mark.usefixtures("nothing_left")
@pytest.mark.slow
@pytest.mark.parametrize("status", [429, 500])
def test_bursts_of_failures_are_waited_for_and_cost_no_step(tmp_path: Path, status: int) -> None:
    with provider(in_bursts(status)) as server:
        log = run(tmp_path, server, max_retries=30)

    assert [sample.error for sample in log.samples or []] == [None] * 3
    assert len(server.asked) >= 3 * len(log.samples or [])
    for sample in log.samples or []:
        tools = [json.loads(step)["action"]["tool"] for step in sample.store["opensec"]]
        assert tools[0] == "query_logs"
        assert tools.count("query_logs") == 1
