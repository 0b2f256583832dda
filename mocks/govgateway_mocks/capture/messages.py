"""HTTP/1.1 messages as captures have them, read from bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import h11

from govgateway_mocks.capture.recording import Answer, Headers, Request

LARGEST = 48 * 1024 * 1024
"""Bytes of a body."""


class NotWhole(Exception):
    """The bytes end before the message does, or are none, or too many."""


def read_request(read: Callable[[], bytes]) -> tuple[h11.Request, Request]:
    """The request that ``read`` gives bytes of, none at their end. Raises NotWhole."""
    head, body = _read(h11.Connection(h11.SERVER), read)
    if not isinstance(head, h11.Request):
        raise NotWhole
    target = head.target.decode("latin-1")
    return head, Request(head.method.decode("ascii"), target, _headers(head.headers), body)


def read_answer(connection: h11.Connection, read: Callable[[], bytes]) -> Answer:
    """The answer to the request that ``connection``, a client's, has sent. Raises as ``read_request``."""
    head, body = _read(connection, read)
    if not isinstance(head, h11.Response):
        raise NotWhole
    return Answer(head.status_code, _headers(head.headers), body)


def _read(connection: h11.Connection, read: Callable[[], bytes]) -> tuple[object, bytes]:
    """The head and the body of the next message."""
    head: object = None
    body = bytearray()
    while True:
        event = _event(connection, read)
        if isinstance(event, h11.EndOfMessage):
            return head, bytes(body)
        if isinstance(event, h11.Request | h11.Response):
            head = event
        elif isinstance(event, h11.Data):
            body += event.data
        if len(body) > LARGEST:
            raise NotWhole


def _event(connection: h11.Connection, read: Callable[[], bytes]) -> object:
    try:
        while (event := connection.next_event()) is h11.NEED_DATA:
            connection.receive_data(read())
    except h11.RemoteProtocolError:
        raise NotWhole from None
    if isinstance(event, h11.ConnectionClosed):
        raise NotWhole
    return event


def _headers(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    return tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in headers)
