"""A password is asked once, from the right place, and never shown."""

from __future__ import annotations

import getpass
import io
import sys
from pathlib import Path

import pytest

from govgateway.cli.passwords import key_password
from govgateway.errors import UsageError

KEY = Path("department.p12")


class _Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> io.BytesIO:
    monkeypatch.delenv("GOVGATEWAY_KEY_PASSWORD", raising=False)
    data = io.BytesIO()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(data, encoding="cp1252"))
    return data


@pytest.mark.parametrize("sent", ["mật khẩu\n", "mật khẩu\r\nsecond line\n", "mật khẩu", "\ufeffmật khẩu\n"])
def test_the_first_line_of_stdin_whatever_the_console_s_code_page(stdin: io.BytesIO, sent: str) -> None:
    stdin.write(sent.encode())
    stdin.seek(0)
    assert key_password(KEY, True, "vi") == "mật khẩu"


def test_bytes_that_are_no_text(stdin: io.BytesIO) -> None:
    stdin.write(b"\xff\xfe\n")
    stdin.seek(0)
    with pytest.raises(UsageError):
        key_password(KEY, True, "vi")


def test_the_environment_goes_before_the_terminal(stdin: io.BytesIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOVGATEWAY_KEY_PASSWORD", "secret")
    assert key_password(KEY, False, "vi") == "secret"


@pytest.mark.parametrize(("language", "prompt"), [("vi", "Mật khẩu của"), ("en", "Password of")])
def test_at_a_terminal_it_is_asked_once_and_unseen(
    stdin: io.BytesIO, monkeypatch: pytest.MonkeyPatch, language: str, prompt: str
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(sys, "stdin", _Terminal(io.BytesIO()))
    monkeypatch.setattr(getpass, "getpass", lambda prompt: asked.append(prompt) or "typed")
    assert key_password(KEY, False, language) == "typed"
    assert asked == [f"{prompt} department.p12: "]


def test_where_nobody_can_be_asked_there_is_none(stdin: io.BytesIO, monkeypatch: pytest.MonkeyPatch) -> None:
    assert key_password(KEY, False, "vi") is None
    monkeypatch.setattr(sys, "stdin", None)
    assert key_password(KEY, False, "vi") is None
