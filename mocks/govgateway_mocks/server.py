"""A running simulator: its wire, which clients are told of, and an HTTP server beside it, in a thread of their own."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from govgateway_mocks.agency import SimulatedAgency
from govgateway_mocks.exchange import Exchange, Record
from govgateway_mocks.faults import Fault
from govgateway_mocks.scenarios import scenario
from govgateway_mocks.stopping import Stopping
from govgateway_mocks.wire.connection import Behind
from govgateway_mocks.wire.listener import Listener, bound
from govgateway_mocks.wire.proxy import Wire
from govgateway_mocks.wire.release import Release

if TYPE_CHECKING:
    from govgateway_mocks.pki import DemonstrationPki

LARGEST_REQUEST = 48 * 1024 * 1024
_MOMENT = 0.02
_PATIENCE = 5.0
"""Seconds that somebody waits for the wire, which may be stopped meanwhile."""

AgencyT = TypeVar("AgencyT", bound=SimulatedAgency)


class RunningSimulator(Stopping, Generic[AgencyT]):
    """A simulator that listens: the wire, behind it the application of ``agency``.

    ``address`` is that of the wire, over TLS if ``tls``; ``service_address`` that of the services there. At
    ``direct_address`` neither the wire nor a gateway plays a fault: it is for pages and for measuring. ``trust_roots``
    are the roots of its TLS (PEM). ``port`` 0 takes a free one. Raises UsageError when the port is taken.
    """

    def __init__(self, agency: AgencyT, host: str = "127.0.0.1", port: int = 0, *, tls: bool = False) -> None:
        self.agency = agency
        self.pki = agency.pki
        self.script = agency.script
        self.script.tls = tls
        context: ssl.SSLContext | None = None
        self.trust_roots: Path | None = None
        if tls:
            context, self.trust_roots = _tls(agency.pki, host)
        self._record = Record()
        self._listener = Listener(host, port)
        self._server = bound("127.0.0.1", 0)
        self._server.listen()
        self.address = f"{'https' if tls else 'http'}://{host}:{self._listener.port}"
        self.service_address = self.address + agency.service_path
        self.direct_address = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        # The same on every system: Windows' own loop cannot watch a listening socket.
        self._loop = asyncio.SelectorEventLoop()
        self._stopping = asyncio.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(context,), name="govgateway-simulator", daemon=True)
        self._thread.start()
        self._ready.wait()

    @property
    def exchanges(self) -> list[Exchange]:
        """What went over the wire since the last reset, the oldest first; no more than the last 1,000."""
        return self._record.kept()

    @contextmanager
    def fault(self, do: str, *, on: str = "*", **conditions_and_parameters: Any) -> Iterator[Sequence[str]]:
        """Play a fault for the time of a with block: names of conditions (When) are conditions, all others parameters
        of the kind. The block gets the calls that it strikes, as they come. Raises UsageError for what cannot be
        played."""
        with self._playing(Fault.flat(do, on=on, **conditions_and_parameters)) as (struck,):
            yield struck

    @contextmanager
    def scenario(self, name: str) -> Iterator[None]:
        """Play a named scenario (scenarios.py) for the time of a with block. Raises UsageError for an unknown one, and
        for one that this agency cannot play."""
        played = scenario(name)
        before = self.agency.configure(played.settings) if played.settings else {}
        try:
            with self._playing(*played.faults):
                yield
        finally:
            if before:
                self.agency.configure(before)

    @contextmanager
    def _playing(self, *faults: Fault) -> Iterator[list[Sequence[str]]]:
        try:
            with self.script.playing(*faults) as played:
                self.settle()
                yield played
        finally:
            self.settle()

    def reset(self) -> None:
        """The agency forgets everything that arrived, and every fault is disarmed; exchanges are counted anew."""
        self.agency.reset()
        self._record.clear()
        self.settle()

    def settle(self) -> None:
        """Come back when the wire plays what is armed, at this moment of the clock: after a fault was armed by the
        script itself, or the clock was turned. The wire follows by itself, but some milliseconds later."""
        settled = threading.Event()
        if self._thread.is_alive() and self._tell(settled.set):
            settled.wait(_PATIENCE)

    def stop(self) -> None:
        """Stop listening, and end every connection; nothing is left running."""
        if self._thread.is_alive():
            self._tell(self._stopping.set)
            self._thread.join()

    def _tell(self, *then: Callable[[], object]) -> bool:
        """Let the wire look at the script, ``then`` do something, in its own thread; whether it is still there."""
        try:
            for each in (self._wire.follow, *then):
                self._loop.call_soon_threadsafe(each)
        except RuntimeError:  # the loop is closed: it was stopped meanwhile
            return False
        return True

    def _run(self, context: ssl.SSLContext | None) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve(context))
        finally:
            self._loop.close()
            self._ready.set()

    async def _serve(self, context: ssl.SSLContext | None) -> None:
        served = application(self.agency)
        config = Config(served, log_config=None, access_log=False)
        config.load()
        state = ServerState()
        server = await self._loop.create_server(
            lambda: H11Protocol(config=config, server_state=state, app_state={}), sock=self._server
        )
        scheme = self.address.partition(":")[0]
        behind = Behind(self.agency, served, scheme, LARGEST_REQUEST, self._record, Release(self.script))
        self._wire = Wire(self._listener, context, behind)
        self.script.watchers.append(self._tell)
        self._ready.set()
        await self._stopping.wait()
        self.script.watchers.remove(self._tell)
        await self._wire.stop()
        server.close()
        for connection in list(state.connections):
            if connection.transport is not None:
                connection.transport.abort()
        await _ended(state.tasks)
        await asyncio.sleep(0)


async def _ended(tasks: set[asyncio.Task[None]]) -> None:
    """Come back when ``tasks`` are over. They are told that their client is gone, and have a moment to see it."""
    if tasks:
        await asyncio.wait(tasks, timeout=_MOMENT)
    for task in list(tasks):
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _tls(pki: DemonstrationPki, host: str) -> tuple[ssl.SSLContext, Path]:
    """What the server side of TLS needs, and the roots that clients need."""
    server = pki.server(host)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(server.chain, server.key)
    return context, server.trust.resolve()


@dataclass(frozen=True, slots=True)
class Simulator:
    """What the entry-point group ``govgateway.simulators`` names: an agency and how its simulator is started."""

    agency: str
    serve: Callable[..., RunningSimulator[Any]]


class TooLarge(Exception):
    """A body larger than anything that is ever filed."""


async def body_of(request: Request) -> bytes:
    """The whole body. Raises TooLarge as soon as it is larger than LARGEST_REQUEST."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_REQUEST:
            raise TooLarge
    return bytes(body)


async def _too_large(request: Request, error: Exception) -> Response:
    return Response("request too large", 413, {"Connection": "close"})


async def _gone(request: Request, error: Exception) -> Response:
    return Response(status_code=400)


def application(agency: SimulatedAgency) -> Starlette:
    """The services and pages of ``agency``."""
    return Starlette(routes=list(agency.routes()), exception_handlers={TooLarge: _too_large, ClientDisconnect: _gone})
