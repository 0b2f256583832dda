"""The items of a document, printed by the outline of its form: order, labels and numbers are the schema's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import zip_longest
from typing import cast

from lxml import etree

from govgateway.documents.kinds import Kind, Value
from govgateway.documents.package import FormVersion
from govgateway.documents.setting import Sentence
from govgateway.documents.view.assembly import Assembly
from govgateway.documents.view.branches import Branch, branch_at
from govgateway.documents.view.columns import column_key, columns_of
from govgateway.documents.view.items import Items
from govgateway.documents.view.model import Block, Cell, Column, Heading, Row, Table
from govgateway.documents.view.values import shown
from govgateway.errors import Text

_BETWEEN = " - "
_BLANK = "……"
_NOT_PRINTED = Text("có trong tệp, chưa in được", "in the file, cannot be printed yet")
_STRANGE = Text("Nội dung trong tệp không có trên mẫu", "What the file holds beyond the form")
_VALUE = Text("Giá trị", "Value")

_Filled = tuple[Branch, Value]
"""A field with what stands in it."""


def body(node: etree._Element, names: tuple[str, ...], version: FormVersion, language: str) -> tuple[Block, ...]:
    """What stands in ``node``, an element at ``names`` of the form ``version``, in printed order.

    Fields without a value are left out, and so are rows and headings with nothing in them. Nothing else is left out:
    what the form does not have comes last.
    """
    walk = _Walk(version, language, Assembly(language))
    branch = branch_at(version.outline, names)
    if branch is None:
        walk.strange += _texts(node)
    else:
        walk.group(node, branch, level=1)
    return walk.assembly.finished() + tuple(_strange(walk.strange, language))


@dataclass
class _Walk:
    version: FormVersion
    language: str
    assembly: Assembly
    strange: list[str] = field(default_factory=list)
    kinds: dict[str, Kind] = field(default_factory=dict)
    items: Items | None = None

    def group(self, element: etree._Element, branch: Branch, level: int) -> None:
        """Everything in ``element``, without its own heading."""
        items, self.items = self.items, self._items_of(branch) or self.items
        present = self._present(element, branch)
        tables = [columns_of(each.only_row, self.language) for each in branch.printed if each.only_row]
        sentences = {name: each for each in branch.field.setting.sentences for name in each.names}
        if branch.field.setting.unit.vi:
            self.assembly.remark(branch.field.setting.unit.in_language(self.language))
        for child in branch.children:
            found = present.get(child.name, [])
            if child.field.hidden:
                self._hidden(found, child)
            elif child.name in sentences:
                self._sentence(sentences[child.name], child, branch, present)
            elif self.items and (child.is_item or child.is_line_of_items):
                self._items(self.items, found, child)
            elif child.is_leaf:
                self._leaves(found, child, branch, level)
            elif child.is_total:
                self._totals(found, child)
            else:
                shared = child.only_row is not None and tables.count(columns_of(child.only_row, self.language)) > 1
                self._inside(found, child, branch, level, in_table=shared or not child.has_rows)
        self.items = items

    def _items_of(self, branch: Branch) -> Items | None:
        """The columns of the items in ``branch``; None where its form names none."""
        return Items(branch, self.language) if branch.field.setting.values else None

    def _present(self, element: etree._Element, branch: Branch) -> dict[str, list[etree._Element]]:
        """The children of ``element`` by name; those that the form does not have are kept apart."""
        present: dict[str, list[etree._Element]] = {each.name: [] for each in branch.children}
        for child in element.iterchildren(etree.Element):
            name = etree.QName(child).localname
            if name in present:
                present[name].append(child)
            else:
                self.strange += _texts(child)
        return present

    def _hidden(self, found: Iterable[etree._Element], child: Branch) -> None:
        """A code beside a name is not printed; a whole part of the document that cannot be is named."""
        if any(len(each) and _text(each) for each in found):
            self.assembly.paragraph(f"{self._label(child)}: {_NOT_PRINTED.in_language(self.language)}")

    def _sentence(
        self, sentence: Sentence, child: Branch, branch: Branch, present: Mapping[str, list[etree._Element]]
    ) -> None:
        """A sentence of ``branch``, where the first of its values stands; left out when it has none."""
        if child.name != sentence.names[0]:
            return
        leaves = [each for each in branch.children if each.name in sentence.names]
        said = {
            leaf.name: _BETWEEN.join(shown(each, self.language) for each in self._values(present[leaf.name], leaf))
            for leaf in leaves
        }
        if any(said.values()):
            words = {name: text or _BLANK for name, text in said.items()}
            self.assembly.paragraph(sentence.text.in_language(self.language).format_map(words))

    def _items(self, items: Items, found: Sequence[etree._Element], child: Branch) -> None:
        """Lines of the table of ``items``; the values of a group stand side by side."""
        if child.is_leaf:
            self._lines(items, child, [self._valued(found, child)])
            return
        for element in found:
            present = self._present(element, child)
            self._lines(items, child, [self._valued(present[leaf.name], leaf) for leaf in child.printed])

    def _lines(self, items: Items, child: Branch, columns: Sequence[Sequence[_Filled]]) -> None:
        for values in zip_longest(*columns):
            lines = items.lines(self._label(child), [each for each in values if each is not None])
            self.assembly.rows(items.columns, lines)

    def _valued(self, found: Iterable[etree._Element], leaf: Branch) -> list[_Filled]:
        return [(leaf, value) for value in self._values(found, leaf)]

    def _leaves(self, found: Iterable[etree._Element], child: Branch, branch: Branch, level: int) -> None:
        for element in found:
            for value in self._values([element], child):
                if child.field.column and branch.field.repeated and _has_neighbours(element):
                    self.assembly.heading(shown(value, self.language), level, in_table=True)
                elif child.is_total and _is_figure(value) and self.assembly.takes_totals:
                    self._total(child, [(child, value)])
                else:
                    self.assembly.line(self._label(child), child.field.item, value)

    def _totals(self, found: Iterable[etree._Element], child: Branch) -> None:
        for element in found:
            values = self._filled(element, child)
            figures = [leaf for leaf, value in values if _is_figure(value)]
            if figures and self.assembly.takes_totals:
                self._total(child, values)
            else:
                self._total_items(child, values, figures or [leaf for leaf, _ in values])

    def _total(self, branch: Branch, values: Sequence[_Filled]) -> None:
        """A total of the open table: figures and currency in their columns, a currency without one in the label."""
        figures = [(leaf, value) for leaf, value in values if _is_figure(value)]
        first = figures[0][0]
        label = self._label(first)
        name = label.partition(": ")[0] if first.field.column else label
        words = [shown(value, self.language) for leaf, value in values if not (_is_figure(value) or leaf.field.column)]
        placed = {column_key(leaf.field.column) or leaf.name: value for leaf, value in values if leaf.field.column}
        loose = {leaf.name: value for leaf, value in figures if not leaf.field.column}
        item = first.field.item or branch.field.item
        self.assembly.total(" ".join((f"{name}: {item}" if item else name, *words)), placed | loose)

    def _total_items(self, branch: Branch, values: Sequence[_Filled], figures: Sequence[Branch]) -> None:
        """A total with no table before it, as single fields: its ``figures``, the rest behind their labels."""
        words = [shown(value, self.language) for leaf, value in values if leaf not in figures]
        for leaf, value in values:
            if leaf in figures:
                label = " ".join((self._label(leaf), *words))
                self.assembly.line(label, leaf.field.item or branch.field.item, value)

    def _inside(
        self, found: Iterable[etree._Element], child: Branch, branch: Branch, level: int, *, in_table: bool
    ) -> None:
        """A group or rows, below their heading if they have a printed one. Nothing is printed of what is empty."""
        before = self.assembly.depth
        if self._has_heading(child, branch, level):
            label = f"{child.field.item} {self._label(child)}".strip()
            self.assembly.heading(label, level, in_table=in_table)
        if child.is_row:
            self._rows(found, child)
        else:
            for each in found:
                self.group(each, child, level + 1)
        self.assembly.forget(before)

    def _has_heading(self, child: Branch, branch: Branch, level: int) -> bool:
        """A group that is alone in another or belongs to a named row only repeats in other words what stands there."""
        if child.is_list_of_totals or (child.only_row and branch.field.repeated):
            return False
        return child.field.heading and (level == 1 or len(branch.printed) > 1)

    def _rows(self, found: Iterable[etree._Element], child: Branch) -> None:
        filled = [values for values in (self._filled(each, child) for each in found) if values]
        if not filled:
            return
        numbers = (Decimal(each) if child.field.repeated else "" for each in range(1, len(filled) + 1))
        rows = (self._row(child, values, number) for values, number in zip(filled, numbers, strict=True))
        self.assembly.rows(columns_of(child, self.language), rows)

    def _row(self, branch: Branch, values: Sequence[_Filled], number: Value) -> Row:
        cells = [Cell(number, centred=True)]
        for leaves in branch.columns:
            printed = [value for leaf, value in values if any(leaf is each for each in leaves)]
            several = _BETWEEN.join(shown(each, self.language) for each in printed)
            cells.append(Cell(printed[0] if len(printed) == 1 else several))
        return Row(tuple(cells))

    def _filled(self, element: etree._Element, branch: Branch) -> list[_Filled]:
        """The printed fields of the flat ``element`` that have a value."""
        present = self._present(element, branch)
        return [each for leaf in branch.printed for each in self._valued(present[leaf.name], leaf)]

    def _values(self, found: Iterable[etree._Element], leaf: Branch) -> Iterator[Value]:
        yield from (self._kind(leaf).read(text) for text in map(_text, found) if text)

    def _kind(self, leaf: Branch) -> Kind:
        name = leaf.field.type
        if name not in self.kinds:
            self.kinds[name] = Kind.of(name, self.version.values) if name else Kind.TEXT
        return self.kinds[name]

    def _label(self, branch: Branch) -> str:
        return branch.field.label.in_language(self.language)


def _is_figure(value: Value) -> bool:
    return isinstance(value, Decimal)


def _has_neighbours(element: etree._Element) -> bool:
    """Whether something stands beside ``element``, so that it is the name of that."""
    parent = element.getparent()
    return parent is not None and _text(parent) != _text(element)


def _text(element: etree._Element) -> str:
    return cast(str, element.xpath("string()")).strip()


def _texts(element: etree._Element) -> list[str]:
    """The texts in ``element``, one for each element without others in it."""
    leaves = (each for each in element.iter(etree.Element) if each.find("*") is None)
    return [text for text in map(_text, leaves) if text]


def _strange(texts: Sequence[str], language: str) -> Iterator[Block]:
    if texts:
        yield Heading(_STRANGE.in_language(language))
        yield Table((Column(_VALUE.in_language(language)),), tuple(Row((Cell(each),)) for each in texts))
