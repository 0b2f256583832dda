"""What kind of value a field holds is told by what its type takes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from formsamples import form
from govgateway.documents.kinds import Kind, Value, read_day

TYPES = form("842", "2.8.3").values


@pytest.mark.parametrize("name", ["Text", "RequiredText", "TaxCode", "OfficeCode", "SubItem", "Currency", "PeriodKind"])
def test_codes_and_words_are_text(name: str) -> None:
    assert Kind.of(name, TYPES) is Kind.TEXT


@pytest.mark.parametrize("name", ["Amount", "OptionalAmount", "DongAmount", "Percentage", "Count", "Figure"])
def test_amounts_and_counts_are_numbers(name: str) -> None:
    assert Kind.of(name, TYPES) is Kind.NUMBER


@pytest.mark.parametrize("name", ["AnyDate", "SigningDate", "PrintedDate"])
def test_dates_are_days(name: str) -> None:
    assert Kind.of(name, TYPES) is Kind.DAY


def test_a_box_is_a_mark() -> None:
    assert Kind.of("Mark", TYPES) is Kind.MARK


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Kind.NUMBER, "-850.10", Decimal("-850.10")),
        (Kind.NUMBER, "1.000,5", "1.000,5"),
        (Kind.NUMBER, "1e9", "1e9"),
        (Kind.NUMBER, "NaN", "NaN"),
        (Kind.MARK, "1", True),
        (Kind.MARK, "false", False),
        (Kind.MARK, "yes", "yes"),
        (Kind.DAY, "20/01/2026", date(2026, 1, 20)),
        (Kind.DAY, "31/02/2026", "31/02/2026"),
        (Kind.TEXT, "0100", "0100"),
    ],
)
def test_a_value_that_is_none_of_its_kind_stays_as_it_stands(kind: Kind, text: str, value: Value) -> None:
    assert kind.read(text) == value
    assert type(kind.read(text)) is type(value)


def test_both_ways_to_write_a_day_are_read() -> None:
    assert read_day("2026-01-20") == read_day("20/01/2026") == date(2026, 1, 20)
