"""Speaks to the simulated tax office in SOAP, without a wire or over a bare socket; what it sends is written here, not
by the gateway."""

from __future__ import annotations

import re
from html import escape

from lxml import etree

from govgateway_mocks.etax import services
from govgateway_mocks.etax.addressing import SERVICES
from govgateway_mocks.etax.office import TaxOffice
from govgateway_mocks.etax.simulator import SimulatedTaxOffice
from govgateway_mocks.etax.soap import Reply
from govgateway_mocks.faults import Fault
from unit.mocks import rawclient

FILING, RESULTS = "NhanHSoThueServicePort", "KQuaGDichServicePort"
NAMESPACES = {FILING: "http://nhanhsothue.van.gdt.gov.vn/", RESULTS: "http://kquagdich.van.gdt.gov.vn/"}
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
TEXT_XML = "text/xml; charset=utf-8"
RELATED = 'Multipart/Related; boundary="b1"; type="text/xml"; start="<rootpart@client>"'
ARGUMENTS = {"tIN": "9900000016", "maTKhai": "879", "loaiTKhai": "C", "kyKKhai": "10/2026"}
TOKEN = "<w:Username>tvan</w:Username><w:Password>demo</w:Password>"


def envelope(operation: str, arguments: dict[str, str], token: str = TOKEN, header: str = "") -> bytes:
    namespace = NAMESPACES[_port(operation)]
    fields = "".join(f"<n:{name}>{escape(value)}</n:{name}>" for name, value in arguments.items())
    return (
        f'<S:Envelope xmlns:S="{SOAP}"><S:Header><w:Security xmlns:w="{WSSE}"><w:UsernameToken>{token}'
        f"</w:UsernameToken></w:Security>{header}</S:Header>"
        f'<S:Body><n:{operation} xmlns:n="{namespace}">{fields}</n:{operation}></S:Body></S:Envelope>'
    ).encode()


def related(root: bytes, document: bytes, encoding: str = "binary", kind: str = TEXT_XML) -> bytes:
    """A multipart body of the envelope ``root`` and a ``document``."""
    return (
        b"--b1\r\nContent-Type: " + kind.encode() + b"\r\nContent-ID: <rootpart@client>\r\n\r\n" + root
        + b"\r\n--b1\r\nContent-Type: text/xml\r\nContent-Transfer-Encoding: " + encoding.encode()
        + b"\r\nContent-ID: <tkhai.xml>\r\n\r\n" + document + b"\r\n--b1--\r\n"
    )  # fmt: skip


def filing(document: bytes, arguments: dict[str, str] | None = None, encoding: str = "binary") -> bytes:
    """The body of a request nhanHSoXML with ``document``."""
    written = envelope("nhanHSoXML", {**(ARGUMENTS if arguments is None else arguments), "dlieuHSo": "cid:tkhai.xml"})
    return related(written, document, encoding)


class Caller:
    """A client of ``office``."""

    def __init__(self, office: TaxOffice) -> None:
        self.office = office

    def post(self, port: str, body: bytes, content_type: str = TEXT_XML, action: str | None = '""') -> Reply:
        headers = {"content-type": content_type} | ({} if action is None else {"soapaction": action})
        return services.answer(self.office, port, headers, body)

    def file(self, document: bytes, arguments: dict[str, str] | None = None) -> str:
        """File ``document``; the transaction code that is told."""
        return returned(self.post(FILING, filing(document, arguments), RELATED))

    def ask(self, operation: str, **arguments: str) -> Reply:
        return self.post(_port(operation), envelope(operation, arguments))

    def told(self, operation: str, **arguments: str) -> str:
        """The text that is the answer."""
        return returned(self.ask(operation, **arguments))

    def notice(self, operation: str, **arguments: str) -> bytes:
        """The notice that is the answer."""
        return attached(self.ask(operation, **arguments))

    def arm(self, do: str, on: str = "*", **named: object) -> str:
        return self.office.script.arm(Fault.flat(do, on=on, **named))


class SocketCaller(Caller):
    """A client of an office that runs: every request goes over a socket of its own."""

    def __init__(self, running: SimulatedTaxOffice) -> None:
        super().__init__(running.agency)
        self._running = running

    def post(self, port: str, body: bytes, content_type: str = TEXT_XML, action: str | None = '""') -> Reply:
        headers = [f"Content-Type: {content_type}", "Connection: close"]
        headers += [] if action is None else [f"SOAPAction: {action}"]
        received = rawclient.ask(self._running, rawclient.post(body, f"{SERVICES}/{port}", *headers))
        assert received.end == rawclient.FIN
        (kind,) = re.findall(rb"(?i)\r\ncontent-type: *([^\r]*)", received.data.partition(b"\r\n\r\n")[0])
        return Reply(received.status, kind.decode(), received.body)


def _port(operation: str) -> str:
    return next(port for port, (_, operations) in services.SERVICES.items() if operation in operations)


def returned(reply: Reply) -> str:
    """The text of ``return`` in an answer that is no fault and carries nothing beside it."""
    assert (reply.status, reply.content_type) == (200, "text/xml;charset=utf-8"), reply.body
    return etree.fromstring(reply.body).findtext("{*}Body/*/{*}return") or ""


def attached(reply: Reply) -> bytes:
    """The attachment of an answer."""
    assert reply.status == 200, reply.body
    boundary = re.search(r'boundary="([^"]+)"', reply.content_type)
    assert boundary is not None, reply.body
    _, _, second, _ = reply.body.split(b"--" + boundary[1].encode())
    return second.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n")


def fault(reply: Reply) -> tuple[str, str]:
    """Code and text of the fault that is the answer."""
    assert reply.status == 500, reply.body
    found = etree.fromstring(reply.body).find(f"{{{SOAP}}}Body/{{{SOAP}}}Fault")
    assert found is not None, reply.body
    return found.findtext("faultcode") or "", found.findtext("faultstring") or ""
