"""The embedded worker: everything that is due, and no filing that stops the others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest

from govgateway import Filing, Status
from govgateway.connector import PollResult, SubmitResult
from govgateway.pipeline.advance import LEASE
from govgateway.pipeline.worker import AFTER_A_BREAKDOWN, LONGEST_WAIT, Worker
from unit.pipeline.agency import ABSENT, ACKNOWLEDGED, FOUND, NOT_SENT, UNKNOWN, Office, notice, office_at


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = office_at(tmp_path)
    with made.ledger:
        yield made


def worker(office: Office, changes: list[Filing] | None = None) -> Worker:
    return Worker(office.pipeline, office.ledger, office.clock, (changes if changes is not None else []).append)


def status(office: Office, filing: Filing) -> Status:
    return office.ledger.filing(filing.id).status


def test_everything_that_is_due_is_done_and_told(office: Office) -> None:
    filings = [office.ready(period) for period in "123"]
    office.agency.answers = [ACKNOWLEDGED, NOT_SENT, UNKNOWN]
    changes: list[Filing] = []
    worker(office, changes).run_until_idle()
    assert [status(office, each) for each in filings] == [Status.SUBMITTED, Status.READY, Status.IN_DOUBT]
    assert [each.status for each in changes] == [Status.SUBMITTED, Status.IN_DOUBT]


def test_until_idle_leaves_what_is_due_later(office: Office) -> None:
    filing = office.submitted()
    worker(office).run_until_idle()
    assert office.agency.polled == []
    office.clock.move(seconds=5)
    worker(office).run_until_idle()
    assert len(office.agency.polled) == 1
    assert office.waits(filing) == timedelta(seconds=30)


def test_a_connector_that_breaks_down_stops_only_its_own_filing(office: Office) -> None:
    def broken() -> SubmitResult:
        raise ZeroDivisionError("a defect")

    office.agency.answers = [broken, ACKNOWLEDGED]
    bad, good = office.ready("1"), office.ready("2")
    worker(office).run_until_idle()
    assert (status(office, bad), status(office, good)) == (Status.SUBMITTING, Status.SUBMITTED)
    assert office.waits(bad) == AFTER_A_BREAKDOWN
    assert office.ledger.events(bad.id)[-1].facts == {"detail": "ZeroDivisionError"}
    office.agency.looks = [FOUND]
    office.clock.now += AFTER_A_BREAKDOWN
    worker(office).run_until_idle()
    assert status(office, bad) is Status.IN_DOUBT
    office.clock.move(seconds=10)
    worker(office).run_until_idle()
    assert status(office, bad) is Status.SUBMITTED
    assert len(office.agency.sent) == 2


def test_a_breakdown_does_not_forget_that_it_was_absent_once(office: Office) -> None:
    office.able(quiet_period=timedelta(0))
    office.agency.answers = [UNKNOWN]
    filing = office.advance(office.ready())
    office.agency.looks = [ABSENT]
    office.advance(filing)
    office.clock.move(minutes=1)
    worker(office).run_until_idle()  # there is no look-up left: IndexError
    assert office.kinds(filing)[-1] == "broke down"
    office.agency.looks = [ABSENT]
    assert office.advance(filing).status is Status.READY


def test_a_configuration_that_is_missing_stops_no_worker(office: Office) -> None:
    office.configured = False
    filings = [office.ready(period) for period in "12"]
    worker(office).run_until_idle()
    assert [office.kinds(each) for each in filings] == [["postponed"]] * 2
    assert office.agency.sent == []


def test_a_worker_that_was_overtaken_goes_on_with_the_others(office: Office) -> None:
    def overtaken() -> SubmitResult:
        office.clock.now += LEASE
        assert office.ledger.claim(first.id, LEASE) is not None
        return ACKNOWLEDGED

    first, second = office.ready("1"), office.ready("2")
    office.agency.answers = [overtaken, ACKNOWLEDGED]
    worker(office).run_until_idle()
    assert (status(office, first), status(office, second)) == (Status.SUBMITTING, Status.SUBMITTED)


class Signal(Event):
    """A stop signal that notes how long the worker wants to wait, lets the clock go on, and is set after ``waits``."""

    def __init__(self, office: Office, waits: int) -> None:
        super().__init__()
        self.office, self.left, self.waited = office, waits, []  # type: ignore[var-annotated]

    def wait(self, timeout: float | None = None) -> bool:
        self.waited.append(timeout)
        self.office.clock.move(seconds=timeout or 0)
        self.left -= 1
        if self.left <= 0:
            self.set()
        return self.is_set()


def test_a_worker_waits_for_what_comes_next_and_never_long(office: Office) -> None:
    filing = office.ready()
    office.agency.answers = [NOT_SENT, ACKNOWLEDGED]
    stop = Signal(office, waits=3)
    worker(office).run(stop)
    assert stop.waited == [5.0, 5.0, LONGEST_WAIT.total_seconds()]
    assert status(office, filing) is Status.SUBMITTED


def test_a_worker_with_nothing_to_do_looks_again(office: Office) -> None:
    stop = Signal(office, waits=2)
    worker(office).run(stop)
    assert stop.waited == [LONGEST_WAIT.total_seconds()] * 2


def test_a_worker_that_is_told_to_stop_begins_nothing_new(office: Office) -> None:
    stop = Event()
    office.ready("1"), office.ready("2")

    def last() -> SubmitResult:
        stop.set()
        return ACKNOWLEDGED

    office.agency.answers = [last, ACKNOWLEDGED]
    worker(office).run(stop)
    assert len(office.agency.sent) == 1


def test_a_whole_account_is_followed_to_its_end(office: Office) -> None:
    filings = [office.submitted(str(number), f"GD{number}") for number in range(5)]
    for number in range(5):
        office.agency.polls.append(PollResult(()))
        office.agency.says(notice("844", Status.ACCEPTED, f"GD{(number + 1) % 5}"))
    stop = Signal(office, waits=100)
    worker(office).run(stop)
    assert {status(office, each) for each in filings} == {Status.ACCEPTED}
    assert office.ledger.due() is None
