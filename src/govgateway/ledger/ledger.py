"""The ledger: what was filed, what was sent, what was answered. It is the truth; everything else can be rebuilt.

Whoever changes a filing first claims it: a lease with a token that grows with each claim. Every change carries the
token and is refused when somebody has claimed the filing since: a worker that slept too long can write nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, and_, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from govgateway.connector import Clock
from govgateway.errors import DuplicateFiling, Text, UnknownFiling
from govgateway.filing import Attempt, BusinessKey, Environment, Event, Filing, Receipt, Status
from govgateway.ledger import tables
from govgateway.ledger.codec import (
    attempt_of,
    chained_hash,
    event_of,
    filing_of,
    from_micros,
    maybe_micros,
    maybe_moment,
    read_receipt,
    to_micros,
    write_receipt,
)
from govgateway.ledger.database import open_engine, storage_errors
from govgateway.ledger.records import Change, Fate, Lease, NewFiling, Registration, StoredMessage
from govgateway.ledger.writing import insert_filing, insert_message, keep, remember_references, write_change

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: none that is mistaken for another when read aloud


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
        rows = self._rows(select(tables.filing).where(tables.filing.c.id == filing_id))
        if not rows:
            raise _unknown(filing_id)
        return filing_of(rows[0])

    def filings(
        self,
        *,
        agency: str | None = None,
        environment: Environment | None = None,
        filer: str | None = None,
        status: Collection[Status] = (),
    ) -> tuple[Filing, ...]:
        """Filings, the newest first, narrowed by what is given."""
        wanted = {"agency": agency, "environment": environment, "filer": filer}
        conditions = [tables.filing.c[name] == str(value) for name, value in wanted.items() if value is not None]
        if status:
            conditions.append(tables.filing.c.status.in_([str(each) for each in status]))
        newest = (tables.filing.c.created_at.desc(), tables.filing.c.id.desc())
        return tuple(map(filing_of, self._rows(select(tables.filing).where(*conditions).order_by(*newest))))

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
        return tuple(map(event_of, self._event_rows(filing_id)))

    def messages(self, filing_id: str) -> tuple[StoredMessage, ...]:
        """The agency's messages about a filing, in the order they came."""
        query = select(tables.message).where(tables.message.c.filing_id == filing_id)
        return tuple(
            map(_message_of, self._rows(query.order_by(tables.message.c.received_at, tables.message.c.identifier)))
        )

    def took(self, agency: str, environment: Environment, sha256: str) -> bool:
        """Whether the message with the digest ``sha256`` was taken in."""
        column = tables.message.c
        this = and_(column.agency == agency, column.environment == str(environment), column.sha256 == sha256)
        return bool(self._rows(select(column.identifier).where(this, column.fate == str(Fate.TAKEN))))

    def seen(self, agency: str, environment: Environment) -> frozenset[str]:
        """The agency's identifiers of every message that need not be asked for again."""
        column = tables.message.c
        query = select(column.identifier).where(
            column.agency == agency, column.environment == str(environment), column.fate != str(Fate.REFUSED)
        )
        return frozenset(row["identifier"] for row in self._rows(query))

    def called(self, agency: str, environment: Environment, references: Collection[str]) -> Filing | None:
        """The filing that the agency calls by one of ``references``; None when there is none."""
        column = tables.reference.c
        query = (
            select(tables.filing)
            .join(tables.reference, column.filing_id == tables.filing.c.id)
            .where(column.agency == agency, column.environment == str(environment))
            .where(column.reference.in_(references))
        )
        rows = self._rows(query)
        return filing_of(rows[0]) if rows else None

    def references(self, filing_id: str) -> frozenset[str]:
        """Everything that the agency calls a filing."""
        column = tables.reference.c
        rows = self._rows(select(column.reference).where(column.filing_id == filing_id))
        return frozenset(row["reference"] for row in rows)

    def references_of_others(self, filing: Filing) -> frozenset[str]:
        """Everything that the agency calls the other filings of the obligation of ``filing``."""
        names = ("agency", "environment", "filer", "form", "period", "kind", "sequence")
        same = [tables.filing.c[name] == getattr(filing.key, name) for name in names]
        others = select(tables.filing.c.id).where(*same, tables.filing.c.id != filing.id)
        column = tables.reference.c
        rows = self._rows(select(column.reference).where(column.filing_id.in_(others)))
        return frozenset(row["reference"] for row in rows)

    def blob(self, sha256: str) -> bytes:
        """The bytes with the digest ``sha256``. Raises UnknownFiling when there are none."""
        rows = self._rows(select(tables.blob.c.data).where(tables.blob.c.sha256 == sha256))
        if not rows:
            raise _unknown(sha256)
        return bytes(rows[0]["data"])

    def due(self) -> datetime | None:
        """When the next filing is due; None when none is."""
        due_at = tables.filing.c.due_at
        # Without the condition the database would not use the index, and read every filing.
        rows = self._rows(select(func.min(due_at).label("first")).where(due_at.is_not(None)))
        return maybe_moment(rows[0]["first"])

    def chain_holds(self, filing_id: str) -> bool:
        """Whether the hashes of a filing's log follow from each other, from the first event on."""
        previous = ""
        for number, row in enumerate(self._event_rows(filing_id), start=1):
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
                return self._open(new, document)
            except IntegrityError:  # somebody registered the same obligation a moment ago
                present = self.holder(new.key)
                if present is None:
                    raise
        if present.content_sha256 != new.content_sha256:
            raise duplicate(present)
        return Registration(present, created=False)

    def _open(self, new: NewFiling, document: bytes) -> Registration:
        with self._writing() as connection:
            now = self._clock()
            filing_id = self._free_id(connection, now)
            insert_filing(connection, filing_id, new, document, now)
        return Registration(self.filing(filing_id), created=True)

    def _free_id(self, connection: Connection, now: datetime) -> str:
        """A new id: the day, and six letters that a person can read aloud."""
        while True:
            filing_id = now.strftime("%y%m%d-") + "".join(self._letter(_LETTERS) for _ in range(6))
            if connection.execute(select(tables.filing.c.id).where(tables.filing.c.id == filing_id)).first() is None:
                return filing_id

    def claim(self, filing_id: str, lease: timedelta) -> Lease | None:
        """The right to change ``filing_id`` for ``lease``; None when somebody else has it. Raises UnknownFiling."""
        self.filing(filing_id)
        return self._claim(lease, tables.filing.c.id == filing_id)

    def claim_due(self, lease: timedelta, filing_id: str | None = None) -> Lease | None:
        """The same for the filing that has been due longest, or for ``filing_id`` if it is due; None when none is."""
        return self._claim(lease, *(() if filing_id is None else (tables.filing.c.id == filing_id,)), due=True)

    def _claim(self, lease: timedelta, *which: Any, due: bool = False) -> Lease | None:
        column = tables.filing.c
        with self._writing() as connection:
            now = self._clock()
            free = or_(column.lease_until.is_(None), column.lease_until <= to_micros(now))
            ripe = [column.due_at <= to_micros(now)] if due else []
            # On PostgreSQL a row that another worker is claiming is passed over, not waited for.
            oldest = select(tables.filing).where(*which, *ripe, free).order_by(column.due_at).limit(1)
            row = connection.execute(oldest.with_for_update(skip_locked=True)).mappings().first()
            if row is None:
                return None
            return self._hold(connection, dict(row), now + lease)

    def _hold(self, connection: Connection, row: Mapping[str, Any], until: datetime) -> Lease:
        """Write the claim. A filing that was due is due again when the lease ends: a dead worker's work is found."""
        token = row["lease_token"] + 1
        due_at = None if row["due_at"] is None else to_micros(until)
        connection.execute(
            update(tables.filing)
            .where(tables.filing.c.id == row["id"])
            .values(lease_token=token, lease_until=to_micros(until), due_at=due_at)
        )
        absent_since = maybe_moment(row["absent_since"])
        return Lease(filing_of(row), token, until, row["tries"], absent_since)

    def release(self, lease: Lease) -> None:
        """Let go of a claim that nothing came of; without effect when somebody else has it by now."""
        column = tables.filing.c
        with self._writing() as connection:
            connection.execute(
                update(tables.filing)
                .where(column.id == lease.filing.id, column.lease_token == lease.token)
                .values(lease_until=None, due_at=maybe_micros(lease.filing.due_at))
            )

    def record(self, lease: Lease, *changes: Change) -> Filing:
        """Write ``changes`` in one transaction. Raises LeaseLost, TransitionRefused; then nothing is written."""
        with self._writing() as connection:
            for change in changes:
                write_change(connection, lease, change, self._clock())
        return self.filing(lease.filing.id)

    def replace_document(self, lease: Lease, document: bytes, content_sha256: str, *changes: Change) -> Filing:
        """The same, and put ``document`` in the place of a draft's."""
        with self._writing() as connection:
            connection.execute(
                update(tables.filing)
                .where(tables.filing.c.id == lease.filing.id)
                .values(document_sha256=keep(connection, document), content_sha256=content_sha256)
            )
            for change in changes:
                write_change(connection, lease, change, self._clock())
        return self.filing(lease.filing.id)

    def take_message(self, lease: Lease, change: Change, identifier: str, data: bytes, receipt: Receipt) -> bool:
        """Keep a verified message about the claimed filing and write ``change``, in one transaction.

        False, and nothing is written, when the same message was taken before.
        """
        filing = lease.filing
        source = (filing.key.agency, filing.key.environment)
        message = {"fate": Fate.TAKEN, "why": "", "filing_id": filing.id, "receipt": write_receipt(receipt)}
        try:
            with self._writing() as connection:
                insert_message(connection, source, identifier, data, message, self._clock())
                remember_references(connection, filing, receipt.references)
                write_change(connection, lease, change, self._clock())
        except IntegrityError:
            return False
        return True

    def leave_message(
        self, agency: str, environment: Environment, identifier: str, data: bytes, fate: Fate, why: str
    ) -> None:
        """Keep a message that is not taken in, and why; one that was taken in under ``identifier`` stays as it is."""
        message = {"fate": fate, "why": why, "filing_id": "", "receipt": ""}
        try:
            with self._writing() as connection:
                insert_message(connection, (agency, environment), identifier, data, message, self._clock())
        except IntegrityError:
            return

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """A writing transaction; the database's errors come out as StorageError, but for a broken unique rule."""
        with (
            storage_errors(self._location),
            self._engine.connect().execution_options(writing=True) as connection,
            connection.begin(),
        ):
            yield connection

    def _rows(self, query: Any) -> list[Mapping[str, Any]]:
        with storage_errors(self._location), self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def _event_rows(self, filing_id: str) -> list[Mapping[str, Any]]:
        column = tables.event.c
        return self._rows(select(tables.event).where(column.filing_id == filing_id).order_by(column.sequence))


