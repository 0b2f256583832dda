"""The portal of the simulated tax office takes nothing from pages of other sites."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import requests

from govgateway_mocks.etax.simulator import SimulatedTaxOffice
from govgateway_mocks.server import RunningSimulator
from simulated import filed, office

PAGES = ("/", "/notices/TB000001.xml")


@pytest.fixture(scope="module")
def running() -> Iterator[SimulatedTaxOffice]:
    with RunningSimulator(office()) as started:
        yield started


def _upload(running: SimulatedTaxOffice, **headers: str) -> int:
    """The status of an upload; it is a transaction of the office or it is not."""
    before = len(running.agency.transactions)
    sent = {"Accept": "application/json", **headers}
    status = requests.post(f"{running.address}/upload", data=filed(), headers=sent, timeout=5).status_code
    assert len(running.agency.transactions) - before == (status == 200)
    return status


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "", "http://127.0.0.1:1", "http://127.0.0.1"])
def test_what_another_sites_page_sends_is_not_filed(origin: str, running: SimulatedTaxOffice) -> None:
    assert _upload(running, Origin=origin) == 403


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_its_own_page_files(scheme: str, running: SimulatedTaxOffice) -> None:
    assert _upload(running, Origin=f"{scheme}://{urlsplit(running.address).netloc}") == 200


def test_a_program_files_without_an_origin(running: SimulatedTaxOffice) -> None:
    assert _upload(running) == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "[::1", "localhost.", ""]
)
def test_another_sites_name_for_this_machine_is_refused(host: str, running: SimulatedTaxOffice) -> None:
    assert _upload(running, Host=host, Origin=f"http://{host}") in {400, 403}
    for page in PAGES:
        assert requests.get(f"{running.address}{page}", headers={"Host": host}, timeout=5).status_code in {400, 403}


@pytest.mark.parametrize("host", ["127.0.0.1:9701", "localhost:9701", "192.168.1.5", "[::1]:9701", "tax-office"])
def test_addresses_and_local_names_are_served(host: str, running: SimulatedTaxOffice) -> None:
    assert _upload(running, Host=host, Origin=f"http://{host}") == 200
    assert requests.get(f"{running.address}/", headers={"Host": host}, timeout=5).status_code == 200


def test_the_services_may_be_called_by_any_name(running: SimulatedTaxOffice) -> None:
    address = f"{running.service_address}/NhanHSoThueServicePort"
    assert requests.get(address, headers={"Host": "thue.example"}, timeout=5).status_code == 200
