"""Obligations: the returns that a filer owes by its profile, under the law before and since July 2026."""

from __future__ import annotations

from datetime import date
from itertools import islice

import pytest

from govgateway import ConfigurationError
from govgateway_etax.catalogue import catalogue
from govgateway_etax.deadlines import Deadlines
from govgateway_etax.obligations import Return, obligations, returns_of

SINCE = date(2026, 5, 1)


def owed(name: str, since: date = SINCE, most: int = 3) -> list[tuple[str, list[str]]]:
    """The returns of an obligation with the first periods of each."""
    return [
        (each.form, [period.written for period in islice(each.periods(since), most)])
        for each in obligations()[name].returns
    ]


def test_fees_are_declared_by_month_and_finalised_by_year() -> None:
    assert owed("01/PH monthly", date(2025, 11, 1)) == [
        ("01/PH", ["11/2025", "12/2025", "01/2026"]),
        ("02/PH", ["2025"]),
        ("01/PH", ["2026", "2027", "2028"]),  # part II of the new form; 02/PH is gone
    ]


def test_charges_are_declared_by_month_without_finalisation() -> None:
    assert owed("01/LP monthly") == [("01/LP", ["05/2026", "06/2026", "07/2026"])]


def test_the_mining_fee_is_declared_by_month_and_by_year() -> None:
    assert owed("01/PBVMT monthly")[0] == ("01/PBVMT", ["05/2026", "06/2026", "07/2026"])
    assert owed("01/PBVMT monthly")[1:] == [("02/PBVMT", []), ("01/PBVMT", ["2026", "2027", "2028"])]


def test_tax_on_wages_goes_over_to_quarters() -> None:
    assert owed("05/KK-TNCN monthly") == [
        ("05/KK-TNCN", ["05/2026", "06/2026"]),
        ("05/KK-TNCN", ["3/2026", "4/2026", "1/2027"]),
    ]


def test_value_added_tax_by_month_or_by_quarter() -> None:
    assert owed("01/GTGT monthly") == [("01/GTGT", ["05/2026", "06/2026", "07/2026"])]
    assert owed("01/GTGT quarterly") == [("01/GTGT", ["2/2026", "3/2026", "4/2026"])]


def test_fees_on_waste_water_are_declared_by_quarter_since_the_new_law() -> None:
    assert owed("01/PH quarterly") == [("01/PH", ["3/2026", "4/2026", "1/2027"])]


def test_a_finalisation_is_called_so() -> None:
    _, _, yearly = obligations()["01/PH monthly"].returns
    assert yearly.words(next(yearly.periods(SINCE))).vi == "quyết toán năm 2026"


def all_returns() -> list[Return]:
    return [each for obligation in obligations().values() for each in obligation.returns]


def test_every_return_has_a_deadline_and_codes_of_its_form() -> None:
    forms = {(code, entry.form) for (code, _, _), entry in catalogue().items()}
    old = {"01/PH": "02/PH", "01/PBVMT": "02/PBVMT"}
    for each in all_returns():
        assert Deadlines().of(each.deadline, next(each.periods(date(2025, 1, 1))))
        assert all((code, each.form) in forms or (code, old.get(each.form)) in forms for code in each.codes), each


def test_each_obligation_is_named_in_both_languages() -> None:
    assert all(each.title.vi and each.title.en and each.title.vi != each.title.en for each in obligations().values())


def test_an_obligation_named_twice_counts_once() -> None:
    assert len(returns_of(["01/LP monthly", "01/LP monthly"], "x")) == 1


def test_an_unknown_obligation_is_refused_and_the_nearest_one_offered() -> None:
    with pytest.raises(ConfigurationError) as caught:
        returns_of(["01/LP monthly", "01/PH montly"], "govgateway.toml")
    assert "'01/PH montly'" in caught.value.message.vi
    assert "01/PH monthly" in caught.value.remedy.vi
    assert caught.value.where == "govgateway.toml"
