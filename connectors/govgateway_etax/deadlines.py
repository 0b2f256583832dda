"""Until when a return is filed and paid, and what being late costs: the law's own numbers stand in deadlines.toml.

Deadline, shift and interest are law; that civil servants' days off are the days meant is inferred (docs/deadlines.md).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

from govgateway import ConfigurationError, Text
from govgateway.connector import WorkingDays, read_working_days
from govgateway_etax.catalogue import FOLDER
from govgateway_etax.periods import Period, in_month

Entry = Mapping[str, Any]
"""One table of deadlines.toml."""

_DAY = timedelta(days=1)
_DONG = Decimal(1)


@dataclass(frozen=True, slots=True)
class Outage:
    """The tax office's system was down from ``first`` until it ran again on ``last``, as the office announced."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last ``day`` for filing and for paying; ``nominal`` is what it was before days off and an ``outage``.

    ``warning`` says that it may change, ``sources`` are the provisions that it follows from.
    """

    nominal: date
    day: date
    sources: tuple[Text, ...]
    warning: Text | None = None
    outage: bool = False


@cache
def _law() -> Mapping[str, Sequence[Entry]]:
    return tomllib.loads((FOLDER / "deadlines.toml").read_text(encoding="utf-8"))


@cache
def _working_days() -> WorkingDays:
    return read_working_days((FOLDER.parent / "calendar" / "days_off.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Deadlines:
    """The deadlines of the tax office, with the ``outages`` of its system that it has announced."""

    outages: Sequence[Outage] = ()
    law: Mapping[str, Sequence[Entry]] = field(default_factory=_law)
    working_days: WorkingDays = field(default_factory=_working_days)

    def of(self, heading: str, period: Period) -> Deadline:
        """The deadline of ``period``; ``heading`` is month, quarter, year, occurrence or finalisation."""
        rule = self._in_force(heading, period.last)
        nominal = _nominal(rule, period)
        deadline = self._moved(Deadline(nominal, nominal, (_source(rule),)), nominal, period)
        for outage in sorted(self.outages, key=lambda each: each.first):
            if outage.first <= deadline.day <= outage.last:
                deadline = self._extended(deadline, outage, period)
        return deadline

    def supplement_until(self, period: Period, deadline: Deadline) -> date:
        """The last day on which a return for ``period`` may be supplemented."""
        years = self._in_force("supplement", period.last)["years"]
        return in_month(deadline.day, 12 * years, deadline.day.day)

    def late_interest(self, amount: Decimal, due: date, paid: date, unit: Decimal = _DONG) -> Decimal:
        """What is owed for ``amount`` due on ``due`` that reached the budget on ``paid``, in whole ``unit``: đồng."""
        counted = (due + number * _DAY for number in range(1, late_days(due, paid) + 1))
        share = sum((Decimal(self._in_force("late_interest", day)["per_day"]) for day in counted), Decimal(0))
        return (amount * share).quantize(unit, ROUND_HALF_UP)

    def _in_force(self, heading: str, day: date) -> Entry:
        """The entry of the law that holds for ``day``."""
        known = (entry for entry in self.law[heading] if entry.get("from", date.min) <= day)
        return max(known, key=lambda entry: entry.get("from", date.min))

    def _moved(self, deadline: Deadline, day: date, period: Period) -> Deadline:
        """``deadline`` moved to ``day``, or to the working day after it."""
        last = self.working_days.next_working_day(day)
        shift = (_source(self._in_force("shift", period.last)),) if last.shifted else ()
        return replace(
            deadline,
            day=last.day,
            warning=last.warning or deadline.warning,
            sources=tuple(dict.fromkeys((*deadline.sources, *shift))),
        )

    def _extended(self, deadline: Deadline, outage: Outage, period: Period) -> Deadline:
        """``deadline`` as it is when the tax office's system was down on its day."""
        rule = self._in_force("outage", period.last)
        sources = (*deadline.sources, _source(rule))
        return self._moved(replace(deadline, outage=True, sources=sources), outage.last + rule["days"] * _DAY, period)


def late_days(due: date, paid: date) -> int:
    """The days that interest is counted for: from the day after ``due`` to the day before the money arrived."""
    return max(0, (paid - due).days - 1)


def read_outages(text: str, where: str) -> tuple[Outage, ...]:
    """The outages in ``text``: "2026-11-20/2026-11-21", several separated by commas. Raises ConfigurationError."""
    try:
        return tuple(map(_outage, filter(None, text.split(","))))
    except ValueError:
        raise ConfigurationError(
            Text(f"Giá trị của 'outages' không hợp lệ: {text}", f"The value of 'outages' is not allowed: {text}"),
            Text(
                "Ghi ngày bắt đầu/ngày chạy lại, ví dụ 2026-11-20/2026-11-21; nhiều lần thì cách nhau bằng dấu phẩy.",
                "Write the first day/the day on which it ran again: 2026-11-20/2026-11-21; commas between several.",
            ),
            where=where,
        ) from None


def _outage(span: str) -> Outage:
    first, last = (date.fromisoformat(day.strip()) for day in span.split("/"))
    if last < first:
        raise ValueError(span)
    return Outage(first, last)


def _nominal(rule: Entry, period: Period) -> date:
    after: date = getattr(period, rule["counted_from"])
    return after + rule["days"] * _DAY if "days" in rule else in_month(after, rule["months"], rule["day"])


def _source(entry: Entry) -> Text:
    return Text(**entry["source"])
