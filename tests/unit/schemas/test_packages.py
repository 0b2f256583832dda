"""Form packages are data: what every one of them has to be, whoever writes it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree
from lxml.isoschematron import Schematron

import govgateway_schemas
from govgateway.documents.package import FormLibrary, FormVersion
from govgateway.signing.profile import read_profiles

SCHEMAS = Path(govgateway_schemas.__file__).parent
AGENCIES = sorted({path.parent.parent for path in SCHEMAS.glob("*/*/form.toml")})
FORMS = [form for agency in AGENCIES for form in FormLibrary(agency).all()]
RULES = sorted(SCHEMAS.rglob("*.sch"))
XSDS = sorted({*SCHEMAS.rglob("form.xsd"), *SCHEMAS.rglob("envelope.xsd")})

_SCH = "{http://purl.oclc.org/dsdl/schematron}"
_XS = "{http://www.w3.org/2001/XMLSchema}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

each_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.code}@{form.number}")
each_rules_file = pytest.mark.parametrize("path", RULES, ids=lambda path: str(path.relative_to(SCHEMAS)))
each_schema = pytest.mark.parametrize("path", XSDS, ids=lambda path: str(path.relative_to(SCHEMAS)))


def test_there_are_packages() -> None:
    assert FORMS
    assert RULES
    assert XSDS


@each_form
def test_a_form_is_whole(form: FormVersion) -> None:
    assert (form.folder / "form.xsd").is_file()
    assert form.rule_files
    assert all(path.is_file() for path in form.rule_files)
    assert form.title.vi != form.title.en
    assert form.legal_basis
    assert form.kinds
    assert form.outline.fields
    assert isinstance(form._schema, etree.XMLSchema)
    assert isinstance(form._rules, etree.XSLT)


@each_form
def test_its_signatures_have_a_profile(form: FormVersion) -> None:
    profiles = read_profiles((form.folder.parent.parent / "signatures.toml").read_text(encoding="utf-8"))
    assert any(need.required for need in form.signatures)
    assert {need.profile for need in form.signatures} <= set(profiles)
    assert len({need.role for need in form.signatures}) == len(form.signatures)


@each_form
def test_the_agency_s_catalogue_lists_it(form: FormVersion) -> None:
    with (form.folder.parent.parent / "catalogue.csv").open(encoding="utf-8", newline="") as rows:
        listed = {(row["maTKhai"], row["pbanTKhaiXML"], row["loaiTKhai"]) for row in csv.DictReader(rows)}
    assert {(form.code, form.number, kind) for kind in form.kinds} <= listed


@each_rules_file
def test_rules_are_iso_schematron(path: Path) -> None:
    assert Schematron(etree.parse(path), validate_schema=True) is not None  # raises for what is none


@each_rules_file
def test_every_assert_has_its_texts_and_its_evidence(path: Path) -> None:
    schema = etree.parse(path).getroot()
    texts = {
        each.get("id"): (each.get(_LANG), (each.text or "").strip() or len(each))
        for each in schema.iter(f"{_SCH}diagnostic")
    }
    for each in schema.iter(f"{_SCH}assert"):
        rule = each.get("id", "")
        names = [f"{rule}.{part}" for part in ("vi", "en", "remedy.vi", "remedy.en")]
        assert each.get("diagnostics", "").split() == names
        assert [texts[name][0] for name in names] == ["vi", "en", "vi", "en"]
        assert all(texts[name][1] for name in names)
        before = each.getprevious()
        assert before is not None
        assert before.tag is etree.Comment, f"{rule}: no evidence stands above it"
    used = {name for each in schema.iter(f"{_SCH}assert") for name in each.get("diagnostics", "").split()}
    assert used == set(texts)


@each_rules_file
def test_what_is_inferred_stops_nothing(path: Path) -> None:
    for each in etree.parse(path).iter(f"{_SCH}assert"):
        evidence = each.getprevious()
        assert evidence is not None
        if (evidence.text or "").strip().startswith("Inferred"):
            assert each.get("role") == "warning", each.get("id")


def _ids() -> Iterator[str]:
    for path in RULES:
        yield from (each.get("id", "") for each in etree.parse(path).iter(f"{_SCH}assert"))


def test_a_rule_s_id_is_its_own() -> None:
    ids = list(_ids())
    assert len(ids) == len(set(ids))


@each_schema
def test_every_element_and_every_type_of_a_value_says_what_it_is_in_both_languages(path: Path) -> None:
    root = etree.parse(path).getroot()
    for each in [*root.iter(f"{_XS}element"), *root.iterfind(f"{_XS}simpleType")]:
        said = {
            text.get(_LANG): (text.text or "").strip() for text in each.iterfind(f"{_XS}annotation/{_XS}documentation")
        }
        assert set(said) == {"vi", "en"}, each.get("name")
        assert all(said.values()), each.get("name")


def test_only_data_lies_there() -> None:
    code = [path for path in SCHEMAS.rglob("*.py") if path.read_text(encoding="utf-8").count("\n") > 1]
    assert code == []
