"""The embedded worker: takes what is due, one filing after another, and waits for the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from threading import Event

from govgateway.connector import Clock
from govgateway.errors import GovGatewayError
from govgateway.filing import Filing
from govgateway.ledger.ledger import Ledger
from govgateway.ledger.records import Change, Lease
from govgateway.pipeline.advance import Pipeline

LONGEST_WAIT = timedelta(seconds=5)
"""How long the worker sleeps at most: others may register filings meanwhile."""

AFTER_A_BREAKDOWN = timedelta(minutes=10)
"""When a filing is tried again after its step broke down."""


@dataclass(frozen=True)
class Worker:
    """Drives every filing that is due. One that breaks down never stops the others."""

    pipeline: Pipeline
    ledger: Ledger
    clock: Clock
    on_change: Callable[[Filing], None] = lambda filing: None

    def run(self, stop: Event) -> None:
        """Work until ``stop`` is set."""
        while not stop.is_set():
            if not self.work_once():
                stop.wait(self._until_next().total_seconds())

    def run_until_idle(self) -> None:
        """Work until nothing is due now."""
        while self.work_once():
            pass

    def work_once(self) -> bool:
        """Take one step of the filing that has been due longest; False when none is due."""
        lease = self.ledger.claim_due(self.pipeline.lease)
        if lease is None:
            return False
        before = lease.filing.status
        try:
            self.pipeline.step(lease)
        except GovGatewayError as error:
            self._log(lease, "step failed", error.code)
        except Exception as error:  # a defect in a connector: this filing waits, the others go on
            self._log(lease, "step broke down", type(error).__name__)
            self._put_off(lease, error)
        after = self.ledger.filing(lease.filing.id)
        if after.status is not before:
            self.on_change(after)
        return True

    def _put_off(self, lease: Lease, error: Exception) -> None:
        """Come back later; an intent that was written stays, so that the send is looked up and not repeated."""
        due = self.clock() + AFTER_A_BREAKDOWN
        facts = {"detail": type(error).__name__}
        absent = lease.absent_since
        change = Change("broke down", due, tries=lease.tries + 1, absent_since=absent, facts=facts)
        try:
            self.ledger.record(lease, change)
        except GovGatewayError as second:
            self._log(lease, "breakdown not recorded", second.code)

    def _until_next(self) -> timedelta:
        due = self.ledger.due()
        wait = LONGEST_WAIT if due is None else due - self.clock()
        return max(timedelta(0), min(wait, LONGEST_WAIT))

    def _log(self, lease: Lease, what: str, detail: str) -> None:
        import structlog

        filing = lease.filing
        structlog.get_logger("govgateway").warning(
            what, filing=filing.id, correlation=filing.correlation_id, detail=detail
        )
