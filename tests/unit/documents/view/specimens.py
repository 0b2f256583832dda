"""Documents in which every printed field of a form is filled, made from its outline: what its page must show."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from lxml import etree

import formsamples
from govgateway.documents.outline import Outline
from govgateway.documents.package import FormVersion
from govgateway.documents.view.html import html_page
from govgateway.documents.view.model import Page
from govgateway.documents.view.page import page_of
from govgateway.documents.xml import XmlDocument, read_xml
from govgateway_etax.pages import layout_of

_BODY = ("HSoThueDTu", "HSoKhaiThue", "CTieuTKhaiChinh")
_APPENDICES = (*_BODY[:2], "PLuc")
SUPPLEMENT = ("PL01_KHBS", "PL01_1_KHBS")
_SHORT = ("12.5", "7", "true", "20/01/2026", "2026-01-20", "2301", "9900000016", "99901", "1", "")
_CURRENCIES = ("VND", "USD")

VERSIONS = [each for name in ("", "c89") for each in formsamples.FormLibrary(formsamples.LIBRARY.folder / name).all()]


def specimen(version: FormVersion, *, without: tuple[str, ...] = ()) -> XmlDocument:
    """A declaration of ``version``: every printed field filled, two rows in each table, totals computed. It is a
    supplementary one unless it is to be ``without`` those appendices."""
    made = _Specimen(version, without)
    body, appendices = made.inside(_BODY), made.inside(_APPENDICES)
    document = formsamples.declaration(version, formsamples.QUARTER, body, appendices=appendices)
    return read_xml(version.compute(document.data))


def page(version: FormVersion, document: XmlDocument, language: str = "vi") -> Page:
    """The page of ``document`` as the tax office prints it, without signatures."""
    node = document.root[0]
    layout = layout_of(node, version, language)
    assert layout is not None
    return page_of(node, "HSoThueDTu", layout, version, language=language)


def words_of(page: Page) -> str:
    """Everything that can be read on the HTML page, in one line."""
    root = etree.fromstring(html_page(page).replace("<wbr>", ""), etree.HTMLParser())
    body = root.find("body")
    assert body is not None
    return " ".join(" ".join(map(str, body.itertext())).split())


class _Specimen:
    def __init__(self, version: FormVersion, without: tuple[str, ...]) -> None:
        self._without = without
        self._outline: Outline = version.outline
        self._values = version.values
        self._numbers = count(1)

    def inside(self, names: tuple[str, ...], row: int = 0) -> str:
        """The elements below the one at ``names``, as XML; ``row`` is the number of the row that they are in."""
        return "".join(self._elements(names, row))

    def _elements(self, names: tuple[str, ...], row: int) -> Iterator[str]:
        for path, field in self._outline.fields.items():
            if path[:-1] != names or field.hidden or path[-1] in self._without:
                continue
            for number in range(2 if field.repeated else 1):
                here = number if field.repeated else row
                content = self._value(field.type, here) if field.type else self.inside(path, here)
                yield f"<{path[-1]}>{content}</{path[-1]}>"

    def _value(self, type_name: str, row: int) -> str:
        number = next(self._numbers)
        likely = (f"Thí dụ {number}", str(10_000 + 13 * number), _CURRENCIES[row], *_SHORT)
        return next(each for each in likely if self._values.take(type_name, each))
