"""What the simulated tax office does when somebody decides a filing, and what it tells the kit."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest

from govgateway.documents.xml import read_xml
from govgateway.errors import UsageError
from govgateway_mocks.agency import Decision, SimulatedAgency, State
from govgateway_mocks.etax.office import TaxOffice
from govgateway_mocks.faults import Fault
from simulated import RECEIPT_DELAY, VERDICT_DELAY, Clock, fields, filed, office, pki

WRONG_TOTAL = ("<tongCong>122043050<", "<tongCong>122043051<")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def taxes(clock: Clock) -> TaxOffice:
    return office(clock)


def _told(taxes: TaxOffice) -> list[tuple[str, str]]:
    """(maTBao, trangThai) of every visible notice."""
    return [(each.code, fields(each.data).get("trangThai", "")) for each in taxes.notices()]


def _state(taxes: TaxOffice, number: int = 0) -> State:
    return taxes.submissions()[number].state


def test_the_office_is_an_agency_of_the_kit(taxes: TaxOffice) -> None:
    agency: SimulatedAgency = taxes
    assert (agency.name, agency.service_path) == ("etax", "/ihtkk_van")
    assert agency.title.vi != agency.title.en


def test_accepting_answers_at_once(taxes: TaxOffice, clock: Clock) -> None:
    taxes.decide(taxes.take(filed()), Decision.ACCEPT)
    assert (_told(taxes), _state(taxes)) == ([("843", "Y"), ("844", "Y")], State.ACCEPTED)
    clock.advance(2 * VERDICT_DELAY)
    assert _told(taxes) == [("843", "Y"), ("844", "Y")], "the office has nothing to add"


@pytest.mark.parametrize("wait", [timedelta(0), RECEIPT_DELAY])
def test_accepting_overrides_the_offices_own_judgement(taxes: TaxOffice, clock: Clock, wait: timedelta) -> None:
    code = taxes.take(filed(WRONG_TOTAL))
    clock.advance(wait)
    taxes.decide(code, Decision.ACCEPT)
    assert _told(taxes) == [("843", "Y"), ("844", "Y")]
    assert fields(taxes.notices()[1].data)["maDinhDanh"]


def test_what_was_accepted_by_decision_is_taken_once(taxes: TaxOffice, clock: Clock) -> None:
    taxes.decide(taxes.take(filed()), Decision.ACCEPT)
    taxes.take(filed())
    clock.advance(2 * VERDICT_DELAY)
    assert _state(taxes, 1) is State.REFUSED


@pytest.mark.parametrize(
    ("wait", "answers"), [(timedelta(0), [("843", "N")]), (RECEIPT_DELAY, [("843", "Y"), ("844", "N")])]
)
def test_refusing_gives_the_reason_in_the_notices_own_shape(
    taxes: TaxOffice, clock: Clock, wait: timedelta, answers: list[tuple[str, str]]
) -> None:
    code = taxes.take(filed())
    clock.advance(wait)
    taxes.decide(code, Decision.REFUSE, "Sai mã <chương>")
    assert _told(taxes) == answers
    root = read_xml(taxes.notices()[-1].data).root
    assert [each.text for each in root.iter("{*}tenLoi")] == ["Sai mã <chương>"]
    (submission,) = taxes.submissions()
    assert (submission.state, submission.reasons) == (State.REFUSED, ("Sai mã <chương>",))
    assert fields(taxes.day_result("16/11/2026"))["mtaLoiCTietGDich"] == "Sai mã <chương>"


def test_a_reason_that_no_notice_can_carry_decides_nothing(taxes: TaxOffice) -> None:
    code = taxes.take(filed())
    with pytest.raises(UsageError):
        taxes.decide(code, Decision.REFUSE, "Sai\x00mẫu")
    assert _state(taxes) is State.WAITING
    taxes.decide(code, Decision.REFUSE, "Sai mẫu,\r\n  thiếu phụ lục ")
    assert taxes.submissions()[0].reasons == ("Sai mẫu, thiếu phụ lục",)


def test_refusing_without_a_reason_still_gives_one(taxes: TaxOffice) -> None:
    taxes.decide(taxes.take(filed()), Decision.REFUSE)
    assert taxes.submissions()[0].reasons == ("Hồ sơ không được chấp nhận",)


def test_what_cannot_be_read_can_be_refused_but_not_accepted(taxes: TaxOffice) -> None:
    for data in (b"no xml", b"<khac/>"):
        code = taxes.take(data)
        with pytest.raises(UsageError) as refused:
            taxes.decide(code, Decision.ACCEPT)
        assert refused.value.where == code
        taxes.decide(code, Decision.REFUSE, "Không đọc được")
    assert [code for code, _ in _told(taxes)] == ["213", "843"]


def test_waiting_keeps_it_received_until_somebody_decides(taxes: TaxOffice, clock: Clock) -> None:
    code = taxes.take(filed())
    taxes.decide(code, Decision.WAIT)
    clock.advance(timedelta(days=30))
    assert (_told(taxes), _state(taxes)) == ([("843", "Y")], State.RECEIVED)
    taxes.decide(code, Decision.ACCEPT)
    assert _told(taxes) == [("843", "Y"), ("844", "Y")]


@pytest.mark.parametrize("document", [b"no xml", filed(WRONG_TOTAL).replace(b"SignatureValue", b"Khac")])
def test_waiting_holds_back_a_refusal_of_receipt_too(taxes: TaxOffice, clock: Clock, document: bytes) -> None:
    code = taxes.take(document)
    taxes.decide(code, Decision.WAIT)
    clock.advance(timedelta(days=30))
    assert (_told(taxes), _state(taxes)) == ([], State.WAITING)
    taxes.decide(code, Decision.REFUSE, "Không")
    assert _state(taxes) is State.REFUSED


@pytest.mark.parametrize("decision", Decision)
def test_a_verdict_that_is_out_is_not_decided_again(taxes: TaxOffice, clock: Clock, decision: Decision) -> None:
    code = taxes.take(filed())
    clock.advance(RECEIPT_DELAY + VERDICT_DELAY)
    with pytest.raises(UsageError) as refused:
        taxes.decide(code, decision)
    assert "kết quả" in refused.value.message.vi
    assert len(taxes.notices()) == 2


def test_an_unknown_reference_is_not_decided(taxes: TaxOffice) -> None:
    with pytest.raises(UsageError) as refused:
        taxes.decide("khac", Decision.ACCEPT)
    assert refused.value.where == "khac"


def test_the_office_judges_when_the_time_comes(taxes: TaxOffice, clock: Clock) -> None:
    """What is accepted meanwhile counts, and the duplicate check may be turned off until then."""
    taxes.take(filed())
    taxes.take(filed())
    taxes.check_duplicates = False
    clock.advance(2 * VERDICT_DELAY)
    assert [_state(taxes, number) for number in (0, 1)] == [State.ACCEPTED, State.ACCEPTED]


def test_a_submission_tells_what_arrived_and_what_was_answered(taxes: TaxOffice, clock: Clock) -> None:
    document = filed()
    code = taxes.take(document)
    (submission,) = taxes.submissions()
    assert (submission.reference, submission.document, submission.at) == (code, document, clock())
    assert submission.digest == hashlib.sha256(document).hexdigest()
    assert submission.key == "9900000016/879/M 10/2026/C/0"
    assert (submission.title, submission.filer) == ("Tờ khai phí (01/PH) 10/2026", "9900000016")
    assert (submission.state, submission.answers) == (State.WAITING, ())
    clock.advance(RECEIPT_DELAY)
    assert taxes.submissions()[0].state is State.RECEIVED
    clock.advance(VERDICT_DELAY)
    answers = taxes.submissions()[0].answers
    assert [(each.identifier, each.data) for each in answers] == [
        (each.identifier, each.data) for each in taxes.notices()
    ]
    assert answers[0].title.en == "Notice of receipt or non-receipt of a tax declaration"


def test_settings_change_what_arrives_from_then_on(taxes: TaxOffice, clock: Clock) -> None:
    before = taxes.configure({"receipt_delay": 0, "verdict_delay": 60.5, "clock_skew": -3600})
    assert before == {"receipt_delay": 5.0, "verdict_delay": 30.0, "clock_skew": 0.0}
    code = taxes.take(filed())
    assert code.startswith("00010-0002-16112026090000000-")
    assert _told(taxes) == [("843", "Y")]
    clock.advance(timedelta(seconds=60))
    assert _told(taxes) == [("843", "Y")]
    clock.advance(timedelta(seconds=1))
    assert _told(taxes) == [("843", "Y"), ("844", "Y")]
    assert taxes.configure(before) == {"receipt_delay": 0.0, "verdict_delay": 60.5, "clock_skew": -3600.0}


@pytest.mark.parametrize(
    "changes",
    [
        {"khac": 1},
        {"receipt_delay": -1},
        {"receipt_delay": "5"},
        {"receipt_delay": True},
        {"verdict_delay": float("nan")},
        {"clock_skew": 1e12},
        {"check_duplicates": 1},
        {"check_duplicates": False, "khac": 1},
    ],
)
def test_a_wrong_setting_changes_nothing(taxes: TaxOffice, changes: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        taxes.configure(changes)
    assert taxes.configure({"check_duplicates": True, "receipt_delay": 5}) == {
        "check_duplicates": True,
        "receipt_delay": 5.0,
    }


def test_reset_forgets_everything_and_is_set_up_as_it_was_started(clock: Clock) -> None:
    taxes = TaxOffice(pki(), clock, RECEIPT_DELAY, VERDICT_DELAY, check_duplicates=False)
    arrivals = taxes.arrivals
    taxes.take(filed())
    clock.advance(2 * VERDICT_DELAY)
    assert len(taxes.notices()) == 2
    taxes.configure({"check_duplicates": True, "receipt_delay": 0})
    taxes.script.arm(Fault("late"))
    taxes.reset()
    assert not taxes.script.armed()
    assert (taxes.submissions(), taxes.notices(), dict(arrivals)) == ([], [], {})
    assert taxes.check_duplicates is False
    taxes.check_duplicates = True
    taxes.take(filed())
    assert _told(taxes) == []
    clock.advance(2 * VERDICT_DELAY)
    assert _told(taxes) == [("843", "Y"), ("844", "Y")]


def test_the_settings_of_a_client_lead_to_the_services(taxes: TaxOffice) -> None:
    assert taxes.settings("http://127.0.0.1:8701") == {
        "address": "http://127.0.0.1:8701/ihtkk_van",
        "username": "tvan",
        "password": "demo",
        "trust": str(pki().trust.resolve()),
    }
