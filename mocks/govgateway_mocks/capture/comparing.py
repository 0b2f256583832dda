"""A capture against the simulator: each recorded request is sent again, and the answers are compared."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from govgateway_mocks.capture.aspects import Difference
from govgateway_mocks.capture.bindings import Bindings
from govgateway_mocks.capture.calling import NoAnswer, origin_of
from govgateway_mocks.capture.differences import differences, is_early
from govgateway_mocks.capture.questions import Question, question
from govgateway_mocks.capture.recording import REMOVED, Answer, Heading, Recorded, Recording
from govgateway_mocks.capture.resending import Resending
from govgateway_mocks.server import RunningSimulator, Simulator

_PATIENCE = timedelta(seconds=60)
_TELLING = re.compile(r"/[^/\s]*[\d%@][^/\s]*")
"""What of a path may be about somebody."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One exchange: what it asked, and where the simulator answers otherwise.

    ``early``: the recorded answer is that there is none yet. ``unsigned``: a document could not be signed anew, so the
    simulator judged another signature. ``skipped``: the request was not kept, and nothing was compared.
    """

    number: int
    operation: str
    differences: tuple[Difference, ...]
    early: bool = False
    unsigned: bool = False
    skipped: bool = False


def compare(recording: Recording, simulator: Simulator, directory: Path) -> list[Compared]:
    """What the simulator answers to each request of ``recording``, compared. It is started for this, with demonstration
    keys in ``directory``, and its clock shows what it was when the request was recorded."""
    moment = _Moment(recording.heading.at)
    with _started(simulator, directory, moment) as running:
        comparison = _Comparison(recording.heading, running, moment)
        return [comparison.compared(each) for each in recording.exchanges]


class _Moment:
    """The simulator's clock: turned to when each exchange was recorded."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


def _started(simulator: Simulator, directory: Path, clock: _Moment) -> RunningSimulator[Any]:
    """The simulator with that clock. It has no delays, where it has any that can be set."""
    known = inspect.signature(simulator.serve).parameters
    none = {name: timedelta(0) for name in ("receipt_delay", "verdict_delay") if name in known}
    return simulator.serve(directory, clock=clock, **none)


class _Comparison:
    """Sends the exchanges of one capture, in their order."""

    def __init__(self, heading: Heading, running: RunningSimulator[Any], moment: _Moment) -> None:
        agency = running.agency
        self._paths = heading.service_path, agency.service_path
        self._origin = origin_of(running.direct_address, _PATIENCE)
        self._moment = moment
        self._bindings = Bindings()
        self._resending = Resending(agency.settings(running.address), running.pki, self._bindings)

    def compared(self, exchange: Recorded) -> Compared:
        asked = question(exchange.request)
        operation = _TELLING.sub("/…", asked.operation)
        if exchange.request.body == REMOVED.encode():
            return Compared(exchange.number, operation, (), skipped=True)
        self._moment.at = exchange.at
        self._choose(exchange, asked)
        simulated = self._ask(exchange)
        found = self._differences(exchange, simulated)
        if exchange.answer and simulated:
            self._bindings.learn(exchange.answer, simulated)
        early = exchange.answer is not None and is_early(exchange.answer)
        return Compared(exchange.number, operation, tuple(found), early, self._resending.unsigned)

    def _choose(self, exchange: Recorded, asked: Question) -> None:
        """Where something of a list is asked for: it is the simulator's first of which the answer looks alike."""
        for _, value in asked.arguments:
            choices = self._bindings.choices(value)
            for each in choices:
                self._bindings.choose(value, each)
                if not self._differences(exchange, self._ask(exchange)):
                    break
            else:
                if choices:
                    self._bindings.choose(value, choices[0])

    def _ask(self, exchange: Recorded) -> Answer | None:
        request = self._resending.request(exchange.request, exchange.at, self._paths)
        try:
            return self._origin.ask(request)
        except NoAnswer:
            return None

    def _differences(self, exchange: Recorded, simulated: Answer | None) -> list[Difference]:
        """Nothing differs from an answer that did not come: nobody knows what it would have been."""
        return differences(exchange.answer, simulated) if exchange.answer else []
