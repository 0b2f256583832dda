"""What happened at the simulated tax office, line by line in a file: it survives a restart byte for byte.

A record is one line of JSON with its digest, written as it happens. A kill can leave the last one unfinished: it is cut
off when the file is read again, for nobody was told of it yet. Anything else that cannot be read is an error.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from govgateway.errors import ConfigurationError, Text

Record = Mapping[str, Any]

_HEAD = b'{"simulator": "etax", "format": 2}\n'


class Journal:
    """The file at ``path``, made when it is not there; None keeps nothing. Raises ConfigurationError when it cannot be
    used."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def records(self) -> Iterator[Record]:
        """What the file holds, the oldest first. Raises ConfigurationError, naming the line, when it is damaged."""
        if self._path is None:
            return
        data = self._read(self._path)
        whole = data[: data.rfind(b"\n") + 1]
        if not whole and _HEAD.startswith(data):
            self.clear()
            return
        if not whole.startswith(_HEAD):
            raise _unusable(self._path, Text("không phải tệp trạng thái", "it is no state of the simulator"))
        if whole != data:
            self._write(self._path, whole)
        for number, line in enumerate(whole.splitlines()[1:], start=2):
            yield self._record(number, line)

    def write(self, kind: str, **fields: object) -> None:
        """Add the record ``kind``."""
        if self._path is not None:
            record = {"kind": kind, **fields}
            line = json.dumps({"record": record, "sha256": _digest(record)}, ensure_ascii=False)
            self._write(self._path, line.encode() + b"\n", mode="ab")

    def clear(self) -> None:
        """Forget everything."""
        if self._path is not None:
            self._write(self._path, _HEAD)

    def damaged(self, number: int) -> ConfigurationError:
        """The error for the record in line ``number``."""
        return _unusable(self._path or Path(), Text(f"dòng {number} bị hỏng", f"line {number} is damaged"))

    def _record(self, number: int, line: bytes) -> Record:
        try:
            read = json.loads(line)
            record: Record = read["record"]
            if read["sha256"] == _digest(record):
                return record
        except (ValueError, TypeError, KeyError):
            pass
        raise self.damaged(number)

    def _read(self, path: Path) -> bytes:
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise _unusable(path, _WRITABLE, type(error).__name__) from None

    def _write(self, path: Path, data: bytes, mode: str = "wb") -> None:
        try:
            with path.open(mode) as file:
                file.write(data)
        except OSError as error:
            raise _unusable(path, _WRITABLE, type(error).__name__) from None


def _digest(record: Record) -> str:
    return hashlib.sha256(json.dumps(record, ensure_ascii=False).encode()).hexdigest()


_WRITABLE = Text("không đọc hoặc ghi được", "it cannot be read or written")


def _unusable(path: Path, cause: Text, detail: str = "") -> ConfigurationError:
    return ConfigurationError(
        Text(
            f"Không dùng được tệp trạng thái của bộ mô phỏng: {cause.vi}.",
            f"The state file of the simulator cannot be used: {cause.en}.",
        ),
        Text("Chọn tệp khác, hoặc xoá tệp này để bắt đầu lại.", "Choose another file, or delete it to begin anew."),
        where=f"{path} ({detail})" if detail else str(path),
    )
