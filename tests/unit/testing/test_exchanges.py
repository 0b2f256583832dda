"""What a failed assertion shows of the wire: readable, and without credentials."""

from __future__ import annotations

from datetime import timedelta

import pytest

from govgateway.testing import START, transcript
from govgateway.testing.exchanges import without_secrets
from unit.testing.fakes import PASSWORD, Arrived, Sent, filing, simulator

ENVELOPE = (
    "<S:Envelope><S:Header><wsse:Password Type='text'>mat-khau-tvan</wsse:Password></S:Header>"
    "<S:Body><n:nhanHSoXML xmlns:n='urn:example'><tIN>9900000016</tIN></n:nhanHSoXML></S:Body></S:Envelope>"
)
REQUEST = (
    "POST /ihtkk_van/NhanHSoThueServicePort HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic dHZhbjpkZW1v\r\n\r\n"
    f"--b\r\nContent-ID: <root>\r\n\r\n{ENVELOPE}\r\n--b--\r\n"
).encode()
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<a>00010-1</a>"


def test_every_exchange_is_told_with_its_answer_and_the_fault_that_struck() -> None:
    shown = transcript(
        simulator(exchanges=(Sent(1, "nhanHSoXML", REQUEST, fault="reset"), Sent(2, "nhanHSoXML", REQUEST, ANSWER)))
    )
    assert shown.splitlines() == [
        "#1  10:00:00  nhanHSoXML  fault: reset",
        f"    → POST /ihtkk_van/NhanHSoThueServicePort HTTP/1.1, {len(REQUEST):,} bytes",
        *(told := [
            "        <S:Envelope>",
            "        <S:Body>",
            "        <n:nhanHSoXML>",
            "        <tIN>9900000016</tIN>",
            "        </n:nhanHSoXML>",
            "        </S:Body>",
            "        </S:Envelope>",
        ]),
        "    ← nothing",
        "#2  10:00:00  nhanHSoXML",
        f"    → POST /ihtkk_van/NhanHSoThueServicePort HTTP/1.1, {len(REQUEST):,} bytes",
        *told,
        f"    ← HTTP/1.1 200 OK, {len(ANSWER)} bytes",
        "        <a>00010-1</a>",
    ]  # fmt: skip


def test_a_password_in_the_body_is_cut_out_and_the_cut_is_seen() -> None:
    request = b"POST / HTTP/1.1\r\n\r\n<login><password>secret</password></login>"
    assert "        <password>•••</password>" in transcript(simulator(exchanges=(Sent(1, "/", request),))).splitlines()


def test_a_long_message_is_shortened_in_both_directions() -> None:
    body = b"\r\n".join([b"<a>" + b"x" * 1000 + b"</a>"] * 100)
    shown = transcript(simulator(exchanges=(Sent(1, "/", b"POST / HTTP/1.1\r\n\r\n" + body),))).splitlines()
    assert len(shown) < 20
    assert max(map(len, shown)) < 130
    assert shown[-2:] == ["        …", "    ← nothing"]


def test_where_nothing_was_sent_that_is_told() -> None:
    assert transcript(simulator()) == "nothing went over the wire"


@pytest.mark.parametrize(
    "data",
    [
        "<Password>hunter2</Password>",
        '<wsse:Password Type="…#PasswordText">hunter2</wsse:Password>',
        "<accessToken>hunter2</accessToken>",
        "POST / HTTP/1.1\r\nAuthorization: Bearer hunter2\r\nHost: x",
        "HTTP/1.1 200 OK\r\nset-cookie: session=hunter2; path=/\r\n",
        '{"client_secret": "hunter2", "a": 1}',
        "username=tvan&password=hunter2&a=1",
        "what was told elsewhere: hunter2.",
    ],
)
def test_credentials_are_cut_out_wherever_they_stand(data: str) -> None:
    cut = without_secrets(data.encode(), {"hunter2"} if "elsewhere" in data else ()).decode()
    assert "hunter2" not in cut
    assert "•••" in cut


