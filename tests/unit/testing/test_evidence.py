"""Evidence is complete when everything is kept and still says the same: each way of losing it is told."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from govgateway import FileSigner, Filing, Gateway, Status, XmlDocument
from govgateway.testing import RunningSimulator, assert_evidence_complete

Ledger = sqlite3.Connection


@pytest.fixture
def filing(
    etax_gateway: Gateway,
    etax_simulator: RunningSimulator,
    demonstration_signer: FileSigner,
    sample: Callable[..., XmlDocument],
) -> Filing:
    """One that was accepted, after its answer was lost and it was looked up."""
    filing = etax_gateway.submit(sample("879"), demonstration_signer)
    with etax_simulator.fault("truncated", on="nhanHSoXML"):
        assert etax_gateway.advance(filing.id).status is Status.IN_DOUBT
    return etax_gateway.wait(filing.id)


@pytest.fixture
def ledger(etax_gateway: Gateway) -> Iterator[Ledger]:
    with closing(sqlite3.connect(etax_gateway.configuration.ledger, isolation_level=None)) as opened:
        yield opened


def missing(filing: Filing, gateway: Gateway) -> list[str]:
    """What the failure says is wrong."""
    with pytest.raises(AssertionError) as failed:
        assert_evidence_complete(filing, gateway)
    said = str(failed.value)
    assert said.startswith(f"the evidence of filing {filing.id} (ACCEPTED) is not complete:\n")
    assert "\nits log:\n    1  10:00:00  DRAFT            registered\n" in said
    return [line.removeprefix("  - ") for line in said.splitlines() if line.startswith("  - ")]


def sha256(ledger: Ledger, query: str) -> str:
    (row,) = ledger.execute(query)
    return str(row[0])


def test_the_evidence_of_an_accepted_filing_is_complete(filing: Filing, etax_gateway: Gateway) -> None:
    assert filing.status is Status.ACCEPTED
    assert_evidence_complete(filing, etax_gateway)


@pytest.mark.parametrize(
    ("query", "what"),
    [
        ("SELECT document_sha256 FROM filing", "the document"),
        ("SELECT request_sha256 FROM attempt", "the request of attempt 1"),
        ("SELECT answer_sha256 FROM attempt", "the answer of attempt 1"),
        ("SELECT json_extract(facts, '$.evidence[0]') FROM event WHERE kind = 'found'", "the answer to the look-up in"),
        ("SELECT sha256 FROM message WHERE receipt LIKE '%\"844\"%'", "the agency's message "),
    ],
)
def test_what_is_gone_and_what_was_altered_is_told(
    filing: Filing, etax_gateway: Gateway, ledger: Ledger, query: str, what: str
) -> None:
    digest = sha256(ledger, query)
    ledger.execute("UPDATE blob SET data = CAST(data || ' ' AS BLOB) WHERE sha256 = ?", (digest,))
    altered = missing(filing, etax_gateway)
    assert altered[0].startswith(what)
    assert altered[0].endswith(f"is not what it was: its digest was {digest[:12]}…")
    ledger.execute("DELETE FROM blob WHERE sha256 = ?", (digest,))
    (gone,) = missing(filing, etax_gateway)
    assert gone.startswith(what)
    assert gone.endswith(f"is not kept ({digest[:12]}…)")


def test_a_message_that_was_forged_is_not_believed(filing: Filing, etax_gateway: Gateway, ledger: Ledger) -> None:
    """Somebody altered the verdict, and its digest with it."""
    digest = sha256(ledger, "SELECT sha256 FROM message WHERE receipt LIKE '%\"844\"%'")
    (data,) = ledger.execute("SELECT data FROM blob WHERE sha256 = ?", (digest,)).fetchone()
    forged = data.replace(b"9900000016", b"9900000023")
    assert forged != data
    other = hashlib.sha256(forged).hexdigest()
    ledger.execute("INSERT INTO blob VALUES (?, ?)", (other, forged))
    ledger.execute("UPDATE message SET sha256 = ? WHERE sha256 = ?", (other, digest))
    (doubt,) = missing(filing, etax_gateway)
    assert doubt.startswith("the agency's message ")
    assert " is not to be believed: " in doubt


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "UPDATE event SET at = at + 1 WHERE sequence = 3",
            "the log is broken: an entry was changed, added or taken out",
        ),
        ("UPDATE attempt SET outcome = NULL", "attempt 1 has no outcome: it is not known what became of it"),
        ("UPDATE attempt SET document_sha256 = 'abc'", "attempt 1 sent another document: abc…"),
        ("DELETE FROM message WHERE receipt LIKE '%\"844\"%'", "no message of the agency says ACCEPTED"),
    ],
)
def test_what_else_is_wrong_is_told(
    filing: Filing, etax_gateway: Gateway, ledger: Ledger, statement: str, said: str
) -> None:
    ledger.execute(statement)
    assert missing(filing, etax_gateway) == [said]
