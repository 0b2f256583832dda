"""The simulated tax office over real HTTP: its services word by word, and its pages."""

from __future__ import annotations

import hashlib
import logging
import re
import socket
from collections.abc import Iterator
from html import escape
from urllib.parse import urlsplit

import pytest
import requests
import zeep
from lxml import etree
from zeep.wsse.username import UsernameToken

from govgateway_mocks import server
from govgateway_mocks.etax.simulator import SimulatedTaxOffice
from govgateway_mocks.server import RunningSimulator
from samples import declaration
from simulated import RECEIPT_DELAY, VERDICT_DELAY, Clock, fields, filed, office

FILING, RESULTS = "NhanHSoThueServicePort", "KQuaGDichServicePort"
NAMESPACES = {FILING: "http://nhanhsothue.van.gdt.gov.vn/", RESULTS: "http://kquagdich.van.gdt.gov.vn/"}
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
TEXT_XML = "text/xml; charset=utf-8"
RELATED = 'Multipart/Related; boundary="b1"; type="text/xml"; start="<rootpart@client>"'
ARGUMENTS = (("tIN", "9900000016"), ("maTKhai", "879"), ("loaiTKhai", "C"), ("kyKKhai", "10/2026"))


class Client:
    """Speaks to a simulator word by word; what it sends is written here, not by the gateway."""

    def __init__(self, running: SimulatedTaxOffice, clock: Clock) -> None:
        self.running = running
        self.clock = clock

    def get(self, path: str) -> requests.Response:
        return requests.get(self.running.address + path, timeout=5)

    def post(self, port: str, body: bytes, content_type: str = TEXT_XML) -> requests.Response:
        headers = {"Content-Type": content_type, "SOAPAction": '""'}
        return requests.post(f"{self.running.service_address}/{port}", data=body, headers=headers, timeout=5)

    def ask(self, port: str, operation: str, *arguments: tuple[str, str]) -> requests.Response:
        return self.post(port, envelope(port, operation, *arguments))

    def send(self, document: bytes, *arguments: tuple[str, str], operation: str = "nhanHSoXML") -> requests.Response:
        written = envelope(FILING, operation, *(arguments or ARGUMENTS), ("dlieuHSo", "cid:tkhai.xml"))
        return self.post(FILING, related(written, document), RELATED)

    def upload(self, document: bytes, **headers: str) -> requests.Response:
        form = {"file": ("tờ khai.xml", document, "text/xml")}
        return requests.post(f"{self.running.address}/upload", files=form, headers=headers, timeout=5)


def envelope(
    port: str, operation: str, *arguments: tuple[str, str], user: str = "tvan", password: str = "demo"
) -> bytes:
    fields = "".join(f"<n:{name}>{escape(value)}</n:{name}>" for name, value in arguments)
    return (
        f'<S:Envelope xmlns:S="{SOAP}"><S:Header><w:Security xmlns:w="{WSSE}"><w:UsernameToken>'
        f"<w:Username>{user}</w:Username><w:Password>{password}</w:Password></w:UsernameToken></w:Security></S:Header>"
        f'<S:Body><n:{operation} xmlns:n="{NAMESPACES[port]}">{fields}</n:{operation}></S:Body></S:Envelope>'
    ).encode()


def related(written: bytes, document: bytes, name: str = "tkhai.xml") -> bytes:
    return (
        b"--b1\r\nContent-Type: text/xml; charset=utf-8\r\nContent-ID: <rootpart@client>\r\n\r\n" + written
        + b"\r\n--b1\r\nContent-Type: text/xml\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <"
        + name.encode() + b">\r\n\r\n" + document + b"\r\n--b1--\r\n"
    )  # fmt: skip


def returned(answer: requests.Response) -> etree._Element:
    """The element ``return`` of an answer that is no multipart."""
    assert answer.headers["Content-Type"].startswith("text/xml")
    found = etree.fromstring(answer.content).find("{*}Body/*/{*}return")
    assert found is not None
    return found


