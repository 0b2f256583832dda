"""A server of bare sockets that plays faults: a thread per connection, and what arrived is kept for counting."""

from __future__ import annotations

import re
import select
import socket
import ssl
import struct
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from types import TracebackType

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_LINGER = "hh" if sys.platform == "win32" else "ii"


@dataclass
class Peer:
    """One connection, server side. ``raw`` is the TCP socket, ``stream`` the same or TLS over it."""

    raw: socket.socket
    stream: socket.socket
    stopping: threading.Event
    received: bytearray = field(default_factory=bytearray)

    def await_byte(self) -> None:
        """Wait until something has arrived, and leave it unread."""
        select.select([self.raw], [], [], 5)

    def receive(self, size: int) -> None:
        """Read until ``size`` bytes of the request are there."""
        while len(self.received) < size:
            self._read(65536)

    def receive_head(self) -> None:
        while b"\r\n\r\n" not in self.received:
            self._read(1)

    def _read(self, size: int) -> None:
        data = self.stream.recv(size)
        if not data:
            raise ConnectionResetError("the client has gone")
        self.received += data

    def receive_request(self) -> None:
        self.receive_head()
        found = _LENGTH.search(self.received)
        self.receive(self.received.index(b"\r\n\r\n") + 4 + (int(found[1]) if found else 0))

    def send(self, data: bytes) -> None:
        self.stream.sendall(data)

    def trickle(self, data: bytes = b"", then: bytes = b"x") -> None:
        """Send ``data``, then ``then`` again and again, for 5 seconds or until the client has gone."""
        self.send(data)
        for _ in range(250):
            self.stopping.wait(0.02)
            self.send(then)

    def hang(self) -> None:
        self.stopping.wait()

    def fin(self) -> None:
        """End our side in good order; a close with unread bytes would be a reset."""
        self.raw.shutdown(socket.SHUT_WR)
        while self.raw.recv(65536):
            pass

    def reset(self) -> None:
        self.raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(_LINGER, 1, 0))
        self.close()

    def close(self) -> None:
        self.stream.close()
        self.raw.close()


Play = Callable[[Peer], None]


class RawServer:
    """A listener on this machine that answers every connection with ``play``; over TLS when ``tls`` is given."""

    def __init__(self, play: Play, tls: ssl.SSLContext | None = None) -> None:
        self._play = play
        self._tls = tls
        self._stopping = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._acceptor = threading.Thread(target=self._accept)
        self._threads: list[threading.Thread] = []
        self.streams: list[bytearray] = []

    @property
    def authority(self) -> str:
        return f"127.0.0.1:{self._listener.getsockname()[1]}"

    @property
    def requests(self) -> int:
        """How many requests began to arrive, over all connections."""
        return sum(stream.count(b"POST /") for stream in self.streams)

    @property
    def bodies(self) -> list[bytes]:
        """The body bytes that arrived, per connection."""
        return [bytes(stream.partition(b"\r\n\r\n")[2]) for stream in self.streams]

    def __enter__(self) -> RawServer:
        self._acceptor.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        with suppress(OSError):
            socket.create_connection(self._listener.getsockname()).close()
        self._acceptor.join()
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            if self._stopping.is_set():
                connection.close()
                return
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            self.streams.append(bytearray())
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        received = self.streams[self._threads.index(threading.current_thread())]
        raw = connection.dup()
        peer = Peer(raw, connection, self._stopping, received)
        with suppress(OSError):  # the client may end the connection at any moment
            if self._tls:
                peer.stream = self._tls.wrap_socket(connection, server_side=True)
            self._play(peer)
        peer.close()


def tls_context(folder: Path, host: str) -> tuple[ssl.SSLContext, Path]:
    """A server's context with a certificate for ``host`` (a name or an IPv4 address), and the root to trust it by."""
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = _certificate("Root", root_key, "Root", root_key, None)
    leaf = _certificate("Server", key, "Root", root_key, host)
    ca_file, chain_file = folder / f"{host}-ca.pem", folder / f"{host}.pem"
    ca_file.write_bytes(root.public_bytes(Encoding.PEM))
    chain_file.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + leaf.public_bytes(Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain_file)
    return context, ca_file


def _certificate(
    subject: str, key: ec.EllipticCurvePrivateKey, issuer: str, issuer_key: ec.EllipticCurvePrivateKey, host: str | None
) -> x509.Certificate:
    now, authority = datetime.now(UTC), host is None
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(not authority, False, False, False, False, authority, authority, False, False), critical=True
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    if host is not None:
        digits = host.replace(".", "").isdecimal()
        name = x509.IPAddress(IPv4Address(host)) if digits else x509.DNSName(host)
        builder = builder.add_extension(x509.SubjectAlternativeName([name]), critical=False)
    return builder.sign(issuer_key, hashes.SHA256())
