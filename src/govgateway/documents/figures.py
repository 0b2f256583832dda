"""How figures are written for people: 1.234.567,89 in Vietnamese, 1,234,567.89 in English."""

from __future__ import annotations

from decimal import Decimal

_SEPARATORS = str.maketrans(",.", ".,")


def written_figure(amount: Decimal | int, language: str) -> str:
    """``amount`` in ``language`` (vi or en), with as many decimals as it has and a minus sign when it is negative."""
    english = f"{amount:,f}" if isinstance(amount, Decimal) else f"{amount:,}"
    return english if language == "en" else english.translate(_SEPARATORS)
