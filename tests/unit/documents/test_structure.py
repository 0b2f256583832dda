"""Schema errors: every kind that the package can produce, told by our own words in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from lxml import etree

from govgateway.documents import structure
from govgateway.documents.findings import Severity
from govgateway.documents.xml import XmlDocument, read_xml
from samples import declaration, fee_form

_LIBRARY_WORDS = re.compile(r"\b(element|attribute|value|expected|facet|pattern|type|valid|content|allowed)\b", re.I)
_VALUES = ("", "x", "-1", "1.2.3", "2026-13-45", "99999999999999999999999", "VNĐ", "ABC" * 600)


def _mutations() -> Iterator[bytes]:
    """Each element of the form removed, doubled, renamed, emptied, filled with wrong values, children, text,
    attributes and xsi:nil: everything that a file can have wrong in structure."""
    source = declaration().data
    count = sum(1 for _ in etree.fromstring(source).iter(etree.Element))
    for position in range(count):
        for mutate in _MUTATORS:
            root = etree.fromstring(source)
            element = list(root.iter(etree.Element))[position]
            if mutate(element):
                yield etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _remove(element: etree._Element) -> bool:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
    return parent is not None


def _double(element: etree._Element) -> bool:
    if element.getparent() is None:
        return False
    element.addnext(etree.fromstring(etree.tostring(element, with_tail=False)))
    return True


def _rename(element: etree._Element) -> bool:
    element.tag = f"{element.tag}X"
    return True


def _nest(element: etree._Element) -> bool:
    etree.SubElement(element, "{http://kekhaithue.gdt.gov.vn/TKhaiThue}la")
    return True


def _write_between(element: etree._Element) -> bool:
    element.text = (element.text or "") + "chữ"
    return True


def _attribute(element: etree._Element) -> bool:
    element.set("la", "1")
    return True


def _nil(element: etree._Element) -> bool:
    element.set("{http://www.w3.org/2001/XMLSchema-instance}nil", "true")
    return True


def _fill(value: str) -> object:
    def fill(element: etree._Element) -> bool:
        if len(element):
            return False
        element.text = value
        return True

    return fill


_MUTATORS = [_remove, _double, _rename, _nest, _write_between, _attribute, _nil, *map(_fill, _VALUES)]


@pytest.fixture(scope="module")
def every_finding() -> dict[str, set[tuple[str, str, str, str]]]:
    form = fee_form()
    seen: dict[str, set[tuple[str, str, str, str]]] = {}
    for data in _mutations():
        for each in structure.structure_findings(read_xml(data), form._schema, form.outline):
            texts = (each.message.vi, each.message.en, each.remedy.vi, each.remedy.en)
            seen.setdefault(each.rule, set()).add(texts)
    return seen


def test_every_kind_of_error_has_a_text_of_its_own(every_finding: dict[str, set[tuple[str, str, str, str]]]) -> None:
    assert "SCHEMA-OTHER" not in every_finding
    assert set(every_finding) == {
        "SCHEMA-ATTRIBUTE",
        "SCHEMA-MISSING",
        "SCHEMA-NESTED",
        "SCHEMA-NIL",
        "SCHEMA-ROOT",
        "SCHEMA-TEXT",
        "SCHEMA-UNEXPECTED",
        "SCHEMA-VALUE",
    }


def test_no_english_of_a_library_in_vietnamese(every_finding: dict[str, set[tuple[str, str, str, str]]]) -> None:
    for texts in every_finding.values():
        for message_vi, message_en, remedy_vi, remedy_en in texts:
            assert not _LIBRARY_WORDS.search(re.sub(r'"[^"]*"|<[^>]*>', "", message_vi)), message_vi
            assert not _LIBRARY_WORDS.search(re.sub(r'"[^"]*"|<[^>]*>', "", remedy_vi)), remedy_vi
            assert message_vi != message_en
            assert remedy_vi != remedy_en


def test_every_field_has_a_label_and_a_description() -> None:
    for names, field in fee_form().outline.fields.items():
        assert field.label.vi != names[-1], names
        assert field.label.en != names[-1], names
    leaves = {names for names in fee_form().outline.fields if not _has_children(names)}
    containers = {"GiaHan", "CKyDTu", "PLuc", "NVienDLy"}
    undescribed = {names[-1] for names in leaves if not fee_form().outline.expected(names).vi} - containers
    assert not undescribed


def _has_children(names: tuple[str, ...]) -> bool:
    return any(each[:-1] == names for each in fee_form().outline.fields)


def test_a_wrong_value_names_place_label_and_what_is_expected() -> None:
    (finding,) = fee_form().check(declaration(("<tyLe>10</tyLe>", "<tyLe>10,5</tyLe>")))
    assert finding.rule == "SCHEMA-VALUE"
    assert finding.severity is Severity.ERROR
    assert finding.path == "HSoThueDTu/HSoKhaiThue/CTieuTKhaiChinh/NoiDung01PH/ChiTietPhi[1]/tyLe"
    assert finding.label.vi == "Tỷ lệ trích để lại theo chế độ (%)"
    assert '"10,5"' in finding.message.vi
    assert "dấu chấm thập phân" in finding.remedy.vi
    assert finding.line == 60


def test_a_missing_field_is_named_by_its_label() -> None:
    (finding,) = fee_form().check(declaration(("<soLan>0</soLan>", "")))
    assert "<soLan> (Số lần)" in finding.message.vi
    assert "Number of the supplement" in finding.message.en


def test_several_errors_come_in_the_order_of_the_document() -> None:
    findings = fee_form().check(declaration(("<tyLe>10<", "<tyLe>a<"), ("<kyKKhai>10/2026<", "<kyKKhai><")))
    assert [each.path.rpartition("/")[2] for each in findings] == ["kyKKhai", "tyLe"]


def test_a_very_long_value_is_shortened_in_the_message() -> None:
    (finding,) = fee_form().check(declaration(("<tyLe>10<", f"<tyLe>{'9' * 5000}<")))
    assert len(finding.message.vi) < 200


def test_a_document_of_the_form_has_no_finding() -> None:
    document: XmlDocument = declaration()
    assert fee_form().check(document) == ()
