"""What may be typed into a cell: of numbers more than a document takes."""

from __future__ import annotations

from govgateway.documents.outline import Field
from govgateway.documents.values import ValueTypes
from govgateway.errors import Text

_AMOUNT, _WHOLE = "1234567.89", "1234567"
_ANY = Text("số, ví dụ 1.000.000 hoặc 1.234.567,89", "a number, such as 1,000,000 or 1,234,567.89")
_WHOLE_ONLY = Text("số nguyên, ví dụ 1.000.000", "a whole number, such as 1,000,000")
_NO_UNIT = Text("; không ghi đơn vị tính", "; no unit")
_OR_NOTHING = Text(", hoặc để trống", ", or nothing")


def expected_in_cell(field: Field, types: ValueTypes) -> Text:
    """What a person may type for ``field``: how the form writes a number is no matter of theirs."""
    if not types.is_number(field.type) or not types.take(field.type, _WHOLE):
        return field.expected
    said = _ANY if types.take(field.type, _AMOUNT) else _WHOLE_ONLY
    nothing = _OR_NOTHING if types.take(field.type, "") else Text("", "")
    return Text(said.vi + nothing.vi + _NO_UNIT.vi, said.en + nothing.en + _NO_UNIT.en)
