"""01/PH: fees declared in several currencies, with and without the relief circulars."""

from __future__ import annotations

import re

import pytest

from formsamples import MONTH, SUPPLEMENT_IN_CURRENCIES, Changes, Sample, changed, computed, found, same
from govgateway.documents.findings import has_errors

_RELIEF = """<NoiDung01PH_TT63><ChiTietPhiTT63 id="ID_1"><ten_LoaiPhi_TT63/><tieuMuc_TT63/><ma_DonViTien_TT63/>
<soTienPHThuDuoc_TT63/></ChiTietPhiTT63></NoiDung01PH_TT63>"""
_RELIEF_IN_USE = """<NoiDung01PH_TT63><ChiTietPhiTT63 id="ID_1"><ten_LoaiPhi_TT63>Phí</ten_LoaiPhi_TT63>
<tieuMuc_TT63>2301</tieuMuc_TT63><ma_DonViTien_TT63>VND</ma_DonViTien_TT63>
<soTienPHThuDuoc_TT63>10</soTienPHThuDuoc_TT63></ChiTietPhiTT63></NoiDung01PH_TT63>"""
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
BROKEN: dict[str, Changes] = {
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
    "ETAX-879-R08": ((_RELIEF, _RELIEF_IN_USE.replace("10<", "10.50<")),),
    "ETAX-879-R09": ((_LINES, ""), (_TOTALS, "")),
    "ETAX-879-R10": (("<tieuMuc_TT63/>", "<tieuMuc_TT63>2301</tieuMuc_TT63>"),),
    "ETAX-879-R11": (("<kieuKy>M</kieuKy><kyKKhai>10/2025<", "<kieuKy>D</kieuKy><kyKKhai>05/10/2025<"),),
}


SAMPLE = Sample(
    "879",
    MONTH,
    {number: BODY if number == "2.7.5" else BODY.replace(_RELIEF, "") for number in ("2.7.5", "2.5.1")},
    BROKEN,
    ("04", "05", "09", "10", "11"),
    appendices=SUPPLEMENT_IN_CURRENCIES,
    unknown="ETAX-879-R12",
)
FORM = SAMPLE.form


def test_the_relief_circulars_came_with_the_newer_version() -> None:
    """Nobody has seen the older body, so that they are no error there."""
    older = changed(SAMPLE.declaration("2.5.1"), ("</TongCong01PH>", f"</TongCong01PH>{_RELIEF}"))
    findings = SAMPLE.version("2.5.1").check(older)
    assert [each.rule for each in findings] == ["ETAX-879-R12", "SCHEMA-UNKNOWN"]
    assert not has_errors(findings)


@pytest.mark.parametrize(
    ("change", "rule", "figure"),
    [
        (("<soTienPHPhaiNop>500<", "<soTienPHPhaiNop>501<"), "ETAX-879-R01", "ChiTietPhi[3]/soTienPHPhaiNop"),
        (("<soTienPHPhaiNop>500<", "<soTienPHPhaiNop>501.5<"), "ETAX-879-R01", "ChiTietPhi[3]/soTienPHPhaiNop"),
        (("<tongCong>900504<", "<tongCong>900505.5<"), "ETAX-879-R06", "ChiTietTongCongTheoLoaiTien[1]/tongCong"),
    ],
)
def test_a_wrong_figure_is_told_once_and_at_its_own_place(change: tuple[str, str], rule: str, figure: str) -> None:
    """Neither the decimals of a figure that is worked out, nor the total that has the right sum, is told besides."""
    (finding,) = FORM.check(changed(SAMPLE.declaration(), change))
    assert finding.rule == rule
    assert finding.path.endswith(figure)
    assert finding.label == FORM.outline.label(tuple(re.sub(r"\[\d+\]", "", finding.path).split("/")))


def test_a_total_is_told_of_too_when_it_follows_from_neither() -> None:
    wrong = (("<soTienPHPhaiNop>500<", "<soTienPHPhaiNop>501<"), ("<tongCong>900504<", "<tongCong>900506<"))
    assert found(FORM, changed(SAMPLE.declaration(), *wrong)) == ["ETAX-879-R01", "ETAX-879-R06"]


def test_totals_are_printed_under_the_column_that_they_add_up() -> None:
    columns = [field.column for names, field in FORM.outline.fields.items() if names[-1] == "tongCong"]
    assert columns == ["(7)"]


def test_totals_are_made_where_there_are_none_and_keep_their_attributes() -> None:
    right = SAMPLE.declaration()
    assert same(computed(FORM, changed(right, (_TOTALS, ""))), right)
    numbered = changed(right, ("<ChiTietTongCongTheoLoaiTien>", '<ChiTietTongCongTheoLoaiTien id="ID_1">'))
    assert same(computed(FORM, numbered), numbered)


@pytest.mark.parametrize(("retained", "payable"), [("100000", "900005"), ("100001", "900004")])
def test_what_is_retained_may_be_rounded_either_way(retained: str, payable: str) -> None:
    """1,000,005 × 10 % = 100,000.5"""
    rounded = changed(
        SAMPLE.declaration(),
        ("<soTienPHTrichTheoCheDo>100001<", f"<soTienPHTrichTheoCheDo>{retained}<"),
        ("<soTienPHPhaiNop>900004<", f"<soTienPHPhaiNop>{payable}<"),
        ("<tongCong>900504<", f"<tongCong>{int(payable) + 500}<"),
    )
    assert found(FORM, rounded) == []


def test_codes_beside_names_and_another_order_are_taken() -> None:
    """The viewer prints names only, and no file was seen that would tell the order inside a line."""
    name, sub_item = "<ten_LoaiPhi>Phí thứ ba</ten_LoaiPhi>", "<tieuMuc>2715</tieuMuc><ma_DonViTien>VND</ma_DonViTien>"
    currency = "<ma_DonViTien>VND</ma_DonViTien><ten_DonViTien>Đồng Việt Nam</ten_DonViTien><tieuMuc>2715</tieuMuc>"
    other = changed(SAMPLE.declaration(), (f"{name}{sub_item}", f"<ma_LoaiPhi>01</ma_LoaiPhi>{currency}{name}"))
    assert found(FORM, other) == []


def test_five_thousand_lines_add_up() -> None:
    line = _LINES[_LINES.rindex("<ChiTietPhi ") :]
    wide = computed(FORM, changed(SAMPLE.declaration(), (line, line * 5001)))
    assert b"<tongCong>3400504</tongCong>" in wide.data
    assert found(FORM, wide) == []


def test_dong_written_with_noughts_behind_the_point_are_whole() -> None:
    assert found(FORM, changed(SAMPLE.declaration(), ("<tongCong>900504<", "<tongCong>900504.00<"))) == []


def test_an_amount_is_quoted_as_people_write_it() -> None:
    broken = changed(SAMPLE.declaration(), (_RELIEF, _RELIEF_IN_USE.replace("10<", "1234567.89<")))
    (finding,) = FORM.check(broken)
    assert ("1.234.567,89 đồng" in finding.message.vi, "1,234,567.89 đồng" in finding.message.en) == (True, True)
