"""The pytest plugin as a test suite has it: fixtures, faults, markers, and what a failure says."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

import govgateway_mocks.etax.simulator  # noqa: F401  # what pytester loads within this process it would load anew
from govgateway import FileSigner, Filing, Gateway, Outcome, Status, XmlDocument
from govgateway.testing import START, MovingClock, RunningSimulator

pytest_plugins = ["pytester"]

Assertion = Callable[[Filing], None]
Samples = Callable[..., XmlDocument]

# The fixtures


@pytest.fixture
def filing(etax_gateway: Gateway, demonstration_signer: FileSigner, sample: Samples) -> Filing:
    """A declaration that waits to be sent."""
    return etax_gateway.submit(sample("879"), demonstration_signer)


def test_a_gateway_files_to_the_verdict_and_nobody_waits(
    etax_gateway: Gateway,
    filing: Filing,
    gateway_clock: MovingClock,
    assert_arrived_once: Assertion,
    assert_evidence_complete: Assertion,
) -> None:
    assert etax_gateway.wait(filing.id).status is Status.ACCEPTED
    assert START < gateway_clock.now < START + timedelta(minutes=1)
    assert_arrived_once(filing)
    assert_evidence_complete(filing)


@pytest.mark.parametrize("again", [False, True])
def test_each_test_has_a_simulator_of_its_own(etax_simulator: RunningSimulator, filing: Filing, again: bool) -> None:
    assert etax_simulator.agency.submissions() == []
    assert filing.status is Status.READY


def test_gateway_and_simulator_live_by_the_same_clock(
    etax_gateway: Gateway, etax_simulator: RunningSimulator, filing: Filing, gateway_clock: MovingClock
) -> None:
    moment = gateway_clock.advance(days=3)
    etax_gateway.advance(filing.id)
    assert etax_simulator.agency.submissions()[0].at == etax_simulator.exchanges[0].at == moment
    assert etax_gateway.history(filing.id).attempts[0].started_at == moment


# Faults


def test_a_fault_lasts_as_long_as_its_block(
    etax_gateway: Gateway, etax_simulator: RunningSimulator, filing: Filing, assert_arrived_once: Assertion
) -> None:
    with etax_simulator.fault("reset", on="nhanHSoXML", nth=1, at="answer"):
        assert etax_gateway.advance(filing.id).status is Status.IN_DOUBT
    assert etax_gateway.wait(filing.id).status is Status.ACCEPTED
    assert_arrived_once(filing)


@pytest.mark.agency_fault("etax", "reset", on="nhanHSoXML", nth=1, at="request", bytes=10)
@pytest.mark.agency_fault("etax", "status", on="nhanHSoXML", code=503, nth=1)
def test_the_faults_of_several_markers_are_played(
    etax_gateway: Gateway, filing: Filing, etax_simulator: RunningSimulator, assert_never_arrived: Assertion
) -> None:
    etax_gateway.advance(filing.id)
    assert [each.fault for each in etax_simulator.exchanges] == ["reset"]
    assert_never_arrived(filing)
    etax_gateway.wait(filing.id, timeout=timedelta(hours=2))
    assert [each.fault for each in etax_simulator.exchanges if each.fault] == ["reset", "status"]


@pytest.mark.scenario("etax", "outage-2h")
def test_the_scenario_of_a_marker_is_played_and_ends_by_the_clock(
    etax_gateway: Gateway, filing: Filing, gateway_clock: MovingClock
) -> None:
    assert etax_gateway.wait(filing.id, timeout=timedelta(days=1)).status is Status.ACCEPTED
    assert gateway_clock.now >= START + timedelta(hours=2)
    outcomes = {each.outcome for each in etax_gateway.history(filing.id).attempts}
    assert outcomes == {Outcome.NOT_SENT, Outcome.ACKNOWLEDGED}


# What a project sees that uses it wrongly, or not at all


@pytest.fixture
def project(pytester: pytest.Pytester, demonstration_keys: Path) -> pytest.Pytester:
    """An outside project; its keys are those of this run."""
    pytester.makeconftest(
        f"""
        from pathlib import Path
        import pytest

        @pytest.fixture(scope="session")
        def demonstration_keys():
            return Path({str(demonstration_keys)!r})
        """
    )
    return pytester


def test_a_marker_that_would_do_nothing_fails_its_test(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import pytest

        @pytest.mark.agency_fault("etaxx", "reset")
        def test_agency(etax_simulator): ...

        @pytest.mark.agency_fault("etax", "resett")
        def test_kind(etax_simulator): ...

        @pytest.mark.agency_fault("etax", "reset", byts=1)
        def test_parameter(etax_gateway): ...

        @pytest.mark.agency_fault("etax", "wrong-key", on="nhanHSoXML")
        def test_never(etax_simulator): ...

        @pytest.mark.agency_fault("etax")
        def test_nothing(etax_simulator): ...

        @pytest.mark.scenario("etax", "outage-3h")
        def test_scenario(etax_simulator): ...

        @pytest.mark.agency_fault("etax", "reset")
        def test_fixture(): ...

        @pytest.mark.scenario("a scenario of another project")
        def test_foreign(): ...
        """
    )
    result = project.runpytest_inprocess("-q", "-p", "no:cacheprovider", "-W", "error")
    result.assert_outcomes(passed=1, errors=7)
    text = result.stdout.str()
    for said in (
        "@pytest.mark.agency_fault: 'etaxx' is no agency with a simulator; there are: etax",
        "@pytest.mark.agency_fault: The value of 'do' is not possible. Possible: ",
        "@pytest.mark.agency_fault: The value of 'on' is not possible. Possible: getTbao, ",
        "@pytest.mark.agency_fault: There is no 'byts'. Possible: at, bytes, of",
        'its arguments do not fit; it is agency_fault(agency, do, *, on="*", **more)',
        "@pytest.mark.scenario: The value of 'scenario' is not possible. Possible: ",
        "@pytest.mark.agency_fault: the test uses neither etax_simulator nor etax_gateway",
    ):
        assert said in text, said
    assert "Traceback" not in text
    assert "markers.py" not in text


