"""docs/testing.md lists every fixture, marker, fault, condition, scenario and name, and its examples run."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

import govgateway.testing
from govgateway import FileSigner, Status, read_xml
from govgateway.testing import (
    DEPARTMENT,
    PASSWORD,
    MovingClock,
    assert_arrived_once,
    markers,
    open_gateway,
    plugin,
    simulators,
)
from govgateway_mocks.console.client import ControlClient
from govgateway_mocks.console.running import started
from govgateway_mocks.etax.faults import FAULTS
from govgateway_mocks.etax.simulator import simulator
from govgateway_mocks.faults import CONDITIONS, FaultKind
from govgateway_mocks.kinds import KINDS
from govgateway_mocks.scenarios import scenarios
from unit.docs.pages import Page, rows, spans_of

pytest_plugins = ["pytester"]
PAGE = Page("docs/testing.md")
_FIXTURE = "FixtureFunctionDefinition"


def _first_cells(heading: str) -> list[str]:
    return [name for row in rows(PAGE.section(heading)) for name in spans_of(row[0])]


def test_every_fixture_is_described_and_no_other() -> None:
    def fixtures_in(holder: object) -> set[str]:
        return {name for name, each in vars(holder).items() if type(each).__name__ == _FIXTURE}

    agency = fixtures_in(plugin._fixtures_of("<agency>"))
    assert set(_first_cells("Fixtures")) == fixtures_in(plugin) | agency


def test_every_marker_is_described_and_no_other() -> None:
    assert set(_first_cells("Faults in a test")) == set(markers.MARKERS)


def test_every_condition_is_described_and_no_other() -> None:
    assert tuple(_first_cells("On which call, and when")) == CONDITIONS


@pytest.mark.parametrize(
    ("heading", "kinds"),
    [
        ("Faults of the wire", [each for each in KINDS.values() if each.layer == "wire"]),
        ("Faults of a gateway in front of the agency", [each for each in KINDS.values() if each.layer == "http"]),
        ("Faults of the tax office", list(FAULTS.values())),
    ],
)
def test_every_fault_is_described_with_its_parameters(heading: str, kinds: Iterable[FaultKind]) -> None:
    described = {spans_of(row[0])[0]: spans_of(row[1]) for row in rows(PAGE.section(heading))}
    assert described == {
        kind.name: [f"{name} = {json.dumps(value)}" for name, value in kind.parameters.items()] for kind in kinds
    }


def test_every_choice_of_a_parameter_is_named() -> None:
    text = PAGE.section("Faults of the wire")
    for kind in KINDS.values():
        for name, choices in kind.choices.items():
            assert name not in kind.parameters or set(choices) <= set(re.findall(r"[a-z]+", text)), (kind.name, name)


def test_every_scenario_is_described_and_no_other() -> None:
    assert _first_cells("Scenarios") == list(scenarios())


def test_every_assertion_is_described_with_its_arguments() -> None:
    described = [each.partition("(")[::2] for each in _first_cells("Assertions")]
    for name, arguments in described:
        assertion = getattr(govgateway.testing, name)
        assert list(inspect.signature(assertion).parameters) == arguments.rstrip(")").split(", ")
    public = {each for each in govgateway.testing.__all__ if each.startswith("assert_")}
    assert {name for name, _ in described} == public


def test_every_public_name_is_described_once() -> None:
    assert sorted(_first_cells("Names")) == sorted(govgateway.testing.__all__)
    assert all(getattr(govgateway.testing, name) is not None for name in govgateway.testing.__all__)


def test_every_member_of_what_a_test_gets_is_described() -> None:
    described = {name: spans_of(row[1]) for row in rows(PAGE.section("Names")) for name in spans_of(row[0])}
    for kind in ("Simulator", "RunningSimulator", "StartedSimulator", "SimulatedAgency", "Submission", "Exchange"):
        protocol = getattr(simulators, kind)
        members = {each for each in {*vars(protocol), *inspect.get_annotations(protocol)} if not each.startswith("_")}
        assert members <= set(described[kind]), kind
        assert set(described[kind]) - members <= {"govgateway.simulators"}, kind


# The examples


@pytest.fixture
def reader(pytester: pytest.Pytester, demonstration_keys: Path) -> pytest.Pytester:
    """Somebody who follows the page in an empty folder; the keys were made before."""
    pytester.makeconftest(
        f"import pathlib, pytest\n\n@pytest.fixture(scope='session')\ndef demonstration_keys():\n"
        f"    return pathlib.Path({str(demonstration_keys)!r})\n"
    )
    for name, text in PAGE.files().items():
        (pytester.path / name).write_text(text, encoding="utf-8")
    return pytester


ARGUMENTS = ("-q", "-p", "no:cacheprovider", "-W", "error")


def _shown(block: int) -> list[str]:
    """What a block of output says, with the id and the digest of any filing, and messages of any size."""
    text = re.sub(r"\d{6}-[0-9A-Z]{6}|[0-9a-f]{12}…|[\d,]+ bytes", "*", PAGE.blocks("text")[block])
    return [f"{line.rstrip()}*" for line in text.splitlines()]


def test_the_outage_test_fails_first_and_passes_then(reader: pytest.Pytester) -> None:
    reader.syspathinsert()
    failed = reader.runpytest_inprocess(*ARGUMENTS)
    failed.assert_outcomes(failed=1)
    failed.stdout.fnmatch_lines(_shown(0), consecutive=True)
    right = next(each for each in PAGE.blocks("python") if "gateway.wait" in each)
    (reader.path / "closing.py").write_text(right, encoding="utf-8")
    reader.runpytest_inprocess(*ARGUMENTS).assert_outcomes(passed=1)


def test_a_failure_shows_what_is_said(reader: pytest.Pytester) -> None:
    reader.makepyfile(
        test_failing="""
        import pytest

        @pytest.mark.agency_fault("etax", "reset", at="request", bytes=400)
        def test_failing(etax_gateway, demonstration_signer, sample, assert_arrived_once):
            assert_arrived_once(etax_gateway.advance(etax_gateway.submit(sample("879"), demonstration_signer).id))
        """
    )
    reader.runpytest_inprocess(*ARGUMENTS, "test_failing.py").stdout.fnmatch_lines(_shown(1))


def test_the_fault_in_a_block_does_what_is_said(reader: pytest.Pytester) -> None:
    example = next(each for each in PAGE.blocks("python") if "def test_the_answer_is_lost" in each)
    reader.makepyfile(test_block=example)
    reader.runpytest_inprocess(*ARGUMENTS, "test_block.py").assert_outcomes(passed=1)


def test_fixtures_of_their_own_take_the_place_of_ours(reader: pytest.Pytester) -> None:
    clock, simulator = (
        next(each for each in PAGE.blocks("python") if f"def {name}" in each)
        for name in ("gateway_clock", "etax_simulator")
    )
    reader.makepyfile(
        test_own=f"{clock}\n{simulator}\n"
        """
