"""The ledger: what was filed, what was sent, what was answered. It is the truth; everything else can be rebuilt.

Whoever changes a filing first claims it: a lease with a token that grows with each claim. Every change carries the
token and is refused when somebody has claimed the filing since: a worker that slept too long can write nothing.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, and_, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from govgateway.connector import Clock, Exchange
from govgateway.errors import DuplicateFiling, LeaseLost, Text, UnknownFiling
from govgateway.filing import (
    KEY_RELEASED,
    Attempt,
    BusinessKey,
    Environment,
    Event,
    Filing,
    Receipt,
    Status,
    ensure_transition,
)
from govgateway.ledger import tables
from govgateway.ledger.codec import (
    attempt_of,
    chained_hash,
    event_of,
    filing_of,
    from_micros,
    maybe_micros,
    read_receipt,
    to_micros,
    write_facts,
    write_receipt,
)
from govgateway.ledger.database import open_engine, storage_errors

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: none that is mistaken for another when read aloud


@dataclass(frozen=True, slots=True)
class NewFiling:
    """What a filing is registered with. ``trail`` are the statuses it has passed; the last is the one it has."""

    key: BusinessKey
    title: str
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
    """The right to change one filing until ``until``; ``tries`` and ``absent_since`` as the last holder left them."""

    filing: Filing
    token: int
    until: datetime
    tries: int
    absent_since: datetime | None


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of a filing's log and what it changes in the filing. What is None stays as it is; ``due_at`` is set.

    ``attempt`` is the send that begins (no outcome) or ends; ``exchange`` what went over the wire with it.
    ``keep_lease`` keeps the claim for what follows at once.
    """

    kind: str
    due_at: datetime | None
    status: Status | None = None
    reference: str | None = None
    attention: str | None = None
    tries: int = 0
    absent_since: datetime | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    attempt: Attempt | None = None
    exchange: Exchange | None = None
    keep_lease: bool = False


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A message of an agency as it came, with the receipt read from it, or why it was not believed."""

    sha256: str
    identifier: str
    received_at: datetime
    filing_id: str
    refusal: str
    receipt: Receipt | None


class Ledger:
    """Reads and writes of one ledger. Safe to use from several threads and processes."""

    def __init__(self, location: str, clock: Clock, letter: Callable[[str], str] = secrets.choice) -> None:
        self._location = location
        self._clock = clock
        self._letter = letter
        self._engine = open_engine(location)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    # Reading

    def filing(self, filing_id: str) -> Filing:
        """The filing ``filing_id``. Raises UnknownFiling."""
        return filing_of(self._row(filing_id))

    def filings(
        self,
        *,
        agency: str | None = None,
        environment: Environment | None = None,
        filer: str | None = None,
        status: Iterable[Status] = (),
        limit: int = 1000,
    ) -> tuple[Filing, ...]:
        """Filings, the newest first, narrowed by what is given."""
        wanted = {"agency": agency, "environment": environment, "filer": filer}
        conditions = [tables.filing.c[name] == str(value) for name, value in wanted.items() if value is not None]
        statuses = [str(each) for each in status]
        if statuses:
            conditions.append(tables.filing.c.status.in_(statuses))
        query = select(tables.filing).where(*conditions)
        newest = query.order_by(tables.filing.c.created_at.desc(), tables.filing.c.id.desc()).limit(limit)
        return tuple(map(filing_of, self._rows(newest)))

    def holder(self, key: BusinessKey) -> Filing | None:
        """The filing that holds ``key``; None when none does."""
        rows = self._rows(select(tables.filing).where(tables.filing.c.held_key == str(key)))
        return filing_of(rows[0]) if rows else None

    def attempts(self, filing_id: str) -> tuple[Attempt, ...]:
        """Every send of a filing, in order."""
        query = select(tables.attempt).where(tables.attempt.c.filing_id == filing_id)
        return tuple(map(attempt_of, self._rows(query.order_by(tables.attempt.c.number))))

    def events(self, filing_id: str) -> tuple[Event, ...]:
        """The log of a filing, in order."""
        query = select(tables.event).where(tables.event.c.filing_id == filing_id)
        return tuple(map(event_of, self._rows(query.order_by(tables.event.c.sequence))))

    def messages(self, filing_id: str) -> tuple[StoredMessage, ...]:
        """The agency's messages about a filing, in the order they came."""
        query = select(tables.message).where(tables.message.c.filing_id == filing_id)
        return tuple(map(_message_of, self._rows(query.order_by(tables.message.c.received_at))))

    def message(self, agency: str, environment: Environment, sha256: str) -> StoredMessage | None:
        """The message with the digest ``sha256``; None when it never came."""
        rows = self._rows(select(tables.message).where(_message_is(agency, environment, sha256)))
        return _message_of(rows[0]) if rows else None

    def seen(self, agency: str, environment: Environment) -> frozenset[str]:
        """The agency's identifiers of every message that was taken in or refused."""
        query = select(tables.message.c.identifier).where(
            tables.message.c.agency == agency, tables.message.c.environment == str(environment)
        )
        return frozenset(row["identifier"] for row in self._rows(query))

    def blob(self, sha256: str) -> bytes:
        """The bytes with the digest ``sha256``. Raises UnknownFiling when there are none."""
        rows = self._rows(select(tables.blob.c.data).where(tables.blob.c.sha256 == sha256))
        if not rows:
            raise _unknown(sha256)
        return bytes(rows[0]["data"])

    def due(self) -> datetime | None:
        """When the next filing is due; None when none is."""
        rows = self._rows(select(func.min(tables.filing.c.due_at).label("first")))
        return from_micros(rows[0]["first"]) if rows[0]["first"] is not None else None

    def chain_holds(self, filing_id: str) -> bool:
        """Whether the hashes of a filing's log follow from each other, from the first event on."""
        previous = ""
        query = select(tables.event).where(tables.event.c.filing_id == filing_id).order_by(tables.event.c.sequence)
        for number, row in enumerate(self._rows(query), start=1):
            columns = (row["sequence"], row["at"], row["kind"], row["status"], row["facts"])
            if row["sequence"] != number or row["hash"] != chained_hash(previous, filing_id, *columns):
                return False
            previous = row["hash"]
        return previous != ""

    # Writing

    def register(self, new: NewFiling, document: bytes) -> Registration:
        """Keep ``document`` and open a filing for it.

        The same obligation with the same content is the filing that is there; with other content it raises
        DuplicateFiling, unless that filing has released its key (refused, or cancelled unsent).
        """
        present = self.holder(new.key)
        if present is None:
            try:
                with self._writing() as connection:
                    filing_id = self._insert(connection, new, document)
                return Registration(self.filing(filing_id), created=True)
            except IntegrityError:  # somebody registered the same obligation a moment ago
                present = self.holder(new.key)
                if present is None:
                    raise
        if present.content_sha256 == new.content_sha256:
            return Registration(present, created=False)
        raise duplicate(present)

    def _insert(self, connection: Connection, new: NewFiling, document: bytes) -> str:
        now = self._clock()
        sha256 = _keep(connection, document)
        filing_id = now.strftime("%y%m%d-") + "".join(self._letter(_LETTERS) for _ in range(6))
        status, key = new.trail[-1], new.key
        connection.execute(
            insert(tables.filing).values(
                id=filing_id, agency=key.agency, environment=str(key.environment), filer=key.filer, form=key.form,
                period=key.period, kind=key.kind, sequence=key.sequence,
                held_key=None if status in KEY_RELEASED else str(key),
                status=str(status), title=new.title, file_name=new.file_name, document_sha256=sha256,
                content_sha256=new.content_sha256, reference="", attention="", corrects=new.corrects,
                correlation_id=new.correlation_id, created_at=to_micros(now), updated_at=to_micros(now),
                due_at=maybe_micros(new.due_at), tries=0, absent_since=None, lease_token=0, lease_until=None,
            )
        )  # fmt: skip
        for each in new.trail:
            facts = {"document": sha256, "file": new.file_name, **new.facts} if each is new.trail[0] else {}
            _log(connection, filing_id, now, "registered" if each is new.trail[0] else "moved", each, facts)
        return filing_id

    def claim(self, filing_id: str, lease: timedelta) -> Lease | None:
        """The right to change ``filing_id`` for ``lease``; None when somebody else has it. Raises UnknownFiling."""
        self._row(filing_id)
        with self._writing() as connection:
            return self._claimed(connection, tables.filing.c.id == filing_id, lease)

    def claim_due(self, lease: timedelta) -> Lease | None:
        """The same for the filing that has been due longest; None when none is."""
        now = to_micros(self._clock())
        with self._writing() as connection:
            oldest = (
                select(tables.filing.c.id)
                .where(tables.filing.c.due_at <= now)
                .order_by(tables.filing.c.due_at)
                .limit(1)
                .scalar_subquery()
            )
            return self._claimed(connection, tables.filing.c.id == oldest, lease)

    def _claimed(self, connection: Connection, which: Any, lease: timedelta) -> Lease | None:
        now = self._clock()
        until = to_micros(now + lease)
        column = tables.filing.c
        row = (
            connection.execute(
                update(tables.filing)
                .where(which, or_(column.lease_until.is_(None), column.lease_until <= to_micros(now)))
                .values(
                    lease_token=column.lease_token + 1,
                    lease_until=until,
                    due_at=_if_due(until),
                )
                .returning(tables.filing)
            )
            .mappings()
            .first()
        )
        if row is None:
            return None
        absent = row["absent_since"]
        return Lease(
            filing=filing_of(dict(row)),
            token=row["lease_token"],
            until=from_micros(until),
            tries=row["tries"],
            absent_since=from_micros(absent) if absent is not None else None,
        )

    def record(self, lease: Lease, change: Change) -> Filing:
        """Write ``change`` in one transaction. Raises LeaseLost, TransitionRefused; then nothing is written."""
        with self._writing() as connection:
            self._apply(connection, lease, change)
        return self.filing(lease.filing.id)

    def _apply(self, connection: Connection, lease: Lease, change: Change) -> None:
        now, filing_id = self._clock(), lease.filing.id
        columns = select(tables.filing.c.status, tables.filing.c.lease_token)
        present = connection.execute(columns.where(tables.filing.c.id == filing_id).with_for_update()).one()
        if present.lease_token != lease.token:
            raise _lease_lost(filing_id)
        if change.status is not None and change.status != present.status:
            ensure_transition(Status(present.status), change.status)
        status = change.status or Status(present.status)
        optional = {"reference": change.reference, "attention": change.attention}
        values: dict[str, Any] = {name: value for name, value in optional.items() if value is not None}
        if status in KEY_RELEASED:
            values["held_key"] = None
        if not change.keep_lease:
            values |= {"lease_until": None, "due_at": maybe_micros(change.due_at)}
        connection.execute(
            update(tables.filing)
            .where(tables.filing.c.id == filing_id)
            .values(
                status=str(status),
                updated_at=to_micros(now),
                tries=change.tries,
                absent_since=maybe_micros(change.absent_since),
                **values,
            )
        )
        facts = dict(change.facts)
        if change.attempt is not None:
            facts |= self._write_attempt(connection, filing_id, change.attempt, change.exchange)
        _log(connection, filing_id, now, change.kind, status, facts)

    def _write_attempt(
        self, connection: Connection, filing_id: str, attempt: Attempt, exchange: Exchange | None
    ) -> dict[str, object]:
        request = _keep(connection, exchange.request) if exchange else ""
        answer = _keep(connection, exchange.answer) if exchange and exchange.answer else ""
        values = {
            "outcome": str(attempt.outcome) if attempt.outcome else None,
            "finished_at": maybe_micros(attempt.finished_at),
            "reference": attempt.reference,
            "detail": attempt.detail,
            "request_sha256": request,
            "answer_sha256": answer,
        }
        this = and_(tables.attempt.c.filing_id == filing_id, tables.attempt.c.number == attempt.number)
        if attempt.outcome is None:
            fixed = {"started_at": to_micros(attempt.started_at), "document_sha256": attempt.document_sha256}
            connection.execute(
                insert(tables.attempt).values(filing_id=filing_id, number=attempt.number, **fixed, **values)
            )
        else:
            connection.execute(update(tables.attempt).where(this).values(**values))
        outcome = attempt.outcome or "INTENT"
        return {"attempt": attempt.number, "outcome": str(outcome), "request": request, "answer": answer}

    def take_message(
        self,
        lease: Lease,
        change: Change,
        identifier: str,
        data: bytes,
        receipt: Receipt,
    ) -> bool:
        """Keep a verified message about the claimed filing and write ``change``, in one transaction.

        False, and nothing is written, when the same message was taken before.
        """
        filing = lease.filing
        try:
            with self._writing() as connection:
                self._insert_message(connection, filing.key, identifier, data, filing.id, "", receipt)
                self._apply(connection, lease, change)
        except IntegrityError:
            return False
        return True

    def refuse_message(self, agency: str, environment: Environment, identifier: str, data: bytes, refusal: str) -> None:
        """Keep a message that is not believed, with the reason; one that is kept already stays as it is."""
        key = BusinessKey(agency, environment, "", "", "", "", 0)
        try:
            with self._writing() as connection:
                self._insert_message(connection, key, identifier, data, "", refusal, None)
        except IntegrityError:
            return

    def _insert_message(
        self,
        connection: Connection,
        key: BusinessKey,
        identifier: str,
        data: bytes,
        filing_id: str,
        refusal: str,
        receipt: Receipt | None,
    ) -> None:
        connection.execute(
            insert(tables.message).values(
                environment=str(key.environment), agency=key.agency, sha256=_keep(connection, data),
                identifier=identifier, received_at=to_micros(self._clock()), filing_id=filing_id, refusal=refusal,
                receipt=write_receipt(receipt) if receipt else "",
            )
        )  # fmt: skip

    def replace_document(self, lease: Lease, change: Change, document: bytes, content_sha256: str) -> Filing:
        """Put ``document`` in the place of a draft's, and write ``change``."""
        with self._writing() as connection:
            sha256 = _keep(connection, document)
            self._apply(connection, lease, change)
            connection.execute(
                update(tables.filing)
                .where(tables.filing.c.id == lease.filing.id)
                .values(document_sha256=sha256, content_sha256=content_sha256)
            )
        return self.filing(lease.filing.id)

    def _writing(self) -> Any:
        return _Writing(self)

    def _row(self, filing_id: str) -> Mapping[str, Any]:
        rows = self._rows(select(tables.filing).where(tables.filing.c.id == filing_id))
        if not rows:
            raise _unknown(filing_id)
        return rows[0]

    def _rows(self, query: Any) -> list[Mapping[str, Any]]:
        with storage_errors(self._location), self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]


