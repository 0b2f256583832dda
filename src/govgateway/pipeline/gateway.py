"""The one door for applications and for the command line: files in, verdicts out.

with Gateway.open() as gateway:
    filing = gateway.submit(read_xml_file(path), FileSigner.read(key, "…"))
    gateway.advance(filing.id)
    filing = gateway.wait(filing.id)
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from threading import Event as Signal
from types import TracebackType
from typing import Self

from govgateway.configuration import Configuration, load
from govgateway.connector import Clock, Connector, Route, Secret, connectors
from govgateway.documents.difference import Difference, differences
from govgateway.documents.xml import XmlDocument, read_xml
from govgateway.errors import (
    ConfigurationError,
    DuplicateFiling,
    GovGatewayError,
    LeaseLost,
    Text,
    UsageError,
)
from govgateway.filing import Attempt, Environment, Event, Filing, Outcome, Reason, Receipt, Status
from govgateway.ledger.ledger import Ledger, duplicate
from govgateway.ledger.records import Change, Lease, NewFiling
from govgateway.pipeline.advance import LEASE, Pipeline
from govgateway.pipeline.files import read_file, write_file
from govgateway.pipeline.inbox import Inbox
from govgateway.pipeline.intake import (
    Examined,
    ensure_certificates_fit,
    ensure_sound,
    examine,
    missing_signatures,
    sign_for,
    unknown_form,
)
from govgateway.pipeline.refusals import A_PERSON_KNOWS, being_worked_on, has_left, may_be_there, not_refused
from govgateway.pipeline.worker import Worker
from govgateway.signing.content import content_digest, remove_signatures
from govgateway.signing.profile import SignatureSlot
from govgateway.signing.references import signed_node_of
from govgateway.signing.signer import Signer
from govgateway.signing.trust import TrustStore
from govgateway.signing.verify import verify
from govgateway.transport.session import Transport

KeyRing = Callable[[SignatureSlot], Signer]
"""Gives the key for a signature that is missing; asked only when one is."""

_SHORT = timedelta(minutes=1)
_DIFFERENCES_SHOWN = 10
_POLLED_BY_WAIT = timedelta(seconds=1)
_NOT_SENT = Outcome.NOT_SENT
_WAITING = frozenset({Status.SUBMITTING, Status.SUBMITTED, Status.RECEIVED, Status.IN_DOUBT, Status.READY})


@dataclass(frozen=True, slots=True)
class History:
    """Everything that is known of one filing."""

    filing: Filing
    events: tuple[Event, ...]
    attempts: tuple[Attempt, ...]
    receipts: tuple[Receipt, ...]


@dataclass(frozen=True, slots=True)
class Correction:
    """A new draft after a refusal: the filing opened for it, its file, and the agency's reasons at their fields."""

    filing: Filing
    path: Path
    reasons: tuple[Reason, ...]


def now() -> datetime:
    """The present moment, aware."""
    return datetime.now(UTC)


