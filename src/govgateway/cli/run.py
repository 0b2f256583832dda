"""Runs one command: language, correlation id, errors that a person can read, exit codes."""

from __future__ import annotations

import io
import os
import re
import secrets
import sys
from collections.abc import Sequence
from itertools import pairwise

from typer.exceptions import Abort, Exit, TyperException

from govgateway.cli.output import print_error
from govgateway.errors import GovGatewayError, StorageError, Text, UsageError

INTERRUPTED = 130


def run(arguments: Sequence[str]) -> int:
    """Run the command line ``arguments`` and give its exit code. Never raises for what a user did."""
    from typer.main import get_command

    from govgateway.cli.app import app

    _speak_utf8()
    try:
        result = get_command(app).main(args=list(arguments), prog_name="govgateway", standalone_mode=False)
    except Exit as exit_:
        return exit_.exit_code
    except (Abort, KeyboardInterrupt):
        return INTERRUPTED
    except TyperException as error:
        return _report(_usage(error), arguments)
    except GovGatewayError as error:
        return _report(error, arguments)
    except OSError as error:
        return _report(_storage(error), arguments)
    return result if isinstance(result, int) else 0


def _report(error: GovGatewayError, arguments: Sequence[str]) -> int:
    error.correlation_id = error.correlation_id or secrets.token_hex(6)
    print_error(error, as_json="--json" in arguments, language=_language(arguments))
    return error.exit_code


def _language(arguments: Sequence[str]) -> str:
    """The language of an error: what the command line asks for, else the settings, else Vietnamese."""
    for before, after in pairwise(arguments):
        if before == "--lang":
            return after
    from govgateway.configuration import load

    try:
        return load().language
    except GovGatewayError:
        return os.environ.get("GOVGATEWAY_LANGUAGE", "vi")


def _usage(error: TyperException) -> UsageError:
    """The library's words, which are English only, stay in the English text."""
    kind = type(error).__name__
    name = getattr(getattr(error, "param", None), "name", "") or getattr(error, "option_name", "")
    quoted = re.findall(r"'([^']+)'|\((\S+)\)", error.format_message())
    said = {
        "MissingParameter": f"Thiếu tham số {name.upper()}.",
        "NoSuchOption": f"Không có tuỳ chọn {name}.",
        "BadOptionUsage": f"Tuỳ chọn {name} dùng chưa đúng.",
        "BadParameter": f"Giá trị của {name} không hợp lệ.",
    }.get(kind, "Câu lệnh không đúng" + "".join(f": {one or other}" for one, other in quoted[:1]) + ".")
    return UsageError(
        Text(said, error.format_message()),
        Text("Xem cách dùng: govgateway --help", "See how it is used: govgateway --help"),
    )


def _storage(error: OSError) -> StorageError:
    return StorageError(
        Text("Không đọc hoặc ghi được tệp.", "A file cannot be read or written."),
        Text("Kiểm tra dung lượng đĩa và quyền truy cập.", "Check the free space and your rights."),
        where=f"{error.filename or ''} ({type(error).__name__}, errno {error.errno})",
    )


def _speak_utf8() -> None:
    """Vietnamese comes out right on every console, a Windows one with a legacy code page too."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
