"""``govgateway mocks record|scrub|replay|compare`` and ``serve --record``, as somebody types them."""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from govgateway.cli.run import run
from govgateway_mocks.capture.reading import read
from govgateway_mocks.capture.recording import Answer, write
from simulated import filed, pki
from unit.mocks.capture import people
from unit.mocks.capture.session import Client, altered, followed


@pytest.fixture(autouse=True)
def _at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOVGATEWAY_CONFIG", str(tmp_path / "govgateway.toml"))


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    write(tmp_path / "seen.jsonl", followed())
    return tmp_path / "seen.jsonl"


def _while_it_runs(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Do something while a command waits, and press Ctrl-C."""

    def waiting(seconds: float) -> None:
        if threading.current_thread() is threading.main_thread():
            act()
            raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", waiting)


def test_equal_answers_are_told_by_exit_code_0(capture: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["mocks", "compare", str(capture)]) == 0
    assert capsys.readouterr().out == (
        "17 lần gọi, 0 không so sánh, 0 chỗ khác\n17 exchanges, 0 not compared, 0 differences\n"
    )


def test_differences_are_told_by_exit_code_1_in_both_languages_and_as_data(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "other.jsonl"
    write(
        path,
        altered(replace(followed(), exchanges=followed().exchanges[:1]), 1, lambda each: replace(each, status=202)),
    )
    assert run(["mocks", "compare", str(path)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "1  nhanHSoXML",
        "     mã trạng thái HTTP · HTTP status",
        "         ghi · recorded: 202; mô phỏng · simulated: 200",
        "1 lần gọi, 0 không so sánh, 1 chỗ khác",
        "1 exchanges, 0 not compared, 1 differences",
    ]
    assert run(["mocks", "compare", str(path), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    difference = {"aspect": "status", "path": "", "recorded": "202", "simulated": "200"}
    assert (told["equal"], told["exchanges"][0]["differences"]) == (False, [difference])


def test_what_is_no_capture_is_told_in_the_reader_s_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "letter.txt").write_text("Kính gửi", encoding="utf-8")
    for command in (["compare"], ["replay"]):
        assert run(["mocks", *command, str(tmp_path / "letter.txt")]) == 2
    assert "không phải bản ghi" in capsys.readouterr().err
    monkeypatch.setenv("GOVGATEWAY_LANGUAGE", "en")
    assert run(["mocks", "scrub", str(tmp_path / "letter.txt")]) == 2
    assert "is no capture" in capsys.readouterr().err


def test_a_capture_of_an_agency_without_a_simulator_is_told(
    capture: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = replace(followed(), heading=replace(followed().heading, agency="harbour"))
    write(tmp_path / "harbour.jsonl", other)
    assert run(["mocks", "compare", str(tmp_path / "harbour.jsonl")]) == 2
    assert "Không có bộ mô phỏng 'harbour'." in capsys.readouterr().err


def test_an_old_capture_is_scrubbed_and_told_what_was_replaced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def notice(answer: Answer) -> Answer:
        return replace(answer, headers=(("content-type", "text/xml"),), body=people.NOTICE.encode())

    write(tmp_path / "old.jsonl", altered(followed(), 6, notice))
    assert run(["mocks", "scrub", str(tmp_path / "old.jsonl")]) == 0
    told = capsys.readouterr().out
    assert "mã số thuế · tax codes" in told
    assert not [each for each in people.ALL if each in told]
    new = read(tmp_path / "old-scrubbed.jsonl")
    assert new.heading.scrubbed
    assert not people.found_in(b"".join(each.answer.body for each in new.exchanges if each.answer))


def test_simulators_are_recorded_without_credentials(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path(shutil.copytree(pki().folder, tmp_path / "keys"))
    told: list[str] = []

    def act() -> None:
        told.extend(capsys.readouterr().out.splitlines())
        address = next(line.split()[-1] for line in told if "services" in line)
        Client(address).file(filed())
        requests.post(f"{address.removesuffix('/ihtkk_van')}/upload", data=b"x", timeout=5, allow_redirects=False)

    _while_it_runs(monkeypatch, act)
    options = ["--directory", str(folder), "--port", "0", "--only", "etax", "--record", str(tmp_path / "seen.jsonl")]
    assert run(["mocks", "serve", *options]) == 0
    recording = read(tmp_path / "seen-etax.jsonl")
    assert [each.request.target for each in recording.exchanges] == ["/ihtkk_van/NhanHSoThueServicePort", "/upload"]
    assert not recording.heading.scrubbed
    assert b"[removed]</w:Password>" in recording.exchanges[0].request.body
    assert "Sở Xây dựng tỉnh An Hoà".encode() in recording.exchanges[0].request.body
    assert run(["mocks", "serve", *options]) == 2
    assert "đã có" in capsys.readouterr().err


def test_a_capture_is_played_back(
    capture: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def act() -> None:
        address = capsys.readouterr().out.splitlines()[0]
        assert Client(address).told("getDsachTbao") == ""
        requests.get(f"{address}/nothing", timeout=5)

    _while_it_runs(monkeypatch, act)
    assert run(["mocks", "replay", str(capture), "--port", "0"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "getDsachTbao",
        "GET /ihtkk_van/nothing: không có trả lời trong bản ghi · no answer recorded",
        "Đã dừng · Stopped",
    ]


def test_what_is_recorded_is_told_while_it_passes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def act() -> None:
        address = capsys.readouterr().out.splitlines()[0].split()[-1]
        assert requests.get(f"{address}/port?token={people.TOKEN}", timeout=5).status_code == 502

    _while_it_runs(monkeypatch, act)
    command = ["mocks", "record", str(tmp_path / "real.jsonl"), "--upstream", "http://127.0.0.1:1/real", "--port", "0"]
    assert run(command) == 0
    assert capsys.readouterr().out.splitlines() == [
        "1  GET /real/port  không có trả lời · no answer",
        "Đã dừng · Stopped",
        "Đã thay thế · Replaced",
        "       1  thông tin đăng nhập · credentials",
    ]
