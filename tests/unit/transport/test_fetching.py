"""What lies at an address, brought whole, once and in time, or not at all."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from govgateway.errors import ConfigurationError
from govgateway.transport.session import HttpRequest, Sent, Transport
from rawserver import Peer, RawServer

DEADLINE = timedelta(seconds=5)


def get(address: str, transport: Transport, deadline: timedelta) -> Sent:
    return transport.send(HttpRequest(address, {}, b"", "GET"), deadline)


def _answering(head: str, body: bytes) -> bytes:
    return f"HTTP/1.1 {head}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def test_the_body_comes_whole() -> None:
    def serve(peer: Peer) -> None:
        peer.receive_head()
        peer.stream.sendall(_answering("200 OK", b"a list"))

    with RawServer(serve) as server:
        sent = get(f"http://{server.authority}/ca.crl", Transport(), DEADLINE)
        assert sent.answer is not None
        assert (sent.answer.status, sent.answer.body) == (200, b"a list")
        (received,) = server.streams
        assert received.startswith(b"GET /ca.crl HTTP/1.1\r\n")


def test_nobody_is_followed_elsewhere() -> None:
    def serve(peer: Peer) -> None:
        peer.receive_head()
        peer.stream.sendall(_answering("302 Found\r\nLocation: http://127.0.0.1:1/", b""))

    with RawServer(serve) as server:
        sent = get(f"http://{server.authority}/", Transport(), DEADLINE)
        assert sent.answer is not None
        assert sent.answer.status == 302


def test_a_trickle_ends_with_the_deadline() -> None:
    def serve(peer: Peer) -> None:
        peer.receive_head()
        peer.stream.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while not peer.stopping.wait(0.05):
            peer.stream.sendall(b"x")

    with RawServer(serve) as server:
        before = time.monotonic()
        sent = get(f"http://{server.authority}/", Transport(), timedelta(seconds=0.3))
        assert (sent.answer, sent.failure) == (None, "deadline")
        assert time.monotonic() - before < 3


def test_an_answer_beyond_the_limit_is_none() -> None:
    def serve(peer: Peer) -> None:
        peer.receive_head()
        peer.stream.sendall(_answering("200 OK", bytes(200_000)))

    with RawServer(serve) as server:
        sent = get(f"http://{server.authority}/", Transport(answer_limit=1000), DEADLINE)
        assert (sent.answer, sent.failure) == (None, "too large")


def test_plain_http_has_to_be_allowed() -> None:
    with pytest.raises(ConfigurationError):
        get("http://203.0.113.1/ca.crl", Transport(), DEADLINE)
