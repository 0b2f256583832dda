"""The HTTP side of recording and replaying: a listener on this machine that has every request answered."""

from __future__ import annotations

from collections.abc import Callable

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route

from govgateway.errors import Text
from govgateway_mocks.capture.recording import Answer, Request
from govgateway_mocks.console.listening import ConsoleServer
from govgateway_mocks.server import TooLarge, body_of

_FRAMING = frozenset({"content-length", "transfer-encoding", "connection", "keep-alive"})
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def listening(answered: Callable[[Request], Answer], port: int) -> ConsoleServer:
    """A server on this machine; ``answered`` gives the answer to a request, and is called in threads.

    Raises UsageError when the port is taken.
    """

    async def endpoint(request: HttpRequest) -> Response:
        try:
            asked = await _read(request)
        except TooLarge:
            return Response("request too large", 413, {"Connection": "close"})
        return _response(await run_in_threadpool(answered, asked))

    return ConsoleServer(Starlette(routes=[Route("/{path:path}", endpoint, methods=_METHODS)]), port)


async def _read(request: HttpRequest) -> Request:
    query = request.scope["query_string"]
    target = request.scope["raw_path"] + (b"?" + query if query else b"")
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.scope["headers"])
    return Request(request.method, target.decode("latin-1"), headers, await body_of(request))


def told(status: int, said: Text) -> Answer:
    """An answer that is none of an agency's: it says why, in both languages."""
    headers = (("content-type", "text/plain; charset=utf-8"),)
    return Answer(status, headers, f"govgateway mocks\n{said.vi}\n{said.en}\n".encode())


def _response(answer: Answer) -> Response:
    response = Response(answer.body, answer.status)
    kept = [(name, value) for name, value in answer.headers if name not in _FRAMING]
    framing = [each for each in response.raw_headers if each[0] == b"content-length"]
    response.raw_headers = [*((name.encode("latin-1"), value.encode("latin-1")) for name, value in kept), *framing]
    return response
