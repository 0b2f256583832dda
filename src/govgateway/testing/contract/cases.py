"""The faults that a connector is put to: every kind that the simulator plays, at every place that matters.

What of it is known of a kind follows from its layer, its parameters and, for those of the wire, its name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from fnmatch import fnmatchcase
from typing import Any, Protocol

from govgateway.testing.contract.positions import answer_places, body_places, request_places
from govgateway.testing.simulators import Exchange


class Kind(Protocol):
    """A kind of fault: ``layer`` plays it (wire, http or agency); its parameters with what they are by default."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def layer(self) -> str:
        """Who plays it."""

    @property
    def parameters(self) -> Mapping[str, Any]:
        """By name, with what they are by default."""

    @property
    def means(self) -> Collection[str]:
        """The calls that it can be played at; * and ? stand for anything."""


def can_strike(kind: Kind, call: str) -> bool:
    """Whether ``kind`` means anything to ``call``."""
    return any(fnmatchcase(call, each) for each in kind.means)


class Effect(Enum):
    """What a fault leaves of an exchange."""

    NONE = "nothing went wrong"
    NOT_CONNECTED = "there was no connection that a byte of the request could have left on"
    NO_ANSWER = "no answer of the agency came back"
    CUT = "the agency's answer was cut off"
    WHOLE = "the whole answer of the agency came back"
    TOO_MANY = "a gateway said 429, which means that the request was not taken"
    REFUSED = "a gateway refused the request (4xx)"
    AGENCY = "the agency itself misbehaved"


@dataclass(frozen=True)
class Case:
    """One fault as it is played. ``silent``: nothing comes back, and who waits for it waits as long as he is told."""

    kind: str
    effect: Effect
    parameters: Mapping[str, Any] = field(default_factory=dict)
    where: str = ""
    silent: bool = False

    def on(self, call: str) -> str:
        """What the fault's ``on`` must say to strike ``call``: what happens before there is a request knows none."""
        early = self.kind in _BEFORE_A_REQUEST or self.parameters.get("at") == "accept"
        return "*" if early else call

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value}" for name, value in self.parameters.items())
        return f"{self.kind}({told})" + (f", {self.where}" if self.where else "")


HANDSHAKE = "tls-drop"
"""The kind that needs a simulator over TLS."""

FAULTLESS = Case("no fault", Effect.NONE)

_BY_NAME = {"refused": Effect.NOT_CONNECTED, HANDSHAKE: Effect.NOT_CONNECTED, "trickle": Effect.WHOLE}
_SILENT = {"hang", "half-open"}
_BEFORE_A_REQUEST = {"refused", HANDSHAKE, "half-open"}
_AT_ONCE, _NOTHING, _NEVER_GOT = "at once", "nothing of it", "after the last byte, which the agency never got"
_SILENT_PLACES = {_AT_ONCE, "within the document", _NEVER_GOT, _NOTHING}
_REFUSALS = (400, 401, 403, 404, 409, 413)
_FAILURES = (500, 502, 503, 504)
_REDIRECTS = (301, 302, 303, 307, 308)
TOO_MANY = 429


@dataclass(frozen=True)
class Stage:
    """What faults are played on: one call of the connector, recorded without a fault. ``document`` is what the request
    carries, if it carries one; ``elsewhere`` where a redirect leads; with ``every`` all bytes are places."""

    recorded: Exchange
    document: bytes
    elsewhere: str
    every: bool = False

    def cases(self, kinds: Iterable[Kind]) -> Iterator[Case]:
        """Every case of those ``kinds`` that mean anything to the call."""
        for kind in kinds:
            if can_strike(kind, self.recorded.call):
                yield from self._cases(kind)

    def _cases(self, kind: Kind) -> Iterator[Case]:
        if kind.layer == "agency":
            yield from (Case(kind.name, Effect.AGENCY, each) for each in _processed(kind))
        elif "at" in kind.parameters:
            yield from self._interruptions(kind)
        elif kind.name == HANDSHAKE:
            yield from _handshakes(kind)
        elif kind.name == "trickle":
            yield Case(kind.name, Effect.WHOLE, {"bytes": len(self.recorded.answer) // 8 + 1, "pause": 0.001})
        elif kind.name == "truncated":
            places = body_places(self.recorded.answer, every=self.every)
            yield from (Case(kind.name, Effect.CUT, {"bytes": at}, where) for where, at in places.items())
        elif "code" in kind.parameters:
            yield from self._statuses(kind)
        else:
            effect = _BY_NAME.get(kind.name, Effect.NO_ANSWER)
            yield from (Case(kind.name, effect, each, silent=kind.name in _SILENT) for each in _processed(kind))

    def _interruptions(self, kind: Kind) -> Iterator[Case]:
        """Of a connection, wherever it matters; silence costs time, and is played where it may deceive."""
        if kind.name not in _SILENT:
            yield from self._everywhere(kind, self.every)
            return
        places = _SILENT_PLACES if self.document else {_NOTHING}
        for case in self._everywhere(kind, every=False):
            if case.where in places:
                yield replace(case, silent=True)

    def _everywhere(self, kind: Kind, every: bool) -> Iterator[Case]:
        """When the connection is there, within the request, within the answer."""
        name, answer = kind.name, self.recorded.answer
        yield Case(name, Effect.NO_ANSWER, {"at": "accept"}, _AT_ONCE)
        requested = {**request_places(self.recorded.request, self.document, every=every), _NEVER_GOT: -1}
        for where, at in requested.items():
            yield Case(name, Effect.NO_ANSWER, {"at": "request", "bytes": at, "of": "answer"}, where)
        for where, at in answer_places(answer, every=every).items():
            for length in _lengths(kind):
                yield Case(name, Effect.CUT, {"at": "answer", "bytes": at, "of": "answer", **length}, where)
        effect = Effect.WHOLE if name == "close" else Effect.CUT
        yield Case(name, effect, {"at": "answer", "bytes": len(answer), "of": "answer"}, "after all of it")

    def _statuses(self, kind: Kind) -> Iterator[Case]:
        if kind.name == "redirect":
            for code in _REDIRECTS:
                for processed in (False, True):
                    parameters = {"code": code, "to": self.elsewhere, "processed": processed}
                    yield Case(kind.name, Effect.NO_ANSWER, parameters)
            return
        yield Case(kind.name, Effect.TOO_MANY, {"code": TOO_MANY, "processed": False})
        for code in _REFUSALS:
            yield Case(kind.name, Effect.REFUSED, {"code": code, "processed": False})
        for code in _FAILURES:
            for processed in (False, True):
                yield Case(kind.name, Effect.NO_ANSWER, {"code": code, "processed": processed})


def _processed(kind: Kind) -> tuple[Mapping[str, Any], ...]:
    """With the request carried out and not, where the kind lets one choose."""
    return ({"processed": False}, {"processed": True}) if "processed" in kind.parameters else ({},)


def _lengths(kind: Kind) -> tuple[Mapping[str, Any], ...]:
    return ({"length": "kept"}, {"length": "dropped"}) if "length" in kind.parameters else ({},)


def _handshakes(kind: Kind) -> Iterator[Case]:
    for how in ("close", "reset", "hang"):
        yield Case(kind.name, Effect.NOT_CONNECTED, {"calls": 0, "how": how}, silent=how == "hang")
