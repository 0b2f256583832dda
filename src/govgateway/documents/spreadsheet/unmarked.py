"""Sheets that look like those of a form but have lost their anchor: what stands there would be left out unseen."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from govgateway.documents.findings import Finding
from govgateway.documents.layout import Layout, Names, is_value
from govgateway.documents.package import FormVersion
from govgateway.documents.spreadsheet import rules
from govgateway.documents.spreadsheet.keys import HEADING, key_of
from govgateway.documents.spreadsheet.numbers import tidy
from govgateway.errors import Text

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_LOOKED_THROUGH = 80
_TELLING = 2
"""So many names of one table are no chance; a table with fewer columns is known by all of them."""


def unmarked_findings(
    sheets: Iterable[Worksheet], package: FormVersion, filled: Collection[Names]
) -> Iterator[Finding]:
    """The findings of ``sheets``, which have no anchor. ``filled`` are the paths of the tables that were read with
    lines in them, () among them for the single fields.

    A sheet of one's own beside the form's may name the same columns; where the form's own has lines, it is left alone.
    """
    known = dict(_said_of_parts(package))
    for sheet in sheets:
        seen = _texts(sheet)
        met = {row: len(said & seen.keys()) for row, said in known.items()}
        most = max(met.values(), default=0)
        alike = {row for row, number in met.items() if number == most >= min(_TELLING, len(known[row]))}
        if alike and (alike.isdisjoint(filled) or _was_made_by_us(seen, alike, package)):
            yield rules.UNMARKED.finding(sheet.title, sheet.title, _called(min(alike, key=len), package))


def _said_of_parts(package: FormVersion) -> Iterator[tuple[Names, set[str]]]:
    """What a template says of the single fields, and of each table that somebody types: their labels."""
    layout, fields = Layout.of(package.outline), package.outline.fields
    typed = [each for each in layout.lines if is_value(fields[each]) and not fields[each].computed]
    yield (), {fields[each].label.vi for each in typed}
    for table in layout.tables:
        if table.columns and not table.computed:
            yield table.row, {fields[table.row + each].label.vi for each in table.columns}


def _texts(sheet: Worksheet) -> Mapping[str, int]:
    """How often each text stands in the upper left of ``sheet``."""
    found: dict[str, int] = {}
    for row in sheet.iter_rows(max_row=_LOOKED_THROUGH, max_col=_LOOKED_THROUGH, values_only=True):
        for value in row:
            if isinstance(value, str):
                found[tidy(value)] = found.get(tidy(value), 0) + 1
    return found


def _was_made_by_us(seen: Mapping[str, int], rows: Iterable[Names], package: FormVersion) -> bool:
    """Whether what a template carries unseen is still there in part."""
    tables = [each for each in Layout.of(package.outline).tables if each.row in rows]
    keys = {key_of(below) for table in tables for below in table.columns}
    return seen.get(HEADING, 0) >= _TELLING or len(keys & seen.keys()) >= _TELLING


def _called(row: Names, package: FormVersion) -> Text:
    label: Text = package.outline.label(row) if row else rules.SINGLE_FIELDS
    return label
