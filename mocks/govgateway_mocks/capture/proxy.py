"""The recording proxy: stands on this machine before a real endpoint, and writes down what passes, scrubbed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace as changed
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

from govgateway.errors import Text
from govgateway_mocks.agency import Clock
from govgateway_mocks.capture.calling import NoAnswer, Origin, origin_of
from govgateway_mocks.capture.invented import Invented
from govgateway_mocks.capture.listening import listening, told
from govgateway_mocks.capture.recording import Answer, Heading, Recorded, Recording, Request, Writer, replace
from govgateway_mocks.capture.scrubber import Scrubber
from govgateway_mocks.stopping import Stopping

PATIENCE = timedelta(minutes=5)
"""For a whole call: longer than a gateway waits."""

_OUTSIDE = Text("Địa chỉ này không thuộc dịch vụ được ghi.", "This address does not belong to what is recorded.")
_UNANSWERED = Text("Không có câu trả lời trọn vẹn.", "There was no whole answer.")


class RecordingProxy(Stopping):
    """Listens at ``address`` for what goes to ``upstream``, and writes ``path`` while it passes.

    What stands on disk is scrubbed at any time; when it ends, what was learnt later is looked for in all of it.
    ``trust`` names a file of roots for the endpoint's TLS. ``port`` 0 takes a free one. ``tell`` hears of exchanges.
    Raises UsageError for an address that is not safe, a port that is taken, a file that is there already.
    """

    def __init__(
        self,
        upstream: str,
        path: Path,
        agency: str,
        clock: Clock,
        *,
        port: int = 0,
        trust: Path | None = None,
        patience: timedelta = PATIENCE,
        tell: Callable[[Recorded], object] = lambda exchange: None,
    ) -> None:
        self._origin: Origin = origin_of(upstream, patience, str(trust) if trust else None)
        self._below = urlsplit(upstream).path.rstrip("/")
        self._path, self._clock, self._tell = path, clock, tell
        self._scrubber = Scrubber(agency, persons=True)
        self._kept: list[Recorded] = []
        self._lock = threading.Lock()
        self._heading = Heading(agency, self._below, clock(), scrubbed=True)
        self._server = listening(self._answered, port)
        self.address = self._server.address + self._below
        try:
            self._writer = Writer(path, self._heading)
        except BaseException:
            self._server.stop()
            raise

    @property
    def invented(self) -> Invented:
        """What was replaced so far."""
        return self._scrubber.invented

    def stop(self) -> None:
        """Stop listening, and finish the file."""
        self._server.stop()
        with self._lock:
            self._writer.close()
            kept = tuple(self._scrubber.scrub(each) for each in self._kept)
            replace(self._path, Recording(self._heading, kept))

    def _answered(self, request: Request) -> Answer:
        path = unquote(request.target.partition("?")[0])
        if not f"{path}/".startswith(f"{self._below}/") or "/../" in f"{path}/":
            return told(404, _OUTSIDE)
        at = self._clock()
        try:
            answer = self._origin.ask(request)
        except NoAnswer:
            self._keep(Recorded(0, at, request, None))
            return told(502, _UNANSWERED)
        self._keep(Recorded(0, at, request, answer))
        return answer

    def _keep(self, exchange: Recorded) -> None:
        with self._lock:
            scrubbed = self._scrubber.scrub(changed(exchange, number=len(self._kept) + 1))
            self._kept.append(scrubbed)
            self._writer.add(scrubbed)
        self._tell(scrubbed)
