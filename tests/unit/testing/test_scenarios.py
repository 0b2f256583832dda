"""Every scenario that ships, met by a real gateway: ten filings end accepted, and each has arrived exactly once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from govgateway import FileSigner, Filing, Gateway, XmlDocument
from govgateway.testing import (
    MovingClock,
    StartedSimulator,
    assert_accepted,
    assert_arrived_once,
    assert_evidence_complete,
    start,
)
from govgateway_mocks.scenarios import scenarios

Samples = Callable[..., XmlDocument]
MONTHS = [f"{month:02}/2026" for month in range(1, 11)]
OVER_TLS = ["tls-rate-limit"]


@pytest.fixture
def etax_simulator(
    request: pytest.FixtureRequest, demonstration_keys: Path, gateway_clock: MovingClock
) -> Iterator[StartedSimulator]:
    """A tax office that would take anything twice: only the gateway keeps a filing from it."""
    name = request.node.callspec.params["name"]
    running = start("etax", demonstration_keys, clock=gateway_clock, tls=name in OVER_TLS)
    running.agency.check_duplicates = False
    gateway_clock.watchers.append(running.settle)
    yield running
    gateway_clock.watchers.remove(running.settle)
    running.stop()


def follow(gateway: Gateway, filings: list[Filing], clock: MovingClock) -> None:
    """Do what is due, as a worker does, until nothing is, or for ten days; the clock goes to where something is due.

    The longer it goes on the rarer it looks: each poll of three days is nobody's gain.
    """
    began = clock.now
    due: list[datetime] = [clock.now]
    while due and clock.now < began + timedelta(days=10):
        clock.now = max(min(due), clock.now + (clock.now - began) / 8)
        gateway.work(until_idle=True)
        due = [each.due_at for each in map(gateway.filing, (one.id for one in filings)) if each.due_at]


@pytest.mark.slow
@pytest.mark.parametrize("name", scenarios())
def test_ten_filings_end_accepted_and_arrive_once(
    name: str,
    etax_gateway: Gateway,
    etax_simulator: StartedSimulator,
    demonstration_signer: FileSigner,
    gateway_clock: MovingClock,
    sample: Samples,
) -> None:
    with etax_simulator.scenario(name):
        submitted = [etax_gateway.submit(sample("879", period=month), demonstration_signer) for month in MONTHS]
        follow(etax_gateway, submitted, gateway_clock)
    for filing in map(etax_gateway.filing, (each.id for each in submitted)):
        assert_accepted(filing, etax_simulator)
        assert_arrived_once(filing, etax_simulator)
        assert_evidence_complete(filing, etax_gateway)
