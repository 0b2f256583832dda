"""The pytest plugin: fixtures for every simulator that is installed, markers for faults. docs/testing.md describes it.

It is loaded in every project that has govgateway installed, so it imports nothing but names: what a fixture needs is
imported when the fixture is used.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from govgateway.testing.markers import MARKERS, ensure_meant, marked
from govgateway.testing.simulators import identifier, installed, start

if TYPE_CHECKING:
    from govgateway import FileSigner, Filing, Gateway, XmlDocument
    from govgateway.testing.clocks import MovingClock
    from govgateway.testing.simulators import RunningSimulator


def pytest_configure(config: pytest.Config) -> None:
    """Make the markers known, and the fixtures of every agency, without loading its simulator."""
    for line in MARKERS.values():
        config.addinivalue_line("markers", line)
    for agency in installed().names:
        config.pluginmanager.register(_fixtures_of(agency), f"govgateway-{agency}")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A marker that would do nothing fails the test."""
    ensure_meant(item)


def _fixtures_of(agency: str) -> type:
    """A class that holds the fixtures of ``agency``."""
    name = identifier(agency)

    def simulator(
        request: pytest.FixtureRequest, demonstration_keys: Path, gateway_clock: MovingClock
    ) -> Iterator[RunningSimulator]:
        running = start(agency, demonstration_keys, clock=gateway_clock)
        gateway_clock.watchers.append(running.settle)
        try:
            with marked(request.node, agency, running):
                yield running
        finally:
            gateway_clock.watchers.remove(running.settle)
            running.stop()

    def gateway(
        request: pytest.FixtureRequest,
        tmp_path_factory: pytest.TempPathFactory,
        demonstration_keys: Path,
        gateway_clock: MovingClock,
    ) -> Iterator[Gateway]:
        from govgateway.testing.gateways import open_gateway

        running = request.getfixturevalue(f"{name}_simulator")
        home = tmp_path_factory.mktemp(f"{name}-home")
        with open_gateway(home, running, demonstration_keys, gateway_clock) as opened:
            yield opened

    simulator.__doc__ = f"The simulator of {agency}: in process, at a port of its own, empty."
    gateway.__doc__ = f"A Gateway with a home and a ledger of its own that files with {name}_simulator."
    made: dict[str, Callable[..., object]] = {f"{name}_simulator": simulator, f"{name}_gateway": gateway}
    return type(f"{agency} fixtures", (), {each: pytest.fixture(name=each)(made[each]) for each in made})


@pytest.fixture(scope="session")
def demonstration_keys(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the demonstration keys, made once per run: `trust.pem`, `<tax code>.p12` (password "demo")."""
    from govgateway.testing.keys import make_keys

    own = tmp_path_factory.getbasetemp() / "demonstration-keys"
    if not hasattr(pytestconfig, "workerinput"):
        return make_keys(own)
    # Under pytest-xdist each process has a folder below the run's. A copy is its own: simulators write into it.
    return Path(shutil.copytree(make_keys(own.parent.parent / own.name), own))


@pytest.fixture
def demonstration_signer(demonstration_keys: Path) -> FileSigner:
    """The key of the demonstration department, 9900000016."""
    from govgateway.signing.signer import FileSigner
    from govgateway.testing.keys import DEPARTMENT, PASSWORD, key_of

    return FileSigner.read(key_of(DEPARTMENT, demonstration_keys), PASSWORD)


@pytest.fixture
def gateway_clock() -> MovingClock:
    """The clock of gateway and simulators: it stands still until a test or a waiting gateway moves it."""
    from govgateway.testing.clocks import MovingClock

    return MovingClock()


@pytest.fixture
def sample(request: pytest.FixtureRequest, gateway_clock: MovingClock) -> Callable[..., XmlDocument]:
    """`sample("879")`: a document of that form, unsigned, that its agency accepts; `period="09/2026"` for another."""
    from govgateway.testing.samples import sample_of

    simulators = [f"{name}_simulator" for name in map(identifier, sorted(installed().names))]
    simulators.sort(key=lambda each: each not in request.fixturenames)  # those that the test has are running already

    def made(form: str, *, period: str = "") -> XmlDocument:
        agencies = (request.getfixturevalue(each).agency for each in simulators)
        return sample_of(form, agencies, period, gateway_clock().date())

    return made


@pytest.fixture
def assert_accepted(request: pytest.FixtureRequest) -> Callable[[Filing], None]:
    """`assert_accepted(filing)`: the agency of the test's simulator has accepted it."""
    from govgateway.testing import assertions

    return _bound(request, assertions.assert_accepted, "simulator")


@pytest.fixture
def assert_arrived_once(request: pytest.FixtureRequest) -> Callable[[Filing], None]:
    """`assert_arrived_once(filing)`: its document arrived at the test's simulator exactly once."""
    from govgateway.testing import assertions

    return _bound(request, assertions.assert_arrived_once, "simulator")


@pytest.fixture
def assert_never_arrived(request: pytest.FixtureRequest) -> Callable[[Filing], None]:
    """`assert_never_arrived(filing)`: nothing of it arrived at the test's simulator."""
    from govgateway.testing import assertions

    return _bound(request, assertions.assert_never_arrived, "simulator")


@pytest.fixture
def assert_evidence_complete(request: pytest.FixtureRequest) -> Callable[[Filing], None]:
    """`assert_evidence_complete(filing)`: the test's gateway kept everything about it, whole and verifiable."""
    from govgateway.testing import assertions

    return _bound(request, assertions.assert_evidence_complete, "gateway")


def _bound(
    request: pytest.FixtureRequest, assertion: Callable[[Filing, Any], None], to: str
) -> Callable[[Filing], None]:
    """``assertion`` about the test's own simulator or gateway for the agency of the filing: a new one would know
    nothing of it."""

    def bound(filing: Filing) -> None:
        __tracebackhide__ = True
        name = f"{identifier(filing.key.agency)}_{to}"
        if name not in request.fixturenames:
            pytest.fail(f"the test uses no {name}; call the assertion of govgateway.testing with the one that it uses")
        assertion(filing, request.getfixturevalue(name))

    return bound
