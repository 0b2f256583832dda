"""One filing per obligation, fenced leases, messages once."""

from __future__ import annotations

import multiprocessing
import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest

import keys
from clocks import Clock
from govgateway import (
    DuplicateFiling,
    Environment,
    Filing,
    Outcome,
    Status,
    TransitionRefused,
    UnknownFiling,
)
from govgateway.connector import Exchange
from govgateway.errors import LeaseLost
from govgateway.ledger.ledger import Ledger
from govgateway.ledger.records import Change, Fate, Lease, Registration
from ledgers import attempt, new_filing, obligation, receipt

LEASE = timedelta(minutes=5)
SIMULATOR = Environment.SIMULATOR


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def place(tmp_path: Path) -> str:
    return str(tmp_path / "ledger.db")


@pytest.fixture
def ledger(place: str, clock: Clock) -> Iterator[Ledger]:
    with Ledger(place, clock) as opened:
        yield opened


def ready(ledger: Ledger, period: str = "10/2026", **changes: object) -> Filing:
    """A filing that is ready to be sent."""
    new = new_filing(obligation(period), **changes)  # type: ignore[arg-type]
    return ledger.register(new, f"phieu {period}".encode()).filing


def claimed(ledger: Ledger, filing: Filing) -> Lease:
    lease = ledger.claim(filing.id, LEASE)
    assert lease is not None
    return lease


def moved(ledger: Ledger, filing: Filing, *path: Status) -> Filing:
    """``filing`` after the statuses of ``path``."""
    for status in path:
        filing = ledger.record(claimed(ledger, filing), Change("moved", None, status=status))
    return filing


# Registering


def test_a_filing_is_kept_with_its_exact_bytes_and_its_whole_trail(ledger: Ledger) -> None:
    filing = ledger.register(new_filing(), b"\xef\xbb\xbf<phieu/>\r\n").filing
    assert ledger.blob(filing.document_sha256) == b"\xef\xbb\xbf<phieu/>\r\n"
    assert [each.status for each in ledger.events(filing.id)] == [Status.DRAFT, Status.VALIDATED, Status.READY]
    assert ledger.events(filing.id)[0].facts == {"document": filing.document_sha256, "file": "phieu.xml"}
    assert filing == ledger.filing(filing.id) == ledger.holder(obligation())
    assert (filing.status, filing.due_at, filing.created_at) == (Status.READY, keys.NOW, keys.NOW)


def test_the_same_content_registered_again_is_the_filing_that_is_there(ledger: Ledger) -> None:
    first = ledger.register(new_filing(), b"signed once")
    again = ledger.register(new_filing(), b"signed once more")
    assert (first.created, again.created) == (True, False)
    assert again.filing == first.filing
    assert ledger.blob(again.filing.document_sha256) == b"signed once"


def test_other_content_for_the_same_obligation_is_refused(ledger: Ledger) -> None:
    present = ready(ledger)
    with pytest.raises(DuplicateFiling) as refused:
        ready(ledger, content="nội dung khác")
    assert present.id in refused.value.message.vi
    assert ledger.filings() == (present,)


@pytest.mark.parametrize("other", ["environment", "filer", "form", "kind", "sequence"])
def test_another_obligation_is_another_filing(ledger: Ledger, other: str) -> None:
    part = {"environment": Environment.PRODUCTION, "sequence": 1}.get(other, "khác")
    first = ledger.register(new_filing(), b"phieu")
    second = ledger.register(new_filing(obligation(**{other: part}), "khác"), b"phieu")
    assert second.created
    assert second.filing.id != first.filing.id


@pytest.mark.parametrize(
    ("path", "released"),
    [
        ((), False),
        ((Status.SUBMITTING, Status.IN_DOUBT), False),
        ((Status.HANDED_OVER,), False),
        ((Status.NEEDS_ATTENTION,), False),
        ((Status.SUBMITTING, Status.SUBMITTED, Status.ACCEPTED), False),
        ((Status.SUBMITTING, Status.SUBMITTED, Status.REJECTED), True),
        ((Status.CANCELLED,), True),
    ],
)
def test_only_a_refusal_or_giving_up_lets_the_obligation_be_filed_anew(
    ledger: Ledger, path: tuple[Status, ...], released: bool
) -> None:
    filing = moved(ledger, ready(ledger), *path)
    if released:
        assert ledger.holder(filing.key) is None
        assert ledger.register(new_filing(content="mới"), b"new").created
    else:
        with pytest.raises(DuplicateFiling):
            ledger.register(new_filing(content="mới"), b"new")


