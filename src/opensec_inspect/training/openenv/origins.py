"""Who may talk to the server from a browser: no page but its own.

A browser lets any page open a WebSocket to any address, this machine's included, and says in `Origin` which
page it was. A page can also point a name of its own at this machine; then `Host` is that name.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
"""Names of this machine."""


class OwnOrigin:
    """An ASGI app that refuses what a page of another origin asks, and requests for other hosts."""

    def __init__(self, app: App, hosts: frozenset[str] | None) -> None:
        """`hosts` are the names it answers to; None: any, for servers that others reach."""
        self._app, self._hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it: HTTP with 403, a WebSocket before it is opened."""
        if scope["type"] not in ("http", "websocket") or self._own(dict(scope["headers"])):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            plain = [(b"content-type", b"text/plain")]
            await send({"type": "http.response.start", "status": 403, "headers": plain})
            await send({"type": "http.response.body", "body": b"Pages elsewhere are not answered.\n"})

    def _own(self, headers: dict[bytes, bytes]) -> bool:
        host, origin = (headers.get(name, b"").decode("latin-1") for name in (b"host", b"origin"))
        name = urlsplit(f"//{host}").hostname
        if self._hosts is not None and name not in self._hosts:
            return False
        return not origin or urlsplit(origin).netloc == host
