"""Every fault of the wire and of HTTP at a bare socket: which bytes came, how it ended, what the agency counted."""

from __future__ import annotations

import gc
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from datetime import timedelta
from typing import Any

import pytest
from lxml import etree

from govgateway.errors import UsageError
from govgateway_mocks import server
from govgateway_mocks.exchange import Exchange
from govgateway_mocks.faults import Fault
from govgateway_mocks.server import RunningSimulator
from govgateway_mocks.wire.lines import RESET_ON_CLOSE
from simulated import Clock
from unit.mocks.agency import ANSWER, Desk, filing
from unit.mocks.rawclient import (
    FIN,
    PATIENCE,
    RST,
    SILENCE,
    Received,
    ask,
    connect,
    opened,
    post,
    receive,
    receive_one,
    secured,
)

BRIEFLY = 0.05
"""Seconds after which silence is taken for silence."""

WHOLE = post(filing())
LAST = post(filing(), "/desk", "Connection: close")
GET = b"GET /desk/list HTTP/1.1\r\nHost: desk.example\r\n\r\n"
LARGE = filing(size=30 * 1024 * 1024)

Running = RunningSimulator[Desk]


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def over_tcp(clock: Clock) -> Iterator[Running]:
    with RunningSimulator(Desk(clock)) as started:
        yield started


@pytest.fixture(scope="module")
def over_tls(clock: Clock) -> Iterator[Running]:
    with RunningSimulator(Desk(clock), tls=True) as started:
        yield started


@pytest.fixture
def plain(over_tcp: Running) -> Running:
    over_tcp.reset()
    return over_tcp


@pytest.fixture
def encrypted(over_tls: Running) -> Running:
    over_tls.reset()
    return over_tls


@pytest.fixture(params=["plain", "encrypted"])
def running(request: pytest.FixtureRequest) -> Running:
    """Over plain TCP and over TLS alike."""
    found: Running = request.getfixturevalue(request.param)
    return found


def arrived(running: Running) -> int:
    return running.agency.arrivals.total()


def first(running: Running) -> Exchange:
    """The first exchange, as soon as there is one: a client of a connection that hangs may be here before."""
    deadline = time.monotonic() + PATIENCE
    while not running.exchanges and time.monotonic() < deadline:
        time.sleep(0.001)
    return running.exchanges[0]


