"""The tax period that a declaration names, as days."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from govgateway_etax.declaration import Header
from govgateway_etax.periods import Period, occurrence, periods


def declared_period(header: Header) -> Period | None:
    """The tax period that ``header`` names; None when it names none that can be read."""
    try:
        return _period(header.kieuKy, header.kyKKhai, (header.kyKKhaiTuNgay, header.kyKKhaiDenNgay))
    except ValueError:
        return None


# It is asked for several times of one declaration, and a month's declarations all name the same.
@lru_cache(maxsize=256)
def _period(kind: str, written: str, days: tuple[str, str]) -> Period | None:
    if kind == "K":
        return Period(kind, _day(days[0]), _day(days[1]))
    numbers = [int(each) for each in re.findall("[0-9]+", written)]
    match kind, numbers:
        case "M", [month, year]:
            return next(periods(kind, date(year, month, 1)))
        case "Q", [quarter, year]:
            return next(periods(kind, date(year, 3 * quarter - 2, 1)))
        case "Y", [year]:
            return next(periods(kind, date(year, 1, 1)))
        case "D", _:
            return occurrence(_day(written))
    return None


def _day(written: str) -> date:
    day, month, year = written.split("/")
    return date(int(year), int(month), int(day))
