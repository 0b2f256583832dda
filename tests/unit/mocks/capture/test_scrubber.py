"""Nobody is found in a scrubbed capture, however he was written into it; what is nobody's is still there."""

from __future__ import annotations

import base64
import json
import unicodedata
from pathlib import Path
from urllib.parse import quote

import pytest
from lxml import etree

from govgateway_mocks.capture.invented import Kind, is_tax_code
from govgateway_mocks.capture.names import names_of
from govgateway_mocks.capture.recording import Answer, Headers, Heading, Recorded, Recording, Request, write
from govgateway_mocks.capture.scrubber import Scrubber, scrubbed
from govgateway_mocks.capture.traces import has_trace
from govgateway_mocks.etax.registry import TAXPAYERS
from keys import NOW
from unit.mocks.capture import people
from unit.mocks.capture.session import followed

HEADERS: Headers = (
    ("authorization", f"Basic {people.TOKEN}"),
    ("cookie", people.COOKIE),
    ("x-api-key", people.TOKEN),
    ("user-agent", f"Kế toán của {people.COMPANY}"),
    ("x-forwarded-for", people.PHONE),
)
TARGET = f"/tra-cuu/{people.TAX_CODE}/n?token={people.TOKEN}&mst={people.TAX_CODE}&nguoi=Lò%20Văn%20Ếch&ngay=16/11/2026"


def _recorded(content_type: str, body: bytes, number: int = 1, *headers: tuple[str, str]) -> Recorded:
    """An exchange with that body in the request and in the answer."""
    typed = (("content-type", content_type), *headers)
    return Recorded(number, NOW, Request("POST", TARGET, (*HEADERS, *typed), body), Answer(200, typed, body))


def _scrubbed(*exchanges: Recorded, persons: bool = True) -> tuple[Recorded, ...]:
    return Scrubber("etax", persons=persons).scrub_all(exchanges)


def _written(exchange: Recorded, path: Path) -> bytes:
    """The line of the file, its bodies beside it as they are."""
    write(path, Recording(Heading("etax", "", NOW, scrubbed=True), (exchange,)))
    answer = exchange.answer
    return b"\n".join([path.read_bytes(), exchange.request.body, answer.body if answer else b""])


@pytest.mark.parametrize("kind", people.BODIES)
def test_nobody_is_found(kind: str, tmp_path: Path) -> None:
    whole = _recorded(*people.BODIES[kind])
    assert people.found_in(_written(whole, tmp_path / "before"))
    assert not people.found_in(_written(_scrubbed(whole)[0], tmp_path / "after"))


def test_nobody_is_found_in_what_was_compressed(tmp_path: Path) -> None:
    kind, body = people.BODIES["as JSON"]
    whole = _recorded(kind, people.packed(body), 1, ("content-encoding", "gzip"))
    (clean,) = _scrubbed(whole)
    assert not people.found_in(_written(clean, tmp_path / "after"))
    assert json.loads(clean.request.body)["mst"] == "9900000016"
    (unreadable,) = _scrubbed(_recorded(kind, body, 1, ("content-encoding", "br")))
    assert unreadable.request.body == b"[removed]"


def test_who_is_only_known_later_is_not_found_before(tmp_path: Path) -> None:
    early = _recorded("text/xml", f"<a><tenLoi>sai: lò văn ếch</tenLoi><x>{people.AGENT}</x></a>".encode(), 1)
    late = _recorded("text/xml", f"<a><nguoiKy>{people.DRIVER}</nguoiKy></a>".encode(), 2)
    first, _ = _scrubbed(early, late)
    assert not people.found_in(_written(first, tmp_path / "after"))


def test_the_same_is_replaced_by_the_same() -> None:
    kind, body = people.BODIES["with an attachment"]
    clean, notice = _scrubbed(_recorded(kind, body), _recorded("text/xml", people.NOTICE.encode(), 2))
    root = etree.fromstring(notice.request.body)
    assert clean.request.body.count(b">9900000016<") == 2
    assert b"<mstDLyThue>9900000016-003<" in clean.request.body
    assert root.findtext(".//{*}maNNhan") == "9900000016"
    company = root.findtext(".//{*}tenNNhan") or ""
    assert company.startswith("Tên-thay-thế")
    assert f"<tenNNT>{company}</tenNNT>".encode() in clean.request.body


def test_what_is_nobody_s_is_kept() -> None:
    kind, body = people.BODIES["with an attachment"]
    (clean,) = _scrubbed(_recorded(kind, body))
    for kept in (
        "<maTKhai>879</maTKhai>",
        "<tenTKhai>Tờ khai phí (01/PH)</tenTKhai>",
        "<ngayKy>2026-11-16</ngayKy>",
        "<soTienPHThuDuoc>1283340006</soTienPHThuDuoc>",
        'URI="#NODETOSIGN"',
    ):
        assert kept.encode() in clean.request.body
    assert is_tax_code("1283340006")  # an amount like a tax code is still an amount


