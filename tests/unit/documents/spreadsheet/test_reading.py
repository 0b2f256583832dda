"""Filled templates as people hand them in: moved about, typed in every way, read all the same or told by the cell."""

from __future__ import annotations

from copy import copy
from datetime import datetime
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font

from govgateway.documents.compose import compose
from govgateway.documents.findings import Severity, has_errors
from govgateway.documents.spreadsheet.reading import Filled
from govgateway.errors import UsageError
from govgateway.pipeline.drafting import Source, draft
from govgateway.pipeline.forms import choose_form, make_template
from govgateway_etax import connector
from samples import declaration, fee_form
from workbooks import (
    ABOUT,
    DAY,
    FIELDS,
    LINE,
    LINES,
    RELIEF,
    TOTALS,
    built,
    column,
    edited,
    empty_template,
    field,
    filled,
    lines,
    texts,
    told,
    with_results,
)


def test_what_was_typed_becomes_a_declaration_without_findings() -> None:
    drafted = built(filled())
    assert told(drafted.findings) == []
    assert texts(drafted, "soTienPHPhaiNop") == ["900000"]
    assert texts(drafted, "tongCong") == ["900000"]
    assert texts(drafted, "tenNNT") == ["Sở Xây dựng tỉnh An Hoà"]


def test_columns_rows_and_sheets_may_be_moved() -> None:
    expected = built(filled()).document.data

    def move(workbook: Workbook) -> None:
        page = workbook[LINES]
        page.insert_cols(2)
        page.insert_rows(2, amount=3)
        page.move_range(f"D1:D{page.max_row}", cols=20)
        workbook.move_sheet(LINES, offset=2)
        page.title = "Phí"
        workbook[FIELDS].insert_rows(5)

    assert built(edited(filled(), move)).document.data == expected


def test_empty_rows_between_are_left_out() -> None:
    drafted = built(filled(lines({}, LINE | {"ten_LoaiPhi": "Phí thứ hai"}, first=12)))
    assert texts(drafted, "ten_LoaiPhi") == ["Phí thử nghiệm", "Phí thứ hai"]
    assert not has_errors(drafted.findings)


def test_a_line_of_blanks_only_is_no_line() -> None:
    drafted = built(filled(lines({"ten_LoaiPhi": " \u00a0", "tyLe": ""}, first=9)))
    assert texts(drafted, "ten_LoaiPhi") == ["Phí thử nghiệm"]


def test_a_wrong_value_is_told_by_the_check_of_the_form_at_its_cell() -> None:
    drafted = built(filled(lines(LINE, LINE | {"ma_DonViTien": "đồng", "soTienPHThuDuoc": "nhiều"})))
    page, rows = LINES, [9, 9]
    letters = ["G", "I"]
    assert told(drafted.findings) == [
        ("SCHEMA-VALUE", f"{page}!{x}{row}") for x, row in zip(letters, rows, strict=True)
    ]


def test_a_value_that_is_missing_is_told_at_its_empty_cell() -> None:
    (finding,) = built(filled(lines(LINE | {"tyLe": None}))).findings
    assert (finding.rule, finding.cell, finding.label.vi) == (
        "SCHEMA-VALUE",
        f"{LINES}!J8",
        "Tỷ lệ trích để lại theo chế độ (%)",
    )


def test_a_rule_of_the_form_that_is_broken_is_told_at_the_line() -> None:
    drafted = built(filled(lines(LINE | {"tyLe": 150})))
    assert ("ETAX-879-R04", f"{LINES}!D8") in told(drafted.findings), "the first column that is seen"


def test_a_column_that_was_deleted_is_told_once_and_not_at_another() -> None:
    def delete(workbook: Workbook) -> None:
        page = workbook[LINES]
        page.delete_cols(column(page, "soTienPHThuDuoc"))

    (finding,) = built(filled(lines(LINE, LINE), delete)).findings
    assert (finding.rule, finding.cell) == ("SHEET-NO-COLUMN", LINES)
    assert "Số tiền phí thu được" in finding.message.vi


def test_what_is_found_of_a_part_without_lines_names_its_sheet() -> None:
    def empty(workbook: Workbook) -> None:
        workbook[LINES].delete_rows(8)

    assert told(built(filled(empty)).findings) == [("ETAX-879-R09", LINES)]


@pytest.mark.parametrize("typed", [datetime(2026, 10, 1), 46296])  # noqa: DTZ001  # as a workbook has it
def test_a_period_that_excel_made_a_day_is_the_month_again(typed: Any) -> None:
    drafted = built(filled(field("kyKKhai", typed)), {})
    assert texts(drafted, "kyKKhai") == ["10/2026"]
    assert not has_errors(each for each in drafted.findings if each.label.vi == "Kỳ tính thuế")


