"""01/PBVMT: the environmental protection fee for mining."""

from __future__ import annotations

import pytest

from formsamples import (
    MONTH,
    SUPPLEMENT,
    assert_only,
    changed,
    computed,
    declaration,
    form,
    found,
    rule_ids,
    same,
    with_computed,
)
from govgateway.documents.findings import Severity
from govgateway.documents.xml import XmlDocument

FORM = form("878", "2.5.1")

BODY = """<Header><ct09/><ct09a_ten>Phường Minh Hoạ</ct09a_ten><ct09b_ten xsi:nil="true"/>
<ct09c_ten>An Hoà</ct09c_ten></Header>
<PhiBVMT><KSDoCSoTuKhaiThac><TTinKhoangSan>
<KhoangSan id="ID_1"><tenKhoangSan>Đá vôi</tenKhoangSan><soLuongDDBXT>1200.5</soLuongDDBXT>
<mucPhiCuaDDBXT>500</mucPhiCuaDDBXT><donViTinh>Tấn</donViTinh><soLuong>300.25</soLuong><mucPhiTheoTungLoaiKS>40000</mucPhiTheoTungLoaiKS>
<heSoTinhPhi>1.05</heSoTinhPhi><soPhiPhaiNopTrongKy>13240763</soPhiPhaiNopTrongKy></KhoangSan>
<KhoangSan id="ID_2"><tenKhoangSan>Cát</tenKhoangSan><soLuongDDBXT/><mucPhiCuaDDBXT/>
<donViTinh>m3</donViTinh><soLuong>10</soLuong><mucPhiTheoTungLoaiKS>3000</mucPhiTheoTungLoaiKS>
<heSoTinhPhi>1</heSoTinhPhi><soPhiPhaiNopTrongKy>30000</soPhiPhaiNopTrongKy></KhoangSan>
</TTinKhoangSan></KSDoCSoTuKhaiThac><KSanCoSoThuMuaNopThay><TTinKhoangSan>
<KhoangSan id="ID_1"><tenKhoangSan>Sỏi</tenKhoangSan><soLuongDDBXT>0</soLuongDDBXT><mucPhiCuaDDBXT>0</mucPhiCuaDDBXT>
<donViTinh>m3</donViTinh><soLuong>5</soLuong><mucPhiTheoTungLoaiKS>2000</mucPhiTheoTungLoaiKS>
<heSoTinhPhi>1.1</heSoTinhPhi><soPhiPhaiNopTrongKy>11000</soPhiPhaiNopTrongKy></KhoangSan>
</TTinKhoangSan></KSanCoSoThuMuaNopThay><tongPhiPNop>13281763</tongPhiPNop></PhiBVMT>"""
_LINES = BODY[BODY.index("<KSDo") : BODY.index("<tongPhiPNop>")]
BROKEN: dict[str, tuple[tuple[str, str], ...]] = {
    "ETAX-878-R01": (
        ("<soPhiPhaiNopTrongKy>30000<", "<soPhiPhaiNopTrongKy>30001<"),
        ("<tongPhiPNop>13281763<", "<tongPhiPNop>13281764<"),
    ),
    "ETAX-878-R02": (("<tenKhoangSan>Cát<", "<tenKhoangSan><"),),
    "ETAX-878-R03": (("<tongPhiPNop>13281763<", "<tongPhiPNop>13281764<"),),
    "ETAX-878-R04": ((_LINES, ""), ("<tongPhiPNop>13281763<", "<tongPhiPNop>0<")),
}
WARNINGS = {"ETAX-878-R02", "ETAX-878-R04"}


def _declaration(number: str, appendices: str = "") -> XmlDocument:
    return declaration(form("878", number), MONTH, BODY, appendices=appendices)


@pytest.mark.parametrize("appendices", ["", SUPPLEMENT])
@pytest.mark.parametrize("number", ["2.5.1"])
def test_a_right_declaration_has_no_findings(number: str, appendices: str) -> None:
    assert found(form("878", number), _declaration(number, appendices)) == []


@pytest.mark.parametrize("rule", BROKEN)
def test_a_broken_rule_alone_is_found(rule: str) -> None:
    severity = Severity.WARNING if rule in WARNINGS else Severity.ERROR
    assert_only(FORM, changed(_declaration("2.5.1"), *BROKEN[rule]), rule, severity)


def test_every_rule_is_broken_by_a_test() -> None:
    assert sorted(rule_ids(FORM)) == sorted(BROKEN)


@pytest.mark.parametrize("value", ["", "7"])
@pytest.mark.parametrize("number", ["2.5.1"])
def test_what_follows_is_computed_whatever_stood_there(number: str, value: str) -> None:
    right = _declaration(number, SUPPLEMENT)
    assert same(computed(form("878", number), with_computed(form("878", number), right, value)), right)


@pytest.mark.parametrize("fee", ["13240762", "13240763"])
def test_rounding_to_the_dong_is_allowed_either_way(fee: str) -> None:
    """(1200.5 × 500 + 300.25 × 40,000) × 1.05 = 13,240,762.5"""
    rounded = changed(
        _declaration("2.5.1"),
        ("<soPhiPhaiNopTrongKy>13240763<", f"<soPhiPhaiNopTrongKy>{fee}<"),
        ("<tongPhiPNop>13281763<", f"<tongPhiPNop>{int(fee) + 41000}<"),
    )
    assert found(FORM, rounded) == []


def test_an_unused_line_is_right() -> None:
    empty = (
        "<KhoangSan><tenKhoangSan/><soLuongDDBXT/><mucPhiCuaDDBXT/><donViTinh/><soLuong/><mucPhiTheoTungLoaiKS/>"
        "<heSoTinhPhi/><soPhiPhaiNopTrongKy/></KhoangSan>"
    )
    assert found(FORM, changed(_declaration("2.5.1"), ("<KhoangSan ", f"{empty}<KhoangSan "))) == []


def test_five_thousand_lines_add_up() -> None:
    line = BODY[BODY.index('<KhoangSan id="ID_2">') : BODY.index("</TTinKhoangSan></KSDo")]
    wide = computed(FORM, changed(_declaration("2.5.1"), (line, line * 5000)))
    assert b"<tongPhiPNop>163251763</tongPhiPNop>" in wide.data
    assert found(FORM, wide) == []
