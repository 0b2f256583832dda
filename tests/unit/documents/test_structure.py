"""Schema errors: every kind that the package can produce, told by our own words in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from lxml import etree

from govgateway.documents import structure
from govgateway.documents.findings import Severity
from govgateway.documents.xml import XmlDocument, read_xml
from samples import declaration, fee_form, rules_found

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
        "SCHEMA-UNKNOWN",
        "SCHEMA-VALUE",
    }


def test_a_name_is_shown_only_where_the_form_has_no_label(
    every_finding: dict[str, set[tuple[str, str, str, str]]],
) -> None:
    known = {names[-1] for names in fee_form().outline.fields}
    shown = {
        name
        for told in every_finding.values()
        for texts in told
        for text in texts
        for name in re.findall(r"<([^>]*)>", text)
    }
    assert {"la", "tyLeX"} <= shown
    assert shown.isdisjoint(known - {"CKyDTu", "HSoThueDTu"})


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
    containers = {"GiaHan", "CKyDTu", "PLuc", "NVienDLy", "Header"}
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
    assert finding.message.vi == 'Gặp "Kỳ khai thuế", trong khi ở vị trí này phải là "Số lần".'
    assert finding.message.en == '"Tax period" stands where "Number of the supplement" belongs.'


def test_several_errors_come_in_the_order_of_the_document() -> None:
    findings = fee_form().check(declaration(("<tyLe>10<", "<tyLe>a<"), ("<maCQTNoiNop>99901<", "<maCQTNoiNop><")))
    assert [each.path.rpartition("/")[2] for each in findings] == ["maCQTNoiNop", "tyLe"]


def test_a_value_is_shown_whole_though_a_comment_cuts_it() -> None:
    (finding,) = fee_form().check(declaration(("<tyLe>10<", "<tyLe>1<!-- -->0,5<")))
    assert '"10,5"' in finding.message.vi


@pytest.mark.parametrize("hidden", ["<!-- 9 -->", "<?x 9?>"])
def test_what_hides_figures_is_found_where_it_stands(hidden: str) -> None:
    (finding,) = fee_form().check(declaration(("<tyLe>10<", f"<tyLe>1{hidden}0<")))
    assert (finding.rule, finding.severity) == ("SCHEMA-HIDDEN", Severity.ERROR)
    assert finding.path.endswith("ChiTietPhi[1]/tyLe")
    assert finding.label.vi == "Tỷ lệ trích để lại theo chế độ (%)"
    assert finding.line == 60


def test_comments_outside_the_declaration_hide_nothing() -> None:
    commented = declaration(("<HSoThueDTu ", "<!-- a --><HSoThueDTu "), ("</HSoThueDTu>", "<!-- b --></HSoThueDTu>"))
    assert fee_form().check(commented) == ()


def _prefixed(*changes: tuple[str, str]) -> XmlDocument:
    text = re.sub(r"<(/?)(?=[A-Za-z])", r"<\1t:", declaration(*changes).data.decode("utf-8"))
    return read_xml(text.replace('xmlns="', 'xmlns:t="').encode("utf-8"))


def test_a_document_with_prefixes_is_checked_alike() -> None:
    assert fee_form().check(_prefixed()) == ()
    change = ("<soTienPHPhaiNop>6438050<", "<soTienPHPhaiNop>x<")
    (plain,) = fee_form().check(declaration(change))
    assert fee_form().check(_prefixed(change)) == (plain,)


UNSEEN = ("<tyLe>10<", "<daKhauTru><so>5</so></daKhauTru><tyLe>10<")


def test_an_element_that_nobody_has_seen_only_warns_where_the_form_is_open() -> None:
    (finding,) = fee_form().check(declaration(UNSEEN))
    assert (finding.rule, finding.severity) == ("SCHEMA-UNKNOWN", Severity.WARNING)
    assert finding.path.endswith("ChiTietPhi[1]/daKhauTru")
    assert finding.label.vi == "Dòng phí"
    assert "<daKhauTru>" in finding.message.vi
    assert finding.message.vi != finding.message.en


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (("<soTienPHPhaiNop>115605000<", "<soTienPHPhaiNop>x<"), "SCHEMA-VALUE"),
        (("<soTienPHPhaiNop>115605000</soTienPHPhaiNop>", ""), "SCHEMA-MISSING"),
        (("<soTienPHPhaiNop>115605000<", "<soTienPHPhaiNop>115605001<"), "ETAX-879-R01"),
        (("</daKhauTru>", "</daKhauTru>chữ"), "SCHEMA-TEXT"),
        (("<so>5</so>", "<so>5</so><!-- 6 -->"), "SCHEMA-HIDDEN"),
    ],
)
def test_what_stands_beside_it_is_checked_all_the_same(change: tuple[str, str], rule: str) -> None:
    assert rule in rules_found(declaration(UNSEEN, change))


@pytest.mark.parametrize(
    "change",
    [
        ("<mst>", "<maSoCu/><mst>"),
        ("<tyLe>10<", '<daKhauTru xmlns="urn:khac"/><tyLe>10<'),
        ("<tyLe>10<", '<daKhauTru xmlns=""/><tyLe>10<'),
        ("<tyLe>10<", "<ChiTietPhiTT63/><tyLe>10<"),
        ("<tyLe>10<", "<tyLe>10</tyLe><tyLe>10<"),
    ],
)
def test_it_stays_an_error_in_what_was_seen_whole_and_for_what_the_form_has_elsewhere(change: tuple[str, str]) -> None:
    assert rules_found(declaration(change)) == ["SCHEMA-UNEXPECTED"]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ((' xmlns="http://kekhaithue.gdt.gov.vn/TKhaiThue"', ' xmlns="http://kekhaithue.gdt.gov.vn/Khac"'), "ROOT"),
        ((' xmlns="http://kekhaithue.gdt.gov.vn/TKhaiThue"', ""), "ROOT"),
        (("<tyLe>10<", '<tyLe xmlns="">10<'), "UNEXPECTED"),
        (("<tyLe>10<", '<tyLe xsi:type="Text">mười<'), "ATTRIBUTE"),
        (("<tyLe>10<", '<tyLe xsi:type="xs:string" xmlns:xs="http://www.w3.org/2001/XMLSchema">mười<'), "ATTRIBUTE"),
        (("<tyLe>10<", '<tyLe xsi:type="none">10<'), "ATTRIBUTE"),
        (("<NNT>", '<NNT xsi:type="TaxAgent">'), "ATTRIBUTE"),
        (("<tyLe>10<", '<tyLe xsi:nil="true">10<'), "NIL"),
    ],
)
def test_names_and_types_of_another_kind_are_no_way_round(change: tuple[str, str], rule: str) -> None:
    assert f"SCHEMA-{rule}" in {each.rule for each in fee_form().check(declaration(change))}


def test_a_schema_that_the_document_names_is_not_looked_at() -> None:
    location = 'xsi:schemaLocation="http://kekhaithue.gdt.gov.vn/TKhaiThue file:///none/form.xsd" '
    wrong = ("<tyLe>10<", "<tyLe>mười<")
    assert fee_form().check(declaration(("<HSoThueDTu ", f"<HSoThueDTu {location}"))) == ()
    assert [
        each.rule for each in fee_form().check(declaration(("<HSoThueDTu ", f"<HSoThueDTu {location}"), wrong))
    ] == ["SCHEMA-VALUE"]


def test_more_totals_than_there_are_currencies_are_refused() -> None:
    fields = "<ma_DonViTien>EUR</ma_DonViTien><tongCong>0</tongCong>"
    row = f"<ChiTietTongCongTheoLoaiTien>{fields}</ChiTietTongCongTheoLoaiTien>"
    crowded = fee_form().check(declaration(("<TongCong01PH>", "<TongCong01PH>" + row * 199)))
    assert {each.rule for each in crowded} == {"SCHEMA-UNEXPECTED"}
    assert "SCHEMA-UNEXPECTED" not in rules_found(declaration(("<TongCong01PH>", "<TongCong01PH>" + row * 198)))


def test_threads_that_share_a_form_get_their_own_findings() -> None:
    wrong = [declaration((f"<{name}>{value}<", f"<{name}>x<")) for name, value in [("tyLe", "10"), ("soLan", "0")]]
    form = fee_form()
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(form.check, wrong * 100))
    assert {tuple(each.path.rpartition("/")[2] for each in findings) for findings in found[0::2]} == {("tyLe",)}
    assert {tuple(each.path.rpartition("/")[2] for each in findings) for findings in found[1::2]} == {("soLan",)}


def test_a_very_long_value_is_shortened_in_the_message() -> None:
    (finding,) = fee_form().check(declaration(("<tyLe>10<", f"<tyLe>{'9' * 5000}<")))
    assert len(finding.message.vi) < 200


def test_a_text_that_is_too_long_is_told_by_its_length_and_the_most_that_it_may_have() -> None:
    name = "<ten_LoaiPhi>Phí sử dụng tạm thời lòng đường, hè phố<"
    (finding,) = fee_form().check(declaration((name, f"<ten_LoaiPhi>{'A' * 1500}<")))
    assert (finding.rule, finding.message.vi) == ("SCHEMA-VALUE", "Loại phí: dài 1.500 ký tự, tối đa 1.000.")
    assert finding.remedy.en == "Shorten it to at most 1,000 characters."


def test_a_document_of_the_form_has_no_finding() -> None:
    document: XmlDocument = declaration()
    assert fee_form().check(document) == ()
