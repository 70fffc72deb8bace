"""A model server on 127.0.0.1, played by a function: `answer(messages) -> Reply`.

Any test that needs a model behind the real `openai` or `anthropic` client can use it, a defender
as well as an attacker:

    def answer(messages: tuple[Message, ...]) -> Reply:
        return Reply(text='{"move": "wait"}')

    with serving(answer) as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        eval(task, model_roles={"attacker": get_model("openai/gpt-4o", memoize=False)}, …)
        assert server.received[0].messages[0].role == "system"

(`memoize=False`: Inspect would otherwise reuse a client that knows the port of an earlier server.)

`openai/gpt-4o` asks for chat completions, `openai/gpt-5` for the Responses API, and
`anthropic/claude-sonnet-4-5` for messages (give it `max_tokens=1024`: with its default it streams,
which this server does not). The first request on each path is answered 429 with `retry-after: 1`,
unless `rate_limit=False`. `answer` is called from the server's threads: make it a pure function of
the messages. An exception in it is answered 400 with its text, which ends the sample's conversation.
Before its first turn Inspect asks the Responses API, in one plain string, whether it may have
reasoning summaries; that question is answered here and is not in `received`.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opensec_inspect.frozen import Frozen
from tests.protocols.wire import (
    PROTOCOL_OF,
    Message,
    Offered,
    Reply,
    messages_of,
    offered_tools,
    rate_limited,
    written,
)
from tests.serving import running

Answer = Callable[[tuple[Message, ...]], Reply]


class Received(Frozen):
    """A request as it came in, and the status it was answered with."""

    path: str
    body: dict[str, Any]
    status: int
    at_s: float
    """When it was answered, in monotonic seconds."""

    @property
    def messages(self) -> tuple[Message, ...]:
        """The conversation it carries."""
        return messages_of(PROTOCOL_OF[self.path], self.body)

    @property
    def tools(self) -> tuple[Offered, ...]:
        """The tools it offers."""
        return offered_tools(PROTOCOL_OF[self.path], self.body)


class ModelServer(ThreadingHTTPServer):
    """The server; `received` is what it was asked so far, in the order of its answers."""

    def __init__(self, answer: Answer, *, rate_limit: bool) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer, self.rate_limit = answer, rate_limit
        self.received: list[Received] = []
        self.paths: set[str] = set()
        self.lock = threading.Lock()

    @property
    def environment(self) -> dict[str, str]:
        """Environment that sends both clients here, past any proxy."""
        url = f"http://127.0.0.1:{self.server_port}"
        keys = {"OPENAI_API_KEY": "local", "ANTHROPIC_API_KEY": "local"}
        urls = {"OPENAI_BASE_URL": f"{url}/v1", "ANTHROPIC_BASE_URL": url}
        return keys | urls | {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}


@contextmanager
def serving(answer: Answer, *, rate_limit: bool = True) -> Iterator[ModelServer]:
    """A running server; it is gone when the block ends."""
    with running(ModelServer(answer, rate_limit=rate_limit)) as server:
        yield server


class _Handler(BaseHTTPRequestHandler):
    server: ModelServer
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        protocol = PROTOCOL_OF.get(self.path)
        if protocol is None or body.get("stream"):
            self._send(400, {"error": {"message": f"{self.path}, or streaming, is not served here."}})
            return
        if isinstance(body.get("input"), str):
            self._send(200, written(protocol, Reply(text="Hello, world."), body["model"]))
            return
        if self._limited():
            self._answer(429, body, rate_limited(protocol), {"retry-after": "1"})
            return
        try:
            reply = self.server.answer(messages_of(protocol, body))
        except (AssertionError, LookupError, TypeError, ValueError) as error:
            self._answer(400, body, {"error": {"message": f"{type(error).__name__}: {error}"}})
            return
        self._answer(200, body, written(protocol, reply, body["model"]))

    def _limited(self) -> bool:
        """Whether this request is to be refused: the first on its path."""
        with self.server.lock:
            first = self.path not in self.server.paths
            self.server.paths.add(self.path)
        return first and self.server.rate_limit

    def _answer(
        self, status: int, asked: dict[str, Any], said: dict[str, Any], headers: dict[str, str] | None = None
    ) -> None:
        received = Received(path=self.path, body=asked, status=status, at_s=time.monotonic())
        with self.server.lock:
            self.server.received.append(received)
        self._send(status, said, headers)

    def _send(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        sent = {"content-type": "application/json", "content-length": str(len(data))} | (headers or {})
        for name, value in sent.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is printed: what came in is in `received`."""
