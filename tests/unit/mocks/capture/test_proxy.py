"""The recording proxy: what passes is passed on as it is and written down scrubbed, and nothing else is done."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import requests

from govgateway.errors import UsageError
from govgateway_mocks.capture.comparing import compare
from govgateway_mocks.capture.invented import Kind
from govgateway_mocks.capture.proxy import RecordingProxy
from govgateway_mocks.capture.reading import read
from govgateway_mocks.etax.registry import PASSWORD
from govgateway_mocks.etax.simulator import SimulatedTaxOffice, serve, simulator
from simulated import Clock, filed, pki
from unit.mocks.capture import people
from unit.mocks.capture.session import Client, follow


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(clock: Clock) -> Iterator[SimulatedTaxOffice]:
    """The real endpoint, as far as this machine has one: over TLS."""
    delay = timedelta(seconds=50)
    with serve(pki().folder, clock=clock, tls=True, receipt_delay=delay, verdict_delay=delay) as running:
        yield running


def test_a_recorded_session_differs_from_the_simulator_in_nothing(
    office: SimulatedTaxOffice, clock: Clock, tmp_path: Path
) -> None:
    path = tmp_path / "real.jsonl"
    with RecordingProxy(office.service_address, path, "etax", clock, trust=office.trust_roots) as proxy:
        assert proxy.address.startswith("http://127.0.0.1:")
        assert proxy.address.endswith("/ihtkk_van")
        follow(Client(proxy.address), clock, filed())
    recording = read(path)
    assert (recording.heading.agency, recording.heading.service_path) == ("etax", "/ihtkk_van")
    assert recording.heading.scrubbed
    assert len(recording.exchanges) == len(office.exchanges)
    assert not [each for each in compare(recording, simulator, pki().folder) if each.differences or each.skipped]


def test_what_stands_on_disk_is_scrubbed_at_any_time(office: SimulatedTaxOffice, clock: Clock, tmp_path: Path) -> None:
    path = tmp_path / "real.jsonl"
    changes = (("Trần Thị Mẫu", people.SIGNATORY), ("Sở Xây dựng tỉnh An Hoà", people.COMPANY))
    with RecordingProxy(office.service_address, path, "etax", clock, trust=office.trust_roots) as proxy:
        Client(proxy.address).file(filed(*changes))
        (exchange,) = read(path).exchanges
        assert proxy.invented.counts[Kind.NAME] >= 2
    assert office.agency.submissions()[0].document.count(people.COMPANY.encode()) == 1
    for each in (exchange, *read(path).exchanges):
        assert not people.found_in(each.request.body)
        assert PASSWORD.encode() not in each.request.body


def test_a_certificate_that_is_not_trusted_stops_everything(
    office: SimulatedTaxOffice, clock: Clock, tmp_path: Path
) -> None:
    with RecordingProxy(office.service_address, tmp_path / "real.jsonl", "etax", clock) as proxy:
        answer = requests.post(f"{proxy.address}/port", data=b"<a/>", timeout=5)
    assert answer.status_code == 502
    assert "There was no whole answer." in answer.text
    assert office.exchanges == []
    assert read(tmp_path / "real.jsonl").exchanges[0].answer is None


@pytest.mark.parametrize(
    "address",
    [
        "http://daotaonhantokhai.gdt.gov.vn/ihtkk_van",
        "https://user:secret@real.example/",
        "ftp://real.example/",
        "https://",
        "https://real.example:port/",
        "real.example",
    ],
)
def test_an_address_that_is_not_safe_is_refused(address: str, clock: Clock, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be used") as refused:
        RecordingProxy(address, tmp_path / "real.jsonl", "etax", clock)
    assert "secret" not in refused.value.where
    assert not (tmp_path / "real.jsonl").exists()


def test_roots_that_cannot_be_read_are_told(clock: Clock, tmp_path: Path) -> None:
    (tmp_path / "roots.pem").write_bytes(b"none")
    for name in ("roots.pem", "missing.pem"):
        with pytest.raises(UsageError, match="roots"):
            RecordingProxy("https://real.example", tmp_path / "f", "etax", clock, trust=tmp_path / name)


def test_a_capture_that_is_there_is_not_written_over(clock: Clock, tmp_path: Path) -> None:
    before = threading.enumerate()
    (tmp_path / "real.jsonl").write_bytes(b"mine")
    with pytest.raises(UsageError, match="there already"):
        RecordingProxy("https://real.example", tmp_path / "real.jsonl", "etax", clock)
    assert (tmp_path / "real.jsonl").read_bytes() == b"mine"
    assert threading.enumerate() == before


@contextmanager
def _endpoint(answer: bytes, pause: float = 0) -> Iterator[tuple[str, list[bytes]]]:
    """A raw endpoint on this machine that gives ``answer``, a byte at a time where there is a ``pause``."""
    seen: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    seen.append(connection.recv(65536))
                    _write(connection, answer, pause)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/service", seen
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()
            thread.join()


def _write(connection: socket.socket, answer: bytes, pause: float) -> None:
    try:
        for each in [answer[index : index + 1] for index in range(len(answer))] if pause else [answer]:
            connection.sendall(each)
            time.sleep(pause)
    except OSError:
        pass


def test_a_redirect_is_passed_on_and_never_followed(clock: Clock, tmp_path: Path) -> None:
    elsewhere = "http://127.0.0.1:1/else?token=abcdef12"
    redirect = f"HTTP/1.1 307 Temporary Redirect\r\nLocation: {elsewhere}\r\nContent-Length: 0\r\n\r\n"
    with (
        _endpoint(redirect.encode()) as (address, seen),
        RecordingProxy(address, tmp_path / "f", "etax", clock) as proxy,
    ):
        answer = requests.post(f"{proxy.address}/port", data=b"<a/>", timeout=5, allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (307, elsewhere)
    assert len(seen) == 1
    recorded = read(tmp_path / "f").exchanges[0].answer
    assert recorded is not None
    assert dict(recorded.headers)["location"] == "[removed]"


def test_one_deadline_ends_an_answer_that_only_trickles(clock: Clock, tmp_path: Path) -> None:
    slow = b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + b"a" * 5000
    with (
        _endpoint(slow, pause=0.01) as (address, _),
        RecordingProxy(address, tmp_path / "f", "etax", clock, patience=timedelta(seconds=0.2)) as proxy,
    ):
        assert requests.post(f"{proxy.address}/port", data=b"<a/>", timeout=5).status_code == 502


def test_only_what_belongs_to_the_service_is_passed_on(clock: Clock, tmp_path: Path) -> None:
    with (
        _endpoint(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") as (address, seen),
        RecordingProxy(address, tmp_path / "f", "etax", clock) as proxy,
    ):
        origin = proxy.address.removesuffix("/service")
        assert requests.get(f"{origin}/other", timeout=5).status_code == 404
        assert requests.get(f"{origin}/servicesother", timeout=5).status_code == 404
        assert seen == []
        assert requests.get(f"{origin}/service/port?wsdl", headers={"X-Own": "1"}, timeout=5).text == "ok"
    (request,) = seen
    assert request.startswith(b"GET /service/port?wsdl HTTP/1.1\r\n")
    assert b"x-own: 1\r\n" in request.lower()
    assert b"accept-encoding: identity\r\n" in request.lower()


def test_nothing_is_left_running(clock: Clock, tmp_path: Path) -> None:
    before = threading.enumerate()
    with RecordingProxy("https://real.example", tmp_path / "f", "etax", clock):
        pass
    assert threading.enumerate() == before
    assert read(tmp_path / "f").exchanges == ()


def test_who_is_only_known_later_is_taken_out_at_the_end(clock: Clock, tmp_path: Path) -> None:
    path = tmp_path / "f"
    early = f"<a><tenLoi>sai: {people.DRIVER.lower()}</tenLoi></a>"
    with (
        _endpoint(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") as (address, _),
        RecordingProxy(address, path, "etax", clock) as proxy,
    ):
        for body in (early, f"<a><nguoiKy>{people.DRIVER}</nguoiKy></a>"):
            requests.post(f"{proxy.address}/port", data=body.encode(), timeout=5)
    assert len(read(path).exchanges) == 2
    assert not people.found_in(b"".join(each.request.body for each in read(path).exchanges))
