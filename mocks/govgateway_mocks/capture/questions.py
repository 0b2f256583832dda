"""What a request asks: the operation and its arguments, apart from credentials and from what it carries."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from typing import Any
from urllib.parse import parse_qsl

from lxml import etree

from govgateway.documents.xml import read_xml
from govgateway.errors import UnreadableDocument
from govgateway_mocks.capture import parts
from govgateway_mocks.capture.recording import Request, header

_BODY = "{http://schemas.xmlsoap.org/soap/envelope/}Body"
_REFERENCE = "cid:"


@dataclass(frozen=True, slots=True)
class Question:
    """``operation`` is the one of a SOAP request, else the method and the path; ``arguments`` by path of names."""

    operation: str
    arguments: tuple[tuple[str, str], ...]


def question(request: Request) -> Question:
    """What ``request`` asks."""
    path, _, query = request.target.partition("?")
    asked = f"{request.method} {path}"
    arguments = parse_qsl(query, keep_blank_values=True)
    content = content_of(header(request.headers, "content-type"), request.body)
    if content is not None:
        return Question(etree.QName(content).localname, (*arguments, *leaves(content)))
    return Question(asked, (*arguments, *json_leaves(request.body)))


def content_of(content_type: str, body: bytes) -> etree._Element | None:
    """The content of the SOAP envelope that a body is, or that its first part is; None when there is none."""
    first = next(iter(single_bodies(content_type, body)), b"")
    try:
        return read_xml(first).root.find(f"{_BODY}/*")
    except UnreadableDocument:
        return None


def single_bodies(content_type: str, body: bytes) -> list[bytes]:
    """The contents of the parts of a body, or the body itself; none when it is broken."""
    message = Message()
    message["Content-Type"] = content_type
    if message.get_content_maintype() != "multipart":
        return [body]
    try:
        return [each.content for each in parts.split(body, str(message.get_param("boundary") or ""))]
    except ValueError:
        return []


def leaves(root: etree._Element) -> Iterator[tuple[str, str]]:
    """Path of local names and text of every element without children; which part is referred to makes no difference."""
    for each in root.iter("*"):
        if not len(each):
            above = [*reversed(list(each.iterancestors())), each]
            names = [etree.QName(one).localname for one in above[above.index(root) :]]
            value = (each.text or "").strip()
            yield "/".join(names), _REFERENCE if value.startswith(_REFERENCE) else value


def json_leaves(body: bytes) -> Iterator[tuple[str, str]]:
    """Path of names and value of everything single in a JSON body; nothing of another body."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return
    yield from _json_leaves(value, "")


def _json_leaves(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _json_leaves(each, f"{path}/{name}")
    elif isinstance(value, list):
        for each in value:
            yield from _json_leaves(each, path)
    else:
        yield path, str(value)
