"""The ledger against a simple model of it, whatever is done in whatever order."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule

from clocks import Clock
from govgateway import DuplicateFiling, Status, TransitionRefused
from govgateway.errors import LeaseLost
from govgateway.filing import KEY_RELEASED, TRANSITIONS
from govgateway.ledger.ledger import Ledger
from govgateway.ledger.records import Change, Lease
from ledgers import new_filing, obligation

LEASE = timedelta(minutes=5)
PERIODS = st.sampled_from(["1/2026", "2/2026"])
CONTENTS = st.sampled_from(["một", "hai"])


@dataclass
class Model:
    """What is expected of one filing."""

    period: str
    content: str
    status: Status
    due_at: datetime | None
    token: int = 0
    lease_until: datetime | None = None
    events: int = 3


class LedgerMachine(RuleBasedStateMachine):
    filings = Bundle("filings")
    leases = Bundle("leases")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = Clock()
        self.ledger = Ledger(str(Path(self.folder.name) / "ledger.db"), self.clock)
        self.models: dict[str, Model] = {}

    def teardown(self) -> None:
        self.ledger.close()
        self.folder.cleanup()

    def holder(self, period: str) -> str | None:
        held = [name for name, each in self.models.items() if each.period == period and each.status not in KEY_RELEASED]
        assert len(held) <= 1
        return held[0] if held else None

    @rule(target=filings, period=PERIODS, content=CONTENTS, wait=st.sampled_from([None, 0, 7]))
    def register(self, period: str, content: str, wait: int | None) -> object:
        due_at = None if wait is None else self.clock() + timedelta(minutes=wait)
        new = new_filing(obligation(period), content, due_at=due_at)
        present = self.holder(period)
        if present is not None and self.models[present].content != content:
            with pytest.raises(DuplicateFiling):
                self.ledger.register(new, content.encode())
            return multiple()
        got = self.ledger.register(new, content.encode())
        assert got.created == (present is None)
        if present is not None:
            assert got.filing.id == present
            return multiple()
        self.models[got.filing.id] = Model(period, content, Status.READY, due_at)
        return got.filing.id

    def free(self, model: Model) -> bool:
        return model.lease_until is None or model.lease_until <= self.clock()

    def claimed(self, lease: Lease) -> Lease:
        model = self.models[lease.filing.id]
        assert self.free(model)
        assert lease.token == model.token + 1
        assert (lease.filing.status, lease.filing.due_at) == (model.status, model.due_at)
        model.token, model.lease_until = lease.token, lease.until
        model.due_at = None if model.due_at is None else lease.until
        return lease

    @rule(target=leases, filing=filings)
    def claim(self, filing: str) -> object:
        lease = self.ledger.claim(filing, LEASE)
        if lease is None:
            assert not self.free(self.models[filing])
            return multiple()
        return self.claimed(lease)

    @rule(target=leases)
    def claim_due(self) -> object:
        due = {
            name: each.due_at
            for name, each in self.models.items()
            if each.due_at is not None and each.due_at <= self.clock() and self.free(each)
        }
        lease = self.ledger.claim_due(LEASE)
        if lease is None:
            assert not due
            return multiple()
        assert due[lease.filing.id] == min(due.values())
        return self.claimed(lease)

    @rule(
        lease=leases,
        status=st.none() | st.sampled_from(Status),
        wait=st.sampled_from([None, 0, 3]),
        keep=st.booleans(),
    )
    def record(self, lease: Lease, status: Status | None, wait: int | None, keep: bool) -> None:
        model = self.models[lease.filing.id]
        due_at = None if wait is None else self.clock() + timedelta(minutes=wait)
        change = Change("moved", due_at, status, keep_lease=keep)
        if lease.token != model.token:
            with pytest.raises(LeaseLost):
                self.ledger.record(lease, change)
            return
        if status not in {None, model.status} and status not in TRANSITIONS[model.status]:
            with pytest.raises(TransitionRefused):
                self.ledger.record(lease, change)
            return
        self.ledger.record(lease, change)
        model.status = status or model.status
        model.events += 1
        if not keep:
            model.lease_until, model.due_at = None, due_at

    @rule(lease=leases)
    def release(self, lease: Lease) -> None:
        self.ledger.release(lease)
        model = self.models[lease.filing.id]
        if lease.token == model.token:
            model.lease_until, model.due_at = None, lease.filing.due_at

    @rule(minutes=st.sampled_from([1, 5, 20]))
    def wait(self, minutes: int) -> None:
        self.clock.move(minutes=minutes)

    @invariant()
    def the_ledger_is_as_the_model_says(self) -> None:
        present = {each.id: each for each in self.ledger.filings()}
        assert present.keys() == self.models.keys()
        for name, model in self.models.items():
            assert (present[name].status, present[name].due_at) == (model.status, model.due_at)
            assert len(self.ledger.events(name)) == model.events
            assert self.ledger.chain_holds(name)
        dues = [each.due_at for each in self.models.values() if each.due_at is not None]
        assert self.ledger.due() == (min(dues) if dues else None)

    @invariant()
    def every_obligation_is_held_by_one_filing_at_most(self) -> None:
        for period in ("1/2026", "2/2026"):
            held = self.ledger.holder(obligation(period))
            assert (held and held.id) == self.holder(period)


LedgerMachine.TestCase.settings = settings(max_examples=8, stateful_step_count=20, deadline=None)
TestLedger = LedgerMachine.TestCase
