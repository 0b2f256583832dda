"""What kind of value stands in a field of a form: a number, a day, a mark, or text."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from govgateway.documents.values import ValueTypes

_MARKS = {"true": True, "1": True, "false": False, "0": False}
_DAYS = {"%d/%m/%Y": "31/12/2026", "%Y-%m-%d": "2026-12-31"}
_NUMBER = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,20})?")

Value = str | Decimal | date | bool
"""A value as it is meant: text, a number, a day, or whether a mark is set."""


class Kind(StrEnum):
    """The kinds of value."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    MARK = "mark"

    @classmethod
    def of(cls, type_name: str, types: ValueTypes) -> Kind:
        """The kind of the simple type ``type_name``: what it takes tells. A code of digits is text."""
        if types.is_mark(type_name):
            return cls.MARK
        if types.is_number(type_name):
            return cls.NUMBER
        takes_days = any(types.take(type_name, day) for day in _DAYS.values()) and not types.take(type_name, "a")
        return cls.DAY if takes_days else cls.TEXT

    def read(self, text: str) -> Value:
        """``text`` as a value of this kind; as it stands where it is none."""
        if self is Kind.NUMBER and _NUMBER.fullmatch(text):
            return Decimal(text)
        if self is Kind.MARK:
            return _MARKS.get(text, text)
        return read_day(text) if self is Kind.DAY else text


def read_day(text: str) -> Value:
    """A day written dd/mm/yyyy or yyyy-mm-dd; ``text`` as it stands where it is none."""
    for written in _DAYS:
        try:
            return datetime.strptime(text, written).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
    return text
