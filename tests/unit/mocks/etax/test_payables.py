"""What the simulated tax office says is to be paid by a return: by that return, not by all of its period."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from formsamples import SUPPLEMENT, SUPPLEMENT_IN_CURRENCIES, changed
from govgateway.documents.xml import XmlDocument
from govgateway_mocks.etax.payables import payables
from samples import declaration
from unit.forms import test_842, test_864, test_878, test_879, test_893, test_920


def _owed(document: XmlDocument) -> dict[str, Decimal]:
    code, kind = (document.root.findtext(f".//{{*}}{name}") or "" for name in ("maTKhai", "loaiTKhai"))
    return dict(payables(document.root, code, kind))


def test_of_a_first_return_it_is_its_obligation_by_currency() -> None:
    assert _owed(declaration()) == {"VND": Decimal(122_043_050), "USD": Decimal("850.10")}


@pytest.mark.parametrize(
    ("right", "amount"),
    [
        (test_864.SAMPLE.declaration, "ct29"),
        (test_842.SAMPLE.declaration, "ct40"),
        (test_878.SAMPLE.declaration, "tongPhiPNop"),
        (test_893.SAMPLE.declaration, "tongChenhLech"),
    ],
)
def test_of_a_form_in_dong_it_is_the_amount_to_be_paid(right: Callable[[], XmlDocument], amount: str) -> None:
    document = right()
    told = Decimal(document.root.findtext(f".//{{*}}{amount}") or 0)
    assert _owed(document) == ({"VND": told} if told > 0 else {})


def test_of_a_finalisation_it_is_the_difference_where_that_is_to_be_paid() -> None:
    assert _owed(test_920.SAMPLE.declaration()) == {"VND": Decimal(800_048)}  # in dollars it is less than declared


def test_of_a_supplement_it_is_what_it_adds() -> None:
    fees = test_879.SAMPLE.declaration(appendices=SUPPLEMENT_IN_CURRENCIES)
    assert _owed(fees) == {"VND": Decimal(500), "USD": Decimal("10.50")}
    assert _owed(test_878.SAMPLE.declaration(appendices=SUPPLEMENT)) == {"VND": Decimal(540)}  # [10] + [11]


def test_of_a_supplement_that_lowers_the_obligation_nothing_is_to_be_paid() -> None:
    fees = test_879.SAMPLE.declaration(appendices=SUPPLEMENT_IN_CURRENCIES)
    assert _owed(changed(fees, ("<ct10>10.50<", "<ct10>-10.50<"))) == {"VND": Decimal(500)}
