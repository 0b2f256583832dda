"""Makes the template of a form, empty or filled from a document: one sheet of single fields, one for each table.

Labels, numbers and what is expected are those of the form. A cell that follows from others is grey and locked, without
a password: it is computed anew whatever stands there.
"""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.styles.cell_style import StyleArray
from openpyxl.worksheet.worksheet import Worksheet

from govgateway.documents.entries import Entry
from govgateway.documents.layout import Layout, Names, Table, is_value
from govgateway.documents.outline import Field
from govgateway.documents.package import FormVersion
from govgateway.documents.spreadsheet import kept, looks
from govgateway.documents.spreadsheet.cells import MARKS
from govgateway.documents.spreadsheet.hints import expected_in_cell
from govgateway.documents.spreadsheet.keys import ABOVE, HEADING, KEPT, NUMBER, VALUE, Anchor, key_of
from govgateway.documents.spreadsheet.rules import SINGLE_FIELDS
from govgateway.errors import Text

_COMPUTED = Text("Ô xám được tính lại, không cần nhập.", "Grey cells are computed anew: leave them.")
_LINE, _LINE_ABOVE = Text("STT", "No."), Text("Thuộc dòng số", "Belongs to line")
_HEADS = (
    Text("Chỉ tiêu", "Item"),
    Text("Nội dung", "Field"),
    Text("Tiếng Anh", "English"),
    Text("Giá trị", "Value"),
    Text("Cần nhập", "Expected"),
)
_FIRST_FIELD, _FIRST_LINE = 5, 8
_ITEM, _VALUE = 3, 6
_LONGEST_TITLE = 31
_CURRENCIES = ("VND", "USD", "EUR", "JPY", "GBP", "CNY", "AUD", "CAD", "CHF", "HKD", "KRW", "SGD", "THB", "TWD")
_FORBIDDEN = re.compile(r"[\\/*?:\[\]]")


@dataclass(frozen=True, slots=True)
class Heading:
    """What a template says of the document it is for: ``said`` stands in the title, such as the period in words; the
    fields at the paths ``kinds`` hold the kind of the document."""

    said: Text = Text("", "")
    kinds: Collection[Names] = ()


def template(
    package: FormVersion,
    number: str,
    content: Entry | None = None,
    heading: Heading = Heading(),
) -> bytes:
    """The .xlsx template of ``package``, which is asked for as version ``number`` of its form.

    ``content`` is the root's entry, of a document or of what is known so far; what it leaves out has no place.
    """
    workbook = Workbook()
    maker = _Maker(package, number, workbook, content or Entry(), heading)
    maker.add_fields()
    tables = (each for each in Layout.of(package.outline).tables if maker.has_place(each.row))
    for ordinal, table in enumerate(tables, start=1):
        maker.add_table(ordinal, table)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


