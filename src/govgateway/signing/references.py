"""What a signature's references may point at: one id rule, one place, nothing that hides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from lxml import etree

from govgateway.documents.xml import XmlDocument
from govgateway.errors import DocumentRefused, Text

DS = "http://www.w3.org/2000/09/xmldsig#"
# Which of them are ids is quicker asked here than in XPath, which tries four names on every element of a document.
_WITH_ATTRIBUTES = etree.XPath("//*[@*]")
_ID_NAMES = frozenset({"Id", "ID", "id", "{http://www.w3.org/XML/1998/namespace}id"})


def child_of_root(document: XmlDocument, name: str) -> etree._Element | None:
    """The child of the root called ``name`` (Clark notation); None when there is none or more than one."""
    found = document.root.findall(name)
    return found[0] if len(found) == 1 else None


def elements_by_id(root: etree._Element) -> Mapping[str, list[etree._Element]]:
    """The elements at and below ``root`` by the values of every id attribute (Id, ID, id, xml:id): verifiers differ in
    which they take, so a value has to be unique over all of them."""
    found: dict[str, list[etree._Element]] = {}
    for element in cast(Iterable[etree._Element], _WITH_ATTRIBUTES(root)):
        for name in _ID_NAMES:
            value = element.get(name)
            if value is not None:
                found.setdefault(value, []).append(element)
    return found


def hides_something(node: etree._Element) -> bool:
    """Whether a comment or processing instruction stands in ``node``: canonicalisation drops comments, and a reader
    of text sees only what stands before one (``7<!-- -->5`` reads 7)."""
    return next(node.iter(etree.Comment, etree.ProcessingInstruction), None) is not None


def ensure_plain(node: etree._Element) -> None:
    """Raise DocumentRefused when ``node`` hides something."""
    if hides_something(node):
        raise DocumentRefused(
            Text(
                "Phần được ký có chú thích hoặc lệnh xử lý XML, có thể che giấu số liệu.",
                "The signed part has comments or processing instructions, which can hide figures.",
            ),
            Text("Xuất lại tệp từ phần mềm kê khai.", "Export the file again from the software that made it."),
            (),
        )
