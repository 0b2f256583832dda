"""The rules of 01/PH and of the header: each broken alone is found alone, and what is right is not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from time import process_time

import pytest
from lxml import etree
from lxml.isoschematron import Schematron

from govgateway.documents.findings import Severity
from govgateway.documents.outline import Field, Outline
from govgateway.documents.rules import compile_rules, rule_findings
from govgateway.documents.xml import XmlDocument, read_xml, read_xml_file
from govgateway.errors import Text
from samples import WRONG, declaration, fee_form, rules_found

_MONTH = (
    "<kieuKy>M</kieuKy>\r\n            <kyKKhai>10/2026</kyKKhai>\r\n            "
    "<kyKKhaiTuNgay>01/10/2026</kyKKhaiTuNgay>\r\n            <kyKKhaiDenNgay>31/10/2026</kyKKhaiDenNgay>"
)


def _period(kind: str, period: str, first: str, last: str) -> tuple[str, str]:
    new = (
        f"<kieuKy>{kind}</kieuKy><kyKKhai>{period}</kyKKhai><kyKKhaiTuNgay>{first}</kyKKhaiTuNgay>"
        f"<kyKKhaiDenNgay>{last}</kyKKhaiDenNgay>"
    )
    return (_MONTH, new)


BROKEN: dict[str, tuple[tuple[str, str], ...]] = {
    "ETAX-H01": (("<mst>9900000016<", "<mst>9900000017<"),),
    "ETAX-H02": (_period("M", "13/2026", "01/10/2026", "31/10/2026"),),
    "ETAX-H03": (_period("Q", "5/2026", "01/10/2026", "31/12/2026"),),
    "ETAX-H04": (_period("Y", "26", "01/01/2026", "31/12/2026"),),
    "ETAX-H05": (_period("D", "10/2026", "01/10/2026", "31/10/2026"),),
    "ETAX-H06": (_period("K", "10/2026", "", "31/10/2026"),),
    "ETAX-H07": (_period("M", "02/2026", "01/02/2026", "30/02/2026"),),
    "ETAX-H08": (_period("K", "10/2026", "31/10/2026", "01/10/2026"),),
    "ETAX-H09": (("31/10/2026", "30/10/2026"),),
    "ETAX-H10": (_period("Q", "4/2026", "01/10/2026", "30/12/2026"),),
    "ETAX-H11": (("<soLan>0<", "<soLan>1<"),),
    "ETAX-H12": (("<loaiTKhai>C<", "<loaiTKhai>B<"),),
    "ETAX-879-R01": (
        ("<soTienPHPhaiNop>850.10<", "<soTienPHPhaiNop>850.11<"),
        ("<tongCong>850.10<", "<tongCong>850.11<"),
    ),
    "ETAX-879-R02": (("<tyLe>80<", "<tyLe>81<"),),
    "ETAX-879-R03": (
        (
            "<ma_DonViTien>USD</ma_DonViTien>\r\n          <tongCong>850.10<",
            "<ma_DonViTien>EUR</ma_DonViTien><tongCong>0<",
        ),
    ),
    "ETAX-879-R04": (
        ("<tyLe>80<", "<tyLe>180<"),
        ("<soTienPHTrichTheoCheDo>3400.40<", "<soTienPHTrichTheoCheDo>7650.90<"),
        ("<soTienPHPhaiNop>850.10<", "<soTienPHPhaiNop>-3400.40<"),
        ("<tongCong>850.10<", "<tongCong>-3400.40<"),
    ),
    "ETAX-879-R05": (
        ("<soTienPHThuDuoc>4250.50<", "<soTienPHThuDuoc>-4250.50<"),
        ("<soTienPHTrichTheoCheDo>3400.40<", "<soTienPHTrichTheoCheDo>-3400.40<"),
        ("<soTienPHPhaiNop>850.10<", "<soTienPHPhaiNop>-850.10<"),
        ("<tongCong>850.10<", "<tongCong>-850.10<"),
    ),
    "ETAX-879-R06": (("<tongCong>122043050<", "<tongCong>122043051<"),),
    "ETAX-879-R07": (
        (
            '<ChiTietTongCongTheoLoaiTien id="ID_2">',
            '<ChiTietTongCongTheoLoaiTien id="ID_3"><ma_DonViTien>VND</ma_DonViTien><tongCong>122043050</tongCong>'
            '</ChiTietTongCongTheoLoaiTien><ChiTietTongCongTheoLoaiTien id="ID_2">',
        ),
    ),
    "ETAX-879-R08": (
        ("<ten_LoaiPhi_TT63><", "<ten_LoaiPhi_TT63>Phí<"),
        ("<tieuMuc_TT63><", "<tieuMuc_TT63>2301<"),
        ("<ma_DonViTien_TT63><", "<ma_DonViTien_TT63>VND<"),
        ("<soTienPHThuDuoc_TT63><", "<soTienPHThuDuoc_TT63>10.50<"),
    ),
    "ETAX-879-R10": (("<ten_LoaiPhi_TT63><", "<ten_LoaiPhi_TT63>Phí<"),),
    "ETAX-879-R11": (_period("Y", "2026", "01/01/2026", "31/12/2026"),),
}
FOLLOWS = {
    "ETAX-H02": {"ETAX-H09"},
    "ETAX-H03": {"ETAX-H10"},
    "ETAX-H04": {"ETAX-879-R11"},
    "ETAX-H05": {"ETAX-879-R11"},
    "ETAX-H06": {"ETAX-879-R11"},
    "ETAX-H07": {"ETAX-H09"},
    "ETAX-H08": {"ETAX-879-R11"},
    "ETAX-H12": {"ETAX-KHBS-R01", "ETAX-KHBS-R02"},
}
"""What a broken rule breaks with it: no more than this is found."""
WARNINGS = {"ETAX-H09", "ETAX-H10", "ETAX-879-R04", "ETAX-879-R05", "ETAX-879-R09", "ETAX-879-R10", "ETAX-879-R11"}


def _rule_ids() -> Iterator[str]:
    """The rules but for those of supplements, which have tests of their own."""
    for path in (each for each in fee_form().rule_files if each.name != "khbs.sch"):
        yield from re.findall(r'<sch:assert id="([^"]+)"', path.read_text(encoding="utf-8"))


def test_every_rule_is_broken_by_a_test() -> None:
    assert set(_rule_ids()) == set(BROKEN) | {"ETAX-879-R09"}


@pytest.mark.parametrize("rule", BROKEN)
def test_a_broken_rule_is_found(rule: str) -> None:
    found = fee_form().check(declaration(*BROKEN[rule]))
    assert {each.rule for each in found} == {rule} | FOLLOWS.get(rule, set())
    severity = Severity.WARNING if rule in WARNINGS else Severity.ERROR
    assert {each.severity for each in found if each.rule == rule} == {severity}


@pytest.mark.parametrize("rule", BROKEN)
def test_a_finding_speaks_both_languages_and_says_where(rule: str) -> None:
    finding = next(each for each in fee_form().check(declaration(*BROKEN[rule])) if each.rule == rule)
    assert finding.message.vi
    assert finding.message.en
    assert finding.message.vi != finding.message.en
    assert finding.remedy.vi != finding.remedy.en
    assert finding.path.startswith("HSoThueDTu/HSoKhaiThue/")
    assert finding.line > 0
    assert "NaN" not in finding.message.vi


def _second_opinion(document: XmlDocument) -> set[str]:
    """What lxml's own implementation of ISO Schematron finds."""
    found: set[str] = set()
    for path in fee_form().rule_files:
        rules = Schematron(etree.parse(path), store_report=True)
        rules.validate(document.root)
        found |= {
            each.get("id") for each in rules.validation_report.iter("{http://purl.oclc.org/dsdl/svrl}failed-assert")
        }
    return found


