"""The trace page of a folder of logs, served on this machine alone and kept up to date.

Three addresses exist: the page, the list of episodes and one episode by its key. No address names a
file, so none can lead out of the folder. A request whose Host is not this server's own is refused:
a foreign page that points its own name at this address gets nothing.
"""

import sys
import threading
from collections.abc import Callable
from errno import EACCES, EADDRINUSE
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import socket
from typing import Any
from urllib.parse import parse_qs, urlsplit

from opensec_inspect.errors import BadInputError
from opensec_inspect.report.trace.page.build import policy, shell
from opensec_inspect.report.trace.page.folder import Folder

ADDRESS = "127.0.0.1"
LAST_PORT = 65_535
LOOK_EVERY_S = 1.0
MOST_CLIENTS = 64
"""Connections at a time, each of which takes a thread; one more is closed unread."""
SILENT_S = 10
"""For how long a client may say nothing."""
HEADERS = {
    "Content-Security-Policy": policy("served") + "; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Server(ThreadingHTTPServer):
    """Serves a folder's episodes; `look` runs beside it in a thread of its own."""

    daemon_threads = True
    request_queue_size = MOST_CLIENTS

    def __init__(self, folder: Folder, port: int) -> None:
        self.folder = folder
        self._places = threading.BoundedSemaphore(MOST_CLIENTS)
        try:
            super().__init__((ADDRESS, port), Handler)
        except OSError as error:
            raise _refused(error, port) from error
        self.page = shell("served", "").encode("utf-8")
        self.looked = threading.Event()
        """Set once all logs that were there at the start have been read."""
        self._ended = threading.Event()
        self._looker = threading.Thread(target=self._look, daemon=True)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer in a thread, unless too many are answered already."""
        if self._places.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answer, and make room for another."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away while it is answered is no error of ours."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)

    @property
    def address(self) -> str:
        """Where the page is."""
        return f"http://{ADDRESS}:{self.server_port}/"

    @property
    def hosts(self) -> frozenset[str]:
        """Host headers that are answered."""
        return frozenset(f"{name}:{self.server_port}" for name in (ADDRESS, "localhost"))

    def watch(self) -> None:
        """Answer at once, until interrupted; look at the folder now and every second."""
        self._looker.start()
        try:
            self.serve_forever()
        finally:
            self.end()

    def end(self) -> None:
        """Stop looking and free the port."""
        self._ended.set()
        self._looker.join()
        self.folder.end()
        self.server_close()

    def _look(self) -> None:
        while True:
            self.folder.refresh()
            self.looked.set()
            if self._ended.wait(LOOK_EVERY_S):
                return


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    server: Server
    timeout = SILENT_S

    def do_GET(self) -> None:
        """The page, the list or an episode."""
        if self.headers.get("Host") not in self.server.hosts:
            self._answer(HTTPStatus.MISDIRECTED_REQUEST, "text/plain", b"This is another host.\n")
            return
        asked = urlsplit(self.path)
        answer = ADDRESSES.get(asked.path)
        if answer is None:
            self._answer(HTTPStatus.NOT_FOUND, "text/plain", b"There is nothing here.\n")
        else:
            answer(self, asked.query)

    def version_string(self) -> str:
        """No version is told."""
        return "opensec"

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What cannot be answered gets one plain line: nothing of the request is repeated."""
        self._answer(HTTPStatus(code), "text/plain", b"This cannot be answered.\n")
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Requests are not logged: what a browser asks here every second is no news."""

    def page(self, _query: str) -> None:
        """The page itself."""
        self._answer(HTTPStatus.OK, "text/html; charset=utf-8", self.server.page)

    def lines(self, _query: str) -> None:
        """The list of episodes, unless the browser has this very list."""
        shelf = self.server.folder.shelf
        tag = f'"{shelf.tag}"'
        if self.headers.get("If-None-Match") == tag:
            self._answer(HTTPStatus.NOT_MODIFIED, None, b"", tag=tag)
        else:
            self._answer(HTTPStatus.OK, "application/json", shelf.lines.encode("utf-8"), tag=tag)

    def episode(self, query: str) -> None:
        """One episode by its key."""
        key = parse_qs(query).get("key", [""])[0]
        view = self.server.folder.shelf.views.get(key)
        if view is None:
            self._answer(HTTPStatus.NOT_FOUND, "text/plain", b"There is no such episode.\n")
        else:
            self._answer(HTTPStatus.OK, "application/json", view.encode("utf-8"))

    def _answer(self, status: HTTPStatus, kind: str | None, body: bytes, *, tag: str | None = None) -> None:
        self.send_response(status)
        for name, value in HEADERS.items():
            self.send_header(name, value)
        if kind is not None:
            self.send_header("Content-Type", kind)
        if tag is not None:
            self.send_header("ETag", tag)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


ADDRESSES: dict[str, Callable[[Handler, str], None]] = {
    "/": Handler.page,
    "/lines": Handler.lines,
    "/episode": Handler.episode,
}


def serve(path: Path, port: int) -> Server:
    """A server of the folder, which has not looked yet; BadInputError for a wrong folder or a port in use."""
    if not path.is_dir():
        raise BadInputError(f"{path} is no folder; give the folder that `inspect eval` writes its logs to.")
    return Server(Folder(path), port)


def _refused(error: OSError, port: int) -> BadInputError:
    if error.errno not in (EADDRINUSE, EACCES):
        return BadInputError(f"Port {port} cannot be opened: {error.strerror}.")
    why = "is in use" if error.errno == EADDRINUSE else "needs more rights"
    free = next((p for p in range(max(port, 1023) + 1, LAST_PORT + 1) if _is_free(p)), None)
    advice = f"; the next free one is {free}: --port {free}" if free else ""
    return BadInputError(f"Port {port} {why}{advice}.")


def _is_free(port: int) -> bool:
    with socket() as probe:
        try:
            probe.bind((ADDRESS, port))
        except OSError:
            return False
        return True