def test_an_id_that_is_taken_is_not_given_twice(place: str, clock: Clock) -> None:
    letters = iter("AAAAAA" + "AAAAAA" + "BBBBBB")
    with Ledger(place, clock, lambda alphabet: next(letters)) as ledger:
        assert [ready(ledger, period).id for period in ("1", "2")] == ["261116-AAAAAA", "261116-BBBBBB"]


def test_threads_that_register_the_same_obligation_at_once_get_one_filing(ledger: Ledger) -> None:
    start = Barrier(8)
    got: list[Registration] = []

    def register() -> None:
        start.wait()
        got.append(ledger.register(new_filing(), b"phieu"))

    threads = [Thread(target=register) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(ledger.filings()) == 1
    assert {each.filing.id for each in got} == {ledger.filings()[0].id}
    assert sum(each.created for each in got) == 1


def _register_elsewhere(place: str, content: str, answers: multiprocessing.Queue[str]) -> None:
    try:
        with Ledger(place, Clock()) as ledger:
            answers.put(ledger.register(new_filing(content=content), content.encode()).filing.id)
    except DuplicateFiling:
        answers.put("duplicate")


def test_processes_that_open_a_new_ledger_and_register_at_once_get_one_filing(place: str) -> None:
    context = multiprocessing.get_context("spawn")
    answers: multiprocessing.Queue[str] = context.Queue()
    processes = [
        context.Process(target=_register_elsewhere, args=(place, content, answers)) for content in ("một", "hai")
    ]
    for each in processes:
        each.start()
    got = [answers.get(timeout=60) for _ in processes]
    for each in processes:
        each.join()
    with Ledger(place, Clock()) as ledger:
        (filing,) = ledger.filings()
        assert set(got) == {filing.id, "duplicate"}
        assert ledger.chain_holds(filing.id)


# Leases


def test_a_filing_is_claimed_by_one_at_a_time(ledger: Ledger) -> None:
    filing = ready(ledger)
    lease = claimed(ledger, filing)
    assert (lease.filing, lease.until) == (filing, keys.NOW + LEASE)
    assert ledger.claim(filing.id, LEASE) is None
    assert ledger.claim_due(LEASE) is None
    ledger.record(lease, Change("looked at", None))
    assert ledger.claim(filing.id, LEASE) is not None


def test_what_was_claimed_and_let_go_is_as_it_was(ledger: Ledger) -> None:
    filing = ready(ledger)
    ledger.release(claimed(ledger, filing))
    assert ledger.filing(filing.id) == filing
    assert ledger.claim_due(LEASE) is not None


def test_letting_go_does_not_take_the_claim_of_the_next_one(ledger: Ledger, clock: Clock) -> None:
    zombie = claimed(ledger, ready(ledger))
    clock.now = zombie.until
    claimed(ledger, zombie.filing)
    ledger.release(zombie)
    assert ledger.claim(zombie.filing.id, LEASE) is None


def test_a_lease_that_has_ended_is_found_again_as_due(ledger: Ledger, clock: Clock) -> None:
    lease = claimed(ledger, ready(ledger))
    clock.now = lease.until - timedelta(microseconds=1)
    assert ledger.claim_due(LEASE) is None
    assert ledger.due() == lease.until
    clock.now = lease.until
    again = ledger.claim_due(LEASE)
    assert again is not None
    assert again.filing.id == lease.filing.id
    assert again.token > lease.token


def test_whoever_slept_past_the_next_claim_writes_nothing(ledger: Ledger, clock: Clock) -> None:
    zombie = claimed(ledger, ready(ledger))
    clock.now = zombie.until
    successor = claimed(ledger, zombie.filing)
    before = ledger.filing(zombie.filing.id), ledger.events(zombie.filing.id)
    sending = Change("sending", None, Status.SUBMITTING, reference="GD1", attempt=attempt(), evidence=(b"evidence",))
    for write in (
        lambda: ledger.record(zombie, sending),
        lambda: ledger.take_message(zombie, sending, "TB1", b"message", receipt("GD2")),
        lambda: ledger.replace_document(zombie, b"other", "0" * 64, sending),
    ):
        with pytest.raises(LeaseLost):
            write()
    assert (ledger.filing(zombie.filing.id), ledger.events(zombie.filing.id)) == before
    assert ledger.attempts(zombie.filing.id) == ledger.messages(zombie.filing.id) == ()
    assert ledger.references(zombie.filing.id) == frozenset()
    assert ledger.record(successor, sending).status is Status.SUBMITTING


def test_a_step_that_the_table_does_not_allow_writes_nothing(ledger: Ledger) -> None:
    lease = claimed(ledger, ready(ledger))
    before = ledger.events(lease.filing.id)
    with pytest.raises(TransitionRefused):
        ledger.record(lease, Change("moved", None, Status.SUBMITTING), Change("moved", None, Status.CANCELLED))
    assert ledger.events(lease.filing.id) == before
    assert ledger.filing(lease.filing.id).status is Status.READY


def test_while_the_lease_is_kept_the_filing_is_due_when_it_ends(ledger: Ledger) -> None:
    lease = claimed(ledger, ready(ledger))
    sending = Change("sending", None, Status.SUBMITTING, attempt=attempt(), keep_lease=True)
    assert ledger.record(lease, sending).due_at == lease.until
    assert ledger.claim(lease.filing.id, LEASE) is None


def test_a_filing_that_was_not_due_stays_so_when_its_claim_is_forgotten(ledger: Ledger, clock: Clock) -> None:
    lease = claimed(ledger, ready(ledger, due_at=None))
    clock.move(days=1)
    assert ledger.claim_due(LEASE) is None
    assert ledger.claim(lease.filing.id, LEASE) is not None


def test_what_has_been_due_longest_comes_first(ledger: Ledger, clock: Clock) -> None:
    late, early, later = (
        ready(ledger, period, due_at=keys.NOW + timedelta(minutes=minutes))
        for period, minutes in (("2", 2), ("1", 1), ("9", 9))
    )
    assert ledger.claim_due(LEASE) is None
    assert ledger.due() == early.due_at
    clock.move(minutes=5)
    order = [ledger.claim_due(LEASE), ledger.claim_due(LEASE), ledger.claim_due(LEASE)]
    assert [each and each.filing.id for each in order] == [early.id, late.id, None]
    assert ledger.claim_due(LEASE, later.id) is None


def test_one_filing_is_claimed_only_if_it_is_due_itself(ledger: Ledger) -> None:
    waiting = ready(ledger, "1", due_at=keys.NOW + timedelta(hours=1))
    due = ready(ledger, "2")
    assert ledger.claim_due(LEASE, waiting.id) is None
    lease = ledger.claim_due(LEASE, due.id)
    assert lease is not None
    assert lease.filing == due


def _plans(place: str, ask: Callable[[], object], ledger: Ledger) -> list[str]:
    """How SQLite finds the filings for what ``ask`` asks of ``ledger``."""
    from sqlalchemy import event

    statements: list[tuple[str, object]] = []

    def heard(connection: object, cursor: object, statement: str, parameters: object, *_: object) -> None:
        if "FROM filing" in statement:
            statements.append((statement, parameters))

    event.listen(ledger._engine, "before_cursor_execute", heard)
    ask()
    with sqlite3.connect(place) as raw:
        plans = [raw.execute(f"EXPLAIN QUERY PLAN {text}", given).fetchall() for text, given in statements]
    raw.close()
    return [row[-1] for plan in plans for row in plan]


def test_due_work_is_found_by_its_index(ledger: Ledger, place: str) -> None:
    ready(ledger)
    for plan in (
        _plans(place, lambda: ledger.claim_due(LEASE), ledger),
        _plans(place, ledger.due, ledger),
    ):
        assert plan
        assert all("USING INDEX filing_due" in step or "COVERING INDEX filing_due" in step for step in plan), plan


# Sends


def test_an_attempt_is_written_before_and_after(ledger: Ledger) -> None:
    lease = claimed(ledger, ready(ledger))
    sending = Change("sending", None, Status.SUBMITTING, attempt=attempt(), keep_lease=True)
    ledger.record(lease, sending)
    assert [each.outcome for each in ledger.attempts(lease.filing.id)] == [None]
    exchange = Exchange("nhan", b"request without password", b"answer", 200)
    ended = attempt(outcome=Outcome.ACKNOWLEDGED)
    done = Change("acknowledged", None, Status.SUBMITTED, reference="GD1", attempt=ended, exchange=exchange)
    filing = ledger.record(lease, done)
    (kept,) = ledger.attempts(filing.id)
    assert (kept.outcome, kept.started_at, kept.document_sha256) == (
        Outcome.ACKNOWLEDGED,
        keys.NOW,
        ended.document_sha256,
    )
    facts = ledger.events(filing.id)[-1].facts
    assert ledger.blob(str(facts["request"])) == b"request without password"
    assert ledger.blob(str(facts["answer"])) == b"answer"
    assert (filing.reference, ledger.references(filing.id)) == ("GD1", {"GD1"})


def test_answers_that_led_to_a_step_are_kept_as_evidence(ledger: Ledger) -> None:
    lease = claimed(ledger, ready(ledger))
    ledger.record(lease, Change("looked", None, evidence=(b"one", b"two")))
    kept = ledger.events(lease.filing.id)[-1].facts["evidence"]
    assert isinstance(kept, list)
    assert [ledger.blob(each) for each in kept] == [b"one", b"two"]


def test_a_draft_gets_another_document_and_keeps_the_first(ledger: Ledger) -> None:
    draft = ready(ledger, trail=(Status.DRAFT,), due_at=None)
    steps = (
        Change("corrected", None, Status.VALIDATED, keep_lease=True),
        Change("moved", keys.NOW, Status.READY),
    )
    filing = ledger.replace_document(claimed(ledger, draft), b"corrected", "1" * 64, *steps)
    assert (filing.status, filing.due_at, filing.content_sha256) == (Status.READY, keys.NOW, "1" * 64)
    assert ledger.blob(filing.document_sha256) == b"corrected"
    assert ledger.blob(draft.document_sha256) == b"phieu 10/2026"


# References and messages


def test_a_filing_is_found_by_everything_that_the_agency_calls_it(ledger: Ledger) -> None:
    filing = moved(ledger, ready(ledger), Status.SUBMITTING)
    ledger.record(claimed(ledger, filing), Change("acknowledged", None, Status.SUBMITTED, reference="GD1"))
    ledger.take_message(claimed(ledger, filing), Change("notice", None), "TB1", b"notice", receipt("GD1", "E7"))
    for name in ("GD1", "E7"):
        found = ledger.called("phieu", SIMULATOR, ["unknown", name])
        assert found is not None
        assert found.id == filing.id
    assert ledger.called("phieu", Environment.PRODUCTION, ["GD1"]) is None
    assert ledger.called("other", SIMULATOR, ["GD1"]) is None
    assert ledger.called("phieu", SIMULATOR, []) is None


def test_a_reference_keeps_the_filing_that_it_was_first_given_to(ledger: Ledger) -> None:
    first, second = ready(ledger, "1"), ready(ledger, "2")
    for filing in (first, second):
        ledger.record(claimed(ledger, filing), Change("moved", None, reference="GD1"))
    found = ledger.called("phieu", SIMULATOR, ["GD1"])
    assert found is not None
    assert found.id == first.id


def test_references_of_other_filings_of_the_obligation_are_told_apart(ledger: Ledger) -> None:
    refused = moved(ledger, ready(ledger), Status.SUBMITTING)
    ledger.record(claimed(ledger, refused), Change("moved", None, Status.SUBMITTED, reference="GD1"))
    moved(ledger, refused, Status.REJECTED)
    anew = ready(ledger, content="mới")
    elsewhere = ready(ledger, "11/2026")
    ledger.record(claimed(ledger, anew), Change("moved", None, reference="GD2"))
    ledger.record(claimed(ledger, elsewhere), Change("moved", None, reference="GD3"))
    assert ledger.references_of_others(ledger.filing(anew.id)) == {"GD1"}


def test_a_message_is_taken_once(ledger: Ledger) -> None:
    filing = ready(ledger)
    told = Change("notice 843", None)
    assert ledger.take_message(claimed(ledger, filing), told, "TB1", b"notice", receipt("GD1"))
    lease = claimed(ledger, filing)
    events = ledger.events(filing.id)
    for identifier, data in (("TB1", b"notice"), ("TB2", b"notice"), ("TB1", b"another")):
        assert not ledger.take_message(lease, told, identifier, data, receipt("GD1"))
    assert [each.identifier for each in ledger.messages(filing.id)] == ["TB1"]
    assert ledger.events(filing.id) == events


def test_what_was_not_believed_is_asked_for_again_and_may_be_taken_later(ledger: Ledger) -> None:
    filing = ready(ledger)
    for identifier, fate in (("TB1", Fate.REFUSED), ("TB2", Fate.ELSEWHERE), ("TB3", Fate.REPEATED)):
        ledger.leave_message("phieu", SIMULATOR, identifier, identifier.encode(), fate, "why")
    assert ledger.seen("phieu", SIMULATOR) == {"TB2", "TB3"}
    assert ledger.seen("phieu", Environment.PRODUCTION) == frozenset()
    assert not ledger.took("phieu", SIMULATOR, ledger.register(new_filing(), b"TB1").filing.document_sha256)
    assert ledger.take_message(claimed(ledger, filing), Change("notice", None), "TB1", b"mended", receipt("GD1"))
    assert ledger.seen("phieu", SIMULATOR) == {"TB1", "TB2", "TB3"}


def test_a_message_that_was_taken_is_not_forgotten_for_one_that_is_left(ledger: Ledger) -> None:
    filing = ready(ledger)
    ledger.take_message(claimed(ledger, filing), Change("notice", None), "TB1", b"notice", receipt("GD1"))
    ledger.leave_message("phieu", SIMULATOR, "TB1", b"rubbish", Fate.REFUSED, "why")
    (kept,) = ledger.messages(filing.id)
    assert (ledger.blob(kept.sha256), kept.fate) == (b"notice", Fate.TAKEN)
    assert ledger.took("phieu", SIMULATOR, kept.sha256)


# The log


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE event SET status = 'ACCEPTED' WHERE sequence = 2",
        "UPDATE event SET at = at + 1 WHERE sequence = 1",
        "UPDATE event SET facts = '{}' WHERE sequence = 1",
        "UPDATE event SET kind = 'moved again' WHERE sequence = 3",
        "DELETE FROM event WHERE sequence = 2",
        "DELETE FROM event WHERE sequence = 1",
        "DELETE FROM event",
        "UPDATE event SET sequence = 7 WHERE sequence = 3",
        "UPDATE event SET hash = (SELECT hash FROM event WHERE sequence = 1) WHERE sequence = 2",
    ],
)
def test_a_log_that_was_tampered_with_no_longer_holds(ledger: Ledger, place: str, tampering: str) -> None:
    filing = ready(ledger)
    assert ledger.chain_holds(filing.id)
    with sqlite3.connect(place) as raw:
        raw.execute(tampering)
    raw.close()
    assert not ledger.chain_holds(filing.id)


