"""What a request to the simulated tax office is about, told from its bytes alone: which call, which obligation."""

from __future__ import annotations

import re
from collections.abc import Callable

from govgateway_mocks.etax import mime
from govgateway_mocks.etax.soap import Fault

SERVICES = "/ihtkk_van"
"""Where the services stand below the office's address."""

_OPERATION = re.compile(
    rb"<(?:[\w.-]+:)?Body(?:\s[^<>]*)?>(?:\s|<!--(?:(?!-->).)*-->)*<(?:[\w.-]+:)?([\w.-]+)(?=[\s/>])", re.DOTALL
)
_BOUNDARY = re.compile(rb"\A(?:\r\n)*--([\x21-\x7e]{1,70})[ \t]*\r\n")


def call_of(method: str, path: str, body: bytes, services: str) -> str | None:
    """The operation in a request to ``services``, whose envelope comes first; else the path, without its query.

    None as long as the operation does not stand in ``body``; of a whole request that means that it asks for none.
    """
    plain = path.partition("?")[0]
    if method != "POST" or not plain.startswith(f"{services}/"):
        return plain
    found = _OPERATION.search(body)
    return found[1].decode() if found else None


def key_of(data: bytes, key: Callable[[bytes], str]) -> str:
    """The first obligation that ``key`` finds in ``data``, a document or a multipart body; empty when it finds none."""
    boundary = _BOUNDARY.match(data)
    if boundary is None:
        return key(data)
    try:
        parts = mime.read_parts(f'multipart/related; boundary="{boundary[1].decode()}"', data)
    except Fault:
        return ""
    return next(filter(None, (key(each.data) for each in parts.values())), "")
