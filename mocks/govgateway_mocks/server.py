"""The simulator on the wire: a real HTTP server on its own listener, in a thread of its own."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from govgateway.errors import Text, UsageError
from govgateway_mocks import pages, services
from govgateway_mocks.office import TaxOffice
from govgateway_mocks.pki import DemonstrationPki, now

LARGEST_REQUEST = 48 * 1024 * 1024
SERVICES = "/ihtkk_van"


class RunningSimulator:
    """A simulator that listens. ``address`` is that of its pages, ``service_address`` that of its services."""

    def __init__(self, office: TaxOffice, host: str, port: int) -> None:
        self.office = office
        self.pki = office.pki
        # A socket made without its protocol number gets no TCP_NODELAY from asyncio: 46 ms a call instead of 3.
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        _listen(self._socket, host, port)
        self.address = f"http://{host}:{self._socket.getsockname()[1]}"
        self.service_address = self.address + SERVICES
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="govgateway-simulator", daemon=True)
        self._thread.start()
        self._ready.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop listening; nothing is left running."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()
            self._ready.set()

    async def _serve(self) -> None:
        config = Config(application(self.office), log_config=None, access_log=False)
        config.load()
        state = ServerState()
        server = await self._loop.create_server(
            lambda: H11Protocol(config=config, server_state=state, app_state={}), sock=self._socket
        )
        self._ready.set()
        await self._stopping.wait()
        server.close()
        for connection in list(state.connections):
            if connection.transport is not None:
                connection.transport.abort()
        for task in list(state.tasks):
            task.cancel()
        await asyncio.gather(*state.tasks, return_exceptions=True)
        await asyncio.sleep(0)


def _listen(listener: socket.socket, host: str, port: int) -> None:
    """Take the port. Windows gives an address that is "reused" to two at once, so it is not asked to there."""
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise UsageError(
            Text(f"Không dùng được cổng {port}.", f"The port {port} cannot be used."),
            Text("Cổng có thể đang bận: chọn cổng khác bằng --port.", "It may be taken: choose another with --port."),
            where=f"{host}:{port} ({type(error).__name__}, errno {error.errno})",
        ) from None


def serve(
    directory: Path,
    port: int = 0,
    *,
    host: str = "127.0.0.1",
    clock: Callable[[], datetime] = now,
    receipt_delay: timedelta = timedelta(seconds=1),
    verdict_delay: timedelta = timedelta(seconds=2),
) -> RunningSimulator:
    """Start the simulated tax office. Its PKI lies in ``directory`` (made there on first use), its state in memory.

    ``port`` 0 takes a free one. Raises UsageError when the port is taken, ConfigurationError when the PKI is damaged.
    """
    office = TaxOffice(DemonstrationPki(directory, clock), clock, receipt_delay, verdict_delay)
    return RunningSimulator(office, host, port)


@dataclass(frozen=True, slots=True)
class Simulator:
    """What the entry-point group ``govgateway.simulators`` names: an agency and how its simulator is started."""

    agency: str
    serve: Callable[..., RunningSimulator]


simulator = Simulator("etax", serve)


class _TooLarge(Exception):
    pass


async def _body(request: Request) -> bytes:
    """The whole body, refused as soon as it is larger than anything that is ever filed."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_REQUEST:
            raise _TooLarge
    return bytes(body)


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
        body = await _body(request)
        reply = services.answer(self._office, port, request.headers.get("content-type", ""), body)
        return Response(reply.body, reply.status, {"Content-Type": reply.content_type})

    async def reference_type(self, request: Request) -> Response:
        """The schema that the descriptions import."""
        return Response((services.WSDL_FOLDER / "swaref.xsd").read_bytes(), media_type="text/xml")

    async def upload(self, request: Request) -> Response:
        """The hand-carried route."""
        return pages.uploaded(self._office, await _body(request), request.headers)

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


async def _too_large(request: Request, error: Exception) -> Response:
    return Response("request too large", 413, {"Connection": "close"})


async def _gone(request: Request, error: Exception) -> Response:
    return Response(status_code=400)


def application(office: TaxOffice) -> Starlette:
    """The services and pages of ``office``."""
    handlers = _Handlers(office)
    return Starlette(
        routes=[
            Route("/", handlers.overview),
            Route("/upload", handlers.upload, methods=["POST"]),
            Route("/notices/{identifier}.xml", handlers.notice),
            Route(SERVICES + "/swaref.xsd", handlers.reference_type),
            Route(SERVICES + "/{port}", handlers.service, methods=["GET", "POST"]),
        ],
        exception_handlers={_TooLarge: _too_large, ClientDisconnect: _gone},
    )