@pytest.mark.parametrize("rule", [*BROKEN, ""])
def test_another_implementation_of_schematron_finds_the_same(rule: str) -> None:
    document = declaration(*BROKEN.get(rule, ()))
    assert _second_opinion(document) == set(rules_found(document))


def test_the_wrong_example_has_the_mistakes_that_its_readme_tells() -> None:
    """The total in đồng, which is right for what should be payable, is not told of besides."""
    assert rules_found(read_xml_file(WRONG)) == ["ETAX-H09", "ETAX-879-R01", "ETAX-879-R06"]


def test_figures_are_printed_as_the_language_prints_them() -> None:
    found = fee_form().check(declaration(("<tongCong>122043050<", "<tongCong>-1234567.89<")))
    (finding,) = (each for each in found if each.rule == "ETAX-879-R06")
    assert "ghi -1.234.567,89, nhưng các dòng cộng lại là 122.043.050." in finding.message.vi
    assert "is -1,234,567.89, but the lines add up to 122,043,050." in finding.message.en


def test_findings_come_in_the_order_of_the_document() -> None:
    changes = [change for rule in ("ETAX-879-R06", "ETAX-879-R08", "ETAX-H11", "ETAX-H01") for change in BROKEN[rule]]
    assert rules_found(declaration(*changes)) == ["ETAX-H11", "ETAX-H01", "ETAX-879-R06", "ETAX-879-R08"]


