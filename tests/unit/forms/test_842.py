"""01/GTGT: value added tax, with tax to pay and with tax to carry forward."""

from __future__ import annotations

from formsamples import QUARTER, Changes, Sample, changed, computed, declaration, found, same, with_computed

BODY = """<ma_NganhNghe>00</ma_NganhNghe><ten_NganhNghe>Hoạt động sản xuất kinh doanh thông thường</ten_NganhNghe>
<tieuMucHachToan>1701</tieuMucHachToan><Header><ct09/><ct10/><DiaChiHDSXKDKhacTinhNDTSC>
<ct11a_phuongXa_ma/><ct11a_phuongXa_ten/><ct11b_quanHuyen_ma xsi:nil="true"/><ct11b_quanHuyen_ten xsi:nil="true"/>
<ct11c_tinhTP_ma/><ct11c_tinhTP_ten/></DiaChiHDSXKDKhacTinhNDTSC></Header>
<ct21>false</ct21><ct22>1000</ct22><GiaTriVaThueGTGTHHDVMuaVao><ct23>50000</ct23><ct24>5000</ct24></GiaTriVaThueGTGTHHDVMuaVao>
<HangHoaDichVuNhapKhau><ct23a>10000</ct23a><ct24a>1000</ct24a></HangHoaDichVuNhapKhau><ct25>4000</ct25><ct26>7000</ct26>
<HHDVBRaChiuThueGTGT><ct27>95000</ct27><ct28>8500</ct28></HHDVBRaChiuThueGTGT><ct29>2000</ct29>
<HHDVBRaChiuTSuat5><ct30>10000</ct30><ct31>500</ct31></HHDVBRaChiuTSuat5>
<HHDVBRaChiuTSuat10><ct32>80000</ct32><ct33>8000</ct33></HHDVBRaChiuTSuat10><ct32a>3000</ct32a>
<TongDThuVaThueGTGTHHDVBRa><ct34>102000</ct34><ct35>8500</ct35></TongDThuVaThueGTGTHHDVBRa>
<ct36>4500</ct36><ct37>100</ct37><ct38>200</ct38><ct39a>300</ct39a>
<ct40a>3100</ct40a><ct40b>600</ct40b><ct40>2500</ct40><ct41>0</ct41><ct42>0</ct42><ct43>0</ct43>"""
_PAID = "<ct40a>3100</ct40a><ct40b>600</ct40b><ct40>2500</ct40><ct41>0</ct41><ct42>0</ct42><ct43>0</ct43>"
_CARRIED = "<ct40a>0</ct40a><ct40b>0</ct40b><ct40>0</ct40><ct41>4900</ct41><ct42>900</ct42><ct43>4000</ct43>"
CARRY_FORWARD = (("<ct22>1000<", "<ct22>9000<"), (_PAID, _CARRIED))
REDUCTION = """<PL_NQ142_GTGT><HH_DV_MuaVaoTrongKy>
<BangKeTenHHDV ID="ID_1"><tenHHDVMuaVao>Vải</tenHHDVMuaVao><giaTriHHDVMuaVao>1000</giaTriHHDVMuaVao>
<thueGTGTHHDV>80</thueGTGTHHDV></BangKeTenHHDV>
<BangKeTenHHDV ID="ID_2"><tenHHDVMuaVao>Chỉ</tenHHDVMuaVao><giaTriHHDVMuaVao>2000</giaTriHHDVMuaVao>
<thueGTGTHHDV>160</thueGTGTHHDV></BangKeTenHHDV>
<tongCongGiaTriHHDVMuaVao>3000</tongCongGiaTriHHDVMuaVao><tongCongThueGTGTHHDV>240</tongCongThueGTGTHHDV></HH_DV_MuaVaoTrongKy>
<HH_DV_BanRaTrongKy><BangKeTenHHDV ID="ID_1"><tenHHDV>Áo</tenHHDV><giaTriHHDV>5000</giaTriHHDV>
<thueSuatTheoQuyDinh>10</thueSuatTheoQuyDinh><thueSuatSauGiam>8</thueSuatSauGiam><thueGTGTDuocGiam>100</thueGTGTDuocGiam>
</BangKeTenHHDV><tongCongGiaTriHHDV>5000</tongCongGiaTriHHDV><tongCongThueGTGTDuocGiam>100</tongCongThueGTGTDuocGiam>
</HH_DV_BanRaTrongKy><ChenhLech><ct9>-140</ct9></ChenhLech></PL_NQ142_GTGT>"""
_ONE_MORE = (("<ct40a>3100<", "<ct40a>3101<"), ("<ct40>2500<", "<ct40>2501<"))
BROKEN: dict[str, Changes] = {
    "ETAX-842-R01": (("<ct27>95000<", "<ct27>95001<"), ("<ct34>102000<", "<ct34>102001<")),
    "ETAX-842-R02": (
        ("<ct28>8500<", "<ct28>8501<"),
        ("<ct35>8500<", "<ct35>8501<"),
        ("<ct36>4500<", "<ct36>4501<"),
        *_ONE_MORE,
    ),
    "ETAX-842-R03": (("<ct34>102000<", "<ct34>102001<"),),
    "ETAX-842-R04": (("<ct35>8500<", "<ct35>8501<"), ("<ct36>4500<", "<ct36>4501<"), *_ONE_MORE),
    "ETAX-842-R05": (("<ct36>4500<", "<ct36>4501<"), *_ONE_MORE),
    "ETAX-842-R06": _ONE_MORE,
    "ETAX-842-R07": (("<ct40b>600<", "<ct40b>3101<"), ("<ct40>2500<", "<ct40>-1<")),
    "ETAX-842-R08": (("<ct40>2500<", "<ct40>2501<"),),
    "ETAX-842-R09": (*CARRY_FORWARD, ("<ct41>4900<", "<ct41>4901<"), ("<ct43>4000<", "<ct43>4001<")),
    "ETAX-842-R10": (*CARRY_FORWARD, ("<ct42>900<", "<ct42>4901<"), ("<ct43>4000<", "<ct43>-1<")),
    "ETAX-842-R11": (*CARRY_FORWARD, ("<ct43>4000<", "<ct43>4001<")),
    "ETAX-842-R12": (
        ("<ct25>4000<", "<ct25>5001<"),
        ("<ct36>4500<", "<ct36>3499<"),
        ("<ct40a>3100<", "<ct40a>2099<"),
        ("<ct40>2500<", "<ct40>1499<"),
    ),
    "ETAX-842-R13": (("<ct21>false<", "<ct21>1<"),),
    "ETAX-842-R14": (("<ct23a>10000<", "<ct23a>50001<"),),
    "ETAX-842-R15": (("<PL_NQ142_GTGT>", "<PLuc_01_2_GTGT><ct1 a='1'>x</ct1></PLuc_01_2_GTGT><PL_NQ142_GTGT>"),),
    "ETAX-842-R16": (("<tongCongGiaTriHHDVMuaVao>3000<", "<tongCongGiaTriHHDVMuaVao>3001<"),),
    "ETAX-842-R17": (("<tongCongThueGTGTHHDV>240<", "<tongCongThueGTGTHHDV>241<"), ("<ct9>-140<", "<ct9>-141<")),
    "ETAX-842-R18": (("<tongCongGiaTriHHDV>5000<", "<tongCongGiaTriHHDV>5001<"),),
    "ETAX-842-R19": (
        ("<tongCongThueGTGTDuocGiam>100<", "<tongCongThueGTGTDuocGiam>101<"),
        ("<ct9>-140<", "<ct9>-139<"),
    ),
    "ETAX-842-R20": (("<ct9>-140<", "<ct9>-139<"),),
    "ETAX-842-R21": (
        ("<thueGTGTDuocGiam>100<", "<thueGTGTDuocGiam>101<"),
        ("<tongCongThueGTGTDuocGiam>100<", "<tongCongThueGTGTDuocGiam>101<"),
        ("<ct9>-140<", "<ct9>-139<"),
    ),
}


