"""The wire: accepts connections, judges each before anything is read of it, and lets its requests through."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress

from govgateway_mocks.armed import CONNECTION
from govgateway_mocks.faults import Fault
from govgateway_mocks.wire.connection import Behind, Connection
from govgateway_mocks.wire.ends import end
from govgateway_mocks.wire.lines import Bare, Stream
from govgateway_mocks.wire.listener import Listener

LOOK_AGAIN = 0.005
"""Seconds after which the clock is looked at again while a fault ``refused`` is armed."""


class Wire:
    """The proxy on ``listener`` before what stands ``behind``. It lives in the loop that makes it, which must be able
    to watch a socket (add_reader)."""

    def __init__(self, listener: Listener, context: ssl.SSLContext | None, behind: Behind) -> None:
        self._listener = listener
        self._context = context
        self._behind = behind
        self._script = behind.agency.script
        self._loop = asyncio.get_running_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        self._connections: set[Connection] = set()
        self._look_again: asyncio.TimerHandle | None = None
        self._loop.add_reader(listener.socket, self._accept)
        self.follow()

    async def stop(self) -> None:
        """End everything, whatever hangs."""
        if self._look_again:
            self._look_again.cancel()
        self._loop.remove_reader(self._listener.socket)
        self._listener.socket.close()
        for each in self._tasks:
            each.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def follow(self) -> None:
        """Listen or refuse as the clock and what is armed have it now; let go what hangs by a fault that is no more."""
        if self._listener.socket.fileno() < 0:
            return  # stopped meanwhile
        self._behind.release.look()
        refusing = self._script.lasting("refused")
        if refusing and not self._listener.refusing:
            self._refuse()
        elif self._listener.refusing and not refusing:
            self._listener.listen()
            self._loop.add_reader(self._listener.socket, self._accept)
        if self._look_again:
            self._look_again.cancel()
        if any(each.do == "refused" for each in self._script.armed().values()):
            self._look_again = self._loop.call_later(LOOK_AGAIN, self.follow)

    def _accept(self) -> None:
        with suppress(BlockingIOError, ConnectionError):
            while True:
                line = Bare(self._listener.socket.accept()[0])
                task = self._loop.create_task(self._serve(line))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    def _refuse(self) -> None:
        """Refuse new connections, and end those that wait for a request: a kept connection hides no outage."""
        self._loop.remove_reader(self._listener.socket)
        self._listener.refuse()
        for each in self._connections:
            if each.idle:
                each.stream.close()

    async def _serve(self, line: Bare) -> None:
        """Serve one connection. That its client does not keep to TLS, or is gone, is no error here."""
        stream: Stream | None = None
        try:
            fault = self._script.strike(CONNECTION, CONNECTION)
            if fault is not None:
                await self._strike(line, fault)
                return
            stream = await Stream.over(line, self._context)
            await self._let_through(Connection(stream, self._behind))
        except OSError:
            pass
        finally:
            (stream or line).close()

    async def _strike(self, line: Bare, fault: Fault) -> None:
        agency = self._behind.agency
        self._behind.record.add(agency.clock(), CONNECTION, b"", b"", fault.do)
        if fault.do == "tls-drop":
            await line.read()  # the client's part of the handshake
        elif fault.do == "reset":
            await line.stirred()  # sooner, some clients would take it for a connection refused, and some would not
        await end(line, fault, self._behind.release)

    async def _let_through(self, connection: Connection) -> None:
        self._connections.add(connection)
        try:
            while await connection.exchange() and not self._listener.refusing:
                pass
        finally:
            self._connections.discard(connection)
