"""How filings, their history and their progress look on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from govgateway.cli.events import NOT_SHOWN, STATUS_TEXTS, event_text, folded
from govgateway.cli.output import moment
from govgateway.documents.figures import written_figure
from govgateway.errors import Text
from govgateway.filing import Environment, Filing, Receipt, Status
from govgateway.pipeline.gateway import History

_PLAY = Text("MÔ PHỎNG", "SIMULATION")
_COLUMNS = (
    Text("Mã hồ sơ", "Filing"),
    Text("Môi trường", "Environment"),
    Text("Đơn vị", "Filer"),
    Text("Kỳ", "Period"),
    Text("Trạng thái", "Status"),
    Text("Mẫu", "Form"),
)


def status_text(status: Status, language: str) -> str:
    """The status as code and in words."""
    return f"{status} ({STATUS_TEXTS[status].in_language(language)})"


def environment_text(environment: Environment, language: str) -> str:
    """The environment, loudly marked when it is not earnest."""
    return f"[{_PLAY.in_language(language)}]" if environment is Environment.SIMULATOR else f"[{environment}]"


def filing_line(filing: Filing, language: str) -> str:
    """A filing in one line: id, environment, status."""
    place = environment_text(filing.key.environment, language)
    return f"{filing.id}  {place}  {status_text(filing.status, language)}"


def print_filings(filings: Sequence[Filing], language: str) -> None:
    """A table of filings, newest first. Nothing in it is cut: ids are there to be copied."""
    if not filings:
        print(Text("Chưa có hồ sơ nào.", "There is no filing yet.").in_language(language))
        return
    rows = [tuple(title.in_language(language) for title in _COLUMNS)]
    for each in filings:
        place, status = environment_text(each.key.environment, language), status_text(each.status, language)
        rows.append((each.id, place, each.key.filer, each.key.period, status, each.title.in_language(language)))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def print_filing(history: History, language: str) -> None:
    """One filing: what it is, where it stands, its timeline, what the agency said, what comes next."""
    filing, key = history.filing, history.filing.key
    title, where = filing.title.in_language(language), environment_text(key.environment, language)
    print(f"{filing.id} {where} {title} · {key.filer} · {key.period}")
    facts = (
        (Text("Trạng thái", "Status"), status_text(filing.status, language)),
        (Text("Mã giao dịch", "Reference"), filing.reference),
        (Text("Cần xử lý", "Attention"), filing.attention.in_language(language)),
    )
    for label, fact in facts:
        if fact:
            print(f"  {label.in_language(language)}: {fact}")
    print(f"  {Text('Diễn biến (GMT+7)', 'History (GMT+7)').in_language(language)}:")
    entries = folded(each for each in history.events if each.kind not in NOT_SHOWN)
    width = max(len(entry.event.status) for entry in entries)
    for entry in entries:
        print(f"    {moment(entry.event.at)}  {entry.event.status:<{width}}  {event_text(entry, language)}")
    for receipt in history.receipts:
        _print_receipt(receipt, language)
    hint = _next_step(filing)
    if hint:
        print(f"  ⇒ {hint.in_language(language)}")


def _next_step(filing: Filing) -> Text | None:
    """What a person may do while the filing is under way."""
    if filing.due_at is not None:
        at, command = moment(filing.due_at), f"govgateway status {filing.id} --wait"
        return Text(f"Bước tiếp từ {at}: {command}", f"The next step is due {at}: {command}")
    if filing.status is Status.READY:
        by_hand = f"govgateway export {filing.id}"
        return Text(
            f"Đang giữ, chưa gửi. Nộp tay: {by_hand}; hoặc nộp lại tệp, không có --hold.",
            f"On hold, not sent. By hand: {by_hand}; or submit the file again without --hold.",
        )
    if filing.status is Status.REJECTED:
        command = f"govgateway correct {filing.id}"
        return Text(f"Lập bản nháp để sửa: {command}", f"Make a draft to correct: {command}")
    return None


def _print_receipt(receipt: Receipt, language: str) -> None:
    print(
        "  "
        + " · ".join(each for each in (receipt.title.in_language(language), receipt.number, receipt.signer) if each)
    )
    if receipt.legal_filing_date:
        day = receipt.legal_filing_date.strftime("%d/%m/%Y")
        print(f"      {Text('Ngày nộp hồ sơ', 'Day of filing').in_language(language)}: {day}")
    for reason in receipt.reasons:
        print(f"      - {reason.message}" + (f"  [{reason.path}]" if reason.path else ""))
        if reason.remedy:
            print(f"          → {reason.remedy}")
    for payable in receipt.payables:
        label = Text("Khoản phải nộp", "Payable").in_language(language)
        print(f"      {label} {payable.identifier}: {written_figure(payable.amount, language)} {payable.currency}")


@contextmanager
def progress_of(filing: Filing, language: str, *, quiet: bool) -> Iterator[Callable[[Filing], None]]:
    """Shows each new status while a filing is followed: a spinner on a terminal, lines elsewhere, nothing if quiet."""
    if quiet:
        yield lambda changed: None
        return
    if not sys.stderr.isatty():
        yield lambda changed: print(filing_line(changed, language), file=sys.stderr, flush=True)
        return
    from rich.console import Console

    with Console(stderr=True).status(status_text(filing.status, language)) as spinner:
        yield lambda changed: spinner.update(status_text(changed.status, language))
