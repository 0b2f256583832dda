"""One HTTP call over a connection of its own, with one deadline for all of it; no redirect is followed."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

import h11

from govgateway.errors import Text, UsageError
from govgateway_mocks.capture.messages import NotWhole, read_answer
from govgateway_mocks.capture.recording import Answer, Request

_READ = 64 * 1024
_OWN = frozenset({"host", "connection", "content-length", "transfer-encoding", "accept-encoding", "expect"})
"""Headers of the connection; this one writes its own."""


class NoAnswer(Exception):
    """There was no whole answer; the text says why."""


@dataclass(frozen=True)
class Origin:
    """Where requests go: host and port, over TLS that is always verified if there is a ``context``."""

    host: str
    port: int
    context: ssl.SSLContext | None
    patience: timedelta
    monotonic: Callable[[], float] = field(default=time.monotonic)

    def ask(self, request: Request) -> Answer:
        """The answer to ``request``. Raises NoAnswer when it is not there, whole, within ``patience``."""
        try:
            with _Line(self) as line:
                return _exchanged(request, self, line)
        except (OSError, NotWhole, h11.LocalProtocolError) as error:
            raise NoAnswer(type(error).__name__) from None


def origin_of(address: str, patience: timedelta, trust: str | None = None) -> Origin:
    """The origin of ``address``: https, or http on this machine. ``trust`` names a file of roots.

    Raises UsageError for another address, and for roots that cannot be read.
    """
    try:
        parts = urlsplit(address)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise _unfit(address) from None
    local = parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost", "::1"}
    if not parts.hostname or parts.username or parts.query or not (local or parts.scheme == "https"):
        raise _unfit(parts.hostname or address)
    return Origin(parts.hostname, port, None if local else _verifying(trust), patience)


def _verifying(trust: str | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=trust)
    except OSError:
        raise UsageError(
            Text(f"Không đọc được chứng thư gốc trong {trust}.", f"The roots in {trust} cannot be read."),
            Text("Chọn tệp PEM chứa chứng thư gốc.", "Choose a PEM file that holds the roots."),
            where=str(trust),
        ) from None


def _unfit(where: str) -> UsageError:
    return UsageError(
        Text("Địa chỉ cần ghi không dùng được.", "The address to record cannot be used."),
        Text(
            "Dùng https://…; http chỉ cho máy này; tài khoản không viết vào địa chỉ.",
            "Use https://…; http for this machine only; an account is not written into the address.",
        ),
        where=where,
    )


class _Line:
    """A connection to ``origin`` of which every step ends at one deadline."""

    def __init__(self, origin: Origin) -> None:
        self._monotonic = origin.monotonic
        self._deadline = origin.monotonic() + origin.patience.total_seconds()
        self._socket = socket.create_connection((origin.host, origin.port), timeout=self._left())
        if origin.context:
            self._socket.settimeout(self._left())
            self._socket = self._encrypted(origin.host, origin.context)

    def __enter__(self) -> _Line:
        return self

    def __exit__(self, *error: object) -> None:
        self._socket.close()

    def send(self, data: bytes) -> None:
        self._socket.settimeout(self._left())
        self._socket.sendall(data)

    def read(self) -> bytes:
        self._socket.settimeout(self._left())
        return self._socket.recv(_READ)

    def _encrypted(self, host: str, context: ssl.SSLContext) -> socket.socket:
        try:
            return context.wrap_socket(self._socket, server_hostname=host)
        except OSError:
            self._socket.close()
            raise

    def _left(self) -> float:
        left = self._deadline - self._monotonic()
        if left <= 0:
            raise TimeoutError
        return left


def _exchanged(request: Request, origin: Origin, line: _Line) -> Answer:
    connection = h11.Connection(h11.CLIENT)
    line.send(b"".join(connection.send(event) or b"" for event in _events(request, origin)))
    return read_answer(connection, line.read)


def _events(request: Request, origin: Origin) -> tuple[h11.Request, h11.Data, h11.EndOfMessage]:
    headers = [(name, value) for name, value in request.headers if name not in _OWN]
    standard = origin.port == (443 if origin.context else 80)
    headers += [("host", origin.host if standard else f"{origin.host}:{origin.port}"), ("connection", "close")]
    headers += [("accept-encoding", "identity"), ("content-length", str(len(request.body)))]
    written = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    head = h11.Request(method=request.method, target=request.target, headers=written)
    return head, h11.Data(data=request.body), h11.EndOfMessage()
