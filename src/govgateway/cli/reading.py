"""How help is read: plain text in both languages, the library's own headings too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import typer

_HEADINGS = {"Arguments": "Tham số · Arguments", "Options": "Tuỳ chọn · Options", "Commands": "Lệnh · Commands"}
_PHRASES = {
    "Show this message and exit.": "Xem hướng dẫn này · Show this message",
    "[required]": "[bắt buộc · required]",
    "[default:": "[mặc định · default:",
}


class _Formatter(typer.Context.formatter_class):  # type: ignore[misc, valid-type]  # not exported
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or "Cách dùng · Usage: ")

    def write_heading(self, heading: str) -> None:
        super().write_heading(_HEADINGS.get(heading, heading))

    def write_dl(self, rows: Sequence[tuple[str, str]], *widths: int) -> None:
        super().write_dl([(name, _translated(said)) for name, said in rows], *widths)


class _Context(typer.Context):
    formatter_class = _Formatter


def in_both_languages(command: Any) -> Any:
    """``command`` with its help, and that of the commands below it, in plain text and in both languages."""
    command.context_class = _Context
    command.rich_markup_mode = None
    for below in getattr(command, "commands", {}).values():
        in_both_languages(below)
    return command


def _translated(said: str) -> str:
    for english, both in _PHRASES.items():
        said = said.replace(english, both)
    return said
