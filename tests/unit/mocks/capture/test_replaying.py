"""A capture played back: the same questions get the recorded answers, in their order, and others none."""

from __future__ import annotations

import requests

from govgateway_mocks.capture.recording import Answer, Heading, Recorded, Recording, Request
from govgateway_mocks.capture.replaying import NO_ANSWER, Replay, replayed
from keys import NOW
from simulated import Clock, filed
from unit.mocks.capture.session import Client, followed


def _recording(*told: tuple[str, str, str | None]) -> Recording:
    """Exchanges of (method and path, body, answer)."""
    exchanges = []
    for number, (line, body, answer) in enumerate(told, start=1):
        method, _, target = line.partition(" ")
        request = Request(method, target, (), body.encode())
        exchanges.append(Recorded(number, NOW, request, None if answer is None else Answer(200, (), answer.encode())))
    return Recording(Heading("harbour", "/harbour", NOW, scrubbed=True), tuple(exchanges))


def _asked(replay: Replay, line: str, body: str = "") -> tuple[int, str]:
    method, _, target = line.partition(" ")
    answer = replay.answered(Request(method, target, (), body.encode()))
    return answer.status, answer.body.decode()


def test_a_gateway_sees_what_was_recorded() -> None:
    recording = followed()
    with replayed(Replay(recording)) as server:
        client = Client(server.address + recording.heading.service_path)
        code = client.file(filed())
        assert code == "00010-0002-16112026100000000-42001"
        lists = [client.told("getDsachTbao") for _ in range(4)]
    assert lists == ["", "TB000001;TB000002", "TB000001;TB000002;TB000003", "TB000001;TB000002;TB000003"]


def test_answers_come_in_their_order_and_the_last_one_stays() -> None:
    replay = Replay(_recording(("GET /a", "", "1"), ("GET /b", "", "x"), ("GET /a", "", "2")))
    assert [_asked(replay, "GET /a")[1] for _ in range(3)] == ["1", "2", "2"]
    assert _asked(replay, "GET /b") == (200, "x")


def test_another_argument_is_another_question() -> None:
    replay = Replay(_recording(("GET /a?day=1", "", "one"), ("POST /a", '{"day": 2}', "two")))
    assert _asked(replay, "GET /a?day=1") == (200, "one")
    assert _asked(replay, "POST /a", '{ "day" : 2 }') == (200, "two")
    status, said = _asked(replay, "POST /a", '{"day": 3}')
    assert status == NO_ANSWER
    assert "The capture has no POST /a with day=3; it has: day=2." in said
    assert "Bản ghi không có POST /a với day=3" in said


def test_what_was_never_asked_has_no_answer() -> None:
    told: list[bool] = []
    replay = Replay(_recording(("GET /a", "", "1")), lambda asked, answered: told.append(answered))
    assert _asked(replay, "GET /b") == (
        NO_ANSWER,
        "govgateway mocks\nBản ghi không có GET /b.\nThe capture has no GET /b.\n",
    )
    _asked(replay, "GET /a")
    assert told == [False, True]


def test_what_got_no_answer_gets_none_again() -> None:
    status, said = _asked(Replay(_recording(("GET /a", "", None))), "GET /a")
    assert status == NO_ANSWER
    assert "When it was recorded, GET /a got no answer." in said


def test_headers_of_an_answer_are_played_and_its_framing_is_new() -> None:
    headers = (("content-type", "text/xml"), ("content-length", "999"), ("retry-after", "60"))
    request = Request("GET", "/a", (), b"")
    heading = Heading("harbour", "", Clock()(), scrubbed=True)
    played = Replay(Recording(heading, (Recorded(1, NOW, request, Answer(503, headers, b"<a/>")),)))
    with replayed(played) as server:
        answer = requests.get(f"{server.address}/a", timeout=5)
    assert (answer.status_code, answer.headers["Retry-After"], answer.content) == (503, "60", b"<a/>")
