"""The month end as it goes, and as it goes wrong. The fixtures come from govgateway[testing]."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from brightbooks.month_end import MonthEnd

from govgateway import FileSigner, Filing, Gateway, Outcome, Status, XmlDocument, read_xml
from govgateway.testing import START, MovingClock, RunningSimulator

Assertion = Callable[[Filing], None]
MONTHS = ("08/2026", "09/2026", "10/2026")


@pytest.fixture
def declarations(sample: Callable[..., XmlDocument]) -> list[XmlDocument]:
    """What the books hand over: the fees of three months."""
    return [sample("879", period=month) for month in MONTHS]


@pytest.fixture
def month_end(etax_gateway: Gateway, demonstration_signer: FileSigner) -> MonthEnd:
    return MonthEnd(etax_gateway, demonstration_signer)


def test_every_declaration_of_the_month_is_accepted(
    month_end: MonthEnd,
    declarations: list[XmlDocument],
    assert_arrived_once: Assertion,
    assert_evidence_complete: Assertion,
) -> None:
    for line in month_end.close(declarations):
        assert (line.filed, line.said) == (True, ())
        assert_arrived_once(line.filing)
        assert_evidence_complete(line.filing)


@pytest.mark.agency_fault("etax", "reset", on="nhanHSoXML", nth=2, at="answer")
def test_a_declaration_whose_answer_is_lost_arrives_once(
    month_end: MonthEnd, declarations: list[XmlDocument], etax_gateway: Gateway, assert_arrived_once: Assertion
) -> None:
    """The tax office took the second declaration, and the line broke before it could say so."""
    lines = month_end.close(declarations)
    assert [line.filed for line in lines] == [True, True, True]
    for line in lines:
        assert_arrived_once(line.filing)
    (lost,) = etax_gateway.history(lines[1].filing.id).attempts
    assert lost.outcome is Outcome.UNKNOWN, "it was looked up, not sent again"


@pytest.mark.scenario("etax", "outage-2h")
def test_an_outage_of_two_hours_delays_the_month_and_loses_nothing(
    month_end: MonthEnd, declarations: list[XmlDocument], gateway_clock: MovingClock, assert_arrived_once: Assertion
) -> None:
    for line in month_end.close(declarations):
        assert line.filed
        assert_arrived_once(line.filing)
    assert (gateway_clock.now - START).total_seconds() >= 2 * 3600


def test_the_accountant_reads_why_the_tax_office_refused(
    month_end: MonthEnd, sample: Callable[..., XmlDocument]
) -> None:
    """A month that has not begun yet: the form is in order, the tax office refuses it."""
    (line,) = month_end.close([sample("879", period="12/2026")])
    assert not line.filed
    assert line.filing.status is Status.REJECTED
    assert "Kỳ tính thuế" in " ".join(line.said)


def test_a_month_that_is_closed_twice_is_filed_once(
    month_end: MonthEnd,
    declarations: list[XmlDocument],
    etax_simulator: RunningSimulator,
    assert_arrived_once: Assertion,
) -> None:
    first = month_end.close(declarations)
    again = month_end.close(declarations)
    assert [line.filing.id for line in again] == [line.filing.id for line in first]
    assert sum(etax_simulator.agency.arrivals.values()) == len(MONTHS)
    for line in again:
        assert_arrived_once(line.filing)


def test_other_figures_for_a_month_that_was_filed_are_told_and_never_leave(
    month_end: MonthEnd, declarations: list[XmlDocument], etax_simulator: RunningSimulator
) -> None:
    month_end.close(declarations)
    changed = declarations[0].data.replace("Trần Thị Mẫu".encode(), "Lê Văn Mẫu".encode())
    (line,) = month_end.close([read_xml(changed)])
    assert line.filing is None
    assert "Lê Văn Mẫu" in line.said[0]
    assert sum(etax_simulator.agency.arrivals.values()) == len(MONTHS)


def test_a_verdict_that_the_tax_office_did_not_sign_is_not_believed(
    etax_gateway: Gateway,
    demonstration_signer: FileSigner,
    declarations: list[XmlDocument],
    etax_simulator: RunningSimulator,
    assert_evidence_complete: Assertion,
) -> None:
    month_end = MonthEnd(etax_gateway, demonstration_signer, patience=timedelta(minutes=1))
    with etax_simulator.fault("wrong-key"):
        (line,) = month_end.close(declarations[:1])
        assert not line.filed
        assert line.said, "the accountant reads that something is wrong with the notices"
    (line,) = MonthEnd(etax_gateway, demonstration_signer).close(declarations[:1])
    assert line.filed
    assert_evidence_complete(line.filing)
