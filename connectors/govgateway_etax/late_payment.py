"""Interest on what a supplement adds to the obligation: A.I.3 of 01/KHBS.

It is owed from the day after the payment term of the period in error to the day before the money arrives (Decree
252/2026, article 26.1a; Law 38/2019, article 59.2b). When that will be nobody knows yet: it is counted as if all were
paid on the day on which the supplement is made, which the form names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from govgateway_etax.deadlines import Deadlines, late_days

_DONG, _HUNDREDTH = Decimal(1), Decimal("0.01")
_IN_DONG = frozenset({"", "VND"})


@dataclass(frozen=True, slots=True)
class LatePayment:
    """What is owed for ``days`` of delay if all is paid on ``until``: ``amounts`` by currency, "" for that of a form in
    đồng."""

    until: date
    days: int
    amounts: Mapping[str, Decimal]


def late_payment(added: Mapping[str, Decimal], due: date, until: date, deadlines: Deadlines) -> LatePayment | None:
    """The interest on ``added``, what comes to the obligation by currency, which was ``due`` on a day; None for none.

    What went from one sub-item offsets what came to another (Decree 252/2026, article 26.3g). Where the obligation
    became less there is nothing to count: interest that was charged before is lowered by the tax office.
    """
    days = late_days(due, until)
    amounts = {
        currency: deadlines.late_interest(amount, due, until, _DONG if currency in _IN_DONG else _HUNDREDTH)
        for currency, amount in added.items()
        if amount > 0
    }
    return LatePayment(until, days, amounts) if days and amounts else None
