"""Numbers and days as people and spreadsheets write them, as the plain texts that a document has."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

_SPACES = "\u00a0\u2007\u202f\u2009"
_MINUS = "\u2212\u2013"
_TIDY = str.maketrans(dict.fromkeys(_SPACES, " "))
# No width, or the direction turned round: what a person reads is not what is signed.
_UNSEEN = re.compile("[\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_DAY = re.compile(r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})")
_ISO_DAY = re.compile(r"(?P<year>\d{4})[/.-](?P<month>\d{1,2})[/.-](?P<day>\d{1,2})(?:[T ]00:00(?::00)?)?")
# Groups of three after a first one without a leading zero, then the decimals: in Vietnam, in English, with spaces.
_GROUPED = (
    (re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?|\d+,\d+"), "."),
    (re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+"), ","),
    (re.compile(r"[1-9]\d{0,2}(?: \d{3})+(?:[.,]\d+)?|\d+"), " "),
)
SERIALS = range(32874, 73051)
"""The days from 1990 to 2099 as spreadsheets count them."""
_SERIAL_ZERO = date(1899, 12, 30)
_DIGITS = 15
"""What a spreadsheet keeps of a number."""


def tidy(text: str) -> str:
    """``text`` in composed characters, with plain spaces, none at its ends, nothing unseen or that XML cannot carry."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").translate(_TIDY)
    return unicodedata.normalize("NFC", _UNWRITABLE.sub(" ", _UNSEEN.sub("", lines))).strip()


def plain(number: int | float | Decimal) -> str:
    """``number`` in digits with a decimal point, without the noise of binary fractions: 0.30000000000000004 is 0.3."""
    rounded = Decimal(number) if isinstance(number, int | Decimal) else Decimal(f"{number:.{_DIGITS}g}")
    text = f"{rounded:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def is_exact(text: str) -> bool:
    """Whether a spreadsheet keeps the number ``text``, plain digits, without loss."""
    return plain(float(text)) == plain(Decimal(text))


def meanings(text: str) -> tuple[str, ...]:
    """The numbers that ``text`` may mean, in plain digits: 1.234 is 1234 in Vietnamese, 1.234 in English."""
    body, sign = _without_sign(text)
    found = [sign + _plain_digits(body, separator) for shape, separator in _GROUPED if shape.fullmatch(body)]
    return tuple(dict.fromkeys(found))


def _without_sign(text: str) -> tuple[str, str]:
    """Negative amounts are written with a minus sign or, on printed forms, in brackets."""
    body = text.strip()
    if re.fullmatch(r"\(.*\)", body):
        return body[1:-1].strip(), "-"
    if body[:1] in f"-{_MINUS}":
        return body[1:].strip(), "-" if body else ""
    return body.removeprefix("+").strip(), ""


def _plain_digits(body: str, separator: str) -> str:
    return body.replace(separator, "").replace(",", ".")


def day_of(text: str) -> date | None:
    """The day that ``text`` names, day before month; None when it names none."""
    found = _DAY.fullmatch(text) or _ISO_DAY.fullmatch(text)
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"])) if found else None
    except ValueError:
        return None


def day_of_serial(number: int) -> date:
    """The day that a spreadsheet keeps as ``number``."""
    return _SERIAL_ZERO + timedelta(days=number)


def written_days(day: date | datetime) -> Iterator[str]:
    """How documents write ``day``: 05/10/2026, 2026-10-05; its month 10/2026."""
    yield f"{day.day:02}/{day.month:02}/{day.year:04}"
    yield f"{day.year:04}-{day.month:02}-{day.day:02}"
    yield f"{day.month:02}/{day.year:04}"
