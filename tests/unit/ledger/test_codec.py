"""What is written into a row is read back as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govgateway import Payable, Reason, Receipt, Status, Text
from govgateway.filing import Subject
from govgateway.ledger.codec import from_micros, read_receipt, to_micros, write_receipt

VIETNAM = timezone(timedelta(hours=7))
FULL = Receipt(
    code="844",
    title=Text("Chấp nhận", "Accepted"),
    leads_to=Status.ACCEPTED,
    references=("GD1", "E7"),
    number="12/TB",
    issued_at=datetime(2026, 11, 16, 9, 30, tzinfo=VIETNAM),
    legal_filing_date=date(2026, 11, 16),
    signer="Cơ quan thuế",
    filer="9900000016",
    subjects=(Subject("01/PH", "10/2026", "C", "0"),),
    reasons=(Reason("Sai số liệu", path="HSoThueDTu/x"),),
    payables=(Payable("ID-1", Decimal("12345678901234567.89"), "VND"),),
    sha256="ab" * 32,
)


@given(st.integers(-(2**51), 2**54))
def test_a_moment_keeps_its_microseconds(micros: int) -> None:
    moment = from_micros(micros)
    assert to_micros(moment) == to_micros(moment.astimezone(VIETNAM)) == micros
    assert moment.tzinfo is UTC


@pytest.mark.parametrize(
    "receipt",
    [
        FULL,
        replace(FULL, leads_to=None, issued_at=None, legal_filing_date=None, payables=(), reasons=(), subjects=()),
    ],
)
def test_a_receipt_is_read_back_as_it_was(receipt: Receipt) -> None:
    assert read_receipt(write_receipt(receipt)) == receipt
