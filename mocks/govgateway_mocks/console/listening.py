"""The console's listener: an HTTP server in a thread of its own, for this machine only."""

from __future__ import annotations

import threading

from starlette.applications import Starlette
from uvicorn import Config, Server

from govgateway_mocks.stopping import Stopping
from govgateway_mocks.wire.listener import Listener

HOST = "127.0.0.1"


class ConsoleServer(Stopping):
    """Serves ``app`` at ``address``: on a port (0: a free one), or where somebody listens already. Raises UsageError
    when the port is taken."""

    def __init__(self, app: Starlette, on: int | Listener = 0) -> None:
        listener = on if isinstance(on, Listener) else Listener(HOST, on)
        self.address = f"http://{HOST}:{listener.port}"
        self._server = Server(Config(app, log_config=None, access_log=False, lifespan="off"))
        self._thread = threading.Thread(
            target=self._server.run, args=([listener.socket],), name="govgateway-console", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Stop listening, and end every connection; nothing is left running."""
        self._server.should_exit = self._server.force_exit = True
        self._thread.join()
