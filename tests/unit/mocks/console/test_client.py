"""A test suite works against a simulator of this process and one elsewhere alike."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from govgateway.errors import UsageError
from govgateway_mocks.agency import Decision
from govgateway_mocks.console.client import ControlClient, RemoteSimulator
from govgateway_mocks.faults import Fault
from govgateway_mocks.server import RunningSimulator
from unit.mocks.console.caller import SHIP, Caller
from unit.mocks.console.harbour import Harbour


@pytest.fixture(params=["in process", "remote"])
def simulator(request: pytest.FixtureRequest, console: Caller) -> RunningSimulator[Harbour] | RemoteSimulator:
    """The same simulator, reached in both ways."""
    return console.harbour if request.param == "in process" else remote(console)


def remote(console: Caller) -> RemoteSimulator:
    return ControlClient(console.address).agencies()["harbour"]


def post(simulator: Any, document: bytes = SHIP) -> requests.Response:
    return requests.post(f"{simulator.service_address}/ships", data=document, timeout=5)


def test_addresses_and_names_are_the_same(console: Caller) -> None:
    there, here = remote(console), console.harbour
    for name in ("address", "service_address", "direct_address", "trust_roots"):
        assert getattr(there, name) == getattr(here, name)
    assert (there.agency.name, there.agency.title) == (here.agency.name, here.agency.title)


def test_roots_of_tls_are_a_path(console: Caller) -> None:
    told = {"name": "x", "title": {"vi": "", "en": ""}, "address": "", "service_address": "", "direct_address": ""}
    there: Any = remote(console)
    assert RemoteSimulator(there._channel, told | {"trust_roots": "/x.pem"}).trust_roots == Path("/x.pem")


def test_a_fault_is_played_for_a_block(simulator: Any) -> None:
    with simulator.fault("fog", on="/harbour/ships", nth=2, metres=5) as struck:
        assert [post(simulator).status_code for _ in range(3)] == [200, 503, 200]
        (armed,) = simulator.script.armed().values()
        assert armed.told() == Fault.flat("fog", on="/harbour/ships", nth=2, metres=5).told()
    assert list(simulator.script.armed()) == []
    assert struck == ["/harbour/ships"]
    assert [call for _, call in simulator.script.struck()] == ["/harbour/ships"]


def test_a_fault_that_a_reset_disarmed_ends_quietly(simulator: Any) -> None:
    with simulator.fault("fog"):
        simulator.agency.reset()
        assert post(simulator).status_code == 200


def test_a_fault_is_disarmed_when_the_block_fails(simulator: Any) -> None:
    with pytest.raises(KeyError), simulator.fault("fog"):
        raise KeyError
    assert list(simulator.script.armed()) == []


def test_faults_are_armed_and_cleared(simulator: Any) -> None:
    identifiers = [simulator.script.arm(Fault("fog")) for _ in range(3)]
    simulator.script.disarm(identifiers[1])
    assert list(simulator.script.armed()) == [identifiers[0], identifiers[2]]
    simulator.script.clear()
    assert list(simulator.script.armed()) == []


def test_a_scenario_is_played_for_a_block(simulator: Any) -> None:
    with simulator.scenario("maintenance-html"):
        assert "<html" in post(simulator).text
    assert post(simulator).text == "H-1"


def test_what_arrived_is_the_same(simulator: Any) -> None:
    reference = post(simulator).text
    (arrived,) = simulator.agency.submissions()
    assert (arrived.reference, arrived.key, arrived.document, arrived.state) == (reference, "Sao Mai", SHIP, "received")
    assert arrived.at.tzinfo is not None
    assert simulator.agency.arrivals == {("Sao Mai", arrived.digest): 1}
    assert simulator.agency.arrivals["none", ""] == 0


def test_a_filing_is_decided_with_its_answers(simulator: Any) -> None:
    for decision in (Decision.REFUSE, "accept"):
        simulator.agency.decide(post(simulator).text, Decision(decision), "thiếu giấy tờ")
    refused, accepted = simulator.agency.submissions()
    assert (refused.state, refused.reasons, accepted.state) == ("refused", ("thiếu giấy tờ",), "accepted")
    assert [each.data for each in (*refused.answers, *accepted.answers)] == [
        b"<notice>refuse</notice>", b"<notice>accept</notice>",
    ]  # fmt: skip
    assert refused.answers[0].title.vi == "Thông báo"


def test_exchanges_are_the_same(simulator: Any) -> None:
    with simulator.fault("status", code=503):
        post(simulator)
    post(simulator)
    first, second = simulator.exchanges
    assert (first.number, first.call, first.fault, second.fault) == (1, "/harbour/ships", "status", None)
    assert first.request.endswith(SHIP)
    assert second.answer.startswith(b"HTTP/1.1 200")
    assert first.at.tzinfo is not None


def test_the_agency_is_configured_and_reset(simulator: Any) -> None:
    simulator.agency.check_duplicates = False
    assert simulator.agency.check_duplicates is False
    simulator.agency.configure({"check_duplicates": True})
    assert simulator.agency.check_duplicates is True
    post(simulator)
    simulator.agency.reset()
    assert (simulator.agency.submissions(), simulator.agency.arrivals) == ([], {})


def test_samples_keys_and_settings_are_the_same(simulator: Any) -> None:
    assert list(simulator.agency.forms()) == ["arrival"]
    assert simulator.agency.key_of(simulator.agency.sample("arrival")) == "Sao Mai"
    assert simulator.agency.settings("http://x") == {"address": "http://x/harbour", "password": "demo"}


def test_what_is_refused_is_told_in_the_same_words(simulator: Any) -> None:
    for wrong in (
        lambda: simulator.agency.sample("none"),
        lambda: simulator.script.arm(Fault("none")),
        lambda: simulator.fault("fog", colour="red").__enter__(),
        lambda: simulator.scenario("none").__enter__(),
        lambda: simulator.agency.configure({"colour": 1}),
    ):
        with pytest.raises(UsageError) as refused:
            wrong()
        assert refused.value.message.vi.startswith(("Không có ", "Giá trị của "))
        assert refused.value.message.en.startswith(("There is no ", "The value of "))


def test_a_reference_with_any_sign_in_it_is_found(console: Caller) -> None:
    there = remote(console)
    with pytest.raises(UsageError) as refused:
        there.agency.decide("a b?c#d%é", "accept")
    assert refused.value.message.en == "There is no submission a b?c#d%é."


@pytest.fixture
def nobody() -> Iterator[str]:
    """An address at which nobody listens."""
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


def test_nobody_there_is_told_for_people(nobody: str) -> None:
    with pytest.raises(UsageError) as refused:
        ControlClient(nobody).agencies()
    assert refused.value.message.en == f"There is no console at {nobody}/api/agencies."
    assert "govgateway mocks serve" in refused.value.remedy.vi


def test_somebody_else_there_is_told_for_people(console: Caller) -> None:
    with pytest.raises(UsageError) as refused:
        ControlClient(console.harbour.address).agencies()
    assert refused.value.where == "HTTP 404"


def test_a_slash_behind_the_address_does_not_disturb(console: Caller) -> None:
    assert list(ControlClient(f"{console.address}/").agencies()) == ["harbour"]
