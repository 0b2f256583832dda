"""What a spreadsheet gave: the entries of a document, and what there is to say of the places they were read from."""

from __future__ import annotations

from dataclasses import dataclass

from govgateway.documents.entries import Entry
from govgateway.documents.findings import Finding


@dataclass(frozen=True, slots=True)
class Content:
    """``root`` is the entry of the document's root."""

    root: Entry
    findings: tuple[Finding, ...] = ()
