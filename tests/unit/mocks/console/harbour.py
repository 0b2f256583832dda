"""An invented agency for the tests of the console: it takes whatever is posted, and decides when it is told to."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from govgateway.errors import Text, UsageError
from govgateway_mocks.agency import Answer, Decision, State, Submission
from govgateway_mocks.faults import FaultKind
from govgateway_mocks.pki import DemonstrationPki
from govgateway_mocks.script import Script
from govgateway_mocks.server import RunningSimulator, Simulator, body_of
from simulated import Clock, pki

FOG = FaultKind("fog", "agency", Text("Không thấy tàu nào.", "No ship is seen."), MappingProxyType({"metres": 50}))
DECIDED = {Decision.ACCEPT: State.ACCEPTED, Decision.REFUSE: State.REFUSED, Decision.WAIT: State.RECEIVED}


class Harbour:
    """Takes documents at /harbour/ships. Fog makes it answer 503."""

    name = "harbour"
    title = Text("Cảng vụ mô phỏng", "Simulated harbour office")
    service_path = "/harbour"
    faults: Mapping[str, FaultKind] = MappingProxyType({"fog": FOG})

    def __init__(self, delay: timedelta = timedelta(), clock: Clock | None = None) -> None:
        self.pki: DemonstrationPki = pki()
        self.clock: Clock = clock or Clock()
        self.script = Script(self.faults, self.clock)
        self.arrivals: Counter[tuple[str, str]] = Counter()
        self.check_duplicates = True
        self.delay = delay
        self._submissions: list[Submission] = []

    def routes(self) -> Sequence[BaseRoute]:
        return (Route("/harbour/ships", self._take, methods=["POST"]),)

    async def _take(self, request: Request) -> Response:
        document = await body_of(request)
        if self.script.strike("agency", "/harbour/ships", self.key_of(document)):
            return Response("fog", 503)
        return Response(self.take(document))

    def take(self, document: bytes) -> str:
        """The reference of what was taken."""
        key, digest = self.key_of(document), hashlib.sha256(document).hexdigest()
        self.arrivals[key, digest] += 1
        reference = f"H-{len(self._submissions) + 1}"
        title, filer = "Tàu vào cảng", "9900000016"
        at, state = self.clock(), State.RECEIVED
        self._submissions.append(Submission(reference, at, key, digest, title, filer, state, (), (), document))
        return reference

    def call_of(self, method: str, path: str, body: bytes) -> str | None:
        return path

    def key_of(self, document: bytes) -> str:
        return document.partition(b"<ship>")[2].partition(b"<")[0].decode("utf-8", "replace")

    def submissions(self) -> list[Submission]:
        return list(self._submissions)

    def decide(self, reference: str, decision: Decision, reason: str = "") -> None:
        (number,) = (n for n, each in enumerate(self._submissions) if each.reference == reference)
        found = self._submissions[number]
        if found.state in (State.ACCEPTED, State.REFUSED):
            raise UsageError(Text("Đã có kết quả.", "It is decided."), Text("Nộp lại.", "File again."), where=reference)
        data = f"<notice>{decision}</notice>".encode()
        answer = Answer(f"A{number + 1}", Text("Thông báo", "Notice"), self.clock(), data)
        answers = () if decision is Decision.WAIT else (answer,)
        reasons = (reason,) if reason else ()
        self._submissions[number] = replace(found, state=DECIDED[decision], reasons=reasons, answers=answers)

    def sample(self, form: str) -> bytes:
        if form != "arrival":
            raise UsageError(Text("Không có mẫu.", "There is no such form."), Text("Dùng arrival.", "Use arrival."))
        return b"<call><ship>Sao Mai</ship></call>"

    def forms(self) -> Collection[str]:
        return ["arrival"]

    def reset(self) -> None:
        self._submissions.clear()
        self.arrivals.clear()
        self.script.clear()
        self.check_duplicates = True

    def settings(self, address: str) -> Mapping[str, str]:
        return {"address": address + self.service_path, "password": "demo"}

    def configure(self, settings: Mapping[str, Any]) -> Mapping[str, Any]:
        before = {"check_duplicates": self.check_duplicates}
        for name, value in settings.items():
            if name not in before:
                raise UsageError(Text(f"Không có '{name}'.", f"There is no '{name}'."), Text("", ""), where=name)
            self.check_duplicates = value
        return before


def serve(
    directory: Path, port: int = 0, *, delay: timedelta = timedelta(), **options: Any
) -> RunningSimulator[Harbour]:
    return RunningSimulator(Harbour(delay), "127.0.0.1", port, **options)


simulator = Simulator("harbour", serve)
