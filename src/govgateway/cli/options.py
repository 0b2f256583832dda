"""Options that several commands share, and the settings they stand for."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from govgateway.configuration import Configuration, load
from govgateway.errors import Text, UsageError
from govgateway.filing import Environment

Language = Annotated[str | None, typer.Option("--lang", help="Ngôn ngữ: vi hoặc en · Language: vi or en")]
AsJson = Annotated[bool, typer.Option("--json", help="Kết quả dạng JSON · Output as JSON")]
Where = Annotated[
    Environment | None, typer.Option("--env", help="Môi trường: simulator, sandbox, production · Environment")
]
KeyFile = Annotated[Path | None, typer.Option("--key", help="Tệp khoá ký .p12/.pfx/.pem · Key file")]
PasswordFromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Đọc mật khẩu khoá từ stdin · Read the key's password from stdin")
]


def settings(language: str | None) -> Configuration:
    """The configuration in force, with ``language`` where the command line names one. Raises UsageError for others."""
    from dataclasses import replace

    configuration = load()
    if language is None:
        return configuration
    if language not in {"vi", "en"}:
        raise UsageError(
            Text(f"Không có ngôn ngữ '{language}'.", f"There is no language '{language}'."),
            Text("Dùng --lang vi hoặc --lang en.", "Use --lang vi or --lang en."),
        )
    return replace(configuration, language=language)


def key_password(key: Path, from_stdin: bool, language: str) -> str | None:
    """The password of ``key``: from stdin when asked, else GOVGATEWAY_KEY_PASSWORD, else asked on the terminal.

    It is asked once: a wrong password is an error, never a second try. None when nobody can be asked.
    """
    import os
    from getpass import getpass

    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if "GOVGATEWAY_KEY_PASSWORD" in os.environ:
        return os.environ["GOVGATEWAY_KEY_PASSWORD"]
    if not sys.stdin.isatty():
        return None
    return getpass(Text(f"Mật khẩu của {key.name}: ", f"Password of {key.name}: ").in_language(language))
