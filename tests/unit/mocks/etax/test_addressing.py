"""Which call a request is and which obligation it is about, told from its bytes."""

from __future__ import annotations

import pytest

from govgateway_mocks.etax.office import TaxOffice
from samples import declaration
from simulated import filed, office, period
from unit.mocks.etax.caller import FILING, RESULTS, envelope, filing

KEY = "9900000016/879/M 10/2026/C/0"
PATH = f"/ihtkk_van/{FILING}"


@pytest.fixture(scope="module")
def taxes() -> TaxOffice:
    return office()


@pytest.mark.parametrize(
    ("method", "path", "call"),
    [
        ("GET", "/", "/"),
        ("GET", f"{PATH}?wsdl", PATH),
        ("GET", "/notices/TB000001.xml", "/notices/TB000001.xml"),
        ("POST", "/upload", "/upload"),
        ("POST", "/upload?x=1", "/upload"),
    ],
)
def test_a_page_is_called_by_its_path(taxes: TaxOffice, method: str, path: str, call: str) -> None:
    assert taxes.call_of(method, path, b"") == call


def test_an_operation_is_told_as_soon_as_its_name_stands_there(taxes: TaxOffice) -> None:
    body = filing(filed())
    known = body.index(b"<n:nhanHSoXML ") + len(b"<n:nhanHSoXML ")
    assert [taxes.call_of("POST", PATH, body[:length]) for length in range(known)] == [None] * known
    assert {taxes.call_of("POST", PATH, body[:length]) for length in range(known, len(body) + 1, 7)} == {"nhanHSoXML"}


@pytest.mark.parametrize(
    "body",
    [
        envelope("traKQuaPhienGDich", {"ngayGDich": "16/11/2026"}),
        b"<Envelope><Body><traKQuaPhienGDich/></Body></Envelope>",
        b"<s:Envelope><s:Body a='1'>\r\n <!-- <x> -->\n<traKQuaPhienGDich>",
    ],
)
def test_an_operation_is_told_however_it_is_written(taxes: TaxOffice, body: bytes) -> None:
    assert taxes.call_of("POST", f"/ihtkk_van/{RESULTS}", body) == "traKQuaPhienGDich"


@pytest.mark.parametrize("body", [b"", b"no xml", b"<Body>", b"<BodyOfWork><x>", b"<s:Body/><x>"])
def test_what_asks_for_no_operation_cannot_be_told(taxes: TaxOffice, body: bytes) -> None:
    assert taxes.call_of("POST", PATH, body) is None


@pytest.mark.parametrize(
    "data",
    [
        filed(),
        declaration().data,
        filing(filed()),
        b"\r\n" + filing(filed()),
        b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--x\r\n\r\n" + filed() + b"\r\n--x--",
    ],
    ids=["document", "unsigned", "request", "with a line before", "form"],
)
def test_the_obligation_is_found_in_a_document_and_in_a_request(taxes: TaxOffice, data: bytes) -> None:
    assert taxes.key_of(data) == KEY


@pytest.mark.parametrize(
    "data", [b"", b"--", b"--x\r\n", b"no xml", b"<x/>", filing(filed())[:-5], filing(b"x"), envelope("getTbao", {})]
)
def test_there_is_no_obligation_where_there_is_no_whole_declaration(taxes: TaxOffice, data: bytes) -> None:
    assert taxes.key_of(data) == ""


def test_the_obligation_names_what_is_taken_once(taxes: TaxOffice) -> None:
    days = filed(period("K", "11/2026", "16/11/2026", "30/11/2026"), ("<loaiTKhai>C<", "<loaiTKhai>B<"))
    assert taxes.key_of(days) == "9900000016/879/K 16/11/2026-30/11/2026/B/0"
    assert taxes.key_of(filed(("<soLan>0<", "<soLan>007<"))) == "9900000016/879/M 10/2026/C/7"
