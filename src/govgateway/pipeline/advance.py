"""What carries a filing on: one step at a time, each written down before and after it touches the world.

    when = pipeline.advance(filing_id)       # the moment to come back, None when nothing is left to do

The rules are those of docs/architecture.md: the attempt is committed before the first byte leaves; a send ends
NOT_SENT, ACKNOWLEDGED or UNKNOWN; what is unknown is asked for, never sent again blindly; a payment is never sent again
by itself.
Nothing here sleeps: waiting is a ``due_at`` in the ledger.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from tenacity import RetryCallState, wait_exponential
from tenacity.wait import wait_base

from govgateway.connector import Clock, Connector, FindResult, Found, PollResult, Route, SubmitResult
from govgateway.errors import ConfigurationError, GovGatewayError, Text
from govgateway.filing import Attempt, Environment, Filing, Outcome, Status
from govgateway.ledger.ledger import Ledger
from govgateway.ledger.records import Change, Lease
from govgateway.pipeline.inbox import Inbox

LEASE = timedelta(minutes=5)
"""How long a worker holds a filing that it works on."""

MARGIN = timedelta(seconds=30)
"""How much longer than the longest send a lease has to last."""

SECOND_LOOK = timedelta(minutes=1)
"""How long after a first ABSENT the agency is asked again."""

SOONEST = timedelta(seconds=5)
"""How soon something is sent again at the earliest, whatever the agency says."""

SEND_AGAIN: wait_base = wait_exponential(multiplier=5, max=900)
"""Waits, in seconds, between sends that were proven not to have left."""

LOOK_AGAIN: wait_base = wait_exponential(multiplier=30, max=3600)
"""Waits, in seconds, between look-ups that could not tell."""


class Agencies(Protocol):
    """Who knows the connectors and the routes of this installation."""

    def connector(self, agency: str) -> Connector:
        """The connector of ``agency``. Raises ConfigurationError when none is installed."""

    def route(self, agency: str, environment: Environment) -> Route:
        """The way to ``agency``. Raises ConfigurationError when none is configured."""


@dataclass(frozen=True)
class Pipeline:
    """Drives the filings of one ledger. Any number of processes may do so at the same time."""

    ledger: Ledger
    agencies: Agencies
    clock: Clock
    lease: timedelta = LEASE

    def advance(self, filing_id: str) -> datetime | None:
        """Take the next step of ``filing_id`` if it is due; the moment when the next one is, None when there is none.

        A filing that is not due, or that somebody else is working on, is left alone. Raises ConfigurationError before
        anything is sent when the route is missing or the lease is shorter than a send may take.
        """
        lease = self.ledger.claim_due(self.lease, filing_id)
        return self.ledger.filing(filing_id).due_at if lease is None else self.step(lease)

    def step(self, lease: Lease) -> datetime | None:
        """Take the next step of the claimed filing and let go of it."""
        step = _STEPS.get(lease.filing.status)
        if step is None:
            return self.ledger.record(lease, Change("looked at", None, tries=lease.tries)).due_at
        try:
            return step(self, lease).due_at
        except ConfigurationError as error:
            self._postpone(lease, error)
            raise

    def _postpone(self, lease: Lease, error: GovGatewayError) -> None:
        """Nothing was done and nothing is lost: the filing comes back later."""
        due = self._after(SEND_AGAIN, lease.tries + 1)
        facts = {"detail": error.code}
        absent = lease.absent_since
        self.ledger.record(lease, Change("postponed", due, tries=lease.tries + 1, absent_since=absent, facts=facts))

    def _send(self, lease: Lease) -> Filing:
        """READY: write the intent, send the ledger's exact bytes, write what became of it."""
        filing = lease.filing
        connector = self.agencies.connector(filing.key.agency)
        route = self.agencies.route(filing.key.agency, filing.key.environment)
        deadline = connector.capabilities.send_deadline
        if self.lease < deadline + MARGIN:
            raise _lease_too_short(self.lease, deadline)
        document = self.ledger.blob(filing.document_sha256)
        number = len(self.ledger.attempts(filing.id)) + 1
        attempt = Attempt(number, self.clock(), filing.document_sha256)
        intent = Change("sending", None, Status.SUBMITTING, attempt=attempt, tries=lease.tries, keep_lease=True)
        self.ledger.record(lease, intent)
        if self.clock() + deadline > lease.until:
            # The machine slept between claim and send: nothing has left yet, so that is what is written.
            return self._sent(lease, attempt, connector, SubmitResult(Outcome.NOT_SENT, "lease nearly over"))
        return self._sent(lease, attempt, connector, connector.submit(document, route))

    def _sent(self, lease: Lease, attempt: Attempt, connector: Connector, result: SubmitResult) -> Filing:
        ended = replace(
            attempt,
            outcome=result.outcome,
            finished_at=self.clock(),
            reference=result.reference,
            detail=result.detail,
        )
        change = self._consequence(lease, connector, result)
        facts = {"detail": result.reference or result.detail}
        return self.ledger.record(lease, replace(change, facts=facts, attempt=ended, exchange=result.exchange))

    def _consequence(self, lease: Lease, connector: Connector, result: SubmitResult) -> Change:
        """Where a send leads, by its outcome."""
        if result.outcome is Outcome.ACKNOWLEDGED:
            due = self.clock() + connector.capabilities.polling[0]
            return Change("acknowledged", due, status=Status.SUBMITTED, reference=result.reference)
        if result.outcome is Outcome.UNKNOWN:
            due = self.clock() + self._first_look(connector)
            return Change("in doubt", due, status=Status.IN_DOUBT)
        if result.refusal is not None:
            return Change("not taken", None, status=Status.NEEDS_ATTENTION, attention=result.refusal)
        tries = lease.tries + 1
        due = self._not_before(result.retry_at, SOONEST) or self._after(SEND_AGAIN, tries)
        return Change("not sent", due, status=Status.READY, tries=tries)

    def _interrupted(self, lease: Lease) -> Filing:
        """SUBMITTING, found under a new lease: whoever sent it died. What became of it is unknown."""
        filing = lease.filing
        connector = self.agencies.connector(filing.key.agency)
        attempt = self.ledger.attempts(filing.id)[-1]
        return self._sent(lease, attempt, connector, SubmitResult(Outcome.UNKNOWN, "interrupted while sending"))

    def _look(self, lease: Lease) -> Filing:
        """IN_DOUBT: ask the agency whether it has the document."""
        filing = lease.filing
        connector = self.agencies.connector(filing.key.agency)
        if not connector.capabilities.can_find:
            change = Change("cannot look up", None, status=Status.NEEDS_ATTENTION, attention=_NO_LOOK_UP)
            return self.ledger.record(lease, change)
        route = self.agencies.route(filing.key.agency, filing.key.environment)
        sends = [each for each in self.ledger.attempts(filing.id) if each.outcome is not Outcome.NOT_SENT]
        document = self.ledger.blob(filing.document_sha256)
        known = self.ledger.references_of_others(filing)
        result = connector.find(document, sends[0].started_at, known, route)
        return self.ledger.record(lease, self._found(lease, connector, result, sends[-1].started_at))

    def _found(self, lease: Lease, connector: Connector, result: FindResult, last_sent: datetime) -> Change:
        """Where a look-up leads. ABSENT counts after the agency's quiet period, and twice."""
        now, tries = self.clock(), lease.tries + 1
        said = {"detail": f"{result.found}: {result.detail}".rstrip(": ")}
        told = partial(Change, facts=said, evidence=result.answers)
        if result.found is Found.FOUND:
            due = now + connector.capabilities.polling[0]
            return told("found", due, status=Status.SUBMITTED, reference=result.reference)
        if result.found is Found.CANNOT_TELL:
            return told("cannot tell", self._after(LOOK_AGAIN, tries), tries=tries)
        quiet_until = last_sent + connector.capabilities.quiet_period
        if now < quiet_until:
            return told("absent so far", min(quiet_until, self._after(LOOK_AGAIN, tries)), tries=tries)
        if lease.absent_since is None or now < lease.absent_since + SECOND_LOOK:
            since = lease.absent_since or now
            return told("absent once", since + SECOND_LOOK, absent_since=since, tries=tries)
        if connector.capabilities.payment:
            return told("absent", None, status=Status.NEEDS_ATTENTION, attention=_ABSENT_PAYMENT)
        return told("absent", now, status=Status.READY)

    def _first_look(self, connector: Connector) -> timedelta:
        """When to look for the first time: soon, since FOUND counts at once and only ABSENT has to wait."""
        return min(connector.capabilities.quiet_period, timedelta(seconds=10))

    def _poll(self, lease: Lease) -> Filing:
        """SUBMITTED or RECEIVED: fetch what the agency has to say, to whichever filing it belongs."""
        filing = lease.filing
        connector = self.agencies.connector(filing.key.agency)
        route = self.agencies.route(filing.key.agency, filing.key.environment)
        seen = self.ledger.seen(filing.key.agency, filing.key.environment)
        result = connector.poll(filing.reference, seen, route)
        inbox = Inbox(self.ledger, connector, route, self.clock)
        deliveries = [inbox.take(message, lease) for message in result.messages]
        tries = 0 if any(each.moved for each in deliveries) else lease.tries + 1
        doubts = [each.doubt for each in deliveries if each.doubt]
        return self.ledger.record(lease, self._polled(lease.filing.id, connector, tries, result, doubts))

    def _polled(
        self, filing_id: str, connector: Connector, tries: int, result: PollResult, doubts: Sequence[Text]
    ) -> Change:
        """When to ask again; messages that are not believed are told, for they may be the verdict."""
        if self.ledger.filing(filing_id).status not in {Status.SUBMITTED, Status.RECEIVED}:
            return Change("followed", None)
        waits = connector.capabilities.polling
        due = self._not_before(result.retry_at, waits[0]) or self.clock() + waits[min(tries, len(waits) - 1)]
        told = tuple(dict.fromkeys(doubts))
        attention = Text("; ".join(each.vi for each in told), "; ".join(each.en for each in told))
        facts = {"detail": result.detail} if result.detail else {}
        return Change("asked", due, attention=attention, tries=tries, facts=facts)

    def _not_before(self, wanted: datetime | None, soonest: timedelta) -> datetime | None:
        """The agency's own wish, however far away; "at once" would be asked for again and again."""
        return None if wanted is None else max(wanted, self.clock() + soonest)

    def _after(self, waits: wait_base, tries: int) -> datetime:
        """The moment after the wait that belongs to the n-th try."""
        state = RetryCallState(retry_object=None, fn=None, args=(), kwargs={})  # type: ignore[arg-type]
        state.attempt_number = tries
        return self.clock() + timedelta(seconds=waits(state))


_NO_LOOK_UP = Text(
    "Cơ quan không có chức năng tra cứu: hãy kiểm tra trên cổng.", "The agency offers no look-up: look in its portal."
)
_ABSENT_PAYMENT = Text(
    "Cơ quan không thấy lệnh này; người phụ trách quyết định có gửi lại hay không.",
    "The agency does not have this payment; a person decides whether to send it again.",
)

_STEPS = {
    Status.READY: Pipeline._send,
    Status.SUBMITTING: Pipeline._interrupted,
    Status.IN_DOUBT: Pipeline._look,
    Status.SUBMITTED: Pipeline._poll,
    Status.RECEIVED: Pipeline._poll,
}


def _lease_too_short(lease: timedelta, deadline: timedelta) -> ConfigurationError:
    return ConfigurationError(
        Text(
            f"Thời gian giữ hồ sơ ({lease}) ngắn hơn thời gian gửi tối đa ({deadline}).",
            f"The lease ({lease}) is shorter than a send may take ({deadline}).",
        ),
        Text("Tăng thời gian giữ hồ sơ.", "Make the lease longer."),
    )
