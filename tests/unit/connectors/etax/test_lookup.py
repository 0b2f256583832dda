"""After a lost answer: what the day's transactions tell, and what they do not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

import keys
from govgateway.connector import FindResult, Found
from govgateway.transport.session import Sent
from govgateway_etax import connector
from govgateway_etax.declaration import Header, read_header
from govgateway_etax.lookup import MOST_DAYS, judge
from samples import declaration
from taxoffice import Wire, attached, fault, http, nil, notice, route, row, rows_content, unsigned

SENT = datetime(2026, 11, 16, 3, 0, 0, 500_000, tzinfo=UTC)
"""10:00:00.5 in Vietnam."""


def code(time: str, number: int = 42001, day: str = "16112026") -> str:
    return f"00010-0002-{day}{time}123-{number}"


def header(*changes: tuple[str, str]) -> Header:
    found = read_header(declaration(*changes))
    assert found is not None
    return found


def judged(*rows: Mapping[str, str], of: Header | None = None) -> FindResult:
    return judge(rows, of or header(), SENT)


OURS = row(code("100001"))


def test_no_row_is_absent() -> None:
    assert judged().found is Found.ABSENT


def test_one_row_since_the_send_is_found() -> None:
    assert judged(OURS) == FindResult(
        Found.FOUND, "one transaction of this obligation since it was sent", reference=code("100001")
    )


@pytest.mark.parametrize(
    "other",
    [
        {"tinCTietGDich": "9900000023"},
        {"maHSo": "920"},
        {"maLoaiHSo": "B"},
        {"kyKKhaiHThi": "09/2026"},
        {"kyKKhaiHThi": "Q4/2026"},
    ],
)
def test_rows_of_other_obligations_are_left_out(other: dict[str, str]) -> None:
    assert judged(row(code("100001"), **other)).found is Found.ABSENT
    assert judged(OURS, row(code("100002"), **other)).found is Found.FOUND


def test_a_supplement_is_known_by_its_number() -> None:
    second = header(("<loaiTKhai>C<", "<loaiTKhai>B<"), ("<soLan>0<", "<soLan>2<"))
    supplement = {"maLoaiHSo": "B", "tenLoaiHSo": "Bổ sung"}
    assert judged(row(code("100001"), lanNop="2", **supplement), of=second).found is Found.FOUND
    assert judged(row(code("100001"), lanNop="1", **supplement), of=second).found is Found.ABSENT
    assert judged(row(code("100001"), lanNop="", **supplement), of=second).found is Found.CANNOT_TELL


def test_an_official_declaration_is_found_whatever_number_is_printed() -> None:
    assert judged(row(code("100001"), lanNop="1")).found is Found.FOUND


def test_a_row_may_say_in_words_what_is_meant() -> None:
    words = {"maHSo": "", "maLoaiHSo": "", "kyKKhaiHThi": "Tháng 10/2026"}
    assert judged(row(code("100001"), **words)).found is Found.FOUND


@pytest.mark.parametrize(
    "unclear",
    [
        {"maHSo": "TK-17", "tenHSo": "Tờ khai"},
        {"maLoaiHSo": "1", "tenLoaiHSo": "Lần đầu"},
        {"kyKKhaiHThi": "kỳ 10"},
        {"kyKKhaiHThi": ""},
    ],
)
def test_a_row_that_may_be_ours_leaves_doubt(unclear: dict[str, str]) -> None:
    assert judged(row(code("100001"), **unclear)).found is Found.CANNOT_TELL
    assert judged(OURS, row(code("100001", 42002), **unclear)).found is Found.CANNOT_TELL


def test_two_rows_cannot_be_told_apart() -> None:
    result = judged(OURS, row(code("100500", 42002)))
    assert (result.found, result.reference) == (Found.CANNOT_TELL, "")
    assert "2 transactions" in result.detail


def test_the_same_row_twice_is_one() -> None:
    assert judged(OURS, OURS).found is Found.FOUND


@pytest.mark.parametrize(
    ("time", "found"),
    [
        ("100000", Found.FOUND),
        ("095959", Found.CANNOT_TELL),
        ("095001", Found.CANNOT_TELL),
        ("095000", Found.ABSENT),
        ("080000", Found.ABSENT),
    ],
)
def test_a_row_before_the_send_counts_as_far_as_clocks_may_differ(time: str, found: Found) -> None:
    """The send began at 10:00:00.5; a code has whole seconds; the tolerance is ten minutes."""
    assert judged(row(code(time))).found is found


def test_an_earlier_row_beside_ours_does_not_hide_it() -> None:
    assert judged(row(code("080000")), OURS).reference == code("100001")
    assert judged(row(code("095900")), OURS).found is Found.CANNOT_TELL


@pytest.mark.parametrize(
    "strange",
    ["", "10820260019081192", "00010-0002-99992026100001123-42001", f"00010-0002-16112026100001123-{'1' * 300}"],
)
def test_a_code_without_a_time_leaves_doubt(strange: str) -> None:
    assert judged(row(strange)).found is Found.CANNOT_TELL
    assert judged(OURS, row(strange)).found is Found.CANNOT_TELL


@pytest.mark.parametrize("printed", ["01/10/2026-31/10/2026", "01/10/2026-15/10/2026", "10/2026", ""])
def test_of_a_period_from_day_to_day_only_absence_can_be_told(printed: str) -> None:
    """How a row prints it is not known."""
    from_to = header(("<kieuKy>M<", "<kieuKy>K<"))
    assert judged(row(code("100001"), kyKKhaiHThi=printed), of=from_to).found is Found.CANNOT_TELL
    assert judged(row(code("080000"), kyKKhaiHThi=printed), of=from_to).found is Found.CANNOT_TELL
    assert judged(row(code("100001"), kyKKhaiHThi=printed, maHSo="920"), of=from_to).found is Found.ABSENT
    assert judged(of=from_to).found is Found.ABSENT


# The whole look-up: the question asked, the answer verified.

DOCUMENT = declaration().data


def day_result(*rows: Mapping[str, str], day: str = "16/11/2026", by: keys.Holder | None = None) -> Sent:
    return attached("traKQuaPhienGDich", notice("211", rows_content(*rows, day=day), by=by, to=""))


def looked_up(
    *answers: Sent, known: tuple[str, ...] = (), sent: datetime = SENT, now: datetime = keys.NOW
) -> tuple[FindResult, list[str]]:
    """What a look-up says when the days asked about get ``answers``, and which days those were."""
    left = list(answers)
    wire = Wire(answers={"traKQuaPhienGDich": lambda asked: left.pop(0)})
    result = connector.find(DOCUMENT, sent, known, replace(route(wire), clock=lambda: now))
    return result, [arguments["ngayGDich"] for _, arguments in wire.asked]


def test_the_day_of_the_send_is_asked_about() -> None:
    answer = day_result(OURS)
    result, days = looked_up(answer)
    assert (result.found, result.reference) == (Found.FOUND, code("100001"))
    assert days == ["16/11/2026"]
    assert len(result.answers) == 1
    assert b"CTietGDich" in result.answers[0]


def test_an_empty_day_is_absent() -> None:
    result, _ = looked_up(day_result())
    assert result.found is Found.ABSENT
    assert len(result.answers) == 1


def test_transactions_of_other_filings_are_left_out() -> None:
    """An earlier one that was refused, and is in the ledger as such, no longer hides ours."""
    earlier = row(code("095900"), makquaCTietGDich="03")
    assert looked_up(day_result(earlier, OURS))[0].found is Found.CANNOT_TELL
    assert looked_up(day_result(earlier, OURS), known=(code("095900"),))[0].reference == code("100001")
    assert looked_up(day_result(earlier), known=(code("095900"),))[0].found is Found.ABSENT
    assert looked_up(day_result(OURS, row("", kyKKhaiHThi="?")), known=(code("100001"),))[0].found is Found.CANNOT_TELL


def test_every_day_since_is_asked_about_in_vietnams_time() -> None:
    """Sent on the 16th at 23:55, asked on the 18th just after midnight; in UTC it is still the 17th."""
    late = datetime(2026, 11, 16, 16, 55, tzinfo=UTC)
    now = datetime(2026, 11, 17, 17, 5, tzinfo=UTC)
    ours = row(code("000100", day="17112026"))
    answers = (day_result(), day_result(ours, day="17/11/2026"), day_result(day="18/11/2026"))
    result, days = looked_up(*answers, sent=late, now=now)
    assert days == ["16/11/2026", "17/11/2026", "18/11/2026"]
    assert (result.found, result.reference) == (Found.FOUND, code("000100", day="17112026"))
    assert len(result.answers) == 3


def test_the_day_before_is_asked_about_when_a_clock_may_still_be_in_it() -> None:
    early = datetime(2026, 11, 15, 17, 5, tzinfo=UTC)
    before = row(code("235900", day="15112026"))
    result, days = looked_up(day_result(before, day="15/11/2026"), day_result(), sent=early)
    assert days == ["15/11/2026", "16/11/2026"]
    assert result.found is Found.CANNOT_TELL


@pytest.mark.parametrize("apart", [timedelta(days=MOST_DAYS), timedelta(days=400), -timedelta(days=1)])
def test_of_a_send_long_ago_or_to_come_nothing_can_be_told(apart: timedelta) -> None:
    result, days = looked_up(now=SENT + apart)
    assert result.found is Found.CANNOT_TELL
    assert days == []


SILENT: dict[str, Sent] = {
    "not reached": Sent(False, None, "connection"),
    "no answer": Sent(True, None, "timeout"),
    "too many requests": http(429, b"", retry_after="60"),
    "HTML": http(200, b"<html/>", "text/html"),
    "a fault": fault("S:Server", "down"),
    "nothing": nil("traKQuaPhienGDich"),
}


@pytest.mark.parametrize("answer", SILENT)
def test_without_an_answer_nothing_can_be_told(answer: str) -> None:
    result, _ = looked_up(SILENT[answer])
    assert (result.found, result.reference) == (Found.CANNOT_TELL, "")
    assert result.detail.startswith("traKQuaPhienGDich: ")


def test_one_silent_day_of_several_is_enough_for_doubt() -> None:
    now = keys.NOW + timedelta(days=1)
    result, _ = looked_up(day_result(OURS), SILENT["a fault"], now=now)
    assert result.found is Found.CANNOT_TELL
    assert len(result.answers) == 1


def _altered() -> bytes:
    """A result from which our row was cut out after signing."""
    data = notice("211", rows_content(OURS), to="")
    start, end = data.index(b"<CTietGDich>"), data.index(b"</CTietGDich>") + len(b"</CTietGDich>")
    return data[:start] + data[end:]


UNBELIEVED: dict[str, Callable[[], bytes]] = {
    "altered": _altered,
    "a stranger's": lambda: notice("211", rows_content(), by=keys.leaf("MST:9900000055", organisation="Người lạ")),
    "a taxpayer's": lambda: notice("211", rows_content(), by=keys.leaf()),
    "unsigned": lambda: unsigned("211", rows_content()),
    "another kind of notice": lambda: notice("843", "<trangThai>Y</trangThai>"),
    "another kind of the same day": lambda: notice("213", rows_content()),
    "an older day's": lambda: notice("211", rows_content(day="15/11/2026")),
    "of no day": lambda: notice("211", rows_content(day="")),
    "no XML": lambda: b"%PDF-1.7",
    "empty": lambda: b"",
}


@pytest.mark.parametrize("answer", UNBELIEVED)
def test_an_answer_that_is_not_believed_tells_nothing_and_is_kept(answer: str) -> None:
    data = UNBELIEVED[answer]()
    result, _ = looked_up(attached("traKQuaPhienGDich", data))
    assert (result.found, result.reference) == (Found.CANNOT_TELL, "")
    assert result.detail
    assert result.answers == (data,)
