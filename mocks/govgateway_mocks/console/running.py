"""Every simulator on a listener of its own, and the console beside them."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from govgateway_mocks.console.application import application
from govgateway_mocks.console.listening import HOST, ConsoleServer
from govgateway_mocks.console.station import Stations
from govgateway_mocks.pki.routes import pki_routes
from govgateway_mocks.wire.listener import Listener

if TYPE_CHECKING:
    from govgateway_mocks.server import RunningSimulator, Simulator


@dataclass(frozen=True)
class Running:
    """What was started: the console's ``address``, and the simulators by name."""

    address: str
    simulators: Mapping[str, RunningSimulator[Any]]


@contextmanager
def started(
    simulators: Mapping[str, Simulator],
    directory: Path,
    base: int = 0,
    *,
    state: Path | None = None,
    tls: bool = False,
    scenario: str = "",
    **behaviour: Any,
) -> Iterator[Running]:
    """Start the simulators at the ports after ``base`` and the console there (0: free ones); stop them at the end.

    ``directory`` holds the demonstration keys. ``state`` names the state files, one for each agency: ``state.jsonl``
    gives ``state-etax.jsonl``. ``behaviour`` is for the agencies that know it. Raises UsageError when a port is taken,
    or nobody knows the scenario.
    """
    with ExitStack() as stack:
        listener = Listener(HOST, base)  # first, so that a port that is taken is the one that was asked for
        stack.callback(listener.socket.close)
        running = {}
        for number, (name, each) in enumerate(simulators.items(), start=1):
            options = _known(each, behaviour) | ({"tls": True} if tls else {})
            if state:
                options["state"] = state.with_stem(f"{state.stem}-{name}")
            running[name] = stack.enter_context(each.serve(directory, base and base + number, **options))
        stations = Stations(running)
        stack.callback(stations.end)
        if scenario:
            stations.begin(scenario)
        pki = pki_routes(next(iter(running.values())).pki)
        console = stack.enter_context(ConsoleServer(application(stations, pki), listener))
        yield Running(console.address, running)


def _known(simulator: Simulator, behaviour: Mapping[str, Any]) -> dict[str, Any]:
    """What of ``behaviour`` this agency knows: how long an answer takes is not the same for all."""
    taken = inspect.signature(simulator.serve).parameters
    return {name: value for name, value in behaviour.items() if name in taken}
