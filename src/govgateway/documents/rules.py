"""ISO Schematron: what holds between the fields of a form, run by lxml, told in both languages.

Every assert of a rules file has an id and four diagnostics, ``<id>.vi``, ``<id>.en``, ``<id>.remedy.vi`` and
``<id>.remedy.en``; ``role="warning"`` marks a rule that is inferred and stops nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lxml import etree
from lxml.isoschematron import Schematron

from govgateway.documents.findings import Finding, Severity
from govgateway.documents.outline import Outline, element_at, line_of, names_of, path_of
from govgateway.documents.xml import XmlDocument
from govgateway.errors import Text

_SVRL = "{http://purl.oclc.org/dsdl/svrl}"


def compile_rules(path: Path) -> Any:
    """The rules file at ``path``, compiled for ``rule_findings``."""
    return Schematron(etree.parse(path), store_report=True)


def rule_findings(document: XmlDocument, rules: Iterable[Any], outline: Outline) -> tuple[Finding, ...]:
    """What ``rules`` find wrong in ``document``, by rules file and then in the document's order."""
    return tuple(
        _finding(failed, document, outline)
        for compiled in rules
        if not compiled.validate(document.root)
        for failed in compiled.validation_report.iter(f"{_SVRL}failed-assert")
    )


def _finding(failed: etree._Element, document: XmlDocument, outline: Outline) -> Finding:
    rule = failed.get("id", "")
    texts = {
        each.get("diagnostic", ""): " ".join("".join(map(str, each.itertext())).split())
        for each in failed.iter(f"{_SVRL}diagnostic-reference")
    }
    element = element_at(document, failed.get("location", "."))
    return Finding(
        rule=rule,
        severity=Severity.WARNING if failed.get("role") == "warning" else Severity.ERROR,
        message=Text(texts[f"{rule}.vi"], texts[f"{rule}.en"]),
        remedy=Text(texts[f"{rule}.remedy.vi"], texts[f"{rule}.remedy.en"]),
        path=path_of(element),
        label=outline.label(names_of(element)),
        line=line_of(element),
    )