def test_an_event_of_one_filing_cannot_be_passed_off_as_anothers(ledger: Ledger, place: str) -> None:
    one, two = ready(ledger, "1"), ready(ledger, "2")
    with sqlite3.connect(place) as raw:
        raw.execute("DELETE FROM event WHERE filing_id = ?", (two.id,))
        raw.execute("UPDATE event SET filing_id = ? WHERE filing_id = ?", (two.id, one.id))
    raw.close()
    assert not ledger.chain_holds(two.id)


# Looking things up


def test_filings_are_narrowed_by_what_is_given_the_newest_first(ledger: Ledger, clock: Clock) -> None:
    old = ready(ledger, "1")
    clock.move(minutes=1)
    new = ready(ledger, "2")
    moved(ledger, old, Status.HANDED_OVER)
    assert [each.id for each in ledger.filings()] == [new.id, old.id]
    assert [each.id for each in ledger.filings(status=[Status.HANDED_OVER])] == [old.id]
    assert ledger.filings(environment=Environment.PRODUCTION) == ledger.filings(filer="9900000023") == ()
    assert len(ledger.filings(agency="phieu", filer="9900000016")) == 2


def test_what_is_not_there_is_an_error_that_names_it(ledger: Ledger) -> None:
    for ask in (ledger.filing, lambda name: ledger.claim(name, LEASE), ledger.blob):
        with pytest.raises(UnknownFiling) as unknown:
            ask("261116-XXXXXX")
        assert "261116-XXXXXX" in unknown.value.message.vi


def test_nothing_is_due_in_an_empty_ledger(ledger: Ledger) -> None:
    assert ledger.due() is None
    assert ledger.claim_due(LEASE) is None
