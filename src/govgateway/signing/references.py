"""What a signature's references may point at: one id rule, one place, nothing that hides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, cast

from lxml import etree

from govgateway.documents.xml import XmlDocument
from govgateway.errors import DocumentRefused, Text

if TYPE_CHECKING:
    from govgateway.signing.profile import SignatureProfile

DS = "http://www.w3.org/2000/09/xmldsig#"
SIGNATURE = f"{{{DS}}}Signature"
# Which of them are ids is quicker asked here than in XPath, which tries four names on every element of a document.
_WITH_ATTRIBUTES = etree.XPath("descendant-or-self::*[@*]")
_INSTRUCTIONS_BESIDE = etree.XPath("boolean(/processing-instruction())")
_ID_NAMES = ("Id", "ID", "id", "{http://www.w3.org/XML/1998/namespace}id")


def part_of(document: XmlDocument, path: tuple[str, ...]) -> etree._Element | None:
    """The element at ``path`` below the document element (Clark notation); None when a step of it is missing or there
    is more than one of it."""
    element = document.root
    for step in path:
        found = element.findall(step)
        if len(found) != 1:
            return None
        element = found[0]
    return element


def signed_node_of(document: XmlDocument, profile: SignatureProfile) -> etree._Element | None:
    """The node of ``document`` that signatures by ``profile`` cover; None when there is not exactly one."""
    return part_of(document, profile.signed_node)


def places_of(document: XmlDocument, profile: SignatureProfile) -> Mapping[etree._Element, etree._Element | None]:
    """The elements of ``document`` in which signatures by ``profile`` may stand, as far as it has them, each with the
    node that signatures there cover."""
    nodes = {**dict.fromkeys(profile.places, profile.signed_node), **profile.other_nodes}
    found = {part_of(document, place): part_of(document, node) for place, node in nodes.items()}
    return {place: node for place, node in found.items() if place is not None}


def elements_by_id(root: etree._Element) -> Mapping[str, list[etree._Element]]:
    """The elements at and below ``root`` by the values of every id attribute (Id, ID, id, xml:id): verifiers differ in
    which they take, so a value has to be unique over all of them. One that has a value twice is there twice."""
    found: dict[str, list[etree._Element]] = {}
    for element in cast(Iterable[etree._Element], _WITH_ATTRIBUTES(root)):
        for value in ids_of(element):
            found.setdefault(value, []).append(element)
    return found


def ids_of(element: etree._Element) -> list[str]:
    """The values of the id attributes of ``element``."""
    return [value for name in _ID_NAMES if (value := element.get(name)) is not None]


def hides_something(node: etree._Element) -> bool:
    """Whether a comment or processing instruction stands in ``node``: canonicalisation drops comments, and a reader
    of text sees only what stands before one (``7<!-- -->5`` reads 7). The document element hides an instruction beside
    it, too: who signs the whole document signs that."""
    inside = next(node.iter(etree.Comment, etree.ProcessingInstruction), None)
    return inside is not None or (node.getparent() is None and bool(_INSTRUCTIONS_BESIDE(node)))


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
