"""The session: what proves "not sent", at most one request per fault, deadlines; counted at a raw socket."""

from __future__ import annotations

import gzip
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from govgateway.errors import ConfigurationError
from govgateway.transport.session import HttpAnswer, HttpRequest, Sent, Transport
from rawserver import Peer, Play, RawServer, tls_context

BODY = b"<TKhai>m\xe1\xba\xadt kh\xe1\xba\xa9u</TKhai>\r\n"
LARGE = bytes(4 * 1024 * 1024)
HUGE = bytes(30 * 1024 * 1024)
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"
WHOLE = OK + b"Content-Length: 4\r\n\r\n<a/>"
ANSWERED = HttpAnswer(200, {"content-type": "text/xml", "content-length": "4"}, b"<a/>")


@dataclass(frozen=True)
class Tls:
    """Certificates made for this run: of this machine, and of another host; the roots to trust them by."""

    server: ssl.SSLContext
    ca_file: Path
    other: ssl.SSLContext
    other_ca_file: Path


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    folder = tmp_path_factory.mktemp("tls")
    return Tls(*tls_context(folder, "127.0.0.1"), *tls_context(folder, "thue.example"))


def _post(url: str, transport: Transport, body: bytes = BODY, deadline: float = 5.0) -> Sent:
    return transport.send(HttpRequest(url, {"Content-Type": "text/xml"}, body), timedelta(seconds=deadline))


# What the peer plays, by name.


def _after_request(data: bytes) -> Play:
    """Read the request whole, send ``data``, end in good order."""

    def play(peer: Peer) -> None:
        peer.receive_request()
        peer.send(data)
        peer.fin()

    return play


def _fin(peer: Peer) -> None:
    peer.await_byte()
    peer.fin()


def _reset(peer: Peer) -> None:
    peer.await_byte()
    peer.reset()


def _reset_after(size: int) -> Play:
    def play(peer: Peer) -> None:
        peer.receive(size)
        peer.reset()

    return play


def _reset_after_request(peer: Peer) -> None:
    peer.receive_request()
    peer.reset()


def _reset_in_answer(peer: Peer) -> None:
    peer.receive_request()
    peer.send(OK + b"Content-Length: 100\r\n\r\n<a>")
    peer.reset()


def _close_notify(peer: Peer) -> None:
    peer.receive_request()
    assert isinstance(peer.stream, ssl.SSLSocket)
    peer.stream.unwrap()


def _broken_record(peer: Peer) -> None:
    peer.receive_request()
    peer.raw.sendall(b"\x17\x03\x03\x00\x20" + bytes(32))
    peer.hang()


def _silent(peer: Peer) -> None:
    peer.receive_request()
    peer.hang()


def _stop_in_body(peer: Peer) -> None:
    peer.receive_request()
    peer.send(OK + b"Content-Length: 100\r\n\r\n<a>")
    peer.hang()


def _trickle(data: bytes, then: bytes = b"x") -> Play:
    def play(peer: Peer) -> None:
        peer.receive_request()
        peer.trickle(data, then)

    return play


def _answer_unread(data: bytes) -> Play:
    """Answer when the head is there, and close with the body unread."""

    def play(peer: Peer) -> None:
        peer.receive_head()
        peer.send(data)

    return play


def _endless(head: bytes) -> Play:
    def play(peer: Peer) -> None:
        peer.receive_request()
        peer.send(head)
        for _ in range(1000):  # or until the client has gone
            peer.send(bytes(65536))

    return play


