"""What a cell holds, as the text that the document is to have.

The form's own types decide: of the readings of a cell the first that its type takes is taken. Where none is, the cell's
text stands in the document as it is, and the check of the form says what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from govgateway.documents.figures import written_figure
from govgateway.documents.findings import Finding
from govgateway.documents.outline import Field
from govgateway.documents.spreadsheet import rules
from govgateway.documents.spreadsheet.hints import expected_in_cell
from govgateway.documents.spreadsheet.numbers import (
    SERIALS,
    day_of,
    day_of_serial,
    meanings,
    plain,
    tidy,
    written_days,
)
from govgateway.documents.values import ValueTypes
from govgateway.errors import Text

_LONGEST_CODE = 14
_THOUSANDTHS = -3
MARKS = ("Có", "Không")
"""How a template offers to mark a box, or not to."""
_MARKED = frozenset({"x", "✓", "✔", "có", "yes"})
_UNMARKED = frozenset({"không", "no"})


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
        marked = str(value).lower()
        return (marked, ()) if types.is_mark(field.type) else _of_another_kind(cell, marked.upper(), field, types)
    if isinstance(value, date):
        return _day(cell, value, field, types)
    if isinstance(value, time | timedelta):
        return _of_another_kind(cell, str(value), field, types)
    text, said = (
        _number(cell, value, field, types)
        if isinstance(value, int | float | Decimal)
        else _text(cell, tidy(str(value)), field, types)
    )
    return text, (*said, *_fraction(cell, text, field, types))


def _first(field: Field, types: ValueTypes, readings: Iterable[str], otherwise: str) -> str:
    return next((each for each in readings if types.take(field.type, each)), otherwise)


def _day(cell: Cell, day: date, field: Field, types: ValueTypes) -> tuple[str, tuple[Finding, ...]]:
    """A day in a text is written as it is shown: a month without its day. A figure is never read from a day: what was
    typed is seen no more, and its year is no amount."""
    shown = cell.number_format.lower()
    whole, sortable, month = written_days(day)
    if types.is_free(field.type) and "y" in shown and "d" not in shown:
        return month, ()
    text = _first(field, types, (whole, sortable, month), "")
    return (text, ()) if text else _of_another_kind(cell, whole, field, types)


def _of_another_kind(cell: Cell, shown: str, field: Field, types: ValueTypes) -> tuple[str, tuple[Finding, ...]]:
    return shown, (rules.KIND.finding(cell.name, shown, expected_in_cell(field, types), label=field.label),)


def _number(
    cell: Cell, number: int | float | Decimal, field: Field, types: ValueTypes
) -> tuple[str, tuple[Finding, ...]]:
    text = plain(number)
    if "%" in cell.number_format and is_percentage(field):
        text = plain(Decimal(text) * 100)
    if types.take(field.type, text):
        return text, (_doubt(cell, text, field),) if types.is_free(field.type) else ()
    return _code(cell, text, field, types) or _serial(cell, text, field, types) or (text, ())


def _doubt(cell: Cell, text: str, field: Field) -> Finding:
    """A number in a text was one without its zeros, or a day."""
    doubt = Text("số 0 ở đầu có thể đã mất", "leading zeros may be lost")
    if _is_serial(text):
        day, *_ = written_days(day_of_serial(int(text)))
        doubt = Text(f"nếu là ngày thì đó là ngày {day}", f"as a day it is {day}")
    return rules.NUMBER.finding(cell.name, text, doubt, label=field.label)


def is_percentage(field: Field) -> bool:
    """Whether the form asks for per cent."""
    return "%" in field.label.vi or "percent" in field.expected.en


def _fraction(cell: Cell, text: str, field: Field, types: ValueTypes) -> Iterator[Finding]:
    """A share of less than one per cent is rare; most often 0.7 was meant for 70."""
    per_cent = is_percentage(field) and types.is_number(field.type) and "%" not in f"{cell.value}{cell.number_format}"
    if per_cent and types.take(field.type, text) and 0 < Decimal(text or 0) < 1:
        share, meant = Decimal(text), Decimal(plain(Decimal(text) * 100))
        yield rules.PERCENT.finding(cell.name, _figure(share), _figure(meant), label=field.label)


def _code(cell: Cell, text: str, field: Field, types: ValueTypes) -> tuple[str, tuple[Finding, ...]] | None:
    """A code that lost its leading zeros: its type tells how many it has."""
    if not text.isdecimal():
        return None
    whole = _first(field, types, (text.zfill(length) for length in range(len(text) + 1, _LONGEST_CODE)), "")
    return (whole, (rules.ZEROS.finding(cell.name, text, whole, label=field.label),)) if whole else None


def _serial(cell: Cell, text: str, field: Field, types: ValueTypes) -> tuple[str, tuple[Finding, ...]] | None:
    if not _is_serial(text):
        return None
    written = list(written_days(day_of_serial(int(text))))
    day = _first(field, types, written[:2], "")
    return (day, (rules.DAY.finding(cell.name, text, written[0], label=field.label),)) if day else None


def _is_serial(text: str) -> bool:
    return text.isdecimal() and int(text) in SERIALS


def _text(cell: Cell, text: str, field: Field, types: ValueTypes) -> tuple[str, tuple[Finding, ...]]:
    if types.is_number(field.type):
        written = text.removesuffix("%") if is_percentage(field) else text
        numbers = [each for each in meanings(written) if types.take(field.type, each)]
        if len(numbers) > 1:
            return text, (_ambiguous(cell, text, numbers, field),)
        if numbers:
            return numbers[0], ()
    if types.take(field.type, text):
        return text, ()
    other = _first(field, types, _other_writings(text), "")
    return (other, ()) if other else (_code(cell, text, field, types) or (text, ()))


def _ambiguous(cell: Cell, text: str, numbers: Iterable[str], field: Field) -> Finding:
    """That ``text`` is one of several ``numbers``: each as people write it, and as it can be typed for no other."""
    amounts = [Decimal(plain(Decimal(each))) for each in sorted(numbers, key=Decimal, reverse=True)]
    shown, typed = _either(map(_figure, amounts)), _either(map(_unmistakable, amounts))
    return rules.AMBIGUOUS.finding(cell.name, text, shown, typed, label=field.label)


def _either(said: Iterable[Text]) -> Text:
    told = list(said)
    return Text(" hoặc ".join(each.vi for each in told), " or ".join(each.en for each in told))


def _unmistakable(amount: Decimal) -> Text:
    """``amount`` without separators of thousands, and not with three decimals, which look like them."""
    digits = plain(amount)
    if "." not in digits:
        return Text(digits, digits)
    digits += "0" if amount.as_tuple().exponent == _THOUSANDTHS else ""
    return Text(digits.replace(".", ","), digits)


def _figure(amount: Decimal) -> Text:
    return Text(written_figure(amount, "vi"), written_figure(amount, "en"))


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
    if text.lower() in _UNMARKED:
        yield "false"
    yield from (text.lower(), text.upper(), text.replace(" ", ""))
