"""02/PBVMT: annual finalisation of the environmental protection fee for mining."""

from __future__ import annotations

from formsamples import YEAR, Changes, Sample, changed, found

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
BROKEN: dict[str, Changes] = {
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


SAMPLE = Sample("893", YEAR, {"2.6.9": BODY, "2.5.1": BODY}, BROKEN, ("03", "07"), unknown="ETAX-893-R08")
FORM = SAMPLE.form

_TOTAL = ("<tongSoPhiPhaiNopQuyetToan>13281763<", "<tongSoPhiPhaiNopQuyetToan>13281764<")


def test_a_wrong_figure_is_told_once_though_another_follows_from_it() -> None:
    """The difference (11) is that of the right (9)."""
    wrong = ("<soPhiPhaiNopQuyetToan>30000<", "<soPhiPhaiNopQuyetToan>30001<")
    assert found(FORM, changed(SAMPLE.declaration(), wrong, _TOTAL)) == ["ETAX-893-R01"]


def test_a_difference_from_another_rounding_of_the_fee_is_wrong() -> None:
    """The fee is 13,240,762.5, so either đồng is right; the difference is that of the one that is written."""
    other = (("<chenhLech>240763<", "<chenhLech>240762<"), ("<tongChenhLech>239763<", "<tongChenhLech>239762<"))
    assert found(FORM, changed(SAMPLE.declaration(), *other)) == ["ETAX-893-R02"]
