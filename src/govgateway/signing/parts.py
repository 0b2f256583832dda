"""Reading the parts of a Signature: each once, its values written in one way; what is not so is Broken."""

from __future__ import annotations

import base64
import binascii

from lxml import etree

from govgateway.errors import Text
from govgateway.signing.references import DS

_SPACE = str.maketrans("", "", " \t\r\n")


class Broken(Exception):
    """Why a signature is not intact."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(en)
        self.reason = Text(vi, en)


def one(parent: etree._Element, name: str) -> etree._Element:
    """The child ``name`` of ``parent``, of XML signatures. Raises Broken when it is missing or repeated."""
    found = parent.findall(f"{{{DS}}}{name}")
    if len(found) != 1:
        raise Broken(f"phần tử {name} thiếu hoặc lặp lại", f"{name} is missing or repeated")
    return found[0]


def decoded(element: etree._Element) -> bytes:
    """The bytes that ``element`` holds in base64, white space of XML aside. Raises Broken for what is not written as
    base64 is: one text for one value."""
    text = (element.text or "").translate(_SPACE)
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if len(element) or base64.b64encode(data).decode() != text:
        raise Broken("giá trị base64 không đọc được", "a base64 value cannot be read")
    return data
