"""The forms of Circular 89/2026. No file of them was seen: these tests are about the law's columns and formulas."""

from __future__ import annotations

import re

import pytest

from formsamples import (
    LIBRARY,
    SUPPLEMENT,
    SUPPLEMENT_IN_CURRENCIES,
    Changes,
    Period,
    Sample,
    assert_only,
    changed,
    computed,
    declaration,
    found,
    same,
    with_computed,
)
from govgateway.documents.findings import Severity
from govgateway.documents.package import FormLibrary
from govgateway.documents.versions import rules_of

C89 = FormLibrary(LIBRARY.folder / "c89")
MONTH = Period("M", "07/2026", "01/07/2026", "31/07/2026")
QUARTER = Period("Q", "3/2026", "01/07/2026", "30/09/2026")
YEAR = Period("Y", "2026", "01/01/2026", "31/12/2026")


def _headed(appendices: str) -> str:
    """``appendices`` with the header that Circular 89/2026 puts above both."""
    header = "<Header><ct01>x</ct01><ct02>10820260019081192</ct02><ct03>x</ct03><ct04>1</ct04></Header>"
    return re.sub("<(PL01_KHBS|PL01_1_KHBS)>", rf"<\1>{header}", appendices)


def _fee(name: str, currency: str, figures: str) -> str:
    names = ("soTienPHThuDuoc", "tyLe", "soTienPHTrichTheoCheDo", "soTienPHPhaiNop", "soTienPHKKTrongKy", "chenhLech")
    told = "".join(f"<{name}>{figure}</{name}>" for name, figure in zip(names, figures.split(), strict=False))
    return f"<ChiTietPhi><ten_LoaiPhi>{name}</ten_LoaiPhi><ma_DonViTien>{currency}</ma_DonViTien>{told}</ChiTietPhi>"


def _total(currency: str, amount: str) -> str:
    fields = f"<ma_DonViTien>{currency}</ma_DonViTien><tongCong>{amount}</tongCong>"
    return f"<ChiTietTongCongTheoLoaiTien>{fields}</ChiTietTongCongTheoLoaiTien>"


def _part(number: str, lines: str, totals: str) -> str:
    return f"<{number}><NoiDung01PH>{lines}</NoiDung01PH><TongCong01PH>{totals}</TongCong01PH></{number}>"