def attached(answer: requests.Response) -> bytes:
    """The attachment to which the ``return`` of an answer refers."""
    assert answer.status_code == 200
    boundary = re.search(r'boundary="([^"]+)"', answer.headers["Content-Type"])
    assert boundary is not None
    assert answer.content.endswith(f"\r\n--{boundary[1]}--\r\n".encode())
    _, root, second, _ = answer.content.split(b"--" + boundary[1].encode())
    reference = re.search(rb"<ns0:return>cid:([^<]+)</ns0:return>", root)
    assert reference is not None
    head, _, content = second.partition(b"\r\n\r\n")
    assert b"<" + reference[1] + b">" in head
    assert b"Content-Type: application/octet-stream" in head
    return content.removesuffix(b"\r\n")


def fault(answer: requests.Response) -> tuple[str, str]:
    assert answer.status_code == 500
    found = etree.fromstring(answer.content).find(f"{{{SOAP}}}Body/{{{SOAP}}}Fault")
    assert found is not None
    return found.findtext("faultcode") or "", found.findtext("faultstring") or ""


@pytest.fixture
def client() -> Iterator[Client]:
    clock = Clock()
    with RunningSimulator(office(clock), "127.0.0.1", 0) as running:
        yield Client(running, clock)


def test_a_declaration_is_answered_by_its_transaction_code(client: Client) -> None:
    answer = client.send(filed())
    assert answer.status_code == 200
    code = client.running.agency.transactions[0].code
    assert returned(answer).text == code
    assert f'<ns0:nhanHSoXMLResponse xmlns:ns0="{NAMESPACES[FILING]}"' in answer.text
    assert f"<ns0:return>{code}</ns0:return>" in answer.text


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        ("nhanHSoThue", (("maLoaiGDich", "01"),)),
        ("nhanToKhaiThue", (("lanNop", "0"),)),
        ("nhanHSoXMLCoId", (*ARGUMENTS, ("IdHso", "1"))),
    ],
)
def test_every_way_of_filing_takes_the_attachment(
    operation: str, arguments: tuple[tuple[str, str], ...], client: Client
) -> None:
    assert client.send(filed(), *arguments, operation=operation).status_code == 200
    client.clock.advance(2 * VERDICT_DELAY)
    assert [each.code for each in client.running.agency.notices()] == ["843", "844"]


def test_the_attachment_arrives_byte_for_byte(client: Client) -> None:
    document = filed() + b"\r\n \r\n"
    client.send(document)
    assert [digest for _, digest in client.running.agency.arrivals] == [hashlib.sha256(document).hexdigest()]


def test_arguments_that_contradict_the_declaration_make_the_transaction_invalid(client: Client) -> None:
    code = returned(client.send(filed(), *ARGUMENTS[:3], ("kyKKhai", "11/2026"))).text or ""
    client.clock.advance(RECEIPT_DELAY)
    told = fields(attached(client.ask(RESULTS, "traKQuaGDich", ("maGDich", code))))
    assert told["maTBao"] == "213"
    assert told["mtaLoiGDich"] == "Tham số kyKKhai (11/2026) không khớp với hồ sơ (10/2026)"


def test_there_is_nil_before_a_notice_and_the_notice_after(client: Client) -> None:
    code = returned(client.send(filed())).text or ""
    answer = client.ask(RESULTS, "traKQuaGDich", ("maGDich", code))
    assert returned(answer).get(NIL) == "true"
    assert (returned(client.ask(FILING, "getDsachTbao")).text or "") == ""
    client.clock.advance(RECEIPT_DELAY)
    notice = attached(client.ask(RESULTS, "traKQuaGDich", ("maGDich", code)))
    assert notice == client.running.agency.notices()[0].data


