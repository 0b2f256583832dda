"""A declaration that arrived at the simulated tax office, how far the office is with it, and what it answered."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from govgateway_mocks.agency import Answer, State, Submission
from govgateway_mocks.etax import notices
from govgateway_mocks.etax.case import VIETNAM, Case, Reason, Reasons
from govgateway_mocks.etax.journal import Record
from govgateway_mocks.etax.judge import Judgement
from govgateway_mocks.etax.obligations import Obligation
from govgateway_mocks.etax.schedule import Schedule


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice, visible from ``at`` on, which says that its transaction is refused for ``reasons`` or that it is not.

    It is numbered by ``number``, its own identifier or that of the notice that it repeats. ``write`` makes its bytes.
    """

    identifier: str
    code: str
    transaction: str
    at: datetime
    reasons: Reasons
    number: str
    write: Callable[[Notice], bytes] = field(repr=False, compare=False)

    @property
    def data(self) -> bytes:
        """Its bytes, written and signed when somebody wants to read it: always the same."""
        return self.write(self)

    @property
    def second(self) -> bool:
        """Whether it is the second notice of its transaction, the verdict."""
        return self.code == "844"

    @property
    def answer(self) -> Answer:
        """The notice as the kit shows it."""
        return Answer(self.identifier, notices.TITLES[self.code], self.at, self.data)

    def record(self) -> dict[str, Any]:
        """What the journal keeps of it."""
        return {
            "identifier": self.identifier,
            "code": self.code,
            "transaction": self.transaction,
            "at": self.at.isoformat(),
            "reasons": [asdict(each) for each in self.reasons],
            "number": self.number,
        }

    @classmethod
    def from_record(cls, record: Record, write: Callable[[Notice], bytes]) -> Notice:
        """The notice of ``record``. Raises KeyError, TypeError or ValueError for a record of something else."""
        at, reasons = datetime.fromisoformat(record["at"]), tuple(Reason(**each) for each in record["reasons"])
        code, transaction = record["code"], record["transaction"]
        return cls(record["identifier"], code, transaction, at, reasons, record["number"], write)


@dataclass(slots=True)
class Transaction:
    """One declaration that arrived, under the code (maGDich) that its sender was told.

    ``arguments`` are what the service that brought it was told; ``fields`` what a row of the day's result says of it.
    ``judgement`` is what the office thinks of it, None until it has looked. ``held``: somebody wants to decide it
    himself.
    """

    code: str
    number: int
    schedule: Schedule
    key: str
    obligation: Obligation | None
    digest: str
    document: bytes = field(repr=False)
    arguments: Mapping[str, str]
    fields: Mapping[str, str]
    judgement: Judgement | None = None
    state: State = State.WAITING
    reasons: Reasons = ()
    held: bool = False

    @property
    def decided(self) -> bool:
        """Whether its verdict is out."""
        return self.state in {State.ACCEPTED, State.REFUSED}

    @property
    def next_at(self) -> datetime | None:
        """When the office goes on with it by itself; None when it does not."""
        if self.state is State.WAITING:
            return self.schedule.received
        return self.schedule.decided if self.state is State.RECEIVED and not self.held else None

    @property
    def written_at(self) -> datetime:
        """When it arrived, as the office writes it."""
        return self.schedule.arrived + self.schedule.skew

    @property
    def electronic_code(self) -> str:
        """Its maGiaoDichDTu: channel, year and number, as observed."""
        return f"108{self.written_at.astimezone(VIETNAM):%Y}{self.number:010d}"

    def row(self) -> dict[str, str]:
        """Its CTietGDich in the day's result, in the order of the facts. It tells no verdict before the notice does."""
        refused = self.state is State.REFUSED
        return {
            **self.fields,
            "makquaCTietGDich": "03" if refused else "01",
            "mtaKquaCTietGDich": "Không chấp nhận" if refused else "Chấp nhận" if self.decided else "Đã nhận",
            "maLoiCTietGDich": "IHTKK-9999" if refused else "",
            "mtaLoiCTietGDich": self.reasons[0].tenLoi if refused else "",
            "maGDC": self.code,
        }

    def submission(self, answers: tuple[Answer, ...]) -> Submission:
        """The transaction as the kit shows it, with the ``answers`` that were given."""
        return Submission(
            reference=self.code,
            at=self.schedule.arrived,
            key=self.key,
            digest=self.digest,
            title=" ".join(filter(None, (self.fields["tenHSo"], self.fields["kyKKhaiHThi"]))),
            filer=self.fields["tinCTietGDich"],
            state=self.state,
            reasons=tuple(each.tenLoi for each in self.reasons),
            answers=answers,
            document=self.document,
        )

    def record(self) -> dict[str, Any]:
        """What the journal keeps of its arrival."""
        document = base64.b64encode(self.document).decode()
        kept = {"code": self.code, "number": self.number, "arguments": dict(self.arguments)}
        return {**kept, "schedule": self.schedule.record(), "document": document}


def transaction_code(at: datetime, number: int) -> str:
    """``00010-0002-<ddMMyyyyHHmmssSSS>-<sequence>`` in Vietnam's time, as observed."""
    stamp = at.astimezone(VIETNAM)
    return f"00010-0002-{stamp:%d%m%Y%H%M%S}{stamp.microsecond // 1000:03d}-{42000 + number}"


def printed_day(at: datetime) -> str:
    """``dd/MM/yyyy`` in Vietnam."""
    return at.astimezone(VIETNAM).strftime("%d/%m/%Y")


def fields_of(case: Case | None) -> dict[str, str]:
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
