"""What a form's schema says to people: each element's label and what may stand in it, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lxml import etree

from govgateway.documents.setting import Setting
from govgateway.errors import Text

_XS = "{http://www.w3.org/2001/XMLSchema}"
_FORM = "{urn:govgateway:form}"
_MARKS = f"{_XS}annotation/{_XS}appinfo/{_FORM}*"
_CHOICES = f"{_XS}restriction/{_XS}enumeration"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NOTHING = Text("", "")


@dataclass(frozen=True, slots=True)
class Field:
    """One element of a form. ``expected`` describes its value, empty for an element that holds others.

    ``type`` is the name of its simple type, empty for an element that holds others, ``choices`` the values it may have
    where they are few. ``column`` and ``item`` are the numbers that the form prints, such as "(4)" and "[21]". A
    ``computed`` value follows from others; a ``heading`` only groups; what is ``hidden`` is never printed. In an
    ``open`` one, however deep, there may be elements that nobody has seen. ``setting`` is what else there is to know
    to print it.
    """

    label: Text
    expected: Text
    repeated: bool
    required: bool = True
    type: str = ""
    choices: tuple[str, ...] = ()
    column: str = ""
    item: str = ""
    computed: bool = False
    heading: bool = False
    hidden: bool = False
    open: bool = False
    setting: Setting = Setting()  # noqa: RUF009  # immutable


class Outline:
    """The fields of a form. They are read when first asked for: a check that finds nothing never asks."""

    def __init__(self, read: Callable[[], Mapping[tuple[str, ...], Field]]) -> None:
        self._read = read

    @classmethod
    def of_schema(cls, path: Path) -> Outline:
        """The outline in the schema at ``path`` and those that it includes."""
        return cls(lambda: dict(_SchemaWalk(path).fields()))

    @cached_property
    def fields(self) -> Mapping[tuple[str, ...], Field]:
        """Every field by its path of element names, the root's first."""
        return self._read()

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
            yield from self._walk(element, (), chosen=False, within_open=False)

    def _walk(
        self, element: etree._Element, above: tuple[str, ...], *, chosen: bool, within_open: bool
    ) -> Iterator[tuple[tuple[str, ...], Field]]:
        """The field of ``element`` and those below it; ``chosen`` when it is one of several to choose from."""
        names = (*above, element.get("name", ""))
        named_type = self._types.get(element.get("type", ""))
        declared = element if named_type is None else named_type
        children = list(_child_elements(declared))
        simple = named_type is not None and named_type.tag == f"{_XS}simpleType"
        marked = list(element.iterfind(_MARKS))
        marks = {str(mark.tag).removeprefix(_FORM): mark.text or "" for mark in marked}
        is_open = within_open or "open" in marks
        yield (
            names,
            Field(
                label=_documentation(element) or Text(names[-1], names[-1]),
                expected=(_documentation(declared) if simple else None) or _NOTHING,
                repeated=element.get("maxOccurs", "1") != "1",
                required=element.get("minOccurs", "1") != "0" and not chosen,
                type=element.get("type", "") if simple else "",
                choices=tuple(each.get("value", "") for each in declared.iterfind(_CHOICES)) if simple else (),
                column=marks.get("column", ""),
                item=marks.get("item", ""),
                computed="computed" in marks,
                heading="heading" in marks,
                hidden="hidden" in marks,
                open=is_open,
                setting=Setting.of(marked) if marked else Setting(),
            ),
        )
        for child, alternative in children:
            yield from self._walk(child, names, chosen=alternative, within_open=is_open)


def _child_elements(node: etree._Element, *, chosen: bool = False) -> Iterator[tuple[etree._Element, bool]]:
    """The elements in ``node``, each with whether it stands in a choice."""
    for child in node:
        if child.tag == f"{_XS}element":
            yield child, chosen
        elif child.tag in {f"{_XS}complexType", f"{_XS}sequence", f"{_XS}choice", f"{_XS}all"}:
            yield from _child_elements(child, chosen=chosen or child.tag == f"{_XS}choice")


def _documentation(node: etree._Element) -> Text | None:
    texts = {
        text.get(_XML_LANG, ""): (text.text or "").strip()
        for text in node.iterfind(f"{_XS}annotation/{_XS}documentation")
    }
    return Text(texts["vi"], texts["en"]) if texts.keys() >= {"vi", "en"} else None
