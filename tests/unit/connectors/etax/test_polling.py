"""What a poll fetches, and what it leaves for the next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

import keys
from govgateway.connector import AgencyMessage, PollResult
from govgateway.transport.session import Sent
from govgateway_etax import connector
from govgateway_etax.polling import MOST_NOTICES
from taxoffice import Wire, attached, fault, http, nil, returned, route

REFERENCE = "00010-0002-16112026100000123-42001"
FIRST = AgencyMessage(REFERENCE, b"<first/>", about=REFERENCE)


def _fetched(arguments: Mapping[str, str]) -> Sent:
    return attached("getTbao", f"<{arguments['idTbao']}/>".encode())


def wire(listed: str, **changes: object) -> Wire:
    """A tax office that has the transaction's first notice and the notices ``listed``."""
    answers: dict[str, object] = {
        "traKQuaGDich": attached("traKQuaGDich", b"<first/>"),
        "getDsachTbao": returned("getDsachTbao", listed),
        "getTbao": _fetched,
        **changes,
    }
    return Wire(answers=answers)  # type: ignore[arg-type]


def polled(over: Wire, *seen: str, reference: str = REFERENCE) -> PollResult:
    return connector.poll(reference, frozenset(seen), route(over))


def test_the_first_notice_and_all_of_the_account_are_fetched() -> None:
    over = wire("TB1; TB2;")
    assert polled(over) == PollResult((FIRST, AgencyMessage("TB1", b"<TB1/>"), AgencyMessage("TB2", b"<TB2/>")))
    assert over.asked == [
        ("traKQuaGDich", {"maGDich": REFERENCE}),
        ("getDsachTbao", {}),
        ("getTbao", {"idTbao": "TB1"}),
        ("getTbao", {"idTbao": "TB2"}),
    ]


def test_what_was_seen_is_not_fetched_again() -> None:
    over = wire("TB1;TB2")
    assert [each.identifier for each in polled(over, REFERENCE, "TB1").messages] == ["TB2"]
    assert [operation for operation, _ in over.asked] == ["getDsachTbao", "getTbao"]


def test_a_filing_without_a_reference_asks_for_the_account_only() -> None:
    over = wire("TB1")
    assert [each.identifier for each in polled(over, reference="").messages] == ["TB1"]
    assert "traKQuaGDich" not in dict(over.asked)


@pytest.mark.parametrize("listed", ["", ";", " ; "])
def test_an_empty_list_has_no_notices(listed: str) -> None:
    assert polled(wire(listed), REFERENCE) == PollResult(())


def test_nil_is_no_notice_yet() -> None:
    over = wire("TB1", traKQuaGDich=nil("traKQuaGDich"), getTbao=nil("getTbao"))
    assert polled(over) == PollResult(())
    assert polled(wire("", getDsachTbao=nil("getDsachTbao")), REFERENCE) == PollResult(())


def test_a_notice_listed_twice_is_fetched_once() -> None:
    over = wire("TB1;TB1")
    assert len(polled(over, REFERENCE).messages) == 1


@pytest.mark.parametrize(
    ("failure", "detail"),
    [(Sent(True, None, "timeout"), "getTbao: timeout"), (http(502, b""), "getTbao: HTTP 502")],
)
def test_a_failure_of_the_wire_keeps_what_was_fetched_and_leaves_the_rest(failure: Sent, detail: str) -> None:
    over = wire("TB1;TB2;TB3", getTbao=lambda asked: failure if asked["idTbao"] == "TB2" else _fetched(asked))
    result = polled(over)
    assert [each.identifier for each in result.messages] == [REFERENCE, "TB1"]
    assert result.detail == detail
    assert over.asked[-1] == ("getTbao", {"idTbao": "TB2"})


@pytest.mark.parametrize(
    "failure", [fault("S:Server", "lỗi"), http(200, b"<html/>"), attached("getDsachTbao", b"<other/>")]
)
def test_one_notice_that_is_refused_does_not_keep_the_others_back(failure: Sent) -> None:
    over = wire("TB1;TB2", getTbao=lambda asked: failure if asked["idTbao"] == "TB1" else _fetched(asked))
    result = polled(over)
    assert [each.identifier for each in result.messages] == [REFERENCE, "TB2"]
    assert result.detail.startswith("getTbao: ")


def test_a_transaction_that_is_refused_does_not_keep_the_account_back() -> None:
    result = polled(wire("TB1", traKQuaGDich=fault("S:Server", "không có giao dịch")))
    assert [each.identifier for each in result.messages] == ["TB1"]
    assert "không có giao dịch" in result.detail


def test_a_list_that_does_not_come_keeps_the_first_notice() -> None:
    result = polled(wire("", getDsachTbao=fault("S:Server", "lỗi")))
    assert result.messages == (FIRST,)
    assert result.detail == "getDsachTbao: Server: lỗi"


def test_the_tax_offices_wish_to_wait_is_handed_on() -> None:
    result = polled(wire("TB1", getDsachTbao=http(429, b"", retry_after="90")))
    assert result.messages == (FIRST,)
    assert result.retry_at == keys.NOW + timedelta(seconds=90)


def test_an_account_of_many_notices_is_read_in_several_polls_the_newest_first() -> None:
    names = [f"TB{number}" for number in range(MOST_NOTICES + 2)]
    over = wire(";".join(names))
    first = [each.identifier for each in polled(over, REFERENCE).messages]
    assert first == names[2:]
    second = [each.identifier for each in polled(over, REFERENCE, *first).messages]
    assert second == names[:2]


def test_a_name_that_no_ledger_can_hold_is_passed_over() -> None:
    over = wire(f"{'1' * 256};a\tb;TB1")
    assert [each.identifier for each in polled(over, REFERENCE).messages] == ["TB1"]
