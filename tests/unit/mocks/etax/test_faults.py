"""Every fault that the simulated tax office plays itself, as a client sees it in SOAP: called, and at a raw socket."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from govgateway.documents.xml import read_xml
from govgateway.errors import UsageError
from govgateway.signing.trust import TrustStore
from govgateway.signing.verify import Verification, verify
from govgateway_mocks.agency import State
from govgateway_mocks.etax import pages
from govgateway_mocks.etax.faults import CALLS, FAULTS
from govgateway_mocks.etax.services import SERVICES
from govgateway_mocks.faults import Fault
from govgateway_mocks.server import RunningSimulator
from signed import PROFILES
from simulated import RECEIPT_DELAY, VERDICT_DELAY, Clock, fields, filed, office, pki
from unit.mocks.etax.caller import FILING, RELATED, Caller, SocketCaller, fault, filing, returned

TODAY, KEY = "16/11/2026", "9900000016/879/M 10/2026/C/0"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["in memory", "raw socket"])
def caller(request: pytest.FixtureRequest, clock: Clock) -> Iterator[Caller]:
    if request.param == "in memory":
        yield Caller(office(clock))
    else:
        with RunningSimulator(office(clock)) as running:
            yield SocketCaller(running)


def _verified(notice: bytes, clock: Clock) -> Verification:
    trust = TrustStore.from_pem(pki().trust.read_bytes())
    return verify(read_xml(notice), PROFILES["etax-notice-2026"], trust, clock())


def _notices(caller: Caller) -> list[bytes]:
    """Every notice of the account, fetched as a client fetches them."""
    identifiers = filter(None, caller.told("getDsachTbao").split(";"))
    return [caller.notice("getTbao", idTbao=each) for each in identifiers]


def _codes(caller: Caller) -> list[str]:
    return [fields(each)["maTBao"] for each in _notices(caller)]


def test_every_fault_is_told_in_both_languages_and_seen_by_a_test() -> None:
    assert all(each.meaning.vi != each.meaning.en and each.layer == "agency" for each in FAULTS.values())
    played = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in FAULTS if f'("{name}"' not in played] == []


@pytest.mark.parametrize("processed", [False, True])
def test_a_soap_fault_before_or_after_the_request_was_carried_out(caller: Caller, processed: bool) -> None:
    caller.arm("soap-fault", "nhanHSoXML", code="ns0:Khac", text="bận <1>", processed=processed)
    assert fault(caller.post(FILING, filing(filed()), RELATED)) == ("ns0:Khac", "bận <1>")
    assert sum(caller.office.arrivals.values()) == processed


def test_a_soap_fault_strikes_questions_too(caller: Caller) -> None:
    caller.arm("soap-fault", "traKQuaPhienGDich")
    assert fault(caller.ask("traKQuaPhienGDich", ngayGDich=TODAY))[0] == "ns0:Server"
    assert caller.told("getDsachTbao") == ""


@pytest.mark.parametrize("processed", [False, True])
def test_an_error_in_200_is_no_transaction_code(caller: Caller, processed: bool) -> None:
    caller.arm("error-in-200", "nhanHSoXML", processed=processed)
    assert caller.file(filed()) == "IHTKK-9999"
    assert sum(caller.office.arrivals.values()) == processed


def test_an_error_in_200_is_no_notice(caller: Caller, clock: Clock) -> None:
    code = caller.file(filed())
    clock.advance(RECEIPT_DELAY)
    caller.arm("error-in-200", "traKQuaGDich", text="IHTKK-0001")
    assert caller.told("traKQuaGDich", maGDich=code) == "IHTKK-0001"


def test_an_unknown_code_is_told_of_a_filing_that_has_another(caller: Caller, clock: Clock) -> None:
    caller.arm("unknown-code", "nhanHSoXML")
    told = caller.file(filed())
    (transaction,) = caller.office.transactions
    assert told != transaction.code
    assert told.startswith("00010-0002-16112026100000000-")
    clock.advance(RECEIPT_DELAY)
    assert caller.told("traKQuaGDich", maGDich=told) == ""
    assert fields(caller.notice("traKQuaGDich", maGDich=transaction.code))["maTBao"] == "843"


def test_a_notice_of_an_unknown_code_is_truly_signed(caller: Caller, clock: Clock) -> None:
    code = caller.file(filed())
    clock.advance(RECEIPT_DELAY)
    true = caller.notice("traKQuaGDich", maGDich=code)
    caller.arm("unknown-code", "traKQuaGDich", code="777")
    notice = caller.notice("traKQuaGDich", maGDich=code)
    assert fields(notice)["maTBao"] == "777"
    assert fields(true)["maTBao"] == "843"
    assert _verified(notice, clock).signatures[0].trusted


def test_the_code_of_an_other_filing_is_told(caller: Caller) -> None:
    first = caller.file(filed())
    caller.arm("other-filing", "nhanHSoXML")
    assert caller.file(filed(("<nguoiKy>Trần Thị Mẫu<", "<nguoiKy>Lê Văn Khác<"))) == first
    assert len(caller.office.transactions) == 2


def test_without_an_other_filing_the_code_is_of_one_that_never_was(caller: Caller) -> None:
    caller.arm("other-filing", "nhanHSoXML")
    assert caller.file(filed()) not in {each.code for each in caller.office.transactions}


@pytest.mark.parametrize("operation", ["traKQuaGDich", "getTbao"])
def test_the_notice_of_an_other_filing_is_truly_signed(caller: Caller, clock: Clock, operation: str) -> None:
    code = caller.file(filed())
    clock.advance(RECEIPT_DELAY)
    arguments = {"traKQuaGDich": {"maGDich": code}, "getTbao": {"idTbao": "TB000001"}}[operation]
    true = fields(caller.notice(operation, **arguments))
    caller.arm("other-filing", operation)
    notice = caller.notice(operation, **arguments)
    other = fields(notice)
    assert (true["maNNhan"], other["maNNhan"]) == ("9900000016", "9900000023")
    assert true["maGiaoDichDTu"] != other["maGiaoDichDTu"]
    assert _verified(notice, clock).signatures[0].trusted


def test_the_days_result_of_an_other_filing_is_that_of_the_day_before(caller: Caller) -> None:
    caller.file(filed())
    caller.arm("other-filing", "traKQuaPhienGDich")
    told = fields(caller.notice("traKQuaPhienGDich", ngayGDich=TODAY))
    assert (told["ngayGDich"], "maGDC" in told) == ("15/11/2026", False)


def test_duplicated_notices_are_listed_and_answered_twice_under_different_ids(caller: Caller, clock: Clock) -> None:
    caller.file(filed())
    clock.advance(2 * VERDICT_DELAY)
    armed = caller.arm("duplicated", "getDsachTbao")
    once = caller.told("getTBaoLan2").split(";")
    notices = _notices(caller)
    assert [len(once), len(notices), len(set(notices))] == [1, 4, 2]
    assert len(set(caller.told("getDsachTbao").split(";"))) == 4, "a copy is not copied again"
    caller.office.script.disarm(armed)
    assert len(_notices(caller)) == 4, "what was listed can be fetched for ever"
    caller.arm("duplicated", "getTBaoLan2")
    assert len(caller.told("getTBaoLan2").split(";")) == 2


def test_reordered_notices_tell_the_verdict_before_the_receipt(caller: Caller, clock: Clock) -> None:
    caller.arm("reordered", "nhanHSoXML")
    code = caller.file(filed())
    clock.advance(RECEIPT_DELAY)
    assert _codes(caller) == ["844"]
    assert fields(caller.notice("traKQuaGDich", maGDich=code))["maTBao"] == "844"
    clock.advance(VERDICT_DELAY)
    assert _codes(caller) == ["844", "843"]


def test_reordered_is_nothing_to_what_is_not_received(caller: Caller, clock: Clock) -> None:
    caller.arm("reordered", "nhanHSoXML")
    caller.file(b"no xml")
    clock.advance(RECEIPT_DELAY)
    assert _codes(caller) == ["213"]


def test_late_notices_come_so_many_seconds_later(caller: Caller, clock: Clock) -> None:
    caller.arm("late", "nhanHSoXML", seconds=600)
    caller.file(filed())
    for wait, seen in ((600, []), (RECEIPT_DELAY.seconds, ["843"]), (VERDICT_DELAY.seconds, ["843", "844"])):
        clock.advance(timedelta(seconds=wait))
        assert _codes(caller) == seen
    assert fields(caller.notice("traKQuaPhienGDich", ngayGDich=TODAY))["maHSo"] == "879"


def test_late_acceptance_makes_the_look_up_say_absent_until_then(caller: Caller, clock: Clock) -> None:
    caller.arm("late-acceptance", "nhanHSoXML", seconds=7200)
    code = caller.file(filed())
    assert sum(caller.office.arrivals.values()) == 1
    clock.advance(timedelta(seconds=7199))
    assert "maGDC" not in fields(caller.notice("traKQuaPhienGDich", ngayGDich=TODAY))
    assert _codes(caller) == []
    clock.advance(timedelta(seconds=1))
    assert fields(caller.notice("traKQuaPhienGDich", ngayGDich=TODAY))["maGDC"] == code
    clock.advance(RECEIPT_DELAY + VERDICT_DELAY)
    assert _codes(caller) == ["843", "844"]


@pytest.mark.parametrize("operation", ["traKQuaGDich", "getTbao", "traKQuaPhienGDich"])
@pytest.mark.parametrize(
    ("kind", "intact", "trusted", "signer"),
    [
        ("wrong-key", True, True, "Sở Chưa Đăng Ký"),
        ("altered", False, False, "CƠ QUAN THUẾ MÔ PHỎNG"),
        ("expired-certificate", True, False, "CƠ QUAN THUẾ MÔ PHỎNG"),
    ],
)
def test_a_notice_by_the_wrong_key_altered_or_with_an_expired_certificate(
    caller: Caller, clock: Clock, operation: str, kind: str, intact: bool, trusted: bool, signer: str
) -> None:
    """So it is once; asked again the office answers truly."""
    code = caller.file(filed())
    clock.advance(2 * VERDICT_DELAY)
    arguments = {
        "traKQuaGDich": {"maGDich": code},
        "getTbao": {"idTbao": "TB000002"},
        "traKQuaPhienGDich": {"ngayGDich": TODAY},
    }[operation]
    caller.arm(kind, operation, nth=1)
    (signature,) = _verified(caller.notice(operation, **arguments), clock).signatures
    assert (signature.intact, signature.intact and signature.trusted, signature.signer) == (intact, trusted, signer)
    (signature,) = _verified(caller.notice(operation, **arguments), clock).signatures
    assert (signature.intact, signature.trusted, signature.signer) == (True, True, "CƠ QUAN THUẾ MÔ PHỎNG")


def test_what_altered_changes_is_one_figure_of_the_content(caller: Caller, clock: Clock) -> None:
    code = caller.file(filed())
    clock.advance(RECEIPT_DELAY)
    true = caller.notice("traKQuaGDich", maGDich=code)
    caller.arm("altered", "traKQuaGDich")
    false = caller.notice("traKQuaGDich", maGDich=code)
    (place,) = [number for number, (one, other) in enumerate(zip(true, false, strict=True)) if one != other]
    assert true.index(b"<NDungTBao") < place < true.index(b"</NDungTBao>")


def test_clock_skew_shows_in_every_time_that_the_office_writes(caller: Caller, clock: Clock) -> None:
    caller.arm("clock-skew", seconds=-86400)
    code = caller.file(filed())
    assert code.startswith("00010-0002-15112026100000000-")
    clock.advance(RECEIPT_DELAY)
    notice = caller.notice("traKQuaGDich", maGDich=code)
    told = fields(notice)
    assert (told["ngayHoSo"], told["ngayTBao"]) == ("2026-11-15T10:00:00.000+07:00", "2026-11-15")
    assert told["SigningTime"] == "2026-11-15T10:00:05"
    assert "maGDC" not in fields(caller.notice("traKQuaPhienGDich", ngayGDich=TODAY))
    result = fields(caller.notice("traKQuaPhienGDich", ngayGDich="15/11/2026"))
    assert (result["maGDC"], result["SigningTime"]) == (code, "2026-11-15T10:00:05")


def test_a_fault_strikes_the_filing_that_its_key_names_and_its_notices(caller: Caller, clock: Clock) -> None:
    caller.arm("soap-fault", "traKQuaGDich", key="*/879/M 10/2026/*")
    caller.arm("soap-fault", "nhanHSoXML", key="9900000023/*")
    code = caller.file(filed())
    clock.advance(RECEIPT_DELAY)
    assert fault(caller.ask("traKQuaGDich", maGDich=code))[0] == "ns0:Server"
    assert caller.told("traKQuaGDich", maGDich="khac") == ""
    caller.arm("altered", "getTbao", key=KEY)
    assert not _verified(caller.notice("getTbao", idTbao="TB000001"), clock).signatures[0].intact


def test_a_fault_strikes_the_hand_carried_route_too(caller: Caller, clock: Clock) -> None:
    armed = caller.arm("late", "/upload", seconds=600)
    pages.uploaded(caller.office, filed(), {})
    clock.advance(2 * VERDICT_DELAY)
    assert (_codes(caller), caller.office.submissions()[0].state) == ([], State.WAITING)
    caller.office.script.disarm(armed)
    caller.arm("unknown-code", "/upload")
    told = pages.uploaded(caller.office, filed(), {"accept": "application/json"}).body
    assert caller.office.transactions[1].code.encode() not in bytes(told)


def test_without_a_fault_the_same_calls_tell_the_truth(caller: Caller, clock: Clock) -> None:
    reply = caller.post(FILING, filing(filed()), RELATED)
    assert returned(reply) == caller.office.transactions[0].code
    clock.advance(2 * VERDICT_DELAY)
    assert _codes(caller) == ["843", "844"]
    assert caller.office.script.struck() == []


def test_what_a_fault_may_be_armed_on_is_every_operation_and_path_that_there_is() -> None:
    operations = {name for _, each in SERVICES.values() for name in each}
    assert operations <= set(CALLS)
    assert {each for each in CALLS if not each.startswith("/")} == operations
    with pytest.raises(UsageError) as refused, office().script.playing(Fault.flat("reset", on="nhanHSoXLM")):
        raise AssertionError
    assert "nhanHSoXML" in refused.value.remedy.vi