def _with_wrong_lines(count: int) -> XmlDocument:
    text = declaration().data.decode()
    start, end = text.index('<ChiTietPhi id="ID_1">'), text.index('<ChiTietPhi id="ID_2">')
    line = text[start:end].replace("<soTienPHPhaiNop>115605000<", "<soTienPHPhaiNop>115605001<")
    return read_xml((text[:start] + line * count + text[end:]).encode())


def _seconds(document: XmlDocument) -> float:
    begin = process_time()
    fee_form().check(document)
    return process_time() - begin


def test_eight_times_as_many_wrong_lines_take_no_sixty_times_as_long() -> None:
    short, long = _with_wrong_lines(500), _with_wrong_lines(4000)
    assert len(fee_form().check(short)) == 501
    assert _seconds(long) < 24 * _seconds(short)


_SCHEMATRON = """<sch:schema xmlns:sch="http://purl.oclc.org/dsdl/schematron"><sch:pattern>{}</sch:pattern>
<sch:diagnostics><sch:diagnostic id="A.vi">Sai: <sch:value-of select="@n"/>.</sch:diagnostic>
<sch:diagnostic id="A.en">Wrong: <sch:value-of select="@n"/>.</sch:diagnostic>
<sch:diagnostic id="A.remedy.vi">Sửa.</sch:diagnostic><sch:diagnostic id="A.remedy.en">Mend.</sch:diagnostic>
<sch:diagnostic id="B.vi">Sai.</sch:diagnostic><sch:diagnostic id="B.en">Wrong.</sch:diagnostic>
<sch:diagnostic id="B.remedy.vi">Sửa.</sch:diagnostic><sch:diagnostic id="B.remedy.en">Mend.</sch:diagnostic>
</sch:diagnostics></sch:schema>"""
_FALSE = '<sch:assert id="A" test="false()" diagnostics="A.vi A.en A.remedy.vi A.remedy.en"/>'


def _rules_file(folder: Path, pattern: str) -> Path:
    path = folder / "rules.sch"
    path.write_text(_SCHEMATRON.format(pattern), encoding="utf-8")
    return path


def test_of_the_rules_in_a_pattern_the_first_that_fits_is_asked(tmp_path: Path) -> None:
    pattern = f'<sch:rule context="b[@ok]"/><sch:rule context="b">{_FALSE}</sch:rule>'
    rules = compile_rules([_rules_file(tmp_path, pattern)])
    document = read_xml(b'<a><b n="1"/><b ok="" n="2"/><b n="3"/></a>')
    assert [(each.path, each.message.vi) for each in rule_findings(document, rules, Outline(dict))] == [
        ("a/b[1]", "Sai: 1."),
        ("a/b[3]", "Sai: 3."),
    ]


def _outline(*, computed: bool) -> Outline:
    field = Field(Text("Số", "Figure"), Text("số", "a figure"), repeated=True, computed=computed)
    return Outline(lambda: {("a", "b"): field})


@pytest.mark.parametrize(("computed", "told"), [(True, ["B"]), (False, ["B", "A"])])
def test_of_a_figure_that_follows_from_others_one_thing_is_told_an_error_before_a_warning(
    tmp_path: Path, computed: bool, told: list[str]
) -> None:
    warning = _FALSE.replace('id="A"', 'id="A" role="warning"')
    rules = compile_rules(
        [_rules_file(tmp_path, f'<sch:rule context="b">{warning}{_FALSE.replace("A", "B")}</sch:rule>')]
    )
    found = rule_findings(read_xml(b"<a><b/></a>"), rules, _outline(computed=computed))
    assert [each.rule for each in found] == told


def test_a_rule_that_is_law_for_this_form_is_no_warning(tmp_path: Path) -> None:
    path = _rules_file(
        tmp_path, '<sch:rule context="b">' + _FALSE.replace('id="A"', 'id="A" role="warning"') + "</sch:rule>"
    )
    document = read_xml(b"<a><b/></a>")
    (inferred,) = rule_findings(document, compile_rules([path]), Outline(dict))
    (lawful,) = rule_findings(document, compile_rules([path], frozenset({"A"})), Outline(dict))
    assert (inferred.severity, lawful.severity) == (Severity.WARNING, Severity.ERROR)


@pytest.mark.parametrize(
    "pattern",
    [
        '<sch:rule context="b"><sch:report id="A" test="true()"/></sch:rule>',
        '<sch:let name="x" value="1"/><sch:rule context="b"/>',
        '<sch:rule context="b"><sch:extends rule="c"/></sch:rule>',
    ],
)
def test_schematron_that_is_not_understood_is_an_error_of_the_package(tmp_path: Path, pattern: str) -> None:
    with pytest.raises(ValueError, match=r"rules\.sch"):
        compile_rules([_rules_file(tmp_path, pattern)])
