"""The programs that are killed: a worker of the gateway, and a blind client that sends whatever is not acknowledged.

    python hasty.py worker|blind FOLDER STARTED

Time goes ``SPEED`` times as fast for everybody, so that leases and quiet periods end while somebody watches.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import keys
from govgateway import Environment, Gateway, Outcome
from govgateway.configuration import load
from govgateway_etax.connector import ETax

SPEED = 60
LEASE = timedelta(seconds=100)
DONE = ".acknowledged"


class FastClock:
    """A clock that all processes of a run share: it began at ``started`` (seconds since 1970)."""

    def __init__(self, started: float) -> None:
        self._started = started

    def __call__(self) -> datetime:
        return keys.NOW + timedelta(seconds=(time.time() - self._started) * SPEED)


class HastyTaxOffice(ETax):
    """The connector, for a tax office that shows within a minute what it took."""

    capabilities = replace(
        ETax.capabilities,
        quiet_period=timedelta(seconds=60),
        send_deadline=timedelta(seconds=60),
        polling=(timedelta(seconds=10),),
    )


class HastyGateway(Gateway):
    """A gateway that files with it."""

    def connector(self, agency: str) -> HastyTaxOffice:
        """The hasty tax office, whatever is asked for."""
        return HastyTaxOffice()


def gateway(folder: Path, started: float) -> HastyGateway:
    """The gateway of the run in ``folder``."""
    return HastyGateway(load(folder / "govgateway.toml", {}), clock=FastClock(started), lease=LEASE)


def work(desk: Gateway) -> None:
    """Work until every filing is final."""
    while any(each.due_at is not None for each in desk.filings()):
        desk.work(until_idle=True)
        time.sleep(0.02)


def send_blindly(desk: Gateway, folder: Path) -> None:
    """Send every document until it is acknowledged, and note that down afterwards: as if there were no attempts."""
    route = desk.route("etax", Environment.SIMULATOR)
    for path in sorted(folder.glob("*.xml")):
        while not path.with_suffix(DONE).exists():
            if HastyTaxOffice().submit(path.read_bytes(), route).outcome is Outcome.ACKNOWLEDGED:
                path.with_suffix(DONE).touch()


def main(program: str, folder: Path, started: float) -> None:
    """Run one of the two."""
    with gateway(folder, started) as desk:
        if program == "worker":
            work(desk)
        else:
            send_blindly(desk, folder)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), float(sys.argv[3]))
