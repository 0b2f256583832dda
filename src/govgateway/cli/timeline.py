"""How filings, their history and their progress look on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone

from govgateway.errors import Text
from govgateway.filing import Environment, Event, Filing, Receipt, Status
from govgateway.pipeline.gateway import History

_VIETNAM = timezone(timedelta(hours=7))

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

_PLAY = Text("MÔ PHỎNG", "SIMULATION")


def status_text(status: Status, language: str) -> str:
    """The status as code and in words."""
    return f"{status} ({STATUS_TEXTS[status].in_language(language)})"


def environment_text(environment: Environment, language: str) -> str:
    """The environment, loudly marked when it is not earnest."""
    return f"[{_PLAY.in_language(language)}]" if environment is Environment.SIMULATOR else f"[{environment}]"


def moment(at: datetime) -> str:
    """A moment in Vietnam's time."""
    return at.astimezone(_VIETNAM).strftime("%d/%m/%Y %H:%M:%S")


def print_filings(filings: Sequence[Filing], language: str) -> None:
    """A table of filings, newest first."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None)
    for title in (
        Text("Mã hồ sơ", "Filing"),
        Text("Môi trường", "Environment"),
        Text("Mẫu", "Form"),
        Text("Đơn vị", "Filer"),
        Text("Kỳ", "Period"),
        Text("Trạng thái", "Status"),
    ):
        table.add_column(title.in_language(language), no_wrap=True)
    for filing in filings:
        table.add_row(
            filing.id,
            environment_text(filing.key.environment, language).replace("[", r"\["),
            filing.title,
            filing.key.filer,
            filing.key.period,
            status_text(filing.status, language),
        )
    Console().print(table)


def print_filing(history: History, language: str) -> None:
    """One filing: what it is, where it stands, its timeline, what the agency said."""
    filing = history.filing
    key = filing.key
    print(f"{filing.id} {environment_text(key.environment, language)} {filing.title} · {key.filer} · {key.period}")
    print(f"  {Text('Trạng thái', 'Status').in_language(language)}: {status_text(filing.status, language)}")
    if filing.reference:
        print(f"  {Text('Mã giao dịch', 'Reference').in_language(language)}: {filing.reference}")
    if filing.attention:
        print(f"  {Text('Cần xử lý', 'Attention').in_language(language)}: {filing.attention}")
    for event in history.events:
        print(f"    {moment(event.at)}  {_event_text(event, language)}")
    for receipt in history.receipts:
        _print_receipt(receipt, language)


def _event_text(event: Event, language: str) -> str:
    detail = event.facts.get("detail", "")
    return f"{event.kind:<12} {status_text(event.status, language)}" + (f" · {detail}" if detail else "")


def _print_receipt(receipt: Receipt, language: str) -> None:
    print(f"  {receipt.title.in_language(language)} · {receipt.number} · {receipt.signer}")
    if receipt.legal_filing_date:
        day = receipt.legal_filing_date.strftime("%d/%m/%Y")
        print(f"      {Text('Ngày nộp hồ sơ', 'Day of filing').in_language(language)}: {day}")
    for reason in receipt.reasons:
        print(f"      - {reason.message}" + (f"  [{reason.path}]" if reason.path else ""))
        if reason.remedy:
            print(f"          → {reason.remedy}")
    for payable in receipt.payables:
        amount = f"{payable.amount:,}".replace(",", " ")
        label = Text("Khoản phải nộp", "Payable").in_language(language)
        print(f"      {label} {payable.identifier}: {amount} {payable.currency}")


@contextmanager
def progress_of(filing: Filing, language: str, *, quiet: bool) -> Iterator[Callable[[Filing], None]]:
    """Shows each new status while a filing is followed: a spinner on a terminal, lines elsewhere, nothing if quiet."""
    if quiet:
        yield lambda changed: None
        return
    if not sys.stderr.isatty():
        yield lambda changed: print(
            f"{changed.id}  {status_text(changed.status, language)}", file=sys.stderr, flush=True
        )
        return
    from rich.console import Console

    with Console(stderr=True).status(status_text(filing.status, language)) as spinner:
        yield lambda changed: spinner.update(status_text(changed.status, language))
