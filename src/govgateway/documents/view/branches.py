"""A form's outline as a tree, and what each element is for on paper: a field, a row of a table, a total, a group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from govgateway.documents.outline import Field, Outline


@dataclass(frozen=True)
class Branch:
    """An element of a form with those inside it, in printed order. ``name`` is its element's."""

    name: str
    field: Field
    children: tuple[Branch, ...]

    @property
    def is_leaf(self) -> bool:
        """Whether it holds a value."""
        return not self.children

    @cached_property
    def printed(self) -> tuple[Branch, ...]:
        """The children that are printed."""
        return tuple(each for each in self.children if not each.field.hidden)

    @cached_property
    def is_total(self) -> bool:
        """Whether it sums up the table before it: a value, or one row for each currency, that follows from others."""
        if self.is_leaf:
            return self.field.computed
        marked = bool(self.field.item) or self.field.computed
        return self._is_flat and self.field.repeated and (marked or all(each.field.computed for each in self.printed))

    @cached_property
    def is_row(self) -> bool:
        """Whether it is a row of a table: it occurs any number of times, or its fields have column numbers."""
        tabular = self.field.repeated or any(each.field.column for each in self.printed)
        return self._is_flat and tabular and not (self.is_total or self.field.setting.sentences)

    @property
    def is_item(self) -> bool:
        """Whether it is a value that stands in a column of items."""
        return self.is_leaf and bool(self.field.setting.under or self.field.setting.unit.vi)

    @cached_property
    def is_line_of_items(self) -> bool:
        """Whether its values are printed side by side in one line, below its own label."""
        columns = [each.field.setting.under for each in self.printed if each.is_item]
        return bool(columns) and all(columns) and len(set(columns)) == len(self.printed)

    @cached_property
    def is_list_of_totals(self) -> bool:
        """Whether there are only totals in it: its own name is not printed."""
        return any(each.field.repeated for each in self.printed) and all(each.is_total for each in self.printed)

    @cached_property
    def has_rows(self) -> bool:
        """Whether a table stands in it."""
        return any(each.field.repeated or each.is_row or each.has_rows for each in self.printed)

    @cached_property
    def only_row(self) -> Branch | None:
        """The row that is all there is in it, however many groups around it; itself where it is one."""
        if self.is_row:
            return self
        return self.printed[0].only_row if len(self.printed) == 1 else None

    @cached_property
    def columns(self) -> tuple[tuple[Branch, ...], ...]:
        """The fields of a row by column: those of one column number are printed in one cell."""
        grouped: dict[str, tuple[Branch, ...]] = {}
        for each in self.printed:
            key = each.field.column or each.name
            grouped[key] = (*grouped.get(key, ()), each)
        return tuple(grouped.values())

    @property
    def _is_flat(self) -> bool:
        return bool(self.children) and all(each.is_leaf for each in self.children)


def branch_at(outline: Outline, names: tuple[str, ...]) -> Branch | None:
    """The element at ``names`` with all below it; None where the form has none."""
    inside: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for path in outline.fields:
        inside.setdefault(path[:-1], []).append(path)
    return _branch(names, outline, inside) if names in outline.fields else None


def _branch(
    names: tuple[str, ...], outline: Outline, inside: Mapping[tuple[str, ...], list[tuple[str, ...]]]
) -> Branch:
    children = tuple(_branch(each, outline, inside) for each in inside.get(names, ()))
    return Branch(names[-1], outline.fields[names], children)