def _plain_answer(peer: Peer) -> None:
    peer.await_byte()
    peer.send(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
    peer.fin()


def _handshake_trickle(peer: Peer) -> None:
    peer.await_byte()
    peer.trickle(b"\x16\x03\x03\x40\x00", b"\x02")


@dataclass(frozen=True)
class Fault:
    """What the peer plays, and what must come of it. ``requests`` None: the peer did not look, at most one."""

    play: Play
    started: bool = True
    requests: int | None = 1
    answer: tuple[int, bytes] | None = None
    failure: str = ""
    https: bool = False
    tls: bool = False
    body: bytes = BODY
    deadline: float = 5.0
    read_timeout: float = 5.0


def _tls(play: Play) -> Fault:
    return Fault(play, https=True, tls=True)


def _no_handshake(play: Play, failure: str = "", deadline: float = 5.0) -> Fault:
    return Fault(play, started=False, requests=0, failure=failure, https=True, deadline=deadline)


def _cut_by_deadline(play: Play, *, tls: bool = False) -> Fault:
    return Fault(play, failure="deadline", https=tls, tls=tls, deadline=0.4)


FAULTS: dict[str, Fault] = {
    "plain HTTP on a TLS port": _no_handshake(_plain_answer, "tls"),
    "TLS handshake FIN": _no_handshake(_fin),
    "TLS handshake RST": _no_handshake(_reset),
    "TLS handshake hang": _no_handshake(Peer.hang, deadline=0.3),
    "TLS handshake trickle": _no_handshake(_handshake_trickle, deadline=0.4),
    "accept then FIN": Fault(_fin, requests=None),
    "accept then RST": Fault(_reset, requests=None),
    "RST in headers": Fault(_reset_after(20)),
    "RST in body": Fault(_reset_after(100_000), body=LARGE),
    "FIN after the body": Fault(_after_request(b"")),
    "RST after the body": Fault(_reset_after_request),
    "TLS FIN after the body": _tls(_after_request(b"")),
    "TLS RST after the body": _tls(_reset_after_request),
    "TLS close_notify after the body": _tls(_close_notify),
    "TLS broken record after the body": _tls(_broken_record),
    "no answer": Fault(_silent, failure="timeout", read_timeout=0.3),
    "peer does not read": Fault(Peer.hang, requests=None, body=HUGE, deadline=0.4),
    "cut in status line": Fault(_after_request(b"HTTP/1.1 20")),
    "garbage": Fault(_after_request(b"\x00\xffrubbish\r\n\r\n")),
    "too many headers": Fault(_after_request(OK + b"X: y\r\n" * 1000 + b"\r\n")),
    "cut after the status line": Fault(_after_request(b"HTTP/1.1 200 OK\r\n"), answer=(200, b"")),
    "cut in headers": Fault(_after_request(OK + b"Content-Le"), answer=(200, b"")),
    "cut in body with length": Fault(_after_request(OK + b"Content-Length: 100\r\n\r\n<a>")),
    "RST in body with length": Fault(_reset_in_answer),
    "cut in chunk": Fault(_after_request(OK + b"Transfer-Encoding: chunked\r\n\r\n40\r\n<a>")),
    "cut between chunks": Fault(_after_request(OK + b"Transfer-Encoding: chunked\r\n\r\n4\r\n<a/>\r\n")),
    "broken chunk length": Fault(_after_request(OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n<a/>")),
    "cut in body without length": Fault(_after_request(OK + b"\r\n<soap:Enve"), answer=(200, b"<soap:Enve")),
    "stop inside the body": Fault(_stop_in_body, read_timeout=0.3),
    "bad gzip": Fault(_after_request(OK + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\n<a/>")),
    "trickle of headers": _cut_by_deadline(_trickle(OK + b"X: ")),
    "trickle of body": _cut_by_deadline(_trickle(OK + b"Content-Length: 10000\r\n\r\n")),
    "trickle of body without length": _cut_by_deadline(_trickle(OK + b"\r\n")),
    "trickle of 100 Continue": _cut_by_deadline(_trickle(b"", b"HTTP/1.1 100 Continue\r\n\r\n")),
    "TLS trickle": _cut_by_deadline(_trickle(OK + b"\r\n"), tls=True),
    "503 before the body was read": Fault(
        _answer_unread(b"HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy"), answer=(503, b"busy"), body=LARGE
    ),
    "413 before the body was read": Fault(
        _answer_unread(b"HTTP/1.1 413 Large\r\nContent-Length: 0\r\n\r\n"), answer=(413, b""), body=LARGE
    ),
    "503 with Retry-After": Fault(
        _after_request(b"HTTP/1.1 503 Busy\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n"), answer=(503, b"")
    ),
    "endless body": Fault(_endless(OK + b"\r\n"), failure="too large"),
    "endless body of a redirect": Fault(_endless(b"HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n"), failure="too large"),
    "redirect to nonsense": Fault(
        _after_request(b"HTTP/1.1 302 Found\r\nLocation: http://[\r\nContent-Length: 0\r\n\r\n"), answer=(302, b"")
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_sends_one_request_at_most_and_only_not_started_proves_not_sent(name: str, tls: Tls) -> None:
    fault = FAULTS[name]
    transport = Transport(
        connect_timeout=5.0, read_timeout=fault.read_timeout, answer_limit=1_000_000, ca_file=tls.ca_file
    )
    with RawServer(fault.play, tls.server if fault.tls else None) as server:
        begun = time.monotonic()
        scheme = "https" if fault.https else "http"
        sent = _post(f"{scheme}://{server.authority}/port", transport, fault.body, fault.deadline)
        elapsed = time.monotonic() - begun
    assert sent.started is fault.started
    assert len(server.streams) == 1
    assert server.requests <= 1
    if fault.requests is not None:
        assert server.requests == fault.requests
    if not sent.started:
        assert server.bodies == [b""]
    answer = sent.answer and (sent.answer.status, sent.answer.body)
    assert answer == fault.answer
    assert bool(sent.failure) is (sent.answer is None)
    assert fault.failure in {"", sent.failure}
    assert elapsed < min(fault.deadline, fault.read_timeout) + 1.0
    if sent.failure == "deadline":
        assert elapsed >= fault.deadline


@contextmanager
def _refused() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    yield f"http://127.0.0.1:{port}/"


@contextmanager
def _connect_timeout() -> Iterator[str]:
    """A listener whose queue is full: where the system drops what does not fit, connecting waits in vain."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            with suppress(BlockingIOError):
                waiting.connect(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"


@pytest.mark.parametrize("peer", [_refused, _connect_timeout])
def test_what_cannot_be_connected_to_was_not_sent(peer: Callable[[], AbstractContextManager[str]]) -> None:
    with peer() as url:
        sent = _post(url, Transport(connect_timeout=0.3))
    assert not sent.started
    assert sent.answer is None
    assert sent.failure in {"connection", "timeout"}


def test_a_name_that_does_not_resolve_was_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*args: object, **kwargs: object) -> list[object]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert _post("https://thue.example/", Transport()) == Sent(False, None, "connection")


def test_nothing_is_sent_when_the_deadline_passed_while_connecting(monkeypatch: pytest.MonkeyPatch) -> None:
    look_up = socket.getaddrinfo

    def slow(*args: Any) -> Any:
        time.sleep(0.3)  # a name server that takes its time
        return look_up(*args)

    with RawServer(_after_request(WHOLE)) as server:
        monkeypatch.setattr(socket, "getaddrinfo", slow)
        sent = _post(f"http://{server.authority}/", Transport(), deadline=0.1)
    assert sent == Sent(False, None, "deadline")
    assert server.requests == 0


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1:99999/", "https://*.example/", "https://[::1/", "https://", "thue.example/port", ""]
)
def test_an_address_that_is_none_was_not_sent(url: str) -> None:
    assert _post(url, Transport()) == Sent(False, None, "address")


@pytest.mark.parametrize("case", ["unknown issuer", "another host"])
def test_a_certificate_that_does_not_prove_the_host_gets_nothing(case: str, tls: Tls) -> None:
    context = tls.server if case == "unknown issuer" else tls.other
    ca_file = tls.other_ca_file
    with RawServer(_after_request(WHOLE), context) as server:
        sent = _post(f"https://{server.authority}/", Transport(ca_file=ca_file))
    assert sent == Sent(False, None, "tls")
    assert server.bodies == [b""]


def test_a_certificate_is_checked_against_the_public_roots_unless_others_are_named(tls: Tls) -> None:
    with RawServer(_after_request(WHOLE), tls.server) as server:
        assert not _post(f"https://{server.authority}/", Transport()).started


def test_a_missing_file_of_roots_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        _post("https://127.0.0.1:1/", Transport(ca_file=tmp_path / "roots.pem"))
    assert caught.value.where == str(tmp_path / "roots.pem")
    assert "ca_file" in caught.value.remedy.vi


@pytest.mark.parametrize("secure", [False, True])
def test_the_request_arrives_byte_for_byte_on_a_connection_of_its_own(secure: bool, tls: Tls) -> None:
    transport = Transport(ca_file=tls.ca_file)
    with RawServer(_after_request(WHOLE), tls.server if secure else None) as server:
        url = f"{'https' if secure else 'http'}://{server.authority}/port"
        answers = [_post(url, transport), _post(url, transport)]
    assert answers == [Sent(True, ANSWERED)] * 2
    assert server.bodies == [BODY, BODY]
    for stream in server.streams:
        head = bytes(stream.partition(b"\r\n\r\n")[0]).lower()
        assert head.startswith(b"post /port http/1.1\r\n")
        assert b"\r\nconnection: close" in head
        assert b"\r\ncontent-type: text/xml" in head


def test_an_answer_in_gzip_is_unpacked() -> None:
    packed = gzip.compress(b"<a/>")
    head = OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    with RawServer(_after_request(head + packed)) as server:
        sent = _post(f"http://{server.authority}/", Transport())
    assert sent.answer is not None
    assert sent.answer.body == b"<a/>"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_answer_and_nothing_goes_to_the_other_host(status: int) -> None:
    with RawServer(_after_request(WHOLE)) as other:
        head = f"HTTP/1.1 {status} Moved\r\nLocation: http://{other.authority}/\r\nContent-Length: 0\r\n\r\n"
        with RawServer(_after_request(head.encode())) as server:
            sent = _post(f"http://{server.authority}/", Transport())
    assert sent.answer is not None
    assert sent.answer.status == status
    assert server.requests == 1
    assert other.streams == []


def test_proxies_and_logins_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with RawServer(_after_request(WHOLE)) as proxy, RawServer(_after_request(WHOLE)) as server:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://{proxy.authority}")
        sent = _post(f"http://{server.authority}/", Transport())
    assert sent.answer == ANSWERED
    assert proxy.streams == []
    assert b"authorization" not in bytes(server.streams[0]).lower()


@pytest.mark.parametrize(
    "url",
    [
        "http://thue.example/port",
        "HTTP://thue.example/port",
        " http://thue.example/port",
        "http://10.0.0.1/",
        "http://127.0.0.1.thue.example/",
        "http://127.0.0.1@thue.example/",
        "http://thue.example\\@127.0.0.1/",
        "ftp://thue.example/",
    ],
)
def test_plain_http_beyond_this_machine_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: pytest.fail("a connection was tried"))
    with pytest.raises(ConfigurationError) as caught:
        _post(url, Transport())
    assert "không mã hoá" in caught.value.message.vi
    assert "plain_http" in caught.value.remedy.en


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.0.0.2", "[::1]"])
def test_plain_http_to_this_machine_is_taken(host: str) -> None:
    assert not _post(f"http://{host}:1/", Transport()).started


def test_plain_http_elsewhere_is_taken_when_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up: list[object] = []

    def unknown(host: object, *args: object, **kwargs: object) -> list[object]:
        looked_up.append(host)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert not _post("http://thue.example/", Transport(plain_http=True)).started
    assert looked_up == ["thue.example"]


def test_a_large_body_may_take_longer_than_connecting() -> None:
    def slow(peer: Peer) -> None:
        peer.receive_head()
        peer.stopping.wait(0.5)
        peer.receive_request()
        peer.send(WHOLE)

    with RawServer(slow) as server:
        sent = _post(f"http://{server.authority}/", Transport(connect_timeout=0.2), bytes(8 * 1024 * 1024))
    assert sent.answer == ANSWERED


def test_no_body_shows_when_printed() -> None:
    request = HttpRequest("https://thue.example/", {}, b"<Password>secret</Password>")
    sent = Sent(True, HttpAnswer(200, {}, b"<Password>secret</Password>"))
    assert "secret" not in repr(request)
    assert "secret" not in repr(sent)
