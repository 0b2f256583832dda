"""What a filing is: plain frozen data and the table of transitions that are allowed.

No module below this one knows a database, an agency or a network. All times are aware; amounts are Decimal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from govgateway.errors import Text, TransitionRefused


class Environment(StrEnum):
    """Where a filing goes. It stands on every row, line and receipt, so that play is never taken for earnest."""

    SIMULATOR = "simulator"
    SANDBOX = "sandbox"
    PRODUCTION = "production"


class Status(StrEnum):
    """Where a filing stands."""

    DRAFT = "DRAFT"
    VALIDATED = "VALIDATED"
    AWAITING_SIGNATURES = "AWAITING_SIGNATURES"
    READY = "READY"
    SUBMITTING = "SUBMITTING"
    SUBMITTED = "SUBMITTED"
    RECEIVED = "RECEIVED"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"
    HANDED_OVER = "HANDED_OVER"
    IN_DOUBT = "IN_DOUBT"
    NEEDS_ATTENTION = "NEEDS_ATTENTION"
    CANCELLED = "CANCELLED"


class Outcome(StrEnum):
    """What is known of one send. An attempt without an outcome is an INTENT: written down, result not known yet."""

    NOT_SENT = "NOT_SENT"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    UNKNOWN = "UNKNOWN"


S = Status
TRANSITIONS: Mapping[Status, frozenset[Status]] = {
    S.DRAFT: frozenset({S.VALIDATED, S.CANCELLED}),
    S.VALIDATED: frozenset({S.DRAFT, S.AWAITING_SIGNATURES, S.READY, S.CANCELLED}),
    S.AWAITING_SIGNATURES: frozenset({S.DRAFT, S.READY, S.CANCELLED}),
    S.READY: frozenset({S.SUBMITTING, S.HANDED_OVER, S.NEEDS_ATTENTION, S.CANCELLED}),
    S.SUBMITTING: frozenset({S.READY, S.SUBMITTED, S.IN_DOUBT, S.NEEDS_ATTENTION}),
    S.SUBMITTED: frozenset({S.RECEIVED, S.ACCEPTED, S.REJECTED, S.NEEDS_ATTENTION}),
    S.RECEIVED: frozenset({S.ACCEPTED, S.REJECTED, S.NEEDS_ATTENTION}),
    S.IN_DOUBT: frozenset({S.READY, S.SUBMITTED, S.RECEIVED, S.ACCEPTED, S.REJECTED, S.NEEDS_ATTENTION}),
    S.HANDED_OVER: frozenset({S.RECEIVED, S.ACCEPTED, S.REJECTED, S.NEEDS_ATTENTION, S.CANCELLED}),
    # A person decides where a filing that needs attention goes on; the decision is recorded.
    S.NEEDS_ATTENTION: frozenset({S.READY, S.SUBMITTED, S.RECEIVED, S.ACCEPTED, S.REJECTED, S.CANCELLED}),
    S.ACCEPTED: frozenset(),
    S.REJECTED: frozenset(),
    S.CANCELLED: frozenset(),
}
del S

FINAL: frozenset[Status] = frozenset(status for status, onward in TRANSITIONS.items() if not onward)
"""Statuses that a filing never leaves."""

KEY_RELEASED: frozenset[Status] = frozenset({Status.REJECTED, Status.CANCELLED})
"""Statuses in which the same obligation may be filed anew. ACCEPTED keeps its key: what follows is a supplement."""


def ensure_transition(current: Status, target: Status) -> None:
    """Raise TransitionRefused unless the table allows ``current`` → ``target``."""
    if target not in TRANSITIONS[current]:
        raise TransitionRefused(
            Text(
                f"Hồ sơ đang ở trạng thái {current}, không thể chuyển sang {target}.",
                f"The filing is {current}; it cannot become {target}.",
            ),
            Text("Xem trạng thái bằng 'govgateway status'.", "Look at it with 'govgateway status'."),
        )


@dataclass(frozen=True, slots=True)
class BusinessKey:
    """The obligation that a filing fulfils: at most one filing at a time may hold it.

    ``period`` as the agency writes it (e-Tax: "M 10/2026"), ``kind`` the agency's own letter (e-Tax: C official,
    B supplementary), ``sequence`` the n-th supplement (0 for the first).
    """

    agency: str
    environment: Environment
    filer: str
    form: str
    period: str
    kind: str
    sequence: int

    def __str__(self) -> str:
        return "|".join(
            (self.agency, self.environment, self.filer, self.form, self.period, self.kind, str(self.sequence))
        )


@dataclass(frozen=True, slots=True)
class Filing:
    """One row of the ledger.

    ``document_sha256`` is the digest of the exact bytes kept (those that are or will be sent), ``content_sha256`` that
    of the canonical content without signatures: the same declaration signed twice is the same content.
    ``due_at`` is when ``advance`` is to look at it again, None when nothing is to be done.
    """

    id: str
    key: BusinessKey
    status: Status
    title: Text
    file_name: str
    document_sha256: str
    content_sha256: str
    reference: str
    due_at: datetime | None
    created_at: datetime
    updated_at: datetime
    correlation_id: str
    attention: Text = Text("", "")
    corrects: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One send. ``outcome`` is None from the moment before the first byte leaves until the result is recorded."""

    number: int
    started_at: datetime
    document_sha256: str
    outcome: Outcome | None = None
    finished_at: datetime | None = None
    reference: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an agency did not receive or accept, in its own words. ``path`` is filled where a field is recognised."""

    message: str
    group: str = ""
    remedy: str = ""
    note: str = ""
    path: str = ""
    label: Text = Text("", "")


@dataclass(frozen=True, slots=True)
class Payable:
    """An obligation to pay that an acceptance created: the agency's identifier, amount, currency (ISO 4217)."""

    identifier: str
    amount: Decimal
    currency: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a message speaks of, as the agency prints it: form, tax period, kind, number of the filing."""

    form: str
    period: str
    kind: str
    sequence: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """One verified message of an agency about a filing.

    ``leads_to`` is the status it proves (RECEIVED, ACCEPTED, REJECTED) or None for a message that proves none.
    ``legal_filing_date`` is the day of filing that the agency prints, None while it says none; ``arrived_at`` is when
    it says that what it speaks of came in.
    """

    code: str
    title: Text
    leads_to: Status | None
    references: tuple[str, ...]
    number: str = ""
    issued_at: datetime | None = None
    legal_filing_date: date | None = None
    arrived_at: datetime | None = None
    signer: str = ""
    filer: str = ""
    subjects: tuple[Subject, ...] = ()
    reasons: tuple[Reason, ...] = ()
    payables: tuple[Payable, ...] = ()
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a filing's hash-chained log. ``facts`` holds JSON values only, never a secret."""

    sequence: int
    at: datetime
    kind: str
    status: Status
    facts: Mapping[str, object] = field(default_factory=dict)
    hash: str = ""
