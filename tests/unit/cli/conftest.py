"""Settings, a ledger and a working folder for each test, and a simulated tax office to speak to."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

import simulated
from clocks import Clock
from govgateway.cli import session
from govgateway.configuration import Configuration
from govgateway.pipeline.gateway import Gateway
from govgateway_mocks.etax.registry import PASSWORD, USERNAME
from govgateway_mocks.etax.simulator import SimulatedTaxOffice, serve
from unit.cli.command_line import CommandLine, key_file


@pytest.fixture
def govgateway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    for name in [each for each in os.environ if each.startswith("GOVGATEWAY_")]:
        monkeypatch.delenv(name)
    typed = CommandLine(tmp_path, Clock(), capsys)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GOVGATEWAY_CONFIG", str(typed.settings))
    monkeypatch.setattr(session, "now", typed.clock)
    monkeypatch.setattr(Gateway, "open", _opening_by(typed.clock))
    return typed


def _opening_by(clock: Clock) -> Callable[[Configuration], Gateway]:
    return lambda configuration: Gateway(configuration, clock=clock, sleep=clock.sleep)


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The department's demonstration key; its password is in the environment."""
    monkeypatch.setenv("GOVGATEWAY_KEY_PASSWORD", PASSWORD)
    return key_file()


@pytest.fixture
def office(govgateway: CommandLine) -> Iterator[SimulatedTaxOffice]:
    """A simulated tax office that answers at once; the command line's settings lead to it."""
    folder, no_delay = simulated.pki().folder, timedelta(0)
    with serve(folder, clock=govgateway.clock, receipt_delay=no_delay, verdict_delay=no_delay) as running:
        govgateway.settings.write_text(
            f"[filers.{simulated.DEPARTMENT}]\nname = 'Sở Xây dựng tỉnh An Hoà'\n"
            f"[etax.simulator]\naddress = '{running.service_address}'\nusername = '{USERNAME}'\n"
            f"password = '{PASSWORD}'\ntrust = '{running.pki.trust}'\n",
            encoding="utf-8",
        )
        yield running
