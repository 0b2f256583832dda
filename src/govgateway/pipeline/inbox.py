"""Messages of agencies: verified, kept once, brought to the filing that they speak of.

They come by polling or by hand, repeated, out of order, about any filing of the account. A message whose step is not
allowed any more is kept and told, and re-opens nothing; a verdict against the one that is there asks for a person.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from govgateway.connector import AgencyMessage, Clock, Connector, Route
from govgateway.errors import AnswerRefused, Text, UnreadableDocument
from govgateway.filing import FINAL, TRANSITIONS, Environment, Filing, Receipt, Status
from govgateway.ledger.ledger import Change, Lease, Ledger

if TYPE_CHECKING:
    from govgateway.pipeline.advance import Agencies

_SHORT = timedelta(seconds=30)


@dataclass(frozen=True)
class Inbox:
    """Takes messages in for the filings of one ledger."""

    ledger: Ledger
    agencies: Agencies
    clock: Clock

    def take(self, message: AgencyMessage, connector: Connector, route: Route, lease: Lease) -> bool:
        """Take in a polled message while ``lease`` is held; True when it moved the leased filing.

        What is not believed is kept with its reason. What belongs to a filing that another worker has is left to it.
        """
        environment = route.environment
        if self._known(message.data, connector.agency, environment):
            return False
        try:
            receipt = connector.read_message(message.data, route.trust, self.clock())
        except (AnswerRefused, UnreadableDocument) as refused:
            self.ledger.refuse_message(
                connector.agency, environment, message.identifier, message.data, refused.message.en
            )
            return False
        filing = self._filing_of(receipt, connector, environment, message.about)
        if filing is None:
            self.ledger.refuse_message(
                connector.agency, environment, message.identifier, message.data, "it speaks of no filing here"
            )
            return False
        if filing.id == lease.filing.id:
            return self._deliver(lease, filing, message.identifier, message.data, receipt, keep_lease=True)
        other = self.ledger.claim(filing.id, _SHORT)
        if other is not None:
            self._deliver(other, filing, message.identifier, message.data, receipt, keep_lease=False)
        return False

    def bring(self, data: bytes, connector: Connector, route: Route) -> Filing:
        """Take in a message that a person brought. Raises AnswerRefused when it is altered, a stranger's, repeated, or
        about a filing that is not here."""
        agency, environment = connector.agency, route.environment
        if self._known(data, agency, environment):
            raise _refused("thông báo này đã được nhập trước đó", "this message was taken in before")
        receipt = connector.read_message(data, route.trust, self.clock())
        filing = self._filing_of(receipt, connector, environment, "")
        if filing is None:
            raise _refused("không có hồ sơ nào khớp với thông báo này", "no filing here is the one it speaks of")
        lease = self.ledger.claim(filing.id, _SHORT)
        if lease is None:
            raise _refused("hồ sơ đang được xử lý, hãy thử lại sau ít phút", "the filing is being worked on; try again")
        self._deliver(lease, filing, hashlib.sha256(data).hexdigest(), data, receipt, keep_lease=False)
        return self.ledger.filing(filing.id)

    def _known(self, data: bytes, agency: str, environment: Environment) -> bool:
        """Whether the message was taken in already. One that found no filing earlier is looked at again."""
        known = self.ledger.message(agency, environment, hashlib.sha256(data).hexdigest())
        return known is not None

    def _filing_of(self, receipt: Receipt, connector: Connector, environment: Environment, about: str) -> Filing | None:
        """The filing that a receipt speaks of: among those of its filer, the open ones first, the newest first."""
        found = self.ledger.filings(agency=connector.agency, environment=environment, filer=receipt.filer or None)
        candidates = sorted(
            (each for each in found if each.status not in _UNSENT), key=lambda filing: filing.status in FINAL
        )
        told = set(receipt.references) | ({about} if about else set())
        for filing in candidates:
            if told & self._references(filing):
                return filing
        # No reference in common: by what the message prints, for a filing of which the agency has told nothing yet.
        for filing in () if about else candidates:
            document = self.ledger.blob(filing.document_sha256)
            if not self._told(filing) and connector.matches(receipt, document, ()):
                return filing
        return None

    def _references(self, filing: Filing) -> set[str]:
        """What the agency calls the filing: the transaction code, and what its messages so far have told."""
        return {each for each in (filing.reference, *self._told(filing)) if each}

    def _told(self, filing: Filing) -> set[str]:
        stored = self.ledger.messages(filing.id)
        return {reference for each in stored if each.receipt for reference in each.receipt.references}

    def _deliver(
        self, lease: Lease, filing: Filing, identifier: str, data: bytes, receipt: Receipt, *, keep_lease: bool
    ) -> bool:
        """Write the message and what follows from it; True when the filing moved."""
        present = self.ledger.filing(filing.id).status
        target = receipt.leads_to
        allowed = target is not None and target in TRANSITIONS[present]
        contradicts = target is not None and present in FINAL and target in FINAL and target is not present
        status = target if allowed else None
        change = Change(
            kind=f"notice {receipt.code}" if allowed else f"later notice {receipt.code}",
            due_at=None if (status or present) in FINAL else filing.due_at,
            status=status,
            attention=_CONTRADICTION if contradicts else None,
            facts={"detail": f"{receipt.title.vi} {receipt.number}".strip(), "answers": receipt.code},
            keep_lease=keep_lease,
        )
        return self.ledger.take_message(lease, change, identifier, data, receipt) and allowed


_UNSENT = frozenset({Status.DRAFT, Status.VALIDATED, Status.AWAITING_SIGNATURES, Status.READY, Status.CANCELLED})

_CONTRADICTION = (
    "Cơ quan gửi thông báo trái với kết quả đã có: hãy liên hệ cơ quan. / "
    "The agency sent a notice against the verdict that is here: ask the agency."
)


def _refused(vi: str, en: str) -> AnswerRefused:
    return AnswerRefused(
        Text(f"Không chấp nhận tệp trả lời: {vi}.", f"The answer is refused: {en}."),
        Text("Kiểm tra lại tệp và môi trường (--env).", "Check the file and the environment (--env)."),
    )
