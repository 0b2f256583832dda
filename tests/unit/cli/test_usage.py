"""A line that cannot be understood is answered in one language, without a word of the library's English."""

from __future__ import annotations

import pytest

from unit.cli.command_line import CommandLine

ENGLISH = ("Missing", "No such", "Invalid", "Input should", "unexpected", "requires", "argument", "option")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("nosuch", "Không có lệnh 'nosuch'."),
        ("filer nosuch", "Không có lệnh 'nosuch'."),
        ("mocks nosuch", "Không có lệnh 'nosuch'."),
        ("check", "Thiếu FILE (Tệp XML)."),
        ("cancel 261116-ABCDEF", "Thiếu --reason (Lý do)."),
        ("check --nope a.xml", "Không có tuỳ chọn --nope."),
        ("--nope", "Không có tuỳ chọn --nope."),
        ("submit --key", "Tuỳ chọn --key thiếu giá trị hoặc dùng chưa đúng."),
        ("submit --env moon a.xml", "Giá trị của --env không hợp lệ (Môi trường: simulator, sandbox, production)."),
        ("submit --timeout soon a.xml", "Giá trị của --timeout không hợp lệ (Chờ tối đa (giây))."),
        ("status --timeout -1", "Giá trị của --timeout không hợp lệ (Chờ tối đa (giây))."),
        ("config path more", "Thừa tham số: more."),
        ("check --lang fr a.xml", "Không có ngôn ngữ 'fr'."),
    ],
)
def test_in_vietnamese(govgateway: CommandLine, line: str, said: str) -> None:
    ended = govgateway(*line.split())
    assert ended.code == 2
    assert ended.err.startswith(f"Lỗi GG-001: {said}\n")
    assert not [word for word in ENGLISH if word in ended.err]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("nosuch --lang en", "There is no command 'nosuch'."),
        ("submit --env moon a.xml --lang=en", "'moon'"),
        ("check --nope a.xml --lang en", "No such option: --nope"),
    ],
)
def test_in_english(govgateway: CommandLine, line: str, said: str) -> None:
    ended = govgateway(*line.split())
    assert ended.code == 2
    assert said in ended.err
    assert ended.err.startswith("Error GG-001: ")


def test_the_nearest_command_is_offered(govgateway: CommandLine) -> None:
    assert "Có phải là 'govgateway status'?" in govgateway("statsu").err
    assert "Có phải là 'govgateway filer list'?" in govgateway("filer", "lst").err


def test_the_help_of_the_very_command_is_named(govgateway: CommandLine) -> None:
    assert "govgateway config path --help" in govgateway("config", "path", "more").err


def test_as_json(govgateway: CommandLine) -> None:
    ended = govgateway("submit", "--json")
    assert ended.code == 2
    assert ended.json["error"]["code"] == "GG-001"
    assert not ended.err
