"""Calls to a control interface: what it refuses is raised in its own words."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import requests

from govgateway.errors import Text, UsageError

_SECONDS = 60.0


class Channel:
    """Calls below one address. Every call raises UsageError for what is refused, and when nobody is there."""

    def __init__(self, address: str) -> None:
        self._address = address

    def below(self, *steps: str) -> Channel:
        """The same, below ``steps``."""
        return Channel("/".join([self._address, *(quote(each, "") for each in steps)]))

    def ask(self, **query: str) -> Any:
        """What GET answers, as data."""
        return self._call("GET", params=query).json()

    def fetch(self) -> bytes:
        """What GET answers, byte for byte."""
        return self._call("GET").content

    def tell(self, said: object, method: str = "POST") -> Any:
        """What is answered when ``said`` is sent as JSON, as data; None for an answer without content."""
        answer = self._call(method, json=said)
        return answer.json() if answer.content else None

    def send(self, data: bytes) -> Any:
        """What is answered when ``data`` are sent as they are, as data."""
        return self._call("POST", data=data).json()

    def remove(self) -> None:
        """DELETE."""
        self._call("DELETE")

    def _call(self, method: str, **sent: Any) -> requests.Response:
        with requests.Session() as session:
            session.trust_env = False  # a console is on this machine, never behind a proxy
            try:
                answer = session.request(method, self._address, timeout=_SECONDS, **sent)
            except requests.RequestException as error:
                raise _unreachable(self._address, type(error).__name__) from None
        if not answer.ok:
            raise _refused(answer)
        return answer


def _refused(answer: requests.Response) -> UsageError:
    try:
        told = answer.json()["error"]
        return UsageError(Text(**told["message"]), Text(**told["remedy"]), where=told["where"])
    except (ValueError, KeyError, TypeError):
        return _unreachable(answer.url, f"HTTP {answer.status_code}")


def _unreachable(address: str, where: str) -> UsageError:
    return UsageError(
        Text(f"Không có bảng điều khiển tại {address}.", f"There is no console at {address}."),
        Text(
            "Chạy: govgateway mocks serve, và lấy địa chỉ mà nó in ra.",
            "Run: govgateway mocks serve, and take the address that it prints.",
        ),
        where=where,
    )
