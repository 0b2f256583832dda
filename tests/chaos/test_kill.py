"""kill -9 in the middle of filing, again and again: nothing is lost, nothing arrives twice unexplained.

What arrived is counted by the simulated tax office before its own checks, its duplicate check off. The same harness
runs a blind client, which must be found out: a harness that cannot fail proves nothing.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

import simulated
from chaos.hasty import FastClock, HastyGateway, gateway
from desks import key, of_month
from govgateway import Filing, Outcome, Status
from govgateway_mocks.etax.office import TaxOffice
from govgateway_mocks.etax.registry import PASSWORD, USERNAME
from govgateway_mocks.faults import Fault
from govgateway_mocks.server import RunningSimulator
from samples import ROOT

TAKEN, DROPPED = "taken", "dropped"
"""What became of a declaration whose sender was killed: the office has it, or it never got so far."""
LONGEST_RUN = 120.0


class DeadlyOffice(TaxOffice):
    """A tax office at which some arrivals kill the senders before they get an answer."""

    kills: Mapping[int, str]
    run: Run
    calls = 0

    def take(self, data: bytes, arguments: Mapping[str, str] | None = None, fault: Fault | None = None) -> str:
        """Take the declaration, unless this arrival is to be dropped; kill the senders if it is deadly."""
        self.calls += 1
        fate = self.kills.get(self.calls)
        if fate is not None:
            self.run.kill()
        return "" if fate == DROPPED else super().take(data, arguments, fault)


class Run:
    """A ledger full of filings, the office they go to, and processes that carry them there and are killed."""

    def __init__(self, folder: Path, filings: int, kills: Mapping[int, str]) -> None:
        self.folder, self.started = folder, time.time()
        clock, soon = FastClock(self.started), timedelta(seconds=5)
        self.office = DeadlyOffice(simulated.pki(), clock, soon, soon, check_duplicates=False)
        self.office.kills, self.office.run = kills, self
        self.simulator = RunningSimulator(self.office, "127.0.0.1", 0)
        self.processes: list[subprocess.Popen[bytes]] = []
        self.killed = 0
        self._configure()
        with self.desk() as desk:
            self.filings = [self._file(desk, number) for number in range(filings)]

    def _configure(self) -> None:
        settings = {
            "address": self.simulator.service_address,
            "username": USERNAME,
            "password": PASSWORD,
            "trust": str(simulated.pki().trust),
        }
        lines = [f"{name} = '{value}'" for name, value in settings.items()]
        text = "\n".join(["ledger = 'ledger.db'", "[etax.simulator]", *lines])
        (self.folder / "govgateway.toml").write_text(text, encoding="utf-8")

    def desk(self) -> HastyGateway:
        """The gateway that the processes use."""
        return gateway(self.folder, self.started)

    def _file(self, desk: HastyGateway, number: int) -> Filing:
        filer = (simulated.DEPARTMENT, simulated.OTHER)[number % 2]
        filing = desk.submit(of_month(1 + number // 2, (simulated.DEPARTMENT, filer)), key(filer))
        (self.folder / f"{filing.id}.xml").write_bytes(desk._ledger.blob(filing.document_sha256))
        return filing

    def kill(self) -> None:
        """Kill every process that works, as kill -9 does."""
        for each in self.processes:
            if each.poll() is None:
                each.kill()
                each.wait()
                self.killed += 1

    def carry(self, program: str, processes: int) -> None:
        """Run ``program`` in so many processes, and again whenever they were killed, until they end by themselves."""
        until = time.monotonic() + LONGEST_RUN
        while time.monotonic() < until:
            self.processes = [self._start(program) for _ in range(processes)]
            codes = {each.wait(max(1, until - time.monotonic())) for each in self.processes}
            if codes == {0}:
                return
            assert codes <= {0, -9, 1}, (self.folder / "errors.log").read_text(encoding="utf-8")
        raise AssertionError(f"not done after {LONGEST_RUN} seconds")

    def _start(self, program: str) -> subprocess.Popen[bytes]:
        paths = os.pathsep.join(str(ROOT / each) for each in ("tests", "src"))
        hasty = str(Path(__file__).with_name("hasty.py"))
        with (self.folder / "errors.log").open("ab") as errors:
            return subprocess.Popen(
                [sys.executable, hasty, program, str(self.folder), str(self.started)],
                env={**os.environ, "PYTHONPATH": paths},
                stdout=subprocess.DEVNULL,
                stderr=errors,
            )

    def arrived(self) -> Counter[str]:
        """How often each document arrived, by its digest."""
        return Counter({digest: times for (_, digest), times in self.office.arrivals.items()})

    def twice(self) -> list[Filing]:
        """The filings that arrived more than once though the agency was not asked twice, after its quiet period,
        before each time that they were sent again."""
        arrived = self.arrived()
        with self.desk() as desk:
            return [
                each
                for each in self.filings
                if arrived[each.document_sha256]
                > 1 + [event.kind for event in desk.history(each.id).events].count("absent")
            ]

    def stop(self) -> None:
        """Leave nothing running."""
        self.kill()
        self.simulator.stop()


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[list[Run]]:
    made: list[Run] = []
    yield made
    for each in made:
        each.stop()


def assert_all_is_well(run: Run) -> None:
    """Every filing is accepted, nothing is lost, nothing but what the ledger knows arrived, and nothing twice."""
    with run.desk() as desk:
        present = {each.id: each for each in desk.filings()}
        assert present.keys() == {each.id for each in run.filings}
        assert {each.status for each in present.values()} == {Status.ACCEPTED}
        for filing in run.filings:
            history = desk.history(filing.id)
            assert present[filing.id].document_sha256 == filing.document_sha256
            assert {each.document_sha256 for each in history.attempts} == {filing.document_sha256}
            assert None not in {each.outcome for each in history.attempts}
            assert desk._ledger.chain_holds(filing.id)
    assert run.arrived().keys() == {each.document_sha256 for each in run.filings}
    assert run.twice() == []


def in_doubt(run: Run) -> int:
    """How many sends ended with nobody knowing."""
    with run.desk() as desk:
        sends = [attempt for each in run.filings for attempt in desk.history(each.id).attempts]
    return sum(each.outcome is Outcome.UNKNOWN for each in sends)


def test_workers_that_are_killed_lose_nothing_and_file_nothing_twice(tmp_path: Path, runs: list[Run]) -> None:
    run = Run(tmp_path, filings=4, kills={1: TAKEN, 3: DROPPED})
    runs.append(run)
    run.carry("worker", processes=2)
    assert run.killed >= 2
    assert in_doubt(run) >= 2
    assert_all_is_well(run)


def test_a_blind_client_is_found_out(tmp_path: Path, runs: list[Run]) -> None:
    run = Run(tmp_path, filings=4, kills={2: TAKEN, 4: TAKEN})
    runs.append(run)
    run.carry("blind", processes=1)
    assert run.killed == 2
    assert len(run.twice()) == 2
    assert sum(run.arrived().values()) == 6


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_twenty_filings_survive_being_killed_at_any_moment(tmp_path: Path, runs: list[Run], seed: int) -> None:
    """Killed upon arrivals, and at any other moment by the clock."""
    dice = random.Random(seed)
    deadly = {number: dice.choice([TAKEN, DROPPED]) for number in sorted(dice.sample(range(1, 20), 6))}
    run = Run(tmp_path, filings=20, kills=deadly)
    runs.append(run)
    over = threading.Event()

    def at_any_moment() -> None:
        for _ in range(10):
            if over.wait(dice.uniform(0.8, 4)):
                return
            run.kill()

    killer = threading.Thread(target=at_any_moment)
    killer.start()
    try:
        run.carry("worker", processes=2)
    finally:
        over.set()
        killer.join()
    assert run.killed >= 10
    assert_all_is_well(run)


@pytest.mark.slow
def test_a_blind_client_among_twenty_filings_is_found_out(tmp_path: Path, runs: list[Run]) -> None:
    run = Run(tmp_path, filings=20, kills=dict.fromkeys(range(2, 20, 3), TAKEN))
    runs.append(run)
    run.carry("blind", processes=1)
    assert len(run.twice()) == 6
