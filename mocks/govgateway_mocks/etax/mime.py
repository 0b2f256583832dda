"""Multipart bodies, read as strictly as a service does: nothing is guessed from a body that is broken."""

from __future__ import annotations

import base64
import quopri
import re
from dataclasses import dataclass
from email.message import Message
from itertools import pairwise

from govgateway_mocks.etax.soap import Fault

_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]")
_AS_IT_IS = {"", "7bit", "8bit", "binary"}


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its Content-Type as it was given, its content decoded."""

    content_type: str
    data: bytes


def header(content_type: str) -> Message:
    """A Content-Type header, to be asked for its type and parameters."""
    found = Message()
    found["Content-Type"] = content_type
    return found


def read_parts(content_type: str, body: bytes) -> dict[str, Part]:
    """The parts of a multipart body by Content-ID, or by number. Raises Fault when it is broken."""
    boundary = str(header(content_type).get_param("boundary") or "")
    if not _BOUNDARY.fullmatch(boundary):
        raise _broken("it has no boundary, or one that is not allowed")
    mark = re.compile(rb"\r\n--" + re.escape(boundary.encode()) + rb"(--)?[ \t]*(?=\r\n|$)")
    data = b"\r\n" + body
    marks = list(mark.finditer(data))
    closed = next((number for number, each in enumerate(marks) if each[1]), 0)
    if not closed:
        raise _broken("it is not closed")
    parts: dict[str, Part] = {}
    for one, two in pairwise(marks[: closed + 1]):
        name, part = _part(data[one.end() : two.start()], len(parts))
        if name in parts:
            raise _broken(f"two parts of it are called {name}")
        parts[name] = part
    return parts


def _part(raw: bytes, number: int) -> tuple[str, Part]:
    head, blank, content = raw.partition(b"\r\n\r\n")
    if not blank:
        raise _broken("a part of it has no content")
    name = _field(head, "content-id").strip("<>") or f"part-{number}"
    return name, Part(_field(head, "content-type"), _decoded(content, _field(head, "content-transfer-encoding")))


def _field(head: bytes, name: str) -> str:
    found = re.search(rb"(?im)^" + name.encode() + rb":[ \t]*([^\r\n]*)", head)
    return found[1].decode("latin-1").strip() if found else ""


def _decoded(content: bytes, encoding: str) -> bytes:
    """The content without its transfer encoding. Raises Fault for one that is unknown or broken."""
    if encoding.lower() in _AS_IT_IS:
        return content
    if encoding.lower() == "quoted-printable":
        return quopri.decodestring(content)
    if encoding.lower() != "base64":
        raise _broken(f"unknown transfer encoding {encoding}")
    try:
        return base64.b64decode(b"".join(content.split()), validate=True)
    except ValueError:
        raise _broken("a part of it is no base64") from None


def _broken(why: str) -> Fault:
    return Fault("SOAP-ENV:Client", f"the multipart body is broken: {why}")
