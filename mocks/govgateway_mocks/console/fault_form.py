"""A fault as somebody fills it in on the page: text fields, read by what the kind's parameters are by default."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from govgateway.errors import Text
from govgateway_mocks.faults import FaultKind, Parameter
from govgateway_mocks.reading import unfit

PARAMETER = "with."
CONDITION = "when."


def _numbers(written: str) -> list[int]:
    return [int(each) for each in written.replace(",", " ").split()]


CONDITIONS: Mapping[str, tuple[Callable[[str], Any], Text]] = {
    "nth": (_numbers, Text("chỉ các lần gọi số, ví dụ 1, 3", "only these calls, such as 1, 3")),
    "every": (int, Text("mỗi lần gọi thứ n", "each n-th call")),
    "probability": (float, Text("xác suất, 0 tới 1", "probability, 0 to 1")),
    "seed": (int, Text("mầm ngẫu nhiên", "seed of the probability")),
    "key": (str, Text("khoá hồ sơ, được dùng * và ?", "business key, with * and ?")),
    "times": (int, Text("nhiều nhất bao nhiêu lần", "at most so many times")),
    "after": (float, Text("sau bao nhiêu giây", "seconds from now until it begins")),
    "until": (float, Text("tới giây thứ", "seconds from now until it ends")),
}
"""How each condition is read, and what it says."""


def read(fields: Mapping[str, str], kinds: Mapping[str, FaultKind]) -> dict[str, Any]:
    """The fault as data. An empty field is one that was not given. Raises UsageError for what is no number."""
    do, on = fields.get("do", ""), fields.get("on", "").strip()
    defaults = kinds[do].parameters if do in kinds else {}
    conditions = {name: _read(fields, CONDITION + name, reader) for name, (reader, _) in CONDITIONS.items()}
    parameters = {name: _read(fields, PARAMETER + name, _reader(value)) for name, value in defaults.items()}
    return {"do": do, "on": on or "*", "when": _given(conditions), "with": _given(parameters)}


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _reader(default: Parameter) -> Callable[[str], Any]:
    """What reads a value like ``default``."""
    return (lambda written: written == "true") if isinstance(default, bool) else type(default)


def _read(fields: Mapping[str, str], name: str, reader: Callable[[str], Any]) -> Any:
    written = fields.get(name, "").strip()
    if not written:
        return None
    try:
        return reader(written)
    except ValueError:
        raise unfit(name, "1, 2, 3 …") from None
