"""Files that the gateway reads and writes for a person."""

from __future__ import annotations

import os
from pathlib import Path

from govgateway.causes import cause_of
from govgateway.errors import ConfigurationError, StorageError, Text, UsageError


def read_file(path: Path) -> bytes:
    """The bytes of a file that the configuration names. Raises ConfigurationError."""
    try:
        return path.read_bytes()
    except OSError as error:
        cause = cause_of(error)
        raise ConfigurationError(
            Text(f"Không đọc được tệp {path}: {cause.vi}.", f"The file {path} cannot be read: {cause.en}."),
            Text("Kiểm tra đường dẫn trong cấu hình.", "Check its path in the configuration."),
            where=str(path),
        ) from None


def write_file(path: Path, data: bytes, option: str = "--to") -> Path:
    """Write ``data`` to ``path``, whole or not at all, and give it back; a file with other content stays as it is.

    Raises UsageError when there is such a file, naming the ``option`` that leads elsewhere, StorageError when it cannot
    be written; nothing half-written is left.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        holds = path.read_bytes() == data if path.exists() else _placed(path, data)
    except OSError as error:
        cause = cause_of(error)
        raise StorageError(
            Text(f"Không ghi được tệp {path}: {cause.vi}.", f"The file {path} cannot be written: {cause.en}."),
            Text("Kiểm tra dung lượng đĩa và quyền ghi.", "Check the free space and your rights."),
            where=str(path),
        ) from None
    if not holds:
        raise UsageError(
            Text(f"Tệp {path} đã có và khác nội dung.", f"The file {path} exists with other content."),
            Text(f"Chọn nơi khác bằng {option}.", f"Choose another place with {option}."),
        )
    return path


def _placed(path: Path, data: bytes) -> bool:
    """Write ``data`` beside ``path`` and move it there; False when a file with other content came there meanwhile."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        beside.write_bytes(data)
        path.touch(exist_ok=False)  # whoever has the name may replace what is there: nothing yet
        _take_place(beside, path)
    except FileExistsError:
        return path.read_bytes() == data
    finally:
        beside.unlink(missing_ok=True)
    return True


def _take_place(beside: Path, path: Path) -> None:
    try:
        beside.replace(path)
    except OSError:
        path.unlink()
        raise
