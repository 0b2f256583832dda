"""The service side of SOAP with attachments: multipart bodies, the service's schema, WS-Security, faults."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from html import escape
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

from lxml import etree

from govgateway.documents.xml import read_xml
from govgateway.errors import UnreadableDocument
from govgateway_mocks import schema
from govgateway_mocks.office import TaxOffice
from govgateway_mocks.registry import OFFICE_CODE, OFFICE_NAME, PASSWORD, TAXPAYERS, USERNAME

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
WSDL_FOLDER = schema.FOLDER / "wsdl"


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer: status, content type, body."""

    status: int
    content_type: str
    body: bytes


class Fault(Exception):
    """A SOAP fault with its code and text."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


@dataclass(frozen=True, slots=True)
class _Call:
    operation: str
    arguments: dict[str, str]
    parts: dict[str, bytes]

    def attachment(self, name: str) -> bytes:
        reference = self.arguments.get(name, "")
        identifier = reference.removeprefix("cid:")
        if not reference.startswith("cid:") or identifier not in self.parts:
            raise Fault(
                "ns0:Server",
                "javax.xml.bind.UnmarshalException - with linked exception: "
                f'[There\'s no attachment for the content ID "{reference}"]',
            )
        return self.parts[identifier]


@dataclass(frozen=True, slots=True)
class _Nil:
    """No answer yet: xsi:nil."""


Value = str | bytes | _Nil | dict[str, str]
Operation = Callable[[TaxOffice, _Call], Value]


def _receive(office: TaxOffice, call: _Call) -> Value:
    return office.take(call.attachment("dlieuHSo"))


def _list(office: TaxOffice, call: _Call) -> Value:
    return ";".join(each.identifier for each in office.notices())


def _list_second(office: TaxOffice, call: _Call) -> Value:
    return ";".join(each.identifier for each in office.notices() if each.second)


def _fetch(name: str) -> Operation:
    def fetch(office: TaxOffice, call: _Call) -> Value:
        notice = office.notice(call.arguments.get(name, ""))
        return notice.data if notice else _Nil()

    return fetch


def _first(office: TaxOffice, call: _Call) -> Value:
    notice = office.first_notice(call.arguments.get("maGDich", ""))
    return notice.data if notice else _Nil()


def _day(office: TaxOffice, call: _Call) -> Value:
    return office.day_result(call.arguments.get("ngayGDich", ""))


def _taxpayer(office: TaxOffice, call: _Call) -> Value:
    found = TAXPAYERS.get(call.arguments.get("maSoThue", ""))
    if found is None:
        return _Nil()
    known = {"fullName": found.name, "tin": found.tax_code, "addr": found.address}
    return {**known, "payTaxOfficeId": OFFICE_CODE, "payTaxOfficeName": OFFICE_NAME}


def _taxpayer_status(office: TaxOffice, call: _Call) -> Value:
    return "00" if call.arguments.get("maSoThue", "") in TAXPAYERS else _Nil()


SERVICES: dict[str, tuple[Path, dict[str, Operation]]] = {
    "NhanHSoThueServicePort": (
        WSDL_FOLDER / "NhanHSoThueService.wsdl",
        {
            **dict.fromkeys(("nhanHSoThue", "nhanToKhaiThue", "nhanHSoXML", "nhanHSoXMLCoId"), _receive),
            "getDsachTbao": _list,
            "getTbao": _fetch("idTbao"),
            "getTBaoLan2": _list_second,
            "getxmlTBaoLan2": _fetch("maTbao"),
        },
    ),
    "KQuaGDichServicePort": (
        WSDL_FOLDER / "KQuaGDichService.wsdl",
        {
            "traKQuaGDich": _first,
            "traKQuaPhienGDich": _day,
            "traTTinMaSoThue": _taxpayer,
            "traTThaiMaSoThue": _taxpayer_status,
        },
    ),
}


def answer(office: TaxOffice, port: str, content_type: str, body: bytes) -> Reply:
    """What the service at ``port`` answers to a POST."""
    wsdl, operations = SERVICES[port]
    try:
        envelope, parts = _read(content_type, body)
        content = _content(envelope)
        if not schema.wsdl_schema(wsdl).validate(content):
            raise Fault("SOAP-ENV:Client", "cvc: the request does not fit the schema of the service")
        _authenticate(envelope)
        name = etree.QName(content).localname
        if name not in operations:
            raise Fault("SOAP-ENV:Client", f"no such operation: {name}")
        arguments = {etree.QName(each).localname: (each.text or "").strip() for each in content}
        value = operations[name](office, _Call(name, arguments, parts))
        return _result(str(etree.QName(content).namespace), name, value)
    except Fault as fault:
        return _fault(fault)


def _read(content_type: str, body: bytes) -> tuple[etree._Element, dict[str, bytes]]:
    header = Message()
    header["Content-Type"] = content_type
    parts: dict[str, bytes] = {}
    root = body
    if header.get_content_maintype() == "multipart":
        parts = read_parts(body, str(header.get_param("boundary") or ""))
        start = str(header.get_param("start") or "").strip("<>")
        root = parts.get(start, next(iter(parts.values()), b""))
    try:
        return read_xml(root).root, parts
    except UnreadableDocument as error:
        raise Fault("SOAP-ENV:Client", f"unreadable envelope: {error.message.en}") from None


def read_parts(body: bytes, boundary: str) -> dict[str, bytes]:
    """The parts of a multipart body by Content-ID, or by number. Raises Fault when it is broken."""
    mark = re.compile(rb"\r\n--" + re.escape(boundary.encode()) + rb"(--)?[ \t]*(?=\r\n|$)")
    data = b"\r\n" + body
    marks = list(mark.finditer(data))
    if not boundary or len(marks) < 2 or not marks[-1][1]:
        raise Fault("SOAP-ENV:Client", "the multipart body is broken")
    parts: dict[str, bytes] = {}
    for one, two in pairwise(marks):
        head, _, content = data[one.end() : two.start()].partition(b"\r\n\r\n")
        found = re.search(rb"(?im)^content-id:\s*<?([^>\r\n]+)>?", head)
        parts[found[1].decode() if found else f"part-{len(parts)}"] = content
    return parts


def _content(envelope: etree._Element) -> etree._Element:
    contents = list(envelope.iterfind(f"{{{SOAP}}}Body/*"))
    if envelope.tag != f"{{{SOAP}}}Envelope" or len(contents) != 1:
        raise Fault("SOAP-ENV:Client", "no SOAP 1.1 envelope with one content")
    return contents[0]


def _authenticate(envelope: etree._Element) -> None:
    token = f"{{{SOAP}}}Header/{{{WSSE}}}Security/{{{WSSE}}}UsernameToken"
    given = tuple(envelope.findtext(f"{token}/{{{WSSE}}}{name}") for name in ("Username", "Password"))
    if given != (USERNAME, PASSWORD):
        raise Fault("wsse:FailedAuthentication", "the security token could not be authenticated")


def _result(namespace: str, operation: str, value: Value) -> Reply:
    if isinstance(value, _Nil):
        return _reply(namespace, operation, '<ns0:return xsi:nil="true"/>')
    if isinstance(value, str):
        return _reply(namespace, operation, f"<ns0:return>{escape(value)}</ns0:return>")
    if isinstance(value, dict):
        known = "".join(f"<ns0:{name}>{escape(value.get(name, ''))}</ns0:{name}>" for name in _VIEW_TIN)
        return _reply(namespace, operation, f"<ns0:return>{known}</ns0:return>")
    identifier = f"{uuid4()}@example.jaxws.sun.com"
    envelope = _reply(namespace, operation, f"<ns0:return>cid:{identifier}</ns0:return>").body
    boundary = f"uuid:{uuid4()}"
    head = f'--{boundary}\r\nContent-Id: <rootpart*{identifier}>\r\nContent-Type: text/xml;charset="utf-8"\r\n\r\n'
    second = f"\r\n--{boundary}\r\nContent-Id: <{identifier}>\r\nContent-Type: application/octet-stream\r\n"
    body = head.encode() + envelope + second.encode() + b"Content-Transfer-Encoding: binary\r\n\r\n" + value
    kind = f'multipart/related; start="<rootpart*{identifier}>"; type="text/xml"; boundary="{boundary}"'
    return Reply(200, kind, body + f"\r\n--{boundary}--\r\n".encode())


_VIEW_TIN = (
    "fullName", "tin", "payTaxOfficeId", "payTaxOfficeName", "payTaxOfficeAbbreviation", "depaId", "email", "tel",
    "fax", "prov", "dist", "addr", "certSerialNumber", "finaStartDate",
)  # fmt: skip


def _reply(namespace: str, operation: str, returned: str) -> Reply:
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?><S:Envelope xmlns:S="{SOAP}"><S:Body>'
        f'<ns0:{operation}Response xmlns:ns0="{namespace}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{returned}</ns0:{operation}Response></S:Body></S:Envelope>"
    )
    return Reply(200, "text/xml;charset=utf-8", body.encode())


def _fault(fault: Fault) -> Reply:
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?><S:Envelope xmlns:S="{SOAP}" xmlns:ns0="{SOAP}" '
        f'xmlns:SOAP-ENV="{SOAP}" xmlns:wsse="{WSSE}"><S:Body><S:Fault><faultcode>{escape(fault.code)}</faultcode>'
        f"<faultstring>{escape(fault.text)}</faultstring></S:Fault></S:Body></S:Envelope>"
    )
    return Reply(500, "text/xml;charset=utf-8", body.encode())
