"""Reading what somebody wrote as data (TOML, JSON, keywords): what does not fit is refused, with what is possible."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from govgateway.errors import Text, UsageError

_LARGEST = 1e15
Number = TypeVar("Number", int, float)


def unfit(where: str, possible: str) -> UsageError:
    """The error for a value that does not fit. ``possible`` are the values that do, as they are written."""
    return UsageError(
        Text(f"Giá trị của '{where}' không hợp lệ.", f"The value of '{where}' is not possible."),
        Text(f"Có thể dùng: {possible}.", f"Possible: {possible}."),
        where=where,
    )


def only(data: Mapping[str, Any], names: Iterable[str]) -> None:
    """Raise UsageError for a name in ``data`` that is none of ``names``."""
    for name in data:
        if name not in names:
            possible = ", ".join(names) or "–"
            raise UsageError(
                Text(f"Không có '{name}'.", f"There is no '{name}'."),
                Text(f"Có thể dùng: {possible}.", f"Possible: {possible}."),
                where=str(name),
            )


def mapping(where: str, value: object) -> Mapping[str, Any]:
    """``value`` when it has names and values."""
    if not isinstance(value, Mapping):
        raise unfit(where, "{ … }")
    return value


def several(where: str, value: object) -> Sequence[Any]:
    """``value`` when it is a list."""
    if not isinstance(value, list):
        raise unfit(where, "[ … ]")
    return value


def text(where: str, value: object, *, empty: bool = False) -> str:
    """``value`` when it is a text; ``empty`` says whether it may be empty."""
    if not isinstance(value, str) or not (value or empty):
        raise unfit(where, '"…"')
    return value


def number(
    where: str, value: object, kind: type[Number], *, least: float | None = 0, most: float | None = None
) -> Number:
    """``value`` as a ``kind`` of number, from ``least`` to ``most``. No kind of number is a truth value."""
    if not isinstance(value, int if kind is int else (int, float)) or isinstance(value, bool):
        raise unfit(where, _range(least, most))
    fits = abs(value) <= _LARGEST and (least is None or value >= least) and (most is None or value <= most)
    if not fits:  # nor does NaN
        raise unfit(where, _range(least, most))
    return kind(value)


def numbers(where: str, value: object) -> tuple[int, ...]:
    """One number from 1 on, or several."""
    several = value if isinstance(value, list | tuple) and value else [value]
    return tuple(number(where, each, int, least=1) for each in several)


def _range(least: float | None, most: float | None) -> str:
    if least is None:
        return "0, ±1, ±2 …"
    return f"≥ {least:.15g}" if most is None else f"{least:.15g} … {most:.15g}"
