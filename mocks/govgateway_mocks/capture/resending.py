"""Recorded requests as the simulator is to get them: its account, its references, its keys."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from lxml import etree

from govgateway_mocks.capture import bodies
from govgateway_mocks.capture.bindings import Bindings, changed
from govgateway_mocks.capture.recording import REMOVED, Headers, Request
from govgateway_mocks.capture.signing import Unsigned, sign_again
from govgateway_mocks.pki import DemonstrationPki

_WSSE = "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd}"


class Resending:
    """Makes requests fit for the simulator with ``settings``; the Rewriter of one request at a time.

    ``unsigned``: a document of the last one could not be signed anew.
    """

    def __init__(self, settings: Mapping[str, str], pki: DemonstrationPki, bindings: Bindings) -> None:
        self._settings = settings
        self._pki = pki
        self._bindings = bindings
        self._at = pki.clock()
        self.unsigned = False

    def request(self, recorded: Request, at: datetime, service_paths: tuple[str, str]) -> Request:
        """``recorded`` for the simulator, at the moment ``at``; ``service_paths`` are the recorded and its own."""
        self._at, self.unsigned = at, False
        kept = dict(recorded.headers)
        content_type, body = bodies.rewritten(kept.get("content-type", ""), recorded.body, self)
        headers = self._headers(recorded.headers, content_type)
        target = self._bindings.in_path(_below(recorded.target, *service_paths))
        return replace(recorded, target=target, headers=headers, body=body)

    def xml(self, root: etree._Element) -> None:
        """Fill in the account, bind the references, sign documents anew."""
        for token in root.iter(f"{_WSSE}UsernameToken"):
            self._identify(token)
        changed(root, self._bindings)
        try:
            sign_again(root, self._pki, self._at)
        except Unsigned:
            self.unsigned = True

    def json(self, value: Any) -> Any:
        """Bind the references."""
        if isinstance(value, dict):
            return {name: self.json(each) for name, each in value.items()}
        if isinstance(value, list):
            return [self.json(each) for each in value]
        return self._bindings.bound(value) if isinstance(value, str) else value

    def field(self, name: str, value: str) -> str:
        """Bind the references; an account is filled in."""
        return self._settings.get(name, value) if value == REMOVED else self._bindings.bound(value)

    def text(self, text: str) -> str:
        """As it was recorded."""
        return text

    def other(self, data: bytes) -> bytes:
        """As it was recorded."""
        return data

    def _identify(self, token: etree._Element) -> None:
        for name in ("Username", "Password"):
            for each in token.iterfind(f"{_WSSE}{name}"):
                each.text = self._settings.get(name.lower(), "")

    def _headers(self, recorded: Headers, content_type: str) -> Headers:
        account = ":".join(self._settings.get(name, "") for name in ("username", "password"))
        own = {"content-type": content_type, "authorization": f"Basic {base64.b64encode(account.encode()).decode()}"}
        return tuple((name, own.get(name, value)) for name, value in recorded if value != REMOVED or name in own)


def _below(target: str, recorded: str, own: str) -> str:
    """``target`` with the simulator's service path in the place of the recorded one."""
    return own + target.removeprefix(recorded) if target.startswith(recorded) else target
