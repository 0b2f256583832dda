"""A capture against the simulator: its own differs in nothing, and every kind of difference is named."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from govgateway_mocks.capture.aspects import Aspect, Difference
from govgateway_mocks.capture.bindings import Bindings
from govgateway_mocks.capture.comparing import Compared, compare
from govgateway_mocks.capture.recording import REMOVED, Recording, Request
from govgateway_mocks.capture.resending import Resending
from govgateway_mocks.capture.scrubber import scrubbed
from govgateway_mocks.etax.simulator import simulator
from keys import NOW
from simulated import pki
from unit.mocks.capture.session import altered, followed, in_body

TAXPAYER, NOTICE = 15, 6
"""Which exchanges of the session they are: what the register says of somebody, a notice 843."""


@cache
def _compared(recording: Recording) -> list[Compared]:
    return compare(recording, simulator, pki().folder)


def _named(recording: Recording) -> list[tuple[int, str, str]]:
    """Number, aspect and path of every difference."""
    return [(each.number, one.aspect.value, one.path) for each in _compared(recording) for one in each.differences]


def test_a_capture_of_the_simulator_differs_in_nothing() -> None:
    compared = _compared(followed())
    assert len(compared) == 17
    assert not [each for each in compared if each.differences or each.skipped or each.unsigned]


def test_nor_does_a_scrubbed_one() -> None:
    compared = _compared(scrubbed(followed())[0])
    assert not [each for each in compared if each.differences or each.skipped or each.unsigned]


def test_what_was_asked_too_early_is_compared_by_what_it_asks() -> None:
    assert [each.number for each in _compared(followed()) if each.early] == [3, 4, 16]
    other = altered(followed(), 4, in_body(b"traKQuaGDichResponse", b"traDanhMucResponse"))
    assert _named(other) == [(4, "missing", "")]


def test_a_difference_is_found_and_told_without_its_value() -> None:
    fax = in_body(b"<ns0:fax/>", "<ns0:fax>Lý Thị Kín</ns0:fax>".encode())
    (found,) = next(each for each in _compared(altered(followed(), TAXPAYER, fax)) if each.differences).differences
    assert found == Difference(
        Aspect.VALUE, "/Envelope/Body/traTTinMaSoThueResponse/return/fax", recorded="text", simulated="empty"
    )


def test_a_reference_of_the_agency_is_replaced_by_the_simulator_s() -> None:
    """The codes and identifiers of the recorded agency are other ones, and lists come in another order."""
    exchanges = []
    for each in followed().exchanges:
        renamed = replace(each.request, body=_agency_s(each.request.body))
        assert each.answer is not None
        exchanges.append(replace(each, request=renamed, answer=replace(each.answer, body=_agency_s(each.answer.body))))
    assert not _named(replace(followed(), exchanges=tuple(exchanges)))


def _agency_s(body: bytes) -> bytes:
    for old, new in (
        (b"TB000001;TB000002;TB000003", b"TB000003;TB000001;TB000002"),
        (b"TB00", b"XY7700"),
        (b"00010-0002-16112026100000000-4200", b"00010-0002-16112026093015123-9731"),
    ):
        body = body.replace(old, new)
    return body


def test_a_request_that_was_not_kept_is_told() -> None:
    first, *others = followed().exchanges
    lost = replace(first, request=replace(first.request, body=REMOVED.encode()))
    compared = _compared(replace(followed(), exchanges=(lost, *others)))
    assert compared[0].skipped
    assert not any(each.skipped for each in compared[1:])


def test_a_recorded_call_without_an_answer_has_nothing_to_compare() -> None:
    first, *_ = followed().exchanges
    assert not _named(replace(followed(), exchanges=(replace(first, answer=None),)))


def test_an_answer_that_was_not_kept_is_compared_by_its_status() -> None:
    kept = altered(followed(), NOTICE, lambda answer: replace(answer, body=REMOVED.encode()))
    assert not _named(kept)


def test_a_document_that_cannot_be_signed_anew_is_told() -> None:
    first, *_ = followed().exchanges
    stranger = replace(first.request, body=first.request.body.replace(b"9900000016", b"9900010014"))
    (compared,) = _compared(replace(followed(), exchanges=(replace(first, request=stranger),)))
    assert compared.unsigned


def test_credentials_are_the_simulator_s_wherever_they_were_cut() -> None:
    resending = Resending({"username": "tvan", "password": "demo"}, pki(), Bindings())
    headers = (("authorization", "Basic [removed]"), ("x-api-key", "[removed]"), ("accept", "*/*"))
    kind = ("content-type", "application/x-www-form-urlencoded")
    asked = Request("POST", "/real/a", (*headers, kind), b"username=%5Bremoved%5D&password=%5Bremoved%5D&day=1")
    sent = resending.request(asked, NOW, ("/real", "/simulated"))
    assert (sent.target, sent.body) == ("/simulated/a", b"username=tvan&password=demo&day=1")
    assert dict(sent.headers) == {"authorization": "Basic dHZhbjpkZW1v", "accept": "*/*", kind[0]: kind[1]}


def test_a_path_is_told_without_what_may_be_about_somebody() -> None:
    first, *_ = followed().exchanges
    asked = Request("GET", "/notices/0109998883/L%C3%AA/list", (), b"")
    (compared,) = _compared(replace(followed(), exchanges=(replace(first, request=asked),)))
    assert compared.operation == "GET /notices/…/…/list"
