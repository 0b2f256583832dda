"""Runs one command: correlation id, errors that a person can read, exit codes."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence

from govgateway.cli import session
from govgateway.cli.checking import check_files, plain_request
from govgateway.cli.exits import DEFECT, INTERRUPTED
from govgateway.cli.output import print_error
from govgateway.errors import GovGatewayError, StorageError, Text


def run(arguments: Sequence[str]) -> int:
    """Run the command line ``arguments`` and give its exit code. Never raises for what a user did."""
    _speak_utf8()
    session.begin()
    try:
        code = _execute(arguments)
    except KeyboardInterrupt:
        code = INTERRUPTED
    except GovGatewayError as error:
        code = _report(error, arguments)
    except OSError as error:
        code = _report(_storage(error), arguments)
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


def _storage(error: OSError) -> StorageError:
    return StorageError(
        Text("Không đọc hoặc ghi được tệp.", "A file cannot be read or written."),
        Text("Kiểm tra dung lượng đĩa và quyền truy cập.", "Check the free space and your rights."),
        where=f"{error.filename or ''} ({type(error).__name__}, errno {error.errno})".strip(),
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
