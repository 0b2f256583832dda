"""One sheet of a filled template: its anchor, its lines, its cells, and what is odd about the places they stand in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

from openpyxl.utils import get_column_letter

from govgateway.documents.findings import Finding
from govgateway.documents.spreadsheet import kept, rules
from govgateway.documents.spreadsheet.cells import Cell
from govgateway.documents.spreadsheet.encodings import legacy_encoding
from govgateway.documents.spreadsheet.keys import HEADING, Anchor
from govgateway.documents.spreadsheet.numbers import tidy

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

Results = Callable[[str, int, int], Any]
"""What the formula at (sheet, row, column) gave when the workbook was saved."""

_LOOKED_THROUGH = 30
_SHOWN = 40


class Sheet:
    """The sheet ``sheet`` whose ``anchor`` stands at ``row`` and ``column``."""

    def __init__(self, sheet: Worksheet, anchor: Anchor, row: int, column: int, results: Results) -> None:
        self._sheet, self._results = sheet, results
        self.anchor, self.anchor_column, self._anchor_row = anchor, column, row
        self.title = sheet.title
        texts = ((each, self.text(row, each)) for each in range(1, sheet.max_column + 1) if each != column)
        self.columns = {key: each for each, key in texts if key}
        self._merged = {(each.min_row, each.min_col): each.coord for each in sheet.merged_cells.ranges}
        self._hidden_columns = set(_hidden_columns(sheet))
        self._hidden: dict[str, str] = {}

    @classmethod
    def found_in(cls, sheet: Worksheet, results: Results) -> Sheet | None:
        """The sheet by its anchor, which stands near the top left; None where there is none."""
        places = product(range(1, _LOOKED_THROUGH + 1), repeat=2)
        for row, column in places:
            anchor = Anchor.read(sheet.cell(row, column).value)
            if anchor is not None:
                return cls(sheet, anchor, row, column, results)
        return None

    def name(self, row: int, column: int) -> str:
        """The cell as people write it."""
        return f"{self.title}!{get_column_letter(column)}{row}"

    def text(self, row: int, column: int) -> str:
        """The text in a cell, empty for none and for the column 0."""
        value = self._sheet.cell(row, column).value if column else None
        return "" if value is None else tidy(str(value))

    def keyed_rows(self) -> Iterator[tuple[int, str]]:
        """The rows that the anchor's column names, with their names."""
        for row in range(1, self._sheet.max_row + 1):
            key = self.text(row, self.anchor_column)
            if key and row != self._anchor_row:
                yield row, key

    def lines(self, columns: Sequence[int]) -> Iterator[int]:
        """The rows in which one of ``columns`` has something, or that stood empty in the document."""
        for row in range(1, self._sheet.max_row + 1):
            said = self.text(row, self.anchor_column)
            if row == self._anchor_row or said == HEADING:
                continue
            if any(self.text(row, each) for each in columns) or "" in kept.read(said):
                yield row

    def cell(self, row: int, column: int, *, quietly: bool) -> tuple[Cell, tuple[Finding, ...]]:
        """The cell and what is odd about it; ``quietly`` where a person has no part in it."""
        found = self._sheet.cell(row, column)
        name = self.name(row, column)
        said: list[Finding] = []
        value: Any = found.value
        if found.data_type == "f":
            value = self._results(self.title, row, column)
            said += [rules.UNCALCULATED.finding(name) if value is None else rules.FORMULA.finding(name, value)]
        if found.data_type == "e" or (found.data_type == "f" and str(value).startswith("#")):
            value, said = None, [rules.BROKEN.finding(name, value)]
        cell = Cell(value, name, found.number_format)
        if not cell.is_blank and not quietly:
            said += self._oddities(row, column, str(value), found.font.name or "")
        return cell, tuple(said)

    def _oddities(self, row: int, column: int, text: str, font: str) -> Iterator[Finding]:
        name = self.name(row, column)
        encoding = legacy_encoding(text, font)
        if encoding:
            yield rules.ENCODING.finding(name, encoding, text[:_SHOWN])
        if (row, column) in self._merged:
            yield rules.MERGED.finding(name, self._merged[row, column])
        for place in self._hidden_places(row, column):
            self._hidden.setdefault(place, name)

    def _hidden_places(self, row: int, column: int) -> Iterator[str]:
        if self._sheet.sheet_state != "visible":
            yield self.title
        if self.is_hidden_row(row):
            yield str(row)
        if self.is_hidden_column(column):
            yield get_column_letter(column)

    def is_hidden_row(self, row: int) -> bool:
        """Whether the row is hidden."""
        return row in self._sheet.row_dimensions and bool(self._sheet.row_dimensions[row].hidden)

    def is_hidden_column(self, column: int) -> bool:
        """Whether the column is hidden."""
        return column in self._hidden_columns

    def findings(self) -> Iterator[Finding]:
        """The hidden places from which something was taken, each once, at its first cell."""
        yield from (rules.HIDDEN.finding(name, place) for place, name in self._hidden.items())


def _hidden_columns(sheet: Worksheet) -> Iterator[int]:
    for each in sheet.column_dimensions.values():
        if each.hidden and each.min is not None and each.max is not None:
            yield from range(each.min, each.max + 1)
