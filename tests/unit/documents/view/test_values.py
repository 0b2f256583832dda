"""How values read, and that no text plays tricks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from govgateway.documents.kinds import Value
from govgateway.documents.view.values import printable, shown


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        (Decimal("1234567.89"), "1.234.567,89", "1,234,567.89"),
        (Decimal("-1234567"), "(1.234.567)", "(1,234,567)"),
        (Decimal("850.10"), "850,10", "850.10"),
        (Decimal("0"), "0", "0"),
        (Decimal("-0"), "0", "0"),
        (Decimal("99999999999999999999"), "99.999.999.999.999.999.999", "99,999,999,999,999,999,999"),
        (date(2026, 1, 5), "05/01/2026", "05/01/2026"),
        (True, "[X]", "[X]"),
        (False, "[ ]", "[ ]"),
        ("Phí  thẩm\nđịnh ", "Phí thẩm định", "Phí thẩm định"),
    ],
)
def test_a_value_reads_as_on_paper(value: Value, vi: str, en: str) -> None:
    assert (shown(value, "vi"), shown(value, "en")) == (vi, en)


@pytest.mark.parametrize(
    "char",
    ["\x1b", "\x07", "\x9b", "\x00", "\u202e", "\u2066", "\u200b", "\ufeff", "\u00ad", "\ue000"],
    ids=lambda char: f"U+{ord(char):04X}",
)
def test_what_acts_unseen_is_replaced(char: str) -> None:
    assert printable(f"a{char}[31mb") == "a\ufffd[31mb"


def test_vietnamese_in_parts_is_put_together_and_nothing_of_it_replaced() -> None:
    assert printable("Hoa\u0323t đo\u0302\u0323ng ≥ «X» — 5 %") == "Hoạt động ≥ «X» — 5 %"
