"""The content of a document apart from how it is written: what stands in each element, and where it was given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from govgateway.documents.layout import Names

NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"


@dataclass(slots=True)
class Entry:
    """What is to stand in one element: its ``text``, or the entries of its ``parts`` by name, each name's in order.

    ``cell`` says where it was given. ``written`` is True for an element that stands there though it may be empty, False
    for one that is left out, None where the form decides: what it requires and what holds something is written.
    """

    text: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    parts: dict[str, list[Entry]] = field(default_factory=dict)
    cell: str = ""
    written: bool | None = None

    @property
    def holds(self) -> bool:
        """Whether something stands in it, however deep."""
        if self.text or self.attributes or self.written:
            return True
        return any(each.holds for entries in self.parts.values() for each in entries)

    @property
    def is_left_out(self) -> bool:
        """Whether it is not to be there: that was said, and nothing stands in it."""
        return self.written is False and not self.holds

    def at(self, names: Names) -> Entry:
        """The first entry at ``names`` below this one, made where there is none."""
        found = self
        for name in names:
            entries = found.parts.setdefault(name, [])
            if not entries:
                entries.append(Entry())
            found = entries[0]
        return found

    def all(self, names: Names) -> Iterator[Entry]:
        """Every entry at ``names`` below this one, in order; none is made."""
        if not names:
            yield self
            return
        for each in self.parts.get(names[0], ()):
            yield from each.all(names[1:])


def entry_of(element: etree._Element) -> Entry:
    """The content of ``element`` as it stands."""
    entry = Entry(attributes={str(name): str(value) for name, value in element.attrib.items()}, written=True)
    for child in element.iterchildren(etree.Element):
        entry.parts.setdefault(etree.QName(child).localname, []).append(entry_of(child))
    if not entry.parts:
        entry.text = element.text or ""
    return entry
