"""Requests: the wire sample of the tax office part by part, the copy without a password, the WSDL, threads."""

from __future__ import annotations

import logging
import shutil
import socket
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from email.message import Message
from pathlib import Path

import pytest
from lxml import etree

import govgateway_schemas
from govgateway.transport.soap import CUT_OUT, WSSE, Attachment, SoapRequest, SoapService

WSDLS = Path(govgateway_schemas.__file__).parent / "etax" / "wsdl"
FILING = SoapService(WSDLS / "NhanHSoThueService.wsdl", "https://thue.example/ihtkk_van/NhanHSoThueServicePort")
SOAP = "{http://schemas.xmlsoap.org/soap/envelope/}"
OPERATIONS = "{http://nhanhsothue.van.gdt.gov.vn/}"
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
USERNAME, PASSWORD = "t-van", 'mật <khẩu> & "bí mật"'
DOCUMENT = b"\xef\xbb\xbf<HSoThueDTu/>\r\n\r\n\x00--part-\r\n--"
ARGUMENTS = {
    "tIN": "9900000016",
    "maTKhai": "879",
    "loaiTKhai": "C",
    "kyKKhai": "10/2026",
    "dlieuHSo": "cid:tkhai.xml",
}  # fmt: skip


def _request(
    arguments: Mapping[str, str | None] = ARGUMENTS, document: bytes | None = DOCUMENT, service: SoapService = FILING
) -> SoapRequest:
    attachment = None if document is None else Attachment("tkhai.xml", document)
    return service.request("nhanHSoXML", arguments, username=USERNAME, password=PASSWORD, attachment=attachment)


def _parameters(request: SoapRequest) -> Message:
    header = Message()
    header["Content-Type"] = request.http.headers["Content-Type"]
    return header


def _parts(request: SoapRequest, body: bytes) -> list[tuple[dict[str, str], bytes]]:
    """The parts of ``body`` cut at its boundary by hand: headers and exact bytes."""
    delimiter = b"--" + str(_parameters(request).get_param("boundary")).encode()
    preamble, *parts, end = (b"\r\n" + body).split(b"\r\n" + delimiter)
    assert (preamble, end) == (b"", b"--\r\n")
    cut = [part.removeprefix(b"\r\n").partition(b"\r\n\r\n") for part in parts]
    return [(dict(line.split(": ", 1) for line in head.decode().split("\r\n")), data) for head, _, data in cut]


def _envelope(request: SoapRequest) -> etree._Element:
    return etree.fromstring(_parts(request, request.http.body)[0][1])


def test_the_http_head_is_that_of_the_wire_sample() -> None:
    http = _request().http
    assert http.url == "https://thue.example/ihtkk_van/NhanHSoThueServicePort"
    assert http.headers["SOAPAction"] == '""'
    assert http.headers["Content-Type"].startswith('Multipart/Related; boundary="')
    parameters = _parameters(_request())
    assert parameters.get_param("type") == "text/xml"
    assert str(parameters.get_param("start")).startswith("<rootpart@")
    assert len(str(parameters.get_param("boundary"))) <= 70  # RFC 2046


def test_part_1_is_the_envelope_that_start_names() -> None:
    request = _request()
    headers, data = _parts(request, request.http.body)[0]
    assert headers["Content-Type"] == "text/xml; charset=utf-8"
    assert headers["Content-ID"] == _parameters(request).get_param("start")
    envelope = etree.fromstring(data)
    assert [element.tag for element in envelope] == [f"{SOAP}Header", f"{SOAP}Body"]
    [operation] = envelope[1]
    assert operation.tag == f"{OPERATIONS}nhanHSoXML"
    assert [(element.tag, element.text) for element in operation] == [
        (f"{OPERATIONS}{name}", value) for name, value in ARGUMENTS.items()
    ]
    assert not [element for element in operation.iter() if element.attrib]


def test_the_envelope_carries_the_user_name_token_with_the_password_as_text() -> None:
    [security] = _envelope(_request())[0]
    assert security.tag == f"{{{WSSE}}}Security"
    [token] = security
    assert token.tag == f"{{{WSSE}}}UsernameToken"
    username, password = token
    assert (username.tag, username.text) == (f"{{{WSSE}}}Username", USERNAME)
    assert (password.tag, password.text) == (f"{{{WSSE}}}Password", PASSWORD)
    assert (
        password.get("Type")
        == "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText"
    )


