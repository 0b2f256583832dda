"""docs/agencies/etax.md names every operation, notice, profile and check that there is."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

from lxml import etree

import keys
from govgateway import read_xml
from govgateway_etax import lookup, polling
from govgateway_etax.connector import ETax
from govgateway_mocks.etax import judge
from govgateway_mocks.etax.office import TaxOffice
from govgateway_mocks.pki import DemonstrationPki
from samples import EXAMPLE, ROOT
from unit.docs.pages import Page, rows, spans_of

PAGE = Page("docs/agencies/etax.md")
FOLDER = ROOT / "schemas" / "govgateway_schemas" / "etax"


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def test_every_operation_of_the_services_is_described() -> None:
    operations = {
        each.get("name")
        for path in (FOLDER / "wsdl").glob("*.wsdl")
        for each in etree.parse(path).iterfind(
            "{http://schemas.xmlsoap.org/wsdl/}portType/{http://schemas.xmlsoap.org/wsdl/}operation"
        )
    }
    assert {spans_of(row[0])[0] for row in rows(PAGE.section("The services"))} == operations


def test_every_notice_is_described_with_what_it_proves() -> None:
    described = {
        (spans_of(code)[0], answer, spans_of(becomes)[0])
        for code, _, answers, becomes in (row for row in rows(PAGE.section("Notices")) if len(row) == 4)
        for answer in spans_of(answers)[1:]
    }
    assert described == {
        (code, answer, status)
        for code, table in _toml("notices.toml").items()
        for answer, status in table["answers"].items()
    }


def test_every_field_of_a_days_result_is_described(tmp_path: Path) -> None:
    office = TaxOffice(DemonstrationPki(tmp_path), lambda: keys.NOW, timedelta(0), timedelta(0))
    office.take(EXAMPLE.read_bytes())
    (row,) = read_xml(office.day_result("16/11/2026")).root.iter("{http://kekhaithue.gdt.gov.vn/TBaoThue}CTietGDich")
    described = [name for cells in rows(PAGE.section("After a lost answer")) for name in spans_of(cells[0])]
    assert described == [etree.QName(field).localname for field in row]


def test_every_profile_is_described() -> None:
    assert set(_toml("signatures.toml")) <= set(PAGE.spans())


def test_every_check_of_the_simulator_is_described_in_its_order() -> None:
    notices = {"213": judge.FORMAT, "843": judge.RECEIPT, "844": judge.ACCEPTANCE}
    expected = [(check.__name__, code) for code, checks in notices.items() for check in checks]
    table = rows(PAGE.section("The simulator"))
    assert [(spans_of(row[0])[0], row[2].split()[1].rstrip(",")) for row in table] == expected


def test_every_form_that_is_carried_is_named() -> None:
    forms = [
        f"{form.code} {form.name}, version {form.number}, type {', '.join(form.kinds)}" for form in ETax().forms.all()
    ]
    assert forms
    assert all(form in PAGE.prose for form in forms)


def test_the_numbers_are_those_of_the_code() -> None:
    prose = " ".join(PAGE.prose.split())
    assert ETax.capabilities.quiet_period == timedelta(hours=1)
    assert "**quiet period of one hour**, asked twice; that" in prose
    tolerance = lookup.CLOCK_TOLERANCE
    assert tolerance == timedelta(minutes=10)
    assert "in the ten minutes before the send" in prose
    assert f"more than {lookup.MOST_DAYS} days ago" in prose
    assert f"at most the {polling.MOST_NOTICES} newest" in prose
