"""Where an element stands in the bytes of a document: found in the bytes, so that nothing else changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.parsers import expat

from lxml import etree

from govgateway.documents.xml import XmlDocument
from govgateway.errors import DocumentRefused, Text
from govgateway.signing.canonical import written_name

_VALUE = rb"\s*=\s*(?:\"[^\"]*\"|'[^']*')"
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
    name = written_name(element)
    opened = data.find(b"<" + name)
    start = re.compile(rb"<" + re.escape(name) + rb"(?=[\s/>])" + _ATTRIBUTES + rb"(?P<empty>/?)>").match(data, opened)
    is_root = element.getparent() is None
    if start is None or not (is_root or data.find(b"<" + name, start.end()) < 0):
        return _parsed_tags(document, element)
    if start["empty"]:
        return Tags(start.start(), start.end(), start.end(), start.end(), empty=True)
    closing = data.rfind(b"</" + name) if is_root else data.find(b"</" + name, start.end())
    return Tags(start.start(), start.end(), closing, data.index(b">", closing) + 1, empty=False)


def with_content(document: XmlDocument, element: etree._Element, content: bytes) -> bytes:
    """The bytes of ``document`` with ``content``, written XML, as the last thing in ``element``."""
    tags = find_tags(document, element)
    data = document.data
    if not tags.empty:
        return data[: tags.end] + content + data[tags.end :]
    opening = data[tags.start : tags.content].removesuffix(b"/>").rstrip()
    name = opening.split()[0].removeprefix(b"<")
    return data[: tags.start] + opening + b">" + content + b"</" + name + b">" + data[tags.after :]


def with_attribute(document: XmlDocument, element: etree._Element, name: str, value: str) -> bytes:
    """The bytes of ``document`` with the attribute ``name`` of ``element`` set to ``value``, plain text."""
    tags = find_tags(document, element)
    opening = document.data[tags.start : tags.content]
    written = f'{name}="{value}"'.encode()
    if element.get(name) is None:
        end = len(opening) - (2 if tags.empty else 1)
        opening = opening[:end] + b" " + written + opening[end:]
    else:
        before = rb"(<[^\s>]+(?:\s+[^\s=]+" + _VALUE + rb")*?\s+)"
        opening = re.sub(before + re.escape(name).encode() + _VALUE, rb"\g<1>" + written, opening, count=1)
    return document.data[: tags.start] + opening + document.data[tags.content :]


def without_elements(document: XmlDocument, elements: Iterable[etree._Element]) -> bytes:
    """The bytes of ``document`` without ``elements``, of which none stands in another."""
    data, position, kept = document.data, 0, []
    for tags in sorted((find_tags(document, each) for each in elements), key=lambda each: each.start):
        kept.append(data[position : tags.start])
        position = tags.after
    return b"".join((*kept, data[position:]))


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
