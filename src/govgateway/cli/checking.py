"""``govgateway check``, without the command tree: it is run most often, over many files, and has to start at once."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from govgateway.cli.exits import FINDINGS
from govgateway.cli.output import error_values, findings_lines, plain, print_error, print_json
from govgateway.cli.session import settings
from govgateway.connector import Connector, connectors
from govgateway.documents.findings import Severity, has_errors
from govgateway.documents.xml import read_xml_file
from govgateway.errors import GovGatewayError, Text
from govgateway.pipeline.intake import Examined, examine

_MANY = 20

Request = tuple[list[Path], str | None, bool]
"""Files, language, whether the result is to be JSON."""


def plain_request(arguments: Sequence[str]) -> Request | None:
    """What ``check FILE… [--lang vi|en] [--json]`` asks for; None for anything else, which the command tree reads."""
    if arguments[:1] != ["check"]:
        return None
    files: list[Path] = []
    language, as_json = None, False
    rest = iter(arguments[1:])
    for word in rest:
        if word == "--json":
            as_json = True
        elif word == "--lang":
            language = next(rest, "")
        elif word.startswith("-"):
            return None
        else:
            files.append(Path(word))
    return (files, language, as_json) if files and language in {None, "vi", "en"} else None


def check_files(files: Sequence[Path], language: str | None, as_json: bool) -> int:
    """Check each of ``files`` and print what was found; the gravest of their exit codes."""
    spoken = settings(language).language
    expanded = list(_expanded(files))
    # One document needs the connector that knows it and no other; many share the list of all.
    installed = connectors() if len(expanded) == 1 else tuple(connectors())
    results = [_check(path, installed, spoken, as_json) for path in _counted(expanded)]
    if as_json:
        print_json({"files": [values for _, values in results]}, spoken)
    return max(code for code, _ in results)


def _check(path: Path, installed: Iterable[Connector], language: str, as_json: bool) -> tuple[int, dict[str, Any]]:
    try:
        examined = examine(read_xml_file(path), installed)
    except GovGatewayError as error:
        error.where = error.where or path.name
        if not as_json:
            print_error(error, as_json=False, language=language)
        return error.exit_code, {"file": str(path), "ok": False, "error": plain(error_values(error), language)}
    if not as_json:
        _print_examined(path, examined, language)
    wrong = has_errors(examined.findings)
    return FINDINGS if wrong else 0, {"file": str(path), "ok": not wrong, **_described(examined, language)}


def _described(examined: Examined, language: str) -> dict[str, Any]:
    recognition = examined.recognition
    return {
        "agency": recognition.agency,
        "form": recognition.form,
        "version": recognition.version,
        "title": recognition.title.in_language(language),
        "filer": recognition.filer,
        "period": recognition.period,
        "kind": recognition.kind,
        "findings": plain(examined.findings, language),
    }


def _print_examined(path: Path, examined: Examined, language: str) -> None:
    recognition = examined.recognition
    period = recognition.period_words.in_language(language) or recognition.period
    about = (recognition.title.in_language(language), recognition.filer, recognition.filer_name, period)
    print(f"{path.name}: " + " · ".join(each for each in about if each))
    for line in findings_lines(examined.findings, language):
        print(line)
    print(f"  ⇒ {_verdict(examined).in_language(language)}")


def _verdict(examined: Examined) -> Text:
    errors = sum(1 for each in examined.findings if each.severity is Severity.ERROR)
    warnings = len(examined.findings) - errors
    if not examined.findings:
        return Text("không có lỗi", "no errors")
    counted = (f"{errors} error{'' if errors == 1 else 's'}", f"{warnings} warning{'' if warnings == 1 else 's'}")
    return Text(f"{errors} lỗi, {warnings} cảnh báo", ", ".join(counted))


def _expanded(files: Iterable[Path]) -> Iterator[Path]:
    """``files``, with patterns such as ``*.xml`` spelled out: the shell of Windows leaves that to the program."""
    for path in files:
        found = sorted(path.parent.glob(path.name)) if set(path.name) & set("*?") and not path.exists() else []
        yield from found or (path,)


def _counted(files: Sequence[Path]) -> Iterator[Path]:
    """``files``, counted on a terminal when there are many."""
    if len(files) <= _MANY or not sys.stderr.isatty():
        yield from files
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    # Results that go to a file must not be drawn into the terminal with the bar.
    bar = Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=sys.stdout.isatty())
    with bar:
        yield from bar.track(files)
