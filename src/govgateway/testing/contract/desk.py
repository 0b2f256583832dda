"""A connector at its running simulator: each call is made under one fault and watched; the truth is written down."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from govgateway.configuration.endpoints import endpoints_of
from govgateway.connector import (
    Connector,
    Environment,
    FindResult,
    PollResult,
    Recognition,
    Route,
    SubmitResult,
    TrustStore,
    read_xml,
)
from govgateway.testing.clocks import START, MovingClock
from govgateway.testing.contract.cases import FAULTLESS, HANDSHAKE, Case, Kind, Stage
from govgateway.testing.contract.samples import Samples
from govgateway.testing.contract.watch import Conduct, Send, WatchedTransport, watched
from govgateway.testing.simulators import Exchange, RunningSimulator, Submission

PATIENCE = 5.0
SILENCE = 0.2
"""Seconds of real time for which an answer is waited for: that comes, and that never comes."""

CANARY = "canary-Kh0ng-ai-duoc-thay"
"""The password of the route. It is looked for wherever it must not be."""

SOON = timedelta(minutes=1)

T = TypeVar("T")


class Script(Protocol):
    """What the simulator can play."""

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """Every kind of fault, by name."""

    def struck(self) -> Collection[tuple[str, str]]:
        """The faults that were played since the last reset, and on which call."""


@dataclass(frozen=True)
class Truth:
    """What the simulator knows: how often the document arrived whole, under which references, oldest first, and how
    many other documents arrived."""

    arrived: int
    references: tuple[str, ...]
    strangers: int

    def __str__(self) -> str:
        named = f", known there as {', '.join(self.references)}" if self.references else ""
        return f"the document arrived {self.arrived} times{named}"


@dataclass(frozen=True)
class Observation(Generic[T]):
    """One call: what was armed and whether it was ``played``, what the connector answered (None when it raised
    ``error``), what it did meanwhile, what was sent, and the truth."""

    case: Case
    result: T | None
    error: Exception | None
    conduct: Conduct
    sends: tuple[Send, ...]
    truth: Truth
    played: bool


@dataclass
class Desk:
    """``secure`` is another simulator of the same agency, over TLS, for the faults of the handshake."""

    connector: Connector
    simulator: RunningSimulator
    secure: RunningSimulator
    clock: MovingClock
    samples: Samples
    settled_after: timedelta
    every: bool

    def recognition(self, document: bytes) -> Recognition:
        """What the connector says that a document of the samples is."""
        found = self.connector.recognise(read_xml(document))
        assert found is not None, f"recognise does not know a sample: {document[:200]!r}"
        return found

    def begin(self, at: datetime = START) -> None:
        """A simulator that nothing arrived at, and the clock at the start."""
        for each in (self.simulator, self.secure):
            each.agency.reset()
        self.clock.now = at

    def kinds(self) -> Iterator[Kind]:
        """Every kind of fault that the simulator plays."""
        yield from _script(self.simulator).kinds.values()

    def stage(self, recorded: Exchange, document: bytes = b"") -> Stage:
        """What faults are played on: the call that is ``recorded``, which carries ``document`` if it carries one. A
        redirect leads to where the request would be carried out. Every byte matters of what carries a document."""
        path = recorded.request.split(b" ", 2)[1].decode("ascii")
        return Stage(recorded, document, f"{self.simulator.direct_address}{path}", self.every and bool(document))

    def trust(self) -> TrustStore:
        """Whom the route believes."""
        return self._route(self.simulator, PATIENCE)[0].trust

    def password(self) -> str:
        """What the route's password is."""
        return self._route(self.simulator, PATIENCE)[0].password.value

    def submit(self, document: bytes, case: Case = FAULTLESS, on: str = "*") -> Observation[SubmitResult]:
        """Send ``document``, with the calls ``on`` struck by ``case``."""
        return self._observe(lambda route: self.connector.submit(document, route), document, case, on)

    def find(
        self, document: bytes, first_sent: datetime, case: Case = FAULTLESS, on: str = "*", known: Iterable[str] = ()
    ) -> Observation[FindResult]:
        """Look for ``document``."""
        others = frozenset(known)
        return self._observe(lambda route: self.connector.find(document, first_sent, others, route), document, case, on)

    def poll(
        self, reference: str, seen: Iterable[str] = (), case: Case = FAULTLESS, on: str = "*"
    ) -> Observation[PollResult]:
        """Ask for messages."""
        before = frozenset(seen)
        return self._observe(lambda route: self.connector.poll(reference, before, route), b"", case, on)

    def recorded(self, seen: Observation[Any]) -> Mapping[str, Exchange]:
        """The exchanges of a call without a fault, by what was called, in their order."""
        faultless = [each for each in self.simulator.exchanges if each.fault is None]
        return {each.call: each for each in faultless[-len(seen.sends) :]} if seen.sends else {}

    def settle(self) -> None:
        """Let the agency come to its verdict."""
        self.clock.now += self.settled_after

    def references(self, document: bytes) -> tuple[str, ...]:
        """What the agency calls ``document``, oldest first."""
        return tuple(each.reference for each in self._submissions(document))

    def _submissions(self, document: bytes) -> Iterator[Submission]:
        digest = _digest(document)
        for each in (self.simulator, self.secure):
            yield from (every for every in each.agency.submissions() if every.digest == digest)

    def _observe(self, call: Callable[[Route], T], document: bytes, case: Case, on: str) -> Observation[T]:
        simulator = self.secure if case.kind == HANDSHAKE else self.simulator
        route, transport = self._route(simulator, SILENCE if case.silent else PATIENCE)
        result: T | None = None
        error: Exception | None = None
        with _armed(simulator, case, on), watched(type(self.connector).__module__.split(".")[0]) as conduct:
            try:
                result = call(route)
            except Exception as raised:
                error = raised
        return Observation(
            case,
            result,
            error,
            conduct,
            tuple(transport.sends),
            self._truth(document),
            bool(_script(simulator).struck()),
        )

    def _truth(self, document: bytes) -> Truth:
        digest, arrived, others = _digest(document), 0, 0
        for simulator in (self.simulator, self.secure):
            for (_, each), times in simulator.agency.arrivals.items():
                arrived += times if each == digest else 0
                others += times if each != digest else 0
        return Truth(arrived, self.references(document), others)

    def _route(self, simulator: RunningSimulator, patience: float) -> tuple[Route, WatchedTransport]:
        """The route that the simulator's own settings describe."""
        name, environment = self.connector.agency, Environment.SIMULATOR
        settings = simulator.agency.settings(simulator.address)
        ((_, endpoint),) = endpoints_of({name: {environment.value: dict(settings)}}, Path.cwd() / "settings")
        transport = WatchedTransport(patience, patience, ca_file=simulator.trust_roots)
        trust = TrustStore.from_pem(endpoint.trust.read_bytes()) if endpoint.trust else TrustStore.empty()
        route = Route(
            environment=environment,
            address=endpoint.address,
            username=endpoint.username,
            password=endpoint.password,
            trust=trust,
            transport=transport,
            clock=self.clock,
            settings=endpoint.settings,
        )
        return route, transport


def _script(simulator: RunningSimulator) -> Script:
    script: Script = simulator.script  # type: ignore[attr-defined]  # in this process, not by a control client
    return script


def _armed(simulator: RunningSimulator, case: Case, on: str) -> AbstractContextManager[object]:
    if case is FAULTLESS:
        return nullcontext()
    return simulator.fault(case.kind, on=on, **case.parameters)


def _digest(document: bytes) -> str:
    return hashlib.sha256(document).hexdigest()
