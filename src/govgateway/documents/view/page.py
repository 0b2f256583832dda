"""Makes the page of a document from what its agency and its form say about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from lxml import etree

from govgateway.documents.package import FormVersion
from govgateway.documents.view.body import body
from govgateway.documents.view.model import Block, Cell, Column, Page, PageLayout, Row, Stamp, Table
from govgateway.documents.view.remarks import Remarks, remarks_of
from govgateway.errors import Text

_NAME, _VALUE = Text("Tên trong tệp", "Name in the file"), Text("Giá trị", "Value")
_UNKNOWN = Text(
    "Chưa có bộ mẫu cho tài liệu này: không rõ nhãn của các chỉ tiêu, dưới đây in theo tên trong tệp.",
    "No package is carried for this document: its labels are not known, names are printed as in the file.",
)
_STEP = "– "


def page_of(
    node: etree._Element,
    root: str,
    layout: PageLayout,
    version: FormVersion | None,
    *,
    stamps: Iterable[Stamp] = (),
    warnings: Iterable[str] = (),
    simulated: bool = False,
    language: str = "vi",
) -> Page:
    """The page of ``node``, the signed node of a document whose root is called ``root`` (local name).

    ``version`` says how its items are printed; without one they are printed as they stand in the file, with a warning.
    """
    parts = [each for each in node.iterchildren(etree.Element) if etree.QName(each).localname in layout.parts]
    names = (root, etree.QName(node).localname)
    printed = (
        body(each, (*names, etree.QName(each).localname), version, language) if version else _tree(each, language)
        for each in sorted(parts, key=lambda each: layout.parts.index(etree.QName(each).localname))
    )
    items = tuple(chain.from_iterable(printed))
    remarks = remarks_of(version, language) if version and items else Remarks()
    unknown = (_UNKNOWN.in_language(language),) if parts and version is None else ()
    return Page(
        layout=layout,
        items=(*remarks.above, *items, *remarks.below),
        stamps=tuple(stamps),
        warnings=(*warnings, *unknown),
        simulated=simulated,
        language=language,
    )


def _tree(element: etree._Element, language: str) -> tuple[Block, ...]:
    """All of ``element`` by the names in the file: nothing better is known."""
    rows = tuple(_tree_rows(element, 0))
    return (Table((Column(_NAME.in_language(language)), Column(_VALUE.in_language(language))), rows),)


def _tree_rows(element: etree._Element, depth: int) -> Iterator[Row]:
    inside = list(element.iterchildren(etree.Element))
    text = "" if inside else "".join(map(str, element.itertext())).strip()
    yield Row((Cell(_STEP * depth + etree.QName(element).localname), Cell(text)))
    for each in inside:
        yield from _tree_rows(each, depth + 1)
