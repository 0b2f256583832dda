"""What a cell holds, as the text that the document is to have.

The form's own types decide: of the readings of a cell the first that its type takes is taken. Where none is, the cell's
text stands in the document as it is, and the check of the form says what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from govgateway.documents.findings import Finding
from govgateway.documents.outline import Field
from govgateway.documents.spreadsheet import rules
from govgateway.documents.spreadsheet.numbers import day_of, meanings, plain, tidy, written_days
from govgateway.documents.values import ValueTypes

_LONGEST_CODE = 14
_SERIALS = range(32874, 73051)
"""The days from 1990 to 2099 as spreadsheets count them."""
_SERIAL_ZERO = date(1899, 12, 30)
_MARKED = frozenset({"x", "✓", "✔", "có", "yes"})


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its ``value`` as the file has it, its ``name`` (Sheet!B7), the ``number_format`` that shows it."""

    value: str | int | float | Decimal | bool | date | datetime | time | timedelta | None
    name: str
    number_format: str = "General"

    @property
    def is_blank(self) -> bool:
        """Whether nothing is to be seen in it."""
        return self.value is None or (isinstance(self.value, str) and not tidy(self.value))


def read_cell(cell: Cell, field: Field, types: ValueTypes) -> tuple[str, tuple[Finding, ...]]:
    """The text that ``cell`` gives to ``field``, and what there is to say of it."""
    value = cell.value
    if value is None:
        return "", ()
    if isinstance(value, bool):
        return _first(field, types, ("true", "1") if value else ("false", "0"), str(value).lower()), ()
    if isinstance(value, date):
        return _day(cell, value, field, types), ()
    if isinstance(value, int | float | Decimal):
        return _number(cell, value, field, types)
    return _text(cell, tidy(str(value)), field, types)


def _first(field: Field, types: ValueTypes, readings: Iterable[str], otherwise: str) -> str:
    return next((each for each in readings if types.take(field.type, each)), otherwise)


def _day(cell: Cell, day: date, field: Field, types: ValueTypes) -> str:
    """A day in a text is written as it is shown: a month without its day."""
    shown = cell.number_format.lower()
    written = list(written_days(day))
    if types.is_free(field.type) and "y" in shown and "d" not in shown:
        return written[2]
    return _first(field, types, written, written[0])


def _number(
    cell: Cell, number: int | float | Decimal, field: Field, types: ValueTypes
) -> tuple[str, tuple[Finding, ...]]:
    text = plain(number)
    if "%" in cell.number_format and is_percentage(field):
        text = plain(Decimal(text) * 100)
    if types.take(field.type, text):
        unsure = types.is_free(field.type)
        return text, (rules.NUMBER.finding(cell.name, text, label=field.label),) if unsure else ()
    return _code(cell, text, field, types) or _serial(cell, text, field, types) or (text, ())


def is_percentage(field: Field) -> bool:
    """Whether the form asks for per cent."""
    return "%" in field.label.vi or "percent" in field.expected.en


def _code(cell: Cell, text: str, field: Field, types: ValueTypes) -> tuple[str, tuple[Finding, ...]] | None:
    """A code that lost its leading zeros: its type tells how many it has."""
    if not text.isdecimal():
        return None
    whole = _first(field, types, (text.zfill(length) for length in range(len(text) + 1, _LONGEST_CODE)), "")
    return (whole, (rules.ZEROS.finding(cell.name, text, whole, label=field.label),)) if whole else None


def _serial(cell: Cell, text: str, field: Field, types: ValueTypes) -> tuple[str, tuple[Finding, ...]] | None:
    if not text.isdecimal() or int(text) not in _SERIALS:
        return None
    written = list(written_days(_SERIAL_ZERO + timedelta(days=int(text))))
    day = _first(field, types, written[:2], "")
    return (day, (rules.DAY.finding(cell.name, text, written[0], label=field.label),)) if day else None


def _text(cell: Cell, text: str, field: Field, types: ValueTypes) -> tuple[str, tuple[Finding, ...]]:
    if types.is_number(field.type):
        written = text.removesuffix("%") if is_percentage(field) else text
        numbers = [each for each in meanings(written) if types.take(field.type, each)]
        if len(numbers) > 1:
            return text, (rules.AMBIGUOUS.finding(cell.name, text, " / ".join(numbers), label=field.label),)
        if numbers:
            return numbers[0], ()
    if types.take(field.type, text):
        return text, ()
    other = _first(field, types, _other_writings(text), "")
    return (other, ()) if other else (_code(cell, text, field, types) or (text, ()))


def _other_writings(text: str) -> Iterator[str]:
    """A day in another order, a mark, a code in small letters or with spaces between."""
    day = day_of(text)
    if day is not None:
        yield from list(written_days(day))[:2]
    month = day_of(f"01/{text}")
    if month is not None:
        yield list(written_days(month))[2]
    if text.lower() in _MARKED:
        yield "true"
    yield from (text.lower(), text.upper(), text.replace(" ", ""))
