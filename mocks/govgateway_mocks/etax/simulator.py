"""The simulated tax office on the wire: its services, its portal, and how it is started."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from govgateway_mocks.agency import Clock
from govgateway_mocks.etax import pages, services
from govgateway_mocks.etax.addressing import SERVICES
from govgateway_mocks.etax.faults import UPLOAD
from govgateway_mocks.etax.guard import guarded
from govgateway_mocks.etax.office import TaxOffice
from govgateway_mocks.etax.registry import PASSWORD
from govgateway_mocks.pki import DemonstrationPki, now
from govgateway_mocks.server import RunningSimulator, Simulator, body_of

SimulatedTaxOffice = RunningSimulator[TaxOffice]


def serve(
    directory: Path,
    port: int = 0,
    *,
    host: str = "127.0.0.1",
    clock: Clock = now,
    receipt_delay: timedelta = timedelta(seconds=1),
    verdict_delay: timedelta = timedelta(seconds=2),
    state: Path | None = None,
    tls: bool = False,
    password: str = PASSWORD,
) -> SimulatedTaxOffice:
    """Start the simulated tax office. Its PKI lies in ``directory`` (made there on first use), its state in memory, or
    in the file ``state`` (likewise). ``password`` is that of its services' account.

    ``port`` 0 takes a free one. Raises UsageError when the port is taken, ConfigurationError when the PKI or the state
    is damaged.
    """
    pki = DemonstrationPki(directory, clock)
    office = TaxOffice(pki, clock, receipt_delay, verdict_delay, password=password, state=state)
    return RunningSimulator(office, host, port, tls=tls)


simulator = Simulator("etax", serve)


def routes(office: TaxOffice) -> Sequence[BaseRoute]:
    """The services and pages of ``office``."""
    handlers = _Handlers(office)
    return (
        Route("/", guarded(handlers.overview)),
        Route(UPLOAD, guarded(handlers.upload), methods=["POST"]),
        Route("/notices/{identifier}.xml", guarded(handlers.notice)),
        Route(SERVICES + "/swaref.xsd", handlers.reference_type),
        Route(SERVICES + "/{port}", handlers.service, methods=["GET", "POST"]),
    )


class _Handlers:
    """The HTTP side of one office."""

    def __init__(self, office: TaxOffice) -> None:
        self._office = office

    async def service(self, request: Request) -> Response:
        """A SOAP port: its description by GET, its operations by POST."""
        port = request.path_params["port"]
        if port not in services.SERVICES:
            return Response("not found", 404)
        if request.method == "GET":
            address = f"{request.base_url}{SERVICES.removeprefix('/')}"
            return Response(services.description(port, address), media_type="text/xml")
        body = await body_of(request)
        reply = services.answer(self._office, port, request.headers, body)
        return Response(reply.body, reply.status, {"Content-Type": reply.content_type})

    async def reference_type(self, request: Request) -> Response:
        """The schema that the descriptions import."""
        return Response((services.WSDL_FOLDER / "swaref.xsd").read_bytes(), media_type="text/xml")

    async def upload(self, request: Request) -> Response:
        """The hand-carried route."""
        return pages.uploaded(self._office, await body_of(request), request.headers)

    async def overview(self, request: Request) -> Response:
        """What arrived."""
        return pages.overview(self._office)

    async def notice(self, request: Request) -> Response:
        """One notice as a file."""
        found = self._office.notice(request.path_params["identifier"])
        if found is None:
            return Response("not found", 404)
        name = f'attachment; filename="{found.identifier}-{found.code}.xml"'
        return Response(found.data, headers={"Content-Disposition": name}, media_type="text/xml")
