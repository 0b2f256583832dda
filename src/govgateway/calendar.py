"""The time of Viet Nam, and its working days: weekly rest, holidays, days that the State swaps. It knows no agency.

A year that the data lists is taken from the data alone. Any other is guessed by the library ``holidays``, which misses
swaps: what was guessed, or is listed but not confirmed yet, is never passed off as certain.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta, timezone
from functools import cache

from govgateway.errors import Text

VIETNAM = timezone(timedelta(hours=7))
"""The time that agencies of Viet Nam speak; it has no summer time."""

_SATURDAY = 5
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class YearOfDaysOff:
    """One year as announced: ``off`` are days off on weekdays, ``worked`` days worked at a weekend instead.

    ``confirmed`` is false while the announcement for the year is not out or not whole.
    """

    off: frozenset[date]
    worked: frozenset[date]
    confirmed: bool


@dataclass(frozen=True, slots=True)
class LastDay:
    """The last day of a term: ``day``, the working day to which ``nominal`` was shifted, or the same day.

    ``warning`` is set when it rests on days off that are not confirmed, and may therefore change.
    """

    nominal: date
    day: date
    warning: Text | None = None

    @property
    def shifted(self) -> bool:
        """Whether ``nominal`` is a day off."""
        return self.day != self.nominal


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """The calendar of the State's offices by ``years``; days off of other years are guessed."""

    years: Mapping[int, YearOfDaysOff]

    def is_working(self, day: date) -> bool:
        """Whether the State's offices work on ``day``."""
        year = self._year(day.year)
        return day in year.worked or (day.weekday() < _SATURDAY and day not in year.off)

    def next_working_day(self, day: date) -> LastDay:
        """``day`` when it is worked, else the first working day after it."""
        worked = day
        while not self.is_working(worked):
            worked += _DAY
        doubtful = sorted({each.year for each in (day, worked) if not self._year(each.year).confirmed})
        return LastDay(day, worked, _unconfirmed(doubtful[0]) if doubtful else None)

    def _year(self, year: int) -> YearOfDaysOff:
        return self.years[year] if year in self.years else _guess(year)


def read_working_days(text: str) -> WorkingDays:
    """The calendar in ``text``, TOML with one table per year: ``off``, ``worked``, ``confirmed``, ``source``."""
    import tomllib

    return WorkingDays(
        {
            int(year): YearOfDaysOff(frozenset(table["off"]), frozenset(table["worked"]), table["confirmed"])
            for year, table in tomllib.loads(text).items()
        }
    )


@cache
def _guess(year: int) -> YearOfDaysOff:
    from holidays import country_holidays  # a tenth of a second, for years that are not listed only

    return YearOfDaysOff(frozenset(country_holidays("VN", years=year)), frozenset(), confirmed=False)


def _unconfirmed(year: int) -> Text:
    return Text(
        f"Lịch nghỉ chính thức năm {year} chưa được xác nhận: ngày này có thể thay đổi.",
        f"The official days off of {year} are not confirmed: this day may change.",
    )
