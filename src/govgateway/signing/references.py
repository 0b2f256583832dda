"""What a signature's references may point at: one id rule, one place, nothing that hides."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from lxml import etree

from govgateway.documents.xml import XmlDocument
from govgateway.errors import DocumentRefused, Text

DS = "http://www.w3.org/2000/09/xmldsig#"
_ID_NAMES = frozenset({"Id", "ID", "id", "{http://www.w3.org/XML/1998/namespace}id"})


def child_of_root(document: XmlDocument, name: str) -> etree._Element | None:
    """The child of the root called ``name`` (Clark notation); None when there is none or more than one."""
    found = document.root.findall(name)
    return found[0] if len(found) == 1 else None


def ids_of(root: etree._Element) -> list[str]:
    """The values of every id attribute (Id, ID, id, xml:id) at and below ``root``: verifiers differ in which they
    take, so a value has to be unique over all of them."""
    values = cast(Iterable[str], root.xpath("//@Id | //@ID | //@id | //@xml:id"))
    return [str(value) for value in values]


def element_by_id(root: etree._Element, identifier: str) -> etree._Element | None:
    """The one element with the id ``identifier``; None when there is none or more than one."""
    query = "//*[@Id=$value or @ID=$value or @id=$value or @xml:id=$value]"
    found = cast(list[etree._Element], root.xpath(query, value=identifier))
    return found[0] if len(found) == 1 else None


def hides_something(node: etree._Element) -> bool:
    """Whether a comment or processing instruction stands in ``node``: canonicalisation drops comments, and a reader
    of text sees only what stands before one (``7<!-- -->5`` reads 7)."""
    return bool(cast(bool, node.xpath("boolean(.//comment() | .//processing-instruction())")))


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
