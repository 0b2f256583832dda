"""What goes into the ledger and comes out of it, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from govgateway.connector import Exchange
from govgateway.errors import Text
from govgateway.filing import Attempt, BusinessKey, Filing, Receipt, Status


@dataclass(frozen=True, slots=True)
class NewFiling:
    """What a filing is registered with. ``trail`` are the statuses it has passed; the last is the one it has."""

    key: BusinessKey
    title: Text
    file_name: str
    content_sha256: str
    trail: tuple[Status, ...]
    due_at: datetime | None
    correlation_id: str
    corrects: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Registration:
    """``created`` is False when the same content was registered before: ``filing`` is that one."""

    filing: Filing
    created: bool


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to change one filing until ``until``. ``filing`` is as it was found, its ``due_at`` included; ``tries``
    and ``absent_since`` as the last holder left them."""

    filing: Filing
    token: int
    until: datetime
    tries: int
    absent_since: datetime | None


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of a filing's log and what it changes in the filing. What is None stays as it is, but for ``due_at``.

    ``attempt`` is the send that begins (no outcome) or ends; ``exchange`` what went over the wire with it.
    ``evidence`` are answers of the agency that led to it. ``keep_lease`` keeps the claim for what follows at once;
    until it is let go the filing is due when the lease ends, and ``due_at`` is not used.
    """

    kind: str
    due_at: datetime | None
    status: Status | None = None
    reference: str | None = None
    attention: Text | None = None
    tries: int = 0
    absent_since: datetime | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    attempt: Attempt | None = None
    exchange: Exchange | None = None
    evidence: tuple[bytes, ...] = ()
    keep_lease: bool = False


class Fate(StrEnum):
    """What became of a message. Only one that was REFUSED (not believed) is asked for again: the agency may mend it,
    or the roots that it is judged by."""

    TAKEN = "TAKEN"
    REPEATED = "REPEATED"
    ELSEWHERE = "ELSEWHERE"
    REFUSED = "REFUSED"


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A message of an agency as it came. ``receipt`` was read from it if it was TAKEN, else ``why`` says why not."""

    sha256: str
    identifier: str
    received_at: datetime
    fate: Fate
    why: str
    filing_id: str
    receipt: Receipt | None
