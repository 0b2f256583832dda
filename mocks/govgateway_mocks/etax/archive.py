"""Everything that the simulated tax office keeps: what arrived, what it answered, what it accepted.

Documents are kept as they came. Nothing but ``clear`` throws anything away: what bounds the memory is how much is filed
between two resets (10,000 declarations of 6 kB, with two notices of 4 kB each that were read, take about 150 MB).
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from govgateway_mocks.agency import State
from govgateway_mocks.etax.journal import Journal, Record
from govgateway_mocks.etax.obligations import Obligation
from govgateway_mocks.etax.transactions import Notice, Transaction, printed_day

Writer = Callable[[Transaction], Callable[[Notice], bytes]]
"""Who writes the notices of a transaction."""


class Archive:
    """The office's files; ``journal`` keeps them beyond a restart."""

    def __init__(self, journal: Journal) -> None:
        self.transactions: dict[str, Transaction] = {}
        self.notices: dict[str, Notice] = {}
        self.arrivals: Counter[tuple[str, str]] = Counter()
        self.accepted: set[Obligation] = set()
        self._journal = journal
        self._due: list[tuple[datetime, int, str]] = []

    def admit(self, transaction: Transaction) -> None:
        """A declaration arrived."""
        self._journal.write("arrival", **transaction.record())
        self._enter(transaction)

    def issue(self, notice: Notice, state: State) -> None:
        """A notice was issued, which brings its transaction to ``state``."""
        self._journal.write("notice", **notice.record(), state=state.value)
        self._file(notice, state)

    def hold(self, transaction: Transaction) -> None:
        """The office waits for a decision."""
        self._journal.write("hold", transaction=transaction.code)
        transaction.held = True

    def visible(self, now: datetime) -> list[Notice]:
        """The notices that can be seen at ``now``, the oldest first."""
        return sorted((each for each in self.notices.values() if each.at <= now), key=lambda each: each.at)

    def rows(self, day: str, now: datetime) -> list[dict[str, str]]:
        """What the result of ``day`` (dd/MM/yyyy) says of each declaration that is taken up by ``now``."""
        known = self.transactions.values()
        return [each.row() for each in known if printed_day(each.written_at) == day and each.schedule.taken <= now]

    def dossiers(self) -> list[tuple[Transaction, list[Notice]]]:
        """Every declaration as it stands now, the oldest first, with all its notices."""
        found = {code: (replace(each), list[Notice]()) for code, each in self.transactions.items()}
        for notice in self.notices.values():
            found[notice.transaction][1].append(notice)
        return list(found.values())

    def copy_notices(self, now: datetime) -> None:
        """Every notice that is visible now exists twice, under different identifiers."""
        times = Counter(each.number for each in self.notices.values())
        for each in [each for each in self.visible(now) if times[each.number] == 1]:
            copy = replace(each, identifier=self.next_identifier())
            self.issue(copy, self.transactions[each.transaction].state)

    def next_identifier(self) -> str:
        """What the next notice will be called."""
        return f"TB{len(self.notices) + 1:06d}"

    def next_due(self, now: datetime) -> tuple[Transaction, datetime] | None:
        """The declaration that the office has to go on with first, and since when; None when nothing is due."""
        while self._due and self._due[0][0] <= now:
            at, _, code = heapq.heappop(self._due)
            transaction = self.transactions[code]
            if transaction.next_at == at:
                return transaction, at
        return None

    def restore(self, admitted: Callable[[Record], Transaction], writer: Writer) -> None:
        """Read the journal; ``admitted`` makes a transaction of its record again, ``writer`` writes the notices of one.
        Raises ConfigurationError when it is damaged."""
        for number, record in enumerate(self._journal.records(), start=2):
            try:
                self._replay(record, admitted, writer)
            except (KeyError, TypeError, ValueError, AttributeError):
                raise self._journal.damaged(number) from None

    def clear(self) -> None:
        """Forget everything."""
        for each in (self.transactions, self.notices, self.arrivals, self.accepted, self._due):
            each.clear()
        self._journal.clear()

    def _replay(self, record: Record, admitted: Callable[[Record], Transaction], writer: Writer) -> None:
        if record["kind"] == "arrival":
            self._enter(admitted(record))
        elif record["kind"] == "notice":
            write = writer(self.transactions[record["transaction"]])
            self._file(Notice.from_record(record, write), State(record["state"]))
        else:
            self.transactions[record["transaction"]].held = True

    def _enter(self, transaction: Transaction) -> None:
        self.arrivals[(transaction.key, transaction.digest)] += 1
        self.transactions[transaction.code] = transaction
        self._schedule(transaction)

    def _file(self, notice: Notice, state: State) -> None:
        transaction = self.transactions[notice.transaction]
        self.notices[notice.identifier] = notice
        transaction.state = state
        if notice.reasons:
            transaction.reasons = notice.reasons
        if state is State.ACCEPTED and transaction.obligation:
            self.accepted.add(transaction.obligation)
        self._schedule(transaction)

    def _schedule(self, transaction: Transaction) -> None:
        if transaction.next_at is not None:
            heapq.heappush(self._due, (transaction.next_at, transaction.number, transaction.code))