PART_I = _part(
    "Phan_I",
    _fee("Phí 1", "VND", "1000 10 100 900") + _fee("Phí 2", "USD", "50.50 0 0.00 50.50"),
    _total("VND", "900") + _total("USD", "50.50"),
)
PART_II = _part("Phan_II", _fee("Phí 1", "VND", "12000 10 1205 10795 10800 -5"), _total("VND", "10795"))
FEES = Sample(
    "879",
    MONTH,
    {"0.0.0": PART_I},
    {
        "ETAX-C89PH-R01": (
            ("<soTienPHTrichTheoCheDo>100<", "<soTienPHTrichTheoCheDo>101<"),
            ("<soTienPHPhaiNop>900<", "<soTienPHPhaiNop>899<"),
            ("<tongCong>900<", "<tongCong>899<"),
        ),
        "ETAX-C89PH-R04": (("<soTienPHPhaiNop>900<", "<soTienPHPhaiNop>901<"), ("<tongCong>900<", "<tongCong>901<")),
        "ETAX-C89PH-R05": ((_total("USD", "50.50"), ""),),
        "ETAX-C89PH-R06": (
            ("<tyLe>10<", "<tyLe>110<"),
            ("<soTienPHTrichTheoCheDo>100<", "<soTienPHTrichTheoCheDo>1100<"),
            ("<soTienPHPhaiNop>900<", "<soTienPHPhaiNop>-100<"),
            ("<tongCong>900<", "<tongCong>-100<"),
        ),
        "ETAX-C89PH-R07": (
            ("<soTienPHThuDuoc>50.50<", "<soTienPHThuDuoc>-50.50<"),
            ("<soTienPHPhaiNop>50.50<", "<soTienPHPhaiNop>-50.50<"),
            ("<tongCong>50.50<", "<tongCong>-50.50<"),
        ),
        "ETAX-C89PH-R08": (("<tongCong>900<", "<tongCong>901<"),),
        "ETAX-C89PH-R09": ((_total("USD", "50.50"), _total("USD", "50.50") * 2),),
        "ETAX-C89PH-R11": ((PART_I, ""),),
        "ETAX-C89PH-R12": (
            ("<kieuKy>M</kieuKy><kyKKhai>07/2026<", "<kieuKy>Y</kieuKy><kyKKhai>2026<"),
            ("01/07/2026", "01/01/2026"),
            ("31/07/2026", "31/12/2026"),
        ),
    },
    ("06", "07", "11", "12"),
    _headed(SUPPLEMENT_IN_CURRENCIES),
    library=C89,
    elsewhere=("ETAX-C89PH-R10",),
)
FINALISED = Sample(
    "879",
    YEAR,
    {"0.0.0": PART_II},
    {
        "ETAX-C89PH-R02": (("<chenhLech>-5<", "<chenhLech>5<"),),
        "ETAX-C89PH-R03": (
            ("<soTienPHTrichTheoCheDo>1205<", "<soTienPHTrichTheoCheDo>1213<"),
            ("<soTienPHPhaiNop>10795<", "<soTienPHPhaiNop>10787<"),
            ("<chenhLech>-5<", "<chenhLech>-13<"),
            ("<tongCong>10795<", "<tongCong>10787<"),
        ),
        "ETAX-C89PH-R13": (
            ("<kieuKy>Y</kieuKy><kyKKhai>2026<", "<kieuKy>M</kieuKy><kyKKhai>07/2026<"),
            ("01/01/2026", "01/07/2026"),
            ("31/12/2026", "31/07/2026"),
        ),
    },
    ("03", "13"),
    _headed(SUPPLEMENT_IN_CURRENCIES),
    library=C89,
)


def _charge(name: str, currency: str, amount: str) -> str:
    fields = f"<ten_LoaiLePhi>{name}</ten_LoaiLePhi><ma_DonViTien>{currency}</ma_DonViTien>"
    return f"<ChiTietLePhi>{fields}<soTienPHPhaiNop>{amount}</soTienPHPhaiNop></ChiTietLePhi>"


_CHARGED = _charge("Lệ phí 1", "VND", "700") + _charge("Lệ phí 2", "USD", "1.25")
_TOTALLED = _total("VND", "700") + _total("USD", "1.25")
CHARGES = Sample(
    "880",
    MONTH,
    {"2.7.5": f"<NoiDung01LP>{_CHARGED}</NoiDung01LP><TongCong01LP>{_TOTALLED}</TongCong01LP>"},
    {
        "ETAX-C89LP-R01": ((_total("USD", "1.25"), ""),),
        "ETAX-C89LP-R02": (
            ("<soTienPHPhaiNop>1.25<", "<soTienPHPhaiNop>-1.25<"),
            ("<tongCong>1.25<", "<tongCong>-1.25<"),
        ),
        "ETAX-C89LP-R03": (("<tongCong>700<", "<tongCong>701<"),),
        "ETAX-C89LP-R04": ((_total("USD", "1.25"), _total("USD", "1.25") * 2),),
        "ETAX-C89LP-R06": ((_CHARGED, ""), (_TOTALLED, "")),
        "ETAX-C89LP-R07": (
            ("<kieuKy>M</kieuKy><kyKKhai>07/2026<", "<kieuKy>Q</kieuKy><kyKKhai>3/2026<"),
            ("31/07/2026", "30/09/2026"),
        ),
        "ETAX-C89LP-R08": (
            (
                "</TongCong01LP>",
                "</TongCong01LP><NoiDung01LP_TT63><ChiTietLePhiTT63><ten_LoaiLePhi_TT63>x</ten_LoaiLePhi_TT63>"
                "<tieuMuc_TT63/><ma_DonViTien_TT63/><soTienPHPhaiNop_TT63>0</soTienPHPhaiNop_TT63></ChiTietLePhiTT63>"
                "</NoiDung01LP_TT63>",
            ),
        ),
    },
    ("02", "06", "08"),
    SUPPLEMENT_IN_CURRENCIES.replace("<PL01_KHBS>", "<PL01_KHBS><Header><ma>10820260019081192</ma></Header>"),
    library=C89,
    elsewhere=("ETAX-C89LP-R05", "ETAX-C89LP-R09"),
)


