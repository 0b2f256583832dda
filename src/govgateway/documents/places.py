"""Where the elements of a document stand, for people: paths by names, lines.

Siblings are counted once for each parent, however many places are asked for: ten thousand wrong lines take the time of
one walk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from lxml import etree


class Places:
    """The places in the document of ``root``."""

    def __init__(self, root: etree._Element) -> None:
        self._root = root
        self._paths: dict[etree._Element, str] = {}
        self._children: dict[etree._Element, Mapping[str, list[etree._Element]]] = {}

    def path(self, element: etree._Element) -> str:
        """The path people read: local names joined by "/", numbered from 1 where an element is one of several."""
        if element not in self._paths:
            parent = element.getparent()
            above = "" if parent is None else f"{self.path(parent)}/"
            siblings = [element] if parent is None else parent.iterchildren(etree.Element)
            self._paths |= {each: above + step for each, step in _steps(siblings)}
        return self._paths[element]

    def element(self, path: str) -> etree._Element:
        """The element at ``path`` as libxml2 writes one: ``/*/*[2]`` by number, ``/p:a/p:b[2]`` where it has a prefix.

        Of a path that leads no further (to an attribute, or by a name too long for libxml2) the last element on it.
        """
        found = self._root
        for step in path.split("/")[2:]:
            name, _, number = step.rstrip("]").partition("[")
            named = self._children_of(found).get(name, [])
            if len(named) < int(number or 1):
                break
            found = named[int(number or 1) - 1]
        return found

    def _children_of(self, parent: etree._Element) -> Mapping[str, list[etree._Element]]:
        if parent not in self._children:
            named: dict[str, list[etree._Element]] = {}
            for child in parent.iterchildren(etree.Element):
                named.setdefault("*", []).append(child)
                named.setdefault(_written_name(child), []).append(child)
            self._children[parent] = named
        return self._children[parent]


def _steps(siblings: Iterable[etree._Element]) -> Iterator[tuple[etree._Element, str]]:
    elements = list(siblings)
    several = Counter(each.tag for each in elements)
    seen: Counter[str] = Counter()
    for each in elements:
        seen[each.tag] += 1
        name = etree.QName(each).localname
        yield each, name if several[each.tag] == 1 else f"{name}[{seen[each.tag]}]"


def _written_name(element: etree._Element) -> str:
    """The name as libxml2 writes it: an element of the default namespace has only its number."""
    tag = etree.QName(element)
    if element.prefix:
        return f"{element.prefix}:{tag.localname}"
    return "" if tag.namespace else tag.localname


def line_of(element: etree._Element) -> int:
    """The line of the file where ``element`` begins, 0 when unknown."""
    return cast(int | None, element.sourceline) or 0


def names_of(element: etree._Element) -> tuple[str, ...]:
    """The local names from the root down to ``element``."""
    return tuple(etree.QName(each).localname for each in (*reversed(list(element.iterancestors())), element))