def test_what_is_no_credential_stays() -> None:
    data = b"<tIN>9900000016</tIN><soTBao>demonstration</soTBao>\r\nHost: pinboard"
    assert without_secrets(data, {"demo"}) == data


def test_the_account_of_the_simulator_is_cut_out_by_itself() -> None:
    request = f"POST / HTTP/1.1\r\n\r\n<x>{PASSWORD}</x>".encode()
    assert PASSWORD not in transcript(simulator(exchanges=(Sent(1, "/", request),)))


def poll(number: int, *, notices: bytes = b"", hours: float = 0) -> tuple[Sent, Sent]:
    """A turn of two polls, each with an identifier and a moment of its own."""
    own = f"<cid>00000000-0000-4000-8000-{number:012}</cid><at>2026-11-16T10:00:{number:02}</at>".encode()
    answer, at = b"HTTP/1.1 200 OK\r\n\r\n" + own + notices, START + timedelta(hours=hours)
    request = b"POST / HTTP/1.1\r\n\r\n<ask/>"
    return Sent(number, "first", request, answer, at=at), Sent(number + 1, "list", request, answer, at=at)


def headings(shown: str) -> list[str]:
    return [line for line in shown.splitlines() if line[0] in "#…("]


def test_equal_polls_are_told_once() -> None:
    polls = [each for turn in range(20) for each in poll(2 * turn + 2, hours=turn * 2)]
    news = Sent(42, "list", b"POST / HTTP/1.1\r\n\r\n<ask/>", ANSWER)
    shown = transcript(simulator(exchanges=(Sent(1, "nhanHSoXML", REQUEST, ANSWER), *polls, news)))
    assert headings(shown) == [
        "#1  10:00:00  nhanHSoXML",
        "#2 … #40  10:00:00 … 18/11/2026 00:00:00  first  ×20",
        "#3 … #41  10:00:00 … 18/11/2026 00:00:00  list  ×20",
        "#42  10:00:00  list",
    ]


def test_what_comes_twice_is_told_twice() -> None:
    assert len(headings(transcript(simulator(exchanges=(*poll(1), *poll(3)))))) == 4


def test_of_many_exchanges_the_first_and_the_last_are_told() -> None:
    many = tuple(Sent(number, f"call{number}", REQUEST, ANSWER) for number in range(1, 1001))
    shown = headings(transcript(simulator(exchanges=many)))
    assert [shown[0], shown[7], shown[8], shown[9], shown[-1]] == [
        "#1  10:00:00  call1", "#8  10:00:00  call8", "… 984 more …", "#993  10:00:00  call993",
        "#1000  10:00:00  call1000",
    ]  # fmt: skip
    assert len(shown) == 17


def test_what_is_no_longer_kept_is_told() -> None:
    shown = transcript(simulator(exchanges=(Sent(1235, "/", REQUEST),)))
    assert shown.splitlines()[0] == "(the first 1,234 exchanges are no longer kept)"


def test_of_one_filing_the_exchanges_about_others_are_left_out_and_counted() -> None:
    own, other = Arrived("1" * 64), Arrived("2" * 64, key="9900000016/879/M 09/2026/C/0", reference="00010-2")
    passed = (
        Sent(1, "own", b"POST / HTTP/1.1\r\n\r\n" + own.key.encode(), b"00010-1"),
        Sent(2, "other", b"POST / HTTP/1.1\r\n\r\n" + other.key.encode(), b"00010-2"),
        Sent(3, "asks for another", b"POST / HTTP/1.1\r\n\r\n00010-2", b"nothing"),
        Sent(4, "a day's result", b"POST / HTTP/1.1\r\n\r\n<day/>", b"00010-2"),
    )
    shown = headings(transcript(simulator(own, other, exchanges=passed), filing(own.digest)))
    assert shown == [
        "(2 exchanges about other filings are not shown)", "#1  10:00:00  own", "#4  10:00:00  a day's result",
    ]  # fmt: skip
