"""Where in a recorded exchange a fault may strike: the places at which a reader or a writer could be deceived."""

from __future__ import annotations

from collections.abc import Mapping

Places = Mapping[str, int]
"""A name for each place, and how many bytes come before it."""

_END_OF_HEAD = b"\r\n\r\n"


def request_places(request: bytes, document: bytes, *, every: bool = False) -> Places:
    """The places in ``request``, head included; with ``every``, all bytes. Those within ``document`` only where it
    carries one: a question has nothing that could arrive by half."""
    head = _head(request)
    if not document:
        return _distinct(
            {"within the head": head // 2, "half of the body": (head + len(request)) // 2}, len(request), every
        )
    start = request.find(document)
    body = len(request) - head
    # What is encoded on its way lies somewhere in the middle.
    first, last = (start, start + len(document)) if start >= 0 else (head + body // 4, head + body * 3 // 4)
    places = {
        "the first byte": 1,
        "within the head": head // 2,
        "before the last byte of the head": head - 1,
        "between head and body": head,
        "at the first byte of the document": first,
        "within the document": (first + last) // 2,
        "before the last byte of the document": last - 1,
        "after the document": last,
        "before the last byte": len(request) - 1,
    }
    return _distinct(places, len(request), every)


def answer_places(answer: bytes, *, every: bool = False) -> Places:
    """The places in ``answer``, head included."""
    head = _head(answer)
    places = {
        "nothing of it": 0,
        "within the status line": answer.find(b"\r\n") // 2,
        "after the status line": answer.find(b"\r\n") + 2,
        "within the head": head // 2,
        "before the last byte of the head": head - 1,
        "between head and body": head,
        "a third of the body": head + (len(answer) - head) // 3,
        "half of the body": head + (len(answer) - head) // 2,
        "two thirds of the body": head + (len(answer) - head) * 2 // 3,
        "before the last byte": len(answer) - 1,
    }
    return _distinct(places, len(answer), every)


def body_places(answer: bytes, *, every: bool = False) -> Places:
    """The places in the body of ``answer``, counted from its begin."""
    head = _head(answer)
    return {name: at - head for name, at in answer_places(answer, every=every).items() if at >= head}


def _head(message: bytes) -> int:
    return message.find(_END_OF_HEAD) + len(_END_OF_HEAD)


def _distinct(places: Places, length: int, every: bool) -> Places:
    """Each place once, in order; with ``every`` the bytes between have their number for a name."""
    named: dict[int, str] = {}
    for name, at in places.items():
        if 0 <= at < length:
            named.setdefault(at, name)
    if every:
        named = {at: named.get(at, f"byte {at}") for at in range(length)}
    return {named[at]: at for at in sorted(named)}
