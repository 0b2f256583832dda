"""The one door for applications and for the command line: files in, verdicts out.

with Gateway.open() as gateway:
    filing = gateway.submit(read_xml_file(path), FileSigner.read(key, "…"))
    gateway.advance(filing.id)
    filing = gateway.wait(filing.id)
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable
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
from govgateway.errors import ConfigurationError, DuplicateFiling, StorageError, Text, TransitionRefused, UsageError
from govgateway.filing import Attempt, Environment, Event, Filing, Reason, Receipt, Status
from govgateway.ledger.ledger import Change, Lease, Ledger, NewFiling, duplicate
from govgateway.pipeline.advance import Pipeline
from govgateway.pipeline.inbox import Inbox
from govgateway.pipeline.intake import (
    Examined,
    ensure_real_certificates,
    ensure_sound,
    examine,
    missing_signatures,
    sign_for,
    unknown_form,
)
from govgateway.pipeline.worker import Worker
from govgateway.signing.content import content_digest, remove_signatures
from govgateway.signing.profile import SignatureSlot
from govgateway.signing.references import child_of_root
from govgateway.signing.signer import Signer
from govgateway.signing.trust import TrustStore
from govgateway.signing.verify import verify
from govgateway.transport.session import Transport

KeyRing = Callable[[SignatureSlot], Signer]
"""Gives the key for a signature that is missing; asked only when one is."""

_SHORT = timedelta(minutes=1)
_POLLED_BY_WAIT = timedelta(seconds=1)
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
    """One ledger with the connectors and routes of one configuration."""

    def __init__(
        self,
        configuration: Configuration,
        *,
        clock: Clock = now,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.configuration = configuration
        self._clock = clock
        self._sleep = sleep
        self._ledger = Ledger(configuration.ledger, clock)
        self._pipeline = Pipeline(self._ledger, self, clock)

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
        """The way to ``agency`` in ``environment``. Raises ConfigurationError when no address is set."""
        endpoint = self.configuration.endpoint(agency, environment)
        return Route(
            environment=environment,
            address=endpoint.address,
            username=endpoint.username,
            password=endpoint.password,
            trust=self._trust(agency, environment),
            transport=Transport(ca_file=endpoint.ca_file, plain_http=endpoint.plain_http),
            clock=self._clock,
            settings=endpoint.settings,
        )

    def _route_by_hand(self, agency: str, environment: Environment) -> Route:
        """A route that leads nowhere: enough to read what a person brings."""
        trust = self._trust(agency, environment)
        return Route(environment, "", "", Secret(""), trust, Transport(), self._clock)

    def _trust(self, agency: str, environment: Environment) -> TrustStore:
        path = self.configuration.trust(agency, environment)
        return TrustStore.from_pem(_read(path)) if path else TrustStore.empty()

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

        The same declaration submitted again is the filing that is there. ``hold`` keeps it from being sent. Raises
        DocumentRefused, SignatureBroken, CertificateUnfit, KeyUnusable, DuplicateFiling, ConfigurationError.
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
            return present
        signed = self._signed(examined, keys, chosen)
        due = None if hold else self._clock()
        if present is not None:
            return self._adopt(present, signed, content, due)
        new = NewFiling(
            key=key,
            title=recognition.title.vi,
            file_name=file_name,
            content_sha256=content,
            trail=(Status.DRAFT, Status.VALIDATED, Status.READY),
            due_at=due,
            correlation_id=secrets.token_hex(6),
        )
        return self._ledger.register(new, signed.data).filing

    def _signed(self, examined: Examined, keys: Signer | KeyRing | None, environment: Environment) -> XmlDocument:
        """The document with every signature that its form requires."""
        document = examined.document
        plan = examined.connector.plan(examined.recognition)
        profile = plan.slots[0].profile
        verification = verify(document, profile, TrustStore.empty(), self._clock())
        ensure_real_certificates(verification, environment)
        for slot in missing_signatures(plan, verification):
            if keys is None:
                raise UsageError(
                    Text("Tài liệu chưa ký và chưa có khoá ký.", "The document is not signed and there is no key."),
                    Text("Thêm --key TỆP hoặc ký trước.", "Add --key FILE, or sign it first."),
                )
            signer = keys(slot) if callable(keys) else keys
            document = sign_for(slot, document, signer, environment=environment, at=self._clock())
        return document

    def _adopt(self, draft: Filing, signed: XmlDocument, content: str, due: datetime | None) -> Filing:
        """Put the corrected and signed document into the draft that ``correct`` has opened."""
        lease = self._claimed(draft.id)
        change = Change("corrected", None, status=Status.VALIDATED, keep_lease=True)
        self._ledger.replace_document(lease, change, signed.data, content)
        return self._ledger.record(lease, Change("moved", due, status=Status.READY))

    def _duplicate(self, present: Filing, examined: Examined) -> DuplicateFiling:
        """The error with the fields in which the two differ."""
        error = duplicate(present)
        shown = [
            f"{each.label.vi}: {each.before or '–'} → {each.after or '–'}"
            for each in self._differences(present, examined)[:10]
        ]
        error.where = "; ".join(shown)
        return error

    def _differences(self, present: Filing, examined: Examined) -> tuple[Difference, ...]:
        package = examined.recognition.package
        node_name = examined.connector.plan(examined.recognition).slots[0].profile.signed_node
        before = child_of_root(read_xml(self._ledger.blob(present.document_sha256)), node_name)
        after = child_of_root(examined.document, node_name)
        if before is None or after is None:
            return ()
        return differences(before, after, package.outline if package else None)

    # Following

    def advance(self, filing_id: str) -> Filing:
        """Take the next step of a filing, if it is due or not. Raises UnknownFiling, ConfigurationError."""
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

    def save_receipts(self, filing_id: str, folder: Path) -> tuple[Path, ...]:
        """Write every message of the agency about a filing, as it came, into ``folder``; the files' paths."""
        self._ledger.filing(filing_id)
        stored = [each for each in self._ledger.messages(filing_id) if each.receipt]
        paths = []
        for number, each in enumerate(stored, start=1):
            code = each.receipt.code if each.receipt else ""
            paths.append(_write(folder / f"{filing_id}-{number}-{code}.xml", self._ledger.blob(each.sha256)))
        return tuple(paths)

    # By hand

    def export(self, filing_id: str, folder: Path) -> Path:
        """Write the signed document under the name that the portal wants; the filing is HANDED_OVER: possibly sent.

        Exported again, it is the same file. Raises TransitionRefused once it was sent another way.
        """
        filing = self._ledger.filing(filing_id)
        if filing.status not in {Status.READY, Status.HANDED_OVER}:
            raise TransitionRefused(
                Text(
                    f"Hồ sơ {filing.id} đang {filing.status}: không thể nộp tay nữa.",
                    f"Filing {filing.id} is {filing.status}: it cannot be filed by hand any more.",
                ),
                Text("Xem trạng thái: govgateway status", "Look at it: govgateway status"),
            )
        data = self._ledger.blob(filing.document_sha256)
        examined = self.examine(read_xml(data))
        name = examined.connector.export_name(examined.recognition, self._clock())
        if filing.status is Status.READY:
            change = Change("handed over", None, status=Status.HANDED_OVER, facts={"detail": name})
            self._ledger.record(self._claimed(filing_id), change)
        return _write(folder / name, data)

    def import_answer(self, document: XmlDocument, *, environment: Environment | None = None) -> Filing:
        """Take in an agency's message that a person brought; the filing that it moved.

        Raises AnswerRefused when it is altered, a stranger's, repeated, or about no filing here.
        """
        chosen = environment or self.configuration.environment
        inbox = Inbox(self._ledger, self, self._clock)
        for connector in self._connectors.values():
            if connector.profile_of(document) is not None:
                return inbox.bring(document.data, connector, self._route_by_hand(connector.agency, chosen))
        raise unknown_form(document)

    def correct(self, filing_id: str, folder: Path) -> Correction:
        """Open a new draft from a refused filing: its document without signatures, the reasons at their fields.

        Raises TransitionRefused unless the filing was refused.
        """
        filing = self._ledger.filing(filing_id)
        if filing.status is not Status.REJECTED:
            raise TransitionRefused(
                Text(f"Hồ sơ {filing.id} không bị từ chối.", f"Filing {filing.id} was not refused."),
                Text("Chỉ sửa hồ sơ bị từ chối.", "Only a refused filing is corrected."),
            )
        examined = self.examine(read_xml(self._ledger.blob(filing.document_sha256)))
        plan = examined.connector.plan(examined.recognition)
        draft = remove_signatures(examined.document, plan.slots[0].profile)
        path = _write(folder / f"{filing.id}-draft.xml", draft)
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
                label = package.outline.label(names).vi if package and reason.path else ""
                yield replace(reason, label=label)

    def cancel(self, filing_id: str, reason: str) -> Filing:
        """Cancel a filing that was not sent; its obligation may be filed anew. Raises TransitionRefused."""
        change = Change("cancelled", None, status=Status.CANCELLED, facts={"detail": reason})
        return self._ledger.record(self._claimed(filing_id), change)

    def _claimed(self, filing_id: str) -> Lease:
        lease = self._ledger.claim(filing_id, _SHORT)
        if lease is None:
            raise TransitionRefused(
                Text(f"Hồ sơ {filing_id} đang được xử lý.", f"Filing {filing_id} is being worked on."),
                Text("Thử lại sau ít phút.", "Try again in a few minutes."),
            )
        return lease


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            Text(f"Không đọc được tệp {path}.", f"The file {path} cannot be read."),
            Text("Kiểm tra đường dẫn trong cấu hình.", "Check its path in the configuration."),
            where=f"{path} ({type(error).__name__})",
        ) from None


def _write(path: Path, data: bytes) -> Path:
    """Write ``data`` to ``path``; a file with other content is never overwritten."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_bytes(data)
        elif path.read_bytes() != data:
            raise UsageError(
                Text(f"Tệp {path} đã có và khác nội dung.", f"The file {path} exists with other content."),
                Text("Chọn thư mục khác bằng --to.", "Choose another folder with --to."),
            )
    except OSError as error:
        raise StorageError(
            Text(f"Không ghi được tệp {path}.", f"The file {path} cannot be written."),
            Text("Kiểm tra dung lượng đĩa và quyền ghi.", "Check the free space and your rights."),
            where=f"{path} ({type(error).__name__})",
        ) from None
    return path
