"""01/LP: charges in several currencies."""

from __future__ import annotations

from formsamples import MONTH, SUPPLEMENT_IN_CURRENCIES, Changes, Sample, changed, computed, same

_RELIEF = """<NoiDung01LP_TT63><ChiTietLePhiTT63 id="ID_1"><ten_LoaiLePhi_TT63/><tieuMuc_TT63/><ma_DonViTien_TT63/>
<soTienPHPhaiNop_TT63>0</soTienPHPhaiNop_TT63></ChiTietLePhiTT63></NoiDung01LP_TT63>"""
_RELIEF_IN_USE = """<NoiDung01LP_TT63><ChiTietLePhiTT63 id="ID_1"><ten_LoaiLePhi_TT63>Lệ phí</ten_LoaiLePhi_TT63>
<tieuMuc_TT63>2801</tieuMuc_TT63><ma_DonViTien_TT63>VND</ma_DonViTien_TT63>
<soTienPHPhaiNop_TT63>10</soTienPHPhaiNop_TT63></ChiTietLePhiTT63></NoiDung01LP_TT63>"""
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
BROKEN: dict[str, Changes] = {
    "ETAX-880-R01": ((_USD, ""),),
    "ETAX-880-R02": (("<soTienPHPhaiNop>500<", "<soTienPHPhaiNop>-500<"), ("<tongCong>250500<", "<tongCong>249500<")),
    "ETAX-880-R03": (("<tieuMuc>2802</tieuMuc>", ""),),
    "ETAX-880-R04": (("<tongCong>250500<", "<tongCong>250501<"),),
    "ETAX-880-R05": ((_USD, _USD + _USD),),
    "ETAX-880-R06": ((_RELIEF, _RELIEF_IN_USE.replace("10<", "10.50<")),),
    "ETAX-880-R07": ((_LINES, ""), (_TOTALS, "")),
    "ETAX-880-R08": (("<soTienPHPhaiNop_TT63>0<", "<soTienPHPhaiNop_TT63>20<"),),
    "ETAX-880-R09": (("<kieuKy>M</kieuKy><kyKKhai>10/2025<", "<kieuKy>D</kieuKy><kyKKhai>05/10/2025<"),),
}


SAMPLE = Sample(
    "880",
    MONTH,
    {number: BODY if number == "2.7.5" else BODY.replace(_RELIEF, "") for number in ("2.7.5", "2.5.1")},
    BROKEN,
    ("02", "03", "07", "08", "09"),
    appendices=SUPPLEMENT_IN_CURRENCIES,
    unknown="ETAX-880-R10",
)
FORM = SAMPLE.form


def test_totals_are_made_where_there_are_none() -> None:
    right = SAMPLE.declaration()
    assert same(computed(FORM, changed(right, (_TOTALS, ""))), right)


def test_totals_are_printed_under_the_column_that_they_add_up() -> None:
    columns = [field.column for names, field in FORM.outline.fields.items() if names[-1] == "tongCong"]
    assert columns == ["(4)"]
