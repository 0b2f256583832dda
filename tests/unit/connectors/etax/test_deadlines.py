"""Deadlines, the shift from days off, outages, late interest, supplements: the vectors of the law."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from govgateway import ConfigurationError
from govgateway_etax.deadlines import Deadlines, Outage, late_days, read_outages
from govgateway_etax.periods import Period, in_month, occurrence, periods

LAW = Deadlines()
HEADINGS = ("month", "quarter", "year", "occurrence", "finalisation")


def period(kind: str, day: str) -> Period:
    """The period of ``kind`` that ``day`` lies in."""
    return next(periods(kind, date.fromisoformat(day)))


@pytest.mark.parametrize(
    ("heading", "kind", "within", "deadline"),
    [
        ("month", "M", "2026-08-01", "2026-09-21"),
        ("quarter", "Q", "2026-09-30", "2026-11-02"),
        ("month", "M", "2026-10-31", "2026-11-20"),
        ("month", "M", "2026-11-01", "2026-12-21"),
        ("month", "M", "2026-12-01", "2027-01-20"),
        ("quarter", "Q", "2026-12-01", "2027-02-01"),
        ("year", "Y", "2026-06-01", "2027-02-01"),
        ("month", "M", "2027-01-01", "2027-02-22"),
        ("finalisation", "Y", "2026-01-01", "2027-03-31"),
        # by the law before
        ("month", "M", "2026-06-30", "2026-07-20"),
        ("quarter", "Q", "2026-04-01", "2026-07-31"),
        ("year", "Y", "2025-01-01", "2025-02-03"),  # 31/01/2025 lies in Tết
        ("finalisation", "Y", "2025-01-01", "2026-03-31"),
    ],
)
def test_the_last_day_for_filing(heading: str, kind: str, within: str, deadline: str) -> None:
    assert LAW.of(heading, period(kind, within)).day == date.fromisoformat(deadline)


def test_an_occurrence_is_counted_from_the_day_after_it_since_july_2026() -> None:
    assert LAW.of("occurrence", occurrence(date(2026, 6, 30))).day == date(2026, 7, 9)
    assert LAW.of("occurrence", occurrence(date(2026, 7, 1))).nominal == date(2026, 7, 11)
    assert LAW.of("occurrence", occurrence(date(2026, 7, 1))).day == date(2026, 7, 13)  # from Saturday


def test_a_term_that_ends_on_a_worked_saturday_is_not_shifted() -> None:
    assert LAW.of("occurrence", occurrence(date(2026, 8, 12))).day == date(2026, 8, 22)


def test_a_term_that_ends_on_the_24th_of_november_is_shifted() -> None:
    deadline = LAW.of("occurrence", occurrence(date(2026, 11, 14)))
    assert (deadline.nominal, deadline.day, deadline.warning) == (date(2026, 11, 24), date(2026, 11, 25), None)


@pytest.mark.parametrize(("month", "decree"), [("2026-06-01", "126/2020"), ("2026-07-01", "252/2026")])
def test_the_provisions_are_named(month: str, decree: str) -> None:
    deadline = LAW.of("month", period("M", month))
    assert all(decree in source.vi and decree in source.en for source in deadline.sources)


def test_a_shift_names_its_own_provision() -> None:
    named = [source.vi for source in LAW.of("month", period("M", "2026-08-01")).sources]
    assert named == ["Nghị định 252/2026/NĐ-CP, điều 10.2", "Nghị định 252/2026/NĐ-CP, điều 3.7"]


def test_beyond_the_last_confirmed_year_the_deadline_warns() -> None:
    assert LAW.of("month", period("M", "2026-11-01")).warning is None
    warning = LAW.of("month", period("M", "2026-12-01")).warning
    assert warning is not None
    assert "2027" in warning.vi


def test_every_provision_is_dated_with_its_source_in_both_languages() -> None:
    for heading, entries in LAW.law.items():
        since = [entry.get("from", date.min) for entry in entries]
        assert all(before < after for before, after in pairwise(since)), heading
        assert since == [date.min, date(2026, 7, 1)], heading
        assert all(entry["source"]["vi"] and entry["source"]["en"] for entry in entries), heading
    assert set(HEADINGS) < set(LAW.law)


# Outages


def down(first: str, last: str) -> Deadlines:
    return Deadlines((Outage(date.fromisoformat(first), date.fromisoformat(last)),))


@pytest.mark.parametrize(
    ("first", "last", "deadline"),
    [
        ("2026-11-20", "2026-11-20", "2026-11-23"),  # the day after is a Saturday
        ("2026-11-18", "2026-11-24", "2026-11-25"),
        ("2026-11-20", "2026-11-23", "2026-11-25"),  # the day after is the holiday
        ("2026-11-18", "2026-11-19", "2026-11-20"),  # it ran again before the last day
        ("2026-11-21", "2026-11-22", "2026-11-20"),  # it went down after the last day
    ],
)
def test_an_outage_on_the_last_day_moves_it_to_the_day_after_the_system_runs(
    first: str, last: str, deadline: str
) -> None:
    told = down(first, last).of("month", period("M", "2026-10-01"))
    assert told.day == date.fromisoformat(deadline)
    assert told.outage is (deadline != "2026-11-20")
    assert told.nominal == date(2026, 11, 20)


def test_an_outage_on_the_day_that_a_term_was_shifted_to_counts() -> None:
    told = down("2026-09-21", "2026-09-21").of("month", period("M", "2026-08-01"))
    assert told.day == date(2026, 9, 22)
    assert "Thông tư 89/2026/TT-BTC, điều 12" in [source.vi for source in told.sources]


def test_one_outage_after_another_in_any_order() -> None:
    outages = (Outage(date(2026, 11, 23), date(2026, 11, 23)), Outage(date(2026, 11, 20), date(2026, 11, 20)))
    assert Deadlines(outages).of("month", period("M", "2026-10-01")).day == date(2026, 11, 25)


def test_outages_are_read() -> None:
    assert read_outages("", "x") == ()
    assert read_outages("2026-11-20/2026-11-21, 2026-12-21/2026-12-21", "x") == (
        Outage(date(2026, 11, 20), date(2026, 11, 21)),
        Outage(date(2026, 12, 21), date(2026, 12, 21)),
    )


@pytest.mark.parametrize("text", ["20/11/2026", "2026-11-20", "2026-11-21/2026-11-20", "2026-11-31/2026-12-01", "x"])
def test_outages_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_outages(text, "govgateway.toml")
    assert caught.value.where == "govgateway.toml"
    assert text in caught.value.message.vi


# Late interest


@pytest.mark.parametrize(
    ("paid", "days"),
    [
        ("2026-11-19", 0),
        ("2026-11-20", 0),
        ("2026-11-21", 0),  # one day late
        ("2026-11-22", 1),
        ("2026-12-01", 10),
    ],
)
def test_days_are_counted_from_the_day_after_the_term_to_the_day_before_the_money_comes(paid: str, days: int) -> None:
    assert late_days(date(2026, 11, 20), date.fromisoformat(paid)) == days


@pytest.mark.parametrize(
    ("amount", "paid", "interest"),
    [
        ("122043050", "2026-11-21", "0"),
        ("122043050", "2026-11-22", "36613"),  # 36 612.915
        ("100000000", "2026-12-01", "300000"),
        ("5000", "2026-11-22", "2"),  # 1.5: half a đồng counts as one
        ("15000", "2026-11-22", "5"),  # 4.5
        ("1", "2026-12-01", "0"),
    ],
)
def test_interest_is_the_sum_times_rate_times_days_in_whole_dong(amount: str, paid: str, interest: str) -> None:
    owed = LAW.late_interest(Decimal(amount), date(2026, 11, 20), date.fromisoformat(paid))
    assert owed == Decimal(interest)
    assert owed.as_tuple().exponent == 0


def test_each_day_has_the_rate_of_its_own_day() -> None:
    rates = [{"per_day": "0.0003"}, {"from": date(2026, 12, 1), "per_day": "0.0001"}]
    law = Deadlines(law={"late_interest": rates})
    # 29 and 30 November at the old rate, 1 to 3 December at the new one
    assert law.late_interest(Decimal(1_000_000), date(2026, 11, 28), date(2026, 12, 4)) == Decimal(900)


# Supplements


@pytest.mark.parametrize(("month", "until"), [("2026-06-01", "2036-07-20"), ("2026-08-01", "2031-09-21")])
def test_a_supplement_may_be_filed_for_ten_years_before_and_five_since(month: str, until: str) -> None:
    of_month = period("M", month)
    assert LAW.supplement_until(of_month, LAW.of("month", of_month)) == date.fromisoformat(until)


# Periods


@pytest.mark.parametrize(
    ("kind", "since", "written"),
    [
        ("M", "2026-11-30", ["11/2026", "12/2026", "01/2027"]),
        ("Q", "2026-08-15", ["3/2026", "4/2026", "1/2027"]),
        ("Y", "2026-12-31", ["2026", "2027", "2028"]),
    ],
)
def test_periods_follow_each_other_from_the_one_that_a_day_lies_in(kind: str, since: str, written: list[str]) -> None:
    coming = periods(kind, date.fromisoformat(since))
    found = [next(coming) for _ in written]
    assert [each.written for each in found] == written
    assert all((after.first - before.last).days == 1 for before, after in pairwise(found))


def test_a_period_is_named_as_filings_name_it() -> None:
    assert period("M", "2026-10-05").names == {"M 10/2026", "K 01/10/2026-31/10/2026"}
    assert period("Y", "2026-10-05").names == {"Y 2026", "K 01/01/2026-31/12/2026"}
    assert occurrence(date(2026, 10, 5)).written == "05/10/2026"
    assert period("Q", "2026-10-05").words.vi == "quý 4/2026"


def test_a_shorter_month_ends_earlier() -> None:
    assert in_month(date(2026, 11, 30), 3, 31) == date(2027, 2, 28)
    assert in_month(date(2028, 2, 29), 60, 29) == date(2033, 2, 28)
