"""docs/spreadsheets.md lists every rule about cells, and its examples make declarations."""

from __future__ import annotations

import json

from govgateway.documents.spreadsheet import opening, rules
from govgateway.documents.spreadsheet.rules import SheetRule
from govgateway.pipeline.drafting import Source, draft
from govgateway_etax import connector
from unit.docs.pages import Page
from unit.docs.pages import rows as rows_of
from workbooks import ABOUT, DAY

PAGE = Page("docs/spreadsheets.md")


def test_every_rule_is_described_with_its_severity() -> None:
    described = {(row[0].strip("`"), row[1]) for row in rows_of(PAGE.section("Rules about cells"))}
    known = [each for each in vars(rules).values() if isinstance(each, SheetRule)]
    assert described == {(each.rule, each.severity.value) for each in known}
    assert len({each.rule for each in known}) == len(known)


def test_the_json_example_is_a_declaration_without_findings() -> None:
    (example,) = PAGE.blocks("json")
    assert json.loads(example)["form"] == "01/PH"
    assert draft(Source("f.json", example.encode()), [connector], ABOUT, day=DAY).findings == ()


def test_the_limits_are_those_of_the_code() -> None:
    assert f"more than 64 MB unpacked, {opening.MOST_ROWS} rows or {opening.MOST_COLUMNS} columns" in PAGE.prose
