"""Working days: the days off that the State announces, and what is said when it has not yet."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest
from holidays import country_holidays

import govgateway_schemas
from govgateway.calendar import WorkingDays, YearOfDaysOff, read_working_days

DATA = (Path(govgateway_schemas.__file__).parent / "calendar" / "days_off.toml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def calendar() -> WorkingDays:
    return read_working_days(DATA)


def weekdays(year: int) -> list[date]:
    days = (date(year, 1, 1) + timedelta(days=number) for number in range(365))
    return [day for day in days if day.weekday() < 5]


@pytest.mark.parametrize(
    "day",
    [
        date(2025, 5, 2),  # swapped for Saturday 26/04
        date(2026, 1, 2),  # swapped for Saturday 10/01, which the library misses
        date(2026, 2, 16),
        date(2026, 4, 27),  # for Sunday 26/04
        date(2026, 8, 31),  # swapped for Saturday 22/08
        date(2026, 11, 24),  # a public holiday since 2026
        date(2026, 11, 22),  # a Sunday
    ],
)
def test_days_off(calendar: WorkingDays, day: date) -> None:
    assert not calendar.is_working(day)


@pytest.mark.parametrize(
    "day",
    [
        date(2025, 4, 26),  # Saturdays that are worked
        date(2026, 1, 10),
        date(2026, 8, 22),
        date(2025, 11, 24),  # no holiday yet
        date(2026, 11, 23),  # the swap for Saturday 28/11 was not decided
        date(2027, 2, 4),  # the library takes it for a day off; what is known of Tết 2027 begins on the 5th
    ],
)
def test_working_days(calendar: WorkingDays, day: date) -> None:
    assert calendar.is_working(day)


@pytest.mark.parametrize(("year", "missed"), [(2025, set()), (2026, {date(2026, 1, 2)})])
def test_the_announced_days_off_are_those_of_the_library_and_what_it_misses(
    calendar: WorkingDays, year: int, missed: set[date]
) -> None:
    announced = {day for day in weekdays(year) if not calendar.is_working(day)}
    guessed = {day for day in country_holidays("VN", years=year) if day.weekday() < 5}
    assert announced == guessed | missed
    assert missed.isdisjoint(guessed)


def test_a_swapped_saturday_and_its_weekday_are_both_written_down() -> None:
    for year, table in tomllib.loads(DATA).items():
        days = table["off"] + table["worked"]
        assert table["source"]
        assert {day.year for day in days} == {int(year)}
        assert len(days) == len(set(days))
        assert all(day.weekday() < 5 for day in table["off"])
        assert all(day.weekday() >= 5 for day in table["worked"])


def test_a_working_day_stays_what_it_is(calendar: WorkingDays) -> None:
    last = calendar.next_working_day(date(2026, 11, 20))
    assert (last.day, last.shifted, last.warning) == (date(2026, 11, 20), False, None)


@pytest.mark.parametrize(
    ("nominal", "day"),
    [
        (date(2026, 9, 20), date(2026, 9, 21)),  # a Sunday
        (date(2026, 8, 22), date(2026, 8, 22)),  # a Saturday that is worked
        (date(2026, 8, 29), date(2026, 9, 3)),  # a Saturday before the swap and National Day
        (date(2026, 2, 14), date(2026, 2, 23)),  # the whole of Tết between two weekends
        (date(2026, 11, 24), date(2026, 11, 25)),
        (date(2026, 11, 21), date(2026, 11, 23)),
    ],
)
def test_a_day_off_is_shifted_to_the_next_working_day(calendar: WorkingDays, nominal: date, day: date) -> None:
    last = calendar.next_working_day(nominal)
    assert (last.nominal, last.day, last.warning) == (nominal, day, None)


@pytest.mark.parametrize("nominal", [date(2027, 1, 31), date(2027, 3, 31), date(2028, 1, 3), date(2024, 3, 20)])
def test_beyond_the_confirmed_years_nothing_is_said_in_silence(calendar: WorkingDays, nominal: date) -> None:
    warning = calendar.next_working_day(nominal).warning
    assert warning is not None
    assert str(nominal.year) in warning.vi
    assert str(nominal.year) in warning.en
    assert warning.vi != warning.en


def test_a_year_that_is_not_listed_is_guessed(calendar: WorkingDays) -> None:
    assert calendar.next_working_day(date(2028, 1, 1)).day == date(2028, 1, 4)  # Saturday; Monday is given for it


def test_a_shift_into_an_unconfirmed_year_is_doubtful_too() -> None:
    off = frozenset(date(2026, 12, day) for day in (30, 31))
    years = {2026: YearOfDaysOff(off, frozenset(), True), 2027: YearOfDaysOff(frozenset(), frozenset(), False)}
    last = WorkingDays(years).next_working_day(date(2026, 12, 30))
    assert last.day == date(2027, 1, 1)
    assert last.warning is not None
    assert "2027" in last.warning.vi
