"""What settings may hold: the first key that there is none of, or whose value is of the wrong kind, is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from govgateway.configuration.settings import ENDPOINT_SETTINGS, FILER_SETTINGS, SETTINGS, Setting, ValueKind
from govgateway.errors import ConfigurationError, Text
from govgateway.filing import Environment


def ensure_valid(values: Mapping[str, Any], path: Path) -> None:
    """Raise ConfigurationError naming the first key that there is none of, or whose value is of the wrong kind."""
    plain = {setting.name for setting in SETTINGS}
    for name, value in values.items():
        if name in plain:
            _ensure_text(value, name, path)
        elif not isinstance(value, dict) and name != "filers":
            raise unknown(path, name, plain)
        else:
            _ensure_tables(name, value, path)
    _ensure_environment(values["environment"], "environment", path)
    if values["language"] not in ("vi", "en"):
        raise _wrong(path, "language", Text("phải là vi hoặc en", "must be vi or en"))
    if values["revocation"] not in ("offline", "online"):
        raise _wrong(path, "revocation", Text("phải là offline hoặc online", "must be offline or online"))
    if not values["ledger"]:
        raise _wrong(path, "ledger", Text("không được để trống", "must not be empty"))


def _ensure_tables(name: str, value: Any, path: Path) -> None:
    """The tables below ``filers`` are those of filers, below an agency those of its environments."""
    if not isinstance(value, dict):
        raise _wrong(path, name, Text("phải là một bảng TOML", "must be a TOML table"))
    for below, entry in value.items():
        if name != "filers":
            _ensure_environment(below, f"{name}.{below}", path)
        _ensure_known(entry, FILER_SETTINGS if name == "filers" else ENDPOINT_SETTINGS, f"{name}.{below}", path)


def _ensure_environment(value: object, key: str, path: Path) -> None:
    names = ", ".join(Environment)
    if value not in list(Environment):
        raise _wrong(path, key, Text(f"môi trường phải là một trong {names}", f"must be one of {names}"))


def _ensure_known(entry: Any, settings: Iterable[Setting], key: str, path: Path) -> None:
    if not isinstance(entry, dict):
        raise _wrong(path, key, Text("phải là một bảng TOML", "must be a TOML table"))
    kinds = {setting.name: setting.kind for setting in settings}
    for name, value in entry.items():
        if name not in kinds:
            raise unknown(path, f"{key}.{name}", kinds)
        _KINDS[kinds[name]](value, f"{key}.{name}", path)


def _ensure_text(value: object, key: str, path: Path) -> None:
    if not isinstance(value, str):
        raise _wrong(path, key, Text("phải là chuỗi trong ngoặc kép", "must be a quoted text"))


def _ensure_texts(value: object, key: str, path: Path) -> None:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise _wrong(path, key, Text('phải là danh sách chuỗi: ["…", "…"]', 'must be a list of texts: ["…", "…"]'))


def _ensure_day(value: object, key: str, path: Path) -> None:
    try:
        date.fromisoformat(str(value))
    except ValueError:
        raise _wrong(path, key, Text("phải là ngày dạng 2026-07-01", "must be a day such as 2026-07-01")) from None


def _ensure_scalars(value: object, key: str, path: Path) -> None:
    if not isinstance(value, dict) or any(isinstance(each, dict | list) for each in value.values()):
        raise _wrong(path, key, Text("phải là một bảng gồm các giá trị đơn", "must be a table of single values"))


def _ensure_truth(value: object, key: str, path: Path) -> None:
    if str(value).lower() not in {"true", "false"}:
        raise _wrong(path, key, Text("phải là true hoặc false", "must be true or false"))


def _ensure_address(value: object, key: str, path: Path) -> None:
    if not isinstance(value, str) or not re.fullmatch(r"(https?://[^\s/]+\S*)?", value):
        raise _wrong(path, key, Text("phải là địa chỉ http:// hoặc https://", "must be an http:// or https:// address"))


_KINDS: Mapping[ValueKind, Callable[[object, str, Path], None]] = {
    ValueKind.TEXT: _ensure_text,
    ValueKind.TEXTS: _ensure_texts,
    ValueKind.ADDRESS: _ensure_address,
    ValueKind.DAY: _ensure_day,
    ValueKind.TRUTH: _ensure_truth,
    ValueKind.TABLE: _ensure_scalars,
}


def unknown(path: Path, key: str, known: Iterable[str]) -> ConfigurationError:
    """The error for the key ``key``, which is none of those ``known``."""
    from difflib import get_close_matches

    near = get_close_matches(key.rpartition(".")[2], list(known), n=1)
    return ConfigurationError(
        Text(f"Không có khoá cấu hình '{key}'.", f"There is no setting '{key}'."),
        Text(f"Có phải là '{near[0]}'?", f"Did you mean '{near[0]}'?")
        if near
        else Text("Xem docs/configuration.md.", "See docs/configuration.md."),
        where=str(path),
    )


def _wrong(path: Path, key: str, why: Text) -> ConfigurationError:
    return ConfigurationError(
        Text(f"Giá trị của '{key}' không hợp lệ: {why.vi}.", f"The value of '{key}' is not allowed: {why.en}."),
        Text("Sửa tệp cấu hình hoặc biến môi trường.", "Correct the file or the environment variable."),
        where=str(path),
    )
