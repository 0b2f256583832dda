"""docs/errors.md lists every error and every rule, with the exit code and severity that they have."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from govgateway.documents import refusals
from govgateway.errors import GovGatewayError
from govgateway_etax import rules
from samples import ROOT
from unit.docs.pages import Page, rows

PAGE = Page("docs/errors.md")
_SCH = "{http://purl.oclc.org/dsdl/schematron}"


def _errors(root: type[GovGatewayError] = GovGatewayError) -> Iterator[type[GovGatewayError]]:
    yield root
    for each in root.__subclasses__():
        if each.__module__ == "govgateway.errors":
            yield from _errors(each)


def test_every_error_is_described_as_it_is() -> None:
    described = {
        (code.strip("`"), name.strip("`"), int(exit_code), retryable)
        for code, name, _, exit_code, retryable, _ in rows(PAGE.section("Error codes"))
    }
    assert described == {
        (each.code, each.__name__, each.exit_code, "yes" if each.retryable else "no") for each in _errors()
    }


def _rules() -> Iterator[tuple[str, str]]:
    for path in (ROOT / "schemas").rglob("*.sch"):
        for each in etree.parse(path).iter(f"{_SCH}assert"):
            yield each.get("id", ""), each.get("role", "error")
    for rule in vars(rules).values():
        if isinstance(rule, rules.Rule):
            yield rule.rule, rule.severity.value
    structure = (ROOT / "src/govgateway/documents/refusals.py").read_text(encoding="utf-8")
    for each in re.findall(r'"(SCHEMA-[A-Z]+)"', structure):
        yield each, "warning" if each == refusals.UNKNOWN else "error"


def test_every_rule_is_described_with_its_severity() -> None:
    described = {(row[0].strip("`"), row[1]) for row in rows(PAGE.prose) if row[1] in {"error", "warning"}}
    assert described == set(_rules())