class _Maker:
    def __init__(self, package: FormVersion, number: str, workbook: Workbook, content: Entry, heading: Heading) -> None:
        self._package, self._number, self._workbook, self._content = package, number, workbook, content
        self._heading = heading
        self._outline, self._types, self._layout = package.outline, package.values, Layout.of(package.outline)
        self._lines: dict[Names, list[Entry]] = {}
        self._styles: dict[tuple[bool, str], StyleArray] = {}

    def add_fields(self) -> None:
        """The sheet of what stands once in a document."""
        sheet = self._workbook.worksheets[0]
        sheet.title = SINGLE_FIELDS.vi
        self._write_keys(sheet, (), {2: KEPT, _VALUE: VALUE})
        looks.head(sheet, _ITEM, self._title(), _COMPUTED)
        looks.fields_head(sheet, _FIRST_FIELD - 1, _ITEM, _HEADS)
        for row, names in enumerate(filter(self.has_place, self._layout.lines), start=_FIRST_FIELD):
            self._add_field(sheet, row, names)
        looks.field_widths(sheet, _ITEM)
        looks.finish(sheet, freeze=f"A{_FIRST_FIELD}", hidden_columns="AB")

    def _title(self) -> Text:
        package, said = self._package, self._heading.said
        vi = (f"{package.name} {package.title.vi}", said.vi)
        en = (package.title.en, said.en, self._number)
        return Text(", ".join(filter(None, vi)), ", ".join(filter(None, en)))

    def has_place(self, names: Names) -> bool:
        """Whether the element at ``names`` is in the template: neither it nor what it stands in is left out."""
        above = [next(self._content.all(names[1:length]), None) for length in range(2, len(names) + 1)]
        return not any(entry is not None and entry.is_left_out for entry in above)

    def _add_field(self, sheet: Worksheet, row: int, names: Names) -> None:
        field = self._outline.fields[names]
        entry = next(self._content.all(names[1:]), None)
        sheet.cell(row, 1, "/".join(names))
        if self._content.written:
            sheet.cell(row, 2, kept.written(dict(kept.kept_of(entry, "", field, self._types))))
        if is_value(field):
            expected = expected_in_cell(field, self._types)
            looks.field_labels(sheet, row, _ITEM, field, expected, hidden=self._outline.fields[names[:-1]].hidden)
            kinds = self._package.kinds if names in self._heading.kinds else ()
            self._add_choices(sheet, field, kinds, _VALUE, row, row)
            self._write_value(sheet, row, _VALUE, field, entry)
        else:
            below = (self._outline.fields[*names, each] for each in self._layout.children[names])
            shown = any(is_value(each) for each in below) and not field.hidden
            looks.group(sheet, row, _ITEM, field.label, hidden=not shown)

    def _add_choices(
        self,
        sheet: Worksheet,
        field: Field,
        choices: Sequence[str],
        column: int,
        first: int,
        last: int = looks.LAST_ROW,
    ) -> None:
        """A drop-down where few values may stand. For currencies, of which there are many, and marks, which are written
        in several ways, it refuses no other value."""
        if field.computed:
            return
        if self._types.is_currency(field.type):
            looks.choices(sheet, _CURRENCIES, column, first, last, only=False)
        elif self._types.is_mark(field.type):
            looks.choices(sheet, MARKS, column, first, last, only=False)
        else:
            looks.choices(sheet, choices or field.choices, column, first, last)

    def add_table(self, ordinal: int, table: Table) -> None:
        """The sheet of one table, with its lines."""
        sheet = self._workbook.create_sheet(_title(ordinal, self._layout.short_title(self._outline, table.row).vi))
        heads = [(NUMBER, _LINE), (ABOVE, _LINE_ABOVE)][: 2 if table.above else 1]
        first = 2 + len(heads)
        keys = [*(key for key, _ in heads), *(key_of(each) for each in table.columns)]
        self._write_keys(sheet, table.row, dict(enumerate(keys, start=2)))
        looks.head(sheet, 2, self._layout.title(self._outline, table.row), _COMPUTED)
        for column, (_, label) in enumerate(heads, start=2):
            looks.plain_column(sheet, column, label, _FIRST_LINE)
        entries = list(self._entries(table))
        for column, below in enumerate(table.columns, start=first):
            filled = any(part.text for _, entry in entries for part in entry.all(below))
            self._add_column(sheet, column, self._outline.fields[table.row + below], filled=filled)
        self._add_lines(sheet, table, first, entries)
        looks.finish(sheet, freeze=f"A{_FIRST_LINE}", hidden_columns="A")
        if self._outline.fields[table.row].hidden and not self._lines[table.row]:
            sheet.sheet_state = "hidden"

    def _add_column(self, sheet: Worksheet, column: int, field: Field, *, filled: bool) -> None:
        """A column that the form does not print is hidden, unless it has to be or is ``filled``."""
        looks.column_labels(sheet, column, field, expected_in_cell(field, self._types), _FIRST_LINE)
        hidden = field.hidden and not (field.required or filled)
        looks.value_column(sheet, column, field, self._types, hidden=hidden)
        self._add_choices(sheet, field, (), column, _FIRST_LINE)

    def _write_keys(self, sheet: Worksheet, row: Names, columns: dict[int, str]) -> None:
        sheet.cell(1, 1, str(Anchor(self._package.code, self._number, row)))
        for column, key in columns.items():
            _set_text(sheet, 1, column, key)
        for heading in range(2, _FIRST_LINE if row else _FIRST_FIELD):
            sheet.cell(heading, 1, HEADING)

    def _add_lines(self, sheet: Worksheet, table: Table, first: int, entries: Iterable[tuple[int, Entry]]) -> None:
        parts = list(self._parts(table))
        lines = self._lines.setdefault(table.row, [])
        for row, (above, entry) in enumerate(entries, start=_FIRST_LINE):
            lines.append(entry)
            if self._content.written:
                sheet.cell(row, 1, kept.written(dict(self._kept_of_line(entry, parts))))
            for column, number in enumerate([len(lines), above][: first - 2], start=2):
                sheet.cell(row, column, number)
            for column, below in enumerate(table.columns, start=first):
                part = next(entry.all(below), None)
                self._write_value(sheet, row, column, self._outline.fields[table.row + below], part)

    def _entries(self, table: Table) -> Iterator[tuple[int, Entry]]:
        """The lines of ``table``, each with the number of the line that it belongs to."""
        homes = self._lines[table.above] if table.above else [self._content]
        below = table.row[len(table.above) or 1 :]
        return ((number, entry) for number, home in enumerate(homes, start=1) for entry in home.all(below))

    def _parts(self, table: Table) -> Iterator[tuple[Names, Field]]:
        """Everything in a line of ``table`` that is not in a line of another, by its path below the line."""
        others = [each.row for each in self._layout.tables if len(each.row) > len(table.row)]
        for names, field in self._outline.fields.items():
            if names[: len(table.row)] == table.row and not any(names[: len(each)] == each for each in others):
                yield names[len(table.row) :], field

    def _kept_of_line(self, entry: Entry, parts: Iterable[tuple[Names, Field]]) -> Iterator[tuple[str, str | bool]]:
        for below, field in parts:
            part = next(entry.all(below), None)
            if part is not None or field.required:
                yield from kept.kept_of(part, "/".join(below), field, self._types)
        if not _has_text(entry, parts):
            yield "", ""

    def _write_value(self, sheet: Worksheet, row: int, column: int, field: Field, entry: Entry | None) -> None:
        text = entry.text if entry else ""
        number_format = looks.value_format(field, self._types)
        if kept.is_number(text, field, self._types):
            sheet.cell(row, column, float(text) if "." in text else int(text))
        elif text:
            _set_text(sheet, row, column, text)
            number_format = looks.AS_TEXT
        self._style(sheet, row, column, field, number_format)

    def _style(self, sheet: Worksheet, row: int, column: int, field: Field, number_format: str) -> None:
        """Cells of one kind share their style: to make it anew for each takes most of the time of a long table."""
        cell: Any = sheet.cell(row, column)
        kind = (field.computed, number_format)
        if kind not in self._styles:
            looks.value(sheet, row, column, field, number_format)
            self._styles[kind] = cell._style
        cell._style = copy(self._styles[kind])


def _has_text(entry: Entry, parts: Iterable[tuple[Names, Field]]) -> bool:
    return any(part.text for below, field in parts if not field.computed for part in entry.all(below))


def _set_text(sheet: Worksheet, row: int, column: int, text: str) -> None:
    """A text that begins with "=" is a text all the same."""
    cell = sheet.cell(row, column, text)
    cell.data_type = "s"


def _title(ordinal: int, label: str) -> str:
    """The title of a sheet: unique, at most 31 characters in whole words, none that Excel forbids."""
    title = f"{ordinal}. {_FORBIDDEN.sub(' ', label)}"
    return title if len(title) <= _LONGEST_TITLE else title[:_LONGEST_TITLE].rpartition(" ")[0] + "…"
