"""A capture file is read, and refused with the line that is wrong."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from govgateway.documents.xml import not_read
from govgateway.errors import Text, UsageError
from govgateway_mocks.capture.recording import FORMAT, VERSION, Answer, Headers, Heading, Recorded, Recording, Request


def read(path: Path) -> Recording:
    """The capture in ``path``. Raises UsageError for a file that cannot be read, is none, or is damaged."""
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise not_read(path, error) from None
    heading = _read_heading(path, _data(path, 1, lines[0]))
    if lines[-1]:
        raise _damaged(path, len(lines), "dòng bị cắt", "the line is cut")
    exchanges = [_read_exchange(path, number, line) for number, line in enumerate(lines[1:-1], start=2)]
    _ensure_order(path, exchanges)
    return Recording(heading, tuple(exchanges))


def _data(path: Path, number: int, line: bytes) -> dict[str, Any]:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        data = None
    if isinstance(data, dict):
        return data
    if number == 1:
        raise _foreign(path)
    raise _damaged(path, number, "không phải JSON", "it is no JSON")


def _read_heading(path: Path, data: dict[str, Any]) -> Heading:
    if data.get("format") != FORMAT:
        raise _foreign(path)
    if data.get("version") != VERSION:
        raise UsageError(
            Text(f"Bản ghi {path} thuộc phiên bản khác.", f"The capture {path} is of another version."),
            Text(f"Bản này đọc được phiên bản {VERSION}.", f"This program reads version {VERSION}."),
            where=str(path),
        )
    try:
        at, scrubbed = _moment(data["at"]), _of(data, "scrubbed", bool)
        return Heading(_of(data, "agency", str), _of(data, "service_path", str), at, scrubbed, _of(data, "by", str))
    except (KeyError, TypeError, ValueError):
        raise _damaged(path, 1, "phần đầu thiếu hoặc sai", "the heading lacks something") from None


def _read_exchange(path: Path, number: int, line: bytes) -> Recorded:
    data = _data(path, number, line)
    try:
        request = Request(_of(data, "method", str), _of(data, "path", str), *_message(data, "request"))
        answer = None if data["status"] is None else Answer(_of(data, "status", int), *_message(data, "answer"))
        return Recorded(_of(data, "number", int), _moment(data["at"]), request, answer)
    except (KeyError, TypeError, ValueError):
        raise _damaged(path, number, "thiếu hoặc sai trường", "a field is missing or wrong") from None


def _message(data: dict[str, Any], which: str) -> tuple[Headers, bytes]:
    headers = tuple((str(name).lower(), str(value)) for name, value in data[f"{which}_headers"])
    return headers, base64.b64decode(_of(data, f"{which}_body", str), validate=True)


def _of(data: dict[str, Any], name: str, kind: type[Any]) -> Any:
    """The field ``name``, which must be a ``kind``. Raises KeyError, TypeError."""
    value = data[name]
    if type(value) is not kind:
        raise TypeError(name)
    return value


def _moment(written: str) -> datetime:
    at = datetime.fromisoformat(written)
    if at.tzinfo is None:
        raise ValueError(written)
    return at


def _ensure_order(path: Path, exchanges: Iterable[Recorded]) -> None:
    for expected, each in enumerate(exchanges, start=1):
        if each.number != expected:
            raise _damaged(path, expected + 1, f"thiếu lần gọi số {expected}", f"exchange {expected} is missing")


def _foreign(path: Path) -> UsageError:
    return UsageError(
        Text(f"Tệp {path} không phải bản ghi.", f"The file {path} is no capture."),
        Text("Tạo bản ghi: govgateway mocks record.", "Make one: govgateway mocks record."),
        where=str(path),
    )


def _damaged(path: Path, line: int, vi: str, en: str) -> UsageError:
    return UsageError(
        Text(f"Bản ghi {path} bị hỏng ở dòng {line}: {vi}.", f"The capture {path} is damaged in line {line}: {en}."),
        Text("Ghi lại, hoặc xoá từ dòng ấy về cuối.", "Record it again, or delete that line and all after it."),
        where=f"{path}:{line}",
    )
