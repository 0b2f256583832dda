"""Reads the rows of one table from a CSV file: separated by semicolons, commas or tabs, in whichever encoding it is.

The columns are named as the form names them: by label, by printed number, or by the element's name. The first line that
names most of them is the head; what stands above it is left out.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from govgateway.documents.entries import Entry
from govgateway.documents.findings import Finding
from govgateway.documents.layout import Layout, Names, Table
from govgateway.documents.outline import Field
from govgateway.documents.package import FormVersion
from govgateway.documents.spreadsheet import rules
from govgateway.documents.spreadsheet.cells import Cell, read_cell
from govgateway.documents.spreadsheet.content import Content
from govgateway.documents.spreadsheet.encodings import decoded, legacy_encoding
from govgateway.documents.spreadsheet.keys import key_of
from govgateway.documents.spreadsheet.numbers import tidy
from govgateway.documents.spreadsheet.opening import MOST_ROWS
from govgateway.errors import Text, UnreadableDocument, UsageError

_SEPARATORS = ";,\t"
_LOOKED_THROUGH = 20
_SHOWN = 60
_NUMBER = frozenset({"stt", "tt", "no.", "#", "(1)", ""})
"""Columns that only number the lines."""


@dataclass(frozen=True, slots=True)
class _Head:
    """A line that names columns of ``table``: where it stands, which column is which value, how many were named."""

    lines: list[list[str]]
    at: int
    table: Table
    columns: Mapping[int, Names]


def read_delimited(
    data: bytes, name: str, package: FormVersion, table: str = "", left_out: Collection[Names] = ()
) -> Content:
    """The rows in ``data``, the CSV file ``name``. ``table`` is the table's number in the template, or a part of its
    name, where several may be meant; what stands in ``left_out`` the document is not to have.

    Raises UnreadableDocument for what is no text, UsageError when it has no columns of the form or of several tables.
    """
    text = _text(data, name)
    tables = _tables(package, left_out, table, name)
    head = _head(text, name, package, tables)
    root = Entry()
    rows = root.at(head.table.row[1:-1]).parts.setdefault(head.table.row[-1], [])
    findings = list(_unknown_columns(head, name))
    for number, line in enumerate(head.lines[head.at + 1 :], start=head.at + 2):
        if any(tidy(line[each]) for each in head.columns if each < len(line)):
            entry, said = _row(line, number, name, head, package)
            rows.append(entry)
            findings += said
    return Content(root, tuple(findings))


def _text(data: bytes, name: str) -> str:
    """The text in ``data``; one in an encoding from before Unicode is refused as a whole, with a line of it."""
    try:
        text, encoding = decoded(data)
    except UnicodeDecodeError:
        raise _refused(
            Text("bảng mã không nhận ra được", "its encoding is not known"),
            Text('Lưu lại dạng "CSV UTF-8".', 'Save it as "CSV UTF-8".'),
            name,
        ) from None
    if encoding:
        line = next((each for each in text.splitlines() if not each.isascii()), "")[:_SHOWN].strip()
        said = rules.ENCODING.finding(name, encoding, line)
        raise UnreadableDocument(said.message, said.remedy, where=name)
    return text


def _row(line: list[str], number: int, name: str, head: _Head, package: FormVersion) -> tuple[Entry, list[Finding]]:
    entry = Entry(cell=_cell_name(name, number, 0))
    said: list[Finding] = []
    for column, below in head.columns.items():
        part, field = entry.at(below), package.outline.fields[head.table.row + below]
        part.cell = _cell_name(name, number, column)
        text = line[column] if column < len(line) else ""
        part.text, doubts = read_cell(Cell(text, part.cell), field, package.values)
        encoding = legacy_encoding(text)
        said += [rules.ENCODING.finding(part.cell, encoding, text, label=field.label)] if encoding else []
        said += () if field.computed else doubts
    return entry, said


def _cell_name(name: str, number: int, column: int) -> str:
    return f"{name}!{get_column_letter(column + 1)}{number}"


def _tables(package: FormVersion, left_out: Collection[Names], wanted: str, name: str) -> Mapping[str, Table]:
    """The tables that a CSV file may have, by their numbers in the template; those that are ``wanted``, where that is
    said. Raises UsageError for none."""
    there = [each for each in Layout.of(package.outline).tables if not _is_in(each.row, left_out)]
    tables = {str(at): each for at, each in enumerate(there, start=1) if not (each.above or each.computed)}
    if wanted.isdecimal():
        chosen = {at: each for at, each in tables.items() if at == wanted}
    else:
        chosen = {at: each for at, each in tables.items() if wanted.casefold() in _names(each, package)}
    if not chosen:
        raise _no_table(tables, package, wanted, name)
    return chosen


def _is_in(row: Names, parts: Collection[Names]) -> bool:
    return any(row[: len(each)] == each for each in parts)


def _head(text: str, name: str, package: FormVersion, known: Mapping[str, Table]) -> _Head:
    """The head under which most columns are known, whatever separates them. Raises UsageError for none, or for two."""
    tables = list(known.values())
    heads = [head for separator in _SEPARATORS for head in _heads(_lines(text, separator, name), tables, package)]
    most = max((len(head.columns) for head in heads), default=0)
    best = [head for head in heads if len(head.columns) == most]
    if not best:
        raise _no_head(tables, package, name)
    several = {head.table.row: head for head in best}
    if len(several) > 1:
        raise _several({at: each for at, each in known.items() if each.row in several}, package, name)
    return best[0]


def _lines(text: str, separator: str, name: str) -> list[list[str]]:
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error:
        lines = []
    if len(lines) > MOST_ROWS:
        few = Text("Chia tệp thành nhiều tệp nhỏ hơn.", "Divide it into smaller files.")
        raise _refused(Text(f"có quá {MOST_ROWS} dòng", f"it has more than {MOST_ROWS} lines"), few, name)
    return lines


def _heads(lines: list[list[str]], tables: list[Table], package: FormVersion) -> Iterator[_Head]:
    for table in tables:
        known = {said: below for below in table.columns for said in _column_names(table, below, package)}
        for at, line in enumerate(lines[:_LOOKED_THROUGH]):
            columns = {column: known[_plain(each)] for column, each in enumerate(line) if _plain(each) in known}
            if columns:
                yield _Head(lines, at, table, columns)


def _column_names(table: Table, below: Names, package: FormVersion) -> Iterator[str]:
    field: Field = package.outline.fields[table.row + below]
    said = (key_of(below), field.label.vi, field.label.en, field.column, f"{field.label.vi} {field.column}")
    return (_plain(each) for each in said if each)


def _plain(text: str) -> str:
    return " ".join(tidy(text).casefold().split())


def _names(table: Table, package: FormVersion) -> str:
    title = Layout.of(package.outline).title(package.outline, table.row)
    return f"{'/'.join(table.row)} {title.vi} {title.en}".casefold()


def _unknown_columns(head: _Head, name: str) -> Iterator[Finding]:
    for column, said in enumerate(head.lines[head.at]):
        if column not in head.columns and _plain(said) not in _NUMBER:
            yield rules.COLUMN.finding(_cell_name(name, head.at + 1, column), tidy(said))


def _no_head(tables: list[Table], package: FormVersion, name: str) -> UsageError:
    names = [package.outline.label(each.row + below).vi for each in tables[:1] for below in each.columns]
    return UsageError(
        Text("Không nhận ra cột nào của mẫu.", "No column of the form is recognised."),
        Text(f"Dòng đầu ghi tên cột: {'; '.join(names)}.", f"Name the columns in the first line: {'; '.join(names)}."),
        where=name,
    )


def _several(tables: Mapping[str, Table], package: FormVersion, name: str) -> UsageError:
    return UsageError(
        Text("Các cột có ở nhiều bảng của mẫu.", "Several tables of the form have these columns."),
        _choose(tables, package),
        where=name,
    )


def _no_table(tables: Mapping[str, Table], package: FormVersion, wanted: str, name: str) -> UsageError:
    if tables:
        said = Text(f"Mẫu {package.name} không có bảng '{wanted}'.", f"{package.name} has no table '{wanted}'.")
        return UsageError(said, _choose(tables, package), where=name)
    return UsageError(
        Text(
            f"Mẫu {package.name} không có bảng nào để điền bằng CSV.",
            f"{package.name} has no table that CSV could fill.",
        ),
        Text(
            f"Điền bảng tính: govgateway template {package.name}.",
            f"Fill in a spreadsheet: govgateway template {package.name}.",
        ),
        where=name,
    )


def _choose(tables: Mapping[str, Table], package: FormVersion) -> Text:
    layout = Layout.of(package.outline)
    titles = {at: layout.short_title(package.outline, each.row) for at, each in tables.items()}
    vi = ", ".join(f"{at} ({each.vi})" for at, each in titles.items())
    en = ", ".join(f"{at} ({each.en})" for at, each in titles.items())
    return Text(f"Chọn bảng bằng --table: {vi}.", f"Choose one with --table: {en}.")


def _refused(cause: Text, remedy: Text, name: str) -> UnreadableDocument:
    message = Text(f"Không đọc được tệp CSV: {cause.vi}.", f"The CSV file cannot be read: {cause.en}.")
    return UnreadableDocument(message, remedy, where=name)
