"""Figures as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from govgateway.documents.figures import written_figure


@pytest.mark.parametrize(
    ("amount", "vi", "en"),
    [
        (Decimal("1234567"), "1.234.567", "1,234,567"),
        (Decimal("850.10"), "850,10", "850.10"),
        (Decimal("-1234.5"), "-1.234,5", "-1,234.5"),
        (Decimal("0"), "0", "0"),
        (Decimal("1E+9"), "1.000.000.000", "1,000,000,000"),
        (-1234567, "-1.234.567", "-1,234,567"),
    ],
)
def test_a_figure_is_written_as_each_language_has_it(amount: Decimal | int, vi: str, en: str) -> None:
    assert (written_figure(amount, "vi"), written_figure(amount, "en")) == (vi, en)
