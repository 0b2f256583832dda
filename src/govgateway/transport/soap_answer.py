"""Reading SOAP answers: whole and of the operation that was asked, or not at all.

Only a real SOAP 1.1 Fault means that the agency spoke against the request. HTML, a cut multipart, another operation's
answer, a missing attachment: all of these prove nothing, and say so.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from govgateway.documents.xml import read_xml
from govgateway.errors import UnreadableDocument
from govgateway.transport.session import HttpAnswer

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_XSD = "http://www.w3.org/2001/XMLSchema"
_XSI_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_SPOKEN = frozenset({200, 500})


class SoapFault(Exception):
    """The service answered with a SOAP 1.1 Fault. ``code`` is faultcode's local part, ``text`` its faultstring.

    For connectors, which turn it into an outcome; it never reaches a person as it is.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text


class UnreadableAnswer(Exception):
    """What came back proves nothing. ``args[0]`` is a short English reason for the log."""


@dataclass(frozen=True, slots=True)
class SoapAnswer:
    """The ``return`` of an operation: None for xsi:nil, else its text, its element, and the attachment it refers to."""

    text: str | None
    element: etree._Element | None
    attachment: bytes | None


def read_answer(answer: HttpAnswer, wsdl: Path, operation: str) -> SoapAnswer:
    """The result of ``operation`` (of the service described by ``wsdl``) in ``answer``.

    Raises SoapFault when the service refused, UnreadableAnswer for everything that is not wholly such a result.
    """
    if answer.status not in _SPOKEN:
        raise UnreadableAnswer(f"HTTP {answer.status}")
    root_part, parts = _parts(answer)
    content = _content(_envelope(root_part), answer.status)
    schema = _schema(wsdl)
    if etree.QName(content).localname != f"{operation}Response":
        raise UnreadableAnswer("answer of another operation")
    if not schema.validate(content):
        raise UnreadableAnswer("answer does not fit the service description")
    returned = next(content.iterchildren(etree.Element))
    if returned.get(_XSI_NIL, "").strip() in {"true", "1"}:
        return SoapAnswer(None, None, None)
    text = str(returned.xpath("string()")).strip()
    attachment = _attachment(text, parts) if operation in _attaching(wsdl) else None
    return SoapAnswer(text, returned, attachment)


def _attachment(reference: str, parts: Mapping[str, bytes]) -> bytes:
    scheme, _, identifier = reference.partition(":")
    attachment = parts.get(unquote(identifier))  # a cid: URL is percent-encoded (RFC 2392), a Content-ID is not
    if scheme != "cid" or attachment is None:
        raise UnreadableAnswer("attachment is missing")
    return attachment


def _envelope(data: bytes) -> etree._Element:
    try:
        root = read_xml(data).root
    except UnreadableDocument:
        raise UnreadableAnswer("no readable XML") from None
    if root.tag != f"{{{SOAP}}}Envelope":
        raise UnreadableAnswer("no SOAP 1.1 envelope")
    return root


def _content(envelope: etree._Element, status: int) -> etree._Element:
    """The one element in Body. Raises SoapFault when it is a Fault."""
    bodies = envelope.findall(f"{{{SOAP}}}Body")
    contents = [each for body in bodies for each in body.iterchildren(etree.Element)]
    if len(bodies) != 1 or len(contents) != 1:
        raise UnreadableAnswer("not exactly one content in the body")
    content = contents[0]
    if content.tag == f"{{{SOAP}}}Fault":
        code = (content.findtext("faultcode") or "").strip()
        if not code:
            raise UnreadableAnswer("fault without a code")
        raise SoapFault(code.rpartition(":")[2], (content.findtext("faultstring") or "").strip())
    if status != 200:
        raise UnreadableAnswer(f"result with HTTP {status}")
    return content


def _parts(answer: HttpAnswer) -> tuple[bytes, dict[str, bytes]]:
    """The root part, and every part by its Content-ID."""
    header = Message()
    header["Content-Type"] = answer.headers.get("content-type", "")
    if header.get_content_maintype() != "multipart":
        return answer.body, {}
    boundary = header.get_param("boundary")
    if not isinstance(boundary, str) or not boundary:
        raise UnreadableAnswer("multipart without a boundary")
    sections = [_section(each) for each in _split(answer.body, boundary.encode())]
    identifiers = [identifier for identifier, _ in sections if identifier]
    if len(set(identifiers)) != len(identifiers):
        raise UnreadableAnswer("two parts of one Content-ID")
    parts = {identifier: data for identifier, data in sections if identifier}
    start = header.get_param("start")
    if not isinstance(start, str):
        return sections[0][1], parts
    identifier = start.strip("<>")
    if identifier not in parts:
        raise UnreadableAnswer("root part is missing")
    return parts[identifier], parts


def _split(body: bytes, boundary: bytes) -> list[bytes]:
    delimiter = re.compile(rb"\r\n--" + re.escape(boundary) + rb"(?P<last>--)?[ \t]*(?=\r\n|\Z)")
    data = b"\r\n" + body
    marks = list(delimiter.finditer(data))
    closing = [index for index, mark in enumerate(marks) if mark["last"]]
    if closing != [len(marks) - 1] or len(marks) < 2:
        raise UnreadableAnswer("multipart is cut")
    return [data[one.end() : two.start()] for one, two in pairwise(marks)]


def _section(section: bytes) -> tuple[str, bytes]:
    head, found, data = section.partition(b"\r\n\r\n")
    if not found:
        raise UnreadableAnswer("part without headers")
    headers = BytesHeaderParser().parsebytes(head.removeprefix(b"\r\n"))
    encoding = str(headers.get("Content-Transfer-Encoding", "binary"))
    return str(headers.get("Content-ID", "")).strip("<> \t\r\n"), _decoded(data, encoding)


def _decoded(data: bytes, encoding: str) -> bytes:
    way = encoding.strip().lower()
    if way in {"binary", "8bit", "7bit"}:
        return data
    if way == "quoted-printable":
        return quopri.decodestring(data)
    if way == "base64":
        try:
            return base64.b64decode(b"".join(data.split()), validate=True)
        except binascii.Error:
            raise UnreadableAnswer("base64 is broken") from None
    raise UnreadableAnswer("unknown transfer encoding")


@cache
def _schema(wsdl: Path) -> etree.XMLSchema:
    """The schema of the messages that ``wsdl`` describes."""
    return etree.XMLSchema(etree.ElementTree(_schema_element(wsdl)))


@cache
def _attaching(wsdl: Path) -> frozenset[str]:
    """Operations whose return refers to an attachment."""
    found = _schema_element(wsdl).iterfind(f"{{{_XSD}}}element")
    return frozenset(
        each.get("name", "").removesuffix("Response")
        for each in found
        if any(inner.get("type", "").endswith(":swaRef") for inner in each.iter(f"{{{_XSD}}}element"))
        and each.get("name", "").endswith("Response")
    )


def _schema_element(wsdl: Path) -> etree._Element:
    description = etree.parse(wsdl)
    schema = description.find(f".//{{{_XSD}}}schema")
    if schema is None:
        raise ValueError(f"{wsdl} has no schema")
    return etree.fromstring(etree.tostring(schema), base_url=str(wsdl))
