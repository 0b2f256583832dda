"""Bodies of HTTP messages, taken apart by what they are, rewritten, and put together again."""

from __future__ import annotations

import base64
import binascii
import gzip
import json
import quopri
import re
import zlib
from collections.abc import Callable
from email.message import Message
from typing import Any, Protocol, cast
from urllib.parse import parse_qsl, urlencode

from lxml import etree

from govgateway.documents.xml import read_xml
from govgateway.errors import UnreadableDocument
from govgateway_mocks.capture import parts

_START_OF_JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s*[\[{]")
_START_OF_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<|\xff\xfe<|\xfe\xff\x00<")


class Rewriter(Protocol):
    """What happens to the parts of a body; each takes what is there and gives what is to be there."""

    def xml(self, root: etree._Element) -> None:
        """Change the document in place."""

    def json(self, value: Any) -> Any:
        """The value of a JSON body."""

    def field(self, name: str, value: str) -> str:
        """The value of a form's field."""

    def text(self, text: str) -> str:
        """A text or page."""

    def other(self, data: bytes) -> bytes:
        """What is none of these."""


def rewritten(content_type: str, body: bytes, by: Rewriter) -> tuple[str, bytes]:
    """The content type and the body, as ``by`` rewrites it; boundaries and ids of parts are named anew."""
    message = Message()
    message["Content-Type"] = content_type
    if message.get_content_maintype() == "multipart" and body:
        return _multipart(message, body, by)
    return parts.single_type(content_type), _single(message, body, by) if body else body


def unpacked(encoding: str, body: bytes) -> bytes:
    """``body`` without its Content-Encoding. Raises ValueError for one that is unknown or broken."""
    try:
        if encoding in {"", "identity"}:
            return body
        if encoding in {"gzip", "x-gzip"}:
            return gzip.decompress(body)
        if encoding == "deflate":
            return zlib.decompress(body)
    except (OSError, EOFError, zlib.error):
        raise ValueError(encoding) from None
    raise ValueError(encoding)


def _single(message: Message, body: bytes, by: Rewriter) -> bytes:
    kind = message.get_content_type() if message["Content-Type"] else ""
    charset = str(message.get_param("charset") or "utf-8")
    if kind == "application/x-www-form-urlencoded":
        return _decoded(body, charset, by, lambda text: _form(text, by))
    if kind != "text/html" and _START_OF_XML.match(body):
        return xml(body, by)
    if _START_OF_JSON.match(body) and kind != "text/html":
        return _json(body, by)
    if kind.startswith("text/"):
        return _decoded(body, charset, by, by.text)
    return by.other(body)


def xml(data: bytes, by: Rewriter) -> bytes:
    """An XML document, rewritten, in its encoding."""
    try:
        document = read_xml(data)
    except UnreadableDocument:
        return by.other(data)
    by.xml(document.root)
    return cast(bytes, etree.tostring(document.root, encoding=document.encoding, xml_declaration=True))


def _json(data: bytes, by: Rewriter) -> bytes:
    try:
        return json.dumps(by.json(json.loads(data)), ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return by.other(data)


def _form(text: str, by: Rewriter) -> str:
    return urlencode([(name, by.field(name, value)) for name, value in parse_qsl(text, keep_blank_values=True)])


def _decoded(data: bytes, charset: str, by: Rewriter, rewrite: Callable[[str], str]) -> bytes:
    try:
        return rewrite(data.decode(charset)).encode(charset, "xmlcharrefreplace")
    except (LookupError, ValueError):
        return by.other(data)


def _multipart(message: Message, body: bytes, by: Rewriter) -> tuple[str, bytes]:
    boundary = str(message.get_param("boundary") or "")
    try:
        found = parts.split(body, boundary)
    except ValueError:
        return parts.without_boundary(message), by.other(body)
    names = {each.identifier: f"part-{number}" for number, each in enumerate(found, start=1) if each.identifier}
    rewritten_parts = [_part(each, names, by) for each in found]
    return parts.content_type(message, names), parts.join(rewritten_parts)


def _part(part: parts.Part, names: dict[str, str], by: Rewriter) -> parts.Part:
    try:
        content = _transferred(part)
    except (binascii.Error, ValueError):
        content = by.other(part.content)
        return part.named(names).holding("", content)
    if part.field:
        text = by.field(part.field, content.decode("utf-8", "replace"))
        return part.named(names).holding("", text.encode())
    kind, content = rewritten(part.content_type, parts.renamed(content, names), by)
    return part.named(names).holding(kind, content)


def _transferred(part: parts.Part) -> bytes:
    """The content without its transfer encoding; put together again, a part has none."""
    encoding = part.encoding.lower()
    if encoding == "base64":
        return base64.b64decode(b"".join(part.content.split()), validate=True)
    return quopri.decodestring(part.content) if encoding == "quoted-printable" else part.content
