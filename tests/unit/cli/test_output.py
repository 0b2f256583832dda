"""Values as people and programs read them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from govgateway.cli.output import money, plain
from govgateway.configuration import Endpoint
from govgateway.connector import Secret
from govgateway.errors import Text
from govgateway.filing import Environment


@pytest.mark.parametrize(
    ("amount", "vi", "en"),
    [
        ("1234567", "1.234.567", "1,234,567"),
        ("850.10", "850,10", "850.10"),
        ("-1234.5", "-1.234,5", "-1,234.5"),
        ("0", "0", "0"),
        ("1E+9", "1.000.000.000", "1,000,000,000"),
    ],
)
def test_money(amount: str, vi: str, en: str) -> None:
    assert money(Decimal(amount), "vi") == vi
    assert money(Decimal(amount), "en") == en


def test_a_program_gets_amounts_as_decimal_texts_and_no_secret() -> None:
    endpoint = Endpoint("etax", Environment.SANDBOX, "https://agency.example", password=Secret("hunter2"))
    told = plain(
        {"endpoint": endpoint, "amount": Decimal("850.10"), "path": Path("a"), "said": Text("vâng", "yes")}, "en"
    )
    assert told["endpoint"]["password"] == "•••"
    assert "hunter2" not in str(told)
    assert (told["amount"], told["path"], told["said"]) == ("850.10", "a", "yes")
