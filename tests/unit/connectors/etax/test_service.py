"""One send and what became of it; questions and their answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

import keys
from govgateway.connector import Outcome, SubmitResult
from govgateway.transport.session import Sent
from govgateway_etax import connector
from govgateway_etax.service import NoAnswer, TaxOffice
from samples import declaration
from taxoffice import PASSWORD, Wire, attached, fault, http, nil, returned, route

DOCUMENT = declaration().data
CODE = "00010-0002-16112026100000123-42001"
TAKEN = returned("nhanHSoXML", CODE)
HTML = b"<html><body>Bao tri</body></html>"


def submitted(answer: Sent) -> SubmitResult:
    return connector.submit(DOCUMENT, route(Wire(answers={"nhanHSoXML": answer})))


def test_a_transaction_code_acknowledges() -> None:
    wire = Wire(answers={"nhanHSoXML": TAKEN})
    result = connector.submit(DOCUMENT, route(wire))
    assert (result.outcome, result.reference) == (Outcome.ACKNOWLEDGED, CODE)
    ((operation, arguments),) = wire.asked
    assert operation == "nhanHSoXML"
    assert arguments == {
        "tIN": "9900000016",
        "maTKhai": "879",
        "loaiTKhai": "C",
        "kyKKhai": "10/2026",
        "dlieuHSo": "cid:tkhai.xml",
    }
    assert wire.requests[0].url == "http://127.0.0.1:1/ihtkk_van/NhanHSoThueServicePort"
    assert DOCUMENT in wire.requests[0].body
    assert wire.deadlines == [connector.capabilities.send_deadline]


def test_the_other_operation_is_a_setting_of_the_route() -> None:
    wire = Wire(answers={"nhanToKhaiThue": returned("nhanToKhaiThue", CODE)})
    result = connector.submit(DOCUMENT, route(wire, settings={"operation": "nhanToKhaiThue"}))
    assert result.reference == CODE
    assert wire.asked == [("nhanToKhaiThue", {"lanNop": "0", "dlieuHSo": "cid:tkhai.xml"})]


def test_what_is_kept_of_a_send_has_no_password() -> None:
    wire = Wire(answers={"nhanHSoXML": TAKEN})
    exchange = connector.submit(DOCUMENT, route(wire)).exchange
    assert exchange is not None
    assert PASSWORD.encode() in wire.requests[0].body
    assert PASSWORD.encode() not in exchange.request
    assert "cut out" in exchange.request.decode()
    assert DOCUMENT in exchange.request
    assert TAKEN.answer is not None
    assert (exchange.operation, exchange.answer, exchange.status) == ("nhanHSoXML", TAKEN.answer.body, 200)


def test_what_is_kept_of_a_send_without_an_answer_has_none_either() -> None:
    exchange = submitted(Sent(True, None, "timeout")).exchange
    assert exchange is not None
    assert DOCUMENT in exchange.request
    assert PASSWORD.encode() not in exchange.request


def test_not_started_is_not_sent() -> None:
    result = submitted(Sent(False, None, "connection"))
    assert (result.outcome, result.detail, result.refusal) == (Outcome.NOT_SENT, "connection", None)
    assert result.exchange is not None
    assert (result.exchange.answer, result.exchange.status) == (b"", None)


UNKNOWN: dict[str, Sent] = {
    "no answer": Sent(True, None, "timeout"),
    "a redirect": http(307, b"", location="http://127.0.0.1:2/"),
    "another redirect": http(302, HTML),
    "502": http(502, HTML, "text/html"),
    "503 with a Retry-After": http(503, HTML, "text/html", retry_after="60"),
    "404": http(404, b""),
    "401": http(401, b""),
    "202 and nothing": http(202, b""),
    "HTML": http(200, HTML, "text/html"),
    "nothing": http(200, b""),
    "a short answer": http(200, TAKEN.answer.body[:-20] if TAKEN.answer else b""),
    "another operation's answer": returned("nhanToKhaiThue", CODE),
    "a result with HTTP 500": http(500, TAKEN.answer.body if TAKEN.answer else b""),
    "a fault of the server": fault("S:Server", "java.lang.NullPointerException"),
    "a fault without a known code": fault("S:Busy", "later"),
    "no transaction code": returned("nhanHSoXML", " "),
    "nil": nil("nhanHSoXML"),
    "an endless transaction code": returned("nhanHSoXML", "1" * 256),
    "a transaction code with a line break": returned("nhanHSoXML", "00010-0002\n16112026"),
    "a transaction code with a control character": returned("nhanHSoXML", "00010&#x85;0002"),
}


@pytest.mark.parametrize("answer", UNKNOWN)
def test_everything_else_is_unknown(answer: str) -> None:
    result = submitted(UNKNOWN[answer])
    assert result.outcome is Outcome.UNKNOWN
    assert (result.reference, result.refusal, result.retry_at) == ("", None, None)
    assert result.detail


def test_the_longest_transaction_code_that_is_kept() -> None:
    assert submitted(returned("nhanHSoXML", "1" * 255)).reference == "1" * 255


@pytest.mark.parametrize(
    "answer",
    [
        fault("wsse:FailedAuthentication", "the security token could not be authenticated"),
        fault("S:Client", "cvc: the request does not fit"),
        fault("ns0:Server", 'UnmarshalException [There\'s no attachment for the content ID "cid:tkhai.xml"]'),
    ],
    ids=["credentials", "request", "attachment"],
)
def test_what_was_refused_before_it_was_taken_needs_a_person(answer: Sent) -> None:
    result = submitted(answer)
    assert result.outcome is Outcome.NOT_SENT
    assert result.refusal is not None
    assert result.refusal.vi != result.refusal.en
    assert result.detail.startswith("fault ")


IN_A_MINUTE = keys.NOW + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("value", "at"),
    [
        ("60", IN_A_MINUTE),
        (" 60 ", IN_A_MINUTE),
        ("Mon, 16 Nov 2026 03:01:00 GMT", IN_A_MINUTE),
        ("Mon, 16 Nov 2026 03:01:00", IN_A_MINUTE),
        ("Mon, 16 Nov 2026 03:01:00 -0000", IN_A_MINUTE),
        ("Mon, 16 Nov 2026 10:01:00 +0700", IN_A_MINUTE),
        ("31536000", keys.NOW + timedelta(days=365)),
        ("0", None),
        ("-5", None),
        ("1.5", None),
        ("99999999999999999999", None),
        ("9" * 5000, None),
        ("٦٠", None),
        ("²", None),
        ("soon", None),
        ("Mon, 16 Nov 2026", None),
        ("Mon, 99 Nov 2026 10:00:00 GMT", None),
        ("Mon, 16 Nov 2026 03:01:00 +9999", None),
        ("Sun, 15 Nov 2026 03:00:00 GMT", None),
        (",", None),
        ("", None),
    ],
)
def test_too_many_requests_is_not_taken_and_says_when(value: str, at: datetime | None) -> None:
    result = submitted(http(429, b"", retry_after=value))
    assert (result.outcome, result.detail, result.refusal) == (Outcome.NOT_SENT, "HTTP 429", None)
    assert result.retry_at == at
    assert result.retry_at is None or result.retry_at.tzinfo is not None


def test_too_many_requests_may_say_no_time() -> None:
    assert submitted(http(429, b"")).retry_at is None


VIEW_TIN = (
    "fullName", "tin", "payTaxOfficeId", "payTaxOfficeName", "payTaxOfficeAbbreviation", "depaId", "email", "tel",
    "fax", "prov", "dist", "addr", "certSerialNumber", "finaStartDate",
)  # fmt: skip


def test_the_register_tells_of_a_taxpayer() -> None:
    told = "".join(f"<n:{name}>{number}</n:{name}>" for number, name in enumerate(VIEW_TIN))
    wire = Wire(answers={"traTTinMaSoThue": returned("traTTinMaSoThue", told)})
    taxpayer = TaxOffice(route(wire)).taxpayer("9900000016")
    assert taxpayer is not None
    assert [getattr(taxpayer, name) for name in VIEW_TIN] == [str(number) for number in range(14)]
    assert wire.asked == [("traTTinMaSoThue", {"maSoThue": "9900000016"})]
    assert wire.requests[0].url.endswith("/KQuaGDichServicePort")


def test_the_register_leaves_fields_empty_or_does_not_know() -> None:
    nothing = "".join(
        f'<n:{name} xsi:nil="true"/>' if name != "tin" else "<n:tin>9900000016</n:tin>" for name in VIEW_TIN
    )
    told = TaxOffice(route(Wire(answers={"traTTinMaSoThue": returned("traTTinMaSoThue", nothing)}))).taxpayer("1")
    assert told is not None
    assert (told.tin, told.fullName, told.finaStartDate) == ("9900000016", "", "")
    assert TaxOffice(route(Wire(answers={"traTTinMaSoThue": nil("traTTinMaSoThue")}))).taxpayer("1") is None


@pytest.mark.parametrize(
    ("answer", "spoke", "retry_at"),
    [
        (Sent(False, None, "connection"), False, None),
        (Sent(True, None, "timeout"), False, None),
        (http(429, b"", retry_after="60"), False, IN_A_MINUTE),
        (http(503, HTML, "text/html", retry_after="60"), False, IN_A_MINUTE),
        (http(200, HTML, "text/html"), True, None),
        (fault("S:Server", "down"), True, None),
    ],
)
def test_a_question_without_an_answer_says_so(answer: Sent, spoke: bool, retry_at: datetime | None) -> None:
    with pytest.raises(NoAnswer) as silent:
        TaxOffice(route(Wire(answers={"traTTinMaSoThue": answer}))).taxpayer("9900000016")
    assert silent.value.detail.startswith("traTTinMaSoThue: ")
    assert (silent.value.spoke, silent.value.retry_at) == (spoke, retry_at)


def test_a_day_without_any_result_is_no_answer() -> None:
    office = TaxOffice(route(Wire(answers={"traKQuaPhienGDich": nil("traKQuaPhienGDich")})))
    with pytest.raises(NoAnswer):
        office.day_result("16/11/2026")
    wire = Wire(answers={"traKQuaPhienGDich": attached("traKQuaPhienGDich", b"as it came\r\n")})
    assert TaxOffice(route(wire)).day_result("16/11/2026") == b"as it came\r\n"
    assert wire.asked == [("traKQuaPhienGDich", {"ngayGDich": "16/11/2026"})]


def test_the_clock_of_a_retry_is_the_routes() -> None:
    assert keys.NOW.tzinfo is UTC
    late = submitted(http(429, b"", retry_after="Mon, 16 Nov 2026 03:00:01 GMT"))
    assert late.retry_at == keys.NOW + timedelta(seconds=1)
