"""The agency's messages: to the right filing, once, in whatever order they come."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from itertools import permutations
from pathlib import Path

import pytest

from govgateway import AnswerRefused, Filing, Outcome, Status
from govgateway.connector import AgencyMessage, SubmitResult
from govgateway.ledger.records import Change, Fate
from govgateway.pipeline.advance import LEASE
from govgateway.pipeline.inbox import Inbox
from unit.pipeline.agency import ABSENT, UNKNOWN, Office, notice, office_at

RECEIVED = notice("843", Status.RECEIVED, "GD1", "E7", period="10/2026")
ACCEPTED = notice("844", Status.ACCEPTED, "E7", period="10/2026")
REFUSED = notice("844", Status.REJECTED, "E7", period="10/2026")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = office_at(tmp_path)
    with made.ledger:
        yield made


def bring(office: Office, data: bytes) -> Filing:
    """A person brings ``data``."""
    key = office.ledger.filings()[0].key
    return Inbox(office.ledger, office.agency, office.route(key.agency, key.environment), office.clock).bring(data)


def codes(office: Office, filing: Filing) -> list[str]:
    """The codes of the messages that were taken in for ``filing``."""
    return [each.receipt.code for each in office.ledger.messages(filing.id) if each.receipt]


def handed_over(office: Office, period: str = "10/2026", **more: str) -> Filing:
    """A filing that a person uploads."""
    lease = office.ledger.claim(office.ready(period, **more).id, LEASE)  # type: ignore[arg-type]
    assert lease is not None
    return office.ledger.record(lease, Change("handed over", None, status=Status.HANDED_OVER))


# Polled


def test_a_message_goes_to_the_filing_that_it_names(office: Office) -> None:
    one, two = office.submitted("1"), office.submitted("2", "GD2")
    office.agency.says(notice("843", Status.RECEIVED, "GD2", "E2"), notice("843", Status.RECEIVED, "GD1", "E1"))
    office.advance(one)
    assert {office.ledger.filing(each.id).status for each in (one, two)} == {Status.RECEIVED}
    assert office.ledger.references(two.id) == {"GD2", "E2"}
    office.agency.says(notice("844", Status.ACCEPTED, "E1"))
    office.advance(two)
    assert office.ledger.filing(one.id).status is Status.ACCEPTED
    assert office.ledger.filing(two.id).status is Status.RECEIVED


def test_a_filing_that_anothers_poll_moved_is_still_followed(office: Office) -> None:
    one, two = office.submitted("1"), office.submitted("2", "GD2")
    due_at = office.ledger.filing(two.id).due_at
    office.agency.says(notice("843", Status.RECEIVED, "GD2"))
    office.advance(one)
    assert office.ledger.filing(two.id).due_at == due_at
    office.agency.says(notice("844", Status.ACCEPTED, "GD2"))
    office.advance(one)
    assert office.ledger.filing(two.id).due_at is None


def test_a_filing_that_anothers_poll_moved_is_asked_about_more_often_again(office: Office) -> None:
    one, two = office.submitted("1"), office.submitted("2", "GD2")
    for _ in range(3):
        office.advance(two)
    assert office.waits(two) == timedelta(minutes=2)
    office.agency.says(notice("843", Status.RECEIVED, "GD2"))
    office.advance(one)
    office.advance(two)
    assert office.waits(two) == timedelta(seconds=30)


def test_a_message_about_a_filing_that_somebody_works_on_comes_again(office: Office) -> None:
    one, two = office.submitted("1"), office.submitted("2", "GD2")
    other = office.ledger.claim(two.id, LEASE)
    assert other is not None
    about_two = notice("843", Status.RECEIVED, "GD2")
    office.agency.says(about_two)
    office.advance(one)
    assert office.ledger.filing(two.id).status is Status.SUBMITTED
    office.ledger.release(other)
    office.agency.says(about_two)
    office.advance(one)
    assert office.agency.polled[-1][1] == frozenset()
    assert office.ledger.filing(two.id).status is Status.RECEIVED


@pytest.mark.parametrize("order", list(permutations([RECEIVED, ACCEPTED, RECEIVED, ACCEPTED])))
def test_repeated_and_reordered_notices_lead_to_the_same_verdict(office: Office, order: tuple[bytes, ...]) -> None:
    filing = office.submitted()
    for number, each in enumerate(order * 2):
        office.agency.says(AgencyMessage(f"TB{number}", each))
        if office.ledger.filing(filing.id).due_at is None:
            break
        filing = office.advance(filing)
    assert (filing.status, filing.attention.vi) == (Status.ACCEPTED, "")
    assert sorted(codes(office, filing)) == ["843", "844"]
    assert office.ledger.chain_holds(filing.id)


def test_one_message_under_two_names_is_asked_for_by_neither_again(office: Office) -> None:
    filing = office.submitted()
    office.agency.says(AgencyMessage("GD1", RECEIVED, about="GD1"), AgencyMessage("TB1", RECEIVED))
    office.advance(filing)
    assert office.ledger.seen("phieu", filing.key.environment) == {"GD1", "TB1"}
    assert codes(office, filing) == ["843"]


def test_a_verdict_that_names_no_known_reference_waits_for_the_notice_that_tells_it(office: Office) -> None:
    filing = office.submitted()
    office.agency.says(AgencyMessage("TB2", ACCEPTED))
    filing = office.advance(filing)
    assert (filing.status, codes(office, filing)) == (Status.SUBMITTED, [])
    assert office.ledger.seen("phieu", filing.key.environment) == frozenset()
    office.agency.says(AgencyMessage("TB1", RECEIVED), AgencyMessage("TB2", ACCEPTED))
    assert office.advance(filing).status is Status.ACCEPTED


def test_the_answer_to_a_question_belongs_to_what_was_asked_about(office: Office) -> None:
    filing = office.submitted()
    office.agency.says(AgencyMessage("GD1", notice("213", Status.REJECTED, filer=""), about="GD1"))
    assert office.advance(filing).status is Status.REJECTED


def test_an_answer_about_another_filing_under_way_is_not_believed(office: Office) -> None:
    filing, other = office.submitted(), office.submitted("11/2026", "GD2")
    wrong = AgencyMessage("GD1", notice("843", Status.REJECTED, "E9", period="11/2026"), about="GD1")
    office.agency.says(wrong)
    filing = office.advance(filing)
    assert filing.status is office.ledger.filing(other.id).status is Status.SUBMITTED
    assert "hồ sơ khác" in filing.attention.vi


def test_what_is_not_believed_is_told_kept_and_asked_for_again(office: Office) -> None:
    filing = office.submitted()
    office.agency.says(AgencyMessage("TB1", notice("844", Status.ACCEPTED, "GD1", forged=True)))
    filing = office.advance(filing)
    assert (filing.status, filing.attention.vi) == (
        Status.SUBMITTED,
        "chữ ký không hợp lệ",
    )
    office.agency.says(AgencyMessage("TB1", notice("844", Status.ACCEPTED, "GD1")))
    filing = office.advance(filing)
    assert office.agency.polled[-1][1] == frozenset()
    assert (filing.status, filing.attention.vi, codes(office, filing)) == (Status.ACCEPTED, "", ["844"])


def test_a_message_that_breaks_the_connector_does_not_keep_the_others_back(office: Office) -> None:
    filing = office.submitted()
    office.agency.says(b"no message at all", notice("843", Status.RECEIVED, "GD1"))
    filing = office.advance(filing)
    assert filing.status is Status.RECEIVED
    assert "JSONDecodeError" in filing.attention.vi
    office.agency.says(notice("844", Status.ACCEPTED, "GD1"), b"no message at all")
    assert office.advance(filing).status is Status.ACCEPTED


def test_a_message_that_names_the_filing_but_another_filer_is_not_believed(office: Office) -> None:
    filing = office.submitted()
    office.agency.says(notice("844", Status.ACCEPTED, "GD1", filer="9900000023"))
    filing = office.advance(filing)
    assert filing.status is Status.SUBMITTED
    assert filing.attention.vi


def test_what_concerns_nobody_here_is_not_asked_for_again(office: Office) -> None:
    filing = office.submitted()
    office.agency.says(AgencyMessage("TB9", notice("844", Status.ACCEPTED, "E9", filer="9900000023", period="3")))
    filing = office.advance(filing)
    assert (filing.status, filing.attention.vi) == (Status.SUBMITTED, "")
    assert office.ledger.seen("phieu", filing.key.environment) == {"TB9"}


def test_a_late_notice_is_kept_and_reopens_nothing(office: Office) -> None:
    filing, other = office.submitted(), office.submitted("11/2026", "GD2")
    office.agency.says(notice("844", Status.ACCEPTED, "GD1"))
    office.advance(filing)
    office.agency.says(notice("843", Status.RECEIVED, "GD1"), notice("900", None, "GD1"))
    office.advance(other)
    filing = office.ledger.filing(filing.id)
    assert (filing.status, filing.due_at, filing.attention.vi) == (Status.ACCEPTED, None, "")
    assert sorted(codes(office, filing)) == ["843", "844", "900"]
    assert office.kinds(filing)[-2:] == ["later notice 843", "later notice 900"]


@pytest.mark.parametrize(("first", "second"), [(Status.ACCEPTED, Status.REJECTED), (Status.REJECTED, Status.ACCEPTED)])
def test_a_verdict_against_the_one_that_is_there_asks_for_a_person(
    office: Office, first: Status, second: Status
) -> None:
    filing, other = office.submitted(), office.submitted("11/2026", "GD2")
    office.agency.says(notice("844", first, "GD1"))
    office.advance(filing)
    office.agency.says(notice("844", second, "GD1"))
    office.advance(other)
    filing = office.ledger.filing(filing.id)
    assert filing.status is first
    assert "trái với kết quả" in filing.attention.vi


# Sent twice


def sent_twice(office: Office) -> Filing:
    """A filing whose first send vanished and was sent again once it was absent: the agency calls it GD2."""
    office.agency.answers = [UNKNOWN]
    office.agency.looks = [ABSENT] * 30
    filing = office.advance(office.ready())
    while filing.status is Status.IN_DOUBT:
        filing = office.advance(filing)
    office.agency.answers = [SubmitResult(Outcome.ACKNOWLEDGED, "", reference="GD2")]
    return office.advance(filing)


def test_a_refusal_of_what_may_have_arrived_twice_is_for_a_person_to_judge(office: Office) -> None:
    filing = sent_twice(office)
    duplicate = notice("844", Status.REJECTED, "GD2", period="10/2026")
    office.agency.says(duplicate)
    filing = office.advance(filing)
    assert (filing.status, filing.due_at) == (Status.NEEDS_ATTENTION, None)
    assert "hai lần" in filing.attention.vi
    assert office.ledger.holder(filing.key) == filing


def test_a_person_settles_it_with_the_notice_that_counts(office: Office) -> None:
    filing = sent_twice(office)
    office.agency.says(notice("844", Status.REJECTED, "GD2", period="10/2026"))
    office.advance(filing)
    filing = bring(office, notice("844", Status.ACCEPTED, "GD1", period="10/2026"))
    assert (filing.status, filing.attention.vi, filing.due_at) == (Status.ACCEPTED, "", None)


def test_a_person_settles_it_with_the_refusal_that_is_here_already(office: Office) -> None:
    filing = sent_twice(office)
    refusal = notice("844", Status.REJECTED, "GD2", period="10/2026")
    office.agency.says(refusal)
    office.advance(filing)
    assert bring(office, refusal).status is Status.REJECTED
    assert codes(office, filing) == ["844"]
    with pytest.raises(AnswerRefused):
        bring(office, refusal)


def test_an_acceptance_of_what_was_sent_twice_needs_nobody(office: Office) -> None:
    filing = sent_twice(office)
    office.agency.says(notice("844", Status.ACCEPTED, "GD2"))
    assert office.advance(filing).status is Status.ACCEPTED


@pytest.mark.parametrize("verdict", [Status.ACCEPTED, Status.REJECTED])
def test_an_acceptance_under_another_reference_is_told(office: Office, verdict: Status) -> None:
    filing, other = office.submitted(reference="GD2"), office.submitted("11/2026", "GD3")
    office.agency.says(notice("844", verdict, "GD2"))
    filing = office.advance(filing)
    late = AgencyMessage("TB1", notice("844", Status.ACCEPTED, "GD1", period="10/2026"))
    office.agency.says(late)
    office.advance(other)
    filing = office.ledger.filing(filing.id)
    assert filing.status is verdict
    assert "mã giao dịch khác" in filing.attention.vi
    assert office.ledger.events(filing.id)[-1].facts["detail"] == "GD1"
    assert "TB1" in office.ledger.seen("phieu", filing.key.environment)


def test_an_old_refusal_under_another_reference_is_no_alarm(office: Office) -> None:
    filing, other = office.submitted(reference="GD2"), office.submitted("11/2026", "GD3")
    office.agency.says(notice("844", Status.ACCEPTED, "GD2"))
    office.advance(filing)
    office.agency.says(notice("844", Status.REJECTED, "GD1", period="10/2026"))
    office.advance(other)
    assert office.ledger.filing(filing.id).attention.vi == ""


# Brought by a person


def test_an_answer_that_a_person_brings_moves_what_was_handed_over(office: Office) -> None:
    filing = handed_over(office)
    assert bring(office, RECEIVED).status is Status.RECEIVED
    office.clock.move(minutes=1)
    filing = bring(office, ACCEPTED)
    assert (filing.status, filing.due_at) == (Status.ACCEPTED, None)
    assert codes(office, filing) == ["843", "844"]


def test_the_second_notice_may_be_brought_before_the_first(office: Office) -> None:
    handed_over(office)
    assert bring(office, ACCEPTED).status is Status.ACCEPTED
    filing = bring(office, RECEIVED)
    assert (filing.status, filing.attention.vi) == (Status.ACCEPTED, "")
    assert office.kinds(filing) == ["handed over", "notice 844", "later notice 843"]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (notice("844", Status.ACCEPTED, "E7", period="10/2026", forged=True), "signature is broken"),
        (notice("844", Status.ACCEPTED, "E7", period="10/2026", filer="9900000023"), "no filing here"),
        (notice("844", Status.ACCEPTED, "E7", period="09/2026"), "no filing here"),
        (notice("844", Status.ACCEPTED, "E7", filer=""), "no filing here"),
    ],
)
def test_an_answer_that_is_altered_or_about_nothing_here_is_refused(office: Office, data: bytes, why: str) -> None:
    filing = handed_over(office)
    before = office.ledger.events(filing.id)
    with pytest.raises(AnswerRefused) as refused:
        bring(office, data)
    assert why in refused.value.message.en
    assert office.ledger.events(filing.id) == before
    assert office.ledger.messages(filing.id) == ()


def test_an_answer_that_names_the_reference_of_another_filer_is_refused(office: Office) -> None:
    office.submitted("10/2026", "GD1")
    with pytest.raises(AnswerRefused):
        bring(office, notice("844", Status.ACCEPTED, "GD1", filer="9900000023"))
    assert office.ledger.filings()[0].status is Status.SUBMITTED


def test_an_answer_is_brought_once(office: Office) -> None:
    filing = handed_over(office)
    bring(office, RECEIVED)
    with pytest.raises(AnswerRefused) as refused:
        bring(office, RECEIVED)
    assert "taken in before" in refused.value.message.en
    assert codes(office, filing) == ["843"]
    assert bring(office, ACCEPTED).status is Status.ACCEPTED, "the refusal let go of the filing"


def test_an_answer_about_a_filing_that_is_worked_on_is_refused_for_now(office: Office) -> None:
    filing = handed_over(office)
    lease = office.ledger.claim(filing.id, LEASE)
    assert lease is not None
    with pytest.raises(AnswerRefused) as refused:
        bring(office, RECEIVED)
    assert "try again" in refused.value.message.en
    office.ledger.release(lease)
    assert bring(office, RECEIVED).status is Status.RECEIVED


def test_an_answer_about_a_send_that_was_killed_waits_until_that_is_written_down(office: Office) -> None:
    def killed() -> None:
        raise KeyboardInterrupt

    office.agency.answers = [killed]  # type: ignore[list-item]
    filing = office.ready()
    with pytest.raises(KeyboardInterrupt):
        office.advance(filing)
    office.clock.now += LEASE
    with pytest.raises(AnswerRefused):
        bring(office, RECEIVED)
    assert office.ledger.messages(filing.id) == ()
    assert office.advance(filing).status is Status.IN_DOUBT
    filing = bring(office, RECEIVED)
    assert filing.status is Status.RECEIVED
    office.agency.says(ACCEPTED)
    assert office.advance(filing).status is Status.ACCEPTED


def test_a_refusal_under_another_reference_does_not_let_go_of_a_filing_that_the_agency_has(office: Office) -> None:
    filing = office.submitted("10/2026", "GD1")
    with pytest.raises(AnswerRefused) as refused:
        bring(office, notice("844", Status.REJECTED, "E9", period="10/2026"))
    assert "another reference" in refused.value.message.en
    assert office.ledger.holder(filing.key) == office.ledger.filing(filing.id)
    assert office.ledger.filing(filing.id).status is Status.SUBMITTED


def test_a_notice_of_an_earlier_upload_is_not_taken_for_a_filing_handed_over_later(office: Office) -> None:
    filing = handed_over(office)
    long_ago = notice("844", Status.REJECTED, "E9", period="10/2026", arrived=office.clock() - timedelta(hours=1))
    with pytest.raises(AnswerRefused) as refused:
        bring(office, long_ago)
    assert "came in before" in refused.value.message.en
    assert office.ledger.filing(filing.id).status is Status.HANDED_OVER


@pytest.mark.parametrize("before", [timedelta(seconds=5), None])
def test_a_notice_that_may_be_of_an_earlier_upload_is_for_a_person_to_judge(
    office: Office, before: timedelta | None
) -> None:
    filing = handed_over(office)
    arrived = office.clock() - before if before else None
    refusal = notice("844", Status.REJECTED, "E9", period="10/2026", arrived=arrived)
    filing = bring(office, refusal)
    assert filing.status is Status.NEEDS_ATTENTION
    assert "nộp trước" in filing.attention.vi
    assert office.ledger.holder(filing.key) is not None, "the key is still held"
    assert bring(office, refusal).status is Status.REJECTED, "brought again, a person has said so"


def test_what_came_in_after_a_send_in_doubt_may_be_believed_unless_it_is_refused(office: Office) -> None:
    office.agency.answers = [UNKNOWN, UNKNOWN]
    one, two = office.advance(office.ready("10/2026")), office.advance(office.ready("09/2026"))
    assert bring(office, notice("844", Status.ACCEPTED, "E8", period="10/2026")).status is Status.ACCEPTED
    assert bring(office, notice("844", Status.REJECTED, "E9", period="09/2026")).status is Status.NEEDS_ATTENTION
    assert {one.status, two.status} == {Status.IN_DOUBT}


def test_an_acceptance_of_what_was_judged_here_is_kept_and_told(office: Office) -> None:
    filing = handed_over(office)
    assert bring(office, notice("844", Status.REJECTED, "E7", period="10/2026")).status is Status.REJECTED
    told = bring(office, notice("844", Status.ACCEPTED, "E8", period="10/2026"))
    assert (told.id, told.status) == (filing.id, Status.REJECTED)
    assert "mã giao dịch khác" in told.attention.vi


def test_a_filing_that_nobody_could_look_up_is_followed_again_once_its_receipt_is_brought(office: Office) -> None:
    office.able(can_find=False)
    office.agency.answers = [UNKNOWN]
    filing = office.advance(office.advance(office.ready()))
    assert filing.status is Status.NEEDS_ATTENTION
    filing = bring(office, RECEIVED)
    assert (filing.status, filing.attention.vi) == (Status.RECEIVED, "")
    office.agency.says(ACCEPTED)
    assert office.advance(filing).status is Status.ACCEPTED


def test_what_is_left_aside_is_kept_with_the_reason(office: Office) -> None:
    filing = office.submitted()
    forged = notice("844", Status.ACCEPTED, "GD1", forged=True)
    office.agency.says(AgencyMessage("TB1", forged))
    office.advance(filing)
    with closing(sqlite3.connect(office.place)) as raw:
        ((fate, why, digest),) = raw.execute("SELECT fate, why, sha256 FROM message").fetchall()
    assert (fate, why) == (Fate.REFUSED, "a signature is broken")
    assert office.ledger.blob(digest) == forged
