"""What a person or a program reads: errors, findings and plain values, in one language at a time."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from govgateway.documents.findings import Finding, Severity
from govgateway.errors import DocumentRefused, GovGatewayError, Text

_SEVERITY = {Severity.ERROR: Text("LỖI", "ERROR"), Severity.WARNING: Text("CẢNH BÁO", "WARNING")}


def plain(value: Any, language: str) -> Any:
    """``value`` as JSON values: texts in ``language``, times in ISO 8601, amounts as decimal strings."""
    if isinstance(value, Text):
        return value.in_language(language)
    if isinstance(value, Decimal | StrEnum):
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
    print(json.dumps(plain(value, language), ensure_ascii=False, indent=2))


def print_error(error: GovGatewayError, *, as_json: bool, language: str) -> None:
    """Print what happened, where and what to do: on stderr for a person, on stdout as JSON for a program."""
    findings = error.findings if isinstance(error, DocumentRefused) else ()
    if as_json:
        print_json(
            {
                "error": {
                    "code": error.code,
                    "message": error.message,
                    "where": error.where,
                    "remedy": error.remedy,
                    "correlation_id": error.correlation_id,
                    "retryable": error.retryable,
                    "findings": findings,
                }
            },
            language,
        )
        return
    say = Text("Lỗi", "Error"), Text("Ở", "Where"), Text("Cách xử lý", "What to do"), Text("Mã tra cứu", "Reference")
    lines = [f"{say[0].in_language(language)} {error.code}: {error.message.in_language(language)}"]
    lines += [line for finding in findings if isinstance(finding, Finding) for line in finding_lines(finding, language)]
    if error.where:
        lines.append(f"  {say[1].in_language(language)}: {error.where}")
    lines.append(f"  {say[2].in_language(language)}: {error.remedy.in_language(language)}")
    lines.append(f"  {say[3].in_language(language)}: {error.correlation_id}")
    print("\n".join(lines), file=sys.stderr)


def finding_lines(finding: Finding, language: str) -> list[str]:
    """A finding as a person reads it: severity, rule, line; message; path; remedy."""
    line = Text(f"dòng {finding.line}", f"line {finding.line}").in_language(language) if finding.line else ""
    label = finding.label.in_language(language)
    head = " · ".join(each for each in (finding.rule, line, finding.cell, label) if each)
    return [
        f"  {_SEVERITY[finding.severity].in_language(language)} {head}",
        f"      {finding.message.in_language(language)}",
        f"      {finding.path}",
        f"      → {finding.remedy.in_language(language)}",
    ]
