"""What a person or a program reads: errors, findings and plain values, in one language at a time."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import PurePath
from typing import Any

from govgateway.calendar import VIETNAM
from govgateway.cli.session import correlation_id
from govgateway.connector import Secret
from govgateway.documents.figures import written_figure
from govgateway.documents.findings import Finding, Severity
from govgateway.errors import DocumentRefused, GovGatewayError, Text

_MOST_OF_A_RULE = 20
_SEVERITY = {Severity.ERROR: Text("LỖI", "ERROR"), Severity.WARNING: Text("CẢNH BÁO", "WARNING")}


def plain(value: Any, language: str) -> Any:
    """``value`` as JSON values: texts in ``language``, times in ISO 8601, amounts as decimal strings, no secrets."""
    if isinstance(value, Text):
        return value.in_language(language)
    if isinstance(value, Decimal | StrEnum | Secret | PurePath):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name), language) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(each, language) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(each, language) for each in value]
    return value


def print_json(value: Any, language: str) -> None:
    """Print ``value`` as JSON on stdout."""
    import json

    print(json.dumps(plain(value, language), ensure_ascii=False, indent=2))


def moment(at: datetime) -> str:
    """A moment in Vietnam's time."""
    return at.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M:%S")


def error_values(error: GovGatewayError) -> dict[str, Any]:
    """Everything that an error says, for a program."""
    return {
        "code": error.code,
        "message": error.message,
        "where": error.where,
        "remedy": error.remedy,
        "correlation_id": error.correlation_id or correlation_id(),
        "retryable": error.retryable,
        "findings": _findings_of(error),
    }


def print_error(error: GovGatewayError, *, as_json: bool, language: str) -> None:
    """Print what happened, where and what to do: on stderr for a person, on stdout as JSON for a program."""
    if as_json:
        print_json({"error": error_values(error)}, language)
        return
    lines = [f"{Text('Lỗi', 'Error').in_language(language)} {error.code}: {error.message.in_language(language)}"]
    lines += findings_lines(_findings_of(error), language)
    rest = (
        (Text("Ở", "Where"), error.where),
        (Text("Cách xử lý", "What to do"), error.remedy.in_language(language)),
        (Text("Mã tra cứu", "Reference"), error.correlation_id or correlation_id()),
    )
    lines += [f"  {label.in_language(language)}: {said}" for label, said in rest if said]
    print("\n".join(lines), file=sys.stderr)


def _findings_of(error: GovGatewayError) -> list[Finding]:
    findings = error.findings if isinstance(error, DocumentRefused) else ()
    return [each for each in findings if isinstance(each, Finding)]


def findings_lines(findings: Iterable[Finding], language: str) -> Iterator[str]:
    """``findings`` as a person reads them: of what is wrong in each of thousands of rows the first ones are enough."""
    told = Counter[str]()
    for finding in findings:
        told[finding.rule] += 1
        if told[finding.rule] <= _MOST_OF_A_RULE:
            yield from finding_lines(finding, language)
    for rule, number in told.items():
        if number > _MOST_OF_A_RULE:
            more = written_figure(number - _MOST_OF_A_RULE, language)
            said = Text(f"còn {more} lần nữa; xem hết bằng --json", f"{more} times more; --json shows all")
            yield f"  … {rule}: {said.in_language(language)}"


def finding_lines(finding: Finding, language: str) -> list[str]:
    """A finding as a person reads it: severity, rule, where; message; remedy. Names of elements are for programs."""
    line = Text(f"dòng {finding.line}", f"line {finding.line}").in_language(language) if finding.line else ""
    place = finding.cell or _row(finding.path).in_language(language)
    label = finding.label.in_language(language)
    head = " · ".join(each for each in (finding.rule, line, place, label) if each)
    return [
        f"  {_SEVERITY[finding.severity].in_language(language)} {head}",
        f"      {finding.message.in_language(language)}",
        f"      → {finding.remedy.in_language(language)}",
    ]


def _row(path: str) -> Text:
    """Which row of a table the element at ``path`` is in; empty for none, and for the only one."""
    numbers = re.findall(r"\[(\d+)\]", path)
    return Text(f"mục {numbers[-1]}", f"item {numbers[-1]}") if numbers else Text("", "")
