"""The settings file as it is read: UTF-8 text, TOML."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from govgateway.causes import cause_of
from govgateway.errors import ConfigurationError, Text


def text_of(path: Path) -> str:
    """The text of the file at ``path``, empty when there is none. Raises ConfigurationError when it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        cause = cause_of(error) if isinstance(error, OSError) else Text("không phải UTF-8", "it is not UTF-8")
        raise ConfigurationError(
            Text(
                f"Không đọc được tệp cấu hình {path}: {cause.vi}.",
                f"The configuration {path} cannot be read: {cause.en}.",
            ),
            Text("Tệp phải là văn bản UTF-8 và đọc được.", "It must be readable UTF-8 text."),
            where=str(path),
        ) from None


def read(path: Path) -> dict[str, Any]:
    """The values in the file at ``path``, none when there is none. Raises ConfigurationError for what is no TOML."""
    text = text_of(path)
    if not text:
        return {}
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _place(str(error))
        raise ConfigurationError(
            Text(
                f"Tệp cấu hình {path} sai cú pháp TOML: {place.vi}.",
                f"The configuration {path} is no TOML: {place.en}.",
            ),
            Text("Sửa chỗ được nêu.", "Correct the place named."),
            where=str(path),
        ) from None


def _place(said: str) -> Text:
    """Where the TOML reader stopped, from what it ``said`` in English."""
    found = re.search(r"line (\d+), column (\d+)", said)
    if found is None:
        return Text("ở cuối tệp", "at its end")
    return Text(f"dòng {found[1]}, cột {found[2]}", f"line {found[1]}, column {found[2]}")
