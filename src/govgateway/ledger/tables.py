"""The tables of the ledger. Moments are integer microseconds since 1970 UTC, which every database sorts alike."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

metadata = MetaData()

filing = Table(
    "filing",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("agency", String(32), nullable=False),
    Column("environment", String(16), nullable=False),
    Column("filer", String(32), nullable=False),
    Column("form", String(32), nullable=False),
    Column("period", String(32), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("sequence", Integer, nullable=False),
    # The business key while the filing holds it, NULL once it is released: the database itself guards against doubles.
    Column("held_key", String(255), unique=True),
    Column("status", String(24), nullable=False),
    Column("title", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("document_sha256", String(64), nullable=False),
    Column("content_sha256", String(64), nullable=False),
    Column("reference", String(255), nullable=False),
    Column("attention", Text, nullable=False),
    Column("corrects", String(32), nullable=False),
    Column("correlation_id", String(32), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("due_at", BigInteger),
    # How often the present step was tried without result: what waits are computed from.
    Column("tries", Integer, nullable=False),
    # When a look-up first said that the agency does not have it; NULL when none has said so.
    Column("absent_since", BigInteger),
    Column("lease_token", Integer, nullable=False),
    Column("lease_until", BigInteger),
)
# While a filing is claimed its due_at is the end of the lease: one index range serves due work and expired leases.
Index(
    "filing_due",
    filing.c.due_at,
    sqlite_where=filing.c.due_at.is_not(None),
    postgresql_where=filing.c.due_at.is_not(None),
)
Index("filing_filer", filing.c.agency, filing.c.environment, filing.c.filer)

blob = Table(
    "blob",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("data", LargeBinary, nullable=False),
)

attempt = Table(
    "attempt",
    metadata,
    Column("filing_id", String(32), ForeignKey("filing.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("document_sha256", String(64), nullable=False),
    Column("outcome", String(16)),
    Column("finished_at", BigInteger),
    Column("reference", String(255), nullable=False),
    Column("detail", Text, nullable=False),
    Column("request_sha256", String(64), nullable=False),
    Column("answer_sha256", String(64), nullable=False),
    PrimaryKeyConstraint("filing_id", "number"),
)

event = Table(
    "event",
    metadata,
    Column("filing_id", String(32), ForeignKey("filing.id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("status", String(24), nullable=False),
    Column("facts", Text, nullable=False),
    Column("hash", String(64), nullable=False),
    PrimaryKeyConstraint("filing_id", "sequence"),
)

# What the agency calls a filing: the references of its acknowledgement and of every message about it.
reference = Table(
    "reference",
    metadata,
    Column("environment", String(16), nullable=False),
    Column("agency", String(32), nullable=False),
    Column("reference", String(255), nullable=False),
    Column("filing_id", String(32), ForeignKey("filing.id"), nullable=False),
    PrimaryKeyConstraint("environment", "agency", "reference"),
)
Index("reference_filing", reference.c.filing_id)

message = Table(
    "message",
    metadata,
    Column("environment", String(16), nullable=False),
    Column("agency", String(32), nullable=False),
    # The agency's own name for it: one message may be listed under several.
    Column("identifier", String(255), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("received_at", BigInteger, nullable=False),
    # TAKEN, REPEATED, ELSEWHERE or REFUSED (govgateway.ledger.records.Fate), and why.
    Column("fate", String(16), nullable=False),
    Column("why", Text, nullable=False),
    # The filing it belongs to, empty unless it was taken in.
    Column("filing_id", String(32), nullable=False),
    # The receipt read from it, as JSON.
    Column("receipt", Text, nullable=False),
    PrimaryKeyConstraint("environment", "agency", "identifier"),
)
Index("message_filing", message.c.filing_id)
# The database itself guards against taking one message in twice.
Index(
    "message_taken",
    message.c.environment,
    message.c.agency,
    message.c.sha256,
    unique=True,
    sqlite_where=message.c.fate == "TAKEN",
    postgresql_where=message.c.fate == "TAKEN",
)
