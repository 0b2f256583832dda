"""``govgateway supplement``: the supplementary declaration from an accepted filing and the corrected return."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from govgateway import (
    Configuration,
    DocumentRefused,
    Filing,
    Finding,
    Gateway,
    Severity,
    Status,
    Text,
    TransitionRefused,
    UsageError,
    draft_file,
    read_xml_file,
    write_file,
)
from govgateway.connector import written_figure
from govgateway_etax.connector import ETax
from govgateway_etax.late_payment import LatePayment
from govgateway_etax.shapes import today
from govgateway_etax.supplement import Supplement, supplement

app = typer.Typer(add_completion=False)

_OVER = frozenset({Status.ACCEPTED, Status.REJECTED, Status.CANCELLED})
_ROWS_ALONE = frozenset({".csv", ".txt", ".tsv"})
_DONG = "VND"
"""The currency of forms that name none."""
_WARNING = Text("CẢNH BÁO", "WARNING")
_EFFECTS = {
    "payable": Text("Số phải nộp", "Payable"),
    "deductible": Text("Số được khấu trừ", "Deductible"),
    "refund": Text("Số đề nghị hoàn", "Refund"),
}


@app.command("supplement")
def run(
    filing_id: Annotated[str, typer.Argument(metavar="ID", help="Mã hồ sơ đã được chấp nhận · Accepted filing")],
    corrected: Annotated[
        Path, typer.Argument(metavar="FILE", help="Tờ khai đã sửa: .xml, .xlsx, .json, .csv · The corrected return")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="Ghi vào tệp · Write to this file")],
    reason: Annotated[str, typer.Option("--reason", help="Lý do, ghi ở 01-1/KHBS · Reason, for 01-1/KHBS")] = "",
    table: Annotated[str, typer.Option("--table", help="Bảng của tệp CSV · Table of a CSV file")] = "",
    lang: Annotated[str | None, typer.Option("--lang", help="Ngôn ngữ: vi hoặc en · Language: vi or en")] = None,
) -> int:
    """Lập tờ khai bổ sung: tính 01/KHBS và 01-1/KHBS từ chỗ khác nhau · Make a supplementary declaration."""
    with Gateway.open() as gateway:
        language = lang or gateway.configuration.language
        last, first = _accepted(gateway, gateway.filing(filing_id))
        document, warnings = _corrected(corrected, last, gateway.configuration, table)
        made = supplement(
            gateway.document(last.id),
            document,
            day=today(),
            transaction=_transaction(gateway, first),
            reason=reason,
        )
    write_file(output, made.document, "--output")
    _tell_warnings(warnings, language)
    _tell(made, output, language)
    return 0


def _accepted(gateway: Gateway, filing: Filing) -> tuple[Filing, Filing]:
    """The filing accepted last for the obligation of ``filing``, which differences are against, and its first one.

    Raises UsageError for another agency's filing, TransitionRefused when nothing was accepted yet, or when another
    filing of the obligation is under way: nobody knows then what the next one corrects.
    """
    if filing.key.agency != ETax.agency:
        raise UsageError(
            Text(f"Hồ sơ {filing.id} không phải tờ khai thuế.", f"The filing {filing.id} is no tax return."),
            Text("Xem: govgateway status", "Look at: govgateway status"),
        )
    related = _of_one_obligation(gateway.filings(environment=filing.key.environment), filing)
    for each in related:
        if each.status not in _OVER:
            raise TransitionRefused(
                Text(f"Hồ sơ {each.id} của kỳ này đang ở {each.status}.", f"The filing {each.id} is {each.status}."),
                Text(
                    "Chờ kết quả, hoặc huỷ nếu chưa nộp, rồi lập khai bổ sung.",
                    "Wait for its verdict, or cancel it if it was not sent, then make the supplement.",
                ),
            )
    accepted = sorted((each for each in related if each.status is Status.ACCEPTED), key=lambda one: one.key.sequence)
    if not accepted:
        raise TransitionRefused(
            Text(f"Hồ sơ {filing.id} chưa được chấp nhận.", f"The filing {filing.id} was not accepted."),
            Text("Hồ sơ bị từ chối thì sửa: govgateway correct", "Correct a refused one: govgateway correct"),
        )
    return accepted[-1], accepted[0]


def _of_one_obligation(filings: Sequence[Filing], filing: Filing) -> list[Filing]:
    wanted = (filing.key.agency, filing.key.filer, filing.key.form, filing.key.period)
    return [each for each in filings if (each.key.agency, each.key.filer, each.key.form, each.key.period) == wanted]


def _transaction(gateway: Gateway, first: Filing) -> str:
    """The tax office's code of the first return, as its notice of acceptance has it."""
    accepted = [each for each in gateway.history(first.id).receipts if each.leads_to is Status.ACCEPTED]
    return next((each.references[0] for each in accepted if each.references), first.reference)


