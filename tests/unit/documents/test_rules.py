"""The rules of 01/PH and of the header: each broken alone is found alone, and what is right is not."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from govgateway.documents.findings import Severity
from govgateway.documents.xml import read_xml_file
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
    "ETAX-879-R08": (("<soTienPHThuDuoc>128450000<", "<soTienPHThuDuoc>128450000.0<"),),
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
}
"""What a broken rule breaks with it: no more than this is found."""
WARNINGS = {"ETAX-H09", "ETAX-H10", "ETAX-879-R04", "ETAX-879-R05", "ETAX-879-R09", "ETAX-879-R10", "ETAX-879-R11"}


def _rule_ids() -> Iterator[str]:
    for path in fee_form().rule_files:
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


def test_a_declaration_without_lines_is_a_warning() -> None:
    text = declaration().data.decode("utf-8")
    start, end = text.index("<NoiDung01PH>"), text.index("</NoiDung01PH>")
    empty = declaration(
        (text[start:end], "<NoiDung01PH>"),
        ("<tongCong>122043050<", "<tongCong>0<"),
        ("<tongCong>850.10<", "<tongCong>0<"),
    )
    assert rules_found(empty) == ["ETAX-879-R09"]


@pytest.mark.parametrize(
    ("kind", "period", "first", "last"),
    [
        ("M", "02/2028", "01/02/2028", "29/02/2028"),
        ("M", "02/2026", "01/02/2026", "28/02/2026"),
        ("Q", "1/2026", "01/01/2026", "31/03/2026"),
        ("Q", "2/2026", "01/04/2026", "30/06/2026"),
        ("M", "10/2026", "", ""),
    ],
)
def test_right_periods_are_right(kind: str, period: str, first: str, last: str) -> None:
    assert rules_found(declaration(_period(kind, period, first, last))) == []


@pytest.mark.parametrize("mst", ["9900000016", "9900000016-001", "012345678901"])
def test_right_tax_codes_are_right(mst: str) -> None:
    assert rules_found(declaration(("<mst>9900000016<", f"<mst>{mst}<"))) == []


@pytest.mark.parametrize("retained", ["57942450", "57942451", "57942449"])
def test_rounding_to_the_unit_is_allowed(retained: str) -> None:
    payable = 64380500 - int(retained)
    total = 115605000 + payable
    changed = declaration(
        ("<soTienPHTrichTheoCheDo>57942450<", f"<soTienPHTrichTheoCheDo>{retained}<"),
        ("<soTienPHPhaiNop>6438050<", f"<soTienPHPhaiNop>{payable}<"),
        ("<tongCong>122043050<", f"<tongCong>{total}<"),
    )
    assert rules_found(changed) == []


def test_the_wrong_example_has_the_mistakes_that_its_readme_tells() -> None:
    assert rules_found(read_xml_file(WRONG)) == ["ETAX-H09", "ETAX-879-R01", "ETAX-879-R06", "ETAX-879-R06"]