def test_the_header_is_told_by_its_cells_too() -> None:
    drafted = built(filled(field("mst", "9900000017")), {})
    (finding,) = [each for each in drafted.findings if each.rule == "ETAX-H01"]
    assert finding.cell.startswith(f"{FIELDS}!F")


def test_a_lost_zero_is_restored_with_a_warning_that_names_the_cell() -> None:
    drafted = built(filled(lines(LINE | {"tieuMuc": 301})))
    assert texts(drafted, "tieuMuc") == ["0301"]
    assert told(drafted.findings) == [("SHEET-ZEROS", f"{LINES}!E8")]


@pytest.mark.parametrize(
    ("typed", "text"), [("1.234.567", "1234567"), ("1,234,567", "1234567"), ("1 234 567", "1234567"), (5e6, "5000000")]
)
def test_amounts_are_read_as_they_are_typed(typed: Any, text: str) -> None:
    assert texts(built(filled(lines(LINE | {"soTienPHThuDuoc": typed}))), "soTienPHThuDuoc") == [text]


def test_a_per_cent_cell_is_read_as_it_is_seen() -> None:
    def show(workbook: Workbook) -> None:
        page = workbook[LINES]
        cell = page.cell(8, column(page, "tyLe"))
        cell.value, cell.number_format = 0.1, "0%"

    drafted = built(filled(show))
    assert (texts(drafted, "tyLe"), told(drafted.findings)) == (["10"], [])


def test_decomposed_letters_are_composed() -> None:
    drafted = built(filled(lines(LINE | {"ten_LoaiPhi": "Lê\u0323 phi\u0301"})))
    assert texts(drafted, "ten_LoaiPhi") == ["Lệ phí"]


def test_a_computed_cell_is_never_believed() -> None:
    wrong = LINE | {"soTienPHTrichTheoCheDo": 1, "soTienPHPhaiNop": 900000}
    drafted = built(filled(lines(wrong), lines({"ma_DonViTien": "VND", "tongCong": 5}, sheet=TOTALS)))
    assert texts(drafted, "soTienPHTrichTheoCheDo") == ["100000"]
    assert sorted(told(drafted.findings)) == sorted(
        [("SHEET-COMPUTED", f"{LINES}!K8"), ("SHEET-COMPUTED", f"{TOTALS}!E8")]
    )


def test_a_total_of_a_currency_that_does_not_occur_is_told_and_left_out() -> None:
    totals = lines({"ma_DonViTien": "VND", "tongCong": 900000}, {"ma_DonViTien": "USD", "tongCong": 5}, sheet=TOTALS)
    drafted = built(filled(totals))
    assert texts(drafted, "tongCong") == ["900000"]
    assert {rule for rule, _ in told(drafted.findings)} == {"SHEET-COMPUTED"}


def test_a_formula_counts_by_its_last_result_with_a_warning() -> None:
    workbook = with_results(filled(lines(LINE | {"soTienPHThuDuoc": "=1000+500"})), {"1000+500": "1500"})
    drafted = built(workbook)
    assert texts(drafted, "soTienPHThuDuoc") == ["1500"]
    assert told(drafted.findings) == [("SHEET-FORMULA", f"{LINES}!I8")]


def test_a_formula_that_was_never_calculated_is_an_error_at_its_cell() -> None:
    drafted = built(filled(lines(LINE | {"soTienPHThuDuoc": "=1000+500"})))
    assert ("SHEET-UNCALCULATED", f"{LINES}!I8") in told(drafted.findings)
    assert has_errors(drafted.findings)


def test_a_formula_in_a_computed_cell_is_no_matter() -> None:
    assert told(built(filled(lines(LINE | {"soTienPHPhaiNop": "=I8-K8"}))).findings) == []


def test_an_error_in_a_cell_is_told() -> None:
    drafted = built(filled(lines(LINE | {"soTienPHThuDuoc": "#REF!"})))
    assert ("SHEET-BROKEN", f"{LINES}!I8") in told(drafted.findings)


def test_merged_cells_are_told_and_count_for_the_first_only() -> None:
    def merge(workbook: Workbook) -> None:
        workbook[LINES].merge_cells("D8:D9")

    drafted = built(filled(lines(LINE, LINE), merge))
    assert ("SHEET-MERGED", f"{LINES}!D8") in told(drafted.findings)
    assert ("SCHEMA-VALUE", f"{LINES}!D9") in told(drafted.findings)


