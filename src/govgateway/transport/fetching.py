"""Brings what lies at an address by GET: revocation lists, which are public and carry their own signature."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta

import requests

from govgateway.transport.session import HttpAnswer, HttpRequest, Sent, Transport, _Adapter, _Exchange


def get(address: str, transport: Transport, deadline: timedelta) -> Sent:
    """GET ``address`` once and read the whole answer within ``deadline``, as Transport.send does with a POST."""
    return _Getting(transport, deadline.total_seconds()).run(HttpRequest(address, {}, b""))


class _Getting(_Exchange):
    """The same exchange with nothing to send."""

    def _exchange(self, request: HttpRequest) -> HttpAnswer:
        headers = {"Connection": "close", "Accept-Encoding": "identity", "User-Agent": "govgateway"}
        prepared = requests.Request("GET", request.url, headers=headers).prepare()
        self.transport.ensure_usable(prepared.url or "")
        with closing(_Adapter(self)) as adapter:
            patience = (
                min(self.transport.connect_timeout, self.deadline),
                min(self.transport.read_timeout, self.deadline),
            )
            with adapter.send(prepared, timeout=patience, stream=True) as response:
                return self._read(response)