def test_notices_are_listed_and_fetched_by_their_identifiers(client: Client) -> None:
    client.send(filed())
    client.clock.advance(2 * VERDICT_DELAY)
    assert returned(client.ask(FILING, "getDsachTbao")).text == "TB000001;TB000002"
    assert returned(client.ask(FILING, "getTBaoLan2")).text == "TB000002"
    one = attached(client.ask(FILING, "getTbao", ("idTbao", "TB000002")))
    assert one == attached(client.ask(FILING, "getxmlTBaoLan2", ("maTbao", "TB000002")))
    assert fields(one)["maTBao"] == "844"
    assert returned(client.ask(FILING, "getTbao", ("idTbao", "TB999999"))).get(NIL) == "true"


def test_the_days_result_is_fetched_by_day(client: Client) -> None:
    code = returned(client.send(filed())).text
    told = fields(attached(client.ask(RESULTS, "traKQuaPhienGDich", ("ngayGDich", "16/11/2026"))))
    assert (told["maTBao"], told["maGDC"]) == ("211", code)


@pytest.mark.parametrize("day", ["2026-11-16", "31/11/2026", ""])
def test_a_day_that_is_none_is_a_fault_and_not_an_empty_day(day: str, client: Client) -> None:
    code, text = fault(client.ask(RESULTS, "traKQuaPhienGDich", ("ngayGDich", day)))
    assert (code, text) == ("ns0:Server", f"ngayGDich is no day dd/MM/yyyy: {day}")


def test_a_taxpayer_is_looked_up_by_code(client: Client) -> None:
    found = returned(client.ask(RESULTS, "traTTinMaSoThue", ("maSoThue", "9900000016")))
    assert (found.findtext("{*}tin"), found.findtext("{*}fullName")) == ("9900000016", "Sở Xây dựng tỉnh An Hoà")
    assert returned(client.ask(RESULTS, "traTThaiMaSoThue", ("maSoThue", "9900000016"))).text == "00"
    for operation in ("traTTinMaSoThue", "traTThaiMaSoThue"):
        assert returned(client.ask(RESULTS, operation, ("maSoThue", "9900000030"))).get(NIL) == "true"


@pytest.mark.parametrize("token", [{"user": "khác"}, {"password": "sai"}])
def test_wrong_credentials_are_a_fault_and_nothing_is_taken(token: dict[str, str], client: Client) -> None:
    written = envelope(FILING, "nhanHSoXML", *ARGUMENTS, ("dlieuHSo", "cid:tkhai.xml"), **token)
    answer = client.post(FILING, related(written, filed()), RELATED)
    assert fault(answer) == ("wsse:FailedAuthentication", "the security token could not be authenticated")
    assert not client.running.agency.arrivals


def test_a_request_without_credentials_is_refused(client: Client) -> None:
    bare = re.sub(rb"<S:Header>.*</S:Header>", b"", envelope(FILING, "getDsachTbao"))
    assert fault(client.post(FILING, bare))[0] == "wsse:FailedAuthentication"


@pytest.mark.parametrize(
    "arguments",
    [ARGUMENTS[:3], (*ARGUMENTS[::-1],), (*ARGUMENTS, ("khac", "1"))],
    ids=["missing", "another order", "surplus"],
)
def test_a_body_that_does_not_fit_the_services_schema_is_refused(
    arguments: tuple[tuple[str, str], ...], client: Client
) -> None:
    code, text = fault(client.send(filed(), *arguments))
    assert (code, "does not fit the schema" in text) == ("SOAP-ENV:Client", True)
    assert not client.running.agency.arrivals


def test_a_missing_attachment_is_told_in_the_words_observed(client: Client) -> None:
    written = envelope(FILING, "nhanHSoXML", *ARGUMENTS, ("dlieuHSo", "cid:tkhai.xml"))
    for answer in (client.post(FILING, written), client.post(FILING, related(written, filed(), "khac.xml"), RELATED)):
        code, text = fault(answer)
        assert code == "ns0:Server"
        assert "UnmarshalException" in text
        assert 'There\'s no attachment for the content ID "cid:tkhai.xml"' in text
    assert not client.running.agency.arrivals


