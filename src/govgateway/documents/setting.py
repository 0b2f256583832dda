"""How a form sets an element on paper, as far as its label and its numbers do not say it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from govgateway.errors import Text

_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A printed sentence with places for values: ``{name}`` is what stands in the element of that name."""

    text: Text

    @property
    def names(self) -> tuple[str, ...]:
        """The elements that have a place in it."""
        return tuple(_PLACE.findall(self.text.vi))


@dataclass(frozen=True, slots=True)
class ValueColumn:
    """A column of values beside single items; ``name`` is how items refer to it."""

    name: str
    label: Text


@dataclass(frozen=True, slots=True)
class Setting:
    """How an element is printed.

    ``head``: its label stands above the column that several elements share. ``unit``: in what a value is counted, or
    what is printed below the heading of a group. ``under``: the value column that an item stands in. ``values``: the
    value columns of the items in a group. ``sentences``: what is printed in place of the values in a group.
    """

    head: bool = False
    unit: Text = Text("", "")
    under: str = ""
    values: tuple[ValueColumn, ...] = ()
    sentences: tuple[Sentence, ...] = ()

    @classmethod
    def of(cls, marks: Iterable[etree._Element]) -> Setting:
        """The setting that the ``marks`` of an element (urn:govgateway:form) tell."""
        named: dict[str, list[etree._Element]] = {}
        for mark in marks:
            named.setdefault(etree.QName(mark).localname, []).append(mark)
        under = [mark.text or "" for mark in named.get("under", ())]
        return cls(
            head="head" in named,
            unit=next(map(_text, named.get("unit", ())), Text("", "")),
            under="".join(under),
            values=tuple(ValueColumn(mark.get("name", ""), _text(mark)) for mark in named.get("values", ())),
            sentences=tuple(Sentence(_text(mark)) for mark in named.get("sentence", ())),
        )


def _text(mark: etree._Element) -> Text:
    return Text(mark.get("vi", ""), mark.get("en", ""))
