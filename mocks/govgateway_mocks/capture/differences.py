"""Where the simulator's answer differs from the recorded one: status, headers, parts, and what is in them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from email.message import Message
from typing import Any

from lxml import etree

from govgateway.documents.xml import read_xml
from govgateway.errors import UnreadableDocument
from govgateway_mocks.capture import parts
from govgateway_mocks.capture.aspects import Aspect, Difference, Found, differ
from govgateway_mocks.capture.questions import content_of, leaves
from govgateway_mocks.capture.recording import REMOVED, Answer, header
from govgateway_mocks.capture.structure import elements, values

_OK = 200


def differences(recorded: Answer, simulated: Answer | None) -> list[Difference]:
    """Where ``simulated`` differs from what was recorded, each once. None is no answer at all.

    A recorded answer that there is nothing yet was asked for too early: then what the other one says makes no
    difference, as long as it answers the same question.
    """
    if simulated is None:
        return [Difference(Aspect.ANSWER, "", "answered", "")]
    found = [*differ(Aspect.STATUS, "", str(recorded.status), str(simulated.status))]
    if is_early(recorded) and not is_early(simulated):
        found += differ(Aspect.MISSING, "", _content_name(recorded), _content_name(simulated))
    else:
        found += _bodies(_Body.of(recorded), _Body.of(simulated))
    return list(dict.fromkeys(found))


def is_early(answer: Answer) -> bool:
    """Whether an answer says that there is nothing yet: its result is nil or empty."""
    content = content_of(header(answer.headers, "content-type"), answer.body)
    return content is not None and answer.status == _OK and not any(value for _, value in leaves(content))


def _content_name(answer: Answer) -> str:
    content = content_of(header(answer.headers, "content-type"), answer.body)
    return "" if content is None else etree.QName(content).localname


@dataclass(frozen=True, slots=True)
class _Body:
    """A body or a part of one, by what it says that it is."""

    content_type: str
    data: bytes

    @classmethod
    def of(cls, answer: Answer) -> _Body:
        return cls(header(answer.headers, "content-type"), answer.body)

    @property
    def kind(self) -> str:
        """The media type with the parameters that say something about the content."""
        message = self._message
        named = [(name, message.get_param(name)) for name in ("type", "charset")]
        return "; ".join([message.get_content_type(), *(f"{name}={str(each).lower()}" for name, each in named if each)])

    @property
    def parts(self) -> list[_Body] | None:
        """The parts of a multipart body; None for any other."""
        if self._message.get_content_maintype() != "multipart":
            return None
        try:
            found = parts.split(self.data, str(self._message.get_param("boundary") or ""))
        except ValueError:
            return None
        return [_Body(each.content_type, each.content) for each in found]

    @property
    def _message(self) -> Message:
        message = Message()
        message["Content-Type"] = self.content_type
        return message


def _bodies(recorded: _Body, simulated: _Body) -> Found:
    yield from differ(Aspect.CONTENT_TYPE, "", recorded.kind, simulated.kind)
    if recorded.data == REMOVED.encode():
        return
    ours, theirs = simulated.parts, recorded.parts
    if ours is not None and theirs is not None:
        yield from differ(Aspect.PARTS, "", str(len(theirs)), str(len(ours)))
        for one, other in zip(theirs, ours, strict=False):
            yield from _bodies(one, other)
        return
    if (ours is None) != (theirs is None):
        yield from differ(Aspect.READABLE, "", _whole(theirs), _whole(ours))
        return
    yield from _contents(recorded.data, simulated.data)


def _whole(parts: list[_Body] | None) -> str:
    return "bytes" if parts is None else "parts"


def _contents(recorded: bytes, simulated: bytes) -> Found:
    one, other = _read(recorded), _read(simulated)
    yield from differ(Aspect.READABLE, "", one[0], other[0])
    if one[0] != other[0]:
        return
    if isinstance(one[1], etree._Element) and isinstance(other[1], etree._Element):
        yield from elements(one[1], other[1])
    elif one[0] == "JSON":
        yield from values(one[1], other[1])


def _read(data: bytes) -> tuple[str, Any]:
    """What ``data`` is, and what could be read of it."""
    try:
        return "XML", read_xml(data).root
    except UnreadableDocument:
        pass
    try:
        return "JSON", json.loads(data)
    except (ValueError, RecursionError):
        return "bytes" if data else "nothing", None