@pytest.mark.parametrize("operation", ["nhanHSo", "nhanHSoXMLResponse"])
def test_an_unknown_operation_is_a_fault(operation: str, client: Client) -> None:
    code, text = fault(client.ask(FILING, operation, ("return", "x")))
    assert (code, operation in text) == ("SOAP-ENV:Client", True)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html/>",
        b"not xml",
        b'<!DOCTYPE x [<!ENTITY e "1">]><x/>',
        envelope(FILING, "getDsachTbao").replace(SOAP.encode(), b"http://www.w3.org/2003/05/soap-envelope"),
        re.sub(rb"<S:Body>.*</S:Body>", b"<S:Body/>", envelope(FILING, "getDsachTbao")),
    ],
    ids=["empty", "html", "text", "dtd", "soap 1.2", "no content"],
)
def test_what_is_no_soap_1_1_envelope_is_a_fault(body: bytes, client: Client) -> None:
    assert fault(client.post(FILING, body))[0] == "SOAP-ENV:Client"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"\r\n--b1--\r\n", b""),
        (b"\r\n--b1--\r\n", b"\r\n--b1\r\n"),
        (b"<rootpart@client>", b"<another@client>"),
        (b"\r\n--b1--\r\n", b"\r\n--b1\r\nContent-ID: <tkhai.xml>\r\n\r\nx\r\n--b1--\r\n"),
    ],
    ids=["cut", "not closed", "no root part", "two parts of one name"],
)
def test_a_broken_multipart_body_is_a_fault_and_nothing_is_taken(old: bytes, new: bytes, client: Client) -> None:
    written = envelope(FILING, "nhanHSoXML", *ARGUMENTS, ("dlieuHSo", "cid:tkhai.xml"))
    body = related(written, filed())
    assert old in body
    assert fault(client.post(FILING, body.replace(old, new), RELATED))[0] == "SOAP-ENV:Client"
    assert not client.running.agency.arrivals


@pytest.mark.parametrize(
    "content_type", ["application/soap+xml", "application/json", 'multipart/related; boundary="b1"']
)
def test_another_media_type_is_not_supported(content_type: str, client: Client) -> None:
    assert client.post(FILING, envelope(FILING, "getDsachTbao"), content_type).status_code == 415


def test_a_content_id_that_is_no_utf8_does_not_disturb(client: Client) -> None:
    written = envelope(FILING, "getDsachTbao")
    answer = client.post(FILING, related(written, b"").replace(b"<tkhai.xml>", b"<\xff>"), RELATED)
    assert answer.status_code == 200


@pytest.mark.parametrize("port", [FILING, RESULTS])
def test_a_service_describes_itself_with_its_own_address(port: str, client: Client) -> None:
    answer = client.get(f"/ihtkk_van/{port}?wsdl")
    assert answer.status_code == 200
    address = etree.fromstring(answer.content).find(".//{http://schemas.xmlsoap.org/wsdl/soap/}address")
    assert address is not None
    assert address.get("location") == f"{client.running.service_address}/{port}"


def test_a_stranger_can_work_from_the_description_alone(client: Client) -> None:
    stranger = zeep.Client(f"{client.running.service_address}/{RESULTS}?wsdl", wsse=UsernameToken("tvan", "demo"))
    assert stranger.service.traTTinMaSoThue("9900000016")["tin"] == "9900000016"


@pytest.mark.parametrize("path", ["/ihtkk_van/KhacPort", "/notices/TB000001.xml", "/khac", "/ihtkk_van/..%2f..%2fetc"])
def test_what_is_not_there_is_not_found(path: str, client: Client) -> None:
    assert client.get(path).status_code == 404


def test_a_body_larger_than_anything_ever_filed_is_refused(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "LARGEST_REQUEST", 1000)
    assert client.post(FILING, b"x" * 1001).status_code == 413
    assert client.upload(filed()).status_code == 413
    assert not client.running.agency.arrivals


