"""02/PBVMT: annual finalisation of the environmental protection fee for mining."""

from __future__ import annotations

import pytest

from formsamples import (
    SUPPLEMENT,
    YEAR,
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

FORM = form("893", "2.6.9")

BODY = """<Header><ct09/><ct09a_ten>Phường Minh Hoạ</ct09a_ten><ct09b_ten xsi:nil="true"/>
<ct09c_ten>An Hoà</ct09c_ten></Header>
<PhiBVMT><KSDoCSoTuKhaiThac><TTinKhoangSan>
<KhoangSan id="ID_1"><tenKhoangSan>Đá vôi</tenKhoangSan><soLuongDDBXT>1200.5</soLuongDDBXT>
<mucPhiCuaDDBXT>500</mucPhiCuaDDBXT><donViTinh>Tấn</donViTinh><soLuong>300.25</soLuong><mucPhiTheoTungLoaiKS>40000</mucPhiTheoTungLoaiKS>
<heSoTinhPhi>1.05</heSoTinhPhi><soPhiPhaiNopQuyetToan>13240763</soPhiPhaiNopQuyetToan>
<soPhiKKTrongNam>13000000</soPhiKKTrongNam><chenhLech>240763</chenhLech></KhoangSan>
<KhoangSan id="ID_2"><tenKhoangSan>Cát</tenKhoangSan><soLuongDDBXT/><mucPhiCuaDDBXT/>
<donViTinh>m3</donViTinh><soLuong>10</soLuong><mucPhiTheoTungLoaiKS>3000</mucPhiTheoTungLoaiKS>
<heSoTinhPhi>1</heSoTinhPhi><soPhiPhaiNopQuyetToan>30000</soPhiPhaiNopQuyetToan><soPhiKKTrongNam>30000</soPhiKKTrongNam><chenhLech>0</chenhLech></KhoangSan>
</TTinKhoangSan></KSDoCSoTuKhaiThac><KSanCoSoThuMuaNopThay><TTinKhoangSan>
<KhoangSan id="ID_1"><tenKhoangSan>Sỏi</tenKhoangSan><soLuongDDBXT>0</soLuongDDBXT><mucPhiCuaDDBXT>0</mucPhiCuaDDBXT>
<donViTinh>m3</donViTinh><soLuong>5</soLuong><mucPhiTheoTungLoaiKS>2000</mucPhiTheoTungLoaiKS>
<heSoTinhPhi>1.1</heSoTinhPhi><soPhiPhaiNopQuyetToan>11000</soPhiPhaiNopQuyetToan><soPhiKKTrongNam>12000</soPhiKKTrongNam><chenhLech>-1000</chenhLech></KhoangSan>
</TTinKhoangSan></KSanCoSoThuMuaNopThay><tongSoPhiPhaiNopQuyetToan>13281763</tongSoPhiPhaiNopQuyetToan>
<tongSoPhiKKTrongNam>13042000</tongSoPhiKKTrongNam><tongChenhLech>239763</tongChenhLech></PhiBVMT>"""
_LINES = BODY[BODY.index("<KSDo") : BODY.index("<tongSoPhiPhai")]
BROKEN: dict[str, tuple[tuple[str, str], ...]] = {
    "ETAX-893-R01": (
        ("<soPhiPhaiNopQuyetToan>30000<", "<soPhiPhaiNopQuyetToan>30001<"),
        ("<chenhLech>0<", "<chenhLech>1<"),
        ("<tongSoPhiPhaiNopQuyetToan>13281763<", "<tongSoPhiPhaiNopQuyetToan>13281764<"),
        ("<tongChenhLech>239763<", "<tongChenhLech>239764<"),
    ),
    "ETAX-893-R02": (("<chenhLech>0<", "<chenhLech>1<"), ("<tongChenhLech>239763<", "<tongChenhLech>239764<")),
    "ETAX-893-R03": (("<tenKhoangSan>Cát<", "<tenKhoangSan><"),),
    "ETAX-893-R04": (("<tongSoPhiPhaiNopQuyetToan>13281763<", "<tongSoPhiPhaiNopQuyetToan>13281764<"),),
    "ETAX-893-R05": (("<tongSoPhiKKTrongNam>13042000<", "<tongSoPhiKKTrongNam>13042001<"),),
    "ETAX-893-R06": (("<tongChenhLech>239763<", "<tongChenhLech>239764<"),),
    "ETAX-893-R07": (
        (_LINES, ""),
        ("<tongSoPhiPhaiNopQuyetToan>13281763<", "<tongSoPhiPhaiNopQuyetToan>0<"),
        ("<tongSoPhiKKTrongNam>13042000<", "<tongSoPhiKKTrongNam>0<"),
        ("<tongChenhLech>239763<", "<tongChenhLech>0<"),
    ),
}
WARNINGS = {"ETAX-893-R03", "ETAX-893-R07"}


def _declaration(number: str, appendices: str = "") -> XmlDocument:
    return declaration(form("893", number), YEAR, BODY, appendices=appendices)


@pytest.mark.parametrize("appendices", ["", SUPPLEMENT])
@pytest.mark.parametrize("number", ["2.6.9", "2.5.1"])
def test_a_right_declaration_has_no_findings(number: str, appendices: str) -> None:
    assert found(form("893", number), _declaration(number, appendices)) == (
        [] if number == "2.6.9" else ["ETAX-893-R08"]
    )


@pytest.mark.parametrize("rule", BROKEN)
def test_a_broken_rule_alone_is_found(rule: str) -> None:
    severity = Severity.WARNING if rule in WARNINGS else Severity.ERROR
    assert_only(FORM, changed(_declaration("2.6.9"), *BROKEN[rule]), rule, severity)


def test_every_rule_is_broken_by_a_test() -> None:
    assert sorted(rule_ids(FORM)) == sorted(BROKEN)


@pytest.mark.parametrize("value", ["", "7"])
@pytest.mark.parametrize("number", ["2.6.9", "2.5.1"])
def test_what_follows_is_computed_whatever_stood_there(number: str, value: str) -> None:
    right = _declaration(number, SUPPLEMENT)
    assert same(computed(form("893", number), with_computed(form("893", number), right, value)), right)


def test_the_older_version_says_that_its_body_was_not_known() -> None:
    assert_only(form("893", "2.5.1"), _declaration("2.5.1"), "ETAX-893-R08", Severity.WARNING)
