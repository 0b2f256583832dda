"""Numbers and days as people write them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govgateway.documents.spreadsheet.numbers import day_of, meanings, plain, tidy, written_days


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.234.567,89", ["1234567.89"]),
        ("1,234,567.89", ["1234567.89"]),
        ("1 234 567", ["1234567"]),
        ("1 234 567,8", ["1234567.8"]),
        ("1234567", ["1234567"]),
        ("1.234", ["1234", "1.234"]),
        ("1,234", ["1.234", "1234"]),
        ("0,125", ["0.125"]),
        ("0.125", ["0.125"]),
        ("12,5", ["12.5"]),
        ("(1.500.000)", ["-1500000"]),
        ("-1.500.000", ["-1500000"]),
        ("−5", ["-5"]),
        ("+5", ["5"]),
        ("007", ["007"]),
        ("1.23.4", []),
        ("12 5", []),
        ("1e5", []),
        ("năm", []),
        ("", []),
    ],
)
def test_a_text_means_one_number_or_two_or_none(text: str, expected: list[str]) -> None:
    assert sorted(meanings(text)) == sorted(expected)


@given(st.integers(-(10**12), 10**12))
def test_a_number_grouped_in_any_way_is_the_number(number: int) -> None:
    grouped = f"{number:,}"
    for written in (grouped, grouped.replace(",", "."), grouped.replace(",", " ")):
        assert str(number) in meanings(written)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.1 + 0.2, "0.3"),
        (1234567.0, "1234567"),
        (10, "10"),
        (-0.0, "0"),
        (1e15, "1000000000000000"),
        (1e-7, "0.0000001"),
    ],
)
def test_a_number_is_written_in_plain_digits_without_the_noise_of_fractions(number: float, text: str) -> None:
    assert plain(number) == text


def test_a_decimal_is_written_whole() -> None:
    assert plain(Decimal("123456789012345678.25")) == "123456789012345678.25"


@pytest.mark.parametrize("text", ["5/10/2026", "05-10-2026", "05.10.2026", "2026-10-05", "2026-10-05 00:00:00"])
def test_days_are_read_day_before_month(text: str) -> None:
    assert day_of(text) == date(2026, 10, 5)


@pytest.mark.parametrize("text", ["10/25/2026", "31/02/2026", "5/10/26", "10/2026", "2026", "hôm nay"])
def test_what_is_no_day_is_none(text: str) -> None:
    assert day_of(text) is None


def test_days_are_written_as_documents_have_them() -> None:
    assert list(written_days(date(2026, 10, 5))) == ["05/10/2026", "2026-10-05", "10/2026"]


def test_text_is_composed_and_has_plain_spaces() -> None:
    assert tidy("\u00a0Phí\u00a0đường\u202fbộ\ufeff \x0b") == "Phí đường bộ"
    assert tidy("Lê\u0323 phi\u0301") == "Lệ phí"
    assert tidy("một\r\nhai") == "một\nhai"