def listed(running: Running) -> bool:
    """Whether the agency answers as it should, on a connection of its own."""
    return ask(running, GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")).status == 200


# Without a fault.


def test_a_request_reaches_the_agency_and_its_answer_comes_whole(running: Running) -> None:
    received = ask(running, LAST)
    assert (received.status, received.body, received.end) == (200, ANSWER, FIN)
    assert b"content-length: 200" in received.head
    assert arrived(running) == 1


def test_the_agency_gets_method_path_headers_and_body_as_they_were_sent(running: Running) -> None:
    body = bytes(range(256)) * 40 + b"<file>"
    ask(running, post(body, "/desk?x=1", "X-Odd: a  b", "Connection: close"))
    method, path, seen, headers = running.agency.seen[0]
    assert (method, path, seen) == ("POST", "/desk", body)
    assert (headers["x-odd"], headers["host"]) == ("a  b", "desk.example")


def test_the_agency_sees_the_scheme_that_the_client_uses(running: Running) -> None:
    received = ask(running, GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    assert received.body.startswith(running.address.partition("//")[0].encode() + b"//desk.example/desk/list")


def test_a_kept_connection_serves_one_request_after_the_other(running: Running) -> None:
    with opened(running) as connection:
        for _ in range(3):
            connection.sendall(WHOLE)
            assert receive_one(connection).body == ANSWER
    assert arrived(running) == 3


def test_requests_sent_at_once_are_answered_in_order(running: Running) -> None:
    with opened(running) as connection:
        connection.sendall(post(filing("K1")) + GET + LAST)
        assert receive_one(connection).body == ANSWER
        assert receive_one(connection).body.endswith(b"K1")
        assert receive(connection).end == FIN
    assert arrived(running) == 2
    assert [each.request for each in running.exchanges] == [post(filing("K1")), GET, LAST]


def test_a_chunked_request_arrives_as_one_body(running: Running) -> None:
    head = b"POST /desk HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    chunks = b"6\r\n<file>\r\n5;note=1\r\n<key>\r\n2\r\nK9\r\n6\r\n</key>\r\n0\r\n\r\n"
    assert ask(running, head + chunks).status == 200
    assert running.agency.seen[0][2] == b"<file><key>K9</key>"


def test_a_client_that_waits_for_100_continue_gets_it_once_and_then_its_answer(running: Running) -> None:
    head, _, body = post(filing(), "/desk", "Expect: 100-continue").partition(b"\r\n\r\n")
    with opened(running) as connection:
        connection.sendall(head + b"\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 100 ")
        connection.sendall(body)
        assert receive_one(connection).status == 200
    assert arrived(running) == 1


def test_a_request_that_comes_byte_by_byte_is_one_request(plain: Running) -> None:
    with connect(plain) as connection:
        for number in range(len(WHOLE)):
            connection.sendall(WHOLE[number : number + 1])
        assert receive_one(connection).body == ANSWER
    assert arrived(plain) == 1


def test_the_agency_never_sees_half_a_request(running: Running) -> None:
    for size in (10, len(WHOLE) - 1):
        with opened(running) as connection:
            connection.sendall(WHOLE[:size])
    assert listed(running)
    assert [path for _, path, _, _ in running.agency.seen] == ["/desk/list"]


def test_what_a_client_sent_before_it_went_away_is_recorded(plain: Running) -> None:
    with connect(plain) as connection:
        connection.sendall(WHOLE[:30])
        connection.shutdown(socket.SHUT_WR)
        assert receive(connection) == Received(b"", FIN)
    assert [(each.request, each.answer) for each in plain.exchanges] == [(WHOLE[:30], b"")]


def test_what_is_no_http_is_a_bad_request(running: Running) -> None:
    received = ask(running, b"\x16\x03\x01 what\r\n\r\n")
    assert (received.status, received.end) == (400, FIN)


def test_a_body_larger_than_the_agency_takes_is_refused_before_it_is_read(
    plain: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "LARGEST_REQUEST", 1000)
    with RunningSimulator(Desk()) as small:
        assert ask(small, post(filing(size=2000))).status == 413
        assert ask(small, post(filing(size=900), "/desk", "Connection: close")).status == 200
        assert arrived(small) == 1


def test_a_mistake_of_the_agency_is_a_500_and_is_logged(plain: Running, caplog: pytest.LogCaptureFixture) -> None:
    received = ask(
        plain, GET.replace(b"/desk/list", b"/desk/boom").replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    )
    assert (received.status, b"mistake" in received.data) == (500, False)
    assert "a mistake of the agency" in caplog.text


def test_behind_the_wire_no_fault_of_the_wire_or_of_http_is_played(plain: Running) -> None:
    host, port = plain.direct_address.removeprefix("http://").split(":")
    with (
        plain.fault("refused"),
        plain.fault("status"),
        plain.fault("reset"),
        socket.create_connection((host, int(port)), 5) as connection,
    ):
        connection.sendall(LAST)
        assert receive(connection).body == ANSWER


# reset, close, hang: at every position.

ENDS = {"reset": RST, "close": FIN, "hang": SILENCE}


@pytest.mark.parametrize("do", ENDS)
def test_at_accept_nothing_is_read(do: str, plain: Running) -> None:
    with plain.fault(do, at="accept"), opened(plain) as connection:
        connection.sendall(WHOLE)
        first(plain)
        assert receive(connection, BRIEFLY) == Received(b"", ENDS[do])
    assert arrived(plain) == 0
    assert [(each.call, each.request, each.fault) for each in plain.exchanges] == [("connection", b"", do)]


@pytest.mark.parametrize("do", ENDS)
def test_at_accept_there_is_no_tls_handshake(do: str, encrypted: Running) -> None:
    with encrypted.fault(do, at="accept"), connect(encrypted) as connection:
        connection.settimeout(BRIEFLY)
        with pytest.raises(OSError) as ended:
            secured(encrypted, connection)
    expected = {"reset": ConnectionResetError, "close": ssl.SSLEOFError, "hang": TimeoutError}[do]
    assert isinstance(ended.value, expected)
    assert listed(encrypted)


@pytest.mark.parametrize("size", [0, 1, 20, len(WHOLE) - 1, -1, 10**9])
@pytest.mark.parametrize("do", ENDS)
def test_within_the_request_the_agency_never_gets_it(do: str, size: int, running: Running) -> None:
    with running.fault(do, at="request", bytes=size), opened(running) as connection:
        connection.sendall(WHOLE)
        assert first(running).fault == do
        assert receive(connection, BRIEFLY) == Received(b"", ENDS[do])
    assert arrived(running) == 0
    assert listed(running)


@pytest.mark.parametrize("do", ENDS)
def test_a_request_of_which_only_a_part_came_is_struck_at_its_byte(do: str, plain: Running) -> None:
    head = WHOLE.index(b"\r\n\r\n") + 4
    with plain.fault(do, on="file", at="request", bytes=head + 6), connect(plain) as connection:
        connection.sendall(WHOLE[: head + 5])
        assert receive(connection, 0.05).end == SILENCE
        connection.sendall(b">")
        assert first(plain).request == WHOLE[: head + 6]
        assert receive(connection, BRIEFLY) == Received(b"", ENDS[do])


@pytest.mark.parametrize("size", [0, 1, 12, 100, 250])
@pytest.mark.parametrize("do", ENDS)
def test_within_the_answer_so_many_bytes_came_and_the_agency_has_the_filing(
    do: str, size: int, running: Running
) -> None:
    with running.fault(do, at="answer", bytes=size), opened(running) as connection:
        connection.sendall(WHOLE)
        exchange = first(running)
        received = receive(connection, BRIEFLY)
    assert (len(received.data), received.end) == (size, ENDS[do])
    assert b"HTTP/1.1 200 OK\r\n".startswith(received.data[:17])
    assert arrived(running) == 1
    assert (exchange.call, exchange.request, exchange.answer, exchange.fault) == ("file", WHOLE, received.data, do)


@pytest.mark.parametrize("do", ENDS)
def test_after_the_whole_answer_the_connection_ends_nevertheless(do: str, running: Running) -> None:
    with running.fault(do, bytes=-1), opened(running) as connection:
        connection.sendall(WHOLE)
        first(running)
        received = receive(connection, BRIEFLY)
    assert (received.body, received.end) == (ANSWER, ENDS[do])


@pytest.mark.parametrize(
    ("of", "size", "body"),
    [("head", -1, 0), ("head", 10**6, 0), ("body", 0, 0), ("body", 7, 7), ("body", -1, 200), ("body", 10**6, 200)],
)
def test_bytes_are_counted_from_the_part_that_of_names(of: str, size: int, body: int, running: Running) -> None:
    with running.fault("close", of=of, bytes=size):
        received = ask(running, WHOLE)
    assert b"\r\n\r\n" in received.data
    assert received.body == ANSWER[:body]


def test_a_cut_answer_keeps_its_length_or_drops_it(running: Running) -> None:
    with running.fault("close", of="body", bytes=50):
        kept = ask(running, WHOLE)
    with running.fault("close", of="body", bytes=50, length="dropped"):
        dropped = ask(running, WHOLE)
    assert (b"content-length: 200" in kept.head, b"content-length" in dropped.head) == (True, False)
    assert kept.body == dropped.body == ANSWER[:50]
    assert dropped.status == 200


@pytest.mark.parametrize("do", ["reset", "close"])
def test_a_large_body_is_cut_off_within(do: str, plain: Running) -> None:
    with plain.fault(do, on="file", at="request", bytes=1_000_000):
        received = ask(plain, post(LARGE))
    assert received == Received(b"", ENDS[do])
    assert arrived(plain) == 0
    assert 1_000_000 <= len(plain.exchanges[0].request) < 2_000_000


def test_a_large_body_arrives_whole_and_its_answer_is_lost(plain: Running) -> None:
    with plain.fault("reset", on="file"):
        assert ask(plain, post(LARGE)) == Received(b"", RST)
    assert plain.agency.seen[0][2] == LARGE


def test_a_large_body_is_cut_off_within_over_tls(encrypted: Running) -> None:
    with encrypted.fault("reset", at="request", bytes=1_000_000):
        assert ask(encrypted, post(LARGE[:3_000_000])) == Received(b"", RST)
    assert arrived(encrypted) == 0


def test_a_client_that_sends_much_into_a_hanging_connection_stalls(plain: Running) -> None:
    with plain.fault("hang", at="request", bytes=100), connect(plain) as connection:
        connection.settimeout(BRIEFLY)
        with pytest.raises(TimeoutError):
            connection.sendall(post(LARGE))


def test_a_tls_client_sees_no_close_notify_where_the_connection_is_cut(encrypted: Running) -> None:
    context = ssl.create_default_context(cafile=str(encrypted.trust_roots))
    with (
        encrypted.fault("close", bytes=10),
        connect(encrypted) as connection,
        context.wrap_socket(connection, server_hostname="127.0.0.1", suppress_ragged_eofs=False) as stream,
    ):
        stream.sendall(WHOLE)
        assert stream.recv(1000) == b"HTTP/1.1 2"
        with pytest.raises(ssl.SSLEOFError):
            stream.recv(1000)


# refused, half-open, trickle, tls-drop.


def refused(running: Running) -> bool:
    try:
        connect(running).close()
    except ConnectionRefusedError:
        return True
    return False


def test_refused_refuses_and_then_the_same_port_listens_again(running: Running) -> None:
    address = running.address
    with running.fault("refused"):
        assert refused(running)
        assert refused(running)
    assert not refused(running)
    assert (running.address, listed(running)) == (address, True)


def test_while_it_refuses_nobody_else_gets_the_port(plain: Running) -> None:
    with plain.fault("refused"), socket.socket() as other, pytest.raises(OSError):
        other.bind(("127.0.0.1", int(plain.address.rsplit(":", 1)[1])))


def test_refused_ends_by_the_simulators_clock(running: Running, clock: Clock) -> None:
    with running.fault("refused", after=60, until=7200):
        seen = []
        for seconds in (0, 59, 1, 7139, 1):
            clock.advance(timedelta(seconds=seconds))
            running.settle()
            seen.append(refused(running))
    assert seen == [False, False, True, True, False]


def test_the_wire_follows_the_clock_by_itself(plain: Running, clock: Clock) -> None:
    with plain.fault("refused", until=7200):
        clock.advance(timedelta(hours=2))
        deadline = time.monotonic() + 5
        while refused(plain):
            assert time.monotonic() < deadline
            time.sleep(0.001)


def test_a_kept_connection_hides_no_outage(running: Running) -> None:
    with opened(running) as connection:
        connection.sendall(WHOLE)
        receive_one(connection)
        with running.fault("refused"):
            assert receive(connection).end == FIN
    assert arrived(running) == 1


def test_half_open_accepts_reads_nothing_and_never_closes(plain: Running) -> None:
    with plain.fault("half-open"), connect(plain) as connection:
        connection.settimeout(BRIEFLY)
        with pytest.raises(TimeoutError):
            connection.sendall(post(LARGE))
        assert receive(connection, BRIEFLY) == Received(b"", SILENCE)
    assert arrived(plain) == 0


def test_half_open_lets_a_tls_handshake_hang(encrypted: Running) -> None:
    with encrypted.fault("half-open"), connect(encrypted) as connection:
        connection.settimeout(BRIEFLY)
        with pytest.raises(TimeoutError):
            secured(encrypted, connection)


def _pieces(running: Running, request: bytes) -> tuple[list[bytes], float]:
    """What came with each receipt, and how long it took."""
    began, pieces = time.monotonic(), list[bytes]()
    with opened(running) as connection:
        connection.sendall(request)
        while piece := connection.recv(65536):
            pieces.append(piece)
    return pieces, time.monotonic() - began


@pytest.mark.parametrize(("of", "least"), [("body", 8), ("answer", 10)])
def test_an_answer_trickles(of: str, least: int, running: Running) -> None:
    with running.fault("trickle", of=of, bytes=25, pause=0.01):
        pieces, seconds = _pieces(running, LAST)
    assert b"".join(pieces).endswith(b"\r\n\r\n" + ANSWER)
    assert len(pieces) >= least
    assert seconds >= 0.01 * (least - 1)
    assert arrived(running) == 1


def test_only_the_head_trickles(plain: Running) -> None:
    with plain.fault("trickle", of="head", bytes=20, pause=0.01):
        pieces, _ = _pieces(plain, LAST)
    assert len(pieces) > 4
    assert ANSWER in pieces[-1]


def test_after_a_trickle_the_connection_is_kept(plain: Running) -> None:
    with plain.fault("trickle", bytes=100, pause=0, nth=1), connect(plain) as connection:
        for _ in range(2):
            connection.sendall(WHOLE)
            assert receive_one(connection).body == ANSWER


def test_what_is_left_of_a_trickle_comes_at_once_when_it_is_disarmed(running: Running) -> None:
    with opened(running) as connection:
        with running.fault("trickle", bytes=1, pause=60):
            connection.sendall(LAST)
            assert connection.recv(100) == b"H"
        assert receive(connection).data.endswith(ANSWER)


@pytest.mark.parametrize(
    ("how", "error"), [("close", ssl.SSLEOFError), ("reset", ConnectionResetError), ("hang", TimeoutError)]
)
def test_tls_is_dropped_in_the_handshake_after_so_many_calls(
    how: str, error: type[OSError], encrypted: Running, clock: Clock
) -> None:
    with encrypted.fault("tls-drop", calls=2, minutes=1, how=how):
        assert [listed(encrypted), listed(encrypted)] == [True, True]
        with connect(encrypted) as connection:
            connection.settimeout(BRIEFLY)
            with pytest.raises(error):
                secured(encrypted, connection)
        clock.advance(timedelta(minutes=1))
        assert listed(encrypted)
    assert [each.fault for each in encrypted.exchanges] == [None, None, "tls-drop", None]


def test_tls_drop_needs_tls(plain: Running) -> None:
    with pytest.raises(UsageError), plain.fault("tls-drop"):
        pass  # not reached


# HTTP.


@pytest.mark.parametrize(
    ("parameters", "status", "retry_after"),
    [
        ({}, 429, b"2680"),
        ({"code": 503}, 503, None),
        ({"code": 503, "retry_after": 120}, 503, b"120"),
        ({"code": 429, "retry_after": 0}, 429, None),
        ({"code": 500}, 500, None),
        ({"code": 502}, 502, None),
        ({"code": 204}, 204, None),
        ({"code": 599}, 599, None),
    ],
)
def test_a_gateway_answers_by_a_status(
    parameters: dict[str, Any], status: int, retry_after: bytes | None, running: Running
) -> None:
    with running.fault("status", **parameters):
        received = ask(running, LAST)
    told = dict(line.split(b": ", 1) for line in received.head.splitlines()[1:])
    assert (received.status, told.get(b"retry-after"), received.end) == (status, retry_after, FIN)
    assert arrived(running) == 0


def test_a_page_of_maintenance_has_status_200(running: Running) -> None:
    with running.fault("maintenance"):
        received = ask(running, LAST)
    assert received.status == 200
    assert b"content-type: text/html" in received.head
    assert "bảo trì".encode() in received.body
    assert arrived(running) == 0


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_gateway_redirects(code: int, running: Running) -> None:
    with running.fault("redirect", code=code, to="https://khac.example/desk"):
        received = ask(running, LAST)
    assert received.status == code
    assert b"location: https://khac.example/desk" in received.head
    assert arrived(running) == 0


@pytest.mark.parametrize("do", ["status", "maintenance", "redirect"])
def test_processed_says_that_the_agency_has_the_filing_all_the_same(do: str, running: Running) -> None:
    with running.fault(do, processed=True):
        received = ask(running, LAST)
    assert ANSWER not in received.data
    assert arrived(running) == 1


@pytest.mark.parametrize(("size", "kept"), [(0, 0), (100, 100), (199, 199), (200, 199), (10**6, 199)])
def test_a_truncated_answer_has_the_length_of_what_is_left(size: int, kept: int, running: Running) -> None:
    with running.fault("truncated", bytes=size):
        received = ask(running, LAST)
    assert (received.status, received.body) == (200, ANSWER[:kept])
    assert b"content-length: %d" % kept in received.head
    assert arrived(running) == 1


def test_a_malformed_answer_is_no_xml(running: Running) -> None:
    with running.fault("malformed"):
        received = ask(running, LAST)
    assert received.status == 200
    assert b"content-type: text/xml" in received.head
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(received.body)
    assert arrived(running) == 1


def test_a_fault_of_http_goes_over_a_faulty_wire(running: Running) -> None:
    with running.fault("status", code=503), running.fault("close", of="body", bytes=5):
        received = ask(running, WHOLE)
    assert (received.status, len(received.body), received.end) == (503, 5, FIN)
    assert running.exchanges[0].fault == "status + close"


def test_a_request_that_never_came_whole_is_none_to_the_gateway(running: Running) -> None:
    with running.fault("status", nth=1), running.fault("reset", at="request", nth=1):
        assert ask(running, WHOLE) == Received(b"", RST)
        assert ask(running, LAST).status == 429


# Counted by request.


def test_a_kept_connection_hides_no_fault(running: Running) -> None:
    with running.fault("reset", nth=2, of="body", bytes=3), opened(running) as connection:
        connection.sendall(WHOLE)
        assert receive_one(connection).body == ANSWER
        connection.sendall(WHOLE)
        received = receive(connection)
    assert (received.body, received.end) == (ANSWER[:3], RST)
    assert arrived(running) == 2


def test_of_requests_sent_at_once_each_is_counted(running: Running) -> None:
    with running.fault("status", code=503, nth=2), opened(running) as connection:
        connection.sendall(WHOLE + WHOLE + LAST)
        statuses = [receive_one(connection).status for _ in range(3)]
    assert statuses == [200, 503, 200]
    assert arrived(running) == 2


def test_only_the_call_that_on_names_is_struck(running: Running) -> None:
    with running.fault("reset", on="file"):
        assert listed(running)
        assert ask(running, LAST).end == RST
    with running.fault("status", on="/desk/*"):
        assert not listed(running)
        assert ask(running, LAST).status == 200


@pytest.mark.parametrize("layer", [{"do": "reset"}, {"do": "status", "code": 503}])
def test_only_the_filing_that_key_names_is_struck(layer: dict[str, Any], running: Running) -> None:
    with running.fault(**layer, key="K2"):
        one, two = (ask(running, post(filing(key), "/desk", "Connection: close")) for key in ("K1", "K2"))
    assert one.body == ANSWER
    assert ANSWER not in two.data


def test_a_chunked_request_is_struck_by_its_operation(running: Running) -> None:
    head = b"POST /desk HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    with running.fault("reset", on="file", at="request"):
        assert ask(running, head + b"6\r\n<file>\r\n0\r\n\r\n") == Received(b"", RST)
    assert arrived(running) == 0


def test_the_same_seed_strikes_the_same_calls(plain: Running) -> None:
    def ends() -> str:
        with plain.fault("reset", probability=0.4, seed=7):
            return "".join("x" if ask(plain, LAST).end == RST else "." for _ in range(40))

    first = ends()
    assert first == ends()
    assert 0 < first.count("x") < 40


def test_clients_at_the_same_time_are_struck_as_often_as_was_said(plain: Running) -> None:
    results: list[str] = []
    with plain.fault("reset", every=4):
        threads = [threading.Thread(target=lambda: results.append(ask(plain, LAST).end)) for _ in range(40)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    assert (results.count(RST), results.count(FIN)) == (10, 30)
    assert arrived(plain) == 40


# Letting go, and stopping.

HANGING: dict[str, dict[str, Any]] = {
    "half-open": {"do": "half-open"},
    "hang at accept": {"do": "hang", "at": "accept"},
    "hang in the request": {"do": "hang", "at": "request", "bytes": 10},
    "hang at the answer": {"do": "hang", "bytes": 10},
    "trickle": {"do": "trickle", "pause": 60},
}


@pytest.mark.parametrize("name", HANGING)
def test_a_disarmed_fault_lets_its_connections_go(name: str, plain: Running) -> None:
    with ExitStack() as stack:
        with plain.fault(**HANGING[name]):
            connection = stack.enter_context(connect(plain))
            connection.sendall(LAST)
            assert receive(connection, BRIEFLY).end == SILENCE
        assert receive(connection).end in {FIN, RST}
    assert listed(plain)


@pytest.mark.parametrize("name", HANGING)
def test_stopping_ends_what_hangs_at_once_and_leaves_nothing(name: str, recwarn: pytest.WarningsRecorder) -> None:
    before = threading.enumerate()
    with ExitStack() as stack:
        running = stack.enter_context(RunningSimulator(Desk()))
        stack.enter_context(running.fault(**HANGING[name]))
        connections = [stack.enter_context(connect(running)) for _ in range(20)]
        for each in connections:
            each.sendall(LAST)
        receive(connections[-1], BRIEFLY)
        began = time.monotonic()
        running.stop()
        seconds = time.monotonic() - began
        for each in connections:
            assert receive(each).end in {FIN, RST}
        assert refused(running)
    assert seconds < 0.5
    assert threading.enumerate() == before
    gc.collect()
    assert not [each for each in recwarn if issubclass(each.category, ResourceWarning)]


@pytest.mark.parametrize("tls", [False, True])
def test_stopping_ends_a_handshake_and_a_request_that_came_by_half(tls: bool) -> None:
    running = RunningSimulator(Desk(), tls=tls)
    with connect(running) as idle, connect(running) as half:
        half.sendall(b"\x16\x03\x01" if tls else WHOLE[:20])
        listed(running)
        running.stop()
        assert {receive(idle).end, receive(half).end} <= {FIN, RST}
    assert arrived(running) == 0


def test_a_stopped_simulator_can_be_armed_no_more_and_does_not_wait() -> None:
    desk = Desk()
    running = RunningSimulator(desk)
    running.stop()
    with running.fault("refused"):
        running.settle()
    assert not desk.script.watchers


def test_the_faults_of_a_script_armed_by_somebody_else_are_played(plain: Running) -> None:
    identifier = plain.script.arm(Fault("refused"))
    plain.settle()
    assert refused(plain)
    plain.script.disarm(identifier)
    plain.settle()
    assert listed(plain)


def test_many_clients_that_break_off_anywhere_do_no_harm(plain: Running, caplog: pytest.LogCaptureFixture) -> None:
    for size in range(0, len(WHOLE), 7):
        with connect(plain) as connection, suppress(ConnectionError):
            connection.sendall(WHOLE[:size])
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
    assert listed(plain)
    assert not caplog.records
