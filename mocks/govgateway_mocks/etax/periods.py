"""The days of a tax period, as the simulated tax office reads them."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime

from govgateway_mocks.etax.case import VIETNAM, Case

Days = tuple[date, date]
"""The first day and the last."""

_PERIOD = "TKhaiThue/KyKKhaiThue"


def days_of(case: Case) -> Days | None:
    """The days of the tax period of ``case``, told by its kind: of a period from day to day those that are written, of
    any other those that its name means. None when they cannot be read."""
    kind, name = case.text(f"{_PERIOD}/kieuKy"), case.text(f"{_PERIOD}/kyKKhai")
    try:
        return written_days(case) if kind == "K" else _named(kind, name)
    except (ValueError, OverflowError):
        return None


def written_days(case: Case) -> Days | None:
    """kyKKhaiTuNgay and kyKKhaiDenNgay; None when one of them is no day."""
    try:
        return _day(case.text(f"{_PERIOD}/kyKKhaiTuNgay")), _day(case.text(f"{_PERIOD}/kyKKhaiDenNgay"))
    except ValueError:
        return None


def _named(kind: str, name: str) -> Days | None:
    if kind == "D":
        return _day(name), _day(name)
    if kind == "Y":
        return _months(int(name), 1, 12)
    part, _, year = name.partition("/")
    if kind == "M":
        return _months(int(year), int(part), 1)
    return _months(int(year), 3 * int(part) - 2, 3) if kind == "Q" else None


def _months(year: int, first: int, count: int) -> Days:
    last = first + count - 1
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])


def _day(written: str) -> date:
    return datetime.strptime(written, "%d/%m/%Y").replace(tzinfo=VIETNAM).date()
