"""How the list of what is due looks: a table for a person, JSON for a program."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from govgateway import Environment, Status, Text
from govgateway.connector import written_figure
from govgateway_etax.due import Due, State
from govgateway_etax.obligations import obligations

_COLUMNS = (
    Text("Mẫu", "Form"),
    Text("Kỳ", "Period"),
    Text("Hạn nộp", "Deadline"),
    Text("Tình trạng", "State"),
    Text("Tiền chậm nộp", "Late interest"),
    Text("Hồ sơ", "Filing"),
)
_INTEREST = Text(
    "Tiền chậm nộp: nếu nộp tiền hôm nay, tính từ hạn nộp; việc nộp tiền không được theo dõi ở đây.",
    "Late interest: if the money is paid today, counted from the deadline; payments are not followed here.",
)


@dataclass(frozen=True, slots=True)
class Filed:
    """A filer with what it has filed and still has to."""

    tax_code: str
    name: str
    dues: Sequence[Due]


@dataclass(frozen=True, slots=True)
class Listing:
    """What is due ``until`` a day, as it stands on ``today`` in one environment."""

    environment: Environment
    today: date
    until: date
    filers: Sequence[Filed]

    def as_text(self, language: str) -> str:
        """The list for a person."""
        if not self.filers:
            return "\n".join(_how_to_begin(language))
        dues = [due for filer in self.filers for due in filer.dues]
        lines = [line for filer in self.filers for line in self._filer_lines(filer, language)]
        return "\n".join([*lines, *_notes(dues, language)])

    def as_json(self, language: str) -> str:
        """The list for a program: days in ISO 8601, amounts as decimal strings."""
        filers = [
            {"tax_code": each.tax_code, "name": each.name, "due": [_values(due, language) for due in each.dues]}
            for each in self.filers
        ]
        listing = {"environment": self.environment, "today": self.today, "until": self.until, "filers": filers}
        return json.dumps(listing, ensure_ascii=False, indent=2, default=str)

    def _filer_lines(self, filer: Filed, language: str) -> Iterator[str]:
        play = self.environment is Environment.SIMULATOR
        place = Text("MÔ PHỎNG", "SIMULATION").in_language(language) if play else self.environment
        yield " ".join(filter(None, (filer.tax_code, filer.name, f"[{place}]")))
        if not filer.dues:
            day = _day(self.until)
            none = Text(f"Không có tờ khai nào tới hạn {day}.", f"No return is due by {day}.")
            yield f"  {none.in_language(language)}"
            return
        rows = [tuple(title.in_language(language) for title in _COLUMNS)]
        rows += [self._cells(due, language) for due in filer.dues]
        columns = [column for column in zip(*rows, strict=True) if any(column[1:])]
        widths = [max(map(len, column)) for column in columns]
        for row in zip(*columns, strict=True):
            yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()

    def _cells(self, due: Due, language: str) -> tuple[str, ...]:
        return (
            due.owed.form,
            due.owed.words(due.period).in_language(language),
            _deadline(due, language),
            self._standing(due).in_language(language),
            _interest(due, language),
            due.filing.id if due.filing else "",
        )

    def _standing(self, due: Due) -> Text:
        """The state in words: what was filed, when and by which former form, how late, how many days are left."""
        said = _with_former(due, _done(due))
        if due.state is State.ACCEPTED or due.filed_on:
            late = (
                Text(f", muộn {due.late_days} ngày", f", {due.late_days} days late") if due.late_days else Text("", "")
            )
            return Text(said.vi + late.vi, said.en + late.en)
        left = (due.deadline.day - self.today).days
        if left < 0:
            return Text(f"{said.vi}, quá hạn {-left} ngày", f"{said.en}, {-left} days late")
        return Text(f"{said.vi}, còn {left} ngày", f"{said.en}, {left} days left")


def _interest(due: Due, language: str) -> str:
    """The interest in đồng, and the currencies that are not counted."""
    counted = "" if due.interest is None else f"{written_figure(due.interest, language)} VND"
    if not due.uncounted:
        return counted
    others = ", ".join(due.uncounted)
    left_out = Text(f"(chưa tính khoản bằng {others})", f"(sums in {others} not counted)").in_language(language)
    return f"{counted} {left_out}".strip()


def _done(due: Due) -> Text:
    filed = f" {_day(due.filed_on)}" if due.filed_on else ""
    if due.state is State.ACCEPTED:
        return Text(f"được chấp nhận{filed and ', nộp'}{filed}", f"accepted{filed and ', filed'}{filed}")
    if due.state is State.UNDER_WAY:
        if filed:
            return Text(f"đã tiếp nhận, nộp{filed}", f"received, filed{filed}")
        return Text("đang nộp, chưa có xác nhận", "under way, not confirmed")
    if due.filing is not None and due.filing.status is Status.REJECTED:
        return Text("bị từ chối, phải nộp lại", "refused, to be filed again")
    prepared = due.filing is not None and due.filing.status is not Status.CANCELLED
    return Text("đã lập, chưa gửi", "prepared, not sent") if prepared else Text("chưa nộp", "to be filed")


def _with_former(due: Due, said: Text) -> Text:
    if due.former is None:
        return said
    return Text(f"{said.vi}, theo mẫu cũ {due.former.form}", f"{said.en}, by the former form {due.former.form}")


def _remark(due: Due) -> Text | None:
    """What is to be known of a return that was filed by a form which the law no longer has for its period."""
    if due.former is None:
        return None
    form, until, instead = due.former.form, _day(due.former.until), due.former.instead
    return Text(
        f"{form} là mẫu cũ, dùng cho các kỳ đến ngày {until}. {instead.vi}",
        f"{form} is a former form, for periods until {until}. {instead.en}",
    )


def _deadline(due: Due, language: str) -> str:
    """The day, the one that it was moved from, and a star when it may change."""
    moved = f" (← {_day(due.deadline.nominal)})" if due.deadline.day != due.deadline.nominal else ""
    return f"{_day(due.deadline.day)}{moved}{' *' if due.deadline.warning else ''}"


def _notes(dues: Sequence[Due], language: str) -> Iterator[str]:
    """What the marks in the table mean, and the provisions that the deadlines follow from."""
    for warning in dict.fromkeys(due.deadline.warning for due in dues if due.deadline.warning):
        yield f"* {warning.in_language(language)}"
    if any(due.deadline.day != due.deadline.nominal for due in dues):
        yield Text(
            "← dời từ ngày nghỉ, hoặc do sự cố hệ thống thuế", "← moved from a day off, or for an outage"
        ).in_language(language)
    yield from dict.fromkeys(remark.in_language(language) for remark in map(_remark, dues) if remark)
    if any(due.interest is not None or due.uncounted for due in dues):
        yield _INTEREST.in_language(language)
    sources = dict.fromkeys(source.in_language(language) for due in dues for source in due.deadline.sources)
    if sources:
        yield Text("Căn cứ:", "By:").in_language(language)
        yield from (f"  {source}" for source in sources)


def _how_to_begin(language: str) -> Iterator[str]:
    """What is said when no filer has an obligation: how to name one, and which there are."""
    command = 'govgateway filer add MST --obligation "01/PH monthly" --since 01/07/2026'
    yield Text(
        f"Chưa khai nghĩa vụ nào. Thêm: {command}", f"No obligation is named yet. Add one: {command}"
    ).in_language(language)
    for each in obligations().values():
        yield f"  {each.name:<20} {each.title.in_language(language)}"


def _values(due: Due, language: str) -> dict[str, Any]:
    deadline, remark = due.deadline, _remark(due)
    return {
        "form": due.owed.form,
        "period": f"{due.period.kind} {due.period.written}",
        "finalisation": due.owed.deadline == "finalisation",
        "deadline": deadline.day,
        "nominal_deadline": deadline.nominal,
        "outage": deadline.outage,
        "warning": deadline.warning.in_language(language) if deadline.warning else None,
        "sources": [source.in_language(language) for source in deadline.sources],
        "supplement_until": due.supplement_until,
        "state": due.state,
        "overdue": due.overdue,
        "filing": due.filing.id if due.filing else None,
        "filed_on": due.filed_on,
        "late_days": due.late_days,
        "interest": due.interest,
        "interest_not_counted_in": due.uncounted,
        "remark": remark.in_language(language) if remark else None,
    }


def _day(day: date) -> str:
    return day.strftime("%d/%m/%Y")
