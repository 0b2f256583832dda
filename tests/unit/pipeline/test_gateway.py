"""The one door: what is taken, what is refused, what a person carries by hand, and what a person decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

import keys
import simulated
import taxoffice
from clocks import Clock
from desks import configuration, gateway, key, notices, of_month
from govgateway import (
    AnswerRefused,
    CertificateUnfit,
    ConfigurationError,
    DocumentRefused,
    DuplicateFiling,
    Environment,
    Filing,
    Gateway,
    KeyUnusable,
    Outcome,
    SignatureBroken,
    Status,
    StorageError,
    Text,
    TransitionRefused,
    UnknownFiling,
    UnknownForm,
    UsageError,
    read_xml,
)
from govgateway.connector import SubmitResult
from govgateway.documents.xml import XmlDocument
from govgateway.pipeline.advance import LEASE
from govgateway_etax.connector import ETax
from samples import declaration

PLACE = "Thuế tỉnh An Hoà"
REFUSAL = SubmitResult(Outcome.NOT_SENT, "fault", refusal=Text("Sai tài khoản.", "The account is wrong."))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(tmp_path: Path, clock: Clock) -> Iterator[Gateway]:
    with gateway(tmp_path, clock) as opened:
        yield opened


def answered(monkeypatch: pytest.MonkeyPatch, *results: SubmitResult) -> list[bytes]:
    """Let the tax office answer ``results`` in turn; the documents that it got."""
    left, got = list(results), []

    def submit(self: ETax, document: bytes, route: object) -> SubmitResult:
        got.append(document)
        return left.pop(0)

    monkeypatch.setattr(ETax, "submit", submit)
    return got


def untold(desk: Gateway, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Filing:
    """A filing of which nobody knows whether it arrived, at an agency that cannot be asked."""
    monkeypatch.setattr(ETax, "capabilities", replace(ETax.capabilities, can_find=False))
    answered(monkeypatch, SubmitResult(Outcome.UNKNOWN, "timeout"))
    desk.advance(desk.submit(declaration(), key()).id)
    clock.move(minutes=1)
    (filing,) = (desk.advance(each.id) for each in desk.filings())
    assert filing.status is Status.NEEDS_ATTENTION
    return filing


def document_of(desk: Gateway, filing: Filing) -> XmlDocument:
    return read_xml(desk._ledger.blob(filing.document_sha256))


# What is taken


def test_a_declaration_is_signed_and_ready_to_be_sent(desk: Gateway) -> None:
    filing = desk.submit(declaration(), key(), file_name="01PH.xml")
    assert (filing.status, filing.due_at, filing.file_name) == (Status.READY, keys.NOW, "01PH.xml")
    assert str(filing.key) == "etax|simulator|9900000016|879|M 10/2026|C|0"
    assert b"<SignatureValue" in document_of(desk, filing).data
    assert len(desk.history(filing.id).events) == 3


def test_the_same_declaration_again_is_the_same_filing_and_is_not_signed_again(desk: Gateway) -> None:
    first = desk.submit(declaration(), key())

    def never(slot: object) -> object:
        raise AssertionError("asked for a key")

    assert desk.submit(declaration(), never) == first  # type: ignore[arg-type]
    assert desk.submit(read_xml(simulated.filed())) == first
    assert desk.filings() == (first,)


def test_a_key_is_asked_for_only_when_a_signature_is_missing(desk: Gateway) -> None:
    asked = []

    def ring(slot: object) -> object:
        asked.append(slot.owner)  # type: ignore[attr-defined]
        return key()

    desk.submit(declaration(), ring)  # type: ignore[arg-type]
    desk.submit(read_xml(simulated.filed(("10/2026", "09/2026"))), ring)  # type: ignore[arg-type]
    assert asked == ["MST:9900000016"]


def test_an_unsigned_declaration_without_a_key_is_told_whose_signature_is_missing(desk: Gateway) -> None:
    with pytest.raises(UsageError) as refused:
        desk.submit(declaration())
    assert "MST:9900000016" in refused.value.message.vi
    assert desk.filings() == ()


def test_other_content_for_the_same_period_is_refused_with_the_fields_that_differ(desk: Gateway) -> None:
    desk.submit(declaration(), key())
    with pytest.raises(DuplicateFiling) as refused:
        desk.submit(declaration(("Trần Thị Mẫu", "Lê Văn Mẫu"), ("Số 1 đường", "Số 2 đường")), key())
    assert "Trần Thị Mẫu → Lê Văn Mẫu" in refused.value.message.vi
    assert "Số 1 đường Thí Dụ → Số 2 đường Thí Dụ" in refused.value.message.vi
    assert refused.value.message.en.count("→") == 2


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (("9900000016", "9900000017"), DocumentRefused),
        (("HSoThueDTu", "HSoKhac"), UnknownForm),
    ],
)
def test_what_is_wrong_never_reaches_the_ledger(desk: Gateway, change: tuple[str, str], error: type[Exception]) -> None:
    text = declaration().data.decode("utf-8-sig").replace(*change)
    with pytest.raises(error):
        desk.submit(read_xml(text.encode()), key())
    assert desk.filings() == ()


def test_a_document_that_was_altered_after_signing_is_refused(desk: Gateway) -> None:
    altered = simulated.filed().replace("Trần Thị Mẫu".encode(), "Lê Văn Mẫu".encode(), 1)
    with pytest.raises(SignatureBroken):
        desk.submit(read_xml(altered), key())
    assert desk.filings() == ()


def test_certificates_of_a_signed_document_are_judged(desk: Gateway, clock: Clock) -> None:
    signed = read_xml(simulated.filed(by=keys.leaf(days=(-20, -10))))
    with pytest.raises(CertificateUnfit) as refused:
        desk.submit(signed)
    assert "hết hạn" in refused.value.message.vi
    with pytest.raises(UsageError):
        desk.submit(read_xml(simulated.filed(by=keys.leaf("MST:9900000023"))))


def test_a_demonstration_key_signs_for_the_simulator_only(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "govgateway.toml"
    path.write_text('[etax.production]\naddress = "https://tax.example/van"\n', encoding="utf-8")
    with gateway(tmp_path, clock) as desk:
        for document, signer in ((declaration(), key()), (read_xml(simulated.filed()), None)):
            with pytest.raises(KeyUnusable):
                desk.submit(document, signer, environment=Environment.PRODUCTION)
        filing = desk.submit(declaration(), keys.leaf().signer, environment=Environment.PRODUCTION)
        assert filing.key.environment is Environment.PRODUCTION
        assert desk.submit(declaration(), key()).id != filing.id, "another environment, another filing"
        assert desk.filings(environment=Environment.PRODUCTION) == (filing,)


def test_without_a_route_nothing_is_taken_in_but_on_hold(tmp_path: Path, clock: Clock) -> None:
    with gateway(tmp_path, clock, address="") as desk:
        with pytest.raises(ConfigurationError):
            desk.submit(declaration(), key())
        assert desk.filings() == ()
        assert desk.submit(declaration(), key(), hold=True).due_at is None


@pytest.mark.parametrize(
    "unsafe",
    [{"address": "http://tax.example/van"}, {"ca_file": "/nowhere/roots.pem", "address": "https://tax.example"}],
)
def test_a_route_that_is_not_safe_sends_nothing_and_leaves_no_doubt(
    tmp_path: Path, clock: Clock, unsafe: dict[str, str]
) -> None:
    with gateway(tmp_path, clock, **unsafe) as desk:
        filing = desk.submit(declaration(), key())
        with pytest.raises(ConfigurationError):
            desk.advance(filing.id)
        history = desk.history(filing.id)
    assert (history.filing.status, history.attempts) == (Status.READY, ())


# On hold


def test_a_filing_that_waits_to_be_sent_is_held_back(
    desk: Gateway, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = answered(monkeypatch, SubmitResult(Outcome.NOT_SENT, "connection"))
    filing = desk.advance(desk.submit(declaration(), key()).id)
    assert filing.due_at is not None
    held = desk.submit(declaration(), hold=True)
    assert (held.id, held.status, held.due_at) == (filing.id, Status.READY, None)
    clock.now += timedelta(days=1)
    desk.work(until_idle=True)
    assert len(sent) == 1


def test_what_has_left_cannot_be_held_back(desk: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    answered(monkeypatch, SubmitResult(Outcome.UNKNOWN, "timeout"))
    filing = desk.advance(desk.submit(declaration(), key()).id)
    with pytest.raises(TransitionRefused):
        desk.submit(declaration(), hold=True)
    assert desk.filing(filing.id) == filing


def test_a_filing_on_hold_is_not_sent_until_it_is_submitted_again(
    desk: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    got = answered(monkeypatch, SubmitResult(Outcome.ACKNOWLEDGED, "", reference="GD1"))
    held = desk.submit(declaration(), key(), hold=True)
    desk.work(until_idle=True)
    assert desk.advance(held.id) == held == desk.submit(declaration(), hold=True) == desk.wait(held.id)
    assert got == []
    released = desk.submit(declaration())
    assert (released.id, released.due_at) == (held.id, keys.NOW)
    assert desk.advance(held.id).status is Status.SUBMITTED
    assert got == [document_of(desk, held).data]


def test_what_the_agency_would_not_take_is_sent_again_when_a_person_asks(
    desk: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    got = answered(monkeypatch, REFUSAL, SubmitResult(Outcome.ACKNOWLEDGED, "", reference="GD1"))
    filing = desk.advance(desk.submit(declaration(), key()).id)
    assert filing.status is Status.NEEDS_ATTENTION
    again = desk.submit(declaration())
    assert (again.id, again.status, again.attention.vi) == (filing.id, Status.READY, "")
    assert desk.advance(filing.id).status is Status.SUBMITTED
    assert got[0] == got[1]


@pytest.mark.parametrize("sent", [Outcome.UNKNOWN, Outcome.ACKNOWLEDGED])
def test_what_may_have_been_sent_is_not_sent_again_by_submitting_it(
    desk: Gateway, monkeypatch: pytest.MonkeyPatch, sent: Outcome
) -> None:
    got = answered(monkeypatch, SubmitResult(sent, "", reference="GD1" if sent is Outcome.ACKNOWLEDGED else ""))
    filing = desk.advance(desk.submit(declaration(), key()).id)
    assert desk.submit(declaration()) == filing
    assert len(got) == 1


def test_what_nobody_could_tell_is_not_sent_again_by_submitting_it(
    desk: Gateway, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    filing = untold(desk, clock, monkeypatch)
    assert desk.submit(declaration()) == filing


def test_a_filing_that_went_on_meanwhile_is_not_put_back(
    desk: Gateway, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    """Two people release a filing on hold; one sends it, and nobody knows what became of it. The other sleeps between
    looking and claiming."""
    desk.submit(declaration(), key(), hold=True)
    got = answered(monkeypatch, SubmitResult(Outcome.UNKNOWN, "timeout"))
    claim = desk._ledger.claim

    def slept(filing_id: str, lease: timedelta) -> object:
        with monkeypatch.context() as awake:
            awake.setattr(desk._ledger, "claim", claim)
            desk.submit(declaration())
            desk.advance(filing_id)
        return claim(filing_id, lease)

    monkeypatch.setattr(desk._ledger, "claim", slept)
    filing = desk.submit(declaration())
    assert (filing.status, len(got)) == (Status.IN_DOUBT, 1)


# By hand


def test_exporting_gives_the_file_that_the_portal_wants_and_the_same_again(desk: Gateway, tmp_path: Path) -> None:
    filing = desk.submit(declaration(), key(), hold=True)
    path = desk.export(filing.id, tmp_path / "cổng")
    assert path.name == "9900000016-01_PH_TT80-M102026-L00.xml"
    assert path.read_bytes() == document_of(desk, filing).data
    assert desk.filing(filing.id).status is Status.HANDED_OVER
    events = len(desk.history(filing.id).events)
    path.unlink()
    assert desk.export(filing.id, tmp_path / "cổng") == path
    assert desk.export(filing.id, tmp_path / "cổng") == path
    assert path.read_bytes() == document_of(desk, filing).data
    assert len(desk.history(filing.id).events) == events


def test_a_file_that_is_there_with_other_content_is_not_overwritten(desk: Gateway, tmp_path: Path) -> None:
    filing = desk.submit(declaration(), key(), hold=True)
    path = desk.export(filing.id, tmp_path)
    path.write_bytes(b"other")
    with pytest.raises(UsageError):
        desk.export(filing.id, tmp_path)
    assert path.read_bytes() == b"other"


def test_a_folder_that_cannot_be_written_is_told_and_the_file_can_be_had_again(desk: Gateway, tmp_path: Path) -> None:
    filing = desk.submit(declaration(), key(), hold=True)
    (tmp_path / "file").touch()
    with pytest.raises(StorageError):
        desk.export(filing.id, tmp_path / "file" / "folder")
    assert desk.export(filing.id, tmp_path / "folder").exists()


def test_the_document_of_a_filing_is_had_as_it_will_be_sent(desk: Gateway, tmp_path: Path) -> None:
    filing = desk.submit(declaration(), key(), hold=True)
    assert desk.document(filing.id) == desk.export(filing.id, tmp_path).read_bytes()
    with pytest.raises(UnknownFiling):
        desk.document("261116-XXXXXX")


def test_what_was_sent_is_not_exported(desk: Gateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answered(monkeypatch, SubmitResult(Outcome.UNKNOWN, "timeout"))
    filing = desk.advance(desk.submit(declaration(), key()).id)
    with pytest.raises(TransitionRefused):
        desk.export(filing.id, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert desk.filing(filing.id) == filing
    assert desk.advance(filing.id) == filing, "it is not held by the refusal"


def test_what_was_handed_over_is_not_sent(desk: Gateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    got = answered(monkeypatch)
    filing = desk.submit(declaration(), key())
    desk.export(filing.id, tmp_path)
    desk.work(until_idle=True)
    assert desk.submit(declaration()).status is Status.HANDED_OVER
    assert got == []


def test_the_answers_of_the_portal_lead_to_the_verdict(desk: Gateway, clock: Clock, tmp_path: Path) -> None:
    office = simulated.office(clock)
    filing = desk.submit(declaration(), key(), hold=True)
    answers = notices(office, clock, desk.export(filing.id, tmp_path).read_bytes())
    assert desk.import_answer(read_xml(answers["844"])).status is Status.ACCEPTED
    assert desk.import_answer(read_xml(answers["843"])).status is Status.ACCEPTED
    assert {each.code for each in desk.history(filing.id).receipts} == {"843", "844"}
    with pytest.raises(AnswerRefused):
        desk.import_answer(read_xml(answers["844"]))
    saved = {path.read_bytes() for path in desk.save_receipts(filing.id, tmp_path / "receipts")}
    assert saved == set(answers.values())


def test_answers_that_are_not_to_be_believed_are_refused(desk: Gateway, clock: Clock, tmp_path: Path) -> None:
    office = simulated.office(clock)
    filing = desk.submit(declaration(), key(), hold=True)
    answers = notices(office, clock, desk.export(filing.id, tmp_path).read_bytes())
    theirs = notices(office, clock, simulated.filed(("9900000016", "9900000023"), by=simulated.holder("9900000023")))
    content = "<maGiaoDichDTu>1</maGiaoDichDTu><trangThai>Y</trangThai>"
    for answer in (
        answers["844"].replace(PLACE.encode(), "Thuế tỉnh An Hoa".encode()),
        theirs["843"],
        taxoffice.notice("844", content),
        taxoffice.unsigned("844", content),
    ):
        with pytest.raises(AnswerRefused):
            desk.import_answer(read_xml(answer))
    assert desk.filing(filing.id).status is Status.HANDED_OVER
    assert desk.history(filing.id).receipts == ()
    assert desk.import_answer(read_xml(answers["843"])).status is Status.RECEIVED


def test_an_answer_of_the_simulator_is_not_brought_to_a_real_filing(
    desk: Gateway, clock: Clock, tmp_path: Path
) -> None:
    filing = desk.submit(declaration(), key(), hold=True)
    answers = notices(simulated.office(clock), clock, desk.export(filing.id, tmp_path).read_bytes())
    with pytest.raises(AnswerRefused):
        desk.import_answer(read_xml(answers["844"]), environment=Environment.PRODUCTION)


def test_a_declaration_is_no_answer(desk: Gateway) -> None:
    desk.submit(declaration(), key())
    with pytest.raises(AnswerRefused):
        desk.import_answer(declaration())
    with pytest.raises(UnknownForm):
        desk.import_answer(read_xml(b"<khac/>"))


# After a refusal


def refused(desk: Gateway, clock: Clock, folder: Path, document: XmlDocument) -> Filing:
    """A filing that the tax office refused: its period has not begun."""
    filing = desk.submit(document, key(), hold=True)
    answers = notices(simulated.office(clock), clock, desk.export(filing.id, folder).read_bytes())
    return desk.import_answer(read_xml(answers["844"]))


def test_a_refused_filing_is_corrected_in_a_new_draft(desk: Gateway, clock: Clock, tmp_path: Path) -> None:
    filing = refused(desk, clock, tmp_path, of_month(12))
    assert filing.status is Status.REJECTED
    correction = desk.correct(filing.id, tmp_path / "sửa")
    (reason,) = correction.reasons
    assert "Kỳ tính thuế chưa bắt đầu" in reason.message
    assert reason.path.endswith("KyKKhaiThue/kyKKhai")
    assert reason.label == Text("Kỳ tính thuế", "Tax period")
    draft = correction.filing
    assert (draft.status, draft.corrects, draft.key) == (Status.DRAFT, filing.id, filing.key)
    assert b"<SignatureValue" not in correction.path.read_bytes()
    assert desk.correct(filing.id, tmp_path / "sửa") == correction, "again, it is the same draft"
    text = correction.path.read_bytes().replace("Trần Thị Mẫu".encode(), "Lê Văn Mẫu".encode(), 1)
    adopted = desk.submit(read_xml(text), key())
    assert (adopted.id, adopted.status, adopted.due_at) == (draft.id, Status.READY, clock())
    assert [each.kind for each in desk.history(draft.id).events] == ["registered", "corrected", "moved"]
    assert "Lê Văn Mẫu".encode() in document_of(desk, adopted).data
    assert desk.filing(filing.id) == filing
    assert b"Tr\xe1\xba\xa7n" in document_of(desk, filing).data


def test_only_a_refused_filing_is_corrected(desk: Gateway, tmp_path: Path) -> None:
    filing = desk.submit(declaration(), key())
    with pytest.raises(TransitionRefused):
        desk.correct(filing.id, tmp_path / "sửa")
    assert not (tmp_path / "sửa").exists()


def test_a_draft_is_not_sent_and_can_be_given_up(desk: Gateway, clock: Clock, tmp_path: Path) -> None:
    filing = refused(desk, clock, tmp_path, of_month(12))
    draft = desk.correct(filing.id, tmp_path / "sửa").filing
    desk.work(until_idle=True)
    assert desk.filing(draft.id) == draft
    assert desk.cancel(draft.id, "không nộp nữa").status is Status.CANCELLED
    assert desk.submit(of_month(12), key()).id not in {filing.id, draft.id}


# Given up


def test_what_was_not_sent_is_cancelled_and_may_be_filed_anew(desk: Gateway) -> None:
    filing = desk.cancel(desk.submit(declaration(), key()).id, "sai kỳ")
    assert (filing.status, filing.due_at) == (Status.CANCELLED, None)
    assert desk.history(filing.id).events[-1].facts == {"detail": "sai kỳ"}
    anew = desk.submit(declaration(("Trần Thị Mẫu", "Lê Văn Mẫu")), key())
    assert anew.id != filing.id
    desk.work(until_idle=True)
    assert desk.filing(filing.id) == filing


def test_what_was_sent_or_may_have_been_is_not_cancelled(desk: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    answered(
        monkeypatch,
        SubmitResult(Outcome.ACKNOWLEDGED, "", reference="GD1"),
        SubmitResult(Outcome.UNKNOWN, "timeout"),
    )
    for month in (9, 10):
        filing = desk.advance(desk.submit(of_month(month), key()).id)
        for word in (False, True):
            with pytest.raises(TransitionRefused):
                desk.cancel(filing.id, "đổi ý", never_uploaded=word)
        assert desk.filing(filing.id) == filing


def test_what_was_handed_over_is_cancelled_only_on_a_persons_word(desk: Gateway, tmp_path: Path) -> None:
    filing = desk.submit(declaration(), key(), hold=True)
    desk.export(filing.id, tmp_path)
    with pytest.raises(TransitionRefused) as refused:
        desk.cancel(filing.id, "đổi ý")
    assert "--never-uploaded" in refused.value.remedy.vi
    assert desk.cancel(filing.id, "đổi ý", never_uploaded=True).status is Status.CANCELLED


def test_what_the_agency_has_spoken_of_is_not_cancelled_on_anybodys_word(
    desk: Gateway, clock: Clock, tmp_path: Path
) -> None:
    filing = desk.submit(declaration(), key(), hold=True)
    answers = notices(simulated.office(clock), clock, desk.export(filing.id, tmp_path).read_bytes())
    desk.import_answer(read_xml(answers["843"]))
    with pytest.raises(TransitionRefused):
        desk.cancel(filing.id, "đổi ý", never_uploaded=True)
    assert desk.import_answer(read_xml(answers["844"])).status is Status.ACCEPTED


def test_what_nobody_could_tell_is_cancelled_when_a_person_has_looked(
    desk: Gateway, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    filing = untold(desk, clock, monkeypatch)
    with pytest.raises(TransitionRefused):
        desk.cancel(filing.id, "không có trên cổng")
    assert desk.cancel(filing.id, "không có trên cổng", never_uploaded=True).status is Status.CANCELLED


def test_a_filing_that_is_worked_on_is_left_alone(desk: Gateway, tmp_path: Path) -> None:
    filing = desk.submit(declaration(), key())
    lease = desk._ledger.claim(filing.id, LEASE)
    assert lease is not None
    for act in (lambda: desk.cancel(filing.id, "đổi ý"), lambda: desk.export(filing.id, tmp_path / "out")):
        with pytest.raises(TransitionRefused) as refused:
            act()
        assert "being worked on" in refused.value.message.en
    desk._ledger.release(lease)
    assert desk.filing(filing.id) == filing


# Following


def test_waiting_ends_with_the_time_given(desk: Gateway, clock: Clock) -> None:
    filing = desk.submit(declaration(), key())
    seen: list[Status] = []
    waited = desk.wait(filing.id, timeout=timedelta(minutes=3), on_change=lambda each: seen.append(each.status))
    assert clock() == keys.NOW + timedelta(minutes=3)
    assert (waited.status, seen) == (Status.READY, [])
    assert {each.outcome for each in desk.history(filing.id).attempts} == {Outcome.NOT_SENT}


def test_whoever_waits_goes_on_when_another_process_takes_over(
    desk: Gateway, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overtaken(self: ETax, document: bytes, route: object) -> SubmitResult:
        clock.now += LEASE
        lease = desk._ledger.claim(filing.id, LEASE)
        assert lease is not None
        desk._ledger.release(lease)
        return SubmitResult(Outcome.ACKNOWLEDGED, "", reference="GD1")

    monkeypatch.setattr(ETax, "submit", overtaken)
    filing = desk.submit(declaration(), key())
    assert desk.wait(filing.id).status is Status.IN_DOUBT


def test_a_configuration_shows_no_password(tmp_path: Path) -> None:
    assert "demo" not in repr(configuration(tmp_path))
