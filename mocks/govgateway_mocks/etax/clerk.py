"""Who handles a declaration at the simulated tax office: judges it as it arrives, and answers with notices in its time.

What takes time is never done for many at once: a month end falls due within one request. So each declaration is judged
by the request that brings it, and each notice is written and signed for who reads it first.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache, partial

from lxml import etree

from govgateway.documents.xml import read_xml
from govgateway.errors import Text, UnreadableDocument, UsageError
from govgateway_mocks.agency import State
from govgateway_mocks.etax import history, notices
from govgateway_mocks.etax.archive import Archive
from govgateway_mocks.etax.case import VIETNAM, Case, Reason, Reasons
from govgateway_mocks.etax.journal import Record
from govgateway_mocks.etax.judge import Judgement, judged
from govgateway_mocks.etax.obligations import obligation_of
from govgateway_mocks.etax.registry import OFFICE_TAX_CODE, SIGNER_NAME, TAXPAYERS
from govgateway_mocks.etax.schedule import Schedule
from govgateway_mocks.etax.transactions import Notice, Transaction, fields_of
from govgateway_mocks.pki import DemonstrationPki


class Clerk:
    """Works on what lies in ``archive``; the office's key comes from ``pki``."""

    def __init__(self, pki: DemonstrationPki, archive: Archive) -> None:
        self.signer = pki.office(SIGNER_NAME, OFFICE_TAX_CODE)
        self._archive = archive
        self._pki = pki

    def enter(
        self, document: bytes, arguments: Mapping[str, str], schedule: Schedule, code: str, number: int
    ) -> Transaction:
        """What arrived, as the office keeps it."""
        case, _ = self._read(document, schedule.arrived, arguments)
        digest, obligation = hashlib.sha256(document).hexdigest(), obligation_of(case) if case else None
        return Transaction(code, number, schedule, _key(case), obligation, digest, document, arguments, fields_of(case))

    def enter_again(self, record: Record) -> Transaction:
        """The transaction of which the journal keeps ``record``. Raises as ``Notice.from_record``."""
        document = base64.b64decode(record["document"], validate=True)
        schedule = Schedule.from_record(record["schedule"])
        return self.enter(document, record["arguments"], schedule, record["code"], record["number"])

    def key(self, document: bytes) -> str:
        """The obligation that a document is about; empty when it is about none."""
        case, _ = self._read(document, self._pki.clock(), {})
        return _key(case)

    def judge(self, transaction: Transaction) -> Judgement:
        """What the office thinks of it by itself, as of its arrival; told once and kept."""
        if transaction.judgement is None:
            case, unreadable = self._case(transaction)
            transaction.judgement = judged(case) if case else Judgement(unreadable)
        return transaction.judgement

    def proceed(self, transaction: Transaction, at: datetime, *, check_duplicates: bool) -> None:
        """Do what is due at ``at``: answer whether it is received, or whether it is accepted."""
        if transaction.state is State.WAITING:
            self._receive(transaction, at, check_duplicates)
        else:
            self._conclude(transaction, at, self._verdict(transaction, check_duplicates))

    def accept(self, transaction: Transaction, at: datetime) -> None:
        """Accept it whatever its own judgement would be. Raises UsageError for what is no declaration."""
        if transaction.obligation is None:
            raise UsageError(
                Text("Không phải tờ khai nên không thể chấp nhận.", "It is no declaration and cannot be accepted."),
                Text("Từ chối hồ sơ này.", "Refuse it."),
                where=transaction.code,
            )
        if transaction.state is State.WAITING:
            self._acknowledge(transaction, at, ())
        self._conclude(transaction, at, ())

    def refuse(self, transaction: Transaction, at: datetime, reason: str) -> None:
        """Refuse it for ``reason``: receipt of it when it is not received yet, else acceptance."""
        reasons = (Reason("Khác", reason or "Hồ sơ không được chấp nhận", "Liên hệ cơ quan thuế."),)
        case, _ = self._case(transaction)
        if case is None:
            self._issue("213", transaction, at, State.REFUSED, reasons)
        elif transaction.state is State.WAITING:
            self._acknowledge(transaction, at, reasons)
        else:
            self._conclude(transaction, at, reasons)

    def writer(self, transaction: Transaction) -> Callable[[Notice], bytes]:
        """Who writes notices about ``transaction``, each of them once."""
        return cache(partial(self._written, transaction))

    def _case(self, transaction: Transaction) -> tuple[Case | None, Reasons]:
        return self._read(transaction.document, transaction.schedule.arrived, transaction.arguments)

    def _read(self, document: bytes, arrived: datetime, arguments: Mapping[str, str]) -> tuple[Case | None, Reasons]:
        """The declaration as a case, or why it cannot be read."""
        try:
            read = read_xml(document)
        except UnreadableDocument as error:
            said = f"Tờ khai không đúng định dạng với XSD: {error.message.vi}"
            return None, (Reason("Định dạng", said, "Xuất lại tệp từ phần mềm kê khai."),)
        return Case(read.root, arrived, TAXPAYERS, self._pki, arguments, read.encoding), ()

    def _receive(self, transaction: Transaction, at: datetime, check_duplicates: bool) -> None:
        """Answer whether it is received; what would be refused waits when somebody wants to decide himself."""
        judgement = self.judge(transaction)
        reasons = judgement.unfit or judgement.receipt
        if reasons and transaction.held:
            return
        if judgement.unfit:
            self._issue("213", transaction, at, State.REFUSED, judgement.unfit)
        elif transaction.schedule.reordered and not reasons and not transaction.held:
            self._acknowledge(transaction, transaction.schedule.decided, ())
            self._conclude(transaction, at, self._verdict(transaction, check_duplicates))
        else:
            self._acknowledge(transaction, at, reasons)

    def _verdict(self, transaction: Transaction, check_duplicates: bool) -> Reasons:
        """Why it is not accepted, for itself or for what was accepted before; nothing when it is."""
        reasons = self.judge(transaction).acceptance
        if reasons or transaction.obligation is None:
            return reasons
        return history.against(transaction.obligation, self._archive.accepted, check_duplicates=check_duplicates)

    def _acknowledge(self, transaction: Transaction, at: datetime, reasons: Reasons) -> None:
        """The notice 843: received, or for ``reasons`` not."""
        self._issue("843", transaction, at, State.REFUSED if reasons else State.RECEIVED, reasons)

    def _conclude(self, transaction: Transaction, at: datetime, reasons: Reasons) -> None:
        """The notice 844: accepted, or for ``reasons`` not."""
        self._issue("844", transaction, at, State.REFUSED if reasons else State.ACCEPTED, reasons)

    def _issue(self, code: str, transaction: Transaction, at: datetime, state: State, reasons: Reasons) -> None:
        identifier = self._archive.next_identifier()
        write = self.writer(transaction)
        self._archive.issue(Notice(identifier, code, transaction.code, at, reasons, identifier, write), state)

    def _written(self, transaction: Transaction, notice: Notice) -> bytes:
        """``notice``, which is about ``transaction``, signed."""
        case, _ = self._case(transaction)
        written = notice.at + transaction.schedule.skew
        number = f"{int(notice.number[2:])}/{written.astimezone(VIETNAM):%Y}/TB-TĐT"
        content = _content(notice, transaction, case, written)
        return notices.build(notice.code, number, written, _addressee(case), content, self.signer)


def _content(notice: Notice, transaction: Transaction, case: Case | None, at: datetime) -> etree._Element:
    """What ``notice``, written ``at``, says about ``transaction``, whose declaration is ``case``."""
    arrived, code = transaction.written_at, transaction.electronic_code
    if case is None or notice.code == "213":
        return notices.invalid(arrived, transaction.code, notice.reasons[0].tenLoi)
    if notice.code == "843":
        return notices.receipt(case, arrived, code, notice.reasons)
    return notices.acceptance(case, arrived, at, code, notice.reasons)


def _key(case: Case | None) -> str:
    return case.key if case else ""


def _addressee(case: Case | None) -> notices.Addressee:
    if case is None:
        return notices.Addressee("", "")
    known = TAXPAYERS.get(case.text("NNT/mst"))
    return notices.Addressee(case.text("NNT/mst"), case.text("NNT/tenNNT"), known.address if known else "")
