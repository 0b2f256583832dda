"""Whether the tax office took a declaration whose answer was lost: the day's transactions, compared field by field.

The rows carry no digest. What can be compared is taxpayer, form, type, period and number, and the time inside the
transaction code. So one row since the send is ours; none at all is absent; everything in between cannot be told.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta

from govgateway import AnswerRefused, UnreadableDocument
from govgateway.connector import VIETNAM, FindResult, Found, Route, SignatureProfile, Subject, read_xml
from govgateway_etax.declaration import Header
from govgateway_etax.matching import same_filing, same_form, same_type
from govgateway_etax.notices import NAMESPACE, opened, refused
from govgateway_etax.service import NoAnswer, TaxOffice

CLOCK_TOLERANCE = timedelta(minutes=10)
"""How far the tax office's clock may be from ours."""

MOST_DAYS = 31
"""How many days a look-up asks about; of anything sent longer ago it cannot tell."""

_RESULT = "211"
_DAY = "%d/%m/%Y"
_TIME_IN_CODE = re.compile(r"[0-9]{1,9}-[0-9]{1,9}-([0-9]{14})[0-9]{2,3}-[0-9]{1,18}")

Row = Mapping[str, str]


def find(
    header: Header, first_sent: datetime, known: Collection[str], route: Route, profile: SignatureProfile
) -> FindResult:
    """Look for the declaration of ``header``, first sent at ``first_sent``, until today; rows of the transactions
    ``known`` are other filings'."""
    now = route.clock()
    days = list(_days(first_sent, now))
    if not 0 < len(days) <= MOST_DAYS:
        return FindResult(Found.CANNOT_TELL, f"it was not sent within the last {MOST_DAYS} days")
    office = TaxOffice(route)
    rows: list[Row] = []
    answers: list[bytes] = []
    try:
        for day in days:
            answers.append(office.day_result(day.strftime(_DAY)))
            rows += _rows(opened(answers[-1], profile, route.trust, now)[0], day)
    except NoAnswer as silent:
        return FindResult(Found.CANNOT_TELL, silent.detail, answers=tuple(answers))
    except (AnswerRefused, UnreadableDocument) as unbelieved:
        return FindResult(Found.CANNOT_TELL, unbelieved.message.en, answers=tuple(answers))
    found = judge([row for row in rows if row.get("maGDC") not in known], header, first_sent)
    return FindResult(found.found, found.detail, found.reference, tuple(answers))


def judge(rows: Iterable[Row], header: Header, first_sent: datetime) -> FindResult:
    """What ``rows`` of the tax office's day results say about the declaration of ``header``, first sent at
    ``first_sent``."""
    told = [(row.get("maGDC", ""), _same(row, header)) for row in rows if row.get("tinCTietGDich") == header.mst]
    if any(same is None for _, same in told):
        return FindResult(Found.CANNOT_TELL, "a transaction that may be of this obligation")
    times = {code: _time_in(code) for code, same in told if same}
    if None in times.values():
        return FindResult(Found.CANNOT_TELL, "a transaction code without a time")
    since = {code: time for code, time in times.items() if time and time >= first_sent - CLOCK_TOLERANCE}
    if not since:
        return FindResult(Found.ABSENT, "no transaction of this obligation since it was sent")
    if len(since) > 1:
        return FindResult(Found.CANNOT_TELL, f"{len(since)} transactions of this obligation since it was sent")
    ((code, time),) = since.items()
    if time < first_sent.replace(microsecond=0):
        # Perhaps ours, seen by a clock that is behind; perhaps an earlier one that was refused.
        return FindResult(Found.CANNOT_TELL, "a transaction of this obligation just before it was sent")
    return FindResult(Found.FOUND, "one transaction of this obligation since it was sent", reference=code)


def _same(row: Row, header: Header) -> bool | None:
    """Whether a row is of the obligation of ``header``; None when it cannot be told."""
    form = same_form(row.get("maHSo", ""), header)
    kind = same_type(row.get("maLoaiHSo", ""), header)
    told = same_filing(
        Subject(
            form=row.get("maHSo", "") if form is not None else row.get("tenHSo", ""),
            kind=row.get("maLoaiHSo", "") if kind is not None else row.get("tenLoaiHSo", ""),
            period=row.get("kyKKhaiHThi", ""),
            sequence=row.get("lanNop", ""),
        ),
        header,
    )
    # How a row prints a period from day to day is not known: another one of the same form may be this one.
    return None if told and header.kieuKy == "K" else told


def _days(first_sent: datetime, now: datetime) -> Iterator[date]:
    """The days on which the tax office may have taken it, none when the clock went back."""
    day, last = (first_sent - CLOCK_TOLERANCE).astimezone(VIETNAM).date(), now.astimezone(VIETNAM).date()
    for number in range((last - day).days + 1):
        yield day + timedelta(days=number)


def _rows(content: bytes, day: date) -> Iterator[Row]:
    """The rows of the result of ``day``, each field by its name. Raises AnswerRefused when it is no such result, or an
    older one: an empty list that was made earlier proves nothing."""
    notice = read_xml(content).root
    if notice.findtext("{*}TTinChung/{*}TTinTBaoThue/{*}maTBao") != _RESULT:
        raise refused("không phải kết quả giao dịch trong ngày", "it is no result of a day's transactions")
    made = _day(notice.findtext("{*}NDungTBao/{*}GDich/{*}ngayGDich") or "")
    if made is None or made < day:
        raise refused("kết quả giao dịch của ngày khác", "it is the result of another day")
    for row in notice.iter(f"{{{NAMESPACE}}}CTietGDich"):
        yield {str(field.tag).rpartition("}")[2]: (field.text or "").strip() for field in row}


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text.strip(), _DAY).replace(tzinfo=VIETNAM).date()
    except ValueError:
        return None


def _time_in(code: str) -> datetime | None:
    """The time of arrival in a transaction code ``00010-0002-12032019172312277-42528`` (GMT+7, to the second)."""
    found = _TIME_IN_CODE.fullmatch(code)
    if found is None:
        return None
    try:
        return datetime.strptime(found[1], "%d%m%Y%H%M%S").replace(tzinfo=VIETNAM)
    except ValueError:
        return None
