"""01/LPMB: the licence fee, in the versions with a ward and in those with a district."""

from __future__ import annotations

from formsamples import YEAR, Changes, Period, Sample, declaration, found

PLACE = "<ten_xa>Phường Minh Hoạ</ten_xa>"
DISTRICT = "<ct3_ten>Quận Minh Hoạ</ct3_ten>"
BODY = f"""<ct09>false</ct09><NguoiNopLPMB><ct2>Công ty Thí Dụ</ct2>{PLACE}<ct3a_ten>An Hoà</ct3a_ten>
<ct4>9900000016</ct4><ct5>10000000000</ct5><ct6>2000000</ct6><ct7>2000000</ct7><ct8>0</ct8><ct9_ten/></NguoiNopLPMB>
<DiaDiemKD><DiaDiemKinhDoanh id="ID_1"><ct2>Cửa hàng 1</ct2>{PLACE}<ct3a_ten>An Hoà</ct3a_ten><ct4>00001</ct4><ct5/>
<ct6>1000000</ct6><ct7>1000000</ct7><ct8>0</ct8></DiaDiemKinhDoanh>
<DiaDiemKinhDoanh id="ID_2"><ct2>Cửa hàng 2</ct2>{PLACE}<ct3a_ten>An Hoà</ct3a_ten><ct4>00002</ct4><ct5/>
<ct6>1000000</ct6><ct7/><ct8>1000000</ct8><ct9_ten>Năm đầu thành lập</ct9_ten></DiaDiemKinhDoanh></DiaDiemKD>
<tongcong_ddkd>1000000</tongcong_ddkd><tong>3000000</tong>"""
_DECEMBER = ("01/01/2025", "01/12/2025")
BROKEN: dict[str, Changes] = {
    "ETAX-824-R01": (("<tongcong_ddkd>1000000<", "<tongcong_ddkd>1000001<"), ("<tong>3000000<", "<tong>3000001<")),
    "ETAX-824-R02": (("<tong>3000000<", "<tong>3000001<"),),
    "ETAX-824-R03": (("<ct4>9900000016<", "<ct4>9900000023<"),),
    "ETAX-824-R04": (("<kieuKy>Y</kieuKy><kyKKhai>2025<", "<kieuKy>M</kieuKy><kyKKhai>12/2025<"), _DECEMBER),
    "ETAX-824-R05": (("<kyKKhai>2025<", "<kyKKhai>2026<"),),
    "ETAX-824-R06": (("<ct9_ten>Năm đầu thành lập<", "<ct9_ten><"),),
}


SAMPLE = Sample(
    "824",
    YEAR,
    {number: BODY if number == "2.8.3" else BODY.replace(PLACE, DISTRICT) for number in ("2.8.3", "2.7.2", "2.5.1")},
    BROKEN,
    ("01", "02", "03", "04", "06"),
)
FORM = SAMPLE.form


def test_a_payer_without_places_is_right() -> None:
    body = BODY[: BODY.index("<DiaDiemKD>")] + "<tongcong_ddkd>0</tongcong_ddkd><tong>2000000</tong>"
    assert found(FORM, declaration(FORM, YEAR, body)) == []


def test_codes_beside_names_are_taken_in_any_order() -> None:
    coded = BODY.replace(PLACE, f"{PLACE}<ma_xa>99901</ma_xa>").replace(
        "<ct3a_ten>", "<ct3a_ma>999</ct3a_ma><ct3a_ten>"
    )
    assert found(FORM, declaration(FORM, YEAR, coded)) == []


def test_days_that_end_after_the_fee_has_ended_are_refused_too() -> None:
    days = Period("K", "", "01/07/2025", "30/06/2026")
    findings = FORM.check(declaration(FORM, days, BODY))
    assert [each.rule for each in findings] == ["ETAX-824-R04", "ETAX-824-R05"]
    assert "khai theo kiểu kỳ từ ngày đến ngày" in findings[0].message.vi
    assert "khai cho kỳ 30/06/2026" in findings[1].message.vi
