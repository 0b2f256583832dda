"""One recorded step at a time: what every outcome of a send, a look-up and a poll leads to."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

import keys
from govgateway import ConfigurationError, Outcome, Status, StorageError, Text
from govgateway.connector import Exchange, PollResult, SubmitResult
from govgateway.errors import LeaseLost
from govgateway.pipeline.advance import LEASE, MARGIN, SECOND_LOOK, Pipeline
from unit.pipeline.agency import (
    ABSENT,
    ACKNOWLEDGED,
    CANNOT_TELL,
    FOUND,
    NOT_SENT,
    UNKNOWN,
    Office,
    notice,
    office_at,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = office_at(tmp_path)
    with made.ledger:
        yield made


# Sending


def test_the_intent_is_on_the_disk_before_the_first_byte_leaves(office: Office) -> None:
    filing = office.ready()
    seen: list[tuple[object, ...]] = []

    def look() -> SubmitResult:
        with closing(sqlite3.connect(office.place)) as other:
            seen.extend(other.execute("SELECT number, outcome, document_sha256 FROM attempt").fetchall())
            seen.extend(other.execute("SELECT status, due_at IS lease_until FROM filing").fetchall())
        return ACKNOWLEDGED

    office.agency.answers = [look]
    office.advance(filing)
    assert seen == [(1, None, filing.document_sha256), ("SUBMITTING", 1)]


def test_an_acknowledged_send_is_followed_under_its_reference(office: Office) -> None:
    exchange = Exchange("nhan", b"request", b"answer", 200)
    office.agency.answers = [SubmitResult(Outcome.ACKNOWLEDGED, "", reference="GD1", exchange=exchange)]
    filing = office.advance(office.ready())
    assert (filing.status, filing.reference) == (Status.SUBMITTED, "GD1")
    assert office.waits(filing) == timedelta(seconds=5)
    assert office.outcomes(filing) == [Outcome.ACKNOWLEDGED]
    assert office.ledger.references(filing.id) == {"GD1"}
    assert office.ledger.blob(str(office.ledger.events(filing.id)[-1].facts["answer"])) == b"answer"


def test_what_was_proven_not_to_have_left_is_sent_again_with_growing_waits(office: Office) -> None:
    office.agency.answers = [NOT_SENT] * 10
    filing, waits = office.ready(), []
    for _ in range(10):
        filing = office.advance(filing)
        assert filing.status is Status.READY
        waits.append(office.waits(filing))
    assert waits == [timedelta(seconds=min(5 * 2**n, 900)) for n in range(10)]
    assert office.outcomes(filing) == [Outcome.NOT_SENT] * 10


@pytest.mark.parametrize("result", [NOT_SENT, UNKNOWN])
def test_every_attempt_sends_exactly_the_bytes_of_the_ledger(office: Office, result: SubmitResult) -> None:
    office.agency.answers = [NOT_SENT, result, ACKNOWLEDGED]
    office.agency.looks = [ABSENT] * 20
    filing = office.ready()
    while filing.status is not Status.SUBMITTED:
        filing = office.advance(filing)
    assert office.agency.sent == [sha256(b"phieu 9900000016 10/2026").hexdigest()] * 3
    assert {each.document_sha256 for each in office.ledger.attempts(filing.id)} == set(office.agency.sent)
    assert office.ledger.filing(filing.id).document_sha256 == office.agency.sent[0]


@pytest.mark.parametrize("later", [timedelta(minutes=2), 9 * DAY])
def test_the_time_that_the_agency_names_is_kept_however_far_away(office: Office, later: timedelta) -> None:
    office.agency.answers = [SubmitResult(Outcome.NOT_SENT, "HTTP 429", retry_at=keys.NOW + later), ACKNOWLEDGED]
    filing = office.advance(office.ready())
    assert office.waits(filing) == later
    office.clock.move(seconds=later.total_seconds() - 1)
    office.pipeline.advance(filing.id)
    assert len(office.agency.sent) == 1
    assert office.advance(filing).status is Status.SUBMITTED


def test_an_agency_that_says_at_once_is_not_run_over(office: Office) -> None:
    office.agency.answers = [SubmitResult(Outcome.NOT_SENT, "HTTP 429", retry_at=keys.NOW - HOUR)]
    assert office.waits(office.advance(office.ready())) == timedelta(seconds=5)


def test_a_refusal_waits_for_a_person(office: Office) -> None:
    refusal = Text("Sai tài khoản.", "The account is wrong.")
    office.agency.answers = [SubmitResult(Outcome.NOT_SENT, "fault", refusal=refusal)]
    filing = office.advance(office.ready())
    assert (filing.status, filing.due_at) == (Status.NEEDS_ATTENTION, None)
    assert filing.attention.vi == "Sai tài khoản."


def test_a_missing_route_postpones_and_nothing_is_sent(office: Office) -> None:
    office.configured = False
    filing = office.ready()
    for wait in (5, 10, 20):
        with pytest.raises(ConfigurationError):
            office.advance(filing)
        assert office.waits(filing) == timedelta(seconds=wait)
    assert (office.agency.sent, office.outcomes(filing)) == ([], [])
    assert office.ledger.filing(filing.id).status is Status.READY
    office.configured, office.agency.answers = True, [ACKNOWLEDGED]
    assert office.advance(filing).status is Status.SUBMITTED


def test_a_lease_shorter_than_a_send_may_take_is_refused_before_anything_is_sent(office: Office) -> None:
    office.able(send_deadline=LEASE - MARGIN + timedelta(seconds=1))
    filing = office.ready()
    with pytest.raises(ConfigurationError) as refused:
        office.advance(filing)
    assert "lease" in refused.value.message.en
    assert (office.agency.sent, office.outcomes(filing)) == ([], [])
    office.able(send_deadline=LEASE - MARGIN)
    office.agency.answers = [ACKNOWLEDGED]
    assert office.advance(filing).status is Status.SUBMITTED


def test_a_filing_that_is_not_due_is_left_alone(office: Office) -> None:
    office.agency.answers = [NOT_SENT]
    filing = office.advance(office.ready())
    assert office.pipeline.advance(filing.id) == filing.due_at
    assert len(office.agency.sent) == 1
    held = office.ledger.claim(filing.id, LEASE)
    assert held is not None
    office.clock.move(minutes=1)
    assert office.pipeline.advance(filing.id) == held.until
    assert len(office.agency.sent) == 1


# Killed, paused, overtaken


def test_a_send_that_was_killed_is_in_doubt_and_not_sent_again(office: Office) -> None:
    def killed() -> SubmitResult:
        raise KeyboardInterrupt

    office.agency.answers, office.agency.looks = [killed], [FOUND]
    filing = office.ready()
    with pytest.raises(KeyboardInterrupt):
        office.advance(filing)
    assert office.outcomes(filing) == [None]
    assert office.waits(filing) == LEASE
    filing = office.advance(filing)
    assert filing.status is Status.IN_DOUBT
    assert office.ledger.attempts(filing.id)[0].detail == "interrupted while sending"
    filing = office.advance(filing)
    assert (filing.status, filing.reference, len(office.agency.sent)) == (Status.SUBMITTED, "GD1", 1)


def test_an_answer_that_the_disk_has_no_room_for_is_looked_up(office: Office) -> None:
    full = OperationalError("UPDATE attempt", {}, sqlite3.OperationalError("database or disk is full"))

    def fill(connection: object, cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("UPDATE attempt"):
            raise full

    def answered() -> SubmitResult:
        event.listen(office.ledger._engine, "before_cursor_execute", fill)
        return ACKNOWLEDGED

    office.agency.answers, office.agency.looks = [answered], [FOUND]
    filing = office.ready()
    with pytest.raises(StorageError):
        office.advance(filing)
    event.remove(office.ledger._engine, "before_cursor_execute", fill)
    assert (office.outcomes(filing), office.waits(filing)) == ([None], LEASE)
    filing = office.advance(office.advance(filing))
    assert (filing.status, filing.reference, len(office.agency.sent)) == (Status.SUBMITTED, "GD1", 1)


def test_a_sender_that_was_overtaken_records_nothing_and_is_looked_up(office: Office) -> None:
    filing = office.ready()

    def overtaken() -> SubmitResult:
        office.clock.now += LEASE
        office.pipeline.advance(filing.id)
        return ACKNOWLEDGED

    office.agency.answers, office.agency.looks = [overtaken], [FOUND]
    with pytest.raises(LeaseLost):
        office.advance(filing)
    assert office.outcomes(filing) == [Outcome.UNKNOWN]
    assert office.ledger.filing(filing.id).status is Status.IN_DOUBT
    assert office.advance(filing).reference == "GD1"
    assert len(office.agency.sent) == 1


def test_a_send_is_not_begun_when_the_lease_is_nearly_over(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    filing, attempts = office.ready(), office.ledger.attempts

    def slept(filing_id: str) -> object:
        office.clock.move(seconds=(LEASE - timedelta(seconds=119)).total_seconds())
        return attempts(filing_id)

    with monkeypatch.context() as pause:
        pause.setattr(office.ledger, "attempts", slept)
        filing = office.advance(filing)
    assert (office.agency.sent, filing.status) == ([], Status.READY)
    assert office.outcomes(filing) == [Outcome.NOT_SENT]
    office.agency.answers = [ACKNOWLEDGED]
    assert office.advance(filing).status is Status.SUBMITTED


def test_two_pipelines_at_once_send_once(office: Office) -> None:
    filing = office.ready()

    def meanwhile() -> SubmitResult:
        other = Pipeline(office.ledger, office, office.clock)
        assert other.advance(filing.id) == office.clock() + LEASE
        return ACKNOWLEDGED

    office.agency.answers = [meanwhile]
    assert office.advance(filing).status is Status.SUBMITTED
    assert len(office.agency.sent) == 1


# In doubt


def test_a_lost_answer_is_asked_for_soon_and_found(office: Office) -> None:
    office.agency.answers, office.agency.looks = [UNKNOWN], [FOUND]
    filing = office.advance(office.ready())
    assert (filing.status, office.waits(filing)) == (Status.IN_DOUBT, timedelta(seconds=10))
    filing = office.advance(filing)
    assert (filing.status, filing.reference) == (Status.SUBMITTED, "GD1")
    assert office.agency.asked == [(keys.NOW, frozenset())]
    (kept,) = office.ledger.events(filing.id)[-1].facts["evidence"]  # type: ignore[misc]
    assert office.ledger.blob(kept) == b"list"
    assert office.waits(filing) == timedelta(seconds=5)
    assert len(office.agency.sent) == 1


def test_absent_counts_only_after_the_quiet_period_and_twice(office: Office) -> None:
    office.agency.answers = [UNKNOWN, ACKNOWLEDGED]
    office.agency.looks = [ABSENT] * 30
    filing, looked_at = office.advance(office.ready()), []
    while filing.status is Status.IN_DOUBT:
        filing = office.advance(filing)
        looked_at.append(office.clock() - keys.NOW)
    early = [each for each in looked_at if each < HOUR]
    assert early[:3] == [timedelta(seconds=10), timedelta(seconds=40), timedelta(seconds=100)]
    assert looked_at == [*early, HOUR, HOUR + SECOND_LOOK]
    assert (filing.status, len(office.agency.sent)) == (Status.READY, 1)
    assert office.advance(filing).status is Status.SUBMITTED
    assert office.outcomes(filing) == [Outcome.UNKNOWN, Outcome.ACKNOWLEDGED]


def test_absent_is_counted_anew_when_in_between_nobody_could_tell(office: Office) -> None:
    office.able(quiet_period=timedelta(0))
    office.agency.answers = [UNKNOWN]
    office.agency.looks = [ABSENT, CANNOT_TELL, ABSENT, ABSENT]
    filing = office.advance(office.ready())
    for kind in ("absent once", "cannot tell", "absent once", "absent"):
        filing = office.advance(filing)
        assert office.kinds(filing)[-1] == kind
    assert filing.status is Status.READY


def test_the_quiet_period_begins_anew_with_every_send(office: Office) -> None:
    office.agency.answers = [UNKNOWN, UNKNOWN, ACKNOWLEDGED]
    office.agency.looks = [ABSENT] * 60
    filing, sent_at = office.ready(), []
    while filing.status is not Status.SUBMITTED:
        before = len(office.agency.sent)
        filing = office.advance(filing)
        if len(office.agency.sent) > before:
            sent_at.append(office.clock())
    assert all(later - earlier > HOUR for earlier, later in pairwise(sent_at))
    assert {first_sent for first_sent, _ in office.agency.asked} == {sent_at[0]}


def test_what_cannot_be_told_stays_in_doubt_and_is_asked_for_ever_more_rarely(office: Office) -> None:
    office.agency.answers, office.agency.looks = [UNKNOWN], [CANNOT_TELL] * 12
    filing, waits = office.advance(office.ready()), []
    for _ in range(12):
        filing = office.advance(filing)
        waits.append(office.waits(filing))
    assert filing.status is Status.IN_DOUBT
    assert waits == [timedelta(seconds=min(30 * 2**n, 3600)) for n in range(12)]
    assert len(office.agency.sent) == 1


def test_a_payment_is_never_sent_again_by_itself(office: Office) -> None:
    office.able(payment=True)
    office.agency.answers, office.agency.looks = [UNKNOWN], [ABSENT] * 30
    filing = office.advance(office.ready())
    while filing.status is Status.IN_DOUBT:
        filing = office.advance(filing)
    assert (filing.status, filing.due_at) == (Status.NEEDS_ATTENTION, None)
    assert "quyết định" in filing.attention.vi
    assert len(office.agency.sent) == 1


def test_without_a_look_up_a_person_has_to_look(office: Office) -> None:
    office.able(can_find=False)
    office.agency.answers = [UNKNOWN]
    filing = office.advance(office.advance(office.ready()))
    assert (filing.status, filing.due_at) == (Status.NEEDS_ATTENTION, None)
    assert "portal" in filing.attention.en
    assert office.agency.asked == []


def test_references_of_an_earlier_filing_of_the_obligation_are_not_taken_for_this_one(office: Office) -> None:
    office.submitted(reference="GD0")
    office.agency.says(notice("844", Status.REJECTED, "GD0"))
    assert office.advance(office.ledger.filings()[0]).status is Status.REJECTED
    office.agency.answers, office.agency.looks = [UNKNOWN], [FOUND]
    filing = office.advance(office.advance(office.ready(content="sửa")))
    assert filing.reference == "GD1"
    assert office.agency.asked[-1][1] == {"GD0"}


def test_a_missing_route_leaves_a_doubt_as_it_was(office: Office) -> None:
    office.able(quiet_period=timedelta(0))
    office.agency.answers, office.agency.looks = [UNKNOWN], [ABSENT, ABSENT]
    filing = office.advance(office.advance(office.ready()))
    office.configured = False
    with pytest.raises(ConfigurationError):
        office.advance(filing)
    office.configured = True
    assert office.kinds(filing)[-1] == "postponed"
    assert office.advance(filing).status is Status.READY


# Following


def test_polls_are_dense_first_then_sparse(office: Office) -> None:
    filing, waits = office.submitted(), []
    for _ in range(4):
        filing = office.advance(filing)
        waits.append(office.waits(filing))
    assert waits == [timedelta(seconds=30), *[timedelta(minutes=2)] * 3]
    assert office.agency.polled == [("GD1", frozenset())] * 4


def test_a_poll_that_moved_the_filing_makes_the_next_ones_dense_again(office: Office) -> None:
    filing = office.submitted()
    for _ in range(3):
        filing = office.advance(filing)
    office.agency.says(notice("843", Status.RECEIVED, "GD1", "E7"))
    filing = office.advance(filing)
    assert (filing.status, office.waits(filing)) == (Status.RECEIVED, timedelta(seconds=5))
    office.agency.says(notice("844", Status.ACCEPTED, "E7"))
    filing = office.advance(filing)
    assert (filing.status, filing.due_at, filing.attention.vi) == (Status.ACCEPTED, None, "")


@pytest.mark.parametrize("later", [-HOUR, 3 * DAY])
def test_the_agency_may_say_when_it_wants_to_be_asked_again(office: Office, later: timedelta) -> None:
    filing = office.submitted()
    office.clock.move(seconds=5)
    office.agency.says(retry_at=office.clock() + later)
    filing = office.advance(filing)
    assert office.waits(filing) == max(later, timedelta(seconds=5))


def test_what_a_silent_agency_said_is_in_the_log(office: Office) -> None:
    filing = office.submitted()
    office.agency.polls = [PollResult((), "getDsachTbao: timeout")]
    filing = office.advance(filing)
    assert filing.status is Status.SUBMITTED
    assert office.ledger.events(filing.id)[-1].facts == {"detail": "getDsachTbao: timeout"}
