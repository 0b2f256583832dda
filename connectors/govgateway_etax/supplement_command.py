"""``govgateway supplement``: the supplementary declaration from an accepted filing and the corrected return."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from govgateway import Filing, Gateway, Status, Text, TransitionRefused, UsageError, read_xml_file
from govgateway_etax.connector import ETax
from govgateway_etax.shapes import today
from govgateway_etax.supplement import Supplement, supplement

app = typer.Typer(add_completion=False)

_OVER = frozenset({Status.ACCEPTED, Status.REJECTED, Status.CANCELLED})
_EFFECTS = {
    "payable": Text("Số phải nộp", "Payable"),
    "deductible": Text("Số được khấu trừ", "Deductible"),
    "refund": Text("Số đề nghị hoàn", "Refund"),
}


@app.command("supplement")
def run(
    filing_id: Annotated[str, typer.Argument(metavar="ID", help="Mã hồ sơ đã được chấp nhận · Accepted filing")],
    corrected: Annotated[Path, typer.Argument(metavar="FILE", help="Tờ khai đã sửa · The corrected return")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Ghi vào tệp · Write to this file")],
    reason: Annotated[str, typer.Option("--reason", help="Lý do, ghi ở 01-1/KHBS · Reason, for 01-1/KHBS")] = "",
    lang: Annotated[str | None, typer.Option("--lang", help="Ngôn ngữ: vi hoặc en · Language: vi or en")] = None,
) -> int:
    """Lập tờ khai bổ sung: tính 01/KHBS và 01-1/KHBS từ chỗ khác nhau · Make a supplementary declaration."""
    with Gateway.open() as gateway:
        language = lang or gateway.configuration.language
        last, first = _accepted(gateway, gateway.filing(filing_id))
        made = supplement(
            gateway.document(last.id),
            read_xml_file(corrected).data,
            day=today(),
            transaction=_transaction(gateway, first),
            reason=reason,
        )
    _write(output, made.document)
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


def _write(path: Path, data: bytes) -> None:
    if path.exists():
        raise UsageError(
            Text(f"Tệp {path} đã có.", f"The file {path} exists."),
            Text("Chọn tên khác cho --output.", "Choose another name for --output."),
        )
    path.write_bytes(data)


def _tell(made: Supplement, path: Path, language: str) -> None:
    told = [
        Text(
            f"Khai bổ sung lần {made.sequence}, {len(made.changes)} số liệu thay đổi: {path}",
            f"Supplement {made.sequence}, {len(made.changes)} figures differ: {path}",
        )
    ]
    for effect, name in _EFFECTS.items():
        for currency, amount in made.totals(effect).items():
            shown = _signed(amount)
            vi = shown.translate(str.maketrans(",.", ".,"))
            told.append(Text(f"  {name.vi}: {vi} {currency}".rstrip(), f"  {name.en}: {shown} {currency}".rstrip()))
    told.append(Text(f'Xem lại: govgateway check "{path}"', f'Look over it: govgateway check "{path}"'))
    for each in told:
        print(each.in_language(language))


def _signed(amount: Decimal) -> str:
    return f"{amount:+,f}".replace("-", "−")
