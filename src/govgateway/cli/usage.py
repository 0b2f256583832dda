"""What a command line that cannot be understood is answered with: the library's words are English only."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from typer.exceptions import TyperException

from govgateway.errors import Text, UsageError


def is_help(error: TyperException) -> bool:
    """Whether ``error`` is the help of a group that was called without a command."""
    return type(error).__name__ == "NoArgsIsHelpError"


def usage_error(error: TyperException) -> UsageError:
    """The same in Vietnamese and English; the library's own sentence stays in the English text alone."""
    context: Any = getattr(error, "ctx", None)
    path = context.command_path if context else "govgateway"
    hint = Text(f"Xem cách dùng: {path} --help", f"See how it is used: {path} --help")
    english = error.format_message()
    if type(error).__name__ == "UsageError" and hasattr(getattr(context, "command", None), "list_commands"):
        return _unknown_command(english, context.command.list_commands(context), hint, path)
    return UsageError(Text(_in_vietnamese(error, english), english), hint)


def _unknown_command(english: str, known: Iterable[str], hint: Text, path: str) -> UsageError:
    quoted = re.search("'([^']+)'", english)
    name = quoted[1] if quoted else ""
    for near in get_close_matches(name, list(known), n=1):
        hint = Text(f"Có phải là '{path} {near}'?", f"Did you mean '{path} {near}'?")
    return UsageError(Text(f"Không có lệnh '{name}'.", f"There is no command '{name}'."), hint)


def _in_vietnamese(error: TyperException, english: str) -> str:
    name, meaning = _named(error)
    surplus = re.search(r"\(([^()]+)\)$", english)
    said = {
        "MissingParameter": f"Thiếu {name} ({meaning}).",
        "NoSuchOption": f"Không có tuỳ chọn {name}.",
        "BadOptionUsage": f"Tuỳ chọn {name} thiếu giá trị hoặc dùng chưa đúng.",
        "BadParameter": f"Giá trị của {name} không hợp lệ ({meaning}).",
    }
    return said.get(type(error).__name__, f"Thừa tham số: {surplus[1]}." if surplus else "Câu lệnh không đúng.")


def _named(error: TyperException) -> tuple[str, str]:
    """The option or the argument that ``error`` is about, as the help names it, and the help's Vietnamese words."""
    parameter: Any = getattr(error, "param", None)
    if parameter is None:
        return str(getattr(error, "option_name", "")), ""
    meaning = str(parameter.help or "").partition(" · ")[0]
    if parameter.param_type_name == "option":
        return str(parameter.opts[0]), meaning
    return str(parameter.metavar or parameter.name.upper()).rstrip("."), meaning