def test_a_marker_that_means_a_call_and_never_struck_fails_its_test(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import pytest

        @pytest.mark.agency_fault("etax", "reset", on="nhanHSoXML", nth=2)
        def test_never(etax_gateway, demonstration_signer, sample):
            etax_gateway.advance(etax_gateway.submit(sample("879"), demonstration_signer).id)

        @pytest.mark.agency_fault("etax", "reset", on="nhanHSoXML", times=1)
        def test_struck(etax_gateway, demonstration_signer, sample):
            etax_gateway.advance(etax_gateway.submit(sample("879"), demonstration_signer).id)

        @pytest.mark.agency_fault("etax", "reset", on="nhanHSoXML")
        def test_always(etax_gateway): ...
        """
    )
    result = project.runpytest_inprocess("-q", "-p", "no:cacheprovider", "-W", "error")
    result.assert_outcomes(passed=3, errors=1)
    result.stdout.fnmatch_lines(["*@pytest.mark.agency_fault: ('reset',) {*'nth': 2} never struck a call"])


def test_a_failed_assertion_shows_the_exchange_and_no_password(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import pytest

        @pytest.mark.agency_fault("etax", "reset", on="nhanHSoXML", at="request", bytes=400)
        def test_lost(etax_gateway, demonstration_signer, sample, assert_arrived_once):
            filing = etax_gateway.advance(etax_gateway.submit(sample("879"), demonstration_signer).id)
            assert_arrived_once(filing)

        def test_early(etax_gateway, demonstration_signer, sample, assert_evidence_complete):
            filing = etax_gateway.advance(etax_gateway.submit(sample("879"), demonstration_signer).id)
            assert_evidence_complete(filing)

        def test_strange(etax_gateway, demonstration_signer, sample, assert_arrived_once):
            filing = etax_gateway.submit(sample("879"), demonstration_signer)
            assert_arrived_once(filing)

        def test_without(sample, assert_arrived_once, etax_gateway, demonstration_signer):
            from dataclasses import replace
            filing = etax_gateway.submit(sample("879"), demonstration_signer)
            assert_arrived_once(replace(filing, key=replace(filing.key, agency="customs")))
        """
    )
    result = project.runpytest_inprocess("-q", "-p", "no:cacheprovider", "-W", "error")
    result.assert_outcomes(failed=4)
    result.stdout.fnmatch_lines(
        [
            "E*AssertionError: the document of filing * (879 M 10/2026, *) never arrived at etax",
            "E*what went over the wire:",
            "E*#1  10:00:00  *fault: reset",
            "E*→ POST /ihtkk_van/NhanHSoThueServicePort HTTP/1.1, * bytes",
            "E*<soap-env:Body>",
            "E*<ns0:nhanHSoXML>",
            "E*← nothing",
            "E*AssertionError: the evidence of filing * (SUBMITTED) is not complete:",
            "E*- the agency has given no verdict yet: the filing is SUBMITTED",
            "E*its log:",
            "E*1  10:00:00  DRAFT * registered*",
            "E*nothing went over the wire",
            "*the test uses no customs_simulator; call the assertion of govgateway.testing with the one that it uses",
        ]
    )
    assert "demo<" not in result.stdout.str()


def test_a_project_that_does_not_use_it_loads_nothing(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import sys

        def test_modules():
            own = {name for name in sys.modules if name.startswith("govgateway")}
            assert own == {
                "govgateway", "govgateway.lazily", "govgateway.errors", "govgateway.testing",
                "govgateway.testing.plugin", "govgateway.testing.markers", "govgateway.testing.simulators",
                "govgateway.testing.contract", "govgateway.testing.contract.sheet",
            }
            assert not {"lxml", "cryptography", "sqlalchemy", "starlette", "xmlsec"} & set(sys.modules)
        """
    )
    result = pytester.runpytest_subprocess("-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-W", "error")
    result.assert_outcomes(passed=1)


@pytest.mark.slow
def test_processes_share_the_keys_and_nothing_else(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("number", range(6))
        def test_files(number, etax_gateway, demonstration_signer, sample, assert_arrived_once, demonstration_keys):
            filing = etax_gateway.wait(etax_gateway.submit(sample("879"), demonstration_signer).id)
            assert filing.status == "ACCEPTED"
            assert_arrived_once(filing)
            shared = demonstration_keys.parent.parent / demonstration_keys.name
            assert (shared / "trust.pem").read_bytes() == (demonstration_keys / "trust.pem").read_bytes()
        """
    )
    base = pytester.path / "base"
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "-W", "error", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, f"--basetemp={base}"], cwd=pytester.path, capture_output=True, text=True, check=False
    )
    assert "6 passed" in done.stdout, done.stdout + done.stderr
    assert {each.name for each in base.iterdir()} == {"demonstration-keys", "popen-gw0", "popen-gw1"}
