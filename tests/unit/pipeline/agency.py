"""An invented agency whose every answer the test writes, and a pipeline that files with it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from clocks import Clock
from govgateway import AnswerRefused, ConfigurationError, Environment, Filing, Outcome, Receipt, Status, Text
from govgateway.connector import (
    AgencyMessage,
    Capabilities,
    FindResult,
    Found,
    PollResult,
    Route,
    Secret,
    SubmitResult,
    Transport,
    TrustStore,
)
from govgateway.filing import Subject
from govgateway.ledger.ledger import Ledger
from govgateway.pipeline.advance import Pipeline
from keys import NOW
from ledgers import new_filing, obligation

CAPABILITIES = Capabilities(
    payment=False,
    can_find=True,
    quiet_period=timedelta(hours=1),
    polling=(timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2)),
    send_deadline=timedelta(seconds=120),
)
ACKNOWLEDGED = SubmitResult(Outcome.ACKNOWLEDGED, "", reference="GD1")
NOT_SENT = SubmitResult(Outcome.NOT_SENT, "connection")
UNKNOWN = SubmitResult(Outcome.UNKNOWN, "timeout")
FOUND = FindResult(Found.FOUND, "one", reference="GD1", answers=(b"list",))
ABSENT = FindResult(Found.ABSENT, "none")
CANNOT_TELL = FindResult(Found.CANNOT_TELL, "two")

LATER = NOW + timedelta(days=30)
"""After anything that a test sends."""

Answer = SubmitResult | Callable[[], SubmitResult]


def notice(
    code: str,
    leads_to: Status | None,
    *references: str,
    filer: str = "9900000016",
    period: str = "",
    number: str = "",
    forged: bool = False,
    arrived: datetime | None = LATER,
) -> bytes:
    """A message of the agency; ``period`` is what it prints of the filing, ``arrived`` when that came in."""
    return json.dumps(
        {
            "code": code,
            "leads_to": leads_to,
            "references": references,
            "filer": filer,
            "period": period,
            "number": number,
            "forged": forged,
            "arrived": arrived.isoformat() if arrived else "",
        }
    ).encode()


@dataclass
class Agency:
    """A connector that does as it is told: ``answers``, ``looks`` and ``polls`` are used up from the front."""

    answers: list[Answer] = field(default_factory=list)
    looks: list[FindResult] = field(default_factory=list)
    polls: list[PollResult] = field(default_factory=list)
    capabilities: Capabilities = CAPABILITIES
    sent: list[str] = field(default_factory=list)
    asked: list[tuple[datetime, frozenset[str]]] = field(default_factory=list)
    polled: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    agency: str = "phieu"

    def submit(self, document: bytes, route: Route) -> SubmitResult:
        self.sent.append(sha256(document).hexdigest())
        answer = self.answers.pop(0)
        return answer if isinstance(answer, SubmitResult) else answer()

    def find(self, document: bytes, first_sent: datetime, known: Collection[str], route: Route) -> FindResult:
        self.asked.append((first_sent, frozenset(known)))
        return self.looks.pop(0)

    def poll(self, reference: str, seen: Collection[str], route: Route) -> PollResult:
        self.polled.append((reference, frozenset(seen)))
        return self.polls.pop(0) if self.polls else PollResult(())

    def says(self, *messages: bytes | AgencyMessage, retry_at: datetime | None = None) -> None:
        """The next poll brings ``messages``."""
        made = tuple(
            each if isinstance(each, AgencyMessage) else AgencyMessage("TB" + sha256(each).hexdigest()[:8], each)
            for each in messages
        )
        self.polls.append(PollResult(made, retry_at=retry_at))

    def read_message(self, data: bytes, trust: TrustStore, at: datetime) -> Receipt:
        told = json.loads(data)
        if told["forged"]:
            raise AnswerRefused(Text("chữ ký không hợp lệ", "a signature is broken"), Text("", ""))
        return Receipt(
            told["code"],
            Text("Thông báo", "Notice"),
            Status(told["leads_to"]) if told["leads_to"] else None,
            tuple(told["references"]),
            number=told["number"],
            arrived_at=datetime.fromisoformat(told["arrived"]) if told["arrived"] else None,
            filer=told["filer"],
            subjects=(Subject("P1", told["period"], "C", "0"),) if told["period"] else (),
        )

    def matches(self, receipt: Receipt, document: bytes, references: Collection[str]) -> bool:
        filer, period = re.fullmatch(r"phieu (\S+) (.*)", document.decode()).groups()  # type: ignore[union-attr]
        if set(references) & set(receipt.references):
            return True
        return receipt.filer == filer and any(each.period == period for each in receipt.subjects)


@dataclass
class Office:
    """A ledger, a clock, the agency, and the pipeline between them."""

    place: str
    clock: Clock = field(default_factory=Clock)
    agency: Agency = field(default_factory=Agency)
    configured: bool = True

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.place, self.clock)
        self.pipeline = Pipeline(self.ledger, self, self.clock)

    def connector(self, agency: str) -> Agency:
        return self.agency

    def route(self, agency: str, environment: Environment) -> Route:
        if not self.configured:
            raise ConfigurationError(Text("chưa cấu hình", "not configured"), Text("", ""))
        return Route(environment, "", "", Secret(""), TrustStore.empty(), Transport(), self.clock)

    def able(self, **capabilities: object) -> None:
        """Change what the agency can do."""
        self.agency.capabilities = replace(self.agency.capabilities, **capabilities)  # type: ignore[arg-type]

    def ready(self, period: str = "10/2026", *, filer: str = "9900000016", content: str = "") -> Filing:
        """A filing that is ready to be sent now."""
        key = obligation(period, filer=filer)
        new = new_filing(key, content or period, due_at=self.clock())
        return self.ledger.register(new, f"phieu {filer} {period}".encode()).filing

    def advance(self, filing: Filing) -> Filing:
        """Move the clock to when ``filing`` is due, and take its next step."""
        due_at = self.ledger.filing(filing.id).due_at
        assert due_at is not None
        self.clock.now = max(self.clock.now, due_at)
        self.pipeline.advance(filing.id)
        return self.ledger.filing(filing.id)

    def submitted(self, period: str = "10/2026", reference: str = "GD1", **more: str) -> Filing:
        """A filing that the agency has acknowledged as ``reference``."""
        filing = self.ready(period, **more)  # type: ignore[arg-type]
        self.agency.answers.append(SubmitResult(Outcome.ACKNOWLEDGED, "", reference=reference))
        filing = self.advance(filing)
        assert filing.status is Status.SUBMITTED
        return filing

    def waits(self, filing: Filing) -> timedelta | None:
        """How long until ``filing`` is due."""
        due_at = self.ledger.filing(filing.id).due_at
        return None if due_at is None else due_at - self.clock()

    def outcomes(self, filing: Filing) -> list[Outcome | None]:
        return [each.outcome for each in self.ledger.attempts(filing.id)]

    def kinds(self, filing: Filing) -> list[str]:
        """What the log says happened after it was registered."""
        return [each.kind for each in self.ledger.events(filing.id)][3:]


def office_at(folder: Path) -> Office:
    """An office whose ledger lies in ``folder``."""
    return Office(str(folder / "ledger.db"))
