"""Files that the gateway reads and writes for a person."""

from __future__ import annotations

from pathlib import Path

from govgateway.errors import ConfigurationError, StorageError, Text, UsageError


def read_file(path: Path) -> bytes:
    """The bytes of a file that the configuration names. Raises ConfigurationError."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            Text(f"Không đọc được tệp {path}.", f"The file {path} cannot be read."),
            Text("Kiểm tra đường dẫn trong cấu hình.", "Check its path in the configuration."),
            where=f"{path} ({type(error).__name__})",
        ) from None


def write_file(path: Path, data: bytes) -> Path:
    """Write ``data`` to ``path``, whole or not at all, and give it back; a file with other content stays as it is.

    Raises UsageError when there is such a file, StorageError when it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            beside = path.with_name(path.name + ".part")
            beside.write_bytes(data)
            beside.replace(path)
        elif path.read_bytes() != data:
            raise UsageError(
                Text(f"Tệp {path} đã có và khác nội dung.", f"The file {path} exists with other content."),
                Text("Chọn thư mục khác bằng --to.", "Choose another folder with --to."),
            )
    except OSError as error:
        raise StorageError(
            Text(f"Không ghi được tệp {path}.", f"The file {path} cannot be written."),
            Text("Kiểm tra dung lượng đĩa và quyền ghi.", "Check the free space and your rights."),
            where=f"{path} ({type(error).__name__})",
        ) from None
    return path
