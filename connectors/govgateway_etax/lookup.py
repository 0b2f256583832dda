"""Whether the tax office took a declaration whose answer was lost: the day's transactions, compared field by field.

The rows carry no digest. What can be compared is taxpayer, form, type, period and number, and the time inside the
transaction code. So one row since the send is ours; none at all is absent; everything in between cannot be told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from govgateway import AnswerRefused
from govgateway.connector import FindResult, Found, Route, SignatureProfile, read_xml
from govgateway_etax.declaration import Header
from govgateway_etax.notices import NAMESPACE, VIETNAM, opened
from govgateway_etax.service import NoAnswer, TaxOffice

CLOCK_TOLERANCE = timedelta(minutes=10)
"""How far the tax office's clock may be from ours."""

_MOST_DAYS = 31
_TIME_IN_CODE = re.compile(r"^\d+-\d+-(\d{14})\d{2,3}-\d+$")


def find(header: Header, first_sent: datetime, route: Route, profile: SignatureProfile) -> FindResult:
    """Look for the declaration of ``header``, first sent at ``first_sent``, until today."""
    office = TaxOffice(route)
    try:
        results = office.day_results(_days(first_sent, route.clock()))
        rows = [row for result in results for row in _rows(opened(result, profile, route.trust, route.clock())[0])]
    except NoAnswer as silent:
        return FindResult(Found.CANNOT_TELL, silent.detail)
    except AnswerRefused as refused:
        return FindResult(Found.CANNOT_TELL, refused.message.en)
    return judge([row for row in rows if _same(row, header)], first_sent)


def judge(candidates: list[dict[str, str]], first_sent: datetime) -> FindResult:
    """What rows of the same obligation say about a declaration first sent at ``first_sent``."""
    times = [_time_in(row["maGDC"]) for row in candidates]
    if any(time is None for time in times):
        return FindResult(Found.CANNOT_TELL, "a transaction code without a time")
    since = [row for row, time in zip(candidates, times, strict=True) if time and time >= first_sent - CLOCK_TOLERANCE]
    if not since:
        return FindResult(Found.ABSENT, "no transaction of this obligation since it was sent")
    if len(since) > 1:
        return FindResult(Found.CANNOT_TELL, f"{len(since)} transactions of this obligation since it was sent")
    time = _time_in(since[0]["maGDC"])
    if time is not None and time < first_sent.replace(microsecond=0):
        # Perhaps ours, seen by a clock that is behind; perhaps an earlier one that was refused.
        return FindResult(Found.CANNOT_TELL, "a transaction of this obligation just before it was sent")
    return FindResult(Found.FOUND, "one transaction of this obligation since it was sent", reference=since[0]["maGDC"])


def _days(first_sent: datetime, now: datetime) -> Iterator[str]:
    day, last = (first_sent - CLOCK_TOLERANCE).astimezone(VIETNAM).date(), now.astimezone(VIETNAM).date()
    for number in range(min((last - day).days, _MOST_DAYS) + 1):
        yield (day + timedelta(days=number)).strftime("%d/%m/%Y")


def _rows(content: bytes) -> Iterator[dict[str, str]]:
    """The rows of a day's result, each field by its name."""
    for row in read_xml(content).root.iter(f"{{{NAMESPACE}}}CTietGDich"):
        fields = {str(field.tag).rpartition("}")[2]: (field.text or "").strip() for field in row}
        yield {"maGDC": "", **fields}


def _same(row: dict[str, str], header: Header) -> bool:
    """Whether a row is of the obligation of ``header``."""
    return (
        row.get("tinCTietGDich") == header.mst
        and row.get("maHSo") == header.maTKhai
        and row.get("maLoaiHSo") == header.loaiTKhai
        and row.get("kyKKhaiHThi") == header.kyKKhai
        and row.get("lanNop") == header.soLan
    )


def _time_in(code: str) -> datetime | None:
    """The time of arrival in a transaction code ``00010-0002-12032019172312277-42528`` (GMT+7, to the second)."""
    found = _TIME_IN_CODE.match(code)
    if found is None:
        return None
    try:
        return datetime.strptime(found[1], "%d%m%Y%H%M%S").replace(tzinfo=VIETNAM)
    except ValueError:
        return None