def test_hidden_rows_columns_and_sheets_are_taken_with_one_warning_each() -> None:
    def hide(workbook: Workbook) -> None:
        workbook[LINES].row_dimensions[9].hidden = True
        workbook[LINES].column_dimensions["J"].hidden = True
        workbook[RELIEF].sheet_state = "hidden"

    relief = {"ten_LoaiPhi_TT63": "Phí", "tieuMuc_TT63": "2301", "ma_DonViTien_TT63": "VND", "soTienPHThuDuoc_TT63": 5}
    drafted = built(filled(lines(LINE, LINE), lines(relief, sheet=RELIEF), hide))
    assert texts(drafted, "soTienPHThuDuoc") == ["1000000", "1000000"]
    assert texts(drafted, "soTienPHThuDuoc_TT63") == ["5"]
    assert [each.message.en.partition("(")[2].partition(")")[0] for each in drafted.findings] == ["J", "9", RELIEF]


@pytest.mark.parametrize(("text", "font"), [("Së X©y dùng", "Arial"), ("phí", ".VnTime"), ("Leä phí", "VNI-Times")])
def test_text_from_before_unicode_is_refused_at_its_cell(text: str, font: str) -> None:
    def set_font(workbook: Workbook) -> None:
        page = workbook[LINES]
        page.cell(8, column(page, "ten_LoaiPhi")).font = Font(name=font)

    drafted = built(filled(lines(LINE | {"ten_LoaiPhi": text}), set_font))
    assert told(drafted.findings) == [("SHEET-ENCODING", f"{LINES}!D8")]
    assert has_errors(drafted.findings)


def test_a_sheet_that_is_there_twice_is_an_error() -> None:
    def double(workbook: Workbook) -> None:
        workbook.copy_worksheet(workbook[LINES]).title = "Bản sao"

    assert ("SHEET-TWICE", "Bản sao") in told(built(filled(double)).findings)


def test_a_sheet_that_is_gone_has_nothing() -> None:
    def remove(workbook: Workbook) -> None:
        del workbook[RELIEF], workbook[TOTALS]

    assert told(built(filled(remove)).findings) == []


def test_a_workbook_that_is_no_template_is_refused() -> None:
    def forget(workbook: Workbook) -> None:
        for page in workbook:
            page.cell(1, 1).value = None

    with pytest.raises(UsageError, match="no template of govgateway"):
        built(edited(empty_template(), forget))


def test_sheets_of_two_forms_are_refused() -> None:
    def mix(workbook: Workbook) -> None:
        workbook[LINES].cell(1, 1).value = str(workbook[LINES].cell(1, 1).value).replace("2.7.5", "2.5.1")

    with pytest.raises(UsageError, match="several forms"):
        built(edited(empty_template(), mix))


def test_a_template_of_a_version_that_is_not_carried_is_refused() -> None:
    def age(workbook: Workbook) -> None:
        for page in workbook:
            page.cell(1, 1).value = str(page.cell(1, 1).value).replace("2.7.5", "1.0.0")

    with pytest.raises(UsageError, match=r"no version '1\.0\.0'"):
        built(edited(empty_template(), age))


def test_notes_beside_the_columns_are_left_alone() -> None:
    def note(workbook: Workbook) -> None:
        workbook[LINES].cell(20, 30).value = "nhớ hỏi lại"
        workbook[FIELDS].cell(6, 12).value = 7
        workbook.create_sheet("Ghi chú").cell(1, 1).value = "nháp"

    assert told(built(filled(note)).findings) == []


def sheet_of(row: str) -> str:
    """The title of the last sheet whose rows are the elements ``row``."""
    template = _opened(empty_template(kind="B"))
    return [page.title for page in template if str(page.cell(1, 1).value).endswith(f"/{row}")][-1]


def supplement(above: Any) -> bytes:
    """A supplement whose second explained form has a line, which belongs to the form's line numbered ``above``."""
    forms, explanation = (sheet_of(name) for name in ("BKeHSo", "ChiTiet"))
    line = {"^": above, "ct3_ma": "(7)", "ct04": 1, "ct05": 3}
    return filled(
        lines({"#": 1, "ten_HSo": "01/PH"}, {"#": 2, "ten_HSo": "02/PH"}, sheet=forms),
        lines(line, sheet=explanation),
        kind="B",
    )


def _opened(workbook: bytes) -> Workbook:
    kept: list[Workbook] = []
    edited(workbook, kept.append)
    return kept[0]


def test_lines_of_one_sheet_belong_to_lines_of_another_by_number() -> None:
    drafted = built(supplement(2), {})
    first, second = drafted.document.root.iterfind(".//{*}BKeHSo")
    assert first.find("{*}CTietHSo/{*}ChiTiet") is None
    assert second.findtext("{*}CTietHSo/{*}ChiTiet/{*}ct06") == "2"


