"""What running simulators saw, written down while they run (``mocks serve --record``)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import h11

from govgateway_mocks.capture.messages import NotWhole, read_answer, read_request
from govgateway_mocks.capture.recording import Answer, Heading, Recorded, Writer
from govgateway_mocks.capture.scrubber import Scrubber
from govgateway_mocks.exchange import Exchange
from govgateway_mocks.server import RunningSimulator

_LOOK_AGAIN = 0.05
"""Seconds: more exchanges than a simulator remembers never pass meanwhile."""


@contextmanager
def observed(simulators: Mapping[str, RunningSimulator[Any]], path: Path) -> Iterator[None]:
    """Write down what passes, a file for each agency: ``trial.jsonl`` gives ``trial-etax.jsonl``.

    Credentials are cut; persons are not. Raises UsageError when a file is there already.
    """
    observers = [_Observer(each, path.with_stem(f"{path.stem}-{name}")) for name, each in simulators.items()]
    stopping = threading.Event()
    thread = threading.Thread(target=_watch, args=(observers, stopping), name="govgateway-record", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()


def _watch(observers: list[_Observer], stopping: threading.Event) -> None:
    last = False
    while not last:
        last = stopping.wait(_LOOK_AGAIN)
        for each in observers:
            each.look()
    for each in observers:
        each.writer.close()


class _Observer:
    """Writes down what passed at one simulator since it last looked."""

    def __init__(self, running: RunningSimulator[Any], path: Path) -> None:
        agency = running.agency
        self.writer = Writer(path, Heading(agency.name, agency.service_path, agency.clock(), scrubbed=False))
        self._running = running
        self._scrubber = Scrubber(agency.name, persons=False)
        self._last: Exchange | None = None
        self._number = 0

    def look(self) -> None:
        """Write down what is new. After a reset everything is."""
        exchanges = self._running.exchanges
        seen = next((number for number, each in enumerate(exchanges, start=1) if each is self._last), 0)
        for each in exchanges[seen:]:
            recorded = recorded_of(each, self._number + 1)
            if recorded is not None:
                self._number += 1
                self.writer.add(self._scrubber.scrub(recorded))
        self._last = exchanges[-1] if exchanges else None


def recorded_of(exchange: Exchange, number: int) -> Recorded | None:
    """What passed over the wire, as ``number`` of a capture; None when it was no whole request."""
    try:
        head, request = read_request(_once(exchange.request))
    except NotWhole:
        return None
    client = h11.Connection(h11.CLIENT)
    client.send(head)
    try:
        answer: Answer | None = read_answer(client, _once(exchange.answer))
    except NotWhole:
        answer = None
    return Recorded(number, exchange.at, request, answer)


def _once(data: bytes) -> Callable[[], bytes]:
    """Reads ``data``, and then its end."""
    left = [b"", data]
    return lambda: left.pop() if left else b""
