"""How values read on paper: 1.234.567,89 with brackets for less than nothing, dd/mm/yyyy, [X]; and no text that could
play tricks on a reader's eyes or terminal."""

from __future__ import annotations

import unicodedata
from datetime import date
from decimal import Decimal

from govgateway.documents.figures import written_figure
from govgateway.documents.kinds import Value

_REPLACEMENT = "\ufffd"
_HARMFUL = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def shown(value: Value, language: str) -> str:
    """``value`` as it is printed in ``language``."""
    if isinstance(value, bool):
        return "[X]" if value else "[ ]"
    if isinstance(value, Decimal):
        return _figure(value, language)
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else printable(value)


def printable(text: str) -> str:
    """``text`` without what is not seen but acts: control characters, which a terminal obeys, characters that turn the
    direction of writing or have no width, line breaks. A replacement character or a space stands for each."""
    composed = unicodedata.normalize("NFC", " ".join(text.split()))
    if composed.isprintable():
        return composed
    return "".join(_REPLACEMENT if unicodedata.category(char) in _HARMFUL else char for char in composed)


def _figure(amount: Decimal, language: str) -> str:
    written = written_figure(abs(amount), language)
    return f"({written})" if amount < 0 else written
