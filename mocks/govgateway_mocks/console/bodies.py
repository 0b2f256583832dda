"""What comes to the console and leaves it: JSON objects, a browser's forms, files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from govgateway_mocks.agency import Decision
from govgateway_mocks.reading import mapping, only, unfit
from govgateway_mocks.server import body_of


def file(data: bytes, name: str) -> Response:
    """``data`` as a file: a browser keeps it, and never shows what a stranger wrote as a page of this address."""
    ending = "xml" if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") else "txt"
    headers = {"Content-Disposition": f'attachment; filename="{name}.{ending}"'}
    return Response(data, headers=headers, media_type="application/octet-stream")


def decision(word: str) -> Decision:
    """The decision that ``word`` names."""
    try:
        return Decision(word)
    except ValueError:
        raise unfit("decision", ", ".join(Decision)) from None


def reason(written: str) -> str:
    """A reason on one line, of signs that any agency's notice can carry."""
    line = " ".join(written.split())
    if not line.isprintable():
        raise unfit("reason", '"…"')
    return line


async def json_object(request: Request, *names: str) -> Mapping[str, Any]:
    """The JSON object that was sent; ``names`` are those that it may have, unless none are given."""
    try:
        said = mapping("body", json.loads(await body_of(request)))
        json.dumps(said, ensure_ascii=False).encode()  # half a surrogate is no text
    except (ValueError, RecursionError):
        raise unfit("body", "JSON") from None
    if names:
        only(said, names)
    return said


async def form_fields(request: Request) -> Mapping[str, str]:
    """The fields of the form that was sent."""
    return dict(parse_qsl((await body_of(request)).decode("utf-8", "replace")))
