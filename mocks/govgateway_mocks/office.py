"""The simulated tax office: takes declarations, answers later, remembers everything, in memory.

Every complete declaration that arrives is counted before any check of it, by obligation and digest: that count is what
"never twice" is measured with.
"""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from govgateway.documents.xml import read_xml
from govgateway.errors import UnreadableDocument
from govgateway_mocks import judge, notices
from govgateway_mocks.judge import VIETNAM, Case, Reason
from govgateway_mocks.pki import DemonstrationPki
from govgateway_mocks.registry import OFFICE_NAME, OFFICE_TAX_CODE, SIGNER_NAME, TAXPAYERS, UNREGISTERED

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice, visible from ``at`` on. ``second`` is True for a verdict (the second notice of a transaction)."""

    identifier: str
    code: str
    transaction: str
    at: datetime
    data: bytes = field(repr=False)
    second: bool = False


@dataclass(frozen=True, slots=True)
class Transaction:
    """One declaration that arrived."""

    code: str
    at: datetime
    key: tuple[str, ...]
    digest: str
    row: dict[str, str]
    reasons: tuple[Reason, ...]
    received: bool


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

    def take(self, data: bytes) -> str:
        """Take a declaration; the transaction code (maGDich). Its notices become visible when their time comes."""
        with self._lock:
            now = self.clock()
            self._numbers += 1
            stamp = now.astimezone(VIETNAM)
            code = f"00010-0002-{stamp:%d%m%Y%H%M%S}{stamp.microsecond // 1000:03d}-{42000 + self._numbers}"
            digest = hashlib.sha256(data).hexdigest()
            try:
                root = read_xml(data).root
            except UnreadableDocument as error:
                self.arrivals[((), digest)] += 1
                self._refuse_format(code, now, (), digest, (Reason("Định dạng", error.message.vi, ""),), None)
                return code
            accepted = frozenset(self._accepted) if self.check_duplicates else frozenset()
            issuers = (self.pki.issuing.certificate, self.pki.root.certificate)
            case = Case(root, now, TAXPAYERS, issuers, accepted)
            self.arrivals[(case.key, digest)] += 1
            self._answer(code, now, case, digest)
            return code

    def _answer(self, code: str, now: datetime, case: Case, digest: str) -> None:
        unreadable = judge.first_reasons(judge.FORMAT, case)
        if unreadable:
            self._refuse_format(code, now, case.key, digest, unreadable, case)
            return
        to = self._addressee(case)
        reasons = judge.first_reasons(judge.RECEIPT, case)
        electronic = f"108{now.astimezone(VIETNAM):%Y}{self._numbers:010d}"
        received = now + self.receipt_delay
        content = notices.receipt(case, now, electronic, reasons)
        taken = not reasons
        self._issue("843", code, received, to, content)
        if not reasons:
            reasons = judge.first_reasons(judge.ACCEPTANCE, case)
            decided = received + self.verdict_delay
            verdict = notices.acceptance(case, now, decided, electronic, reasons)
            self._issue("844", code, decided, to, verdict, second=True)
            if not reasons:
                self._accepted.add(case.key)
        self._remember(code, now, case.key, digest, reasons, case, received=taken)

    def _refuse_format(
        self,
        code: str,
        now: datetime,
        key: tuple[str, ...],
        digest: str,
        reasons: tuple[Reason, ...],
        case: Case | None,
    ) -> None:
        to = self._addressee(case) if case else notices.Addressee("", "")
        self._issue("213", code, now + self.receipt_delay, to, notices.invalid(now, code, reasons[0].tenLoi))
        self._remember(code, now, key, digest, reasons, case, received=False)

    def _addressee(self, case: Case) -> notices.Addressee:
        known = TAXPAYERS.get(case.text("NNT/mst"))
        return notices.Addressee(case.text("NNT/mst"), case.text("NNT/tenNNT"), known.address if known else "")

    def _issue(
        self,
        kind: str,
        transaction: str,
        at: datetime,
        to: notices.Addressee,
        content: notices.Fields,
        *,
        second: bool = False,
    ) -> None:
        number = len(self._notices) + 1
        printed = f"{number}/{at.astimezone(VIETNAM):%Y}/TB-TĐT"
        data = notices.build(kind, printed, at, to, content, self._signer)
        self._notices.append(Notice(f"TB{number:06d}", kind, transaction, at, data, second))

    def _remember(
        self,
        code: str,
        now: datetime,
        key: tuple[str, ...],
        digest: str,
        reasons: tuple[Reason, ...],
        case: Case | None,
        *,
        received: bool,
    ) -> None:
        row = _row(case, code, reasons) if case else {"maGDC": code}
        self.transactions.append(Transaction(code, now, key, digest, row, reasons, received))

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
        """The notice 211 with every transaction of ``day`` (dd/MM/yyyy)."""
        with self._lock:
            rows = [each.row for each in self.transactions if each.at.astimezone(VIETNAM).strftime("%d/%m/%Y") == day]
            now = self.clock()
            to = notices.Addressee("", OFFICE_NAME)
            return notices.build("211", f"KQ-{day}", now, to, notices.day_result(now, rows), self._signer)


def _row(case: Case, code: str, reasons: tuple[Reason, ...]) -> dict[str, str]:
    """One CTietGDich of the day's result, in the order of the facts."""
    kind = case.text("TKhaiThue/loaiTKhai")
    return {
        "tinCTietGDich": case.text("NNT/mst"),
        "tenNNT": case.text("NNT/tenNNT"),
        "maHSo": case.text("TKhaiThue/maTKhai"),
        "tenHSo": case.text("TKhaiThue/tenTKhai"),
        "maLoaiHSo": kind,
        "tenLoaiHSo": {"C": "Chính thức", "B": "Bổ sung"}.get(kind, ""),
        "kyKKhaiHThi": case.text("TKhaiThue/KyKKhaiThue/kyKKhai"),
        "lanNop": case.text("TKhaiThue/soLan"),
        "tenCQTNoiNop": case.text("TKhaiThue/tenCQTNoiNop"),
        "makquaCTietGDich": "03" if reasons else "01",
        "mtaKquaCTietGDich": "Không chấp nhận" if reasons else "Chấp nhận",
        "maLoiCTietGDich": "IHTKK-9999" if reasons else "",
        "mtaLoiCTietGDich": reasons[0].tenLoi if reasons else "",
        "maGDC": code,
    }