def test_two_taxpayers_become_the_registered_ones_and_others_follow() -> None:
    codes = [people.TAX_CODE, people.SUPPLIER, "0100231226"]
    body = "".join(f"<mst>{each}</mst>" for each in codes)
    (clean,) = _scrubbed(_recorded("text/xml", f"<a>{body}</a>".encode()))
    invented = [each.text or "" for each in etree.fromstring(clean.request.body)]
    assert invented[:2] == ["9900000016", "9900000023"]
    assert invented[2].startswith("99000")
    assert is_tax_code(invented[2])


def test_the_simulator_s_own_taxpayers_stay_who_they_are() -> None:
    body = b"<a><mst>9900000030</mst><mst>9900000055</mst></a>"
    (clean,) = _scrubbed(_recorded("text/xml", body))
    assert [each.text for each in etree.fromstring(clean.request.body)] == ["9900000030", "9900000055"]


def test_everything_that_was_replaced_is_counted() -> None:
    kind, body = people.BODIES["with an attachment"]
    recording = Recording(Heading("etax", "", NOW, scrubbed=False), (_recorded(kind, body),))
    clean, invented = scrubbed(recording)
    assert clean.heading.scrubbed
    assert set(invented.counts) >= set(Kind) - {Kind.UNREADABLE}
    assert scrubbed(clean)[1].counts[Kind.TAX_CODE] == 0


def test_credentials_alone_are_cut_where_persons_are_invented_already() -> None:
    kind, body = people.BODIES["with an attachment"]
    (clean,) = _scrubbed(_recorded(kind, body), persons=False)
    found = people.found_in(clean.request.body + str(clean.request.headers).encode() + clean.request.target.encode())
    assert not found & {people.PASSWORD, people.USERNAME, people.TOKEN, people.COOKIE, people.KEY}
    assert found >= {people.COMPANY, people.TAX_CODE, people.CERTIFICATE}


def test_of_an_agency_of_which_no_names_are_known_no_text_is_kept() -> None:
    body = f"<a><b>{people.DIRECTOR}</b><c>Đã nhận hồ sơ</c><d>16/11/2026</d><e>H-17</e></a>".encode()
    (clean,) = Scrubber("harbour", persons=True).scrub_all([_recorded("text/xml", body)])
    assert [each.text for each in etree.fromstring(clean.request.body)] == [
        "Chữ-thay-thế 1",
        "Chữ-thay-thế 2",
        "16/11/2026",
        "H-17",
    ]


def test_base64_within_base64_is_looked_into(tmp_path: Path) -> None:
    twice = base64.b64encode(base64.b64encode(people.NOTICE.encode()))
    (clean,) = _scrubbed(_recorded("text/xml", b"<a><return>" + twice + b"</return></a>"))
    assert not people.found_in(_written(clean, tmp_path / "after"))


def test_the_inventions_are_the_taxpayers_that_the_simulator_knows() -> None:
    assert names_of("etax").registered == list(TAXPAYERS)


def test_everything_that_the_simulator_says_is_known_by_name() -> None:
    _, invented = scrubbed(followed())
    assert invented.counts[Kind.NAME]
    assert not invented.counts[Kind.TEXT]
    assert not invented.counts[Kind.UNREADABLE]


def test_what_still_has_a_trace_at_the_end_is_not_kept() -> None:
    """Names of fields are nobody's, so they are not replaced; this agency makes them of people's."""
    body = json.dumps({"mst": people.TAX_CODE, people.TAX_CODE: "đã nhận"})
    (clean,) = _scrubbed(_recorded("application/json", body.encode()))
    assert clean.request.body == b"[removed]"


@pytest.mark.parametrize("value", [people.COMPANY, people.EMAIL, people.CITIZEN])
@pytest.mark.parametrize("before", [0, 1, 2])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_a_trace_is_found_in_base64_wherever_it_begins(value: str, before: int, encoding: str) -> None:
    data = base64.b64encode(b"." * before + value.encode(encoding) + b"..")
    assert has_trace(b"<a>" + data + b"</a>", [value])
    assert not has_trace(b"<a>" + data[::-1] + b"</a>", [value])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_trace_is_found_in_every_encoding(encoding: str) -> None:
    upper = unicodedata.normalize("NFD", people.COMPANY.upper())
    assert has_trace(upper.encode(encoding), [people.COMPANY])
    assert has_trace(json.dumps(people.COMPANY).encode(), [people.COMPANY])
    assert has_trace(quote(people.COMPANY).encode(), [people.COMPANY])
