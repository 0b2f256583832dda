"""Which form a person means, and which of its versions is due."""

from __future__ import annotations

from datetime import date

import pytest

from govgateway.errors import GovGatewayError, UsageError
from govgateway.pipeline.forms import Carried, choose_form, composers, make_template
from govgateway_etax import connector
from samples import declaration

_DAY = date(2026, 11, 25)


def chosen(form: str, version: str = "", period: str = "") -> tuple[str, str]:
    carried = choose_form([connector], form, version, period=period, day=_DAY)
    return carried.package.code, carried.form.number


@pytest.mark.parametrize("form", ["01/PH", "01/ph", "879"])
def test_a_form_is_meant_by_name_or_code(form: str) -> None:
    assert chosen(form) == ("879", "2.7.5")


def test_a_version_is_taken_when_it_is_named() -> None:
    assert chosen("01/PH", "2.5.1") == ("879", "2.5.1")
    assert chosen("01/PH", "c89/0.0.0") == ("879", "c89/0.0.0")


def test_of_a_period_the_version_that_is_due_is_taken() -> None:
    assert chosen("01/PH", period="10/2026") == ("879", "2.7.5")
    assert chosen("01/LP", period="05/2026")[0] == "880"
    assert chosen("01/LP", period="10/2026") == ("880", "c89/2.7.5")


def test_a_form_that_is_not_filed_for_a_period_is_refused_by_its_connector() -> None:
    with pytest.raises(GovGatewayError, match="no 01/LPMB"):
        chosen("01/LPMB", period="2026")


@pytest.mark.parametrize(("form", "version"), [("99/XX", ""), ("01/PH", "1.0.0")])
def test_what_is_not_carried_is_refused_with_what_is(form: str, version: str) -> None:
    with pytest.raises(UsageError) as refused:
        chosen(form, version)
    assert "01/PH 2.7.5" in refused.value.remedy.en


def test_only_connectors_that_make_documents_are_asked() -> None:
    class Other:
        agency = "other"

    assert composers([connector, Other()]) == (connector,)  # type: ignore[list-item]


def test_a_document_with_what_the_form_does_not_know_is_not_filled_in() -> None:
    carried: Carried = choose_form([connector], "01/PH", "2.7.5", day=_DAY)
    with pytest.raises(UsageError, match="in “Software information” it has what 01/PH"):
        make_template(carried, {}, day=None, filled=declaration(("<maDVu>", "<maDVu2/><maDVu>")))
