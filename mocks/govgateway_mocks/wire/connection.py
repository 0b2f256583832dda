"""One client connection: its requests one after the other, the faults that strike them, and the answers."""

from __future__ import annotations

from dataclasses import dataclass

import h11

from govgateway_mocks.agency import SimulatedAgency
from govgateway_mocks.exchange import Record
from govgateway_mocks.faults import Fault
from govgateway_mocks.wire import gateway
from govgateway_mocks.wire.application import Application, ask
from govgateway_mocks.wire.call import Call
from govgateway_mocks.wire.ends import cut, end, trickle
from govgateway_mocks.wire.lines import Stream, finish
from govgateway_mocks.wire.messages import HttpAnswer
from govgateway_mocks.wire.release import Release

_REFUSAL = b"HTTP/1.1 %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@dataclass(frozen=True)
class Behind:
    """What stands behind the wire: the agency and its application, and what is recorded.

    ``scheme`` is what clients speak, http or https; ``largest`` how many bytes a body may have.
    """

    agency: SimulatedAgency
    application: Application
    scheme: str
    largest: int
    record: Record
    release: Release


class Refused(Exception):
    """What was read is no request, or one that is too large; the text is the status."""


class Connection:
    """The HTTP side of ``stream``. It is ``idle`` while nothing of a request has been read."""

    def __init__(self, stream: Stream, behind: Behind) -> None:
        self.stream = stream
        self.idle = True
        self._behind = behind
        self._agency = behind.agency
        self._h11 = h11.Connection(h11.SERVER)

    async def exchange(self) -> bool:
        """Handle one request; whether another one may follow. Raises OSError when the client is gone."""
        call = Call(self._agency, self._h11.trailing_data[0])
        self.idle = not call.request.raw
        try:
            await self._receive(call)
        except Refused as refused:
            await self._refuse(call, str(refused))
            return False
        struck = call.struck_within()
        if struck is not None:
            return await self._end(call, struck, b"")
        if not call.request.whole:
            self._keep(call, b"")
            return False
        return await self._answer(call)

    async def _receive(self, call: Call) -> None:
        """Read the request until it is whole, the client ends it, or a fault strikes within it."""
        request = call.request
        while not request.whole:
            event = self._event()
            if event is h11.NEED_DATA:
                if call.struck_within() or not await self._read(call):
                    return
            elif isinstance(event, h11.Request):
                request.head = event
            elif isinstance(event, h11.Data):
                request.body += event.data
                if len(request.body) > self._behind.largest:
                    raise Refused("413 Content Too Large")
            elif isinstance(event, h11.EndOfMessage):
                request.end(following=len(self._h11.trailing_data[0]))

    def _event(self) -> object:
        try:
            return self._h11.next_event()
        except h11.RemoteProtocolError:
            raise Refused("400 Bad Request") from None

    async def _read(self, call: Call) -> bool:
        """Read some bytes; whether there were any."""
        if self._h11.they_are_waiting_for_100_continue:
            go_on = h11.InformationalResponse(status_code=100, headers=[], reason=b"Continue")
            await self.stream.write(self._h11.send(go_on) or b"")
        data = await self.stream.read()
        self.idle = False
        call.came(data)
        if data:
            self._h11.receive_data(data)
        return bool(data)

    async def _answer(self, call: Call) -> bool:
        async def agency() -> HttpAnswer:
            return await ask(self._behind.application, call.request, self._behind.scheme)

        answer = await gateway.answered(call.strike_gateway(), agency)
        data = b"".join(self._h11.send(event) or b"" for event in answer.events())
        fault = call.fault
        if fault is not None and fault.do != "trickle":
            return await self._end(call, fault, cut(fault, data))
        self._keep(call, data)
        if fault is not None:
            await trickle(self.stream, fault, data, self._behind.release)
        else:
            await self.stream.write(data)
        return await self._go_on()

    async def _end(self, call: Call, fault: Fault, written: bytes) -> bool:
        """Write so much of the answer, and end the connection as ``fault`` says."""
        self._keep(call, written)
        await self.stream.write(written)
        await end(self.stream, fault, self._behind.release)
        return False

    async def _go_on(self) -> bool:
        """Be ready for the next request, unless this was the last one."""
        if self._h11.our_state is not h11.DONE:
            await finish(self.stream)
            return False
        self._h11.start_next_cycle()
        return True

    async def _refuse(self, call: Call, status: str) -> None:
        answer = _REFUSAL % status.encode()
        self._keep(call, answer)
        await self.stream.write(answer)
        await finish(self.stream)

    def _keep(self, call: Call, answer: bytes) -> None:
        """Record what was read and what is written now: before the client has it, so that nobody looks too early."""
        if call.request.raw:
            self._behind.record.add(call.at, call.name, bytes(call.request.raw), answer, call.played)
