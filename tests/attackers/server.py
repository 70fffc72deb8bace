"""A chat-completions server on 127.0.0.1 for the role `attacker`, played by a function of the texts."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from inspect_ai.model import GenerateConfig, Model, get_model

from tests.serving import running

Answer = Callable[[list[str]], str]
"""From the texts of the conversation to the answer. It may sleep, and OSError drops the connection."""


class AttackerServer(ThreadingHTTPServer):
    """Counts what it was asked; `model` talks to it through the real client."""

    daemon_threads = True

    def __init__(self, answer: Answer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = answer
        self.asked = 0
        self.lock = threading.Lock()

    def model(self, **config: object) -> Model:
        """The server as a model."""
        return get_model(
            "openai/gpt-4o",
            base_url=f"http://127.0.0.1:{self.server_port}/v1",
            api_key="local",
            config=GenerateConfig(**config),  # type: ignore[arg-type]
            memoize=False,
        )


@contextmanager
def serving(answer: Answer) -> Iterator[AttackerServer]:
    """A running server; it is gone when the block ends."""
    with running(AttackerServer(answer)) as server:
        yield server


class _Handler(BaseHTTPRequestHandler):
    server: AttackerServer
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        with self.server.lock:
            self.server.asked += 1
        try:
            text = self.server.answer([message["content"] for message in body["messages"]])
        except OSError:
            self.close_connection = True
            return
        message = {"role": "assistant", "content": text}
        usage = {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}
        data = json.dumps(
            {
                "id": "chat-1",
                "object": "chat.completion",
                "created": 0,
                "model": body["model"],
                "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
                "usage": usage,
            }
        ).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        with suppress(BrokenPipeError):  # the client may have lost patience
            self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is printed."""
