"""What a cell holds becomes what the form's type takes, and what is doubtful is told."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest

from formsamples import form
from govgateway.documents.findings import Severity
from govgateway.documents.outline import Field
from govgateway.documents.spreadsheet.cells import Cell, read_cell
from govgateway.errors import Text
from samples import fee_form

TYPES = fee_form().values


def read(value: Any, kind: str, number_format: str = "General", label: str = "Chỉ tiêu") -> tuple[str, list[str]]:
    """The text that a field of type ``kind`` gets, and the rules of what is told."""
    expected = Text("mô tả", "description")
    field = Field(Text(label, "field"), expected, repeated=False, type=kind)
    text, said = read_cell(Cell(value, "Tờ khai!B2", number_format), field, TYPES)
    assert {each.cell for each in said} <= {"Tờ khai!B2"}
    return text, [each.rule for each in said]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1234567, "1234567"),
        (1234567.5, "1234567.5"),
        (0.1 + 0.2, "0.3"),
        ("1.234.567,89", "1234567.89"),
        ("1,234,567.89", "1234567.89"),
        ("1 234 567", "1234567"),
        ("1.234", "1234"),
        ("(2.000)", "-2000"),
        ("12,50", "12.50"),
        ("007", "007"),
    ],
)
def test_amounts(value: Any, text: str) -> None:
    assert read(value, "Amount") == (text, [])


def test_an_amount_that_is_none_stands_as_it_is_for_the_check_of_the_form() -> None:
    assert read("một triệu", "Amount") == ("một triệu", [])
    assert read(1.2345, "Amount") == ("1.2345", [])


@pytest.mark.parametrize("value", ["1.234", "1,234", "12.500"])
def test_a_figure_with_three_decimals_or_thousands_is_not_guessed(value: str) -> None:
    figure = Field(Text("Số", "Figure"), Text("số", "a figure"), repeated=False, type="Figure")
    _, (said,) = read_cell(Cell(value, "A1"), figure, TYPES)
    assert (said.rule, said.severity) == ("SHEET-AMBIGUOUS", Severity.ERROR)
    thousands = value.replace(",", "").replace(".", "")
    assert f"may mean {thousands[:-3]},{thousands[-3:]} or " in said.message.en
    assert f"{thousands} or " in said.remedy.en


def test_the_two_readings_of_a_figure_are_told_in_the_readers_own_writing_with_what_to_type_instead() -> None:
    figure = Field(Text("Số", "Figure"), Text("số", "a figure"), repeated=False, type="Figure")
    _, (said,) = read_cell(Cell("3.000", "A1"), figure, TYPES)
    assert said.message == Text("“3.000” có thể hiểu là 3.000 hoặc 3.", "“3.000” may mean 3,000 or 3.")
    assert said.remedy.vi == "Ghi lại cho rõ: 3000 hoặc 3."
    _, (said,) = read_cell(Cell("1.234", "A1"), figure, TYPES)
    assert said.remedy == Text(
        "Ghi lại cho rõ: 1234 hoặc 1,2340.", "Write it so that it is one of them: 1234 or 1.2340."
    )


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (datetime(2026, 10, 5), "Amount"),  # noqa: DTZ001  # as a workbook has it
        (datetime(4637, 11, 25), "Amount"),  # noqa: DTZ001  # 1000000 that a date format shows
        (datetime(2025, 12, 9), "SubItem"),  # noqa: DTZ001
        (datetime(1900, 1, 10), "Percentage"),  # noqa: DTZ001
        (True, "Amount"),
        (False, "SubItem"),
        (True, "Text"),
        (time(12), "Amount"),
        (timedelta(days=1), "Amount"),
    ],
)
def test_what_a_cell_shows_as_a_day_a_time_or_a_truth_is_no_figure_and_no_code(value: Any, kind: str) -> None:
    text, told = read(value, kind, "dd/mm/yyyy")
    assert told == ["SHEET-KIND"]
    assert text != str(getattr(value, "year", 1))


def test_letters_that_are_not_seen_or_turn_the_text_round_are_left_out() -> None:
    assert read("A\u202eB\u200bC\u2066D\u200f", "Text") == ("ABCD", [])


def test_the_type_decides_where_only_one_reading_fits() -> None:
    assert read("12.500", "Percentage") == ("12.500", [])
    assert read("12.500", "Amount") == ("12500", [])


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [(0.1, "0%", "10"), (0.125, "0.00%", "12.5"), (10, "General", "10"), ("10%", "@", "10"), ("12,5 %", "@", "12.5")],
)
def test_per_cent_cells_are_read_as_they_are_seen(value: Any, number_format: str, text: str) -> None:
    assert read(value, "Percentage", number_format, label="Tỷ lệ (%)") == (text, [])


def test_a_figure_that_is_no_percentage_stays_what_it_is() -> None:
    assert read(0.1, "Figure", "0%") == ("0.1", [])


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (301, "SubItem", "0301"),
        ("301", "SubItem", "0301"),
        (123456789, "TaxCode", "0123456789"),
        (901, "OfficeCode", "00901"),
    ],
)
def test_leading_zeros_are_put_back_where_the_type_tells_how_many(value: Any, kind: str, text: str) -> None:
    assert read(value, kind) == (text, ["SHEET-ZEROS"])


def test_a_number_where_text_belongs_is_taken_with_a_warning() -> None:
    assert read(912345678, "Text") == ("912345678", ["SHEET-NUMBER"])


def test_a_number_where_text_belongs_that_may_be_a_day_is_told_as_one() -> None:
    text = Field(Text("Kỳ", "Period"), Text("chữ", "text"), repeated=False, type="Text")
    _, (said,) = read_cell(Cell(46296, "A1"), text, TYPES)
    assert (said.rule, "01/10/2026" in said.message.vi, "số 0" in said.message.vi) == ("SHEET-NUMBER", True, False)


def test_a_code_that_has_lost_more_than_zeros_is_left_to_the_check() -> None:
    assert read(123456, "SubItem") == ("123456", [])


@pytest.mark.parametrize(
    ("value", "kind", "number_format", "text"),
    [
        (datetime(2026, 10, 5), "PrintedDate", "dd/mm/yyyy", "05/10/2026"),  # noqa: DTZ001  # as a workbook has it
        (datetime(2026, 10, 5), "SigningDate", "dd/mm/yyyy", "2026-10-05"),  # noqa: DTZ001
        (datetime(2026, 10, 1), "PrintedMonth", "mm/yyyy", "10/2026"),  # noqa: DTZ001
        (datetime(2026, 10, 1), "Text", "mm/yyyy", "10/2026"),  # noqa: DTZ001
        (datetime(2026, 10, 5), "Text", "d/m/yyyy", "05/10/2026"),  # noqa: DTZ001
        ("5/10/2026", "PrintedDate", "@", "05/10/2026"),
        ("2026-10-05", "PrintedDate", "@", "05/10/2026"),
        ("05.10.2026", "SigningDate", "@", "2026-10-05"),
        ("9/2026", "PrintedMonth", "@", "09/2026"),
    ],
)
def test_days_and_months(value: Any, kind: str, number_format: str, text: str) -> None:
    assert read(value, kind, number_format) == (text, [])


def test_a_day_as_the_number_that_a_spreadsheet_keeps_is_taken_with_a_warning() -> None:
    assert read(46300, "PrintedDate") == ("05/10/2026", ["SHEET-DAY"])
    assert read(7, "PrintedDate") == ("7", [])


@pytest.mark.parametrize(
    ("value", "text"), [(True, "true"), (False, "false"), ("x", "true"), ("X", "true"), ("TRUE", "true"), ("0", "0")]
)
def test_marks(value: Any, text: str) -> None:
    types = form("824", "2.8.3").values
    field = Field(Text("Ô", "Box"), Text("đánh dấu", "mark"), repeated=False, type="Mark")
    assert read_cell(Cell(value, "A1"), field, types) == (text, ())


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        ("vnd", "Currency", "VND"),
        (" VND\u00a0", "Currency", "VND"),
        ("m", "PeriodKind", "M"),
        ("99 901", "OfficeCode", "99901"),
    ],
)
def test_codes_in_small_letters_or_with_spaces(value: str, kind: str, text: str) -> None:
    assert read(value, kind) == (text, [])


def test_free_text_is_taken_as_it_is() -> None:
    assert read("1.234", "Text") == ("1.234", [])
    assert read("Lê\u0323 phi\u0301", "Text") == ("Lệ phí", [])
    assert read(None, "Text") == ("", [])


@pytest.mark.parametrize("value", [0.7, "0,7", "0.7"])
def test_a_share_below_one_per_cent_is_taken_and_asked_about(value: Any) -> None:
    percentage = Field(Text("Tỷ lệ (%)", "Share (%)"), Text("số", "a number"), repeated=False, type="Percentage")
    text, (said,) = read_cell(Cell(value, "A1"), percentage, TYPES)
    assert (text, said.rule, said.severity) == ("0.7", "SHEET-PERCENT", Severity.WARNING)
    assert "not as 70 %" in said.message.en
    assert "0,7 %" in said.message.vi


@pytest.mark.parametrize(("value", "number_format"), [("70%", "General"), (0.7, "0%"), ("0.7%", "General"), (70, "@")])
def test_a_share_that_says_per_cent_is_not_asked_about(value: Any, number_format: str) -> None:
    percentage = Field(Text("Tỷ lệ (%)", "Share (%)"), Text("số", "a number"), repeated=False, type="Percentage")
    assert read_cell(Cell(value, "A1", number_format), percentage, TYPES)[1] == ()
