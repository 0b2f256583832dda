"""The agency's application, asked for one answer at a time."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, MutableMapping
from http.client import responses
from typing import Any
from urllib.parse import unquote

from govgateway_mocks.wire.messages import HttpAnswer, HttpRequest

Message = MutableMapping[str, Any]
Application = Callable[
    [Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]
]
"""An ASGI application."""

_FRAMING = (b"content-length", b"transfer-encoding")
_logger = logging.getLogger(__name__)


async def ask(application: Application, request: HttpRequest, scheme: str) -> HttpAnswer:
    """What the application answers to a whole request; 500 for a mistake of its own, which is logged."""
    answer = _Answer()
    try:
        await application(_scope(request, scheme), _Body(bytes(request.body)), answer)
    except Exception:
        _logger.exception("The simulated agency made a mistake at %s %s", request.method, request.path)
    return answer.whole(with_body=request.method != "HEAD")


def _scope(request: HttpRequest, scheme: str) -> Message:
    assert request.head is not None  # noqa: S101  # it is whole
    raw_path, _, query = request.head.target.partition(b"?")
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": scheme,
        "path": unquote(raw_path.decode("ascii")),
        "raw_path": raw_path,
        "query_string": query,
        "headers": list(request.head.headers),
    }


class _Body:
    """The request's body as the application receives it; after it, that the client is gone."""

    def __init__(self, body: bytes) -> None:
        self._messages: list[Message] = [{"type": "http.disconnect"}, {"type": "http.request", "body": body}]

    async def __call__(self) -> Message:
        return self._messages.pop() if len(self._messages) > 1 else self._messages[0]


class _Answer:
    """What the application sends."""

    def __init__(self) -> None:
        self._start: Message = {"status": 500, "headers": []}
        self._body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        else:
            self._body += message.get("body", b"")

    def whole(self, *, with_body: bool) -> HttpAnswer:
        status: int = self._start["status"]
        headers = tuple((name, value) for name, value in self._start["headers"] if name.lower() not in _FRAMING)
        return HttpAnswer(status, responses.get(status, ""), headers, bytes(self._body) if with_body else b"")