def _corrected(
    path: Path, accepted: Filing, configuration: Configuration, table: str
) -> tuple[bytes, tuple[Finding, ...]]:
    """The corrected return in the file at ``path``, what there is to say of its figures. All that ``build`` takes is
    taken; a CSV file, which has rows alone, is of the form and period of the ``accepted`` return.

    Raises DocumentRefused, by cells, when there are errors.
    """
    if path.suffix.lower() == ".xml":
        return read_xml_file(path).data, ()
    key = accepted.key
    period = _written(key.period) if path.suffix.lower() in _ROWS_ALONE else ""
    filer = key.filer if key.filer in configuration.filers else ""
    drafted = draft_file(path, configuration, day=today(), form=key.form, table=table, filer=filer, period=period)
    if any(each.severity is Severity.ERROR for each in drafted.findings):
        raise DocumentRefused(
            Text("Chưa lập được tờ khai đã sửa: còn lỗi.", "The corrected return has errors."),
            Text("Sửa các ô được nêu rồi lập lại khai bổ sung.", "Correct them, then make the supplement again."),
            drafted.findings,
        )
    return drafted.document.data, drafted.findings


def _written(period: str) -> str:
    """The period of a filing's key as a person writes it: Q3/2026 of a quarter, 10/2026 of a month."""
    kind, _, written = period.partition(" ")
    return f"Q{written}" if kind == "Q" else written


def _tell_warnings(findings: Sequence[Finding], language: str) -> None:
    for each in findings:
        place = each.cell or each.label.in_language(language)
        said, remedy = each.message.in_language(language), each.remedy.in_language(language)
        print(f"{_WARNING.in_language(language)} {each.rule} · {place}: {said} {remedy}", file=sys.stderr)


def _tell(made: Supplement, path: Path, language: str) -> None:
    told = [
        Text(
            f"Khai bổ sung lần {made.sequence}, {len(made.changes)} số liệu thay đổi: {path}",
            f"Supplement {made.sequence}, {len(made.changes)} figures differ: {path}",
        )
    ]
    for effect, name in _EFFECTS.items():
        for currency, amount in made.totals(effect).items():
            vi, en, unit = _signed(amount, "vi"), _signed(amount, "en"), currency or _DONG
            told.append(Text(f"  {name.vi}: {vi} {unit}", f"  {name.en}: {en} {unit}"))
    told += _late(made.late) if made.late else ()
    told.append(Text(f'Xem lại: govgateway check "{path}"', f'Look over it: govgateway check "{path}"'))
    for each in told:
        print(each.in_language(language))


def _late(late: LatePayment) -> Iterator[Text]:
    until = f"{late.until:%d/%m/%Y}"
    for currency, amount in late.amounts.items():
        vi, en = written_figure(amount, "vi"), written_figure(amount, "en")
        yield Text(
            f"  Tiền chậm nộp: {vi} {currency or _DONG}, {late.days} ngày, như nộp ngày {until}; nộp sau thì thêm.",
            f"  Late interest: {en} {currency or _DONG}, {late.days} days, as if paid on {until}; more if paid later.",
        )


def _signed(amount: Decimal, language: str) -> str:
    return ("+" if amount >= 0 else "−") + written_figure(abs(amount), language)
