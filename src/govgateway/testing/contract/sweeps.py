"""The three sweeps: sending, looking up and polling, each under every case. Every promise is judged by them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from govgateway.connector import AgencyMessage, FindResult, PollResult, SubmitResult
from govgateway.testing.contract.cases import TOO_MANY, Case, Effect
from govgateway.testing.contract.desk import SOON, Desk, Observation
from govgateway.testing.simulators import Exchange

_ASKED_PLACES = frozenset({"", "nothing of it", "half of the body"})
_POLLED_CODES = frozenset({TOO_MANY, 503, 307})

LOST = Case("reset", Effect.CUT, {"at": "answer", "bytes": 0}, "after it was taken")
"""The document is taken, and nobody hears of it."""

STOPPED = Case("reset", Effect.NO_ANSWER, {"at": "request", "bytes": -1}, "before it was taken")
"""The document is sent whole, and the agency never gets it."""


@dataclass(frozen=True)
class Sends:
    """``faultless`` is the recorded exchange; ``seen`` what was observed under each case."""

    faultless: Observation[SubmitResult]
    recorded: Exchange
    seen: tuple[Observation[SubmitResult], ...]


@dataclass(frozen=True)
class Lookups:
    """Looking for a document that the agency has: without a fault, and under each case."""

    faultless: Observation[FindResult]
    seen: tuple[Observation[FindResult], ...]


@dataclass(frozen=True)
class Polls:
    """Polling for a filing beside another one: without a fault, and under each case; ``again`` is what
    a poll without a fault gave after each of those, told of what that one had got."""

    faultless: Observation[PollResult]
    seen: tuple[Observation[PollResult], ...]
    again: tuple[Observation[PollResult], ...]

    @property
    def messages(self) -> Mapping[str, AgencyMessage]:
        """All that there is, by identifier."""
        return {each.identifier: each for each in messages_of(self.faultless)}


def messages_of(seen: Observation[PollResult]) -> Collection[AgencyMessage]:
    """The messages of a poll; none when it failed."""
    return seen.result.messages if seen.result else ()


def sending(desk: Desk) -> Sends:
    """Send the sample under every case, each time to an agency that nothing arrived at."""
    desk.begin()
    document = desk.samples.document
    faultless = desk.submit(document)
    exchanges = list(desk.recorded(faultless).values())
    assert exchanges, f"submit sent nothing to the simulator: {faultless.result or faultless.error!r}"
    # A send is one request; were there more, the document goes with the last one.
    recorded = exchanges[-1]
    return Sends(faultless, recorded, tuple(_sent(desk, recorded)))


def _sent(desk: Desk, recorded: Exchange) -> Iterator[Observation[SubmitResult]]:
    document = desk.samples.document
    for case in desk.stage(recorded, document).cases(desk.kinds()):
        desk.begin()
        yield desk.submit(document, case, case.on(recorded.call))


def looking(desk: Desk) -> Lookups:
    """Look for a document that the agency took: whether its answer was lost changes nothing there."""
    desk.begin()
    document, first_sent = desk.samples.document, desk.clock.now
    filed(desk, document)
    desk.clock.now += SOON
    faultless = desk.find(document, first_sent)
    seen = [
        desk.find(document, first_sent, case, case.on(recorded.call))
        for recorded in desk.recorded(faultless).values()
        for case in desk.stage(recorded).cases(desk.kinds())
    ]
    return Lookups(faultless, tuple(seen))


def polling(desk: Desk) -> Polls:
    """Poll for a filing with a verdict beside another one."""
    desk.begin()
    reference = filed(desk, desk.samples.document)
    filed(desk, desk.samples.others["period"])
    desk.settle()
    faultless = desk.poll(reference)
    seen, again = [], []
    for recorded in desk.recorded(faultless).values():
        for case in _polled(desk, recorded):
            seen.append(desk.poll(reference, case=case, on=case.on(recorded.call)))
            again.append(desk.poll(reference, [each.identifier for each in messages_of(seen[-1])]))
    return Polls(faultless, tuple(seen), tuple(again))


def _polled(desk: Desk, recorded: Exchange) -> Iterator[Case]:
    """Faults of the wire and of HTTP, each once: a poll makes many calls. What the agency itself does wrong is played
    by who judges its messages."""
    for case in desk.stage(recorded).cases(desk.kinds()):
        once = case.where in _ASKED_PLACES and not case.parameters.get("processed")
        if once and case.effect is not Effect.AGENCY and case.parameters.get("code", TOO_MANY) in _POLLED_CODES:
            yield case


def filed(desk: Desk, document: bytes) -> str:
    """The reference of ``document``, sent without a fault."""
    seen = desk.submit(document)
    reference = seen.result.reference if seen.result else ""
    assert reference, f"a sample was not acknowledged: {seen.result or seen.error!r}"
    return reference
