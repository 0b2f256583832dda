"""What a form's schema says to people: each element's label and what may stand in it, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from lxml import etree

from govgateway.documents.xml import XmlDocument
from govgateway.errors import Text

_XS = "{http://www.w3.org/2001/XMLSchema}"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NOTHING = Text("", "")


@dataclass(frozen=True, slots=True)
class Field:
    """One element of a form. ``expected`` describes its value, empty for an element that holds others."""

    label: Text
    expected: Text
    repeated: bool


@dataclass(frozen=True)
class Outline:
    """The fields of a form by their path of element names, the root's first."""

    fields: dict[tuple[str, ...], Field]

    @classmethod
    def of_schema(cls, path: Path) -> Outline:
        """Read the outline from the schema at ``path`` and those that it includes."""
        return cls(dict(_SchemaWalk(path).fields()))

    def label(self, names: tuple[str, ...]) -> Text:
        """The label of the element at ``names``; its bare name where the form has no such element."""
        known = self.fields.get(names)
        return known.label if known else Text(names[-1], names[-1])

    def expected(self, names: tuple[str, ...]) -> Text:
        """What may stand in the element at ``names``; empty when the schema does not say."""
        known = self.fields.get(names)
        return known.expected if known else _NOTHING


class _SchemaWalk:
    """Follows named and inline types; our schemas use sequences and choices of elements, no groups."""

    def __init__(self, path: Path) -> None:
        self._roots = list(self._schemas(path.resolve()))
        named = [child for root in self._roots for child in root if child.get("name")]
        self._types = {child.get("name", ""): child for child in named if child.tag != f"{_XS}element"}
        self._elements = [child for child in named if child.tag == f"{_XS}element"]

    def _schemas(self, path: Path) -> Iterator[etree._Element]:
        root = etree.parse(path).getroot()
        for include in root.iterfind(f"{_XS}include"):
            yield from self._schemas((path.parent / include.get("schemaLocation", "")).resolve())
        yield root

    def fields(self) -> Iterator[tuple[tuple[str, ...], Field]]:
        for element in self._elements:
            yield from self._walk(element, ())

    def _walk(self, element: etree._Element, above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Field]]:
        names = (*above, element.get("name", ""))
        named_type = self._types.get(element.get("type", ""))
        declared = element if named_type is None else named_type
        label = _documentation(element)
        children = list(_child_elements(declared))
        expected = _NOTHING if children or named_type is None else _documentation(named_type)
        yield (
            names,
            Field(label or Text(names[-1], names[-1]), expected or _NOTHING, element.get("maxOccurs", "1") != "1"),
        )
        for child in children:
            yield from self._walk(child, names)


def _child_elements(node: etree._Element) -> Iterator[etree._Element]:
    for child in node:
        if child.tag == f"{_XS}element":
            yield child
        elif child.tag in {f"{_XS}complexType", f"{_XS}sequence", f"{_XS}choice", f"{_XS}all"}:
            yield from _child_elements(child)


def _documentation(node: etree._Element) -> Text | None:
    texts = {
        text.get(_XML_LANG, ""): (text.text or "").strip()
        for text in node.iterfind(f"{_XS}annotation/{_XS}documentation")
    }
    return Text(texts["vi"], texts["en"]) if texts.keys() >= {"vi", "en"} else None


def element_at(document: XmlDocument, path: str) -> etree._Element:
    """The element of ``document`` at the XPath ``path`` that libxml2 or a rules report gave for it."""
    return cast(list[etree._Element], document.root.getroottree().xpath(path))[0]


def line_of(element: etree._Element) -> int:
    """The line of the file where ``element`` begins, 0 when unknown."""
    return cast(int | None, element.sourceline) or 0


def names_of(element: etree._Element) -> tuple[str, ...]:
    """The local names from the root down to ``element``."""
    return tuple(etree.QName(each).localname for each in (*reversed(list(element.iterancestors())), element))


def path_of(element: etree._Element) -> str:
    """The path people read: local names joined by "/", numbered from 1 where an element is one of several."""
    return "/".join(_step(each) for each in (*reversed(list(element.iterancestors())), element))


def _step(element: etree._Element) -> str:
    name = etree.QName(element).localname
    before = sum(1 for _ in element.itersiblings(element.tag, preceding=True))
    alone = before == 0 and next(element.itersiblings(element.tag), None) is None
    return name if alone else f"{name}[{before + 1}]"
