"""Messages of agencies: verified, kept once, brought to the filing that they speak of.

They come by polling or by hand, repeated, out of order, about any filing of the account. A message whose step is not
allowed any more is kept and told, and re-opens nothing; a verdict against the one that is there asks for a person.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from govgateway.connector import AgencyMessage, Clock, Connector, Route
from govgateway.errors import AnswerRefused, GovGatewayError, Text, UnreadableDocument
from govgateway.filing import FINAL, TRANSITIONS, Filing, Outcome, Receipt, Status
from govgateway.ledger.ledger import Ledger
from govgateway.ledger.records import Change, Fate, Lease

_SHORT = timedelta(seconds=30)
_UNDER_WAY = frozenset(
    {
        Status.SUBMITTING,
        Status.SUBMITTED,
        Status.RECEIVED,
        Status.IN_DOUBT,
        Status.HANDED_OVER,
        Status.NEEDS_ATTENTION,
    }
)
"""Where a filing stands of which an agency may have something to say that names no reference yet."""
_JUDGED = frozenset({Status.ACCEPTED, Status.REJECTED})
_NOTHING = Text("", "")

CLOCK_TOLERANCE = timedelta(minutes=10)
"""How far an agency's clock may be from ours."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """``moved``: the message moved the leased filing. ``doubt`` says why it is not believed, None when it is."""

    moved: bool = False
    doubt: Text | None = None


