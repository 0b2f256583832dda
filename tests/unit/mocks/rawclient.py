"""A client of bare sockets: it tells the bytes that it received, and how the connection ended."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from govgateway_mocks.server import RunningSimulator

FIN, RST, SILENCE = "fin", "rst", "silence"
PATIENCE = 5.0
T = TypeVar("T")


@dataclass(frozen=True)
class Received:
    """What a client received, and how that ended."""

    data: bytes
    end: str

    @property
    def status(self) -> int:
        return int(self.data.split(b" ", 2)[1])

    @property
    def head(self) -> bytes:
        return self.data.partition(b"\r\n\r\n")[0].lower()

    @property
    def body(self) -> bytes:
        return self.data.partition(b"\r\n\r\n")[2]


def post(body: bytes, path: str = "/desk", *headers: str) -> bytes:
    """A whole request."""
    lines = (f"POST {path} HTTP/1.1", "Host: desk.example", f"Content-Length: {len(body)}", *headers)
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def connect(running: RunningSimulator[Any]) -> socket.socket:
    """A connection, TCP only."""
    where = urlsplit(running.address)
    return socket.create_connection((where.hostname or "", where.port or 0), PATIENCE)


class Tls:
    """TLS over a bare socket, so that the socket's own end is seen: OpenSSL makes the same of a FIN and of an RST."""

    def __init__(self, plain: socket.socket, roots: str) -> None:
        self.plain = plain
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        context = ssl.create_default_context(cafile=roots)
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname="127.0.0.1")
        self._until_done(self._tls.do_handshake)

    def sendall(self, data: bytes) -> None:
        for begin in range(0, len(data), 1_000_000):
            self._tls.write(data[begin : begin + 1_000_000])
            self.plain.sendall(self._outgoing.read())

    def recv(self, size: int) -> bytes:
        try:
            return self._until_done(lambda: self._tls.read(size))
        except ssl.SSLEOFError:
            return b""

    def settimeout(self, seconds: float) -> None:
        self.plain.settimeout(seconds)

    def _until_done(self, do: Callable[[], T]) -> T:
        while True:
            try:
                done = do()
            except ssl.SSLWantReadError:
                self._exchange()
            else:
                self._flush()
                return done

    def _flush(self) -> None:
        if self._outgoing.pending:
            self.plain.sendall(self._outgoing.read())

    def _exchange(self) -> None:
        self._flush()
        data = self.plain.recv(65536)
        self._incoming.write(data) if data else self._incoming.write_eof()


def secured(running: RunningSimulator[Any], plain: socket.socket) -> Tls:
    """The connection after its TLS handshake, the server verified by the roots that clients are told."""
    return Tls(plain, str(running.trust_roots))


@contextmanager
def opened(running: RunningSimulator[Any]) -> Iterator[socket.socket | Tls]:
    """A connection on which requests can be sent, over TLS where the simulator speaks it."""
    with connect(running) as plain:
        yield secured(running, plain) if running.trust_roots else plain


def receive(connection: socket.socket | Tls, patience: float = PATIENCE) -> Received:
    """Everything until the connection ends, or nothing has come for so many seconds."""
    connection.settimeout(patience)
    data = bytearray()
    try:
        while chunk := connection.recv(65536):
            data += chunk
    except TimeoutError:
        return Received(bytes(data), SILENCE)
    except ConnectionError:
        return Received(bytes(data), RST)
    return Received(bytes(data), FIN)


def receive_one(connection: socket.socket | Tls) -> Received:
    """One answer that has a Content-Length; the connection stays."""
    connection.settimeout(PATIENCE)
    data = bytearray()
    while b"\r\n\r\n" not in data:
        data += _some(connection)
    head = bytes(data).partition(b"\r\n\r\n")[0].lower()
    length = int(head.partition(b"content-length:")[2].split(b"\r\n")[0])
    while len(data) < len(head) + 4 + length:
        data += _some(connection)
    return Received(bytes(data), SILENCE)


def _some(connection: socket.socket | Tls) -> bytes:
    data = connection.recv(1)
    assert data, "the connection ended within the answer"
    return data


def ask(running: RunningSimulator[Any], request: bytes, patience: float = PATIENCE) -> Received:
    """Send ``request`` over a connection of its own, and receive until it ends."""
    with opened(running) as connection:
        try:
            connection.sendall(request)
        except ConnectionError:  # the system tells it once
            return Received(receive(connection, patience).data, RST)
        return receive(connection, patience)
