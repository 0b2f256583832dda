"""A template says what the form says, and takes what may be typed."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from openpyxl import Workbook

from govgateway.connector import CarriedForm
from govgateway.documents.entries import entry_of
from govgateway.documents.layout import is_value
from govgateway.documents.spreadsheet.template import template
from govgateway_etax import connector
from samples import declaration, fee_form
from workbooks import FIELDS, LINES, TOTALS, column, empty_template

FORMS = pytest.mark.parametrize(
    "form", list(connector.carried_forms()), ids=lambda form: f"{form.version.code}-{form.number}"
)


def opened(workbook: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(workbook))


@FORMS
def test_every_value_of_a_form_has_its_place_with_its_label(form: CarriedForm) -> None:
    workbook = opened(template(form.version, form.number))
    shown = {cell.value for sheet in workbook for row in sheet.iter_rows() for cell in row}
    fields = [field for field in form.version.outline.fields.values() if is_value(field)]
    assert {field.label.vi for field in fields} | {field.label.en for field in fields} <= shown
    assert {field.column for field in fields if field.column} <= shown
    assert {
        field.item for names, field in form.version.outline.fields.items() if field.item and is_value(field)
    } <= shown


@FORMS
def test_sheets_have_titles_that_every_spreadsheet_takes(form: CarriedForm) -> None:
    titles = [sheet.title for sheet in opened(template(form.version, form.number))]
    assert len({title.lower() for title in titles}) == len(titles)
    assert all(len(title) <= 31 and not set(title) & set(r"[]:*?/\'") for title in titles)


def test_codes_are_text_amounts_are_numbers_and_choices_drop_down() -> None:
    workbook = opened(empty_template())
    lines = workbook[LINES]
    formats = {key: _dimension(lines, key).number_format for key in ("tieuMuc", "ten_LoaiPhi", "soTienPHThuDuoc")}
    assert formats == {"tieuMuc": "@", "ten_LoaiPhi": "@", "soTienPHThuDuoc": "General"}
    lists = [each.formula1 for each in workbook[FIELDS].data_validations.dataValidation]
    assert '"M,Q,Y,D,K"' in lists


def test_what_is_computed_is_grey_and_locked_and_the_rest_is_not() -> None:
    workbook = opened(empty_template())
    lines = workbook[LINES]
    assert lines.protection.sheet
    assert lines.protection.password is None
    computed, typed = _dimension(lines, "soTienPHPhaiNop"), _dimension(lines, "soTienPHThuDuoc")
    assert (computed.fill.fill_type, computed.protection.locked) == ("solid", True)
    assert (typed.fill.fill_type, typed.protection.locked) == (None, False)
    assert _dimension(workbook[TOTALS], "tongCong").protection.locked


def test_the_keys_are_hidden() -> None:
    for sheet in opened(empty_template()):
        assert sheet.row_dimensions[1].hidden
        assert sheet.column_dimensions["A"].hidden


def test_a_document_is_filled_in_with_its_numbers_as_numbers() -> None:
    workbook = opened(template(fee_form(), "2.7.5", entry_of(declaration().root)))
    lines = workbook[LINES]
    assert lines.cell(8, column(lines, "ten_LoaiPhi")).value == "Phí sử dụng tạm thời lòng đường, hè phố"
    assert lines.cell(8, column(lines, "soTienPHThuDuoc")).value == 128450000
    assert lines.cell(8, column(lines, "tieuMuc")).value == "2301"


def test_a_text_that_looks_like_a_formula_stays_a_text() -> None:
    document = declaration(("Phí sử dụng tạm thời lòng đường, hè phố", "=1+1"))
    lines = opened(template(fee_form(), "2.7.5", entry_of(document.root)))[LINES]
    cell = lines.cell(8, column(lines, "ten_LoaiPhi"))
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def _dimension(sheet: Any, key: str) -> Any:
    return sheet.column_dimensions[sheet.cell(1, column(sheet, key)).column_letter]
