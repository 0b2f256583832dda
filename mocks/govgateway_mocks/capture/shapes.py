"""What kind of thing a value is, without saying which: a number, a day, a moment, the pattern of a code, a text."""

from __future__ import annotations

import re

from govgateway_mocks.capture.recording import REMOVED

EMPTY, NUMBER, TEXT, REFERENCE = "empty", "number", "text", "reference to a part"

_TIMES = (
    (re.compile(r"\d\d/\d\d/\d{4}"), "day dd/MM/yyyy"),
    (re.compile(r"\d{4}-\d\d-\d\d"), "day yyyy-MM-dd"),
    (re.compile(r"\d\d/\d{4}"), "month MM/yyyy"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"), "moment"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+"), "moment with fractions"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)"), "moment with zone"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+(Z|[+-]\d\d:\d\d)"), "moment with fractions and zone"),
    (re.compile(r"\d\d/\d\d/\d{4} \d\d:\d\d:\d\d"), "moment dd/MM/yyyy HH:mm:ss"),
)
_TOO_SHORT_FOR_A_NAME = re.compile(r"[A-Z]|0\d")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_BASE64 = re.compile(r"(?=[^a-z]*[a-z])(?=[^A-Z]*[A-Z])[A-Za-z0-9+/]{22,}={0,2}")
_RUNS = re.compile(
    r"(?P<uuid>[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})|(?P<hex>(?=\d*[a-fA-F])[0-9a-fA-F]{16,})"
    r"|(?P<digits>\d+)|(?P<letters>[^\W\d_]+)"
)
_SIGNS = {"uuid": "<uuid>", "hex": "<hex>", "digits": "9", "letters": "A"}
_LONGEST = 64
_LIST = re.compile(r"[^\s;]+(?:;[^\s;]+)+;?")


def shape(value: str) -> str | None:
    """What ``value`` is; None when it was removed, and nobody knows."""
    value = value.strip()
    if value == REMOVED:
        return None
    if not value:
        return EMPTY
    if value.startswith("cid:"):
        return REFERENCE
    if value.lower() in {"true", "false"}:
        return "truth value"
    if _TOO_SHORT_FOR_A_NAME.fullmatch(value):
        return f'code "{value}"'
    return time_of(value) or (NUMBER if _NUMBER.fullmatch(value) else _pattern(value))


def time_of(value: str) -> str:
    """How ``value`` writes a day or a moment; empty when it is none."""
    return next((name for pattern, name in _TIMES if pattern.fullmatch(value)), "")


def is_plain(value: str) -> bool:
    """Whether ``value`` is a number, a day or a moment."""
    return bool(_NUMBER.fullmatch(value) or time_of(value))


def _pattern(value: str) -> str:
    """``code A9-9`` for a word with digits, such as ``TB12-3``; a list of such is like one of them."""
    first = value.partition(";")[0] if _LIST.fullmatch(value) else value
    if _BASE64.fullmatch(first):
        return "base64"
    if not any(each.isdigit() for each in first) or any(each.isspace() for each in first):
        return TEXT
    pattern = _RUNS.sub(lambda found: _SIGNS[str(found.lastgroup)], first)
    return f"code {pattern}" if len(pattern) <= _LONGEST else TEXT