def test_own(etax_gateway, etax_simulator, gateway_clock, demonstration_signer, sample, assert_arrived_once):
    assert etax_simulator.address.startswith("https://")
    began = gateway_clock.now
    assert began.year == 2027
    filing = etax_gateway.submit(sample("879", period="12/2026"), demonstration_signer)
    filing = etax_gateway.wait(filing.id, timeout=timedelta(days=10))
    assert filing.status == "ACCEPTED"
    assert gateway_clock.now - began > timedelta(days=3)
    assert_arrived_once(filing)
"""
    )
    reader.runpytest_inprocess(*ARGUMENTS, "test_own.py").assert_outcomes(passed=1)


def test_a_simulator_elsewhere_is_used_like_one_of_this_process(tmp_path: Path) -> None:
    example = next(each for each in PAGE.blocks("python") if "ControlClient" in each)
    with started({"etax": simulator}, tmp_path / "keys") as running:
        etax = ControlClient(running.address).agencies()["etax"]
        with open_gateway(tmp_path, etax, tmp_path / "keys", MovingClock(datetime.now(UTC))) as gateway:
            signer = FileSigner.read(tmp_path / "keys" / f"{DEPARTMENT}.p12", PASSWORD)
            filing = gateway.submit(read_xml(etax.agency.sample("879")), signer)
            told = example.replace("http://127.0.0.1:8700", running.address).replace("...  #", "file()  #")
            exec(told, {"file": lambda: gateway.advance(filing.id)})
        assert gateway.filing(filing.id).status is Status.IN_DOUBT
        assert_arrived_once(filing, etax)
