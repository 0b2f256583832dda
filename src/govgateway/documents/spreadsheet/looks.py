"""How a template looks: columns, fonts, colours, what may be typed where."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from govgateway.documents.outline import Field
from govgateway.documents.values import ValueTypes
from govgateway.errors import Text

AS_TEXT, AS_NUMBER = "@", "General"
_WHOLE = "#,##0"
_BOLD, _TITLE = Font(bold=True), Font(bold=True, size=14)
_SMALL = Font(size=8, italic=True, color="666666")
_GREY, _HEAD = PatternFill("solid", start_color="E4E4E4"), PatternFill("solid", start_color="DCE6F1")
_LINE = Side("thin", color="BBBBBB")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_OPEN = Protection(locked=False)
LAST_ROW = 1_048_576
_LONGEST_LIST = 250
_FIELD_WIDTHS = (9, 46, 34, 34, 46)


def head(sheet: Worksheet, column: int, title: Text, note: Text) -> None:
    """The first two rows that are seen: a title in both languages, a note."""
    _write(sheet, 2, column, f"{title.vi} · {title.en}", _TITLE)
    _write(sheet, 3, column, f"{note.vi} · {note.en}", _SMALL)


def fields_head(sheet: Worksheet, row: int, first: int, heads: tuple[Text, ...]) -> None:
    """The headings of the sheet of single fields."""
    for column, said in enumerate(heads, start=first):
        _write(sheet, row, column, f"{said.vi} · {said.en}", _BOLD, _HEAD)


def group(sheet: Worksheet, row: int, column: int, label: Text, *, hidden: bool) -> None:
    """The heading of a group; ``hidden`` where no field stands directly under it."""
    _write(sheet, row, column, f"{label.vi} · {label.en}", _BOLD)
    sheet.row_dimensions[row].hidden = hidden


def field_labels(sheet: Worksheet, row: int, first: int, field: Field, expected: Text, *, hidden: bool) -> None:
    """Number, labels and expectation of a single field, around its value in the fourth column; ``hidden`` where nobody
    but software fills it in."""
    sheet.row_dimensions[row].hidden = hidden
    _write(sheet, row, first, _printed_number(field))
    _write(sheet, row, first + 1, field.label.vi)
    _write(sheet, row, first + 2, field.label.en, _SMALL)
    _write(sheet, row, first + 4, f"{expected.vi} · {expected.en}", _SMALL)


def column_labels(sheet: Worksheet, column: int, field: Field, expected: Text, first_line: int) -> None:
    """The headings of a table's column, in the four rows above ``first_line``."""
    above = (field.label.vi, field.label.en, _printed_number(field), f"{expected.vi} · {expected.en}")
    for row, (said, font) in enumerate(zip(above, (_BOLD, _SMALL, _BOLD, _SMALL), strict=True), start=first_line - 4):
        _write(sheet, row, column, said, font, _HEAD)
    sheet.column_dimensions[get_column_letter(column)].width = 24


def _printed_number(field: Field) -> str:
    return " ".join(each for each in (field.column, field.item) if each)


def plain_column(sheet: Worksheet, column: int, label: Text, first_line: int) -> None:
    """A narrow column that is no field of the form: the number of a line."""
    _write(sheet, first_line - 4, column, label.vi, _BOLD, _HEAD)
    _write(sheet, first_line - 3, column, label.en, _SMALL, _HEAD)
    sheet.column_dimensions[get_column_letter(column)].width = 10
    sheet.column_dimensions[get_column_letter(column)].protection = _OPEN


def value_format(field: Field, types: ValueTypes) -> str:
    """How a value is shown: codes and days as text, so that no zero is lost and no day turned round."""
    if not types.is_number(field.type):
        return AS_TEXT
    return AS_NUMBER if types.take(field.type, "1.5") else _WHOLE


def value(sheet: Worksheet, row: int, column: int, field: Field, number_format: str) -> None:
    """A cell for a value: a box, grey and locked where the value is computed."""
    cell = sheet.cell(row, column)
    cell.number_format, cell.border, cell.alignment = number_format, _BOX, _WRAPPED
    if field.computed:
        cell.fill = _GREY
    else:
        cell.protection = _OPEN


def value_column(sheet: Worksheet, column: int, field: Field, types: ValueTypes, *, hidden: bool) -> None:
    """The same for every cell of a column that is still empty; ``hidden`` where the form does not print it."""
    dimension = sheet.column_dimensions[get_column_letter(column)]
    dimension.number_format, dimension.border, dimension.hidden = value_format(field, types), _BOX, hidden
    if field.computed:
        dimension.fill = _GREY
    else:
        dimension.protection = _OPEN


def choices(
    sheet: Worksheet, values: Sequence[str], column: int, first: int, last: int = LAST_ROW, *, only: bool = True
) -> None:
    """A drop-down of ``values``, none where there are none; others may be typed unless they are the ``only`` ones."""
    listed = ",".join(values)
    if values and len(listed) < _LONGEST_LIST and '"' not in listed:
        letter = get_column_letter(column)
        allowed = DataValidation("list", formula1=f'"{listed}"', allow_blank=True, showErrorMessage=only)
        allowed.add(f"{letter}{first}:{letter}{last}")
        sheet.add_data_validation(allowed)


def finish(sheet: Worksheet, freeze: str, hidden_columns: str) -> None:
    """Hide the keys, keep the headings in sight, lock what is computed; there is no password."""
    sheet.row_dimensions[1].hidden = True
    for letter in hidden_columns:
        sheet.column_dimensions[letter].hidden = True
    sheet.freeze_panes = freeze
    sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = "landscape", 9, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    protection = sheet.protection
    protection.sheet = True
    protection.formatCells = protection.formatColumns = protection.formatRows = False
    protection.insertRows = protection.deleteRows = protection.sort = protection.autoFilter = False


def field_widths(sheet: Worksheet, first: int) -> None:
    """The widths of the columns on the sheet of single fields."""
    for column, width in enumerate(_FIELD_WIDTHS, start=first):
        sheet.column_dimensions[get_column_letter(column)].width = width


def _write(
    sheet: Worksheet, row: int, column: int, text: str, font: Font | None = None, fill: PatternFill | None = None
) -> None:
    cell = sheet.cell(row, column)
    cell.value = text or None
    cell.alignment = _WRAPPED
    if font is not None:
        cell.font = font
    if fill is not None:
        cell.fill = fill
