"""02/PH: fees finalised for a year. It bears the element names of 01/PH."""

from __future__ import annotations

from formsamples import (
    SUPPLEMENT_IN_CURRENCIES,
    YEAR,
    Changes,
    Period,
    Sample,
    changed,
    declaration,
    found,
)

_RELIEF = """<NoiDung01PH_TT63><ChiTietPhiTT63 id="ID_1"><ten_LoaiPhi_TT63/><ma_DonViTien_TT63/>
<soTienPHThuDuoc_TT63/></ChiTietPhiTT63></NoiDung01PH_TT63>"""
_RELIEF_IN_USE = """<NoiDung01PH_TT63><ChiTietPhiTT63 id="ID_1"><ten_LoaiPhi_TT63>Phí</ten_LoaiPhi_TT63>
<ma_DonViTien_TT63>VND</ma_DonViTien_TT63><soTienPHThuDuoc_TT63>10</soTienPHThuDuoc_TT63></ChiTietPhiTT63></NoiDung01PH_TT63>"""
BODY = f"""<NoiDung01PH>
<ChiTietPhi id="ID_1"><ten_LoaiPhi>Phí thứ nhất</ten_LoaiPhi><ma_DonViTien>VND</ma_DonViTien>
<soTienPHThuDuoc>12000060</soTienPHThuDuoc><tyLe>10</tyLe><soTienPHTrichTheoCheDo>1200012</soTienPHTrichTheoCheDo>
<soTienPHPhaiNop>10800048</soTienPHPhaiNop><soTienPHKKTrongKy>10000000</soTienPHKKTrongKy><chenhLech>800048</chenhLech></ChiTietPhi>
<ChiTietPhi id="ID_2"><ten_LoaiPhi>Phí thứ hai</ten_LoaiPhi><ma_DonViTien>USD</ma_DonViTien>
<soTienPHThuDuoc>4250.50</soTienPHThuDuoc><tyLe>80</tyLe><soTienPHTrichTheoCheDo>3400.4</soTienPHTrichTheoCheDo>
<soTienPHPhaiNop>850.10</soTienPHPhaiNop><soTienPHKKTrongKy>850.30</soTienPHKKTrongKy><chenhLech>-0.20</chenhLech></ChiTietPhi>
</NoiDung01PH><TongCong01PH><ChiTietTongCongTheoLoaiTien><ma_DonViTien>VND</ma_DonViTien><tongCong>10800048</tongCong>
</ChiTietTongCongTheoLoaiTien><ChiTietTongCongTheoLoaiTien><ma_DonViTien>USD</ma_DonViTien><tongCong>850.10</tongCong>
</ChiTietTongCongTheoLoaiTien></TongCong01PH>{_RELIEF}"""
_LINES = BODY[BODY.index("<ChiTietPhi ") : BODY.index("</NoiDung01PH>")]
_TOTALS = BODY[BODY.index("<ChiTietTong") : BODY.index("</TongCong01PH>")]
_USD = _TOTALS[_TOTALS.rindex("<ChiTietTong") :]


def _retained(retained: int) -> tuple[tuple[str, str], ...]:
    """What changes with another figure in column (6)."""
    payable = 12000060 - retained
    return (
        ("<soTienPHTrichTheoCheDo>1200012<", f"<soTienPHTrichTheoCheDo>{retained}<"),
        ("<soTienPHPhaiNop>10800048<", f"<soTienPHPhaiNop>{payable}<"),
        ("<chenhLech>800048<", f"<chenhLech>{payable - 10000000}<"),
        ("<tongCong>10800048<", f"<tongCong>{payable}<"),
    )


BROKEN: dict[str, Changes] = {
    "ETAX-920-R01": (
        ("<soTienPHPhaiNop>10800048<", "<soTienPHPhaiNop>10800049<"),
        ("<chenhLech>800048<", "<chenhLech>800049<"),
        ("<tongCong>10800048<", "<tongCong>10800049<"),
    ),
    "ETAX-920-R02": (("<chenhLech>-0.20<", "<chenhLech>0.20<"),),
    "ETAX-920-R03": ((_USD, ""),),
    "ETAX-920-R04": _retained(1200019),
    "ETAX-920-R05": (("<tyLe>10<", "<tyLe>101<"), *_retained(12120060)),
    "ETAX-920-R06": (
        ("<soTienPHThuDuoc>4250.50<", "<soTienPHThuDuoc>-4250.50<"),
        ("<soTienPHTrichTheoCheDo>3400.4<", "<soTienPHTrichTheoCheDo>-3400.4<"),
        ("<soTienPHPhaiNop>850.10<", "<soTienPHPhaiNop>-850.10<"),
        ("<chenhLech>-0.20<", "<chenhLech>-1700.40<"),
        ("<tongCong>850.10<", "<tongCong>-850.10<"),
    ),
    "ETAX-920-R07": (("<tongCong>10800048<", "<tongCong>10800049<"),),
    "ETAX-920-R08": ((_USD, _USD + _USD),),
    "ETAX-920-R09": ((_RELIEF, _RELIEF_IN_USE.replace("10<", "10.50<")),),
    "ETAX-920-R10": ((_LINES, ""), (_TOTALS, "")),
    "ETAX-920-R11": (("<ma_DonViTien_TT63/>", "<ma_DonViTien_TT63>VND</ma_DonViTien_TT63>"),),
    "ETAX-920-R12": (("</TongCong01PH>", "</TongCong01PH><lyDoGiaHan>Bão lụt</lyDoGiaHan>"),),
}


SAMPLE = Sample(
    "920",
    YEAR,
    {number: BODY if number == "2.7.5" else BODY.replace(_RELIEF, "") for number in ("2.7.5", "2.6.9", "2.5.1")},
    BROKEN,
    ("04", "05", "06", "10", "11", "12"),
    appendices=SUPPLEMENT_IN_CURRENCIES,
    unknown="ETAX-920-R13",
)
FORM = SAMPLE.form


def test_a_unit_of_rounding_for_each_month_is_let_pass() -> None:
    assert found(FORM, changed(SAMPLE.declaration(), *_retained(1200018))) == []


def test_an_extension_is_marked_and_has_its_reason() -> None:
    reason = ("</TongCong01PH>", "</TongCong01PH><lyDoGiaHan>Bão lụt</lyDoGiaHan>")
    marked = ("<ngayKy>", "<giaHan>true</giaHan><ngayKy>")
    assert found(FORM, changed(SAMPLE.declaration(), reason, marked)) == []
    assert found(FORM, changed(SAMPLE.declaration(), marked)) == ["ETAX-920-R12"]


def test_a_financial_year_is_taken() -> None:
    """The catalogue says of 2.6.9 that it takes financial years."""
    year = Period("K", "", "01/04/2025", "31/03/2026")
    assert found(FORM, declaration(FORM, year, BODY)) == []


def test_a_wrong_figure_is_told_once_though_others_follow_from_it() -> None:
    """The difference (9) and the total are those of the right (7)."""
    wrong = ("<soTienPHPhaiNop>10800048<", "<soTienPHPhaiNop>10800049<")
    assert found(FORM, changed(SAMPLE.declaration(), wrong)) == ["ETAX-920-R01"]
