"""Filings for tests of the ledger: small documents of an invented agency."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

import keys
from govgateway import Attempt, Environment, Outcome, Receipt, Status, Text
from govgateway.filing import BusinessKey
from govgateway.ledger.records import NewFiling


def obligation(period: str = "10/2026", **parts: object) -> BusinessKey:
    """The obligation of an invented filer for ``period``, with other ``parts`` where given."""
    given = {
        "agency": "phieu",
        "environment": Environment.SIMULATOR,
        "filer": "9900000016",
        "form": "P1",
        "period": period,
        "kind": "C",
        "sequence": 0,
    }
    return BusinessKey(**{**given, **parts})  # type: ignore[arg-type]


def new_filing(
    key: BusinessKey | None = None,
    content: str = "nội dung",
    *,
    trail: tuple[Status, ...] = (Status.DRAFT, Status.VALIDATED, Status.READY),
    due_at: datetime | None = keys.NOW,
) -> NewFiling:
    """What a filing of ``key`` is registered with."""
    return NewFiling(
        key=key or obligation(),
        title=Text("Phiếu thử", "Test slip"),
        file_name="phieu.xml",
        content_sha256=sha256(content.encode()).hexdigest(),
        trail=trail,
        due_at=due_at,
        correlation_id="c0ffee",
    )


def attempt(number: int = 1, outcome: Outcome | None = None, document: bytes = b"phieu") -> Attempt:
    """A send of ``document``."""
    finished = keys.NOW if outcome else None
    return Attempt(number, keys.NOW, sha256(document).hexdigest(), outcome, finished)


def receipt(*references: str, leads_to: Status | None = None, code: str = "843") -> Receipt:
    """A receipt that names ``references``."""
    return Receipt(code, Text("Thông báo", "Notice"), leads_to, references)
