"""From content to a document: elements in the form's order and namespace, then what follows from others computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from lxml import etree

from govgateway.documents.entries import NIL, Entry
from govgateway.documents.layout import Layout, Names, is_value
from govgateway.documents.package import FormVersion
from govgateway.documents.places import Places
from govgateway.documents.xml import XmlDocument, read_xml

_XSI = NIL[1:].partition("}")[0]


@dataclass(frozen=True, slots=True)
class Composed:
    """A composed document. ``given`` is it before anything was computed; ``cells`` say where the elements came from, by
    their paths (Places), ``inside`` where the first element in each came from."""

    document: XmlDocument
    given: Mapping[str, str]
    cells: Mapping[str, str]
    inside: Mapping[str, str]

    def cell(self, path: str) -> str:
        """Where the element at ``path`` came from, or the first in it, or the nearest above it; else empty."""
        found = self.cells.get(path) or self.inside.get(path, "")
        while path and not found:
            path = path.rpartition("/")[0]
            found = self.cells.get(path, "")
        return found


def compose(package: FormVersion, content: Entry) -> Composed:
    """The document of the form ``package`` with ``content``, the root's entry; indented, in UTF-8."""
    writer = _Writer(package)
    root = writer.root(content)
    places = Places(root)
    computed = read_xml(package.compute(etree.tostring(root))).root
    etree.indent(computed)
    data = etree.tostring(computed, xml_declaration=True, encoding="UTF-8")
    cells = {places.path(element): entry.cell for element, entry in writer.written if entry.cell}
    return Composed(
        document=read_xml(data),
        given={places.path(element): entry.text for element, entry in writer.written if entry.text},
        cells=cells,
        inside=_first_inside(cells),
    )


def _first_inside(cells: Mapping[str, str]) -> Mapping[str, str]:
    """The first of ``cells``, which are in the document's order, in each element above them."""
    found: dict[str, str] = {}
    for path, cell in cells.items():
        above = path.rpartition("/")[0]
        while above and above not in found:
            found[above] = cell
            above = above.rpartition("/")[0]
    return found


class _Writer:
    """Writes elements, and remembers which entry each came from."""

    def __init__(self, package: FormVersion) -> None:
        self._outline, self._values = package.outline, package.values
        self._layout = Layout.of(package.outline)
        self._namespace = f"{{{package.values.namespace}}}"
        self.written: list[tuple[etree._Element, Entry]] = []

    def root(self, content: Entry) -> etree._Element:
        """The root element with everything in it."""
        names = next(iter(self._outline.fields))
        namespaces = {None: self._namespace[1:-1], "xsi": _XSI}
        root = etree.Element(self._namespace + names[0], nsmap=cast(Mapping[str, str], namespaces))
        self._fill(root, content, names, in_row=False)
        return root

    def _fill(self, element: etree._Element, entry: Entry, names: Names, *, in_row: bool) -> None:
        self.written.append((element, entry))
        for name, value in entry.attributes.items():
            element.set(name, value)
        field = self._outline.fields[names]
        if is_value(field):
            # On paper an empty box is 0; a row's figure is asked for, for nobody leaves a row out of a sum unseen.
            decided = in_row or field.computed or entry.written
            element.text = entry.text or ("" if decided else self._values.blank(field.type))
        for child, part in self._parts(entry, names):
            below = etree.SubElement(element, self._namespace + child[-1])
            self._fill(below, part, child, in_row=in_row or self._outline.fields[child].repeated)

    def _parts(self, entry: Entry, names: Names) -> Iterator[tuple[Names, Entry]]:
        """The elements to be written in the one at ``names``, in the form's order."""
        for name in self._layout.children[names]:
            child = (*names, name)
            field = self._outline.fields[child]
            for part in entry.parts.get(name) or ([] if field.repeated else [Entry()]):
                needed = field.required and not field.repeated
                if part.written or part.holds or (needed and part.written is None):
                    yield child, part
