"""One run: its correlation id, its errors, its exit code; nothing that a user does ends in a traceback."""

from __future__ import annotations

import re

import pytest

from govgateway.cli import run as runner
from govgateway.errors import StorageError, Text
from unit.cli.command_line import CommandLine

REFERENCE = re.compile(r"Mã tra cứu: ([0-9a-f]{12})\n")


def _failing(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def fail(arguments: object) -> int:
        raise error

    monkeypatch.setattr(runner, "_execute", fail)


def test_every_error_shows_a_reference_of_its_own_run(govgateway: CommandLine) -> None:
    words = (["check", "none.xml"], ["check", "none.xml", "--nope"], ["status", "nosuch"], ["sign", "none.xml"])
    found = [REFERENCE.search(govgateway(*each).err) for each in words]
    assert len({each[1] for each in found if each}) == len(words)


def test_an_error_that_has_a_reference_keeps_it(govgateway: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    said = Text("Hỏng.", "Broken.")
    _failing(monkeypatch, StorageError(said, said, correlation_id="abc"))
    ended = govgateway("status")
    assert ended.code == 6
    assert "Mã tra cứu: abc" in ended.err


def test_a_disk_that_fails(govgateway: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    _failing(monkeypatch, OSError(28, "No space left on device", "ledger.db"))
    ended = govgateway("status")
    assert ended.code == 6
    assert ended.err.startswith("Lỗi GG-003: ")
    assert "hết dung lượng đĩa" in ended.err
    assert "Ở: ledger.db\n" in ended.err


def test_a_reader_that_has_gone_is_told_nothing(govgateway: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    for gone in (BrokenPipeError(), SystemExit(1)):
        _failing(monkeypatch, gone)
        ended = govgateway("status")
        assert (ended.code, ended.out, ended.err) == (141, "", "")


def test_ctrl_c(govgateway: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    _failing(monkeypatch, KeyboardInterrupt())
    ended = govgateway("status", "--json")
    assert (ended.code, ended.out) == (130, "")
    assert ended.err.startswith("Đã ngắt.")


def test_a_defect_is_told_apart_from_a_refusal(govgateway: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    _failing(monkeypatch, ZeroDivisionError("x"))
    ended = govgateway("status", "--json")
    assert ended.code == 70
    assert ended.json["error"]["where"] == "ZeroDivisionError"
    assert "Traceback" in ended.err


@pytest.mark.parametrize("words", [("--lang", "en"), ("--lang=en",)])
def test_the_language_asked_for(govgateway: CommandLine, words: tuple[str, ...]) -> None:
    assert govgateway("sign", "none.xml", *words).err.startswith("Error GG-001: ")


def test_the_language_of_the_settings(govgateway: CommandLine) -> None:
    govgateway.settings.write_text('language = "en"\n', encoding="utf-8")
    assert govgateway("sign", "none.xml").err.startswith("Error GG-001: ")


def test_settings_that_are_broken_are_told_in_the_language_of_the_environment(
    govgateway: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    govgateway.settings.write_text("language =", encoding="utf-8")
    monkeypatch.setenv("GOVGATEWAY_LANGUAGE", "en")
    for command in (["status"], ["check", "none.xml"]):
        ended = govgateway(*command)
        assert ended.code == 5
        assert ended.err.startswith("Error GG-002: ")


def test_a_ledger_that_cannot_be_opened(govgateway: CommandLine) -> None:
    govgateway.settings.write_text('ledger = "folder/ledger.db"\n', encoding="utf-8")
    (govgateway.folder / "folder").write_text("a file where a folder should be", encoding="utf-8")
    ended = govgateway("status")
    assert ended.code == 6
    assert ended.err.startswith("Lỗi GG-003: ")