def duplicate(present: Filing, differences: Text = Text("", "")) -> DuplicateFiling:
    """The error for another document of an obligation that ``present`` holds; ``differences`` where they are known."""
    told = Text(f" Khác: {differences.vi}", f" Different: {differences.en}") if differences.vi else differences
    period, who = present.key.period, f"{present.id} ({present.status})"
    return DuplicateFiling(
        Text(
            f"Kỳ {period} đã có hồ sơ {who} với nội dung khác.{told.vi}",
            f"For period {period} there is filing {who} with other content.{told.en}",
        ),
        Text(
            "Nếu hồ sơ trước đã được chấp nhận, hãy lập tờ khai bổ sung; nếu chưa gửi, huỷ hồ sơ đó trước.",
            "If the earlier one was accepted, file a supplementary declaration; if it was not sent, cancel it first.",
        ),
    )


def _message_of(row: Mapping[str, Any]) -> StoredMessage:
    return StoredMessage(
        sha256=row["sha256"],
        identifier=row["identifier"],
        received_at=from_micros(row["received_at"]),
        fate=Fate(row["fate"]),
        why=row["why"],
        filing_id=row["filing_id"],
        receipt=read_receipt(row["receipt"]) if row["receipt"] else None,
    )


def _unknown(what: str) -> UnknownFiling:
    return UnknownFiling(
        Text(f"Không có hồ sơ {what}.", f"There is no filing {what}."),
        Text("Xem danh sách: govgateway status", "List them: govgateway status"),
    )