class Gateway:
    """One ledger with the connectors and routes of one configuration.

    ``lease`` is for how long a worker holds a filing that it works on: longer than a send may take.
    """

    def __init__(
        self,
        configuration: Configuration,
        *,
        clock: Clock = now,
        sleep: Callable[[float], None] = time.sleep,
        lease: timedelta = LEASE,
    ) -> None:
        self.configuration = configuration
        self._clock = clock
        self._sleep = sleep
        self._ledger = Ledger(configuration.ledger, clock)
        self._pipeline = Pipeline(self._ledger, self, clock, lease)

    @classmethod
    def open(cls, configuration: Configuration | None = None) -> Self:
        """A gateway on ``configuration``, the user's own unless given. Raises ConfigurationError, StorageError."""
        return cls(configuration or load())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the ledger."""
        self._ledger.close()

    # What the pipeline asks

    @cached_property
    def _connectors(self) -> dict[str, Connector]:
        return {each.agency: each for each in connectors()}

    def connector(self, agency: str) -> Connector:
        """The connector of ``agency``. Raises ConfigurationError when none is installed."""
        if agency not in self._connectors:
            raise ConfigurationError(
                Text(f"Chưa cài bộ kết nối '{agency}'.", f"No connector '{agency}' is installed."),
                Text("Cài gói của cơ quan đó.", "Install that agency's package."),
            )
        return self._connectors[agency]

    def route(self, agency: str, environment: Environment) -> Route:
        """The way to ``agency`` in ``environment``.

        Raises ConfigurationError when no address is set, or when the address could not be used safely.
        """
        endpoint = self.configuration.endpoint(agency, environment)
        transport = Transport(ca_file=endpoint.ca_file, plain_http=endpoint.plain_http)
        transport.ensure_usable(endpoint.address)
        return Route(
            environment=environment,
            address=endpoint.address,
            username=endpoint.username,
            password=endpoint.password,
            trust=self._trust(agency, environment),
            transport=transport,
            clock=self._clock,
            settings=endpoint.settings,
        )

    def _route_by_hand(self, agency: str, environment: Environment) -> Route:
        """A route that leads nowhere: enough to read what a person brings."""
        trust = self._trust(agency, environment)
        return Route(environment, "", "", Secret(""), trust, Transport(), self._clock)

    def _trust(self, agency: str, environment: Environment) -> TrustStore:
        path = self.configuration.trust(agency, environment)
        return TrustStore.from_pem(read_file(path)) if path else TrustStore.empty()

    # Filing

    def examine(self, document: XmlDocument) -> Examined:
        """What ``document`` is and what is wrong with it. Raises UnknownForm."""
        return examine(document, connectors())

    def submit(
        self,
        document: XmlDocument,
        keys: Signer | KeyRing | None = None,
        *,
        environment: Environment | None = None,
        file_name: str = "",
        hold: bool = False,
    ) -> Filing:
        """Check ``document``, sign what is missing, and put the filing into the ledger, ready to be sent.

        The same declaration submitted again is the filing that is there. ``hold`` keeps it from being sent until it is
        submitted again without. Raises DocumentRefused, SignatureBroken, CertificateUnfit, KeyUnusable,
        DuplicateFiling, ConfigurationError, TransitionRefused (to hold what has left).
        """
        chosen = environment or self.configuration.environment
        examined = self.examine(document)
        ensure_sound(examined)
        connector, recognition = examined.connector, examined.recognition
        if not hold:
            self.configuration.endpoint(connector.agency, chosen)
        key = connector.business_key(recognition, chosen)
        plan = connector.plan(recognition)
        content = content_digest(document, plan.slots[0].profile)
        present = self._ledger.holder(key)
        if present is not None and present.status is not Status.DRAFT:
            if present.content_sha256 != content:
                raise self._duplicate(present, examined)
            return self._held(present) if hold else self._released(present)
        signed = self._signed(examined, keys, chosen)
        due = None if hold else self._clock()
        if present is not None:
            return self._adopt(present, signed, content, due)
        new = NewFiling(
            key=key,
            title=recognition.title,
            file_name=file_name,
            content_sha256=content,
            trail=(Status.DRAFT, Status.VALIDATED, Status.READY),
            due_at=due,
            correlation_id=secrets.token_hex(6),
        )
        return self._ledger.register(new, signed.data).filing

    def _held(self, present: Filing) -> Filing:
        """A filing that waits to be sent is held back. Raises TransitionRefused for one that has left."""
        with self._claimed(present.id) as lease:
            if lease.filing.status is not Status.READY:
                raise has_left(lease.filing)
            if present.due_at is not None:
                return self._ledger.record(lease, Change("held", None))
            self._ledger.release(lease)
        return present

    def _released(self, present: Filing) -> Filing:
        """A filing on hold is let go, and one that the agency would not take is sent again, for a person asks for it.
        Any other stays as it is."""
        if not self._waits_for_release(present):
            return present
        with self._claimed(present.id) as lease:
            if not self._waits_for_release(lease.filing):
                self._ledger.release(lease)
                return lease.filing
            return self._ledger.record(
                lease, Change("released", self._clock(), status=Status.READY, attention=Text("", ""))
            )

    def _waits_for_release(self, filing: Filing) -> bool:
        if filing.status is Status.READY:
            return filing.due_at is None
        attempts = self._ledger.attempts(filing.id)
        return filing.status is Status.NEEDS_ATTENTION and attempts[-1:] != () and attempts[-1].outcome is _NOT_SENT

    def _signed(self, examined: Examined, keys: Signer | KeyRing | None, environment: Environment) -> XmlDocument:
        """The document with every signature that its form requires."""
        document = examined.document
        plan = examined.connector.plan(examined.recognition)
        profile = plan.slots[0].profile
        verification = verify(document, profile, TrustStore.empty(), self._clock())
        ensure_certificates_fit(verification, environment, self._clock())
        for slot in missing_signatures(plan, verification):
            if keys is None:
                who = f"{slot.title.vi} ({slot.owner})", f"{slot.title.en} ({slot.owner})"
                raise UsageError(
                    Text(f"Tài liệu chưa có chữ ký của {who[0]}.", f"The document lacks the signature of {who[1]}."),
                    Text("Thêm --key TỆP hoặc ký trước.", "Add --key FILE, or sign it first."),
                )
            signer = keys(slot) if callable(keys) else keys
            document = sign_for(slot, document, signer, environment=environment, at=self._clock())
        return document

    def _adopt(self, draft: Filing, signed: XmlDocument, content: str, due: datetime | None) -> Filing:
        """Put the corrected and signed document into the draft that ``correct`` has opened."""
        steps = (
            Change("corrected", None, status=Status.VALIDATED, keep_lease=True),
            Change("moved", due, status=Status.READY),
        )
        with self._claimed(draft.id) as lease:
            return self._ledger.replace_document(lease, signed.data, content, *steps)

    def _duplicate(self, present: Filing, examined: Examined) -> DuplicateFiling:
        """The error with the fields in which the two differ."""
        shown = [
            (each.label, f"{each.before or '–'} → {each.after or '–'}")
            for each in self._differences(present, examined)[:_DIFFERENCES_SHOWN]
        ]
        vi, en = ("; ".join(f"{label.in_language(each)}: {change}" for label, change in shown) for each in ("vi", "en"))
        return duplicate(present, Text(vi, en))

    def _differences(self, present: Filing, examined: Examined) -> tuple[Difference, ...]:
        package = examined.recognition.package
        profile = examined.connector.plan(examined.recognition).slots[0].profile
        before = signed_node_of(read_xml(self._ledger.blob(present.document_sha256)), profile)
        after = signed_node_of(examined.document, profile)
        if before is None or after is None:
            return ()
        return differences(before, after, package.outline if package else None)

    # Following

    def advance(self, filing_id: str) -> Filing:
        """Take the next step of a filing if it is due. Raises UnknownFiling, ConfigurationError."""
        self._pipeline.advance(filing_id)
        return self._ledger.filing(filing_id)

    def wait(
        self,
        filing_id: str,
        *,
        timeout: timedelta = timedelta(minutes=10),
        on_change: Callable[[Filing], None] = lambda filing: None,
    ) -> Filing:
        """Follow a filing until nothing more happens by itself, or ``timeout`` has passed."""
        until = self._clock() + timeout
        filing = self._ledger.filing(filing_id)
        while filing.status in _WAITING and filing.due_at is not None and self._clock() < until:
            if filing.due_at > self._clock():
                rest = min(filing.due_at - self._clock(), until - self._clock(), _POLLED_BY_WAIT)
                self._sleep(max(0.0, rest.total_seconds()))
            else:
                with suppress(LeaseLost):  # another process goes on with it, and we go on following
                    self._pipeline.advance(filing_id)
            present = self._ledger.filing(filing_id)
            if present.status is not filing.status:
                on_change(present)
            filing = present
        return filing

    def work(
        self,
        *,
        until_idle: bool = False,
        stop: Signal | None = None,
        on_change: Callable[[Filing], None] = lambda filing: None,
    ) -> None:
        """Drive every filing that is due, until ``stop`` is set, or until nothing is due."""
        worker = Worker(self._pipeline, self._ledger, self._clock, on_change)
        if until_idle:
            worker.run_until_idle()
        else:
            worker.run(stop or Signal())

    def filing(self, filing_id: str) -> Filing:
        """The filing ``filing_id``. Raises UnknownFiling."""
        return self._ledger.filing(filing_id)

    def filings(self, *, environment: Environment | None = None) -> tuple[Filing, ...]:
        """All filings, the newest first."""
        return self._ledger.filings(environment=environment)

    def history(self, filing_id: str) -> History:
        """Everything that is known of a filing. Raises UnknownFiling."""
        stored = self._ledger.messages(filing_id)
        return History(
            filing=self._ledger.filing(filing_id),
            events=self._ledger.events(filing_id),
            attempts=self._ledger.attempts(filing_id),
            receipts=tuple(replace(each.receipt, sha256=each.sha256) for each in stored if each.receipt),
        )

    def document(self, filing_id: str) -> bytes:
        """The exact document of a filing, as it was or will be sent. Raises UnknownFiling."""
        return self._ledger.blob(self._ledger.filing(filing_id).document_sha256)

    def save_receipts(self, filing_id: str, folder: Path) -> tuple[Path, ...]:
        """Write every message of the agency about a filing, as it came, into ``folder``; the files' paths."""
        self._ledger.filing(filing_id)
        stored = [each for each in self._ledger.messages(filing_id) if each.receipt]
        paths = []
        for number, each in enumerate(stored, start=1):
            code = each.receipt.code if each.receipt else ""
            paths.append(write_file(folder / f"{filing_id}-{number}-{code}.xml", self._ledger.blob(each.sha256)))
        return tuple(paths)

    # By hand

    def export(self, filing_id: str, folder: Path) -> Path:
        """Write the signed document under the name that the portal wants; the filing is HANDED_OVER: possibly sent.

        Exported again, it is the same file. Raises TransitionRefused once it was sent another way.
        """
        filing = self._ledger.filing(filing_id)
        data = self._ledger.blob(filing.document_sha256)
        examined = self.examine(read_xml(data))
        name = examined.connector.export_name(examined.recognition, self._clock())
        if filing.status is not Status.HANDED_OVER:
            change = Change("handed over", None, status=Status.HANDED_OVER, facts={"detail": name})
            with self._claimed(filing_id) as lease:
                self._ledger.record(lease, change)
        return write_file(folder / name, data)

    def import_answer(self, document: XmlDocument, *, environment: Environment | None = None) -> Filing:
        """Take in an agency's message that a person brought; the filing that it moved.

        Raises AnswerRefused when it is altered, a stranger's, repeated, or about no filing here.
        """
        chosen = environment or self.configuration.environment
        for connector in self._connectors.values():
            if connector.profile_of(document) is not None:
                route = self._route_by_hand(connector.agency, chosen)
                return Inbox(self._ledger, connector, route, self._clock).bring(document.data)
        raise unknown_form(document)

    def correct(self, filing_id: str, folder: Path) -> Correction:
        """Open a new draft from a refused filing: its document without signatures, the reasons at their fields.

        Raises TransitionRefused unless the filing was refused.
        """
        filing = self._ledger.filing(filing_id)
        if filing.status is not Status.REJECTED:
            raise not_refused(filing_id)
        examined = self.examine(read_xml(self._ledger.blob(filing.document_sha256)))
        plan = examined.connector.plan(examined.recognition)
        draft = remove_signatures(examined.document, plan.slots[0].profile)
        path = write_file(folder / f"{filing.id}-draft.xml", draft)
        new = NewFiling(
            key=filing.key,
            title=filing.title,
            file_name=path.name,
            content_sha256=filing.content_sha256,
            trail=(Status.DRAFT,),
            due_at=None,
            correlation_id=secrets.token_hex(6),
            corrects=filing.id,
        )
        opened = self._ledger.register(new, draft).filing
        return Correction(opened, path, tuple(self._reasons(filing_id, examined)))

    def _reasons(self, filing_id: str, examined: Examined) -> Iterable[Reason]:
        """The agency's reasons, each with the label of its field where it names one."""
        package = examined.recognition.package
        for receipt in self.history(filing_id).receipts:
            for reason in receipt.reasons:
                names = tuple(step.partition("[")[0] for step in reason.path.split("/"))
                label = package.outline.label(names) if package and reason.path else reason.label
                yield replace(reason, label=label)

    def cancel(self, filing_id: str, reason: str, *, never_uploaded: bool = False) -> Filing:
        """Cancel a filing that was not sent; its obligation may be filed anew. The reason is kept in its log.

        ``never_uploaded`` is a person's word that the agency does not have a filing that was handed over, or that needs
        attention because nobody could tell. Raises TransitionRefused for one that was sent or may have been.
        """
        self._ledger.filing(filing_id)
        with self._claimed(filing_id) as lease:
            if self._may_be_there(lease.filing, never_uploaded):
                raise may_be_there(lease.filing)
            change = Change("cancelled", None, status=Status.CANCELLED, facts={"detail": reason})
            return self._ledger.record(lease, change)

    def _may_be_there(self, filing: Filing, never_uploaded: bool) -> bool:
        """Whether the agency has ``filing`` or may have it, as far as is known here and a person says."""
        if filing.status in A_PERSON_KNOWS and never_uploaded and not self._ledger.references(filing.id):
            return False
        sent = any(each.outcome is not _NOT_SENT for each in self._ledger.attempts(filing.id))
        return sent or filing.status is Status.HANDED_OVER

    @contextmanager
    def _claimed(self, filing_id: str) -> Iterator[Lease]:
        """The filing under a lease, which is let go when what is wanted is refused."""
        lease = self._ledger.claim(filing_id, _SHORT)
        if lease is None:
            raise being_worked_on(filing_id)
        try:
            yield lease
        except GovGatewayError:
            self._ledger.release(lease)
            raise
