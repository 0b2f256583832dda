"""The console of one invented agency, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from govgateway_mocks.console.application import application
from govgateway_mocks.console.listening import ConsoleServer
from govgateway_mocks.console.station import Station, Stations
from govgateway_mocks.server import RunningSimulator
from unit.mocks.console.caller import Caller
from unit.mocks.console.harbour import Harbour


@pytest.fixture
def harbour() -> Iterator[RunningSimulator[Harbour]]:
    with RunningSimulator(Harbour()) as running:
        yield running


@pytest.fixture(scope="module")
def stations() -> Stations:
    return Stations({})


@pytest.fixture(scope="module")
def server(stations: Stations) -> Iterator[ConsoleServer]:
    """One server for all tests of a module: to stop it takes longer than a test."""
    with ConsoleServer(application(stations)) as server:
        yield server


@pytest.fixture
def console(server: ConsoleServer, stations: Stations, harbour: RunningSimulator[Harbour]) -> Caller:
    stations.by_name["harbour"] = Station(harbour)
    return Caller(server.address, harbour)
