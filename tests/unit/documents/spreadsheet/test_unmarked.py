"""Figures on a sheet that is no longer known are an error: left out unseen, they would make a nil return."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from openpyxl import Workbook

from govgateway.documents.findings import Severity
from workbooks import FIELDS, LINES, built, filled


def without_row_1(workbook: Workbook) -> None:
    workbook[LINES].delete_rows(1)


def without_column_a(workbook: Workbook) -> None:
    workbook[LINES].delete_cols(1)


def on_a_sheet_of_their_own(workbook: Workbook) -> None:
    page = workbook.create_sheet("Phí tháng 10")
    for row in workbook[LINES].iter_rows(min_row=4, min_col=2, values_only=True):
        page.append(row)
    workbook[LINES].delete_rows(8)


def without_the_header(workbook: Workbook) -> None:
    workbook[FIELDS].delete_rows(1)


@pytest.mark.parametrize("edit", [without_row_1, without_column_a, on_a_sheet_of_their_own, without_the_header])
def test_a_filled_sheet_that_is_no_longer_known_is_an_error_and_no_nil_return(edit: Callable[[Workbook], None]) -> None:
    found = built(filled(edit)).findings
    (unmarked,) = [each for each in found if each.rule == "SHEET-UNMARKED"]
    assert unmarked.severity is Severity.ERROR
    assert unmarked.cell in {LINES, FIELDS, "Phí tháng 10"}


def test_a_sheet_of_ones_own_beside_filled_ones_is_left_alone() -> None:
    def add(workbook: Workbook) -> None:
        page = workbook.create_sheet("Sổ thu")
        page.append(["Loại phí", "Tiểu mục", "Số tiền phí thu được"])
        page.append(["Phí thử nghiệm", "2301", 1_000_000])

    assert built(filled(add)).findings == ()


def test_a_sheet_without_the_headings_of_a_table_is_left_alone() -> None:
    def add(workbook: Workbook) -> None:
        workbook.create_sheet("Ghi chú").append(["Loại phí", "Ngày", 1_000_000])
        workbook[LINES].delete_rows(8)

    assert [each.rule for each in built(filled(add)).findings] == ["ETAX-879-R09"]
