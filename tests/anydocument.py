"""Documents of any form for property tests: every element that its schema knows may stand there, with any value."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from lxml import etree

from govgateway.documents.entries import NIL
from govgateway.documents.layout import Layout, Names, is_value
from govgateway.documents.package import FormVersion
from govgateway.documents.spreadsheet.numbers import tidy

_XS = "{http://www.w3.org/2001/XMLSchema}"
_XSI = NIL[1:].partition("}")[0]
_ROWS, _SHORT = 3, 20
# Spreadsheets keep no control characters, and what a person types has no white space at its ends.
_TEXTS = st.text(st.characters(exclude_categories=("C",), include_characters="ệừđă=+-0123456789\n"), max_size=_SHORT)


def documents(package: FormVersion) -> st.SearchStrategy[bytes]:
    """Documents of the form ``package``, with what follows from other values computed; indented as a built one is."""
    return st.builds(_finished, st.just(package), _root(package))


def _finished(package: FormVersion, root: etree._Element) -> bytes:
    computed = etree.fromstring(package.compute(etree.tostring(root)))
    etree.indent(computed)
    return etree.tostring(computed, xml_declaration=True, encoding="UTF-8")


@st.composite
def _root(draw: st.DrawFn, package: FormVersion) -> etree._Element:
    namespace = package.values.namespace
    names = next(iter(package.outline.fields))
    root = etree.Element(f"{{{namespace}}}{names[0]}", nsmap={None: namespace, "xsi": _XSI})
    _fill(draw, package, root, names)
    return root


def _fill(draw: st.DrawFn, package: FormVersion, element: etree._Element, names: Names) -> None:
    field = package.outline.fields[names]
    if is_value(field):
        element.text = draw(_values(package.folder / "form.xsd", field.type))
        if not element.text and not field.computed and draw(st.booleans()):
            element.set(NIL, "true")
        return
    for name in Layout.of(package.outline).children[names]:
        below = (*names, name)
        for _ in range(draw(_times(package, below))):
            child = etree.SubElement(element, f"{{{package.values.namespace}}}{name}")
            if package.outline.fields[below].repeated and draw(st.booleans()):
                child.set("id", draw(st.from_regex("ID_[0-9]{1,3}", fullmatch=True)))
            _fill(draw, package, child, below)


def _times(package: FormVersion, names: Names) -> st.SearchStrategy[int]:
    field = package.outline.fields[names]
    if field.repeated:
        return st.integers(0, _ROWS)
    return st.just(1) if field.required else st.integers(0, 1)


def _values(schema: Path, name: str) -> st.SearchStrategy[str]:
    kind = _types(schema)[name]
    choices = [str(each.get("value")) for each in kind.iter(f"{_XS}enumeration")]
    if choices:
        return st.sampled_from(choices)
    pattern = kind.find(f".//{_XS}pattern")
    texts = _TEXTS.map(tidy)
    if pattern is None:
        return texts
    written = str(pattern.get("value"))
    return texts.filter(bool) if "\\S" in written else st.from_regex(written, fullmatch=True)


@cache
def _types(schema: Path) -> dict[str, Any]:
    root = etree.parse(schema).getroot()
    found: dict[str, Any] = {}
    for each in root.iterfind(f"{_XS}include"):
        found |= _types((schema.parent / str(each.get("schemaLocation"))).resolve())
    return found | {str(each.get("name")): each for each in root.iterfind(f"{_XS}simpleType")}
