"""How a form is laid out for filling in: lines for its single values, a table for each kind of row.

Everything follows from the outline; a form brings no layout of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile

from govgateway.documents.outline import Field, Outline
from govgateway.errors import Text

_PART = re.compile(r"(?:Phần )?([IVX]+)\.")

Names = tuple[str, ...]
"""The names of the elements from the root down to one of them."""


def is_value(field: Field) -> bool:
    """Whether an element holds a value: what may stand there is described. Others hold elements, or nothing."""
    return bool(field.type and field.expected.vi)


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one repeated element: ``row`` is its path, ``columns`` are the paths of a row's values below it.

    ``above`` is the path of the repeated element that such rows stand in, empty for none. A table is ``computed`` when
    nobody types its rows.
    """

    row: Names
    columns: tuple[Names, ...]
    above: Names
    computed: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """``lines`` are the paths of all elements outside of rows, groups too, in the form's order; ``tables`` its rows;
    ``children`` the names of the elements in each; ``base`` the path that all values have in common."""

    lines: tuple[Names, ...]
    tables: tuple[Table, ...]
    children: Mapping[Names, tuple[str, ...]]
    base: Names

    @classmethod
    def of(cls, outline: Outline) -> Layout:
        """The layout of the form with ``outline``."""
        fields = outline.fields
        rows = [names for names, field in fields.items() if field.repeated]
        values = [names for names, field in fields.items() if is_value(field)]
        homes = {names: _within(names, rows) for names in fields}
        children: dict[Names, tuple[str, ...]] = dict.fromkeys(fields, ())
        for names in fields:
            if len(names) > 1:
                children[names[:-1]] += (names[-1],)
        return cls(
            lines=tuple(names for names in fields if not homes[names]),
            tables=tuple(_table(row, [each for each in values if homes[each] == row], rows, outline) for row in rows),
            children=children,
            base=_common([each[:-1] for each in values]),
        )

    def title(self, outline: Outline, row: Names) -> Text:
        """What the table of ``row`` is called: its groups, but for those that all tables are in, and its rows."""
        labels = [outline.label(row[:length]) for length in range(len(self.base) + 2, len(row) + 1)]
        return Text(" › ".join(each.vi for each in labels), " › ".join(each.en for each in labels))

    def short_title(self, outline: Outline, row: Names) -> Text:
        """The same in short: the Roman numbers of its groups, which tell like tables apart, and its rows."""
        numbers = [found[1] for size in range(1, len(row)) if (found := _PART.match(outline.label(row[:size]).vi))]
        label, part = outline.label(row), ".".join(numbers)
        return Text(f"{part} {label.vi}".lstrip(), f"{part} {label.en}".lstrip())


def _common(paths: list[Names]) -> Names:
    steps = takewhile(lambda step: len(set(step)) == 1, zip(*paths, strict=False))
    return tuple(step[0] for step in steps)


def _within(names: Names, rows: list[Names]) -> Names:
    """The innermost of ``rows`` that ``names`` is in; empty for none."""
    return max((row for row in rows if names[: len(row)] == row), key=len, default=())


def _table(row: Names, values: list[Names], rows: list[Names], outline: Outline) -> Table:
    computed = outline.fields[row].computed or all(outline.fields[each].computed for each in values)
    return Table(row, tuple(each[len(row) :] for each in values), _within(row[:-1], rows), computed)
