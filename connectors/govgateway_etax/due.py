"""What is still to file: every return that a filer owes, with its deadline and what the ledger knows of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import takewhile

from govgateway import Filing, Payable, Receipt, Status
from govgateway_etax.deadlines import Deadline, Deadlines
from govgateway_etax.obligations import Return
from govgateway_etax.periods import Period
from govgateway_etax.shapes import Shape, superseded

_NOT_SENT = frozenset(
    {
        Status.DRAFT,
        Status.VALIDATED,
        Status.AWAITING_SIGNATURES,
        Status.READY,
        Status.REJECTED,
        Status.CANCELLED,
    }
)
_SUPPLEMENT = "B"
_DONG = "VND"


class State(StrEnum):
    """Where an obligation stands, the best first."""

    ACCEPTED = "ACCEPTED"
    UNDER_WAY = "UNDER_WAY"
    TO_FILE = "TO_FILE"


@dataclass(frozen=True, slots=True)
class Due:
    """One return of one period.

    ``filed_on`` is the legal day of filing as the tax office's notice prints it, None while it has said none.
    ``late_days`` are the days from the deadline to that day, or to today while there is no proof of filing.
    ``interest`` is what is owed, in đồng, if the sums of the notice of a late return are paid today; None when it names
    none in đồng. ``uncounted`` are the currencies of its other sums. ``former`` is the shape of its filing where the
    law has another one for the period.
    """

    owed: Return
    period: Period
    deadline: Deadline
    supplement_until: date
    state: State
    filing: Filing | None = None
    filed_on: date | None = None
    late_days: int = 0
    interest: Decimal | None = None
    uncounted: tuple[str, ...] = ()
    former: Shape | None = None

    @property
    def overdue(self) -> bool:
        """Whether its deadline has passed without proof that it was filed."""
        return self.late_days > 0 and self.state is not State.ACCEPTED and self.filed_on is None


@dataclass(frozen=True)
class Desk:
    """What is known: the deadlines, the ledger's ``filings``, how a filing's receipts are had, what day it is."""

    deadlines: Deadlines
    filings: Sequence[Filing]
    receipts: Callable[[str], Sequence[Receipt]]
    today: date

    def dues(self, filer: str, returns: Iterable[Return], since: date, until: date) -> list[Due]:
        """What ``filer`` owes of ``returns``, from the period that ``since`` lies in to what is due by ``until``."""
        filings = [each for each in self.filings if each.key.filer == filer]
        found = (due for owed in returns for due in self._dues(owed, filings, since, until))
        return sorted(found, key=lambda due: (due.deadline.day, due.owed.form))

    def _dues(self, owed: Return, filings: Sequence[Filing], since: date, until: date) -> Iterator[Due]:
        dated = ((period, self.deadlines.of(owed.deadline, period)) for period in owed.periods(since))
        for period, deadline in takewhile(lambda each: each[1].day <= until, dated):
            yield self._due(owed, period, deadline, _furthest(owed, period, filings))

    def _due(self, owed: Return, period: Period, deadline: Deadline, filing: Filing | None) -> Due:
        state = state_of(filing)
        receipts = self.receipts(filing.id) if filing and state is not State.TO_FILE else ()
        first = filing is not None and filing.key.kind != _SUPPLEMENT
        filed_on = _filed_on(receipts) if first else None
        last = filed_on or (deadline.day if state is State.ACCEPTED else self.today)
        late_days = max(0, (last - deadline.day).days)
        payables = [each for receipt in receipts if receipt.leads_to is Status.ACCEPTED for each in receipt.payables]
        return Due(
            owed=owed,
            period=period,
            deadline=deadline,
            supplement_until=self.deadlines.supplement_until(period, deadline),
            state=state,
            filing=filing,
            filed_on=filed_on,
            late_days=late_days,
            interest=self._interest(payables, deadline.day) if late_days else None,
            uncounted=tuple(dict.fromkeys(each.currency for each in payables if late_days and each.currency != _DONG)),
            former=superseded(filing.key.form, period) if filing and state is not State.TO_FILE else None,
        )

    def _interest(self, payables: Iterable[Payable], due: date) -> Decimal | None:
        amounts = [each.amount for each in payables if each.currency == _DONG]
        return self.deadlines.late_interest(sum(amounts, Decimal(0)), due, self.today) if amounts else None


def state_of(filing: Filing | None) -> State:
    """Where the obligation of ``filing`` stands; a filing that is not sent, or was refused, leaves it to be filed."""
    if filing is None or filing.status in _NOT_SENT:
        return State.TO_FILE
    return State.ACCEPTED if filing.status is Status.ACCEPTED else State.UNDER_WAY


def _furthest(owed: Return, period: Period, filings: Iterable[Filing]) -> Filing | None:
    """The filing of ``owed`` for ``period`` that got furthest. A supplement tells, too, that there was a first one."""
    found = [each for each in filings if each.key.form in owed.codes and each.key.period in period.names]
    order = list(State)
    return min(found, key=lambda each: (order.index(state_of(each)), each.key.kind == _SUPPLEMENT), default=None)


def _filed_on(receipts: Iterable[Receipt]) -> date | None:
    """The legal day of filing: as the notice of acceptance prints it, else the notice of receipt."""
    told = {each.leads_to: each.legal_filing_date for each in receipts if each.legal_filing_date}
    return told.get(Status.ACCEPTED) or told.get(Status.RECEIVED)