@pytest.mark.parametrize("above", [None, 3, "x"])
def test_a_line_that_belongs_to_no_line_is_an_error_at_its_cell(above: Any) -> None:
    drafted = built(supplement(above), {})
    assert [rule for rule, cell in told(drafted.findings) if cell.endswith("!C8")] == ["SHEET-NO-LINE"]


def from_the_example() -> bytes:
    form = choose_form([connector], "01/PH", "2.7.5", day=DAY)
    return make_template(form, {}, day=None, filled=declaration())


def test_what_is_typed_over_a_document_has_precedence_over_what_it_was() -> None:
    workbook = from_the_example()
    drafted = built(edited(workbook, lines({"soTienPHThuDuoc": 100, "tyLe": 50}), field("nganhNgheKD", "Phí")), {})
    assert texts(drafted, "soTienPHThuDuoc")[0] == "100"
    assert texts(drafted, "nganhNgheKD") == ["Phí"]
    assert ("SHEET-COMPUTED", f"{LINES}!K8") in told(drafted.findings)


def test_a_line_whose_cells_were_cleared_is_gone() -> None:
    def clear(workbook: Workbook) -> None:
        for cell in copy(workbook[LINES][8])[1:]:
            cell.value = None

    workbook = from_the_example()
    before, after = built(workbook, {}), built(edited(workbook, clear), {})
    assert texts(after, "ten_LoaiPhi") == texts(before, "ten_LoaiPhi")[1:]


def cell_of(name: str) -> str:
    """The cell of the single field or group ``name``, by the end of its path."""
    page = _opened(empty_template())[FIELDS]
    row = next(row for row in range(1, page.max_row + 1) if str(page.cell(row, 1).value).endswith(f"/{name}"))
    return f"{FIELDS}!F{row}"


def test_a_kind_that_there_is_none_of_is_told_at_its_cell() -> None:
    assert ("ETAX-C03", cell_of("loaiTKhai")) in told(built(filled(field("loaiTKhai", "Z")), {}).findings)


def test_a_wrong_period_is_told_at_its_cell_or_the_heading_above_it() -> None:
    findings = told(built(filled(field("kyKKhai", "13/2026")), {}).findings)
    (cell,) = (cell for rule, cell in findings if rule == "ETAX-H02")
    assert cell in {cell_of("kyKKhai"), cell_of("KyKKhaiThue")}


def test_what_is_found_in_a_group_names_the_row_of_its_heading() -> None:
    composed = compose(fee_form(), Filled(filled(), "f.xlsx").content(fee_form()).root)
    header = "HSoThueDTu/HSoKhaiThue/TTinChung/TTinTKhaiThue"
    assert composed.cell(f"{header}/NNT/khongCo") == cell_of("NNT")
    assert composed.cell(header) == cell_of("TKhaiThue")
    assert composed.cell("HSoThueDTu/HSoKhaiThue/CTieuTKhaiChinh/NoiDung01PH") == f"{LINES}!D8"


def test_a_formula_that_was_never_calculated_is_told_once() -> None:
    findings = told(built(filled(lines({"soTienPHThuDuoc": "=1+1"}))).findings)
    assert findings == [("SHEET-UNCALCULATED", f"{LINES}!I8")]


def test_the_name_of_one_filer_beside_the_code_of_another_is_told_at_its_cell() -> None:
    names = {"9900000016": "Sở Xây dựng tỉnh An Hoà", "9900000023": "Sở Y tế tỉnh An Hoà"}
    workbook = filled(field("mst", "9900000023"))
    drafted = draft(Source("f.xlsx", workbook), [connector], ABOUT, day=DAY, names=names)
    (said,) = drafted.findings
    assert (said.rule, said.cell, said.severity) == ("SHEET-NAME", cell_of("tenNNT"), Severity.WARNING)
    assert "9900000016" in said.message.en
    renamed = edited(workbook, field("tenNNT", "Sở Y tế tỉnh An Hoà"))
    assert draft(Source("f.xlsx", renamed), [connector], ABOUT, day=DAY, names=names).findings == ()


def test_amounts_of_one_line_may_be_written_each_in_its_own_way() -> None:
    usd = {"ma_DonViTien": "USD", "soTienPHThuDuoc": "1,250.50", "tyLe": "20,5"}
    drafted = built(filled(lines(LINE | usd, LINE | usd | {"soTienPHThuDuoc": "1.250,50", "tyLe": 20.5})))
    assert told(drafted.findings) == []
    assert texts(drafted, "soTienPHThuDuoc") == ["1250.50", "1250.50"]
    assert texts(drafted, "soTienPHTrichTheoCheDo") == ["256.35", "256.35"]
