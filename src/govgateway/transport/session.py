"""One HTTP exchange that can prove "not sent": a fresh connection, no redirects, no retries, a total deadline.

No exception tells whether a request left: a broken TLS record before and after the body is the same class. A flag does:
the connection connects first, then sets ``started``, then writes. Not started proves not sent; everything else is
unknown until an answer is read whole.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.util import parse_url

from govgateway.errors import ConfigurationError, Text

_CHUNK = 65536


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request: where to, its headers, its exact body; a POST unless ``method`` says otherwise."""

    url: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """An answer as it came, content encoding undone. ``headers`` by lower-case names.

    Without Content-Length or chunks a cut body looks whole, and a cut in the headers looks like an empty body: whoever
    reads ``body`` must know its end from within (the root element's end tag, the closing delimiter of a multipart).
    """

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sent:
    """How an exchange went. ``started`` False proves that no byte of the request left; ``failure`` is a short English
    word for the log, empty when there is an ``answer``."""

    started: bool
    answer: HttpAnswer | None = None
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Transport:
    """How this installation talks HTTP. Time-outs in seconds; ``answer_limit`` in bytes.

    TLS is always verified, against ``ca_file`` (PEM) or the bundle that comes with requests. Plain http is taken to
    this machine only, unless ``plain_http`` allows it. Proxies and logins of the environment are never used.
    """

    connect_timeout: float = 10.0
    read_timeout: float = 60.0
    answer_limit: int = 32 * 1024 * 1024
    ca_file: Path | None = None
    plain_http: bool = False

    def send(self, request: HttpRequest, deadline: timedelta) -> Sent:
        """Send ``request`` once and read the whole answer within ``deadline``.

        ``connect_timeout`` bounds the connecting, per address of the host, and the TLS handshake; if the deadline has
        passed by then, nothing is sent. Never raises for what the wire or the peer does. Raises ConfigurationError for
        plain http beyond this machine and for a ``ca_file`` that is missing.
        """
        return _Exchange(self, deadline.total_seconds()).run(request)

    def ensure_usable(self, url: str) -> None:
        """Raise ConfigurationError when what is sent to ``url`` could be read on its way, or ``ca_file`` is missing."""
        parts = parse_url(url)
        if parts.scheme != "https" and not self.plain_http and not _is_this_machine(parts.host or ""):
            raise _not_private(f"{parts.scheme}://{parts.host}")
        if self.ca_file is not None and not self.ca_file.is_file():
            raise _no_roots(self.ca_file)


def _not_private(address: str) -> ConfigurationError:
    return ConfigurationError(
        Text(
            f"Địa chỉ {address} không mã hoá: mật khẩu và hồ sơ có thể bị đọc trộm.",
            f"The address {address} is not encrypted: passwords and documents can be read.",
        ),
        Text(
            "Dùng https, hoặc đặt plain_http = true nếu đường truyền đã được bảo vệ.",
            "Use https, or set plain_http = true when the line is protected otherwise.",
        ),
    )


def _no_roots(ca_file: Path) -> ConfigurationError:
    return ConfigurationError(
        Text(f"Không có tệp chứng thư gốc TLS {ca_file}.", f"The file of TLS root certificates {ca_file} is missing."),
        Text(
            "Sửa ca_file trong cấu hình, hoặc bỏ đi để dùng các chứng thư gốc công cộng.",
            "Correct ca_file in the configuration, or leave it out to use the public roots.",
        ),
        where=str(ca_file),
    )


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class _Exchange:
    """One request on one connection, with the flag and the watchdog."""

    def __init__(self, transport: Transport, deadline: float) -> None:
        self.transport = transport
        self.deadline = deadline
        self.started = False
        self.expired = threading.Event()
        self.socket: socket.socket | None = None

    def run(self, request: HttpRequest) -> Sent:
        watchdog = threading.Timer(self.deadline, self._cut)
        watchdog.daemon = True
        watchdog.start()
        try:
            answer = self._exchange(request)
            failure = "deadline" if self.expired.is_set() else ""
            if len(answer.body) > self.transport.answer_limit:
                failure = "too large"
            return Sent(self.started, None if failure else answer, failure)
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            failure = "deadline" if self.expired.is_set() else _word(error)
            return Sent(self.started, None, failure)
        finally:
            watchdog.cancel()

    def _exchange(self, request: HttpRequest) -> HttpAnswer:
        """No Session of requests: it would read the environment and whole bodies of redirects."""
        transport = self.transport
        headers = {**request.headers, "Connection": "close", "Accept-Encoding": "identity", "User-Agent": "govgateway"}
        prepared = requests.Request(request.method, request.url, headers=headers, data=request.body).prepare()
        transport.ensure_usable(prepared.url or "")
        with closing(_Adapter(self)) as adapter:
            response = adapter.send(
                prepared,
                timeout=(min(transport.connect_timeout, self.deadline), min(transport.read_timeout, self.deadline)),
                verify=str(transport.ca_file) if transport.ca_file else True,
                stream=True,
            )
            with response:
                return self._read(response)

    def _read(self, response: requests.Response) -> HttpAnswer:
        body = bytearray()
        for chunk in response.iter_content(_CHUNK):
            body += chunk
            if len(body) > self.transport.answer_limit:
                break
        headers = {name.lower(): value for name, value in response.headers.items()}
        return HttpAnswer(response.status_code, headers, bytes(body))

    def _cut(self) -> None:
        """The deadline has passed: end every wait on the socket. Shut down, not closed: http.client would reconnect."""
        self.expired.set()
        if self.socket is not None:
            with suppress(OSError):
                self.socket.shutdown(socket.SHUT_RDWR)

    def before_first_byte(self, connection: HTTPConnection) -> None:
        """Connect, then say that from here on bytes may have left."""
        if connection.sock is None:
            connection.connect()
        self.socket = connection.sock
        # The time-out of sending is one for the whole body: that of connecting would cut a large one on a slow line.
        connection.timeout = self.deadline
        if self.expired.is_set():
            raise TimeoutError("deadline")
        self.started = True


class _Adapter(HTTPAdapter):
    """Connections that report to an exchange. No retries of any kind."""

    def __init__(self, exchange: _Exchange) -> None:
        self._exchange = exchange
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Put our connection classes where urllib3 looks for them."""
        super().init_poolmanager(*args, **kwargs)
        exchange = self._exchange

        class Plain(HTTPConnection):
            def request(self, *args: Any, **kwargs: Any) -> None:
                exchange.before_first_byte(self)
                super().request(*args, **kwargs)

        class Secure(Plain, HTTPSConnection):
            """The same over TLS."""

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}


_WORDS: tuple[tuple[type[BaseException], str], ...] = (
    (requests.exceptions.SSLError, "tls"),
    (requests.exceptions.Timeout, "timeout"),
    (requests.exceptions.ConnectionError, "connection"),
    (requests.exceptions.InvalidURL, "address"),
    (requests.exceptions.MissingSchema, "address"),
)


def _word(error: BaseException) -> str:
    """A word for the log only; never what decides whether something was sent."""
    return next((word for kind, word in _WORDS if isinstance(error, kind)), "cut")
