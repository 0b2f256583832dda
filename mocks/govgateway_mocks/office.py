"""The simulated tax office: takes declarations, answers later, remembers everything, in memory.

Every complete declaration that arrives is counted before any check of it, by obligation and digest: that count is what
"never twice" is measured with.
"""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lxml import etree

from govgateway.documents.xml import read_xml
from govgateway.errors import UnreadableDocument
from govgateway_mocks import judge, notices
from govgateway_mocks.case import VIETNAM, Case, Reason
from govgateway_mocks.pki import DemonstrationPki
from govgateway_mocks.registry import OFFICE_NAME, OFFICE_TAX_CODE, SIGNER_NAME, TAXPAYERS, UNREGISTERED

Clock = Callable[[], datetime]
Reasons = tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice, visible from ``at`` on."""

    identifier: str
    code: str
    transaction: str
    at: datetime
    data: bytes = field(repr=False)

    @property
    def second(self) -> bool:
        """Whether it is the second notice of its transaction, the verdict."""
        return self.code == "844"


@dataclass(frozen=True, slots=True)
class Transaction:
    """One declaration that arrived. ``reasons`` (empty: accepted) are out from ``decided_at`` on."""

    code: str
    at: datetime
    key: tuple[str, ...]
    digest: str
    fields: Mapping[str, str]
    reasons: tuple[Reason, ...]
    decided_at: datetime

    def row(self, now: datetime) -> dict[str, str]:
        """Its CTietGDich in the day's result, in the order of the facts. It tells no verdict before the notice does."""
        decided = self.decided_at <= now
        refused = decided and bool(self.reasons)
        return {
            **self.fields,
            "makquaCTietGDich": "03" if refused else "01",
            "mtaKquaCTietGDich": "Không chấp nhận" if refused else "Chấp nhận" if decided else "Đã nhận",
            "maLoiCTietGDich": "IHTKK-9999" if refused else "",
            "mtaLoiCTietGDich": self.reasons[0].tenLoi if refused else "",
            "maGDC": self.code,
        }