def _mineral(figures: str) -> str:
    return (
        "<KhoangSan><tenKhoangSan>Đá vôi</tenKhoangSan><soLuongDDBXT>1200.5</soLuongDDBXT>"
        "<mucPhiCuaDDBXT>500</mucPhiCuaDDBXT><donViTinh>Tấn</donViTinh><soLuong>300.25</soLuong>"
        f"<mucPhiTheoTungLoaiKS>40000</mucPhiTheoTungLoaiKS><heSoTinhPhi>1.05</heSoTinhPhi>{figures}</KhoangSan>"
    )


def _mined(part: str, line: str, totals: str) -> str:
    lines = f"<KSDoCSoTuKhaiThac><TTinKhoangSan>{line}</TTinKhoangSan></KSDoCSoTuKhaiThac>"
    return f"<{part}><PhiBVMT>{lines}{totals}</PhiBVMT></{part}>"


_WHERE = "<Header><khaiThacKhoangSan>true</khaiThacKhoangSan><ct10a_ten>Phường Minh Hoạ</ct10a_ten></Header>"
_MINERAL = _mineral("<soPhiPhaiNopTrongKy>13240763</soPhiPhaiNopTrongKy>")
MINING = Sample(
    "878",
    MONTH,
    {"0.0.0": _WHERE + _mined("Phan_I", _MINERAL, "<tongPhiPNop>13240763</tongPhiPNop>")},
    {
        "ETAX-C89MT-R01": (
            ("<soPhiPhaiNopTrongKy>13240763<", "<soPhiPhaiNopTrongKy>13240764<"),
            ("<tongPhiPNop>13240763<", "<tongPhiPNop>13240764<"),
        ),
        "ETAX-C89MT-R03": (("<tongPhiPNop>13240763<", "<tongPhiPNop>13240764<"),),
        "ETAX-C89MT-R07": ((_MINERAL, ""), ("<tongPhiPNop>13240763<", "<tongPhiPNop>0<")),
        "ETAX-C89MT-R08": (
            ("<kieuKy>M</kieuKy><kyKKhai>07/2026<", "<kieuKy>Q</kieuKy><kyKKhai>3/2026<"),
            ("31/07/2026", "30/09/2026"),
        ),
    },
    ("07", "08"),
    _headed(SUPPLEMENT),
    library=C89,
)
_FINAL = (
    "<soPhiPhaiNopQuyetToan>13240763</soPhiPhaiNopQuyetToan><soPhiKKTrongNam>13000000</soPhiKKTrongNam>"
    "<chenhLech>240763</chenhLech>"
)
_FINAL_TOTALS = (
    "<tongSoPhiPhaiNopQuyetToan>13240763</tongSoPhiPhaiNopQuyetToan><tongSoPhiKKTrongNam>13000000</tongSoPhiKKTrongNam>"
    "<tongChenhLech>240763</tongChenhLech>"
)
MINING_FINALISED = Sample(
    "878",
    YEAR,
    {"0.0.0": _mined("Phan_II", _mineral(_FINAL), _FINAL_TOTALS)},
    {
        "ETAX-C89MT-R02": (
            ("<chenhLech>240763<", "<chenhLech>240764<"),
            ("<tongChenhLech>240763<", "<tongChenhLech>240764<"),
        ),
        "ETAX-C89MT-R04": (("<tongSoPhiPhaiNopQuyetToan>13240763<", "<tongSoPhiPhaiNopQuyetToan>1<"),),
        "ETAX-C89MT-R05": (("<tongSoPhiKKTrongNam>13000000<", "<tongSoPhiKKTrongNam>1<"),),
        "ETAX-C89MT-R06": (("<tongChenhLech>240763<", "<tongChenhLech>1<"),),
        "ETAX-C89MT-R09": (
            ("<kieuKy>Y</kieuKy><kyKKhai>2026<", "<kieuKy>M</kieuKy><kyKKhai>07/2026<"),
            ("01/01/2026", "01/07/2026"),
            ("31/12/2026", "31/07/2026"),
        ),
    },
    ("09",),
    _headed(SUPPLEMENT),
    library=C89,
)

