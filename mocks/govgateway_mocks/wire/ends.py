"""How a fault writes an answer, or part of one, and how it ends a connection."""

from __future__ import annotations

import asyncio
import re

from govgateway_mocks.faults import Fault
from govgateway_mocks.wire.lines import Line, Stream, finish, reset
from govgateway_mocks.wire.release import Release

_LENGTH = re.compile(rb"(?im)^content-length:.*\r\n")


async def end(line: Line, fault: Fault, release: Release) -> None:
    """End the connection as ``fault`` says: RST, FIN, or silence until it is disarmed."""
    how = fault.parameters.get("how", fault.do)
    if how == "reset":
        reset(line)
    elif how == "close":
        await finish(line)
    else:
        await release.of(fault)


def cut(fault: Fault, answer: bytes) -> bytes:
    """What is written of ``answer`` before ``fault`` ends the connection."""
    if fault.parameters.get("length") == "dropped":
        head = _head(answer)
        answer = _LENGTH.sub(b"", answer[:head], count=1) + answer[head:]
    size, head = int(fault.parameters["bytes"]), _head(answer)
    first, last = _part(fault, head, len(answer))
    return answer[:last] if size < 0 else answer[: min(first + size, last)]


async def trickle(stream: Stream, fault: Fault, answer: bytes, release: Release) -> None:
    """Write ``answer`` so many bytes at a time, and what is left at once when the fault is disarmed."""
    first, last = _part(fault, _head(answer), len(answer))
    released = asyncio.ensure_future(release.of(fault))
    try:
        await stream.write(answer[:first])
        while first < last and not released.done():
            following = min(first + int(fault.parameters["bytes"]), last)
            await stream.write(answer[first:following])
            await asyncio.wait([released], timeout=float(fault.parameters["pause"]))
            first = following
        await stream.write(answer[first:])
    finally:
        released.cancel()


def _head(answer: bytes) -> int:
    return answer.index(b"\r\n\r\n") + 4


def _part(fault: Fault, head: int, whole: int) -> tuple[int, int]:
    """From where to where the part of an answer goes that ``of`` names."""
    return {"answer": (0, whole), "head": (0, head), "body": (head, whole)}[str(fault.parameters["of"])]
