"""Several simulators and their console, started and stopped together; a third party's among them."""

from __future__ import annotations

import shutil
import socket
import threading
from dataclasses import replace
from datetime import timedelta
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path
from typing import Any

import pytest
import requests

from govgateway.errors import ConfigurationError, UsageError
from govgateway_mocks.console import installed as installation
from govgateway_mocks.console.client import ControlClient
from govgateway_mocks.console.installed import installed
from govgateway_mocks.console.running import started
from govgateway_mocks.etax.simulator import simulator as etax
from simulated import pki
from unit.mocks.console.harbour import simulator as harbour

BOTH = {"etax": etax, "harbour": harbour}
GROUP = "govgateway.simulators"


def ports_in_a_row(count: int) -> int:
    """The first of so many free ports that follow each other."""
    for first in range(20_000, 30_000, count):
        if all(_free(port) for port in range(first, first + count)):
            return first
    raise AssertionError("no free ports")


def _free(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) != 0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The demonstration keys of all tests, in a folder of their own: what is made there is dated by the real clock."""
    return shutil.copytree(pki().folder, tmp_path / "keys")


def test_where_several_ports_are_taken_the_one_that_was_asked_for_is_named(folder: Path) -> None:
    base = ports_in_a_row(3)
    with started(BOTH, folder, base), pytest.raises(UsageError, match=f"{base}"), started(BOTH, folder, base):
        pass


def test_the_console_takes_the_base_and_the_agencies_the_ports_behind_it(folder: Path) -> None:
    base = ports_in_a_row(3)
    with started(BOTH, folder, base) as running:
        assert running.address == f"http://127.0.0.1:{base}"
        told = ControlClient(running.address).agencies()
        assert {name: each.address for name, each in told.items()} == {
            "etax": f"http://127.0.0.1:{base + 1}", "harbour": f"http://127.0.0.1:{base + 2}",
        }  # fmt: skip
    for port in range(base, base + 3):
        assert _free(port)


def test_faults_of_one_agency_leave_the_other_and_the_console_alone(folder: Path) -> None:
    with started(BOTH, folder) as running:
        told = ControlClient(running.address).agencies()
        with told["etax"].fault("refused"):
            with pytest.raises(requests.ConnectionError):
                requests.get(told["etax"].address, timeout=5)
            assert requests.post(f"{told['harbour'].service_address}/ships", data=b"", timeout=5).text == "H-1"
        assert requests.get(told["etax"].address, timeout=5).status_code == 200


def test_a_scenario_is_begun_everywhere_and_ends_with_a_reset(folder: Path) -> None:
    with started(BOTH, folder, scenario="maintenance-html") as running:
        told = ControlClient(running.address).agencies()
        for each in told.values():
            assert [fault.do for fault in each.script.armed().values()] == ["maintenance"]
        told["etax"].reset()
        assert [len(each.script.armed()) for each in told.values()] == [0, 1]


def test_what_fails_to_start_leaves_nothing_running(folder: Path) -> None:
    before = threading.enumerate()
    with pytest.raises(UsageError), started(BOTH, folder, scenario="none"):
        raise AssertionError
    assert threading.enumerate() == before


def test_each_agency_keeps_its_own_state_and_gets_what_it_knows(tmp_path: Path, folder: Path) -> None:
    asked: dict[str, dict[str, Any]] = {}

    def serve(directory: Path, port: int = 0, *, delay: timedelta = timedelta(), **options: Any) -> Any:
        asked["harbour"] = options | {"delay": delay}
        return harbour.serve(directory, port)

    simulators = {"harbour": replace(harbour, serve=serve)}
    behaviour = {"delay": timedelta(3), "receipt_delay": timedelta(5)}
    with started(simulators, folder, state=tmp_path / "trial.jsonl", **behaviour):
        assert asked["harbour"] == {"state": tmp_path / "trial-harbour.jsonl", "delay": timedelta(3)}


def test_certificates_can_be_asked_about_at_the_console(folder: Path) -> None:
    with started({"harbour": harbour}, folder) as running:
        answer = requests.get(f"{running.address}/crl/public-ca.crl", timeout=5)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pkix-crl")


def test_a_connection_that_hangs_does_not_keep_the_console_from_stopping(folder: Path) -> None:
    with started({"harbour": harbour}, folder) as running:
        port = int(running.address.rpartition(":")[2])
        half = socket.create_connection(("127.0.0.1", port))
        half.sendall(b"POST /api/agencies/harbour/key HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\nhalf")
        assert requests.get(running.address, timeout=5).status_code == 200
    with half:
        half.settimeout(5)
        while half.recv(4096):
            pass  # it may say why it ends


@pytest.fixture
def foreign(monkeypatch: pytest.MonkeyPatch) -> list[EntryPoint]:
    """Entry points of third parties, beside our own."""
    entries = [EntryPoint("harbour", "unit.mocks.console.harbour:simulator", GROUP)]
    own = tuple(installation.entry_points(group=GROUP))
    monkeypatch.setattr(installation, "entry_points", lambda group: EntryPoints((*entries, *own)))
    return entries


def test_a_third_partys_simulator_comes_behind_ours(foreign: list[EntryPoint]) -> None:
    foreign.append(EntryPoint("airport", "unit.mocks.console.harbour:simulator", GROUP))
    assert list(installed()) == ["etax", "airport", "harbour"]


def test_only_those_that_are_asked_for_are_loaded(foreign: list[EntryPoint]) -> None:
    foreign.append(EntryPoint("broken", "no_such_package:simulator", GROUP))
    assert list(installed(["harbour"])) == ["harbour"]
    with pytest.raises(UsageError) as unknown:
        installed(["harbour", "none"])
    assert unknown.value.remedy.en == "There are: etax, broken, harbour"


def test_a_simulator_that_does_not_load_is_told_by_its_package(foreign: list[EntryPoint]) -> None:
    foreign.append(EntryPoint("broken", "no_such_package.office:simulator", GROUP))
    with pytest.raises(ConfigurationError) as missing:
        installed()
    assert missing.value.where == "no_such_package.office:simulator"
    assert missing.value.remedy.en == "Install it: pip install 'no_such_package'"
