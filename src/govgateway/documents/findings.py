"""What a check says: one Finding per place and rule, in Vietnamese and English."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from govgateway.errors import Text


class Severity(StrEnum):
    """``error``: the law or observed practice, stops a filing. ``warning``: inferred or advisory, does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, or may be.

    ``path`` is the element's path by names (HSoThueDTu/HSoKhaiThue/…, rows numbered from 1), ``label`` what the printed
    form calls it, ``line`` its line in the file (0 when unknown), ``cell`` its spreadsheet cell when it came from one.
    """

    rule: str
    severity: Severity
    message: Text
    remedy: Text
    path: str = ""
    label: Text = Text("", "")
    line: int = 0
    cell: str = ""


def has_errors(findings: Iterable[Finding]) -> bool:
    """True when one of ``findings`` stops a filing."""
    return any(finding.severity is Severity.ERROR for finding in findings)
