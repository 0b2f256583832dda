"""A demonstration PKI that is served: programs from outside look at the real clock, so it does, too."""

from __future__ import annotations

import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from starlette.applications import Starlette
from uvicorn import Config, Server

from govgateway_mocks.pki import DemonstrationPki
from govgateway_mocks.pki.routes import pki_routes
from programs import require_program

Fetch = Callable[..., bytes]
OpenSsl = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemonstrationPki]:
    """A PKI whose certificates name the address at which it is served."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        pki = DemonstrationPki(tmp_path_factory.mktemp("served"), revocation_address=address)
        config = Config(Starlette(routes=pki_routes(pki)), log_config=None, lifespan="off", ws="none")
        server = Server(config)
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        yield pki
        server.should_exit = True
        thread.join()


@pytest.fixture
def fetch() -> Fetch:
    """What lies at an address; with ``data``, what is answered to them."""

    def fetched(address: str, data: bytes | None = None) -> bytes:
        with urlopen(Request(address, data), timeout=10) as answer:
            return bytes(answer.read())

    return fetched


@pytest.fixture
def openssl(tmp_path: Path) -> OpenSsl:
    """Run openssl in the test's folder."""
    program = require_program("openssl", "apt-get install openssl")

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [program, *map(str, arguments)]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    return run
