"""01/LP: charges in several currencies."""

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

FORM = form("880", "2.7.5")
NUMBERS = ("2.7.5", "2.5.1")

_RELIEF = """<NoiDung01LP_TT63><ChiTietLePhiTT63 id="ID_1"><ten_LoaiLePhi_TT63/><tieuMuc_TT63/><ma_DonViTien_TT63/>
<soTienPHPhaiNop_TT63>0</soTienPHPhaiNop_TT63></ChiTietLePhiTT63></NoiDung01LP_TT63>"""
BODY = f"""<NoiDung01LP>
<ChiTietLePhi id="ID_1"><ten_LoaiLePhi>Lệ phí thứ nhất</ten_LoaiLePhi><tieuMuc>2801</tieuMuc>
<ma_DonViTien>VND</ma_DonViTien>
<soTienPHPhaiNop>250000</soTienPHPhaiNop></ChiTietLePhi>
<ChiTietLePhi id="ID_2"><ten_LoaiLePhi>Lệ phí thứ hai</ten_LoaiLePhi><tieuMuc>2802</tieuMuc>
<ma_DonViTien>USD</ma_DonViTien>
<soTienPHPhaiNop>25.50</soTienPHPhaiNop></ChiTietLePhi>
<ChiTietLePhi id="ID_3"><ten_LoaiLePhi>Lệ phí thứ ba</ten_LoaiLePhi><tieuMuc>2801</tieuMuc>
<ma_DonViTien>VND</ma_DonViTien>
<soTienPHPhaiNop>500</soTienPHPhaiNop></ChiTietLePhi></NoiDung01LP>
<TongCong01LP><ChiTietTongCongTheoLoaiTien><ma_DonViTien>VND</ma_DonViTien><tongCong>250500</tongCong>
</ChiTietTongCongTheoLoaiTien><ChiTietTongCongTheoLoaiTien><ma_DonViTien>USD</ma_DonViTien><tongCong>25.50</tongCong>
</ChiTietTongCongTheoLoaiTien></TongCong01LP>{_RELIEF}"""
_LINES = BODY[BODY.index("<ChiTietLePhi ") : BODY.index("</NoiDung01LP>")]
_TOTALS = BODY[BODY.index("<ChiTietTong") : BODY.index("</TongCong01LP>")]
_USD = _TOTALS[_TOTALS.rindex("<ChiTietTong") :]
BROKEN: dict[str, tuple[tuple[str, str], ...]] = {
    "ETAX-880-R01": ((_USD, ""),),
    "ETAX-880-R02": (("<soTienPHPhaiNop>500<", "<soTienPHPhaiNop>-500<"), ("<tongCong>250500<", "<tongCong>249500<")),
    "ETAX-880-R03": (("<tieuMuc>2802</tieuMuc>", ""),),
    "ETAX-880-R04": (("<tongCong>250500<", "<tongCong>250501<"),),
    "ETAX-880-R05": ((_USD, _USD + _USD),),
    "ETAX-880-R06": (("<tongCong>250500<", "<tongCong>250500.0<"),),
    "ETAX-880-R07": ((_LINES, ""), (_TOTALS, "")),
    "ETAX-880-R08": (("<soTienPHPhaiNop_TT63>0<", "<soTienPHPhaiNop_TT63>20<"),),
    "ETAX-880-R09": (("<kieuKy>M</kieuKy><kyKKhai>10/2025<", "<kieuKy>D</kieuKy><kyKKhai>05/10/2025<"),),
}
WARNINGS = {f"ETAX-880-R{number}" for number in ("02", "03", "07", "08", "09")}


def _declaration(number: str, appendices: str = "") -> XmlDocument:
    body = BODY if number == "2.7.5" else BODY.replace(_RELIEF, "")
    return declaration(form("880", number), MONTH, body, appendices=appendices)


@pytest.mark.parametrize("appendices", ["", SUPPLEMENT_IN_CURRENCIES])
@pytest.mark.parametrize("number", NUMBERS)
def test_a_right_declaration_has_no_findings(number: str, appendices: str) -> None:
    told = [] if number == "2.7.5" else ["ETAX-880-R10"]
    assert found(form("880", number), _declaration(number, appendices)) == told


@pytest.mark.parametrize("rule", BROKEN)
def test_a_broken_rule_alone_is_found(rule: str) -> None:
    severity = Severity.WARNING if rule in WARNINGS else Severity.ERROR
    assert_only(FORM, changed(_declaration("2.7.5"), *BROKEN[rule]), rule, severity)


def test_every_rule_is_broken_by_a_test() -> None:
    assert sorted(rule_ids(FORM)) == sorted(BROKEN)


def test_the_older_version_says_that_its_body_is_not_known() -> None:
    assert_only(form("880", "2.5.1"), _declaration("2.5.1"), "ETAX-880-R10", Severity.WARNING)


@pytest.mark.parametrize("value", ["", "7"])
@pytest.mark.parametrize("number", NUMBERS)
def test_what_follows_is_computed_whatever_stood_there(number: str, value: str) -> None:
    right = _declaration(number, SUPPLEMENT_IN_CURRENCIES)
    assert same(computed(form("880", number), with_computed(form("880", number), right, value)), right)


def test_totals_are_made_where_there_are_none() -> None:
    right = _declaration("2.7.5")
    assert same(computed(FORM, changed(right, (_TOTALS, ""))), right)
