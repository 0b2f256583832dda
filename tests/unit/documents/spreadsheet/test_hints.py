"""What is asked for in a cell is what a cell takes."""

from __future__ import annotations

import pytest

from formsamples import form
from govgateway.documents.outline import Field
from govgateway.documents.spreadsheet.cells import Cell, read_cell
from govgateway.documents.spreadsheet.hints import expected_in_cell
from govgateway.errors import Text
from samples import fee_form

_BY_THE_FORM = Text("như tờ khai ghi", "as a document writes it")


def _field(kind: str) -> Field:
    return Field(Text("Chỉ tiêu", "field"), _BY_THE_FORM, repeated=False, type=kind)


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("Amount", "số, ví dụ 1.000.000 hoặc 1.234.567,89; không ghi đơn vị tính"),
        ("OptionalAmount", "số, ví dụ 1.000.000 hoặc 1.234.567,89, hoặc để trống; không ghi đơn vị tính"),
        ("Percentage", _BY_THE_FORM.vi),
        ("SubItem", _BY_THE_FORM.vi),
        ("Text", _BY_THE_FORM.vi),
    ],
)
def test_a_number_is_asked_for_as_people_write_it_and_all_else_as_the_form_says(kind: str, asked: str) -> None:
    assert expected_in_cell(_field(kind), fee_form().values).vi == asked


@pytest.mark.parametrize("typed", ["1.000.000", "1.234.567,89", "1,000,000", "1,234,567.89"])
def test_the_examples_are_read(typed: str) -> None:
    types = form("879", "2.7.5").values
    text, told = read_cell(Cell(typed, "A1"), _field("Amount"), types)
    assert types.take("Amount", text)
    assert told == ()
