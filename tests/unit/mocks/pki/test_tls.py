"""The TLS certificates of the demonstration PKI, in real handshakes."""

from __future__ import annotations

import socket
import ssl
import threading
from pathlib import Path

import pytest

from govgateway_mocks.pki import DemonstrationPki
from simulated import pki


def _handshake(server: ssl.SSLContext, client: ssl.SSLContext, name: str) -> str | None:
    """The version that client and server agree upon when the client asks for ``name``."""
    near, far = socket.socketpair()
    with near, far:
        threading.Thread(target=_accept, args=(server, far)).start()
        with client.wrap_socket(near, server_hostname=name) as secured:
            assert secured.recv(2) == b"ok"
            return secured.version()


def _accept(context: ssl.SSLContext, connection: socket.socket) -> None:
    try:
        with context.wrap_socket(connection, server_side=True) as secured:
            secured.sendall(b"ok")
    except OSError:
        connection.close()


def _server(of: DemonstrationPki, host: str = "127.0.0.1") -> ssl.SSLContext:
    files = of.server(host)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.chain, files.key)
    return context


def _client(trust: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=trust)


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_a_client_with_the_bundle_believes_the_server(name: str) -> None:
    assert _handshake(_server(pki()), _client(pki().server().trust), name) == "TLSv1.3"


def test_a_server_may_have_another_name() -> None:
    server, client = _server(pki(), "simulators.test"), _client(pki().folder / "tls-trust.pem")
    assert _handshake(server, client, "simulators.test") == "TLSv1.3"
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        _handshake(_server(pki()), client, "simulators.test")


def test_the_bundle_of_the_signatures_is_none_for_servers() -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        _handshake(_server(pki()), _client(pki().trust), "localhost")


def test_a_servers_key_is_made_once() -> None:
    before = pki().server().chain.read_bytes()
    assert pki().server().chain.read_bytes() == before


def test_what_is_asked_for_first_is_quick(tmp_path: Path) -> None:
    """Nothing but the public authorities is RSA, which takes long to make, on the way to a TLS server."""
    DemonstrationPki(tmp_path).server()
    assert {each.name for each in tmp_path.rglob("*.pem")} == {
        *("root.pem", "issuing.pem", "trust.pem"),
        *("server-127.0.0.1.pem", "tls-trust.pem"),
    }
    assert len(list(tmp_path.rglob("root.pem"))) == 2
