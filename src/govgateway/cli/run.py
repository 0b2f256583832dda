"""Runs one command: correlation id, errors that a person can read, exit codes."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

from govgateway.causes import cause_of
from govgateway.cli import session
from govgateway.cli.checking import check_files, plain_request
from govgateway.cli.exits import DEFECT, INTERRUPTED, READER_GONE, STORAGE
from govgateway.cli.output import print_error
from govgateway.errors import GovGatewayError, StorageError, Text


def run(arguments: Sequence[str]) -> int:
    """Run the command line ``arguments`` and give its exit code. Never raises for what a user did."""
    _speak_utf8()
    session.begin()
    try:
        code = _ended(arguments)
        print(end="", flush=True)  # what stands in the buffer yet can fail, too
    except (
        BrokenPipeError,
        SystemExit,
    ):  # whoever read it, such as "head", has read enough; Typer exits of itself then
        _discard_output()
        code = READER_GONE
    except OSError as error:
        code = _unwritten(error, arguments)
    return code


def _ended(arguments: Sequence[str]) -> int:
    """The exit code of the command. Raises OSError, and SystemExit for a pipe that was closed."""
    try:
        code = _execute(arguments)
    except KeyboardInterrupt:
        code = INTERRUPTED
    except GovGatewayError as error:
        code = _report(error, arguments)
    except OSError:
        raise
    except Exception as error:
        _report(_defect(error), arguments)
        code = DEFECT
    if code == INTERRUPTED:
        print(_INTERRUPTED.in_language(session.language_of(arguments)), file=sys.stderr)
    return code


_INTERRUPTED = Text(
    "Đã ngắt. Những gì đã nộp vẫn nằm trong sổ cái: govgateway status",
    "Interrupted. What was filed stands in the ledger: govgateway status",
)


def _execute(arguments: Sequence[str]) -> int:
    request = plain_request(arguments)
    if request is not None:
        return check_files(*request)
    from govgateway.cli.app import execute  # the command tree costs more than a whole check

    return execute(arguments)


def _report(error: GovGatewayError, arguments: Sequence[str]) -> int:
    print_error(error, as_json="--json" in arguments, language=session.language_of(arguments))
    return error.exit_code


def _unwritten(error: OSError, arguments: Sequence[str]) -> int:
    """Tell that something could not be read or written: on stderr when that is stdout itself."""
    try:
        print(end="", flush=True)
        return _report(_storage(error), arguments)
    except OSError:
        _discard_output()
        print_error(_storage(error), as_json=False, language=session.language_of(arguments))
        return STORAGE


def _discard_output() -> None:
    """Lead stdout nowhere: what it still holds would fail again when the process ends."""
    with suppress(OSError, AttributeError):  # there may be no stdout, or none of the system's
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _storage(error: OSError) -> StorageError:
    cause = cause_of(error)
    return StorageError(
        Text(f"Không đọc hoặc ghi được: {cause.vi}.", f"Something cannot be read or written: {cause.en}."),
        Text("Kiểm tra dung lượng đĩa và quyền truy cập.", "Check the free space and your rights."),
        where=str(error.filename or ""),
    )


def _defect(error: Exception) -> GovGatewayError:
    """What a person reads of an error that nobody foresaw; the traceback for its report goes before it."""
    import traceback

    traceback.print_exception(error)
    return GovGatewayError(
        Text("Chương trình gặp lỗi không lường trước.", "The program met an error that nobody foresaw."),
        Text(
            "Báo lỗi này kèm đoạn trên và mã tra cứu. Việc nộp hồ sơ chỉ căn cứ vào sổ cái: xem 'govgateway status'.",
            "Report it with the lines above and the reference. What was filed stands in 'govgateway status'.",
        ),
        where=type(error).__name__,
    )


def _speak_utf8() -> None:
    """Vietnamese comes out right on every console, a Windows one with a legacy code page too."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
