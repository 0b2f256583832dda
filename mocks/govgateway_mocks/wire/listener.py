"""The port that clients get: it listens, or it refuses and stays taken."""

from __future__ import annotations

import os
import socket

from govgateway.errors import Text, UsageError


class Listener:
    """A listening TCP socket on ``host`` and ``port`` (0: a free one). Raises UsageError when the port is taken."""

    def __init__(self, host: str, port: int) -> None:
        self.socket = bound(host, port)
        self.host: str = host
        self.port: int = self.socket.getsockname()[1]
        self.socket.listen()
        self.refusing = False

    def refuse(self) -> None:
        """Refuse connections from now on. The port is held by a socket that does not listen."""
        self.socket.close()
        self.socket = bound(self.host, self.port)
        self.refusing = True

    def listen(self) -> None:
        """Listen again."""
        self.socket.listen()
        self.socket.setblocking(False)
        self.refusing = False


def bound(host: str, port: int) -> socket.socket:
    """A socket that has the port. Windows gives an address that is "reused" to two at once, so it is not asked to."""
    # A socket made without its protocol number gets no TCP_NODELAY from asyncio: 46 ms a call instead of 3.
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
    except OSError as error:
        made.close()
        raise _taken(host, port, error) from None
    made.setblocking(False)
    return made


def _taken(host: str, port: int, error: OSError) -> UsageError:
    return UsageError(
        Text(f"Không dùng được cổng {port}.", f"The port {port} cannot be used."),
        Text("Cổng có thể đang bận: chọn cổng khác bằng --port.", "It may be taken: choose another with --port."),
        where=f"{host}:{port} ({type(error).__name__}, errno {error.errno})",
    )
