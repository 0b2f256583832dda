"""What can be changed at the simulated tax office while it runs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from govgateway_mocks.reading import number, only, unfit

if TYPE_CHECKING:
    from govgateway_mocks.etax.office import TaxOffice

_DELAYS = ("receipt_delay", "verdict_delay")
_SECONDS = (*_DELAYS, "clock_skew")
NAMES = (*_SECONDS, "check_duplicates")
"""Each is an attribute of the office; times are given in seconds."""

_TEN_YEARS = timedelta(days=3650).total_seconds()


def of(office: TaxOffice) -> dict[str, object]:
    """The present settings of ``office``, as ``change`` takes them."""
    times = {name: getattr(office, name).total_seconds() for name in _SECONDS}
    return {**times, "check_duplicates": office.check_duplicates}


def change(office: TaxOffice, changes: Mapping[str, object]) -> dict[str, object]:
    """Set all of ``changes`` or, where one is wrong, none; what those settings were before. Raises UsageError."""
    only(changes, NAMES)
    read = {name: _read(name, value) for name, value in changes.items()}
    before = of(office)
    for name, value in read.items():
        setattr(office, name, value)
    return {name: before[name] for name in changes}


def _read(name: str, value: object) -> timedelta | bool:
    if name in _SECONDS:
        least = 0 if name in _DELAYS else -_TEN_YEARS
        return timedelta(seconds=number(name, value, float, least=least, most=_TEN_YEARS))
    if not isinstance(value, bool):
        raise unfit(name, "true, false")
    return value
