"""One TCP connection to a client and the three ways in which it ends: reset (RST), closed (FIN), silence."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
import sys
from asyncio.trsock import TransportSocket
from typing import Protocol

READ = 256 * 1024
RESET_ON_CLOSE = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
"""The value of SO_LINGER by which a close is an RST."""


class Line(Protocol):
    """What an end needs of a connection, before its TLS handshake or after."""

    @property
    def socket(self) -> socket.socket | TransportSocket:
        """The TCP socket."""

    async def read(self) -> bytes:
        """Some bytes; none at their end."""

    def close(self) -> None:
        """Give the connection up, whatever is in it."""


class Bare:
    """A connection as it was accepted: nothing is read of it unless somebody asks."""

    def __init__(self, accepted: socket.socket) -> None:
        self.socket = accepted
        accepted.setblocking(False)
        accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    async def stirred(self) -> None:
        """Come back when something has arrived, and leave it unread. The loop must be able to watch a socket."""
        loop, arrived = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self.socket, arrived.set)
        try:
            await arrived.wait()
        finally:
            loop.remove_reader(self.socket)

    async def read(self) -> bytes:
        """Some bytes; none at their end."""
        return await asyncio.get_running_loop().sock_recv(self.socket, READ)

    def close(self) -> None:
        """Give the connection up."""
        self.socket.close()


class Stream:
    """A connection over which bytes are exchanged, through TLS when there is a context for it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self.socket: TransportSocket = writer.get_extra_info("socket")
        # A TLS transport that may hold nothing stops and goes on by turns.
        self._writer.transport.set_write_buffer_limits(high=1, low=0)

    @classmethod
    async def over(cls, line: Bare, context: ssl.SSLContext | None) -> Stream:
        """Take ``line`` over, and do the TLS handshake. Raises OSError when the client does not."""
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader(READ)
        protocol = asyncio.StreamReaderProtocol(reader)
        transport, _ = await loop.connect_accepted_socket(lambda: protocol, line.socket, ssl=context)
        return cls(reader, asyncio.StreamWriter(transport, protocol, reader, loop))

    async def read(self) -> bytes:
        """Some bytes; none at their end."""
        return await self._reader.read(READ)

    async def write(self, data: bytes) -> None:
        """Write ``data``; come back when the system has taken all of it."""
        self._writer.write(data)
        await self._writer.drain()

    def close(self) -> None:
        """Give the connection up."""
        self._writer.transport.abort()


def reset(line: Line) -> None:
    """End the connection with an RST."""
    line.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
    line.close()


async def finish(line: Line) -> None:
    """End our side with a FIN, and wait for the client's: to close with unread bytes would be a reset."""
    line.socket.shutdown(socket.SHUT_WR)
    while await line.read():
        pass
