"""The statements that write into the ledger, each inside a transaction that the caller holds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, and_, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from govgateway.connector import Exchange
from govgateway.errors import LeaseLost, Text
from govgateway.filing import KEY_RELEASED, Attempt, Environment, Filing, Status, ensure_transition
from govgateway.ledger import tables
from govgateway.ledger.codec import chained_hash, maybe_micros, to_micros, write_facts, write_text
from govgateway.ledger.records import Change, Fate, Lease, NewFiling


def keep(connection: Connection, data: bytes) -> str:
    """Keep ``data``, once; its SHA-256 in hexadecimal."""
    sha256 = hashlib.sha256(data).hexdigest()
    _insert_once(connection, tables.blob, sha256=sha256, data=data)
    return sha256


def _insert_once(connection: Connection, table: Table, **values: object) -> None:
    """Insert a row, unless there is one with its key: another process may be writing the same at this moment."""
    rows: Any = postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
    connection.execute(rows.values(**values).on_conflict_do_nothing())


def insert_filing(connection: Connection, filing_id: str, new: NewFiling, document: bytes, now: datetime) -> None:
    """Open a filing. The database raises IntegrityError when its id is taken or its key is held."""
    sha256, key, status = keep(connection, document), new.key, new.trail[-1]
    connection.execute(
        insert(tables.filing).values(
            id=filing_id, agency=key.agency, environment=str(key.environment), filer=key.filer, form=key.form,
            period=key.period, kind=key.kind, sequence=key.sequence,
            held_key=None if status in KEY_RELEASED else str(key),
            status=str(status), title=write_text(new.title), file_name=new.file_name, document_sha256=sha256,
            content_sha256=new.content_sha256, reference="", attention="", corrects=new.corrects,
            correlation_id=new.correlation_id, created_at=to_micros(now), updated_at=to_micros(now),
            due_at=maybe_micros(new.due_at), tries=0, absent_since=None, lease_token=0, lease_until=None,
        )
    )  # fmt: skip
    first, *passed = new.trail
    _log(connection, filing_id, now, "registered", first, {"document": sha256, "file": new.file_name, **new.facts})
    for each in passed:
        _log(connection, filing_id, now, "moved", each, {})


def write_change(connection: Connection, lease: Lease, change: Change, now: datetime) -> None:
    """Write ``change``. Raises LeaseLost, TransitionRefused; the caller's transaction must not be committed then."""
    filing_id = lease.filing.id
    columns = select(tables.filing.c.status, tables.filing.c.lease_token)
    present = connection.execute(columns.where(tables.filing.c.id == filing_id).with_for_update()).one()
    if present.lease_token != lease.token:
        raise _lease_lost(filing_id)
    status = change.status or Status(present.status)
    if status != present.status:
        ensure_transition(Status(present.status), status)
    connection.execute(
        update(tables.filing).where(tables.filing.c.id == filing_id).values(_columns(change, status, now))
    )
    facts = dict(change.facts)
    if change.reference:
        remember_references(connection, lease.filing, (change.reference,))
    if change.evidence:
        facts["evidence"] = [keep(connection, each) for each in change.evidence]
    if change.attempt is not None:
        facts |= _write_attempt(connection, filing_id, change.attempt, change.exchange)
    _log(connection, filing_id, now, change.kind, status, facts)


def _columns(change: Change, status: Status, now: datetime) -> dict[str, Any]:
    optional = {
        "reference": change.reference,
        "attention": write_text(change.attention) if change.attention is not None else None,
    }
    columns: dict[str, Any] = {name: value for name, value in optional.items() if value is not None}
    if status in KEY_RELEASED:
        columns["held_key"] = None
    if not change.keep_lease:
        columns |= {"lease_until": None, "due_at": maybe_micros(change.due_at)}
    return columns | {
        "status": str(status),
        "updated_at": to_micros(now),
        "tries": change.tries,
        "absent_since": maybe_micros(change.absent_since),
    }


def _write_attempt(
    connection: Connection, filing_id: str, attempt: Attempt, exchange: Exchange | None
) -> dict[str, object]:
    """Write the attempt down, or how it ended; what the log says of it."""
    request = keep(connection, exchange.request) if exchange else ""
    answer = keep(connection, exchange.answer) if exchange and exchange.answer else ""
    ended = {
        "outcome": str(attempt.outcome) if attempt.outcome else None,
        "finished_at": maybe_micros(attempt.finished_at),
        "reference": attempt.reference,
        "detail": attempt.detail,
        "request_sha256": request,
        "answer_sha256": answer,
    }
    if attempt.outcome is None:
        begun = {"started_at": to_micros(attempt.started_at), "document_sha256": attempt.document_sha256}
        key = {"filing_id": filing_id, "number": attempt.number}
        connection.execute(insert(tables.attempt).values(**key, **begun, **ended))
    else:
        this = and_(tables.attempt.c.filing_id == filing_id, tables.attempt.c.number == attempt.number)
        connection.execute(update(tables.attempt).where(this).values(**ended))
    outcome = str(attempt.outcome or "INTENT")
    return {"attempt": attempt.number, "outcome": outcome, "request": request, "answer": answer}


def remember_references(connection: Connection, filing: Filing, references: Iterable[str]) -> None:
    """Remember what the agency calls ``filing``. A reference keeps the filing that it was first given to."""
    agency, environment = filing.key.agency, str(filing.key.environment)
    for each in references:
        row = {"environment": environment, "agency": agency, "reference": each, "filing_id": filing.id}
        _insert_once(connection, tables.reference, **row)


def insert_message(
    connection: Connection,
    source: tuple[str, Environment],
    identifier: str,
    data: bytes,
    message: Mapping[str, str],
    now: datetime,
) -> None:
    """Keep a message of ``source`` (agency and environment) in the place of an earlier one with its ``identifier``.

    The database raises IntegrityError when that one, or the same message by another name, was taken in.
    """
    key = {"agency": source[0], "environment": str(source[1]), "identifier": identifier}
    column = tables.message.c
    same = and_(*(column[name] == value for name, value in key.items()))
    connection.execute(delete(tables.message).where(same, column.fate != str(Fate.TAKEN)))
    connection.execute(
        insert(tables.message).values(**key, **message, sha256=keep(connection, data), received_at=to_micros(now))
    )


def _log(
    connection: Connection, filing_id: str, at: datetime, kind: str, status: Status, facts: Mapping[str, object]
) -> None:
    column = tables.event.c
    last = connection.execute(
        select(column.sequence, column.hash)
        .where(column.filing_id == filing_id)
        .order_by(column.sequence.desc())
        .limit(1)
    ).first()
    sequence, previous = (last.sequence + 1, last.hash) if last else (1, "")
    said = (sequence, to_micros(at), kind, str(status), write_facts(facts))
    names = ("sequence", "at", "kind", "status", "facts")
    connection.execute(
        insert(tables.event).values(
            filing_id=filing_id,
            hash=chained_hash(previous, filing_id, *said),
            **dict(zip(names, said, strict=True)),
        )
    )


def _lease_lost(filing_id: str) -> LeaseLost:
    return LeaseLost(
        Text(
            f"Hồ sơ {filing_id} đã do tiến trình khác tiếp quản; bước này không được ghi.",
            f"Another process has taken filing {filing_id} over; this step was not recorded.",
        ),
        Text("Không cần làm gì: tiến trình kia làm tiếp.", "Nothing to do: the other one goes on."),
    )
