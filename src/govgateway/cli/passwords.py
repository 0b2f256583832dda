"""Passwords: asked once, from a terminal, stdin or the environment; never from the command line."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from govgateway.configuration import Configuration
from govgateway.errors import KeyUnusable, Text, UsageError

if TYPE_CHECKING:
    from govgateway.signing.signer import FileSigner


def signer_of(configuration: Configuration, key: Path | None, filer: str, password_stdin: bool) -> FileSigner:
    """The signer for ``filer``: the key named, else that of the profile. Raises UsageError without either."""
    from govgateway.signing.signer import FileSigner

    profile = configuration.filers.get(filer)
    path = key or (profile.key if profile else None)
    if path is None:
        raise UsageError(
            Text(f"Chưa biết khoá ký của {filer}.", f"No signing key is known for {filer}."),
            Text(
                f"Thêm --key TỆP, hoặc lưu vào hồ sơ: govgateway filer add {filer} --key TỆP",
                f"Add --key FILE, or keep it in the profile: govgateway filer add {filer} --key FILE",
            ),
        )
    password = key_password(path, password_stdin, configuration.language)
    try:
        return FileSigner.read(path, password)
    except KeyUnusable as error:
        if password is None:
            error.remedy = _GIVE_IT
        raise


def key_password(key: Path, from_stdin: bool, language: str) -> str | None:
    """The password of ``key``: from stdin when asked, else GOVGATEWAY_KEY_PASSWORD, else asked on the terminal.

    It is asked once: a wrong password is an error, never a second try. None when nobody can be asked.
    """
    if not from_stdin and "GOVGATEWAY_KEY_PASSWORD" in os.environ:
        return os.environ["GOVGATEWAY_KEY_PASSWORD"]
    if not from_stdin and not _at_a_terminal():
        return None
    return ask(Text(f"Mật khẩu của {key.name}: ", f"Password of {key.name}: "), language, from_stdin=from_stdin)


def ask(prompt: Text, language: str, *, from_stdin: bool = False) -> str:
    """A secret: typed unseen at a terminal, else the first line of stdin (UTF-8). Raises UsageError for other bytes."""
    from getpass import getpass

    if not from_stdin and _at_a_terminal():
        return getpass(prompt.in_language(language))
    line = sys.stdin.buffer.readline() if sys.stdin else b""
    try:
        return line.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        raise UsageError(
            Text("Mật khẩu đọc từ stdin không phải UTF-8.", "The password on stdin is not UTF-8."),
            Text("Nhập trực tiếp, hoặc dùng bảng mã UTF-8.", "Type it at the prompt, or send it as UTF-8."),
        ) from None


def _at_a_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


_GIVE_IT = Text(
    "Nếu tệp khoá có mật khẩu: chạy ở cửa sổ lệnh để được hỏi, hoặc dùng --password-stdin, GOVGATEWAY_KEY_PASSWORD.",
    "If the key has a password: run it in a terminal to be asked, or use --password-stdin, GOVGATEWAY_KEY_PASSWORD.",
)
