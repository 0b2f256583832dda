"""The simulated harbour office on the wire, and how it is started."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from govgateway_harbour.office import PASSWORD, SERVICE, USERNAME, HarbourOffice
from govgateway_mocks.agency import Clock
from govgateway_mocks.pki import DemonstrationPki, now
from govgateway_mocks.server import RunningSimulator, Simulator, body_of


def serve(
    directory: Path,
    port: int = 0,
    *,
    host: str = "127.0.0.1",
    clock: Clock = now,
    verdict_delay: timedelta = timedelta(seconds=2),
    tls: bool = False,
    password: str = PASSWORD,
) -> RunningSimulator[HarbourOffice]:
    """Start the simulated harbour office with the demonstration keys in ``directory``, its state in memory."""
    office = HarbourOffice(DemonstrationPki(directory, clock), clock, verdict_delay, password)
    return RunningSimulator(office, host, port, tls=tls)


simulator = Simulator("harbour", serve)


def routes(office: HarbourOffice) -> Sequence[BaseRoute]:
    """The service of ``office``: three calls."""
    service = _Service(office)
    return [
        Route(f"{SERVICE}/{name}", getattr(service, name), methods=["POST"])
        for name in ("declarations", "search", "messages")
    ]


class _Service:
    """The HTTP side of one office."""

    def __init__(self, office: HarbourOffice) -> None:
        self._office = office

    async def declarations(self, request: Request) -> Response:
        """Take a declaration."""
        if not self._knows(request):
            return _unknown()
        case = self._office.take(await body_of(request))
        return JSONResponse({"number": case.number, "sha256": case.digest}, 201)

    async def search(self, request: Request) -> Response:
        """The register of a digest."""
        asked = await _asked(request, "sha256")
        if not self._knows(request) or not asked:
            return _unknown()
        return Response(self._office.register(asked), media_type="application/xml")

    async def messages(self, request: Request) -> Response:
        """The messages about a number."""
        asked = await _asked(request, "number")
        if not self._knows(request) or not asked:
            return _unknown()
        out = self._office.messages(asked)
        return JSONResponse({"messages": [{"id": name, "data": base64.b64encode(data).decode()} for name, data in out]})

    def _knows(self, request: Request) -> bool:
        account = base64.b64encode(f"{USERNAME}:{self._office.password}".encode()).decode()
        return request.headers.get("authorization") == f"Basic {account}"


async def _asked(request: Request, name: str) -> str:
    try:
        told = json.loads(await body_of(request))
    except ValueError:
        return ""
    return str(told.get(name, "")) if isinstance(told, dict) else ""


def _unknown() -> Response:
    return JSONResponse({"error": "unknown account or question"}, 401)
