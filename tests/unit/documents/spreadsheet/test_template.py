"""A template says what the form says, and takes what may be typed."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from openpyxl import Workbook

from govgateway.connector import CarriedForm
from govgateway.documents.entries import entry_of
from govgateway.documents.layout import is_value
from govgateway.documents.spreadsheet.template import template
from govgateway.documents.xml import read_xml
from govgateway.pipeline.forms import choose_form, make_template
from govgateway_etax import connector
from govgateway_etax.supplement import supplement
from samples import declaration, fee_form
from workbooks import DAY, FIELDS, LINES, TOTALS, built, column, edited, empty_template, field, filled, texts, told

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
    assert {f"{field.column} {field.item}".strip() for field in fields if field.column or field.item} <= shown


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


def test_a_column_that_the_form_does_not_print_is_shown_where_a_document_has_values_in_it() -> None:
    def hidden(document: Any) -> bool:
        page = opened(template(fee_form(), "2.7.5", entry_of(document.root)))[LINES]
        return bool(_dimension(page, "ten_TieuMuc").hidden)

    code = "<tieuMuc>2301</tieuMuc>"
    assert hidden(declaration()) is True
    assert hidden(declaration((code, f"{code}<ten_TieuMuc>Phí sử dụng lòng đường</ten_TieuMuc>"))) is False


def test_sheets_of_like_tables_are_told_apart_by_the_parts_of_the_form() -> None:
    titles = opened(empty_template("01/PBVMT", "c89/0.0.0")).sheetnames
    assert titles[1:] == ["1. I.I Khoáng sản", "2. I.II Khoáng sản", "3. II.I Khoáng sản", "4. II.II Khoáng sản"]


def test_an_amount_is_asked_for_as_it_may_be_typed() -> None:
    lines = opened(empty_template())[LINES]
    asked = str(lines.cell(7, column(lines, "soTienPHThuDuoc")).value)
    assert asked.startswith("số, ví dụ 1.000.000 hoặc 1.234.567,89")


def _dimension(sheet: Any, key: str) -> Any:
    return sheet.column_dimensions[sheet.cell(1, column(sheet, key)).column_letter]


def test_kind_marks_and_currencies_drop_down_too_and_other_currencies_may_be_typed() -> None:
    workbook = opened(empty_template("01/GTGT", "2.8.3"))
    lists = [each.formula1 for each in workbook[FIELDS].data_validations.dataValidation]
    assert '"C,B"' in lists
    assert '"Có,Không"' in lists
    (currencies,) = (
        each for each in opened(empty_template())[LINES].data_validations.dataValidation if "VND" in each.formula1
    )
    assert currencies.formula1.startswith('"VND,USD,EUR,')
    assert not currencies.showErrorMessage


def test_what_is_chosen_for_a_mark_is_read_as_one() -> None:
    workbook = edited(empty_template("01/GTGT", "2.8.3"), field("ct21", "Có"))
    assert texts(built(workbook, {}), "ct21") == ["true"]
    assert texts(built(edited(workbook, field("ct21", "Không")), {}), "ct21") == ["false"]


def rows_of(workbook: bytes) -> set[str]:
    """The elements whose rows the sheets of ``workbook`` list."""
    return {str(sheet.cell(1, 1).value).rpartition(" ")[2] for sheet in opened(workbook)}


def test_the_appendices_of_supplements_are_there_for_a_supplement_only() -> None:
    assert not [each for each in rows_of(empty_template()) if "KHBS" in each]
    assert [each for each in rows_of(empty_template(kind="B")) if "PL01_KHBS" in each]
    names = [str(cell.value) for cell in opened(empty_template())[FIELDS]["A"]]
    assert not [each for each in names if "KHBS" in each]


def test_a_document_that_has_the_appendices_keeps_them() -> None:
    accepted = declaration()
    more = (("<soTienPHThuDuoc>128450000<", "<soTienPHThuDuoc>129450000<"),)
    more += (("<soTienPHTrichTheoCheDo>12845000<", "<soTienPHTrichTheoCheDo>12945000<"),)
    more += (("<soTienPHPhaiNop>115605000<", "<soTienPHPhaiNop>116505000<"),)
    more += (("<tongCong>122043050<", "<tongCong>122943050<"),)
    made = supplement(accepted.data, declaration(*more).data, day=date(2026, 11, 24)).document
    workbook = make_template(choose_form([connector], "01/PH", "2.7.5", day=DAY), {}, day=None, filled=read_xml(made))
    assert [each for each in rows_of(workbook) if "PL01_1_KHBS" in each]


def test_what_only_software_fills_in_is_hidden_and_still_filled() -> None:
    page = opened(empty_template())[FIELDS]
    rows = {str(page.cell(row, 1).value).rpartition("/")[2]: row for row in range(2, page.max_row + 1)}
    assert page.row_dimensions[rows["maDVu"]].hidden
    assert page.row_dimensions[rows["TTinDVu"]].hidden
    assert not page.row_dimensions[rows["maCQTNoiNop"]].hidden
    drafted = built(filled())
    assert texts(drafted, "maDVu") == ["govgateway"]
    assert told(drafted.findings) == []


def test_the_heading_says_the_period_in_words() -> None:
    title = str(opened(empty_template())[FIELDS].cell(2, 3).value)
    assert title == (
        "01/PH Tờ khai phí, Kỳ tính thuế: Tháng 10 năm 2026 · Fee declaration, Tax period: Month 10 of 2026, 2.7.5"
    )
    assert "[" not in str(opened(template(fee_form(), "2.7.5"))[FIELDS].cell(2, 3).value)
