"""What is done with each part of a body so that it tells of nobody: the Rewriter of captures."""

from __future__ import annotations

import base64
import binascii
import html
import json
import re
from typing import Any
from urllib.parse import quote, unquote

from lxml import etree

from govgateway_mocks.capture import bodies
from govgateway_mocks.capture.invented import Kind
from govgateway_mocks.capture.shapes import time_of
from govgateway_mocks.capture.values import Values

_DS = "{http://www.w3.org/2000/09/xmldsig#}"
_SECURITY = "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd}Security"
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_BASE64 = re.compile(r"[A-Za-z0-9+/_-][A-Za-z0-9+/_\s-]{14,}={0,2}\s*")
_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>\s*")
_STRUCTURED = re.compile(rb"(?:\xef\xbb\xbf)?\s*[<{\[]|\xff\xfe|\xfe\xff")
_LONG = 64


class Scrubbing:
    """Replaces what ``values`` says, in documents, fields and texts, also where one is written into another."""

    def __init__(self, values: Values) -> None:
        self._values = values

    def xml(self, root: etree._Element) -> None:
        """Every text and attribute; comments and processing instructions are cut."""
        for each in list(root.iter()):
            if isinstance(each, etree._Comment | etree._ProcessingInstruction):
                each.text = self._aside(each.text or "")
            else:
                self._element(each)
            if each is not root and each.tail and each.tail.strip():
                each.tail = self._value(each.tail, _local(each.getparent()), "")

    def json(self, value: Any, name: str = "", parent: str = "") -> Any:
        """Every text and number, by the name under which it stands."""
        if isinstance(value, dict):
            return {key: self.json(each, key, name) for key, each in value.items()}
        if isinstance(value, list):
            return [self.json(each, name, parent) for each in value]
        if isinstance(value, bool | None):
            return value
        replaced = self._value(str(value), name, parent)
        return value if replaced == str(value) else replaced

    def field(self, name: str, value: str) -> str:
        """The value of a form's field."""
        return self._value(value, name, "")

    def text(self, text: str) -> str:
        """A text or page."""
        return self._values.running(html.unescape(text) if self._values.persons else text)

    def other(self, data: bytes) -> bytes:
        """What cannot be looked into is not kept."""
        return self._values.unreadable()

    def _element(self, element: etree._Element) -> None:
        for name, value in element.attrib.items():
            if not str(name).startswith(_XSI):
                element.set(name, self._value(str(value), etree.QName(name).localname, ""))
        if not element.text or not element.text.strip():
            return
        parent = element.getparent()
        above = [element.tag, *(each.tag for each in element.iterancestors())]
        if _SECURITY in above:
            element.text = self._secret(element)
        elif f"{_DS}Signature" in above:
            element.text = self._of_signature(element.text)
        else:
            element.text = self._value(element.text, _local(element), _local(parent))

    def _secret(self, element: etree._Element) -> str:
        return element.text or "" if time_of(_plain(element)) else self._values.cut(Kind.CREDENTIAL, element.text or "")

    def _of_signature(self, text: str) -> str:
        if time_of(text.strip()) or not self._values.persons:
            return text
        return self._values.cut(Kind.CERTIFICATE, text)

    def _aside(self, text: str) -> str:
        return self._values.cut(Kind.UNREADABLE, text)

    def _value(self, value: str, name: str, parent: str) -> str:
        if not self._values.persons or self._values.names.kind(name, parent):
            return self._values.named(value, name, parent)
        within = self._within(value, name, parent)
        return self._values.named(value, name, parent) if within is None else within

    def _within(self, value: str, name: str, parent: str) -> str | None:
        """``value`` when it is something else, written as a text: a document, base64, URL-encoded; None when not."""
        if value.lstrip().startswith(("<", "{", "[")):
            return self._document(value)
        if _ENCODED.search(value):
            return quote(self._value(unquote(value), name, parent))
        if html.unescape(value) != value:
            return self._value(html.unescape(value), name, parent)
        if _BASE64.fullmatch(value) and not value.strip().isdigit():
            return self._base64(value)
        return None

    def _document(self, value: str) -> str | None:
        if not value.lstrip().startswith("<"):
            try:
                return json.dumps(self.json(json.loads(value)), ensure_ascii=False)
            except (ValueError, RecursionError):
                return None
        written = _DECLARATION.sub("", value).encode()
        rewritten = bodies.xml(written, self)
        return _DECLARATION.sub("", rewritten.decode())

    def _base64(self, value: str) -> str | None:
        plain = "".join(value.split()).replace("-", "+").replace("_", "/")
        try:
            data = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
        except (binascii.Error, ValueError):
            return None
        if _STRUCTURED.match(data):
            return base64.b64encode(bodies.rewritten("", data, self)[1]).decode()
        if _readable(data):
            return base64.b64encode(self._value(data.decode(), "", "").encode()).decode()
        return self._values.cut(Kind.UNREADABLE, value) if len(plain) >= _LONG else None


def _readable(data: bytes) -> bool:
    try:
        return re.sub(r"\s", "", data.decode()).isprintable()
    except ValueError:
        return False


def _plain(element: etree._Element) -> str:
    return (element.text or "").strip()


def _local(element: etree._Element | None) -> str:
    return "" if element is None else etree.QName(element).localname
