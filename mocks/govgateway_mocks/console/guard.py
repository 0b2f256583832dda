"""Keeps strangers out of the console: a page of another site that a browser shows, and what such a page would embed.

The console has no account: whoever can reach this machine's loopback may use it, a web page from elsewhere may not. Its
name for this machine is refused (DNS rebinding), and so is what it sends (cross-site request forgery).
"""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOSTS = ("127.0.0.1", "localhost")
_READING = ("GET", "HEAD")
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # with no-referrer a browser would call its own forms' origin "null"
    "Cache-Control": "no-store",
}


class Guard:
    """Wraps the application ``app``."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse (403) what comes from elsewhere; give every answer the headers that keep a browser strict."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def strict(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        app = self._app if _from_here(scope["method"], Headers(scope=scope)) else _REFUSED
        await app(scope, receive, strict)


_REFUSED = PlainTextResponse("Chỉ dùng được từ chính máy này · Only from this machine itself", 403)


def _from_here(method: str, headers: Headers) -> bool:
    """Whether it is for this machine, and not sent by another site's page. Programs send no Origin."""
    host = headers.get("host", "")
    if host.rpartition(":")[0] not in HOSTS:
        return False
    return method in _READING or headers.get("origin", f"http://{host}") == f"http://{host}"
