"""A running simulator: where it is reached, what it records, what it is made to play; it starts and stops cleanly."""

from __future__ import annotations

import shutil
import socket
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from govgateway.errors import UsageError
from govgateway_mocks import exchange
from govgateway_mocks.pki import DemonstrationPki
from govgateway_mocks.server import RunningSimulator
from simulated import Clock, pki
from unit.mocks.agency import ANSWER, Desk, filing
from unit.mocks.rawclient import ask, connect, post, receive


@pytest.fixture
def running() -> Iterator[RunningSimulator[Desk]]:
    with RunningSimulator(Desk()) as started:
        yield started


def _where(address: str) -> tuple[str, int]:
    parts = urlsplit(address)
    assert parts.hostname is not None
    assert parts.port is not None
    return parts.hostname, parts.port


def file(running: RunningSimulator[Desk], key: str = "K1") -> requests.Response:
    return requests.post(running.service_address, data=filing(key), timeout=5, verify=str(running.trust_roots or True))


# Where it is reached.


def test_it_is_reached_at_its_addresses(running: RunningSimulator[Desk]) -> None:
    assert running.service_address == f"{running.address}/desk"
    assert running.direct_address != running.address
    for address in (running.address, running.direct_address):
        assert requests.post(f"{address}/desk", data=filing(), timeout=5).content == ANSWER
    assert running.trust_roots is None
    assert (running.pki, running.script) == (running.agency.pki, running.agency.script)


def test_over_tls_it_is_trusted_by_its_roots_and_by_nothing_else() -> None:
    with RunningSimulator(Desk(), tls=True) as running:
        assert running.address.startswith("https://127.0.0.1:")
        assert running.direct_address.startswith("http://127.0.0.1:")
        assert file(running).content == ANSWER
        with pytest.raises(requests.exceptions.SSLError):
            requests.post(running.service_address, data=filing(), timeout=5)


def test_a_port_that_is_taken_is_an_error_for_people(running: RunningSimulator[Desk]) -> None:
    host, port = _where(running.address)
    with pytest.raises(UsageError) as refused:
        RunningSimulator(Desk(), host, port)
    assert refused.value.message.vi == f"Không dùng được cổng {port}."
    assert refused.value.message.en == f"The port {port} cannot be used."
    assert "--port" in refused.value.remedy.vi
    assert refused.value.where.startswith(f"127.0.0.1:{port} (OSError, errno ")


def test_two_simulators_run_side_by_side() -> None:
    with RunningSimulator(Desk()) as first, RunningSimulator(Desk()) as second:
        assert first.address != second.address
        file(first)
        with second.fault("status"):
            file(first)
    assert (first.agency.arrivals.total(), second.agency.arrivals.total()) == (2, 0)


# What it records.


def test_exchanges_tell_what_went_over_the_wire() -> None:
    clock = Clock()
    with RunningSimulator(Desk(clock)) as running:
        request = post(filing(), "/desk", "Connection: close")
        one = ask(running, request)
        clock.advance(timedelta(hours=1))
        with running.fault("status", code=503):
            two = ask(running, request)
        first, second = running.exchanges
    assert (first.number, first.call, first.request, first.answer, first.fault) == (1, "file", request, one.data, None)
    assert (second.number, second.answer, second.fault) == (2, two.data, "status")
    assert second.at - first.at == timedelta(hours=1)


def test_an_exchange_is_recorded_before_its_client_has_the_answer(running: RunningSimulator[Desk]) -> None:
    for number in range(1, 20):
        file(running)
        assert len(running.exchanges) == number


def test_only_the_last_exchanges_are_kept(running: RunningSimulator[Desk], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "MOST", 3)
    for _ in range(5):
        file(running)
    assert [each.number for each in running.exchanges] == [3, 4, 5]


