"""01/PH: fees declared in several currencies, with and without the relief circulars."""

from __future__ import annotations

import pytest

from formsamples import (
    MONTH,
    SUPPLEMENT_IN_CURRENCIES,
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

FORM = form("879", "2.7.5")
NUMBERS = ("2.7.5", "2.5.1")

_RELIEF = """<NoiDung01PH_TT63><ChiTietPhiTT63 id="ID_1"><ten_LoaiPhi_TT63/><tieuMuc_TT63/><ma_DonViTien_TT63/>
<soTienPHThuDuoc_TT63/></ChiTietPhiTT63></NoiDung01PH_TT63>"""
BODY = f"""<NoiDung01PH>
<ChiTietPhi id="ID_1"><ten_LoaiPhi>Phí thứ nhất</ten_LoaiPhi><tieuMuc>2301</tieuMuc><ma_DonViTien>VND</ma_DonViTien>
<soTienPHThuDuoc>1000005</soTienPHThuDuoc><tyLe>10</tyLe><soTienPHTrichTheoCheDo>100001</soTienPHTrichTheoCheDo>
<soTienPHPhaiNop>900004</soTienPHPhaiNop></ChiTietPhi>
<ChiTietPhi id="ID_2"><ten_LoaiPhi>Phí thứ hai</ten_LoaiPhi><tieuMuc>2715</tieuMuc><ma_DonViTien>USD</ma_DonViTien>
<soTienPHThuDuoc>4250.50</soTienPHThuDuoc><tyLe>80</tyLe><soTienPHTrichTheoCheDo>3400.40</soTienPHTrichTheoCheDo>
<soTienPHPhaiNop>850.10</soTienPHPhaiNop></ChiTietPhi>
<ChiTietPhi id="ID_3"><ten_LoaiPhi>Phí thứ ba</ten_LoaiPhi><tieuMuc>2715</tieuMuc><ma_DonViTien>VND</ma_DonViTien>
<soTienPHThuDuoc>500</soTienPHThuDuoc><tyLe>0</tyLe><soTienPHTrichTheoCheDo>0</soTienPHTrichTheoCheDo>
<soTienPHPhaiNop>500</soTienPHPhaiNop></ChiTietPhi></NoiDung01PH>
<TongCong01PH><ChiTietTongCongTheoLoaiTien><ma_DonViTien>VND</ma_DonViTien><tongCong>900504</tongCong>
</ChiTietTongCongTheoLoaiTien><ChiTietTongCongTheoLoaiTien><ma_DonViTien>USD</ma_DonViTien><tongCong>850.10</tongCong>
</ChiTietTongCongTheoLoaiTien></TongCong01PH>{_RELIEF}"""
_LINES = BODY[BODY.index("<ChiTietPhi ") : BODY.index("</NoiDung01PH>")]
_TOTALS = BODY[BODY.index("<ChiTietTong") : BODY.index("</TongCong01PH>")]
_USD = _TOTALS[_TOTALS.rindex("<ChiTietTong") :]
BROKEN: dict[str, tuple[tuple[str, str], ...]] = {
    "ETAX-879-R01": (("<soTienPHPhaiNop>500<", "<soTienPHPhaiNop>501<"), ("<tongCong>900504<", "<tongCong>900505<")),
    "ETAX-879-R02": (
        ("<soTienPHTrichTheoCheDo>0<", "<soTienPHTrichTheoCheDo>1<"),
        ("<soTienPHPhaiNop>500<", "<soTienPHPhaiNop>499<"),
        ("<tongCong>900504<", "<tongCong>900503<"),
    ),
    "ETAX-879-R03": ((_USD, ""),),
    "ETAX-879-R04": (
        ("<tyLe>0<", "<tyLe>101<"),
        ("<soTienPHTrichTheoCheDo>0<", "<soTienPHTrichTheoCheDo>505<"),
        ("<soTienPHPhaiNop>500<", "<soTienPHPhaiNop>-5<"),
        ("<tongCong>900504<", "<tongCong>899999<"),
    ),
    "ETAX-879-R05": (
        ("<soTienPHThuDuoc>500<", "<soTienPHThuDuoc>-500<"),
        ("<soTienPHPhaiNop>500<", "<soTienPHPhaiNop>-500<"),
        ("<tongCong>900504<", "<tongCong>899504<"),
    ),
    "ETAX-879-R06": (("<tongCong>900504<", "<tongCong>900505<"),),
    "ETAX-879-R07": ((_USD, _USD + _USD),),
    "ETAX-879-R08": (("<tongCong>900504<", "<tongCong>900504.00<"),),
    "ETAX-879-R09": ((_LINES, ""), (_TOTALS, "")),
    "ETAX-879-R10": (("<tieuMuc_TT63/>", "<tieuMuc_TT63>2301</tieuMuc_TT63>"),),
    "ETAX-879-R11": (("<kieuKy>M</kieuKy><kyKKhai>10/2025<", "<kieuKy>D</kieuKy><kyKKhai>05/10/2025<"),),
}
WARNINGS = {f"ETAX-879-R{number}" for number in ("04", "05", "09", "10", "11")}


def _declaration(number: str, appendices: str = "") -> XmlDocument:
    body = BODY if number == "2.7.5" else BODY.replace(_RELIEF, "")
    return declaration(form("879", number), MONTH, body, appendices=appendices)


@pytest.mark.parametrize("appendices", ["", SUPPLEMENT_IN_CURRENCIES])
@pytest.mark.parametrize("number", NUMBERS)
def test_a_right_declaration_has_no_findings(number: str, appendices: str) -> None:
    told = [] if number == "2.7.5" else ["ETAX-879-R12"]
    assert found(form("879", number), _declaration(number, appendices)) == told


@pytest.mark.parametrize("rule", BROKEN)
def test_a_broken_rule_alone_is_found(rule: str) -> None:
    severity = Severity.WARNING if rule in WARNINGS else Severity.ERROR
    assert_only(FORM, changed(_declaration("2.7.5"), *BROKEN[rule]), rule, severity)


def test_every_rule_is_broken_by_a_test() -> None:
    assert sorted(rule_ids(FORM)) == sorted(BROKEN)


def test_the_older_version_says_that_its_body_is_not_known() -> None:
    assert_only(form("879", "2.5.1"), _declaration("2.5.1"), "ETAX-879-R12", Severity.WARNING)


def test_the_relief_circulars_came_with_the_newer_version() -> None:
    older = changed(_declaration("2.5.1"), ("</TongCong01PH>", f"</TongCong01PH>{_RELIEF}"))
    assert found(form("879", "2.5.1"), older) == ["SCHEMA-UNEXPECTED"]


@pytest.mark.parametrize("value", ["", "7"])
@pytest.mark.parametrize("number", NUMBERS)
def test_what_follows_is_computed_whatever_stood_there(number: str, value: str) -> None:
    right = _declaration(number, SUPPLEMENT_IN_CURRENCIES)
    assert same(computed(form("879", number), with_computed(form("879", number), right, value)), right)


def test_totals_are_made_where_there_are_none_and_keep_their_attributes() -> None:
    right = _declaration("2.7.5")
    assert same(computed(FORM, changed(right, (_TOTALS, ""))), right)
    numbered = changed(right, ("<ChiTietTongCongTheoLoaiTien>", '<ChiTietTongCongTheoLoaiTien id="ID_1">'))
    assert same(computed(FORM, numbered), numbered)


@pytest.mark.parametrize(("retained", "payable"), [("100000", "900005"), ("100001", "900004")])
def test_what_is_retained_may_be_rounded_either_way(retained: str, payable: str) -> None:
    """1,000,005 × 10 % = 100,000.5"""
    rounded = changed(
        _declaration("2.7.5"),
        ("<soTienPHTrichTheoCheDo>100001<", f"<soTienPHTrichTheoCheDo>{retained}<"),
        ("<soTienPHPhaiNop>900004<", f"<soTienPHPhaiNop>{payable}<"),
        ("<tongCong>900504<", f"<tongCong>{int(payable) + 500}<"),
    )
    assert found(FORM, rounded) == []


def test_codes_beside_names_and_another_order_are_taken() -> None:
    """The viewer prints names only, and no file was seen that would tell the order inside a line."""
    name, sub_item = "<ten_LoaiPhi>Phí thứ ba</ten_LoaiPhi>", "<tieuMuc>2715</tieuMuc><ma_DonViTien>VND</ma_DonViTien>"
    currency = "<ma_DonViTien>VND</ma_DonViTien><ten_DonViTien>Đồng Việt Nam</ten_DonViTien><tieuMuc>2715</tieuMuc>"
    other = changed(_declaration("2.7.5"), (f"{name}{sub_item}", f"<ma_LoaiPhi>01</ma_LoaiPhi>{currency}{name}"))
    assert found(FORM, other) == []


def test_five_thousand_lines_add_up() -> None:
    line = _LINES[_LINES.rindex("<ChiTietPhi ") :]
    wide = computed(FORM, changed(_declaration("2.7.5"), (line, line * 5001)))
    assert b"<tongCong>3400504</tongCong>" in wide.data
    assert found(FORM, wide) == []
