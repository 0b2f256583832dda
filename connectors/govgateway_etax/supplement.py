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
from govgateway_etax.changes import Change, changes, obligation_of
from govgateway_etax.deadlines import Deadlines
from govgateway_etax.declaration import HEADER, Header, read_header
from govgateway_etax.declared_period import declared_period, period_words
from govgateway_etax.obligations import obligations
from govgateway_etax.periods import Period
from govgateway_etax.shapes import package_of
from govgateway_etax.supplement_writing import SupplementWriter

_HEADINGS = {"M": "month", "Q": "quarter", "Y": "year", "D": "occurrence"}
_YEAR_DAYS = 365


@dataclass(frozen=True, slots=True)
class Supplement:
    """A supplementary declaration: its ``document`` (unsigned XML), its number, and the figures that it corrects."""

    document: bytes
    sequence: int
    changes: tuple[Change, ...]

    def totals(self, effect: str) -> Mapping[str, Decimal]:
        """What comes to the obligation (+) or goes (−) by currency; ``effect`` is payable, deductible or refund."""
        found: dict[str, Decimal] = {}
        for each in self.changes:
            if each.effect == effect:
                found[each.currency] = found.get(each.currency, Decimal(0)) + each.difference
        return found


def supplement(accepted: bytes, corrected: bytes, *, day: date, transaction: str = "", reason: str = "") -> Supplement:
    """The supplement, made on ``day``, that puts ``corrected`` in the place of ``accepted``, the return accepted last.

    ``transaction`` is the tax office's code of the first return, ``reason`` is written beside every figure. Raises
    UsageError when the two are not of one form, filer and period or do not differ in figures, TransitionRefused when
    the time for supplements is over, DocumentRefused when the corrected return does not check.
    """
    before, after = read_xml(accepted), read_xml(corrected)
    old, new = _headers(before, after)
    package = _package(new)
    _ensure_in_time(new, day)
    found = changes(before, after, package)
    if not found:
        raise _nothing_changed()
    sequence = old.sequence + 1
    writer = SupplementWriter(after, package, replace(new, soLan=str(sequence)))
    made = read_xml(writer.written(found, transaction, reason))
    _ensure_sound(package, made)
    return Supplement(made.data, sequence, found)


def _headers(before: XmlDocument, after: XmlDocument) -> tuple[Header, Header]:
    old, new = read_header(before), read_header(after)
    if old is None or new is None or old.flat or new.flat:
        raise UsageError(
            Text("Chỉ tờ khai thuế mới có khai bổ sung.", "Only a tax return is supplemented."),
            Text("Chọn tệp XML tờ khai đã sửa.", "Choose the XML file of the corrected return."),
        )
    told = {"mst": (old.mst, new.mst), "maTKhai": (old.maTKhai, new.maTKhai), "kyKKhai": (old.period, new.period)}
    for name, (one, other) in told.items():
        if one != other:
            raise UsageError(
                Text(
                    f"Tờ khai đã sửa không cùng {name}: {one}, {other}.", f"The two differ in {name}: {one}, {other}."
                ),
                Text(
                    "Khai bổ sung phải cùng người nộp thuế, cùng mẫu, cùng kỳ với tờ khai đã được chấp nhận.",
                    "A supplement is of the same taxpayer, form and period as the accepted return.",
                ),
                where=f"{HEADER}: {name}",
            )
    return old, new


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


def _ensure_in_time(header: Header, day: date) -> None:
    period = declared_period(header)
    if period is None:
        raise UsageError(
            Text(f"Không đọc được kỳ tính thuế {header.period}.", f"The period {header.period} cannot be read."),
            Text("Sửa kỳ tính thuế.", "Correct the tax period."),
        )
    deadlines = Deadlines()
    until = deadlines.supplement_until(period, deadlines.of(_heading(header.maTKhai, period), period))
    if day > until:
        written = period_words(period)
        raise TransitionRefused(
            Text(
                f"Kỳ {written} chỉ được khai bổ sung đến hết ngày {until:%d/%m/%Y}.",
                f"The period {written} could be supplemented until {until:%d/%m/%Y}.",
            ),
            Text(
                "Nếu làm tăng số phải nộp thì giải trình với cơ quan thuế bằng mẫu 01/VBGT.",
                "If more is to be paid, explain it to the tax office by form 01/VBGT.",
            ),
        )


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
