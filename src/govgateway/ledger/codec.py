"""How plain data is written into rows and read back: moments as microseconds, receipts as JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from govgateway.errors import Text
from govgateway.filing import (
    Attempt,
    BusinessKey,
    Environment,
    Event,
    Filing,
    Outcome,
    Payable,
    Reason,
    Receipt,
    Status,
    Subject,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_micros(moment: datetime) -> int:
    """An aware moment as microseconds since 1970 UTC."""
    return (moment - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """The moment, in UTC."""
    return _EPOCH + timedelta(microseconds=micros)


def maybe_micros(moment: datetime | None) -> int | None:
    """Like to_micros, None for None."""
    return None if moment is None else to_micros(moment)


def maybe_moment(micros: int | None) -> datetime | None:
    """Like from_micros, None for None."""
    return None if micros is None else from_micros(micros)


def filing_of(row: Mapping[str, Any]) -> Filing:
    """The filing in a row of the table."""
    key = BusinessKey(
        agency=row["agency"],
        environment=Environment(row["environment"]),
        filer=row["filer"],
        form=row["form"],
        period=row["period"],
        kind=row["kind"],
        sequence=row["sequence"],
    )
    plain = ("id", "file_name", "document_sha256", "content_sha256", "reference", "corrects")
    return Filing(
        key=key,
        status=Status(row["status"]),
        due_at=maybe_moment(row["due_at"]),
        created_at=from_micros(row["created_at"]),
        updated_at=from_micros(row["updated_at"]),
        correlation_id=row["correlation_id"],
        title=read_text(row["title"]),
        attention=read_text(row["attention"]),
        **{name: row[name] for name in plain},
    )


def attempt_of(row: Mapping[str, Any]) -> Attempt:
    """The attempt in a row of the table."""
    return Attempt(
        number=row["number"],
        started_at=from_micros(row["started_at"]),
        document_sha256=row["document_sha256"],
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
        finished_at=maybe_moment(row["finished_at"]),
        reference=row["reference"],
        detail=row["detail"],
    )


def event_of(row: Mapping[str, Any]) -> Event:
    """The event in a row of the table."""
    return Event(
        sequence=row["sequence"],
        at=from_micros(row["at"]),
        kind=row["kind"],
        status=Status(row["status"]),
        facts=json.loads(row["facts"]),
        hash=row["hash"],
    )


def chained_hash(previous: str, filing_id: str, sequence: int, at: int, kind: str, status: str, facts: str) -> str:
    """The hash of an event: SHA-256 over the previous event's hash and every column, as canonical JSON."""
    body = json.dumps(
        [previous, filing_id, sequence, at, kind, status, facts], ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(body.encode()).hexdigest()


def write_text(text: Text) -> str:
    """A text of one line in each language, as two lines."""
    return f"{text.vi}\n{text.en}" if text != Text("", "") else ""


def read_text(stored: str) -> Text:
    """The text that write_text wrote."""
    vi, _, en = stored.partition("\n")
    return Text(vi, en)


def write_facts(facts: Mapping[str, object]) -> str:
    """Facts as JSON text with sorted keys."""
    return json.dumps(facts, ensure_ascii=False, sort_keys=True)


def write_receipt(receipt: Receipt) -> str:
    """A receipt as JSON text."""
    return json.dumps(asdict(receipt), ensure_ascii=False, sort_keys=True, default=str)


def read_receipt(text: str) -> Receipt:
    """The receipt that write_receipt wrote."""
    values = json.loads(text)
    issued, filed, arrived = values["issued_at"], values["legal_filing_date"], values["arrived_at"]
    values |= {
        "title": Text(**values["title"]),
        "leads_to": Status(values["leads_to"]) if values["leads_to"] else None,
        "references": tuple(values["references"]),
        "issued_at": datetime.fromisoformat(issued) if issued else None,
        "legal_filing_date": date.fromisoformat(filed) if filed else None,
        "arrived_at": datetime.fromisoformat(arrived) if arrived else None,
        "subjects": tuple(Subject(**each) for each in values["subjects"]),
        "reasons": tuple(Reason(**{**each, "label": Text(**each["label"])}) for each in values["reasons"]),
        "payables": tuple(Payable(**{**each, "amount": Decimal(each["amount"])}) for each in values["payables"]),
    }
    return Receipt(**values)