_PAID = "<ct40a>3100</ct40a><ct40b>600</ct40b><ct40>2500</ct40><ct41>0</ct41><ct42>0</ct42><ct43>0</ct43>"
_CARRIED = "<ct40a>0</ct40a><ct40b>0</ct40b><ct40>0</ct40><ct41>4900</ct41><ct42>900</ct42><ct43>4000</ct43>"
_CARRY: Changes = (("<ct22>1000<", "<ct22>9000<"), (_PAID, _CARRIED))
_ONE_MORE: Changes = (("<ct40a>3100<", "<ct40a>3101<"), ("<ct40>2500<", "<ct40>2501<"))
VAT = Sample(
    "842",
    QUARTER,
    {
        "0.0.0": """<ma_NganhNghe>00</ma_NganhNghe><ten_NganhNghe>Hoạt động thông thường</ten_NganhNghe>
<tieuMucHachToan>1701</tieuMucHachToan><ct21>false</ct21><ct22>1000</ct22>
<GiaTriVaThueGTGTHHDVMuaVao><ct23>50000</ct23><ct24>5000</ct24></GiaTriVaThueGTGTHHDVMuaVao>
<HangHoaDichVuNhapKhau><ct23a>10000</ct23a><ct24a>1000</ct24a></HangHoaDichVuNhapKhau><ct25>4000</ct25><ct26>7000</ct26>
<HHDVBRaChiuThueGTGT><ct27>95900</ct27><ct28>8500</ct28></HHDVBRaChiuThueGTGT><ct29>2000</ct29>
<HHDVBRaChiuTSuat5><ct30>10000</ct30><ct31>500</ct31></HHDVBRaChiuTSuat5>
<HHDVBRaChiuTSuat10><ct32>80000</ct32><ct33>8000</ct33></HHDVBRaChiuTSuat10><ct32a>3000</ct32a><ct32b>900</ct32b>
<TongDThuVaThueGTGTHHDVBRa><ct34>102950</ct34><ct35>8500</ct35></TongDThuVaThueGTGTHHDVBRa><ct34a>50</ct34a>
<ct36>4500</ct36><ct37>100</ct37><ct38>200</ct38><ct39a>300</ct39a>"""
        + _PAID
    },
    {
        "ETAX-C89GTGT-R01": (("<ct27>95900<", "<ct27>95901<"), ("<ct34>102950<", "<ct34>102951<")),
        "ETAX-C89GTGT-R02": (
            ("<ct28>8500<", "<ct28>8501<"),
            ("<ct35>8500<", "<ct35>8501<"),
            ("<ct36>4500<", "<ct36>4501<"),
            *_ONE_MORE,
        ),
        "ETAX-C89GTGT-R03": (("<ct34>102950<", "<ct34>102951<"),),
        "ETAX-C89GTGT-R04": (("<ct35>8500<", "<ct35>8501<"), ("<ct36>4500<", "<ct36>4501<"), *_ONE_MORE),
        "ETAX-C89GTGT-R05": (("<ct36>4500<", "<ct36>4501<"), *_ONE_MORE),
        "ETAX-C89GTGT-R06": _ONE_MORE,
        "ETAX-C89GTGT-R07": (("<ct40b>600<", "<ct40b>3101<"), ("<ct40>2500<", "<ct40>-1<")),
        "ETAX-C89GTGT-R08": (("<ct40>2500<", "<ct40>2501<"),),
        "ETAX-C89GTGT-R09": (*_CARRY, ("<ct41>4900<", "<ct41>4901<"), ("<ct43>4000<", "<ct43>4001<")),
        "ETAX-C89GTGT-R10": (*_CARRY, ("<ct42>900<", "<ct42>4901<"), ("<ct43>4000<", "<ct43>-1<")),
        "ETAX-C89GTGT-R11": (*_CARRY, ("<ct43>4000<", "<ct43>4001<")),
        "ETAX-C89GTGT-R12": (
            ("</CTieuTKhaiChinh>", "</CTieuTKhaiChinh><PLuc><PLuc_01_8_GTGT><x>1</x></PLuc_01_8_GTGT></PLuc>"),
        ),
    },
    ("01", "03", "12"),
    _headed(SUPPLEMENT),
    library=C89,
)