SAMPLE = Sample("842", QUARTER, {"2.8.3": BODY}, BROKEN, ("12", "14", "15", "21"), besides=REDUCTION)
FORM = SAMPLE.form


def test_a_computed_value_is_no_longer_nil() -> None:
    right = declaration(FORM, QUARTER, BODY)
    nil = changed(right, ("<ct36>4500</ct36>", '<ct36 xsi:nil="true"/>'))
    assert same(computed(FORM, nil), right)


def test_tax_to_carry_forward_is_right_and_computed() -> None:
    carried = changed(SAMPLE.declaration(), *CARRY_FORWARD)
    assert found(FORM, carried) == []
    assert same(computed(FORM, with_computed(FORM, carried, "7")), carried)


def test_a_balance_of_nothing_is_written_without_a_sign() -> None:
    even = changed(
        SAMPLE.declaration(),
        ("<ct22>1000<", "<ct22>4100<"),
        (_PAID, "<ct40a>0</ct40a><ct40b>0</ct40b><ct40>0</ct40><ct41>0</ct41><ct42>0</ct42><ct43>0</ct43>"),
    )
    assert found(FORM, even) == []
    assert same(computed(FORM, with_computed(FORM, even, "7")), even)


def test_nothing_bought_or_sold_still_carries_forward() -> None:
    zero = BODY[: BODY.index("<ct22>")].replace("<ct21>false<", "<ct21>true<") + BODY[BODY.index("<ct22>") :]
    for item in ("23", "24", "23a", "24a", "25", "26", "29", "30", "31", "32", "33", "32a", "37", "38", "39a", "40b"):
        start = zero.index(f"<ct{item}>") + len(item) + 4
        zero = zero[:start] + "0" + zero[zero.index("<", start) :]
    idle = computed(FORM, declaration(FORM, QUARTER, zero))
    assert found(FORM, idle) == []
    assert b"<ct41>1000</ct41><ct42>0</ct42><ct43>1000</ct43>" in idle.data


def test_without_a_reduction_the_appendices_may_be_empty() -> None:
    assert found(FORM, changed(declaration(FORM, QUARTER, BODY), ("<CKyDTu/>", "<CKyDTu></CKyDTu>"))) == []
    assert (
        found(FORM, changed(declaration(FORM, QUARTER, BODY), ("</CTieuTKhaiChinh>", "</CTieuTKhaiChinh><PLuc/>")))
        == []
    )


def test_an_element_that_nobody_has_seen_is_refused() -> None:
    """The body is known whole, from a signed file; the appendices of a supplement are not."""
    unseen = changed(SAMPLE.declaration(), ("<ct22>", "<ct21a>0</ct21a><ct22>"))
    assert found(FORM, unseen) == ["SCHEMA-UNEXPECTED"]
    in_appendix = changed(SAMPLE.supplement(), ("<tongCong_ct10>", "<tongCong_ct10a>0</tongCong_ct10a><tongCong_ct10>"))
    assert found(FORM, in_appendix) == ["SCHEMA-UNKNOWN"]


def test_an_amount_in_dong_has_no_decimals() -> None:
    assert found(FORM, changed(SAMPLE.declaration(), ("<ct22>1000<", "<ct22>1000.5<"))) == ["SCHEMA-VALUE"]