@dataclass(frozen=True)
class Inbox:
    """Takes the messages of one agency in, for the filings of one ledger."""

    ledger: Ledger
    connector: Connector
    route: Route
    clock: Clock

    def take(self, message: AgencyMessage, lease: Lease) -> Delivery:
        """Take in a polled message while ``lease`` is held.

        It belongs to the filing that the agency calls by one of its references. What is not believed is kept with the
        reason, and asked for again.
        """
        if self._took(_digest(message.data)):
            self._leave(message, Fate.REPEATED, _REPEATED)
            return Delivery()
        try:
            receipt = self.connector.read_message(message.data, self.route.trust, self.clock())
        except (AnswerRefused, UnreadableDocument) as refused:
            return self._doubted(message, refused.message)
        except Exception as error:  # a defect in a connector: this message waits, the others go on
            return self._doubted(message, _unreadable(error))
        told = (*receipt.references, *([message.about] if message.about else ()))
        filing = self._called(told)
        if filing is None:
            self._set_aside(message, receipt)
            return Delivery()
        if not self._speaks_of(receipt, filing):
            return self._doubted(message, _OF_ANOTHER_FILING)
        return self._distribute(message, receipt, filing, lease)

    def _speaks_of(self, receipt: Receipt, filing: Filing) -> bool:
        """Whether nothing that ``receipt`` prints is against its being about ``filing``: not another filer, and, where
        it names no reference of this filing, not another filing that is under way."""
        if receipt.filer and receipt.filer != filing.key.filer:
            return False
        if self.ledger.references(filing.id) & set(receipt.references):
            return True
        fitting = self._fitting(receipt, _UNDER_WAY)
        return fitting is None or fitting.id == filing.id

    def _distribute(self, message: AgencyMessage, receipt: Receipt, filing: Filing, lease: Lease) -> Delivery:
        """To the leased filing, or to another one unless somebody is working on that: then it comes again."""
        if filing.id == lease.filing.id:
            change = self._change(lease, receipt, keep_lease=True)
            taken = self.ledger.take_message(lease, change, message.identifier, message.data, receipt)
            return Delivery(moved=taken and change.status is not None)
        other = self.ledger.claim(filing.id, _SHORT)
        if other is not None:
            self.ledger.take_message(other, self._change(other, receipt), message.identifier, message.data, receipt)
        return Delivery()

    def _set_aside(self, message: AgencyMessage, receipt: Receipt) -> None:
        """A message that names no reference which is known here.

        One that fits a filing under way is left alone and comes again: its first notice may tell the reference. The
        acceptance of an obligation that was judged here under another reference is told: the agency has it twice.
        """
        if self._fitting(receipt, _UNDER_WAY) is not None:
            return
        judged = self._fitting(receipt, _JUDGED) if receipt.leads_to is Status.ACCEPTED else None
        if judged is not None and not self._told(judged, receipt):
            return
        self._leave(message, Fate.ELSEWHERE, _ELSEWHERE)

    def _told(self, filing: Filing, receipt: Receipt) -> bool:
        """Write to a judged filing that the agency has it twice; False, for later, while somebody is working on it."""
        lease = self.ledger.claim(filing.id, _SHORT)
        if lease is None:
            return False
        facts = {"detail": ", ".join(receipt.references), "answers": receipt.code}
        self.ledger.record(lease, Change("accepted elsewhere", None, attention=_ACCEPTED_ELSEWHERE, facts=facts))
        return True

    def bring(self, data: bytes) -> Filing:
        """Take in a message that a person brought. Raises AnswerRefused when it is altered, a stranger's, repeated, or
        about a filing that is not here.

        One that is here already decides a filing that needs attention, for a person says so.
        """
        receipt = self.connector.read_message(data, self.route.trust, self.clock())
        filing = self._called(receipt.references) or self._fitting(receipt, _UNDER_WAY)
        if filing is None:
            return self._bring_elsewhere(data, receipt)
        if not self._speaks_of(receipt, filing):
            raise _refused(_REPEATED if self._took(_digest(data)) else _ELSEWHERE)
        with self._claimed(filing) as lease:
            self._bring(lease, data, receipt)
        return self.ledger.filing(filing.id)

    def _bring_elsewhere(self, data: bytes, receipt: Receipt) -> Filing:
        """The acceptance of an obligation that was judged here under another reference is told; anything else is not
        for a filing here."""
        judged = self._fitting(receipt, _JUDGED) if receipt.leads_to is Status.ACCEPTED else None
        if judged is None:
            raise _refused(_REPEATED if self._took(_digest(data)) else _ELSEWHERE)
        if not self._told(judged, receipt):
            raise _refused(_BUSY)
        self._leave(AgencyMessage(_digest(data), data), Fate.ELSEWHERE, _ELSEWHERE)
        return self.ledger.filing(judged.id)

    @contextmanager
    def _claimed(self, filing: Filing) -> Iterator[Lease]:
        lease = self.ledger.claim(filing.id, _SHORT)
        if lease is None:
            raise _refused(_BUSY)
        try:
            yield lease
        except GovGatewayError:
            self.ledger.release(lease)
            raise

    def _bring(self, lease: Lease, data: bytes, receipt: Receipt) -> None:
        filing, identifier = lease.filing, _digest(data)
        if filing.status is Status.SUBMITTING:  # its sender died; first it must be written down as in doubt
            raise _refused(_BUSY)
        known = bool(self.ledger.references(filing.id) & set(receipt.references))
        change = self._change(lease, receipt, by_hand=True)
        if not known and filing.status is not Status.NEEDS_ATTENTION:
            change = self._unless_of_an_earlier_one(lease, receipt, change)
        if not self._took(identifier) and self.ledger.take_message(lease, change, identifier, data, receipt):
            return
        if filing.status is not Status.NEEDS_ATTENTION or change.status is None:
            raise _refused(_REPEATED)
        self.ledger.record(lease, change)

    def _unless_of_an_earlier_one(self, lease: Lease, receipt: Receipt, change: Change) -> Change:
        """``change``, when it is sure that ``receipt``, which names no reference known here, is not about an earlier
        document of the same obligation: such a refusal would release the key of a filing that the agency has.

        A filing with a reference of its own waits for its own notices. What came in after it was sent or handed over is
        meant, but for the refusal of one that was sent from here. For the rest a person has to say so, by bringing the
        notice again.
        """
        filing = lease.filing
        if filing.reference:
            raise _refused(_OF_ANOTHER_TRANSACTION)
        gone = {Status.SUBMITTING, Status.HANDED_OVER}
        sent = next(each.at for each in self.ledger.events(filing.id) if each.status in gone)
        if receipt.arrived_at is not None:
            if receipt.arrived_at < sent - CLOCK_TOLERANCE:
                raise _refused(_EARLIER)
            refused_from_here = change.status is Status.REJECTED and filing.status is not Status.HANDED_OVER
            if receipt.arrived_at >= sent and not refused_from_here:
                return change
        return replace(change, due_at=None, status=Status.NEEDS_ATTENTION, attention=_PERHAPS_EARLIER)

    def _change(self, lease: Lease, receipt: Receipt, *, keep_lease: bool = False, by_hand: bool = False) -> Change:
        """What follows from ``receipt`` for the claimed filing."""
        filing, target = self.ledger.filing(lease.filing.id), receipt.leads_to
        attention: Text | None = None
        if target is Status.REJECTED and not by_hand and self._may_be_there_twice(filing):
            target, attention = Status.NEEDS_ATTENTION, _PERHAPS_TWICE
        moves = target is not None and target in TRANSITIONS[filing.status]
        if target is not None and {target, filing.status} <= FINAL and target is not filing.status:
            attention = _CONTRADICTION
        status = target if target is not None and moves else filing.status
        return Change(
            kind=f"notice {receipt.code}" if moves else f"later notice {receipt.code}",
            due_at=self._due(lease, status),
            status=target if moves else None,
            attention=attention or (_NOTHING if moves else None),
            tries=0 if moves else lease.tries,
            absent_since=None if moves else lease.absent_since,
            facts={"detail": f"{receipt.title.vi} {receipt.number}".strip(), "answers": receipt.code},
            keep_lease=keep_lease,
        )

    def _due(self, lease: Lease, status: Status) -> datetime | None:
        """When to ask on. A filing that was sent from here and waited for a person is followed again; what was carried
        by hand is not."""
        if status in FINAL or status is Status.NEEDS_ATTENTION:
            return None
        if lease.filing.status is Status.NEEDS_ATTENTION and self.ledger.attempts(lease.filing.id):
            return self.clock()
        return lease.filing.due_at

    def _may_be_there_twice(self, filing: Filing) -> bool:
        """Whether ``filing`` was sent again after a send of which nobody knows what became."""
        return sum(each.outcome is not Outcome.NOT_SENT for each in self.ledger.attempts(filing.id)) > 1

    def _fitting(self, receipt: Receipt, status: Collection[Status]) -> Filing | None:
        """The newest filing, of those that stand at one of ``status``, that ``receipt`` may speak of by what it prints;
        an obligation has at most one under way."""
        if not receipt.filer:
            return None
        candidates = self.ledger.filings(
            agency=self.connector.agency, environment=self.route.environment, filer=receipt.filer, status=status
        )
        matches = self.connector.matches
        return next((each for each in candidates if matches(receipt, self._document(each), ())), None)

    def _document(self, filing: Filing) -> bytes:
        return self.ledger.blob(filing.document_sha256)

    def _called(self, references: Collection[str]) -> Filing | None:
        return self.ledger.called(self.connector.agency, self.route.environment, references)

    def _took(self, sha256: str) -> bool:
        return self.ledger.took(self.connector.agency, self.route.environment, sha256)

    def _leave(self, message: AgencyMessage, fate: Fate, why: Text) -> None:
        agency, environment = self.connector.agency, self.route.environment
        self.ledger.leave_message(agency, environment, message.identifier, message.data, fate, why.en)

    def _doubted(self, message: AgencyMessage, why: Text) -> Delivery:
        self._leave(message, Fate.REFUSED, why)
        return Delivery(doubt=why)