_FIGURES = "50 40 30 25 5 900 700 200 10 60 10 20 30 0 800 600 200 500 300 200 90 0 0 0 0 0 0 80 50 30 1"
_WAGES = dict(enumerate(map(int, _FIGURES.split()), start=15))


def _more(item: int, rule: str) -> dict[str, Changes]:
    return {f"ETAX-C89TNCN-{rule}": ((f"<ct{item}>{_WAGES[item]}<", f"<ct{item}>{_WAGES[item] + 1}<"),)}


WAGES = Sample(
    "864",
    QUARTER,
    {"0.0.0": "".join(f"<ct{number}>{value}</ct{number}>" for number, value in _WAGES.items())},
    {
        "ETAX-C89TNCN-R01": (
            ("<kieuKy>Q</kieuKy><kyKKhai>3/2026<", "<kieuKy>M</kieuKy><kyKKhai>07/2026<"),
            ("30/09/2026", "31/07/2026"),
        ),
        **_more(17, "R02"),
        **_more(20, "R03"),
        **_more(24, "R04"),
        **_more(29, "R05"),
        **_more(32, "R06"),
        **_more(42, "R07"),
        "ETAX-C89TNCN-R08": (("<ct16>40<", "<ct16>51<"),),
        "ETAX-C89TNCN-R09": (("<ct23>10<", "<ct23>901<"),),
        "ETAX-C89TNCN-R10": (("<ct45>1<", "<ct45>81<"),),
    },
    ("02", "03", "04", "05", "06", "07", "08", "09", "10"),
    _headed(SUPPLEMENT),
    library=C89,
)

SAMPLES = {
    "01/PH part I": FEES,
    "01/PH part II": FINALISED,
    "01/LP": CHARGES,
    "01/PBVMT part I": MINING,
    "01/PBVMT part II": MINING_FINALISED,
    "01/GTGT": VAT,
    "05/KK-TNCN": WAGES,
}


def test_the_two_parts_of_a_declaration_have_totals_of_their_own() -> None:
    both = declaration(FEES.form, MONTH, PART_I + PART_II)
    assert same(computed(FEES.form, with_computed(FEES.form, both, "7")), both)
    assert found(FEES.form, both) == ["ETAX-C89PH-R13"]


def test_a_supplement_names_the_transaction_of_the_first_return() -> None:
    nameless = changed(FEES.supplement(), ("<ct02>10820260019081192<", "<ct02><"))
    assert_only(FEES.form, nameless, "ETAX-C89KHBS-R01", Severity.ERROR)


def test_a_supplement_that_is_numbered_in_two_ways_is_found() -> None:
    assert_only(FEES.form, changed(FEES.supplement(), ("<ct04>1<", "<ct04>2<")), "ETAX-C89KHBS-R02", Severity.WARNING)


