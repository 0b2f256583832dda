"""Why a filing cannot be taken where a person wants it: the errors, in both languages."""

from __future__ import annotations

from govgateway.errors import Text, TransitionRefused
from govgateway.filing import Filing, Status

A_PERSON_KNOWS = frozenset({Status.HANDED_OVER, Status.NEEDS_ATTENTION})
"""Where only a person, who looks in the portal, can say whether the agency has a filing."""

_AFTER_THE_VERDICT = {
    Status.ACCEPTED: Text("Cần thay đổi thì nộp hồ sơ bổ sung.", "To change what it says, file a supplement."),
    Status.REJECTED: Text(
        "Lập bản nháp để sửa: govgateway correct ID", "Make a draft to correct: govgateway correct ID"
    ),
}
"""What a person does when the agency has spoken."""


def being_worked_on(filing_id: str) -> TransitionRefused:
    """Somebody else has the filing."""
    return TransitionRefused(
        Text(f"Hồ sơ {filing_id} đang được xử lý.", f"Filing {filing_id} is being worked on."),
        Text("Thử lại sau ít phút.", "Try again in a few minutes."),
    )


def has_left(filing: Filing) -> TransitionRefused:
    """What was sent or handed over cannot be held back."""
    return TransitionRefused(
        Text(
            f"Hồ sơ {filing.id} đã gửi hoặc đã xuất ({filing.status}): không thể giữ lại.",
            f"Filing {filing.id} was sent or handed over ({filing.status}): it cannot be held back.",
        ),
        Text("Xem diễn biến: govgateway status", "See how it stands: govgateway status"),
    )


def not_refused(filing_id: str) -> TransitionRefused:
    """Only what the agency refused is corrected."""
    return TransitionRefused(
        Text(f"Hồ sơ {filing_id} không bị từ chối.", f"Filing {filing_id} was not refused."),
        Text("Chỉ sửa hồ sơ bị từ chối.", "Only a refused filing is corrected."),
    )


def may_be_there(filing: Filing) -> TransitionRefused:
    """What has reached the agency, or may have, is not cancelled."""
    if filing.status in _AFTER_THE_VERDICT:
        return TransitionRefused(
            Text(
                f"Hồ sơ {filing.id} đã có kết quả của cơ quan: không thể huỷ.",
                f"Filing {filing.id} has the agency's verdict: it cannot be cancelled.",
            ),
            _AFTER_THE_VERDICT[filing.status],
        )
    return TransitionRefused(
        Text(
            f"Hồ sơ {filing.id} đã hoặc có thể đã tới cơ quan: không thể huỷ.",
            f"Filing {filing.id} has reached the agency or may have: it cannot be cancelled.",
        ),
        Text(
            "Nếu đã xem trên cổng và chắc chắn cơ quan không có hồ sơ này, thêm --never-uploaded.",
            "If you have looked in the portal and are sure that it is not there, add --never-uploaded.",
        )
        if filing.status in A_PERSON_KNOWS
        else Text("Chờ kết quả của cơ quan.", "Wait for the agency's verdict."),
    )
