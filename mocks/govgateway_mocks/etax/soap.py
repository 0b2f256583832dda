"""What the simulated tax office's SOAP 1.1 services are asked and what they answer: calls, answers, faults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from uuid import uuid4

from govgateway_mocks.faults import Fault as PlayedFault

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"


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
class Call:
    """A request as an operation sees it: its arguments by name (empty for nil), the parts beside the envelope, and the
    fault that strikes it."""

    arguments: Mapping[str, str]
    parts: Mapping[str, bytes]
    fault: PlayedFault | None = None

    def attachment(self, name: str) -> bytes:
        """The part to which the argument ``name`` refers (swaRef). Raises Fault, in the words observed, for none."""
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
class Nil:
    """No answer yet: xsi:nil."""


Value = str | bytes | Nil | Mapping[str, str]
"""What an operation answers: a text, an attachment, nothing yet, the fields of a viewTin."""


def replied(namespace: str, operation: str, value: Value) -> Reply:
    """The answer of ``operation``: an attachment goes beside the envelope, by reference."""
    if isinstance(value, Nil):
        return _reply(namespace, operation, '<ns0:return xsi:nil="true"/>')
    if isinstance(value, str):
        return _reply(namespace, operation, f"<ns0:return>{escape(value)}</ns0:return>")
    if isinstance(value, Mapping):
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


def faulted(fault: Fault) -> Reply:
    """The answer that is a fault."""
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?><S:Envelope xmlns:S="{SOAP}" xmlns:ns0="{SOAP}" '
        f'xmlns:SOAP-ENV="{SOAP}" xmlns:wsse="{WSSE}"><S:Body><S:Fault><faultcode>{escape(fault.code)}</faultcode>'
        f"<faultstring>{escape(fault.text)}</faultstring></S:Fault></S:Body></S:Envelope>"
    )
    return Reply(500, "text/xml;charset=utf-8", body.encode())
