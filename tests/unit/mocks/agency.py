"""A tiny agency for the tests of the kit: it takes filings and can be asked about them. It judges nothing."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from govgateway.errors import Text
from govgateway_mocks import agency
from govgateway_mocks.agency import Decision, Submission
from govgateway_mocks.faults import FaultKind
from govgateway_mocks.script import Script
from govgateway_mocks.server import body_of
from simulated import Clock, pki

FOG = FaultKind("fog", "agency", Text("Sương mù.", "Fog."), MappingProxyType({"metres": 50}))
ANSWER = b"<taken>" + b"x" * 185 + b"</taken>"


def filing(key: str = "K1", size: int = 0) -> bytes:
    """A filing with a business key, and so many bytes beside."""
    return f"<file><key>{key}</key>".encode() + b"y" * size + b"</file>"


class Desk:
    """Takes a filing at /desk (its operation is the root element); the path /desk/list tells the keys.

    ``seen`` is every request that reached it, as (method, path, body, headers).
    """

    name = "desk"
    title = Text("Quầy", "Desk")
    service_path = "/desk"
    faults: Mapping[str, FaultKind] = MappingProxyType({"fog": FOG})

    def __init__(self, clock: Clock | None = None) -> None:
        self.pki = pki()
        self.clock: agency.Clock = clock or Clock()
        self.script = Script(self.faults, self.clock)
        self.arrivals: Counter[tuple[str, str]] = Counter()
        self.check_duplicates = True
        self.settings_now: dict[str, object] = {"verdict_delay": 5.0}
        self.seen: list[tuple[str, str, bytes, Mapping[str, str]]] = []

    def routes(self) -> Sequence[BaseRoute]:
        return Route("/desk", self._file, methods=["POST"]), Route("/desk/list", self._list), Route("/desk/boom", _boom)

    async def _file(self, request: Request) -> Response:
        body = await body_of(request)
        self.seen.append((request.method, request.url.path, body, request.headers))
        self.arrivals[self.key_of(body), hashlib.sha256(body).hexdigest()] += 1
        return Response(ANSWER, media_type="text/xml")

    async def _list(self, request: Request) -> Response:
        self.seen.append((request.method, request.url.path, b"", request.headers))
        return Response(f"{request.url} " + " ".join(key for key, _ in self.arrivals))

    def call_of(self, method: str, path: str, body: bytes) -> str | None:
        if path != "/desk":
            return path
        found = re.search(rb"<(\w+)>", body)
        return found[1].decode() if found else None

    def key_of(self, document: bytes) -> str:
        found = re.search(rb"<key>(\w+)</key>", document)
        return found[1].decode() if found else ""

    def submissions(self) -> list[Submission]:
        return []

    def decide(self, reference: str, decision: Decision, reason: str = "") -> None:
        raise NotImplementedError

    def sample(self, form: str) -> bytes:
        return filing()

    def forms(self) -> Collection[str]:
        return ("file",)

    def configure(self, changes: Mapping[str, object]) -> Mapping[str, object]:
        before = {name: self.settings_now[name] for name in changes}
        self.settings_now.update(changes)
        return before

    def reset(self) -> None:
        self.arrivals.clear()
        self.seen.clear()
        self.script.clear()

    def settings(self, address: str) -> Mapping[str, str]:
        return {"address": address}


async def _boom(request: Request) -> Response:
    raise RuntimeError("a mistake of the agency")