@pytest.mark.parametrize("document", [DOCUMENT, b"", b"\r\n", bytes(range(256))])
def test_part_2_is_the_document_byte_for_byte_under_its_content_id(document: bytes) -> None:
    request = _request(document=document)
    root, attached = _parts(request, request.http.body)
    assert attached == (
        {"Content-Type": "text/xml", "Content-Transfer-Encoding": "binary", "Content-ID": "<tkhai.xml>"},
        document,
    )
    assert etree.fromstring(root[1]).findtext(f".//{OPERATIONS}dlieuHSo") == "cid:tkhai.xml"


def test_without_an_attachment_the_body_is_the_envelope_alone() -> None:
    request = _request(document=None)
    assert request.http.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert etree.fromstring(request.http.body).tag == f"{SOAP}Envelope"


def test_none_becomes_nil_and_an_empty_text_an_empty_element() -> None:
    [operation] = _envelope(_request({**ARGUMENTS, "loaiTKhai": None, "kyKKhai": ""}))[1]
    assert [(element.get(NIL), element.text) for element in operation][2:4] == [("true", None), (None, None)]


def test_the_boundary_of_a_request_is_in_no_part_even_when_an_older_one_comes_back_in_a_document() -> None:
    first = _request()
    second = _request(document=first.http.body)
    assert [data for _, data in _parts(second, second.http.body)][1] == first.http.body


@pytest.mark.parametrize("document", [DOCUMENT, None])
def test_the_kept_copy_differs_by_the_password_alone_and_says_so(document: bytes | None) -> None:
    request = _request(document=document)
    sent = 'mật &lt;khẩu&gt; &amp; "bí mật"'.encode()
    assert request.http.body.count(sent) == 1
    assert request.redacted == request.http.body.replace(sent, CUT_OUT.encode())
    assert "đã được cắt bỏ" in CUT_OUT
    assert "cut out" in CUT_OUT


def test_the_password_shows_neither_when_printed_nor_in_a_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        request = _request()
    assert "bí mật" not in repr(request) + caplog.text


@pytest.mark.parametrize("name", ["NhanHSoThueService", "KQuaGDichService"])
def test_a_service_description_is_read_from_disk_once_and_never_from_the_network(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a folder as it may be called on a person's machine."""
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: pytest.fail("the network was asked"))
    monkeypatch.setattr(socket.socket, "connect", lambda *args: pytest.fail("the network was asked"))
    folder = tmp_path / "Thư mục có dấu"
    shutil.copytree(WSDLS, folder)
    operation = "getDsachTbao" if name == "NhanHSoThueService" else "traTTinMaSoThue"
    arguments = {} if name == "NhanHSoThueService" else {"maSoThue": "9900000016"}

    def request() -> SoapRequest:
        service = SoapService(folder / f"{name}.wsdl", "https://thue.example/")
        return service.request(operation, arguments, username=USERNAME, password=PASSWORD)

    first = request()
    shutil.rmtree(folder)
    assert request() == first


def test_an_argument_that_the_operation_does_not_have_is_refused() -> None:
    with pytest.raises(TypeError, match="soLan"):
        _request({**ARGUMENTS, "soLan": "0"})


def test_requests_made_at_once_do_not_mix(tmp_path: Path) -> None:
    """On a description that no thread has read before."""
    shutil.copytree(WSDLS, tmp_path / "wsdl")
    service = SoapService(tmp_path / "wsdl" / "NhanHSoThueService.wsdl", "https://thue.example/")

    def made(number: int) -> tuple[str | None, bytes]:
        request = _request({**ARGUMENTS, "kyKKhai": str(number)}, b"document %d" % number, service)
        envelope, (_, document) = _envelope(request), _parts(request, request.http.body)[1]
        return envelope.findtext(f".//{OPERATIONS}kyKKhai"), document

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(made, range(160))) == [(str(each), b"document %d" % each) for each in range(160)]
