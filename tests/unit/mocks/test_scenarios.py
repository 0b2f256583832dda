"""The scenarios that ship, as their clients see them while the clock is turned; and how a scenario is read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import requests

from govgateway.errors import UsageError
from govgateway_mocks.etax.simulator import SimulatedTaxOffice
from govgateway_mocks.faults import Fault
from govgateway_mocks.scenarios import Scenario, scenario, scenarios
from govgateway_mocks.script import Script
from govgateway_mocks.server import RunningSimulator
from simulated import RECEIPT_DELAY, VERDICT_DELAY, Clock, filed, office
from unit.mocks.agency import ANSWER, Desk, filing
from unit.mocks.etax import caller
from unit.mocks.rawclient import FIN, RST, Received, ask, connect, post, secured

SHIPPED = (
    "accept-then-drop", "clock-skew", "flaky-10-percent", "maintenance-html", "month-end", "outage-2h", "slow-verdict",
    "tls-rate-limit",
)  # fmt: skip


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(clock: Clock) -> Iterator[RunningSimulator[Desk]]:
    with RunningSimulator(Desk(clock)) as running:
        yield running


@pytest.fixture
def tax_office(clock: Clock) -> Iterator[SimulatedTaxOffice]:
    with RunningSimulator(office(clock)) as running:
        yield running


def sent(desk: RunningSimulator[Desk], key: str = "K1") -> Received:
    return ask(desk, post(filing(key), "/desk", "Connection: close"))


def file_with(running: SimulatedTaxOffice) -> str:
    """File the example declaration with the tax office; the transaction code that it answers."""
    headers = {"Content-Type": caller.RELATED, "SOAPAction": '""'}
    address = f"{running.service_address}/{caller.FILING}"
    answer = requests.post(address, data=caller.filing(filed()), headers=headers, timeout=5)
    found = re.search(r"<ns0:return>([^<]+)</ns0:return>", answer.text)
    assert found is not None, answer.text
    return found[1]


def notices_of(running: SimulatedTaxOffice) -> int:
    """How many notices the tax office lists."""
    headers = {"Content-Type": caller.TEXT_XML, "SOAPAction": '""'}
    address = f"{running.service_address}/{caller.FILING}"
    answer = requests.post(address, data=caller.envelope("getDsachTbao", {}), headers=headers, timeout=5)
    return len(re.findall(r"TB\d+", answer.text))


# What a client sees.


def test_at_the_end_of_a_month_calls_are_turned_away_and_answers_lost(desk: RunningSimulator[Desk]) -> None:
    desk.agency.settings_now = {"receipt_delay": 1.0, "verdict_delay": 5.0}

    def seen() -> list[str]:
        desk.reset()
        with desk.scenario("month-end"):
            received = [sent(desk, f"K{number}") for number in range(100)]
        return [each.end if each.end == RST else str(each.status) for each in received]

    first = seen()
    count, taken = Counter(first), desk.agency.arrivals.total()
    turned_away = [each for each in desk.exchanges if b"\r\nRetry-After: 2680\r\n" in each.answer]
    assert first == seen()
    assert set(count) == {"200", "429", "503", RST}
    assert 15 <= count["429"] <= 20  # of the twenty some are lost on the way
    assert 3 <= count["503"] <= 15
    assert 3 <= count[RST] <= 20
    assert taken >= count["200"] + 3
    assert len(turned_away) == count["429"]


def test_at_the_end_of_a_month_verdicts_are_slow(tax_office: SimulatedTaxOffice, clock: Clock) -> None:
    with tax_office.scenario("month-end"):
        file_with(tax_office)
        counts = []
        for seconds in (599, 1, 7199, 1):
            clock.advance(timedelta(seconds=seconds))
            counts.append(len(tax_office.agency.notices()))
    assert counts == [0, 1, 1, 2]


def test_an_outage_of_two_hours_refuses_and_then_all_is_well(desk: RunningSimulator[Desk], clock: Clock) -> None:
    def is_refused() -> bool:
        desk.settle()
        try:
            connect(desk).close()
        except ConnectionRefusedError:
            return True
        return False

    seen = []
    with desk.scenario("outage-2h"):
        for minutes in (0, 60, 59, 1):
            clock.advance(timedelta(minutes=minutes))
            seen.append(is_refused())
        assert sent(desk).body == ANSWER
    assert seen == [True, True, True, False]
    assert desk.agency.arrivals.total() == 1


def test_flaky_by_ten_percent_cuts_off_one_call_in_ten_before_or_after_it_was_taken(
    desk: RunningSimulator[Desk],
) -> None:
    def seen() -> list[str]:
        desk.reset()
        with desk.scenario("flaky-10-percent"):
            return [sent(desk).end for _ in range(150)]

    first = seen()
    lost, taken = first.count(RST), desk.agency.arrivals.total()
    assert 8 <= lost <= 22
    assert first.count(FIN) < taken < 150
    assert first == seen()


def test_accept_then_drop_loses_the_first_answer_about_each_filing(desk: RunningSimulator[Desk]) -> None:
    with desk.scenario("accept-then-drop"):
        first = [sent(desk, key) for key in ("K1", "K2", "K1", "K2", "K1")]
    assert [each.end for each in first] == [RST, RST, FIN, FIN, FIN]
    assert [each.data for each in first[:2]] == [b"", b""]
    assert sorted(desk.agency.arrivals.values()) == [2, 3]


def test_accept_then_drop_loses_a_declaration_of_the_tax_office_once(tax_office: SimulatedTaxOffice) -> None:
    with tax_office.scenario("accept-then-drop"):
        with pytest.raises(requests.ConnectionError):
            file_with(tax_office)
        assert tax_office.agency.arrivals.total() == 1
        assert notices_of(tax_office) == 0
        assert file_with(tax_office)


def test_a_page_of_maintenance_for_an_hour(desk: RunningSimulator[Desk], clock: Clock) -> None:
    with desk.scenario("maintenance-html"):
        page = sent(desk)
        assert desk.agency.arrivals.total() == 0
        clock.advance(timedelta(hours=1))
        assert sent(desk).body == ANSWER
    assert page.status == 200
    assert b"content-type: text/html" in page.head


def test_a_slow_verdict_comes_after_three_days(tax_office: SimulatedTaxOffice, clock: Clock) -> None:
    with tax_office.scenario("slow-verdict"):
        file_with(tax_office)
        counts = []
        for step in (timedelta(hours=1), timedelta(days=3, seconds=-1), timedelta(seconds=1)):
            clock.advance(step)
            counts.append(notices_of(tax_office))
    assert counts == [1, 1, 2]


def test_after_a_slow_verdict_the_office_is_as_quick_as_before(tax_office: SimulatedTaxOffice, clock: Clock) -> None:
    with tax_office.scenario("slow-verdict"):
        pass
    file_with(tax_office)
    clock.advance(RECEIPT_DELAY + VERDICT_DELAY)
    assert notices_of(tax_office) == 2


def test_a_clock_that_is_wrong_shows_in_what_the_office_writes(tax_office: SimulatedTaxOffice) -> None:
    with tax_office.scenario("clock-skew"):
        wrong = file_with(tax_office)
    right = file_with(tax_office)
    assert wrong.startswith("00010-0002-16112026101500000-")
    assert right.startswith("00010-0002-16112026100000000-")


def test_a_limit_on_tls_connections_drops_the_eleventh_of_a_minute(clock: Clock) -> None:
    def passes() -> bool:
        with connect(running) as connection:
            try:
                secured(running, connection)
            except (OSError, EOFError):
                return False
        return True

    with RunningSimulator(Desk(clock), tls=True) as running, running.scenario("tls-rate-limit"):
        seen = [passes() for _ in range(12)]
        clock.advance(timedelta(minutes=1))
        seen.append(passes())
    assert seen == [True] * 10 + [False] * 2 + [True]


# How it is read.


def test_what_ships_is_what_is_tested() -> None:
    assert tuple(scenarios()) == SHIPPED


@pytest.mark.parametrize("name", SHIPPED)
def test_every_scenario_tells_its_story_and_can_be_played(name: str) -> None:
    played = scenario(name)
    assert played.name == name
    for said in (played.title, played.story):
        assert said.vi
        assert said.en
        assert said.vi != said.en
    assert played.faults or played.settings
    script = Script({}, Clock())
    for each in played.faults:
        script.arm(each)
        assert Fault.of(each.told()) == each


TOLD: dict[str, Any] = {"title": {"vi": "Một", "en": "One"}, "story": {"vi": "Hai", "en": "Two"}}


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"title": TOLD["title"]}, "story"),
        (TOLD | {"title": {"vi": "Một"}}, "title.en"),
        (TOLD | {"title": {"vi": "Một", "en": "One", "fr": "Un"}}, "fr"),
        (TOLD | {"faults": []}, "faults"),
        (TOLD | {"settings": []}, "settings"),
        (TOLD | {"fault": [{"on": "x"}]}, "do"),
        (TOLD | {"fault": ["reset"]}, "fault"),
        (TOLD | {"fault": {"do": "reset"}}, "fault"),
    ],
)
def test_what_is_no_scenario_is_refused_with_the_place(wrong: dict[str, Any], where: str) -> None:
    with pytest.raises(UsageError) as refused:
        Scenario.of("x", wrong)
    assert refused.value.where == where


def test_an_unknown_scenario_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageError) as refused:
        scenario("month-begin")
    assert refused.value.where == "scenario"
    assert refused.value.remedy.vi == f"Có thể dùng: {', '.join(SHIPPED)}."
