"""The gateway in front of the agency: what it answers instead of the agency, or makes of the agency's answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from http.client import responses

from govgateway_mocks.faults import Fault, Parameter
from govgateway_mocks.kinds import RETRY_AFTER
from govgateway_mocks.wire.messages import HttpAnswer

Parameters = Mapping[str, Parameter]
_HTML = (b"Content-Type", b"text/html; charset=utf-8")
_XML = (b"Content-Type", b"text/xml; charset=utf-8")
_MAINTENANCE = (
    '<!DOCTYPE html><html lang="vi"><head><title>Bảo trì hệ thống</title></head><body><h1>Hệ thống đang bảo trì</h1>'
    "<p>Xin vui lòng quay lại sau.</p></body></html>"
)
_MALFORMED = (
    b'<?xml version="1.0" encoding="UTF-8"?><S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:'
)


async def answered(fault: Fault | None, ask: Callable[[], Awaitable[HttpAnswer]]) -> HttpAnswer:
    """The answer that the client is to get; ``ask`` lets the agency have the request."""
    if fault is None:
        return await ask()
    if fault.do in _SPOILED:
        return _SPOILED[fault.do](fault.parameters, await ask())
    if fault.parameters["processed"]:
        await ask()
    return _OWN[fault.do](fault.parameters)


def _status(parameters: Parameters) -> HttpAnswer:
    code, seconds = int(parameters["code"]), int(parameters["retry_after"])
    if seconds < 0:
        seconds = RETRY_AFTER if code == HTTPStatus.TOO_MANY_REQUESTS else 0
    headers = (_HTML, *([(b"Retry-After", b"%d" % seconds)] if seconds else []))
    empty = code in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
    return HttpAnswer(code, _reason(code), headers, b"" if empty else f"<h1>{code} {_reason(code)}</h1>".encode())


def _maintenance(parameters: Parameters) -> HttpAnswer:
    return HttpAnswer(200, "OK", (_HTML,), _MAINTENANCE.encode())


def _redirect(parameters: Parameters) -> HttpAnswer:
    code = int(parameters["code"])
    return HttpAnswer(code, _reason(code), ((b"Location", str(parameters["to"]).encode()),), b"")


def _truncated(parameters: Parameters, answer: HttpAnswer) -> HttpAnswer:
    """At least the last byte is lost."""
    kept = answer.body[:-1][: int(parameters["bytes"])]
    return HttpAnswer(answer.status, answer.reason, answer.headers, kept)


def _malformed(parameters: Parameters, answer: HttpAnswer) -> HttpAnswer:
    return HttpAnswer(answer.status, answer.reason, (_XML,), _MALFORMED)


def _reason(code: int) -> str:
    return responses.get(code, "")


_OWN: Mapping[str, Callable[[Parameters], HttpAnswer]] = {
    "status": _status,
    "maintenance": _maintenance,
    "redirect": _redirect,
}
_SPOILED: Mapping[str, Callable[[Parameters, HttpAnswer], HttpAnswer]] = {
    "truncated": _truncated,
    "malformed": _malformed,
}
