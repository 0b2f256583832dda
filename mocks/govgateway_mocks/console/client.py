"""Simulators that somebody else started, used like those of this process: over the control interface of their console.

etax = ControlClient("http://127.0.0.1:8700").agencies()["etax"]
with etax.fault("reset", on="nhanHSoXML", nth=1, at="answer"):
    ...
assert list(etax.agency.arrivals.values()) == [1]
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from govgateway_mocks.console.channel import Channel
from govgateway_mocks.console.remote import RemoteAgency, RemoteScript
from govgateway_mocks.exchange import Exchange
from govgateway_mocks.faults import Fault


class ControlClient:
    """The control interface of the console at ``address``, such as ``http://127.0.0.1:8700``.

    Every call, here and on what it gives, raises UsageError for what is refused and when nobody is there.
    """

    def __init__(self, address: str) -> None:
        self._channel = Channel(f"{address.rstrip('/')}/api/agencies")

    def agencies(self) -> dict[str, RemoteSimulator]:
        """Every simulator, by the name of its agency."""
        told = self._channel.ask()["agencies"]
        return {each["name"]: RemoteSimulator(self._channel.below(each["name"]), each) for each in told}


class RemoteSimulator:
    """A simulator, with the names that RunningSimulator has; stopped it is where it was started.

    Its agency, script and exchanges are asked for anew each time.
    """

    def __init__(self, channel: Channel, told: Mapping[str, Any]) -> None:
        self._channel = channel
        self.agency = RemoteAgency(channel, told)
        self.script = RemoteScript(channel.below("faults"))
        self.address: str = told["address"]
        self.service_address: str = told["service_address"]
        self.direct_address: str = told["direct_address"]
        self.trust_roots = Path(told["trust_roots"]) if told["trust_roots"] else None

    @property
    def exchanges(self) -> list[Exchange]:
        """What went over the wire since the last reset, the oldest first."""
        return [_exchange(each) for each in self._channel.below("exchanges").ask()["exchanges"]]

    @contextmanager
    def fault(self, do: str, *, on: str = "*", **conditions_and_parameters: Any) -> Iterator[Sequence[str]]:
        """Play a fault for the time of a with block; names of conditions are conditions, all others parameters.

        What the block gets holds, when it has ended, the calls that were struck."""
        struck: list[str] = []
        identifier = self.script.arm(Fault.flat(do, on=on, **conditions_and_parameters))
        try:
            yield struck
        finally:
            struck += [call for each, call in self.script.struck() if each == identifier]
            if identifier in self.script.armed():  # a reset disarms everything
                self.script.disarm(identifier)

    @contextmanager
    def scenario(self, name: str) -> Iterator[None]:
        """Play a named scenario for the time of a with block; one that was begun before ends."""
        scenario = self._channel.below("scenario")
        scenario.tell({"name": name})
        try:
            yield
        finally:
            scenario.remove()

    def reset(self) -> None:
        """The agency forgets everything that arrived, and every fault is disarmed; exchanges are counted anew."""
        self.agency.reset()


def _exchange(told: Mapping[str, Any]) -> Exchange:
    bodies = {name: b64decode(told[name]) for name in ("request", "answer")}
    return Exchange(**{**told, **bodies, "at": datetime.fromisoformat(told["at"])})
