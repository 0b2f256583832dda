"""Calls to a console, by a program and by a browser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import requests

from govgateway_mocks.server import RunningSimulator
from unit.mocks.console.harbour import Harbour

SHIP = b"<call><ship>Sao Mai</ship><cargo><item>t\xc3\xb4m</item><item>c\xc3\xa1</item></cargo></call>"


@dataclass(frozen=True)
class Caller:
    """Speaks to the console at ``address``; ``harbour`` is what the console works on."""

    address: str
    harbour: RunningSimulator[Harbour]

    def call(self, method: str, path: str, **sent: Any) -> requests.Response:
        return requests.request(method, self.address + path, timeout=5, allow_redirects=False, **sent)

    def api(self, method: str, path: str = "", **sent: Any) -> requests.Response:
        return self.call(method, f"/api/agencies/harbour{path}", **sent)

    def page(self, path: str = "") -> str:
        """A page, which must be there."""
        answer = self.call("GET", f"/agencies/harbour{path}")
        assert answer.status_code == 200, answer.text
        return answer.text

    def press(self, path: str, **fields: str) -> requests.Response:
        """Send a form as a browser does from the console's own page."""
        return self.call("POST", f"/agencies/harbour{path}", data=fields, headers={"Origin": self.address})

    def file(self, document: bytes = SHIP) -> requests.Response:
        """File a document with the agency."""
        return requests.post(f"{self.harbour.service_address}/ships", data=document, timeout=5)
