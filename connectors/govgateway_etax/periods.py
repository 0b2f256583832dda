"""Tax periods of the tax office, by the letters of kieuKy: M month, Q quarter, Y year, D one occurrence, K any days."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from govgateway.connector import Text

_MONTHS = {"M": 1, "Q": 3, "Y": 12}
KINDS = {
    "M": Text("tháng", "month"),
    "Q": Text("quý", "quarter"),
    "Y": Text("năm", "year"),
    "D": Text("từng lần phát sinh", "each occurrence"),
    "K": Text("từ ngày đến ngày", "from day to day"),
}
"""What the letters of kieuKy stand for."""
_DAY = Text("ngày", "day")


def in_month(after: date, months: int, day: int) -> date:
    """``day`` of the month that lies ``months`` after that of ``after``; its last day when it is shorter."""
    year, month = divmod(after.year * 12 + after.month - 1 + months, 12)
    return date(year, month + 1, min(day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Period:
    """A tax period: its ``kind`` and its ``first`` and ``last`` day, which are one for an occurrence."""

    kind: str
    first: date
    last: date

    @property
    def written(self) -> str:
        """As kyKKhai has it: 10/2026, 3/2026, 2026, 05/10/2026."""
        day = self.first
        shapes = {"M": f"{day:%m/%Y}", "Q": f"{(day.month + 2) // 3}/{day.year}", "Y": f"{day.year}"}
        return shapes.get(self.kind, f"{day:%d/%m/%Y}")

    @property
    def names(self) -> frozenset[str]:
        """What a filing for this period may bear as its period: the same days may also be declared from day to day."""
        return frozenset({f"{self.kind} {self.written}", f"K {self.first:%d/%m/%Y}-{self.last:%d/%m/%Y}"})

    @property
    def words(self) -> Text:
        """As a person says it: tháng 10/2026, quý 3/2026, năm 2026, ngày 05/10/2026, từ 01/10/2026 đến 15/10/2026."""
        if self.kind == "K":
            first, last = f"{self.first:%d/%m/%Y}", f"{self.last:%d/%m/%Y}"
            return Text(f"từ {first} đến {last}", f"from {first} to {last}")
        word = _DAY if self.kind == "D" else KINDS[self.kind]
        return Text(f"{word.vi} {self.written}", f"{word.en} {self.written}")

    def has_ended(self, day: date) -> bool:
        """Whether it lies wholly before ``day``; an occurrence may be declared on its own day."""
        return day > self.last or (self.kind == "D" and day == self.last)


def occurrence(day: date) -> Period:
    """The period of what is declared each time that it happens."""
    return Period("D", day, day)


def periods(kind: str, since: date) -> Iterator[Period]:
    """The periods of ``kind`` (M, Q, Y) one after another without end; the first is the one that ``since`` lies in."""
    length = _MONTHS[kind]
    first = in_month(since, -((since.month - 1) % length), 1)
    while True:
        last = in_month(first, length - 1, 31)
        yield Period(kind, first, last)
        first = last + timedelta(days=1)
