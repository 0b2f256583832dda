"""01/PBVMT: the environmental protection fee for mining."""

from __future__ import annotations

import pytest

from formsamples import MONTH, Changes, Sample, changed, computed, found

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
BROKEN: dict[str, Changes] = {
    "ETAX-878-R01": (
        ("<soPhiPhaiNopTrongKy>30000<", "<soPhiPhaiNopTrongKy>30001<"),
        ("<tongPhiPNop>13281763<", "<tongPhiPNop>13281764<"),
    ),
    "ETAX-878-R02": (("<tenKhoangSan>Cát<", "<tenKhoangSan><"),),
    "ETAX-878-R03": (("<tongPhiPNop>13281763<", "<tongPhiPNop>13281764<"),),
    "ETAX-878-R04": ((_LINES, ""), ("<tongPhiPNop>13281763<", "<tongPhiPNop>0<")),
}


SAMPLE = Sample("878", MONTH, {"2.5.1": BODY}, BROKEN, ("02", "04"))
FORM = SAMPLE.form


@pytest.mark.parametrize("fee", ["13240762", "13240763"])
def test_rounding_to_the_dong_is_allowed_either_way(fee: str) -> None:
    """(1200.5 × 500 + 300.25 × 40,000) × 1.05 = 13,240,762.5"""
    rounded = changed(
        SAMPLE.declaration(),
        ("<soPhiPhaiNopTrongKy>13240763<", f"<soPhiPhaiNopTrongKy>{fee}<"),
        ("<tongPhiPNop>13281763<", f"<tongPhiPNop>{int(fee) + 41000}<"),
    )
    assert found(FORM, rounded) == []


def test_an_unused_line_is_right() -> None:
    empty = (
        "<KhoangSan><tenKhoangSan/><soLuongDDBXT/><mucPhiCuaDDBXT/><donViTinh/><soLuong/><mucPhiTheoTungLoaiKS/>"
        "<heSoTinhPhi/><soPhiPhaiNopTrongKy/></KhoangSan>"
    )
    assert found(FORM, changed(SAMPLE.declaration(), ("<KhoangSan ", f"{empty}<KhoangSan "))) == []


def test_five_thousand_lines_add_up() -> None:
    line = BODY[BODY.index('<KhoangSan id="ID_2">') : BODY.index("</TTinKhoangSan></KSDo")]
    wide = computed(FORM, changed(SAMPLE.declaration(), (line, line * 5000)))
    assert b"<tongPhiPNop>163251763</tongPhiPNop>" in wide.data
    assert found(FORM, wide) == []
