"""Every kind of difference between two answers is named, once, by its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from govgateway_mocks.capture.aspects import Aspect, Difference
from govgateway_mocks.capture.differences import differences
from govgateway_mocks.capture.recording import Answer, Headers
from unit.mocks.capture.session import followed, in_body

REGISTER = "/Envelope/Body/traTTinMaSoThueResponse/return"
TOLD = "/TBaoThueDTu/TBaoThue"
TAXPAYER, NOTICE, FAULT = 15, 6, 17
"""Which exchanges of the session they are: what the register says of somebody, a notice 843, a fault."""


def _answer(number: int) -> Answer:
    found = followed().exchanges[number - 1].answer
    assert found is not None
    return found


def _content_type(kind: str) -> Callable[[Answer], Answer]:
    headers: Headers = (("content-type", kind),)
    return lambda answer: replace(answer, headers=headers)


@pytest.mark.parametrize(
    ("number", "change", "aspect", "path"),
    [
        (TAXPAYER, lambda answer: replace(answer, status=500), Aspect.STATUS, ""),
        (TAXPAYER, _content_type("application/soap+xml; charset=utf-8"), Aspect.CONTENT_TYPE, ""),
        (TAXPAYER, in_body(b"<ns0:fax/>", b""), Aspect.EXTRA, f"{REGISTER}/fax"),
        (TAXPAYER, in_body(b"<ns0:fax/>", b"<ns0:zalo/><ns0:fax/>"), Aspect.MISSING, f"{REGISTER}/zalo"),
        (
            TAXPAYER,
            in_body(b"<ns0:tel/><ns0:fax/>", b"<ns0:fax/><ns0:tel/>"),
            Aspect.ORDER,
            REGISTER,
        ),
        (TAXPAYER, in_body(b"<ns0:fax/>", b'<ns0:fax kind="1"/>'), Aspect.ATTRIBUTE, f"{REGISTER}/fax/@kind"),
        (
            TAXPAYER,
            in_body(b"<ns0:fax/>", b'<ns0:fax xsi:nil="true"/>'),
            Aspect.NIL,
            f"{REGISTER}/fax",
        ),
        (
            TAXPAYER,
            in_body(b"<ns0:fax/>", b'<fax xmlns="urn:other"/>'),
            Aspect.NAMESPACE,
            f"{REGISTER}/fax",
        ),
        (TAXPAYER, in_body(b"<ns0:fax/>", b"<ns0:fax>7</ns0:fax>"), Aspect.VALUE, f"{REGISTER}/fax"),
        (
            NOTICE,
            in_body(b"<ngayTBao>2026-11-16</ngayTBao>", b"<ngayTBao>16/11/2026</ngayTBao>"),
            Aspect.VALUE,
            f"{TOLD}/TTinChung/TTinTBaoThue/ngayTBao",
        ),
        (NOTICE, in_body(b"<trangThai>Y", b"<trangThai>N"), Aspect.VALUE, f"{TOLD}/NDungTBao/trangThai"),
        (
            NOTICE,
            in_body(b">10820260000000001<", b">108-2026-1<"),
            Aspect.VALUE,
            f"{TOLD}/NDungTBao/maGiaoDichDTu",
        ),
        (NOTICE, in_body(b'id="NODETOSIGN"', b'Id="NODETOSIGN"'), Aspect.ATTRIBUTE, f"{TOLD}/@id"),
        (FAULT, in_body(b"ns0:Server", b"ns0:Client"), Aspect.VALUE, "/Envelope/Body/Fault/faultcode"),
        (TAXPAYER, lambda answer: replace(answer, body=b"<html>"), Aspect.READABLE, ""),
        (
            NOTICE,
            in_body(b"--part-of-a-capture--", b"--part-of-a-capture\r\n\r\nmore\r\n--part-of-a-capture--"),
            Aspect.PARTS,
            "",
        ),
    ],
    ids=lambda value: str(value) if isinstance(value, str) else "",
)
def test_every_kind_of_difference_is_named(
    number: int, change: Callable[[Answer], Answer], aspect: Aspect, path: str
) -> None:
    found = differences(change(_answer(number)), _answer(number))
    assert (aspect, path) in [(each.aspect, each.path) for each in found]
    assert not differences(_answer(number), _answer(number))


def test_no_answer_at_all_differs() -> None:
    assert differences(_answer(NOTICE), None) == [Difference(Aspect.ANSWER, "", "answered", "")]


def test_what_is_wrong_in_every_row_is_told_once() -> None:
    rows = b"<row><day>16/11/2026</day></row>"
    one, other = (Answer(200, (), b"<list>" + each * 3 + b"</list>") for each in (rows, rows.replace(b"/", b"-")))
    other = replace(other, body=other.body.replace(b"<-", b"</"))
    assert [each.path for each in differences(one, other)] == ["/list/row/day"]


def test_prefixes_white_space_and_boundaries_make_no_difference() -> None:
    one = Answer(200, (("content-type", "text/xml;charset=UTF-8"),), b'<a:x xmlns:a="urn:x"> <a:y> 1 </a:y> </a:x>')
    other = Answer(200, (("content-type", 'text/xml; charset="utf-8"'),), b'<x xmlns="urn:x"><y>2</y></x>')
    assert not differences(one, other)


@pytest.mark.parametrize(
    ("recorded", "simulated", "expected"),
    [
        ('{"a": 1}', '{"b": 1}', [("missing", "/a"), ("extra", "/b")]),
        ('{"a": "1"}', '{"a": 1}', [("value", "/a")]),
        ('{"a": [{"b": "01/02/2026"}]}', '{"a": [{"b": "2026-02-01"}]}', [("value", "/a/b")]),
        ('{"a": null}', '{"a": null}', []),
    ],
)
def test_json_is_compared_by_its_names(recorded: str, simulated: str, expected: list[tuple[str, str]]) -> None:
    found = differences(Answer(200, (), recorded.encode()), Answer(200, (), simulated.encode()))
    assert [(each.aspect.value, each.path) for each in found] == expected
