"""The items of a form in the columns that it prints: the number of the line, its label, and for each column of values
the number of the item, its unit and the value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

from govgateway.documents.kinds import Value
from govgateway.documents.setting import ValueColumn
from govgateway.documents.view.branches import Branch
from govgateway.documents.view.columns import LINE_NUMBER
from govgateway.documents.view.model import Cell, Column, Row, RowKind
from govgateway.errors import Text

_ITEM, _NUMBER = Text("Chỉ tiêu", "Item"), Text("Mã chỉ tiêu", "Item number")
_UNIT = Text("Đơn vị tính", "Unit")
_LINE = re.compile(r"((?:[0-9]+(?:\.[0-9]+)*|[IVX]+|[A-Z]|[a-z])\.) (.*)")
_BETWEEN = re.compile(r" - (?=(?:[0-9]+(?:\.[0-9]+)*|[IVX]+|[A-Z]|[a-z])\. )")


@dataclass
class Items:
    """The lines of the items in ``group``, whose columns of values its form names, in one ``language``."""

    group: Branch
    language: str
    _printed: set[str] = field(default_factory=set)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns. Several columns of values have their labels above number and value together."""
        single = len(self._values) == 1
        first = [
            Column(each.in_language(self.language))
            for each in ((LINE_NUMBER, _ITEM) if self._has_numbers else (_ITEM,))
        ]
        return (*first, *chain.from_iterable(self._columns_of(each, single) for each in self._values))

    def lines(self, label: str, values: Sequence[tuple[Branch, Value]]) -> Iterator[Row]:
        """The line of an item called ``label``, with the ``values`` that stand in it, below the headings that its label
        begins with: «I. Mua vào - 1. Giá trị» is line 1 below heading I, which is printed once."""
        *above, own = _BETWEEN.split(label)
        for each in above:
            if each not in self._printed:
                self._printed.add(each)
                yield Row(self._beginning(each, len(self.columns) - self._has_numbers), RowKind.HEADING)
        cells = chain.from_iterable(self._cells(each, values) for each in self._values)
        yield Row((*self._beginning(own), *cells))

    @property
    def _values(self) -> tuple[ValueColumn, ...]:
        return self.group.field.setting.values

    @cached_property
    def _has_numbers(self) -> bool:
        """Whether the lines are numbered."""
        return any(_LINE.match(each.field.label.in_language(self.language)) for each in self.group.printed)

    def _beginning(self, label: str, span: int = 1) -> tuple[Cell, ...]:
        number, text = _numbered(label)
        return (Cell(number, centred=True), Cell(text, span)) if self._has_numbers else (Cell(text, span),)

    @cached_property
    def _has_units(self) -> bool:
        return any(each.field.setting.unit.vi for each in self.group.printed if each.is_leaf)

    def _columns_of(self, values: ValueColumn, single: bool) -> Iterator[Column]:
        label = values.label.in_language(self.language)
        if single:
            yield Column(_NUMBER.in_language(self.language))
        else:
            yield Column("", group=label)
        if self._has_units:
            yield Column(_UNIT.in_language(self.language))
        yield Column(label) if single else Column("", group=label)

    def _cells(self, column: ValueColumn, values: Sequence[tuple[Branch, Value]]) -> Iterator[Cell]:
        here = (each for each in values if each[0].field.setting.under in {"", column.name})
        leaf, value = next(here, (None, ""))
        yield Cell(leaf.field.item if leaf else "", centred=True)
        if self._has_units:
            yield Cell(leaf.field.setting.unit.in_language(self.language) if leaf else "", centred=True)
        yield Cell(value)


def _numbered(label: str) -> tuple[str, str]:
    """The number of a line and its text: "2.1" and "Cá nhân cư trú" of "2.1. Cá nhân cư trú"."""
    found = _LINE.fullmatch(label)
    return (found[1].removesuffix("."), found[2]) if found else ("", label)