def test_large_exchanges_are_not_all_kept() -> None:
    record = exchange.Record()
    for _ in range(3):
        record.add(Clock()(), "file", bytes(exchange.MOST_BYTES // 2), b"", None)
    assert [each.number for each in record.kept()] == [2, 3]


def test_a_reset_forgets_arrivals_exchanges_and_faults(running: RunningSimulator[Desk]) -> None:
    with running.fault("status"), running.fault("refused"):
        running.reset()
        assert file(running).status_code == 200
    assert [each.number for each in running.exchanges] == [1]
    running.reset()
    assert (running.exchanges, running.agency.arrivals.total(), running.script.armed()) == ([], 0, {})


# What it is made to play.


def test_a_fault_is_played_for_the_time_of_a_block(running: RunningSimulator[Desk]) -> None:
    with running.fault("status", on="file", nth=[1, 3], code=503):
        statuses = [file(running).status_code for _ in range(4)]
    assert statuses == [503, 200, 503, 200]
    assert file(running).status_code == 200


def test_a_fault_that_cannot_be_played_is_refused_at_once(running: RunningSimulator[Desk]) -> None:
    with pytest.raises(UsageError) as refused, running.fault("reset", att="answer"):
        pass  # not reached
    assert refused.value.where == "att"
    assert not running.script.armed()


def test_a_scenario_sets_the_agency_and_sets_it_back(running: RunningSimulator[Desk]) -> None:
    running.agency.settings_now = {"receipt_delay": 1.0, "verdict_delay": 5.0}
    with running.scenario("slow-verdict"):
        assert running.agency.settings_now == {"receipt_delay": 3600, "verdict_delay": 259200}
    assert running.agency.settings_now == {"receipt_delay": 1.0, "verdict_delay": 5.0}


def test_an_unknown_scenario_is_refused_with_those_there_are(running: RunningSimulator[Desk]) -> None:
    with pytest.raises(UsageError) as refused, running.scenario("month-begin"):
        pass  # not reached
    assert "month-end" in refused.value.remedy.en


def test_a_scenario_of_tls_is_refused_without_tls_and_nothing_stays_armed(running: RunningSimulator[Desk]) -> None:
    with pytest.raises(UsageError), running.scenario("tls-rate-limit"):
        pass  # not reached
    assert not running.script.armed()


# Starting and stopping.


def test_stopping_leaves_no_thread_and_frees_the_port() -> None:
    before = threading.enumerate()
    for _ in range(2):
        with RunningSimulator(Desk()) as running:
            assert file(running).status_code == 200
        assert threading.enumerate() == before
        for address in (running.address, running.direct_address):
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(_where(address), 5)
    with RunningSimulator(Desk(), *_where(running.address)) as again:
        assert again.address == running.address


def test_stopping_ends_connections_that_wait_and_may_be_done_twice() -> None:
    running = RunningSimulator(Desk())
    ends = []
    for address in (running.address, running.direct_address):
        idle, half = (socket.create_connection(_where(address), 5) for _ in range(2))
        half.sendall(post(filing())[:40])
        ends += [idle, half]
    file(running)
    running.stop()
    running.stop()
    for each in ends:
        with each:
            assert receive(each).data == b""
    assert running.agency.arrivals.total() == 1


def test_stopping_while_it_refuses_frees_the_port() -> None:
    running = RunningSimulator(Desk())
    with running.fault("refused"):
        running.stop()
    with RunningSimulator(Desk(), *_where(running.address)) as again:
        assert file(again).status_code == 200


def test_it_starts_and_stops_quickly() -> None:
    seconds = []
    for _ in range(7):
        began = time.monotonic()
        with RunningSimulator(Desk()):
            seconds.append(time.monotonic() - began)
            began = time.monotonic()
        seconds.append(time.monotonic() - began)
    assert statistics.median(seconds) < 0.05


def test_an_exchange_tells_when_its_request_began_to_come() -> None:
    clock = Clock()
    began = clock()
    with RunningSimulator(Desk(clock)) as running, connect(running) as connection:
        request = post(filing(), "/desk", "Connection: close")
        connection.sendall(request[:10])
        assert _comes_true(lambda: bool(running._wire._connections) and not _idle(running))
        clock.advance(timedelta(minutes=1))
        connection.sendall(request[10:])
        receive(connection)
        (passed,) = running.exchanges
    assert passed.at == began


def _idle(running: RunningSimulator[Desk]) -> bool:
    return all(each.idle for each in list(running._wire._connections))


def _comes_true(what: Callable[[], bool]) -> bool:
    """Whether it is so within some seconds."""
    until = time.monotonic() + 5
    while not what() and time.monotonic() < until:
        time.sleep(0.005)
    return what()


def test_the_roots_of_its_tls_are_told_by_their_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(pki().folder, tmp_path / "keys")
    monkeypatch.chdir(tmp_path)
    desk = Desk()
    desk.pki = DemonstrationPki(Path("keys"), desk.clock)
    with RunningSimulator(desk, tls=True) as running:
        assert running.trust_roots is not None
        assert running.trust_roots.is_absolute()
