"""Captures and how they are written: JSON lines, a heading first, then one exchange a line (docs/simulators.md)."""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from govgateway.errors import Text, UsageError

FORMAT, VERSION = "govgateway-capture", 1
REMOVED = "[removed]"
"""Stands where something was that is not kept."""

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Request:
    """A whole HTTP request; ``target`` is its path with the query, names of ``headers`` are in lower case."""

    method: str
    target: str
    headers: Headers = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole HTTP answer, not compressed."""

    status: int
    headers: Headers = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Recorded:
    """One exchange at a moment; ``answer`` is None when none came, or no whole one."""

    number: int
    at: datetime
    request: Request
    answer: Answer | None


@dataclass(frozen=True, slots=True)
class Heading:
    """Of which agency a capture is, below which path its services stood, when it was begun and by which version.

    ``scrubbed``: persons and organisations are replaced; credentials are always cut.
    """

    agency: str
    service_path: str
    at: datetime
    scrubbed: bool
    by: str = f"govgateway {version('govgateway')}"


@dataclass(frozen=True, slots=True)
class Recording:
    """A capture that was read."""

    heading: Heading
    exchanges: tuple[Recorded, ...]


def header(headers: Headers, name: str) -> str:
    """The value of the first header ``name`` (lower case); empty when there is none."""
    return next((value for each, value in headers if each == name), "")


class Writer:
    """Writes a capture, each exchange as soon as it is added, for its owner's eyes. Raises UsageError when ``path`` is
    there already, or cannot be made."""

    def __init__(self, path: Path, heading: Heading) -> None:
        self._file = _created(path)
        self._write({"format": FORMAT, "version": VERSION, **_heading(heading)})

    def add(self, exchange: Recorded) -> None:
        """Write down ``exchange``."""
        self._write(_line(exchange))

    def close(self) -> None:
        """Nothing is added any more."""
        self._file.close()

    def _write(self, line: dict[str, Any]) -> None:
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._file.flush()


def replace(path: Path, recording: Recording) -> None:
    """Write ``recording`` in the place of ``path``, whole or not at all."""
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    write(unfinished, recording)
    unfinished.replace(path)


def write(path: Path, recording: Recording) -> None:
    """Write a new file. Raises UsageError when ``path`` is there already, or cannot be made."""
    writer = Writer(path, recording.heading)
    for each in recording.exchanges:
        writer.add(each)
    writer.close()


def _created(path: Path) -> TextIOWrapper:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise UsageError(
            Text(f"Tệp {path} đã có.", f"The file {path} is there already."),
            Text("Chọn tên khác: một bản ghi không bị ghi đè.", "Choose another name: no capture is written over."),
            where=str(path),
        ) from None
    except OSError as error:
        raise _unwritable(path, error) from None
    return TextIOWrapper(os.fdopen(handle, "wb"), encoding="utf-8", newline="\n")


def _unwritable(path: Path, error: OSError) -> UsageError:
    return UsageError(
        Text(f"Không tạo được tệp {path}.", f"The file {path} cannot be made."),
        Text("Kiểm tra thư mục và quyền ghi.", "Check its folder and your right to write there."),
        where=f"{path} ({type(error).__name__}, errno {error.errno})",
    )


def _heading(heading: Heading) -> dict[str, Any]:
    return {
        "agency": heading.agency,
        "service_path": heading.service_path,
        "at": heading.at.isoformat(),
        "by": heading.by,
        "scrubbed": heading.scrubbed,
    }


def _line(exchange: Recorded) -> dict[str, Any]:
    request, answer = exchange.request, exchange.answer
    return {
        "number": exchange.number,
        "at": exchange.at.isoformat(),
        "method": request.method,
        "path": request.target,
        "request_headers": request.headers,
        "request_body": base64.b64encode(request.body).decode(),
        "status": answer.status if answer else None,
        "answer_headers": answer.headers if answer else [],
        "answer_body": base64.b64encode(answer.body).decode() if answer else "",
    }
