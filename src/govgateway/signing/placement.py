"""Where an element stands in the bytes of a document: found in the bytes, so that nothing else changes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.parsers import expat

from lxml import etree

from govgateway.documents.xml import XmlDocument
from govgateway.errors import DocumentRefused, Text

_ATTRIBUTES = rb"(?P<attributes>(?:[^\"'<>/]|\"[^\"]*\"|'[^']*'|/(?!>))*)"


@dataclass(frozen=True, slots=True)
class Tags:
    """Byte offsets of an element's tags: the start tag from ``start`` to ``content``, the end tag ``end`` to ``after``.

    For ``<a/>`` both offsets of the end are those after the tag, and ``empty`` is True.
    """

    start: int
    content: int
    end: int
    after: int
    empty: bool


def ensure_utf8(document: XmlDocument) -> None:
    """Raise DocumentRefused unless the bytes of ``document`` are UTF-8: tags are looked for in the bytes."""
    if document.encoding not in {"UTF-8", "US-ASCII", "ASCII"}:
        raise _refused(f"bảng mã {document.encoding}, cần UTF-8", f"it is in {document.encoding}, UTF-8 is needed")


def find_tags(document: XmlDocument, element: etree._Element) -> Tags:
    """The tags of ``element`` in the bytes of ``document``. Raises DocumentRefused when it is not in UTF-8."""
    ensure_utf8(document)
    data = document.data
    if b"<!" in data or data.count(b"<?") > 1:
        # What looks like a tag may stand in a comment, in CDATA or in an instruction: only a parser can tell.
        return _parsed_tags(document, element)
    name = re.escape(_written_name(element))
    opening = list(re.finditer(rb"<" + name + rb"(?=[\s/>])" + _ATTRIBUTES + rb"(?P<empty>/?)>", data))
    closing = list(re.finditer(rb"</" + name + rb"\s*>", data))
    start = opening[0] if len(opening) == 1 else None
    if start is None:
        return _parsed_tags(document, element)
    if start["empty"]:
        return Tags(start.start(), start.end(), start.end(), start.end(), empty=True)
    return Tags(start.start(), start.end(), closing[0].start(), closing[0].end(), empty=False)


def _written_name(element: etree._Element) -> bytes:
    local = etree.QName(element).localname
    return f"{element.prefix}:{local}".encode() if element.prefix else local.encode()


def _parsed_tags(document: XmlDocument, element: etree._Element) -> Tags:
    """The same by a parser that tells byte offsets, for the element's position in document order."""
    position = next(number for number, each in enumerate(document.root.iter(etree.Element)) if each is element)
    start, end = _offsets(document.data, position)
    content = document.data.index(b">", _attributes_end(document.data, start)) + 1
    if document.data[content - 2 : content] == b"/>":
        return Tags(start, content, content, content, empty=True)
    return Tags(start, content, end, document.data.index(b">", end) + 1, empty=False)


def _attributes_end(data: bytes, start: int) -> int:
    found = re.compile(rb"<[^\s/>]+" + _ATTRIBUTES).match(data, start)
    return found.end() if found else start


def _offsets(data: bytes, position: int) -> tuple[int, int]:
    """Byte offsets of the start and end tag of the element that is number ``position`` in document order.

    Raises DocumentRefused for names that XML has had since its fifth edition only: expat does not know them.
    """
    parser = expat.ParserCreate()
    found = [0, 0]
    numbers: Iterator[int] = iter(range(len(data)))
    open_elements: list[int] = []

    def opened(name: str, attributes: dict[str, str]) -> None:
        number = next(numbers)
        open_elements.append(number)
        if number == position:
            found[0] = parser.CurrentByteIndex

    def closed(name: str) -> None:
        if open_elements.pop() == position:
            found[1] = parser.CurrentByteIndex

    parser.StartElementHandler, parser.EndElementHandler = opened, closed
    try:
        parser.Parse(data, True)
    except expat.ExpatError:
        raise _refused("không xác định được vị trí của chữ ký", "the place of the signature is not found") from None
    return found[0], found[1]


def _refused(vi: str, en: str) -> DocumentRefused:
    return DocumentRefused(
        Text(f"Không ký được tài liệu: {vi}.", f"The document cannot be signed: {en}."),
        Text("Xuất lại tệp từ phần mềm kê khai rồi ký.", "Export the file again from the software that made it."),
        (),
    )