@dataclass
class TaxOffice:
    """The office's state and behaviour. ``receipt_delay`` and ``verdict_delay`` are how long its answers take."""

    pki: DemonstrationPki
    clock: Clock
    receipt_delay: timedelta
    verdict_delay: timedelta
    check_duplicates: bool = True
    transactions: list[Transaction] = field(default_factory=list)
    arrivals: Counter[tuple[tuple[str, ...], str]] = field(default_factory=Counter)
    _notices: list[Notice] = field(default_factory=list)
    _accepted: set[tuple[str, ...]] = field(default_factory=set)
    _numbers: int = 0
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self._signer = self.pki.office(SIGNER_NAME, OFFICE_TAX_CODE)
        for taxpayer in (*TAXPAYERS.values(), UNREGISTERED):
            self.pki.taxpayer(taxpayer.tax_code, taxpayer.name)

    def take(self, data: bytes, arguments: Mapping[str, str] | None = None) -> str:
        """Take a declaration; the transaction code (maGDich). Its notices become visible when their time comes.

        ``arguments`` are what the service that brought it was told about it.
        """
        with self._lock:
            now = self.clock()
            self._numbers += 1
            code = _transaction_code(now, self._numbers)
            case, unreadable = self._read(data, now, arguments or {})
            key, digest = case.key if case else (), hashlib.sha256(data).hexdigest()
            self.arrivals[(key, digest)] += 1
            reasons, decided_at = self._judge(code, case) if case else self._refuse(code, now, None, unreadable)
            self.transactions.append(Transaction(code, now, key, digest, _fields(case), reasons, decided_at))
            return code

    def _read(self, data: bytes, now: datetime, arguments: Mapping[str, str]) -> tuple[Case | None, Reasons]:
        """The declaration as a case, or why it cannot be read."""
        try:
            root = read_xml(data).root
        except UnreadableDocument as error:
            said = f"Tờ khai không đúng định dạng với XSD: {error.message.vi}"
            return None, (Reason("Định dạng", said, "Xuất lại tệp từ phần mềm kê khai."),)
        accepted = frozenset(self._accepted) if self.check_duplicates else frozenset()
        issuers = (self.pki.issuing.certificate, self.pki.root.certificate)
        return Case(root, now, TAXPAYERS, issuers, accepted, arguments), ()

    def _judge(self, code: str, case: Case) -> tuple[Reasons, datetime]:
        """Issue the notices about ``case``; why it is refused (empty: accepted), and from when on that is known."""
        reasons = judge.first_reasons(judge.FORMAT, case)
        if reasons:
            return self._refuse(code, case.now, case, reasons)
        electronic = f"108{case.now.astimezone(VIETNAM):%Y}{self._numbers:010d}"
        reasons, received = judge.first_reasons(judge.RECEIPT, case), case.now + self.receipt_delay
        self._issue("843", code, received, case, notices.receipt(case, case.now, electronic, reasons))
        if reasons:
            return reasons, received
        reasons, decided = judge.first_reasons(judge.ACCEPTANCE, case), received + self.verdict_delay
        self._issue("844", code, decided, case, notices.acceptance(case, case.now, decided, electronic, reasons))
        if not reasons:
            self._accepted.add(case.key)
        return reasons, decided

    def _refuse(self, code: str, now: datetime, case: Case | None, reasons: Reasons) -> tuple[Reasons, datetime]:
        """Issue the notice 213; as ``_judge``."""
        at = now + self.receipt_delay
        self._issue("213", code, at, case, notices.invalid(now, code, reasons[0].tenLoi))
        return reasons, at

    def _issue(self, kind: str, transaction: str, at: datetime, case: Case | None, content: etree._Element) -> None:
        number = len(self._notices) + 1
        printed = f"{number}/{at.astimezone(VIETNAM):%Y}/TB-TĐT"
        data = notices.build(kind, printed, at, _addressee(case), content, self._signer)
        self._notices.append(Notice(f"TB{number:06d}", kind, transaction, at, data))

    def notices(self) -> list[Notice]:
        """Every notice that is visible now, oldest first."""
        with self._lock:
            now = self.clock()
            return sorted((each for each in self._notices if each.at <= now), key=lambda each: each.at)

    def notice(self, identifier: str) -> Notice | None:
        """The visible notice ``identifier``."""
        return next((each for each in self.notices() if each.identifier == identifier), None)

    def first_notice(self, transaction: str) -> Notice | None:
        """The first notice of a transaction, once it is visible."""
        return next((each for each in self.notices() if each.transaction == transaction), None)

    def day_result(self, day: str) -> bytes:
        """The notice 211 with every transaction of ``day`` (dd/MM/yyyy), as far as its notices are out."""
        with self._lock:
            now = self.clock()
            rows = [each.row(now) for each in self.transactions if _printed_day(each.at) == day]
            to = notices.Addressee("", OFFICE_NAME)
            return notices.build("211", f"KQ-{day}", now, to, notices.day_result(day, rows), self._signer)


def _transaction_code(at: datetime, number: int) -> str:
    """``00010-0002-<ddMMyyyyHHmmssSSS>-<sequence>`` in Vietnam's time, as observed."""
    stamp = at.astimezone(VIETNAM)
    return f"00010-0002-{stamp:%d%m%Y%H%M%S}{stamp.microsecond // 1000:03d}-{42000 + number}"


def _printed_day(at: datetime) -> str:
    return at.astimezone(VIETNAM).strftime("%d/%m/%Y")


def _addressee(case: Case | None) -> notices.Addressee:
    if case is None:
        return notices.Addressee("", "")
    known = TAXPAYERS.get(case.text("NNT/mst"))
    return notices.Addressee(case.text("NNT/mst"), case.text("NNT/tenNNT"), known.address if known else "")


def _fields(case: Case | None) -> dict[str, str]:
    """What a row of the day's result says of the declaration, in the order of the facts."""
    kind = _text(case, "TKhaiThue/loaiTKhai")
    return {
        "tinCTietGDich": _text(case, "NNT/mst"),
        "tenNNT": _text(case, "NNT/tenNNT"),
        "maHSo": _text(case, "TKhaiThue/maTKhai"),
        "tenHSo": _text(case, "TKhaiThue/tenTKhai"),
        "maLoaiHSo": kind,
        "tenLoaiHSo": notices.KINDS.get(kind, ""),
        "kyKKhaiHThi": _text(case, "TKhaiThue/KyKKhaiThue/kyKKhai"),
        "lanNop": _text(case, "TKhaiThue/soLan"),
        "tenCQTNoiNop": _text(case, "TKhaiThue/tenCQTNoiNop"),
    }


def _text(case: Case | None, path: str) -> str:
    return case.text(path) if case else ""
