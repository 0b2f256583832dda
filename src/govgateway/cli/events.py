"""What statuses and the entries of a filing's log are called: the ledger's English words are not for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from govgateway.errors import Text
from govgateway.filing import Event, Status

STATUS_TEXTS: Mapping[Status, Text] = {
    Status.DRAFT: Text("bản nháp", "draft"),
    Status.VALIDATED: Text("đã kiểm tra", "checked"),
    Status.AWAITING_SIGNATURES: Text("chờ ký", "waiting for signatures"),
    Status.READY: Text("đã ký, chờ gửi", "signed, ready to send"),
    Status.SUBMITTING: Text("đang gửi", "being sent"),
    Status.SUBMITTED: Text("đã gửi, chờ tiếp nhận", "sent, waiting for receipt"),
    Status.RECEIVED: Text("đã tiếp nhận, chờ kết quả", "received, waiting for the verdict"),
    Status.ACCEPTED: Text("được chấp nhận", "accepted"),
    Status.REJECTED: Text("bị từ chối", "refused"),
    Status.HANDED_OVER: Text("đã xuất để nộp tay", "handed over for upload by hand"),
    Status.IN_DOUBT: Text("chưa rõ cơ quan đã nhận hay chưa", "not known whether the agency took it"),
    Status.NEEDS_ATTENTION: Text("cần người xử lý", "needs a person's attention"),
    Status.CANCELLED: Text("đã huỷ", "cancelled"),
}

EVENT_TEXTS: Mapping[str, Text] = {
    "registered": Text("ghi vào sổ cái", "put into the ledger"),
    "corrected": Text("thay bằng bản đã sửa", "replaced by the corrected document"),
    "held": Text("giữ lại, chưa gửi", "held back"),
    "released": Text("cho gửi đi", "released for sending"),
    "sending": Text("bắt đầu gửi", "sending"),
    "acknowledged": Text("cơ quan cấp mã giao dịch", "the agency gave a reference"),
    "not sent": Text("chưa gửi được, sẽ gửi lại", "not sent, to be sent again"),
    "not taken": Text("cơ quan không nhận", "the agency did not take it"),
    "in doubt": Text("không rõ đã tới cơ quan chưa", "not known whether it arrived"),
    "found": Text("tra cứu: cơ quan đã nhận", "looked up: the agency has it"),
    "cannot tell": Text("tra cứu: chưa kết luận được", "looked up: cannot be told"),
    "absent so far": Text("tra cứu: chưa thấy, sẽ hỏi lại", "looked up: not there so far"),
    "absent once": Text("tra cứu: không thấy, sẽ hỏi lần nữa", "looked up: not there, to be asked once more"),
    "absent": Text("tra cứu: cơ quan không có", "looked up: the agency does not have it"),
    "cannot look up": Text("không tra cứu được", "there is no look-up"),
    "asked": Text("hỏi kết quả, chưa có gì mới", "asked, nothing new"),
    "followed": Text("đã hỏi kết quả", "asked for the verdict"),
    "looked at": Text("không còn việc gì", "nothing left to do"),
    "postponed": Text("hoãn lại", "postponed"),
    "broke down": Text("bước này gặp lỗi, sẽ làm lại", "the step broke down, to be taken again"),
    "accepted elsewhere": Text("chấp nhận cả dưới mã giao dịch khác", "accepted under another reference, too"),
    "handed over": Text("xuất tệp để nộp tay", "handed over for upload by hand"),
    "cancelled": Text("huỷ", "cancelled"),
    "notice": Text("nhận thông báo", "notice"),
    "later notice": Text("nhận thêm thông báo", "later notice"),
}
"""By the kind; a notice's kind ends in its code. "moved" says no more than the status it moved to."""

NOT_SHOWN = frozenset({"followed"})
"""Kinds that a timeline leaves out: the notice before it has said all."""

_TOLD_TO_PEOPLE = frozenset(
    {"acknowledged", "accepted elsewhere", "notice", "later notice", "handed over", "cancelled"}
)
"""Kinds whose detail is a reference, a title or a person's words; that of others is technical."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a timeline: an event, and how many of its like came one after another, of which it is the last."""

    event: Event
    count: int


def folded(events: Iterable[Event]) -> list[Entry]:
    """``events`` with repetitions of one kind in one status folded into their last one."""
    entries: list[Entry] = []
    for event in events:
        last = entries[-1] if entries else None
        if last and (last.event.kind, last.event.status) == (event.kind, event.status):
            entries[-1] = Entry(event, last.count + 1)
        else:
            entries.append(Entry(event, 1))
    return entries


def event_text(entry: Entry, language: str) -> str:
    """What happened, how often, and the detail; a kind that nobody named here is shown as it is."""
    kind, detail = entry.event.kind, str(entry.event.facts.get("detail", ""))
    named, code = _named(kind)
    known = STATUS_TEXTS[entry.event.status] if kind == "moved" else EVENT_TEXTS.get(named)
    said = known.in_language(language) if known else kind
    label = "" if named in _TOLD_TO_PEOPLE else Text("kỹ thuật: ", "technical: ").in_language(language)
    times = f" ×{entry.count}" if entry.count > 1 else ""
    return " ".join(each for each in (said, code) if each) + times + (f" · {label}{detail}" if detail else "")


def _named(kind: str) -> tuple[str, str]:
    """The name that a kind is known by, and the code behind it: "notice 843" is a notice."""
    before, _, code = kind.rpartition(" ")
    return (before, code) if before in {"notice", "later notice"} and kind not in EVENT_TEXTS else (kind, "")
