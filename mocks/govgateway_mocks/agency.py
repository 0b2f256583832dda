"""What the kit (server, wire, console, fixtures) asks of a simulated agency: every simulator is one of these."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from govgateway.errors import Text

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from govgateway_mocks.faults import FaultKind
    from govgateway_mocks.pki import DemonstrationPki
    from govgateway_mocks.script import Script

Clock = Callable[[], datetime]


class Decision(StrEnum):
    """What somebody makes the agency do with a filing now, instead of judging it in its own time."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    WAIT = "wait"


class State(StrEnum):
    """How far the agency is with a filing."""

    WAITING = "waiting"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Answer:
    """A message that the agency made about a filing, visible to its sender from ``at`` on. ``data`` are its bytes."""

    identifier: str
    title: Text
    at: datetime
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Submission:
    """One filing as it arrived.

    ``reference`` is what the agency gave for it; ``key`` its business key as a text, empty when it could not be read;
    ``digest`` the SHA-256 of ``document`` in hex. ``reasons`` say why it was refused.
    """

    reference: str
    at: datetime
    key: str
    digest: str
    title: str
    filer: str
    state: State
    reasons: tuple[str, ...]
    answers: tuple[Answer, ...]
    document: bytes = field(repr=False)


class SimulatedAgency(Protocol):
    """A simulated agency. Its methods may be called from any thread."""

    name: str
    title: Text
    pki: DemonstrationPki
    clock: Clock
    script: Script
    arrivals: Counter[tuple[str, str]]
    """Complete documents that arrived, counted before any check of them, by business key and digest (SHA-256, hex)."""
    check_duplicates: bool
    faults: Mapping[str, FaultKind]
    """The faults that only this agency can play; those of the wire and of HTTP every simulator plays."""
    service_path: str
    """Where its services stand below its address."""

    def routes(self) -> Sequence[BaseRoute]:
        """Its services and its portal."""

    def call_of(self, method: str, path: str, body: bytes) -> str | None:
        """What a fault's ``on`` names: the operation asked for, else the path. ``body`` may still be incomplete: None
        when it cannot be told yet."""

    def key_of(self, document: bytes) -> str:
        """The business key of a document, or of a request that carries one; empty when there is none."""

    def submissions(self) -> list[Submission]:
        """Everything that arrived, the oldest first."""

    def decide(self, reference: str, decision: Decision, reason: str = "") -> None:
        """Accept or refuse a filing now, or keep it waiting until somebody decides. Raises UsageError for an unknown
        reference, and for one that is decided already."""

    def sample(self, form: str) -> bytes:
        """A document of ``form`` that the agency would accept, unsigned. Raises UsageError for a form without one."""

    def forms(self) -> Collection[str]:
        """The forms that ``sample`` knows."""

    def configure(self, changes: Mapping[str, object]) -> Mapping[str, object]:
        """Change how it behaves: ``receipt_delay``, ``verdict_delay`` and ``clock_skew`` in seconds (a delay holds for
        what arrives from then on), ``check_duplicates`` true or false. All of ``changes`` or, with a UsageError for an
        unknown name or a value that does not fit, none. What those settings were before."""

    def reset(self) -> None:
        """Forget everything that arrived, disarm every fault (``script.clear()``), be set up as it was started."""

    def settings(self, address: str) -> Mapping[str, str]:
        """What ``govgateway config set <agency>.simulator.…`` needs to reach it at ``address``."""