def test_that_the_transaction_code_of_the_first_return_is_lacking_is_said_of_charges() -> None:
    """880 2.7.5: where its file holds [02] nobody has seen."""
    without = CHARGES.declaration(appendices=SUPPLEMENT_IN_CURRENCIES)
    assert_only(CHARGES.form, without, "ETAX-C89LP-R09", Severity.WARNING)


@pytest.mark.parametrize(
    ("sample", "amount", "total", "rule"),
    [
        (FEES, "<soTienPHPhaiNop>900<", "<tongCong>900<", "ETAX-C89PH-R10"),
        (CHARGES, "<soTienPHPhaiNop>700<", "<tongCong>700<", "ETAX-C89LP-R05"),
    ],
)
def test_dong_are_whole_however_they_are_written(sample: Sample, amount: str, total: str, rule: str) -> None:
    right = sample.declaration()
    assert found(sample.form, changed(right, (total, total.replace("00<", "00.00<")))) == []
    halves = [(each, each.replace("00<", "00.50<")) for each in (amount, total)]
    broken = changed(right, *halves)
    assert rule in found(sample.form, broken)
    told = next(each for each in sample.form.check(broken) if each.rule == rule)
    assert (",5 đồng" in told.message.vi, ".5 đồng" in told.message.en) == (True, True)


def test_files_of_the_version_before_circular_89_are_taken_for_charges() -> None:
    """880 2.7.5 is older than the form that the portal now offers under it: it has a sub-item and relief lines."""
    older = changed(
        CHARGES.declaration(),
        ("<ma_DonViTien>VND", "<tieuMuc>2801</tieuMuc><ma_DonViTien>VND"),
        (
            "</TongCong01LP>",
            "</TongCong01LP><NoiDung01LP_TT63><ChiTietLePhiTT63><ten_LoaiLePhi_TT63/><tieuMuc_TT63/>"
            "<ma_DonViTien_TT63/><soTienPHPhaiNop_TT63>0</soTienPHPhaiNop_TT63></ChiTietLePhiTT63></NoiDung01LP_TT63>",
        ),
    )
    assert found(CHARGES.form, older) == []


@pytest.mark.parametrize(
    ("sample", "change", "rule"),
    [
        (FEES, ("<TongCong_7><ct7>10.50<", "<TongCong_7><ct7>10.51<"), "ETAX-KHBS-R12"),
        (VAT, ("<tongCong_7>540<", "<tongCong_7>541<"), "ETAX-KHBS-R13"),
        (VAT, ("<tongCong_8>30<", "<tongCong_8>31<"), "ETAX-KHBS-R14"),
        (VAT, ("<tongCong_9>20<", "<tongCong_9>21<"), "ETAX-KHBS-R15"),
        (CHARGES, ("<TongCong_7><ct7>10.50<", "<TongCong_7><ct7>10.51<"), "ETAX-KHBS-R12"),
    ],
)
def test_what_ties_the_two_appendices_is_law_here(sample: Sample, change: tuple[str, str], rule: str) -> None:
    assert_only(sample.form, changed(sample.supplement(), change), rule, Severity.ERROR)
    assert rules_of(sample.form)[rule].severity is Severity.ERROR


def test_it_is_law_in_every_form_of_circular_89() -> None:
    ties = {f"ETAX-KHBS-R{number}" for number in (12, 13, 14, 15)}
    assert all(version.law == ties for version in C89.all())
    assert all(not version.law for version in LIBRARY.all())


@pytest.mark.parametrize("name", ["01/LP", "01/PH part I", "01/PH part II"])
def test_what_the_printed_form_does_not_have_is_hidden_though_taken(name: str) -> None:
    """No sub-item, no lines under the relief circulars (Circular 89/2026, Appendix I)."""
    fields = SAMPLES[name].form.outline.fields
    gone = {names for names in fields if names[2:3] == ("CTieuTKhaiChinh",) and re.search("tieuMuc|TT63", names[-1])}
    assert bool(gone) == (name == "01/LP")
    assert all(fields[names].hidden for names in gone)
