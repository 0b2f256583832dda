"""Sets values in the settings file: it is written whole, and only when what is written can be loaded."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from govgateway.causes import cause_of
from govgateway.configuration.checking import unknown
from govgateway.configuration.file import read, text_of
from govgateway.configuration.loading import load
from govgateway.configuration.settings import SETTINGS
from govgateway.errors import ConfigurationError, StorageError, Text


def store(path: Path, values: Mapping[str, str | list[str]]) -> None:
    """Set ``values`` by dotted key in the file at ``path``, keeping its comments and order; it is replaced once, whole.

    Raises ConfigurationError, and writes nothing, when the file is or would be no valid one.
    """
    import tomlkit

    read(path)
    document = tomlkit.parse(text_of(path))
    for key, value in values.items():
        *tables, last = key.split(".")
        table: Any = document
        for name in tables:
            table = table.setdefault(name, tomlkit.table(is_super_table=name != tables[-1]))
            if not isinstance(table, dict):
                raise unknown(path, key, (setting.name for setting in SETTINGS))
        table[last] = value
    _replace(path, tomlkit.dumps(document))


def _replace(path: Path, text: str) -> None:
    """Write ``text`` beside ``path``, prove that it can be loaded, then take its place; only the owner may read it."""
    beside = path.with_name(path.name + ".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.touch(mode=0o600)
        beside.write_text(text, encoding="utf-8")
        load(beside, {})
        beside.replace(path)
    except ConfigurationError as error:
        error.where = str(path)
        raise
    except OSError as error:
        cause = cause_of(error)
        raise StorageError(
            Text(
                f"Không ghi được tệp cấu hình {path}: {cause.vi}.",
                f"The configuration {path} cannot be written: {cause.en}.",
            ),
            Text("Kiểm tra quyền ghi và dung lượng đĩa.", "Check your right to write there and the free space."),
            where=str(path),
        ) from None
    finally:
        beside.unlink(missing_ok=True)
