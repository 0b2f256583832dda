"""The gateway of a test: nobody waits for it, and it behaves as any other."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from govgateway import FileSigner, Filing, Gateway, Outcome, Status, XmlDocument
from govgateway.testing import (
    DEPARTMENT,
    PASSWORD,
    START,
    MovingClock,
    RunningSimulator,
    open_gateway,
    start,
)

Samples = Callable[..., XmlDocument]


@pytest.fixture
def filing(etax_gateway: Gateway, demonstration_signer: FileSigner, sample: Samples) -> Filing:
    """A declaration that waits to be sent."""
    return etax_gateway.submit(sample("879"), demonstration_signer)


def test_a_wait_that_is_too_short_ends_when_it_says(
    etax_gateway: Gateway, etax_simulator: RunningSimulator, filing: Filing, gateway_clock: MovingClock
) -> None:
    with etax_simulator.fault("refused"):
        assert etax_gateway.wait(filing.id, timeout=timedelta(seconds=90)).status is Status.READY
    assert gateway_clock.now == START + timedelta(seconds=90)


def test_a_silent_simulator_costs_seconds_and_is_in_doubt(
    etax_gateway: Gateway, etax_simulator: RunningSimulator, filing: Filing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("govgateway.testing.gateways.PATIENCE", 0.2)
    began = time.monotonic()
    with etax_simulator.fault("hang", on="nhanHSoXML"):
        assert etax_gateway.advance(filing.id).status is Status.IN_DOUBT
    assert time.monotonic() - began < 10
    (attempt,) = etax_gateway.history(filing.id).attempts
    assert attempt.outcome is Outcome.UNKNOWN


def test_the_home_of_a_gateway_serves_the_command_line_too(etax_gateway: Gateway) -> None:
    configuration = etax_gateway.configuration
    assert configuration.path.is_file()
    assert configuration.filers[DEPARTMENT].key is not None
    assert FileSigner.read(configuration.filers[DEPARTMENT].key, PASSWORD).certificate


def test_a_simulator_over_tls_is_reached_by_its_own_roots(
    demonstration_keys: Path,
    gateway_clock: MovingClock,
    tmp_path: Path,
    demonstration_signer: FileSigner,
    sample: Samples,
) -> None:
    running = start("etax", demonstration_keys, clock=gateway_clock, tls=True)
    try:
        assert running.address.startswith("https://")
        with open_gateway(tmp_path, running, demonstration_keys, gateway_clock) as gateway:
            filing = gateway.wait(gateway.submit(sample("879"), demonstration_signer).id)
            assert filing.status is Status.ACCEPTED
    finally:
        running.stop()


@pytest.mark.scenario("etax", "slow-verdict")
def test_a_verdict_that_takes_days_does_not_take_a_test_many_polls(
    etax_gateway: Gateway, etax_simulator: RunningSimulator, filing: Filing, gateway_clock: MovingClock
) -> None:
    assert etax_gateway.wait(filing.id, timeout=timedelta(days=10)).status is Status.ACCEPTED
    assert timedelta(days=3) < gateway_clock.now - START < timedelta(days=4)
    assert len(etax_simulator.exchanges) < 60
