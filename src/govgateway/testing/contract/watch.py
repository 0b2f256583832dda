"""What a connector does while it is called, beside answering: seen by Python's audit events, changed by nothing.

Reading files is its own matter. Writing one, opening a database, a socket beyond the route's transport, sleeping,
starting a process and leaving a thread behind are not.
"""

from __future__ import annotations

import io
import logging
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any
from unittest import mock

from govgateway.connector import HttpRequest, Sent, Transport

_THREADS_END_WITHIN = 1.0
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_APPEND | os.O_CREAT
_present = threading.local()


@dataclass
class Conduct:
    """What one call did: seconds it wanted to sleep, what it touched that is not its own, threads it left running, and
    everything it printed or logged."""

    slept: list[float] = field(default_factory=list)
    touched: list[str] = field(default_factory=list)
    threads: list[str] = field(default_factory=list)
    said: str = ""


@dataclass(frozen=True)
class Send:
    """One use of the route's transport."""

    request: HttpRequest
    deadline: timedelta
    sent: Sent


@dataclass(frozen=True)
class WatchedTransport(Transport):
    """The transport of the gateway, which remembers what it was used for."""

    sends: list[Send] = field(default_factory=list)

    def send(self, request: HttpRequest, deadline: timedelta) -> Sent:
        """As the transport does it."""
        conduct, _present.conduct = getattr(_present, "conduct", None), None
        try:
            sent = super().send(request, deadline)
        finally:
            _present.conduct = conduct
        self.sends.append(Send(request, deadline, sent))
        return sent


@contextmanager
def watched(package: str) -> Iterator[Conduct]:
    """Watch the present thread for the time of a with block. ``package`` is the connector's own: names for
    ``time.sleep`` in its modules are found too. Who sleeps is written down and does not wait."""
    _install()
    conduct, before = Conduct(), set(threading.enumerate())
    said = io.StringIO()
    _present.conduct = conduct
    try:
        with _sleepless(package), _listening(said):
            yield conduct
    finally:
        _present.conduct = None
        conduct.said = said.getvalue()
        conduct.threads += _left_behind(before)


def _left_behind(before: set[threading.Thread]) -> Iterator[str]:
    for each in set(threading.enumerate()) - before:
        each.join(_THREADS_END_WITHIN)
        if each.is_alive():
            yield each.name


@contextmanager
def _listening(said: io.StringIO) -> Iterator[None]:
    """Everything that is logged or printed goes into ``said`` as well as, for logs, where it went before."""
    root, handler = logging.getLogger(), logging.StreamHandler(said)
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        with redirect_stdout(said), redirect_stderr(said):
            yield
    finally:
        root.setLevel(level)
        root.removeHandler(handler)


@contextmanager
def _sleepless(package: str) -> Iterator[None]:
    real = time.sleep

    def sleep(seconds: float) -> None:
        conduct = getattr(_present, "conduct", None)
        if conduct is None:
            real(seconds)
        else:
            conduct.slept.append(seconds)

    holders = [time, *(module for name, module in sys.modules.items() if name.split(".")[0] == package)]
    names = [(holder, name) for holder in holders for name, value in vars(holder).items() if value is real]
    patches = [mock.patch.object(holder, name, sleep) for holder, name in names]
    for each in patches:
        each.start()
    try:
        yield
    finally:
        for each in patches:
            each.stop()


@cache
def _install() -> None:
    """An audit hook stays for the life of the process: this one does nothing unless a call is being watched."""
    sys.addaudithook(_audit)


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    conduct = getattr(_present, "conduct", None)
    if conduct is None:
        return
    if event in {"socket.connect", "socket.bind", "socket.sendto"}:
        conduct.touched.append(f"{event} {arguments[1]}")
    elif event in {"sqlite3.connect", "subprocess.Popen", "os.system", "os.remove", "os.rename", "os.mkdir"}:
        conduct.touched.append(f"{event} {arguments[0]}")
    elif event == "open" and arguments[2] & _WRITING and "__pycache__" not in str(arguments[0]):
        conduct.touched.append(f"open {arguments[0]} for writing")
