"""A running simulator as fixtures, assertions and the connector contract use it, and how one is started.

Simulators are found by the entry-point group ``govgateway.simulators``; nothing here imports one. Whatever has these
members will do: those of ``govgateway_mocks`` have, a third party's may.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from functools import cache
from importlib.metadata import EntryPoints, entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from govgateway.errors import ConfigurationError, Text

if TYPE_CHECKING:
    from govgateway.connector import Clock

GROUP = "govgateway.simulators"


class Submission(Protocol):
    """A filing as it arrived."""

    @property
    def reference(self) -> str:
        """What the agency gave for it."""

    @property
    def at(self) -> datetime:
        """When it arrived."""

    @property
    def key(self) -> str:
        """Its business key; empty when it could not be read."""

    @property
    def digest(self) -> str:
        """The SHA-256 of its document, in hexadecimal."""

    @property
    def state(self) -> str:
        """How far the agency is with it: waiting, received, accepted, refused."""

    @property
    def reasons(self) -> Sequence[str]:
        """Why it was refused."""

    @property
    def document(self) -> bytes:
        """The document's bytes."""


class Exchange(Protocol):
    """A request and its answer, as they went over the wire."""

    @property
    def number(self) -> int:
        """The first since the start or the last reset is 1."""

    @property
    def at(self) -> datetime:
        """When the request came, by the simulator's clock."""

    @property
    def call(self) -> str:
        """The operation that was asked for, else the path."""

    @property
    def request(self) -> bytes:
        """What came."""

    @property
    def answer(self) -> bytes:
        """What went back; less than the agency said where a fault cut it."""

    @property
    def fault(self) -> str | None:
        """The name of the fault that struck; None when none did."""


class SimulatedAgency(Protocol):
    """The agency behind a simulator."""

    name: str
    title: Text
    check_duplicates: bool

    @property
    def arrivals(self) -> Mapping[tuple[str, str], int]:
        """How often each complete document arrived, counted before any check, by business key and digest."""

    def submissions(self) -> Sequence[Submission]:
        """Everything that arrived, the oldest first."""

    def decide(self, reference: str, decision: Any, reason: str = "") -> None:
        """Decide a filing now: ``decision`` is "accept", "refuse" or "wait"."""

    def key_of(self, document: bytes) -> str:
        """The business key of a document; empty when it has none."""

    def sample(self, form: str) -> bytes:
        """A document of ``form`` that the agency would accept, unsigned."""

    def forms(self) -> Collection[str]:
        """The forms that ``sample`` knows."""

    def reset(self) -> None:
        """Forget everything that arrived, and disarm every fault."""

    def settings(self, address: str) -> Mapping[str, str]:
        """The settings by which a gateway reaches it; ``address`` is where its simulator listens."""


class RunningSimulator(Protocol):
    """A simulator that listens, in this process or, by a control client, in another."""

    @property
    def agency(self) -> SimulatedAgency:
        """The agency behind it."""

    @property
    def address(self) -> str:
        """Where it listens."""

    @property
    def service_address(self) -> str:
        """Where clients send their filings."""

    @property
    def direct_address(self) -> str:
        """The same behind the wire: no fault is played there, but the agency's own."""

    @property
    def trust_roots(self) -> Path | None:
        """The roots of its TLS (PEM); None when it speaks plain HTTP."""

    @property
    def exchanges(self) -> Sequence[Exchange]:
        """What went over the wire since it was started or reset, the oldest first."""

    def fault(
        self, do: str, *, on: str = "*", **conditions_and_parameters: Any
    ) -> AbstractContextManager[Sequence[str]]:
        """Play the fault ``do`` on the calls that ``on`` names, for the time of a with block. Raises UsageError.

        The block gets the calls that it struck; by a control client it knows them when the block ends."""

    def scenario(self, name: str) -> AbstractContextManager[object]:
        """Play a named scenario for the time of a with block. Raises UsageError."""


class StartedSimulator(RunningSimulator, Protocol):
    """One that was started here."""

    def settle(self) -> None:
        """Come back when the wire is as it has to be at this moment of the clock."""

    def stop(self) -> None:
        """Stop listening; nothing is left running."""


class Simulator(Protocol):
    """What an entry point of the group names."""

    @property
    def agency(self) -> str:
        """The name of the agency."""

    def serve(self, directory: Path, port: int = 0, *, clock: Clock, **options: Any) -> StartedSimulator:
        """Start it with the keys in ``directory``, at ``port`` (0: a free one)."""


@cache
def installed() -> EntryPoints:
    """The simulators that are installed, not loaded yet: their names are those of the agencies."""
    return entry_points(group=GROUP)


def identifier(agency: str) -> str:
    """The name of ``agency`` as the names of its fixtures begin with it."""
    return agency.replace("-", "_")


def start(agency: str, keys: Path, *, clock: Clock, **options: Any) -> StartedSimulator:
    """Start the simulator of ``agency`` with the demonstration keys in the folder ``keys``; ``options`` are its own.

    Raises ConfigurationError when none is installed, or when it lacks a package.
    """
    try:
        simulator: Simulator = installed()[agency].load()
    except KeyError:
        raise _missing(agency, "no such simulator") from None
    except ModuleNotFoundError as error:
        raise _missing(agency, f"no package {error.name}") from None
    return simulator.serve(keys, clock=clock, **options)


def _missing(agency: str, where: str) -> ConfigurationError:
    known = ", ".join(sorted(installed().names)) or "–"
    return ConfigurationError(
        Text(f"Không khởi động được bộ mô phỏng '{agency}'.", f"The simulator '{agency}' cannot be started."),
        Text(
            f"Cài đặt: pip install 'govgateway[testing]'. Có: {known}.",
            f"Install it: pip install 'govgateway[testing]'. There are: {known}.",
        ),
        where=where,
    )
