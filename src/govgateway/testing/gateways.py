"""A gateway of the demonstration department that files with one simulator, in a home of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from govgateway.configuration import Configuration, load, store
from govgateway.connector import Route
from govgateway.filing import Environment, Filing
from govgateway.pipeline.gateway import Gateway
from govgateway.testing.clocks import MovingClock
from govgateway.testing.keys import DEPARTMENT, key_of
from govgateway.testing.simulators import RunningSimulator

PATIENCE = 3.0
"""Seconds of real time after which the gateway of a test gives up on a simulator that says nothing."""

_LOOKS = 8
"""How often it looks while the time that it has waited doubles, at most."""

_NAME = "Sở Xây dựng tỉnh An Hoà"


class HastyGateway(Gateway):
    """A gateway that no test has to wait for. It gives up after PATIENCE on a simulator that hangs, which ends as it
    always does, and ``wait`` takes ``clock`` at once to where something is due; the longer it has waited, the farther:
    after hours it need not look every few minutes."""

    def __init__(self, configuration: Configuration, clock: MovingClock) -> None:
        super().__init__(configuration, clock=clock, sleep=self._leap)
        self._moving = clock
        self._since = self._until = clock.now
        self._awaited = ""

    def route(self, agency: str, environment: Environment) -> Route:
        """The way to ``agency``, with less patience. Raises ConfigurationError."""
        route = super().route(agency, environment)
        hasty = replace(route.transport, connect_timeout=PATIENCE, read_timeout=PATIENCE)
        return replace(route, transport=hasty)

    def wait(
        self,
        filing_id: str,
        *,
        timeout: timedelta = timedelta(minutes=10),
        on_change: Callable[[Filing], None] = lambda filing: None,
    ) -> Filing:
        """Follow a filing until nothing more happens by itself, or ``timeout`` has passed by the clock."""
        self._awaited, self._since = filing_id, self._moving.now
        self._until = self._since + timeout
        return super().wait(filing_id, timeout=timeout, on_change=on_change)

    def _leap(self, seconds: float) -> None:
        """Nobody else works on the filing, so that there is nothing to look for until it is due."""
        now = self._moving.now
        due = self.filing(self._awaited).due_at or self._until
        farther = now + (now - self._since) / _LOOKS
        self._moving.now = max(now + timedelta(seconds=seconds), min(max(due, farther), self._until))


def configure(home: Path, simulator: RunningSimulator, keys: Path) -> Configuration:
    """Write ``home``/govgateway.toml for filing with ``simulator``: address, account, trusted roots, the department.

    The ledger lies beside it. ``govgateway`` on the command line uses the same home by ``GOVGATEWAY_CONFIG``.
    """
    agency = simulator.agency
    endpoint = dict(agency.settings(simulator.address))
    if simulator.trust_roots is not None:
        endpoint["ca_file"] = str(simulator.trust_roots)
    filer = {"name": _NAME, "key": str(key_of(DEPARTMENT, keys))}
    path = home / "govgateway.toml"
    store(
        path,
        {
            "ledger": "ledger.db",
            **{f"filers.{DEPARTMENT}.{name}": value for name, value in filer.items()},
            **{f"{agency.name}.simulator.{name}": value for name, value in endpoint.items()},
        },
    )
    return load(path, {})


def open_gateway(home: Path, simulator: RunningSimulator, keys: Path, clock: MovingClock) -> Gateway:
    """A gateway with its home in the folder ``home``, which files with ``simulator`` and waits by ``clock``."""
    return HastyGateway(configure(home, simulator, keys), clock)
