"""What somebody decides about a declaration at the simulated tax office, instead of the office itself."""

from __future__ import annotations

from datetime import datetime

from govgateway.errors import Text, UsageError
from govgateway_mocks.agency import Decision
from govgateway_mocks.etax.archive import Archive
from govgateway_mocks.etax.clerk import Clerk


def decide(archive: Archive, clerk: Clerk, now: datetime, reference: str, decision: Decision, reason: str) -> None:
    """Accept or refuse the declaration ``reference`` at ``now``, or hold it. Raises UsageError as
    ``TaxOffice.decide``."""
    if decision not in tuple(Decision):
        words = ", ".join(Decision)
        raise _undecidable(reference, Text(f"Chỉ có thể: {words}.", f"Possible are: {words}."))
    said = " ".join(reason.split())
    if not said.isprintable():
        message = Text("Lý do có ký tự không in được.", "The reason has characters that cannot be printed.")
        raise _undecidable(reference, message)
    found = archive.transactions.get(reference)
    if found is None:
        raise _undecidable(reference, Text("Không có hồ sơ này.", "There is no such filing."))
    if found.decided:
        raise _undecidable(reference, Text("Hồ sơ đã có kết quả.", "The filing's verdict is out already."))
    if decision == Decision.ACCEPT:
        clerk.accept(found, now)
    elif decision == Decision.REFUSE:
        clerk.refuse(found, now, said)
    else:
        archive.hold(found)


def _undecidable(reference: str, message: Text) -> UsageError:
    remedy = Text("Xem lại danh sách hồ sơ đã nhận.", "Look at the list of what arrived.")
    return UsageError(message, remedy, where=reference)
