"""Clients of `opensec watch` that are slow, silent, endless or gone: others are answered all the same."""

import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from opensec_inspect.report.trace.page.server import MOST_CLIENTS, Server, serve
from tests.serving import running


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server of an empty folder."""
    with running(serve(tmp_path, 0)) as started:
        yield started


def connected(server: Server, sent: bytes) -> socket.socket:
    """A client that has sent something and waits."""
    client = socket.create_connection(("127.0.0.1", server.server_port), timeout=10)
    client.sendall(sent)
    return client


def status(server: Server, path: str = "/lines", **headers: str) -> int:
    """What an ordinary request is answered."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse().status
    connection.close()
    return answer


@pytest.mark.parametrize("sent", [b"", b"GET /lines HTTP/1.1\r\nHost: 127", b"GET " + b"a" * 60_000])
def test_clients_that_never_finish_their_request_hold_up_nobody(server: Server, sent: bytes) -> None:
    with ExitStack() as slow:
        for _ in range(20):
            slow.enter_context(connected(server, sent))

        assert status(server) == 200


def test_more_clients_than_there_is_room_for_are_closed_and_take_no_thread(server: Server) -> None:
    before = threading.active_count()
    with ExitStack() as slow:
        clients = [slow.enter_context(connected(server, b"")) for _ in range(MOST_CLIENTS + 20)]
        closed = clients[-1].recv(1)
        threads = threading.active_count() - before
    answered = next(n for n in range(1000) if _answers(server))

    assert closed == b""
    assert threads <= MOST_CLIENTS
    assert answered < 1000


def _answers(server: Server) -> bool:
    try:
        return status(server) == 200
    except OSError:
        return False


@pytest.mark.parametrize(
    ("path", "headers"),
    [("/" + "a" * 70_000, {}), ("/", {"X-Long": "a" * 70_000}), ("/", {f"X-{n}": "a" for n in range(200)})],
)
def test_a_request_past_every_size_is_refused_in_a_line(
    server: Server, path: str, headers: dict[str, str]
) -> None:
    assert status(server, path, **headers) in (414, 431)
    assert status(server) == 200


def test_a_client_that_goes_away_is_no_error(server: Server, capfd: pytest.CaptureFixture[str]) -> None:
    for _ in range(20):
        client = connected(server, f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{server.server_port}\r\n\r\n".encode())
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        client.close()

    assert status(server) == 200
    assert capfd.readouterr().err == ""