def test_a_client_that_goes_away_within_the_body_leaves_no_trace(
    client: Client, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    written = envelope(FILING, "nhanHSoXML", *ARGUMENTS, ("dlieuHSo", "cid:tkhai.xml"))
    body = related(written, filed())
    length = f"Content-Length: {len(body)}"
    head = f"POST /ihtkk_van/{FILING} HTTP/1.1\r\nHost: x\r\nContent-Type: {RELATED}\r\n{length}\r\n\r\n"
    with caplog.at_level(logging.DEBUG):
        for sent in (body[:-1], body[: len(body) // 2], b""):
            with socket.create_connection(_where(client.running)) as connection:
                connection.sendall(head.encode() + sent)
        assert client.get("/").status_code == 200
    assert not client.running.agency.arrivals
    assert not [each for each in caplog.records if each.levelno >= logging.WARNING]
    assert capfd.readouterr() == ("", "")


def _where(running: SimulatedTaxOffice) -> tuple[str, int]:
    parts = urlsplit(running.address)
    assert parts.hostname is not None
    assert parts.port is not None
    return parts.hostname, parts.port


def test_a_browser_uploads_and_is_led_to_the_page(client: Client) -> None:
    answer = client.upload(filed())
    assert [each.status_code for each in answer.history] == [303]
    assert answer.url == f"{client.running.address}/"
    assert client.running.agency.transactions[0].code in answer.text
    assert client.running.agency.transactions[0].key.startswith("9900000016/")


def test_a_program_uploads_and_gets_the_transaction_code(client: Client) -> None:
    form = client.upload(filed(), Accept="application/json")
    bare = requests.post(
        f"{client.running.address}/upload", data=filed(), headers={"Accept": "application/json"}, timeout=5
    )
    codes = [each.code for each in client.running.agency.transactions]
    assert [form.json(), bare.json()] == [{"maGDich": code} for code in codes]


def test_a_broken_upload_is_refused(client: Client) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=b1"}
    answer = requests.post(f"{client.running.address}/upload", data=b"--b1\r\n", headers=headers, timeout=5)
    assert answer.status_code == 400
    assert not client.running.agency.transactions


def test_the_page_tells_a_verdict_when_its_notice_is_out(client: Client) -> None:
    client.upload(filed(("<tongCong>122043050<", "<tongCong>122043051<")))
    reason = "Tổng cộng VND ghi 122.043.051"
    client.clock.advance(RECEIPT_DELAY)
    page = client.get("/").text
    assert "Sở Xây dựng tỉnh An Hoà" in page
    assert "MÔ PHỎNG · SIMULATOR" in page
    assert (reason in page, "…" in page) == (False, True)
    assert ("/notices/TB000001.xml" in page, "/notices/TB000002.xml" in page) == (True, False)
    client.clock.advance(VERDICT_DELAY)
    page = client.get("/").text
    assert (reason in page, "…" in page) == (True, False)
    assert "/notices/TB000002.xml" in page


def test_the_page_escapes_what_arrived(client: Client) -> None:
    client.upload(filed(("<tenNNT>Sở Xây dựng", "<tenNNT>&lt;script&gt;alert(1)&lt;/script&gt;")))
    page = client.get("/").text
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_page_shows_what_could_not_be_read(client: Client) -> None:
    client.upload(b"no xml")
    client.clock.advance(RECEIPT_DELAY)
    assert "Tờ khai không đúng định dạng với XSD" in client.get("/").text


def test_a_notice_is_downloaded_as_a_file(client: Client) -> None:
    client.upload(declaration().data)
    assert client.get("/notices/TB000001.xml").status_code == 404
    client.clock.advance(RECEIPT_DELAY)
    answer = client.get("/notices/TB000001.xml")
    assert answer.content == client.running.agency.notices()[0].data
    assert answer.headers["Content-Disposition"] == 'attachment; filename="TB000001-843.xml"'
