"""Multipart bodies: taken apart and put together, with a boundary and ids that tell nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from email.message import Message
from itertools import pairwise
from urllib.parse import unquote_to_bytes

BOUNDARY = "part-of-a-capture"


@dataclass(frozen=True, slots=True)
class Part:
    """One part. ``identifier`` is its Content-ID without brackets, ``field`` its name as a form's field without a file.

    ``disposition`` is its kind alone: a file's name may tell whose it is.
    """

    identifier: str
    content_type: str
    encoding: str
    disposition: str
    field: str
    content: bytes

    def named(self, names: Mapping[str, str]) -> Part:
        """The part under the new name of its identifier."""
        return replace(self, identifier=names.get(self.identifier, ""))

    def holding(self, content_type: str, content: bytes) -> Part:
        """The part with other content, which is written as it is."""
        return replace(self, content_type=content_type, encoding="binary" if self.encoding else "", content=content)

    def written(self) -> bytes:
        """The part with its head."""
        disposition = f'{self.disposition}; name="{self.field}"' if self.field else self.disposition
        lines = {
            "Content-Type": self.content_type,
            "Content-Transfer-Encoding": self.encoding,
            "Content-Disposition": disposition,
            "Content-ID": self.identifier and f"<{self.identifier}>",
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
        return head.encode("latin-1", "replace") + b"\r\n" + self.content


def split(body: bytes, boundary: str) -> list[Part]:
    """The parts of ``body``. Raises ValueError when it is broken."""
    mark = re.compile(rb"\r\n--" + re.escape(boundary.encode("latin-1", "replace")) + rb"(--)?[ \t]*(?=\r\n|$)")
    data = b"\r\n" + body
    marks = list(mark.finditer(data))
    if not boundary or len(marks) < 2 or not marks[-1][1]:
        raise ValueError(boundary)
    return [_part(data[one.end() + 2 : two.start()]) for one, two in pairwise(marks)]


def join(parts: Iterable[Part]) -> bytes:
    """A body of ``parts``."""
    written = b"".join(b"--%s\r\n%s\r\n" % (BOUNDARY.encode(), each.written()) for each in parts)
    return written + b"--%s--\r\n" % BOUNDARY.encode()


def content_type(message: Message, names: Mapping[str, str]) -> str:
    """The Content-Type of the body that ``join`` makes, of that which ``message`` has."""
    start = str(message.get_param("start") or "").strip("<>")
    kind = message.get_param("type")
    found = [f'type="{kind}"'] if kind else []
    found += [f'start="<{names[start]}>"'] if start in names else []
    return "; ".join([message.get_content_type(), *found, f'boundary="{BOUNDARY}"'])


def single_type(content_type: str) -> str:
    """The Content-Type of what is no multipart body, without parameters that may tell something: a file's name."""
    message = Message()
    message["Content-Type"] = content_type
    names = {str(name) for name, _ in message.get_params([])[1:]}
    return content_type if names <= {"charset"} else message.get_content_type()


def without_boundary(message: Message) -> str:
    """The Content-Type of a body that could not be taken apart."""
    return message.get_content_type()


def renamed(content: bytes, names: Mapping[str, str]) -> bytes:
    """``content`` with references to parts under their new names."""
    found = re.compile(rb"cid:([^\s<>\"'&]+)")

    def name(reference: re.Match[bytes]) -> bytes:
        new = names.get(unquote_to_bytes(reference[1]).decode("latin-1"))
        return b"cid:" + new.encode() if new else reference[0]

    return found.sub(name, content)


def _part(raw: bytes) -> Part:
    head, blank, content = (b"\r\n" + raw).partition(b"\r\n\r\n")
    if not blank:
        raise ValueError("a part has no content")
    disposition = Message()
    disposition["Content-Disposition"] = _line(head, "content-disposition")
    is_field = disposition.get_param("filename", header="content-disposition") is None
    name = disposition.get_param("name", "", header="content-disposition") if is_field else ""
    return Part(
        _line(head, "content-id").strip("<>"),
        _line(head, "content-type"),
        _line(head, "content-transfer-encoding"),
        str(disposition.get_content_disposition() or ""),
        str(name),
        content,
    )


def _line(head: bytes, name: str) -> str:
    found = re.search(rb"(?im)^" + name.encode() + rb":[ \t]*([^\r\n]*)", head)
    return found[1].decode("latin-1").strip() if found else ""
