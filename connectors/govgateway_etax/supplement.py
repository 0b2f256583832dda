"""The supplementary declaration (loaiTKhai B) that corrects an accepted return: 01/KHBS and 01-1/KHBS worked out.

    made = supplement(accepted, corrected, day=date(2026, 11, 24), transaction="10820260019081192")
    made.document              # bytes, unsigned: the corrected return with both appendices

Differences are against the return accepted last for the period: supplement 2 against supplement 1 (Circular 89/2026).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from govgateway import DocumentRefused, Text, TransitionRefused, UsageError
from govgateway.connector import FormVersion, Severity, XmlDocument, read_xml
from govgateway_etax.changes import Change, changes, obligation_of, totals
from govgateway_etax.deadlines import Deadlines
from govgateway_etax.declaration import Header, read_header
from govgateway_etax.declared_period import declared_period
from govgateway_etax.late_payment import LatePayment, late_payment
from govgateway_etax.obligations import obligations
from govgateway_etax.periods import Period
from govgateway_etax.shapes import package_of
from govgateway_etax.supplement_writing import SupplementWriter

_HEADINGS = {"M": "month", "Q": "quarter", "Y": "year", "D": "occurrence"}
_YEAR_DAYS = 365


@dataclass(frozen=True, slots=True)
class Supplement:
    """A supplementary declaration: its ``document`` (unsigned XML), its number, the figures that it corrects, and the
    interest on what it adds, counted to the day on which it was made."""

    document: bytes
    sequence: int
    changes: tuple[Change, ...]
    late: LatePayment | None

    def totals(self, effect: str) -> Mapping[str, Decimal]:
        """What comes to the obligation (+) or goes (−) by currency; ``effect`` is payable, deductible or refund."""
        return totals(self.changes, effect)


def supplement(accepted: bytes, corrected: bytes, *, day: date, transaction: str = "", reason: str = "") -> Supplement:
    """The supplement, made on ``day``, that puts ``corrected`` in the place of ``accepted``, the return accepted last.

    ``transaction`` is the tax office's code of the first return, ``reason`` is written beside every figure. Raises
    UsageError when the two are not of one form, filer and period or do not differ in figures, TransitionRefused when
    the time for supplements is over, DocumentRefused when the corrected return does not check.
    """
    before, after = read_xml(accepted), read_xml(corrected)
    old, new = _headers(before, after)
    package = _package(new)
    deadlines = Deadlines()
    due = _due(new, day, deadlines)
    found = changes(before, after, package)
    if not found:
        raise _nothing_changed()
    sequence = old.sequence + 1
    writer = SupplementWriter(after, package, replace(new, soLan=str(sequence)))
    late = late_payment(totals(found, "payable"), due, day, deadlines)
    made = read_xml(writer.written(found, late, transaction, reason))
    _ensure_sound(package, made)
    return Supplement(made.data, sequence, found, late)


def _headers(before: XmlDocument, after: XmlDocument) -> tuple[Header, Header]:
    old, new = read_header(before), read_header(after)
    if old is None or new is None or old.flat or new.flat:
        raise UsageError(
            Text("Chỉ tờ khai thuế mới có khai bổ sung.", "Only a tax return is supplemented."),
            Text("Chọn tệp XML tờ khai đã sửa.", "Choose the XML file of the corrected return."),
        )
    told = {
        Text("mã số thuế", "the tax code"): (_plain(old.mst), _plain(new.mst)),
        Text("mã tờ khai", "the form code"): (_plain(old.maTKhai), _plain(new.maTKhai)),
        Text("kỳ tính thuế", "the tax period"): (_period_words(old), _period_words(new)),
    }
    for label, (one, other) in told.items():
        if one != other:
            raise _not_of_one_return(label, one, other)
    return old, new


def _plain(text: str) -> Text:
    return Text(text, text)


def _period_words(header: Header) -> Text:
    period = declared_period(header)
    return period.words if period else _plain(header.period)


def _not_of_one_return(label: Text, one: Text, other: Text) -> UsageError:
    return UsageError(
        Text(
            f"Tờ khai đã sửa không cùng {label.vi}: {one.vi}; {other.vi}.",
            f"The two differ in {label.en}: {one.en}; {other.en}.",
        ),
        Text(
            "Khai bổ sung phải cùng người nộp thuế, cùng mẫu, cùng kỳ với tờ khai đã được chấp nhận.",
            "A supplement is of the same taxpayer, form and period as the accepted return.",
        ),
    )


def _package(header: Header) -> FormVersion:
    package = package_of(header)
    if package is None or "B" not in package.kinds or obligation_of(package) is None:
        code, version = header.maTKhai, header.pbanTKhaiXML
        raise UsageError(
            Text(
                f"Chưa lập được khai bổ sung cho tờ khai {code} {version}.", f"No supplement to {code} {version} yet."
            ),
            Text("Lập bằng phần mềm kê khai.", "Make it with the software that made the return."),
        )
    return package


def _due(header: Header, day: date, deadlines: Deadlines) -> date:
    """The last day for filing and paying the return. Raises TransitionRefused when ``day`` is too late for more."""
    period = declared_period(header)
    if period is None:
        raise UsageError(
            Text(f"Không đọc được kỳ tính thuế “{header.kyKKhai}”.", f"The period “{header.kyKKhai}” cannot be read."),
            Text("Sửa kỳ tính thuế.", "Correct the tax period."),
        )
    deadline = deadlines.of(_heading(header.maTKhai, period), period)
    until = deadlines.supplement_until(period, deadline)
    if day > until:
        words = period.words
        raise TransitionRefused(
            Text(
                f"Tờ khai {words.vi} chỉ được khai bổ sung đến hết ngày {until:%d/%m/%Y}.",
                f"The return for {words.en} could be supplemented until {until:%d/%m/%Y}.",
            ),
            Text(
                "Nếu làm tăng số phải nộp thì giải trình với cơ quan thuế bằng mẫu 01/VBGT.",
                "If more is to be paid, explain it to the tax office by form 01/VBGT.",
            ),
        )
    return deadline.day


def _heading(code: str, period: Period) -> str:
    """Under which heading of the law the return with ``code`` for ``period`` is due."""
    kind = period.kind
    if kind == "K":
        kind = "Y" if (period.last - period.first).days + 1 >= _YEAR_DAYS else "M"
    returns = (each for obligation in obligations().values() for each in obligation.returns)
    return next((each.deadline for each in returns if code in each.codes and each.period == kind), _HEADINGS[kind])


def _nothing_changed() -> UsageError:
    return UsageError(
        Text("Tờ khai đã sửa không khác số liệu nào.", "The corrected return differs in no figure."),
        Text("Chọn tệp đã sửa số liệu.", "Choose the file with the corrected figures."),
    )


def _ensure_sound(package: FormVersion, document: XmlDocument) -> None:
    findings = package.check(document)
    wrong = [each for each in findings if each.severity is Severity.ERROR]
    if wrong:
        raise DocumentRefused(
            Text(f"Tờ khai đã sửa có {len(wrong)} lỗi.", f"The corrected return has {len(wrong)} errors."),
            Text("Sửa rồi lập lại khai bổ sung.", "Correct them, then make the supplement again."),
            findings,
        )