_ELSEWHERE = Text("không có hồ sơ nào khớp với thông báo này", "no filing here is the one it speaks of")
_REPEATED = Text("thông báo này đã được nhập trước đó", "this message was taken in before")
_BUSY = Text("hồ sơ đang được xử lý, hãy thử lại sau ít phút", "the filing is being worked on; try again")
_OF_ANOTHER_FILING = Text("thông báo về hồ sơ khác", "it is about another filing")
_OF_ANOTHER_TRANSACTION = Text(
    "cơ quan gọi hồ sơ này bằng mã khác; thông báo của chính nó sẽ tự về",
    "the agency calls this filing by another reference; its own notices come by themselves",
)
_EARLIER = Text(
    "thông báo về một tài liệu nộp trước hồ sơ này", "it is about a document that came in before this filing was sent"
)
_CONTRADICTION = Text(
    "Cơ quan gửi thông báo trái với kết quả đã có: hãy liên hệ cơ quan.",
    "The agency sent a notice against the verdict that is here: ask the agency.",
)
_ACCEPTED_ELSEWHERE = Text(
    "Cơ quan đã chấp nhận cùng nghĩa vụ này dưới một mã giao dịch khác: hãy liên hệ cơ quan.",
    "The agency has accepted the same obligation under another reference: ask the agency.",
)
_PERHAPS_EARLIER = Text(
    "Thông báo có thể nói về một tài liệu nộp trước hồ sơ này. Hãy xem trên cổng; nếu đúng là của hồ sơ này, nhập lại: "
    "govgateway import-answer.",
    "The notice may be about a document that came in before this filing. Look in the portal; if it is this one's, "
    "bring it again: govgateway import-answer.",
)
_PERHAPS_TWICE = Text(
    "Hồ sơ đã gửi hai lần và lần sau bị từ chối; lần đầu có thể đã được nhận. Hãy xem trên cổng, rồi nhập thông báo "
    "có giá trị: govgateway import-answer.",
    "It was sent twice and the second was refused; the first may have been taken. Look in the portal, then bring the "
    "notice that counts: govgateway import-answer.",
)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _unreadable(error: Exception) -> Text:
    name = type(error).__name__
    return Text(f"không đọc được một thông báo ({name})", f"a message cannot be read ({name})")


def _refused(why: Text) -> AnswerRefused:
    return AnswerRefused(
        Text(f"Không chấp nhận tệp trả lời: {why.vi}.", f"The answer is refused: {why.en}."),
        Text("Kiểm tra lại tệp và môi trường (--env).", "Check the file and the environment (--env)."),
    )
