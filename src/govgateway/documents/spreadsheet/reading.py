"""Reads a filled template: what stands in each element of the document, and in which cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from govgateway.documents.entries import Entry
from govgateway.documents.findings import Finding
from govgateway.documents.layout import Layout, Names, Table, is_value
from govgateway.documents.package import FormVersion
from govgateway.documents.spreadsheet import kept, rules
from govgateway.documents.spreadsheet.cells import read_cell
from govgateway.documents.spreadsheet.content import Content
from govgateway.documents.spreadsheet.keys import (
    ABOVE,
    KEPT,
    NUMBER,
    VALUE,
    key_of,
)
from govgateway.documents.spreadsheet.opening import open_workbook
from govgateway.documents.spreadsheet.sheet import Sheet
from govgateway.documents.spreadsheet.unmarked import unmarked_findings
from govgateway.errors import Text, UsageError

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet


class Filled:
    """A workbook that was made by ``template`` and filled in. Raises UnreadableDocument, or UsageError for another."""

    def __init__(self, data: bytes, name: str) -> None:
        workbook = open_workbook(data, name)
        results = _Results(data, name)
        found = [(each, Sheet.found_in(each, results.value)) for each in workbook.worksheets]
        self._sheets = [sheet for _, sheet in found if sheet]
        self._unmarked = [each for each, sheet in found if not sheet]
        self.form, self.version = _one_form(self._sheets, name)

    def content(self, package: FormVersion) -> Content:
        """What was filled in. ``package`` is the version that the workbook was made for."""
        return _Reader(package, self._sheets, self._unmarked).content()


class _Results:
    """What the formulas of a workbook gave when it was saved; read when first asked for."""

    def __init__(self, data: bytes, name: str) -> None:
        self._data, self._name = data, name

    @cached_property
    def _workbook(self) -> Workbook:
        return open_workbook(self._data, self._name, results=True)

    def value(self, sheet: str, row: int, column: int) -> Any:
        return self._workbook[sheet].cell(row, column).value


def _one_form(sheets: list[Sheet], name: str) -> tuple[str, str]:
    made_for = {(each.anchor.form, each.anchor.version) for each in sheets}
    if len(made_for) != 1:
        raise UsageError(
            Text("Bảng tính không phải mẫu do govgateway tạo.", "The workbook is no template of govgateway.")
            if not made_for
            else Text("Các trang thuộc nhiều mẫu khác nhau.", "The sheets are of several forms."),
            Text("Tạo mẫu: govgateway template MẪU -o f.xlsx", "Make one: govgateway template FORM -o f.xlsx"),
            where=name,
        )
    return made_for.pop()


@dataclass
class _Reader:
    package: FormVersion
    sheets: Sequence[Sheet]
    unmarked: Sequence[Worksheet]
    root: Entry = field(default_factory=Entry)
    findings: list[Finding] = field(default_factory=list)
    lines: dict[Names, dict[str, Entry]] = field(default_factory=dict)
    """The lines of each table by their numbers."""

    def content(self) -> Content:
        self._refuse_twice()
        by_row = {sheet.anchor.row: sheet for sheet in self.sheets}
        if () in by_row:
            self._read_fields(by_row[()])
        for table in Layout.of(self.package.outline).tables:
            if table.row in by_row:
                self._read_rows(by_row[table.row], table)
        self._place_empty_tables(by_row)
        for sheet in self.sheets:
            self.findings += sheet.findings()
        filled = {row for row in by_row if self.lines.get(row) or not row}
        self.findings += unmarked_findings(self.unmarked, self.package, filled)
        return Content(self.root, tuple(self.findings))

    def _place_empty_tables(self, by_row: Mapping[Names, Sheet]) -> None:
        """Where a part of the form has no line in any of its tables, what is found of it is found on its sheet."""
        for row, sheet in by_row.items():
            home = self.root.at(row[1:-1]) if row and not self.lines.get(row) else None
            if home is not None and not home.cell and not home.holds:
                home.cell = sheet.title

    def _refuse_twice(self) -> None:
        counted = Counter(sheet.anchor.row for sheet in self.sheets)
        for row in (row for row, number in counted.items() if number > 1):
            names = [sheet.title for sheet in self.sheets if sheet.anchor.row == row]
            label = self.package.outline.label(row) if row else self.package.title
            self.findings.append(rules.TWICE.finding(names[1], label.vi, *names[:2]))

    def _read_fields(self, sheet: Sheet) -> None:
        column = sheet.columns.get(VALUE)
        for row, key in sheet.keyed_rows():
            names = tuple(key.split("/"))
            if names in self.package.outline.fields:
                entry = self.root.at(names[1:])
                if column and is_value(self.package.outline.fields[names]):
                    self._read_value(sheet, row, column, entry, names)
                elif column and not sheet.is_hidden_row(row):
                    entry.cell = sheet.name(row, column)
                kept.apply(entry, kept.read(sheet.text(row, sheet.columns.get(KEPT, 0))))

    def _read_rows(self, sheet: Sheet, table: Table) -> None:
        known = {key_of(each): each for each in table.columns}
        columns = [(column, known[key]) for key, column in sheet.columns.items() if key in known]
        inputs = [column for column, below in columns if table.computed or not self._is_computed(table.row + below)]
        missing = [
            below for key, below in known.items() if key not in sheet.columns and self._is_asked_for(table, below)
        ]
        seen = [column for column in inputs if not sheet.is_hidden_column(column)]
        numbered = self.lines.setdefault(table.row, {})
        for row in sheet.lines(inputs):
            entry = Entry(cell=sheet.name(row, min(seen or inputs, default=1)))
            for below in missing:
                entry.at(below).cell = sheet.title
            for column, below in columns:
                self._read_value(sheet, row, column, entry.at(below), table.row + below)
            kept.apply(entry, kept.read(sheet.text(row, sheet.anchor_column)))
            number = sheet.text(row, sheet.columns.get(NUMBER, 0)) or str(len(numbered) + 1)
            numbered[number] = entry
            self._place(sheet, row, table, entry)
        for below in missing if numbered else ():
            label = self.package.outline.label(table.row + below)
            self.findings.append(rules.NO_COLUMN.finding(sheet.title, sheet.title, label, label=label))

    def _place(self, sheet: Sheet, row: int, table: Table, entry: Entry) -> None:
        """Put the line ``entry`` where it belongs."""
        home, below = self.root, table.row[1:]
        if table.above:
            found = self._line_above(sheet, row, table)
            if found is None:
                return
            home, below = found, table.row[len(table.above) :]
        home.at(below[:-1]).parts.setdefault(below[-1], []).append(entry)

    def _line_above(self, sheet: Sheet, row: int, table: Table) -> Entry | None:
        lines = self.lines.get(table.above, {})
        column = sheet.columns.get(ABOVE, 0)
        number = sheet.text(row, column)
        if not number and len(lines) == 1:
            return next(iter(lines.values()))
        if number not in lines:
            label = self.package.outline.label(table.above)
            self.findings.append(rules.NO_LINE.finding(sheet.name(row, column or 1), number, label.vi, label=label))
        return lines.get(number)

    def _read_value(self, sheet: Sheet, row: int, column: int, entry: Entry, names: Names) -> None:
        outline_field = self.package.outline.fields[names]
        by_software = outline_field.hidden and sheet.is_hidden_row(row)
        entry.cell = "" if by_software else sheet.name(row, column)
        cell, said = sheet.cell(row, column, quietly=outline_field.computed or by_software)
        text, doubts = read_cell(cell, outline_field, self.package.values)
        entry.text = text
        if not outline_field.computed:
            self.findings += [*said, *doubts]

    def _is_asked_for(self, table: Table, below: Names) -> bool:
        """Whether a line has to have a value at ``below``, which a person types."""
        asked = self.package.outline.fields[table.row + below]
        return asked.required and not (asked.computed or self.package.values.take(asked.type, ""))

    def _is_computed(self, names: Names) -> bool:
        return bool(self.package.outline.fields[names].computed)