class _Writing:
    """A writing transaction; the database's errors come out as StorageError, except a broken unique rule."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def __enter__(self) -> Connection:
        with storage_errors(self._ledger._location):
            self._connection = self._ledger._engine.connect().execution_options(writing=True)
            self._transaction = self._connection.begin()
        return self._connection

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            with storage_errors(self._ledger._location):
                if error is None:
                    self._transaction.commit()
                    return
                self._transaction.rollback()
                if not isinstance(error, IntegrityError):
                    raise error
        finally:
            self._connection.close()


def duplicate(present: Filing) -> DuplicateFiling:
    """The error for another document of an obligation that ``present`` holds."""
    return DuplicateFiling(
        Text(
            f"Kỳ {present.key.period} đã có hồ sơ {present.id} ({present.status}) với nội dung khác.",
            f"For period {present.key.period} there is filing {present.id} ({present.status}) with other content.",
        ),
        Text(
            "Nếu hồ sơ trước đã được chấp nhận, hãy lập tờ khai bổ sung; nếu chưa gửi, huỷ hồ sơ đó trước.",
            "If the earlier one was accepted, file a supplementary declaration; if it was not sent, cancel it first.",
        ),
    )


def _if_due(until: int) -> Any:
    """While claimed, a filing that was due is due again when the lease ends: a dead worker's work is found."""
    from sqlalchemy import case

    return case((tables.filing.c.due_at.is_not(None), until), else_=None)


def _keep(connection: Connection, data: bytes) -> str:
    sha256 = hashlib.sha256(data).hexdigest()
    known = connection.execute(select(tables.blob.c.sha256).where(tables.blob.c.sha256 == sha256)).first()
    if known is None:
        connection.execute(insert(tables.blob).values(sha256=sha256, data=data))
    return sha256


def _log(
    connection: Connection, filing_id: str, at: datetime, kind: str, status: Status, facts: Mapping[str, object]
) -> None:
    last = connection.execute(
        select(tables.event.c.sequence, tables.event.c.hash)
        .where(tables.event.c.filing_id == filing_id)
        .order_by(tables.event.c.sequence.desc())
        .limit(1)
    ).first()
    sequence, previous = (last.sequence + 1, last.hash) if last else (1, "")
    columns = (sequence, to_micros(at), kind, str(status), write_facts(facts))
    names = ("sequence", "at", "kind", "status", "facts")
    connection.execute(
        insert(tables.event).values(
            filing_id=filing_id,
            hash=chained_hash(previous, filing_id, *columns),
            **dict(zip(names, columns, strict=True)),
        )
    )


def _message_is(agency: str, environment: Environment, sha256: str) -> Any:
    column = tables.message.c
    return and_(column.agency == agency, column.environment == str(environment), column.sha256 == sha256)


def _message_of(row: Mapping[str, Any]) -> StoredMessage:
    return StoredMessage(
        sha256=row["sha256"],
        identifier=row["identifier"],
        received_at=from_micros(row["received_at"]),
        filing_id=row["filing_id"],
        refusal=row["refusal"],
        receipt=read_receipt(row["receipt"]) if row["receipt"] else None,
    )


def _unknown(what: str) -> UnknownFiling:
    return UnknownFiling(
        Text(f"Không có hồ sơ {what}.", f"There is no filing {what}."),
        Text("Xem danh sách: govgateway status", "List them: govgateway status"),
    )


def _lease_lost(filing_id: str) -> LeaseLost:
    return LeaseLost(
        Text(
            f"Hồ sơ {filing_id} đã do tiến trình khác tiếp quản; bước này không được ghi.",
            f"Another process has taken filing {filing_id} over; this step was not recorded.",
        ),
        Text("Không cần làm gì: tiến trình kia làm tiếp.", "Nothing to do: the other one goes on."),
    )
