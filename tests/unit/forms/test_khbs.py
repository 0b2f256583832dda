"""The appendices of a supplementary declaration, in both their variants: one currency or several."""

from __future__ import annotations

import re

import pytest

from formsamples import (
    MONTH,
    SUPPLEMENT,
    SUPPLEMENT_IN_CURRENCIES,
    assert_only,
    changed,
    computed,
    declaration,
    form,
    found,
    same,
    with_computed,
)
from govgateway.documents.findings import Severity
from govgateway.documents.xml import XmlDocument

FORM = form("878", "2.5.1")
BODY = """<PhiBVMT><KSDoCSoTuKhaiThac><TTinKhoangSan><KhoangSan><tenKhoangSan>Đá</tenKhoangSan>
<soLuongDDBXT>0</soLuongDDBXT><mucPhiCuaDDBXT>0</mucPhiCuaDDBXT><donViTinh>m3</donViTinh><soLuong>1</soLuong>
<mucPhiTheoTungLoaiKS>5</mucPhiTheoTungLoaiKS><heSoTinhPhi>1</heSoTinhPhi><soPhiPhaiNopTrongKy>5</soPhiPhaiNopTrongKy>
</KhoangSan></TTinKhoangSan></KSDoCSoTuKhaiThac><tongPhiPNop>5</tongPhiPNop></PhiBVMT>"""


def _supplement(appendices: str) -> XmlDocument:
    return declaration(FORM, MONTH, BODY, appendices=appendices)


VARIANTS = {"in đồng": SUPPLEMENT, "in several currencies": SUPPLEMENT_IN_CURRENCIES}

BROKEN: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "ETAX-KHBS-R03": (SUPPLEMENT, (("<loaiTKhai>B<", "<loaiTKhai>C<"), ("<soLan>1<", "<soLan>0<"))),
    "ETAX-KHBS-R04": (SUPPLEMENT, (("<ct06>540<", "<ct06>541<"),)),
    "ETAX-KHBS-R05": (SUPPLEMENT_IN_CURRENCIES, (("<ct10>10.50<", "<ct10>10.51<"),)),
    "ETAX-KHBS-R06": (
        SUPPLEMENT_IN_CURRENCIES,
        (("<TongCong10>", "<TongCong10><ct10>500</ct10><ma_DonViTien>VND</ma_DonViTien></TongCong10><TongCong10>"),),
    ),
    "ETAX-KHBS-R07": (
        SUPPLEMENT_IN_CURRENCIES,
        (("<TongCong10><ct10>10.50</ct10><ma_DonViTien>USD</ma_DonViTien></TongCong10>", ""),),
    ),
    "ETAX-KHBS-R08": (
        SUPPLEMENT,
        (("<tongCong_ct10>500<", "<tongCong_ct10>501<"), ("<tongCong_7>540<", "<tongCong_7>541<")),
    ),
    "ETAX-KHBS-R09": (
        SUPPLEMENT,
        (("<tongCong_ct11>40<", "<tongCong_ct11>41<"), ("<tongCong_7>540<", "<tongCong_7>541<")),
    ),
    "ETAX-KHBS-R10": (
        SUPPLEMENT,
        (("<tongCong_ct12>30<", "<tongCong_ct12>31<"), ("<tongCong_8>30<", "<tongCong_8>31<")),
    ),
    "ETAX-KHBS-R11": (
        SUPPLEMENT,
        (("<tongCong_ct13>20<", "<tongCong_ct13>21<"), ("<tongCong_9>20<", "<tongCong_9>21<")),
    ),
    "ETAX-KHBS-R12": (
        SUPPLEMENT_IN_CURRENCIES,
        (("<TongCong_7><ct7>10.50<", "<TongCong_7><ct7>10.51<"),),
    ),
    "ETAX-KHBS-R13": (SUPPLEMENT, (("<tongCong_7>540<", "<tongCong_7>541<"),)),
    "ETAX-KHBS-R14": (SUPPLEMENT, (("<tongCong_8>30<", "<tongCong_8>31<"),)),
    "ETAX-KHBS-R15": (SUPPLEMENT, (("<tongCong_9>20<", "<tongCong_9>21<"),)),
    "ETAX-KHBS-R16": (SUPPLEMENT_IN_CURRENCIES, (("<ct3b>5<", "<ct3b>5.5<"),)),
    "ETAX-KHBS-R18": (SUPPLEMENT_IN_CURRENCIES, (("<ct2_ma>2302<", "<ct2_ma><"),)),
    "ETAX-KHBS-R17": (
        SUPPLEMENT,
        (
            ("<ct3>700</ct3>", "<ct3>700</ct3><ma_DonViTien>VND</ma_DonViTien>"),
            (
                "<tongCong_ct10>500<",
                "<TongCong10><ct10>700</ct10><ma_DonViTien>VND</ma_DonViTien></TongCong10><tongCong_ct10>-200<",
            ),
            ("<tongCong_7>540<", "<tongCong_7>-160<"),
        ),
    ),
}
WARNINGS = {f"ETAX-KHBS-R{number}" for number in ("01", "02", "12", "13", "14", "15", "17", "18")}


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_right_supplement_has_no_findings(variant: str) -> None:
    assert found(FORM, _supplement(VARIANTS[variant])) == []


@pytest.mark.parametrize("rule", BROKEN)
def test_a_broken_rule_alone_is_found_in_both_languages(rule: str) -> None:
    appendices, changes = BROKEN[rule]
    severity = Severity.WARNING if rule in WARNINGS else Severity.ERROR
    assert_only(FORM, changed(_supplement(appendices), *changes), rule, severity)


def test_every_rule_is_broken_by_a_test() -> None:
    rules = next(path for path in FORM.rule_files if path.name == "khbs.sch").read_text(encoding="utf-8")
    ids = re.findall(r'<sch:assert id="([^"]+)"', rules)
    assert sorted(ids) == sorted([*BROKEN, "ETAX-KHBS-R01", "ETAX-KHBS-R02"])


@pytest.mark.parametrize(("missing", "rule"), [("PL01_1_KHBS", "ETAX-KHBS-R01"), ("PL01_KHBS", "ETAX-KHBS-R02")])
def test_a_supplement_without_one_of_its_appendices_is_a_warning(missing: str, rule: str) -> None:
    kept = re.sub(f"(?s)<{missing}>.*</{missing}>", "", SUPPLEMENT)
    assert found(FORM, _supplement(kept)) == [rule]


@pytest.mark.parametrize("value", ["", "7"])
@pytest.mark.parametrize("variant", VARIANTS)
def test_what_follows_is_computed_whatever_stood_there(variant: str, value: str) -> None:
    right = _supplement(VARIANTS[variant])
    assert same(computed(FORM, with_computed(FORM, right, value)), right)


def test_totals_by_currency_are_made_where_there_are_none() -> None:
    right = _supplement(SUPPLEMENT_IN_CURRENCIES)
    bare = re.sub(r"(?s)<(TongCong10|TongCong_7)>.*?</\1>", "", SUPPLEMENT_IN_CURRENCIES)
    assert same(computed(FORM, _supplement(bare)), right)


def test_totals_in_dong_are_made_where_there_are_none() -> None:
    right = _supplement(SUPPLEMENT)
    bare = re.sub(r"(?s)<(tongCong_ct10|tongCong_ct12|tongCong_ct13|tongCong_[789])>.*?</\1>", "", SUPPLEMENT)
    assert same(computed(FORM, _supplement(bare)), right)


def test_totals_by_currency_that_stand_there_are_not_joined_by_one_in_dong() -> None:
    """What they are is not worked out: of the forms in several currencies none deducts or refunds."""
    by_currency = "<TongCong_8><ct8>30</ct8><ma_DonViTien>VND</ma_DonViTien></TongCong_8>"
    kept = SUPPLEMENT.replace("<tongCong_7>", f"{by_currency}<tongCong_7>").replace("<tongCong_8>30</tongCong_8>", "")
    assert same(computed(FORM, _supplement(kept)), _supplement(kept))


def test_no_total_is_made_of_a_part_without_lines() -> None:
    bare = re.sub(r"(?s)<Muc_III>.*?</Muc_III>", "<Muc_III/>", SUPPLEMENT)
    bare = bare.replace("<tongCong_9>20</tongCong_9>", "")
    assert same(computed(FORM, _supplement(bare)), _supplement(bare))


def test_a_total_keeps_its_attributes() -> None:
    numbered = _supplement(SUPPLEMENT_IN_CURRENCIES.replace("<TongCong10><ct10>10", '<TongCong10 id="ID_2"><ct10>10'))
    assert same(computed(FORM, numbered), numbered)


def test_an_item_that_is_no_figure_has_no_difference() -> None:
    """A corrected name stands in (4) and (5) of other forms as nothing: (6) stays as it is."""
    blank = SUPPLEMENT.replace("<ct04>1000<", "<ct04><").replace("<ct06>540<", "<ct06><")
    assert found(FORM, _supplement(blank)) == []
    assert same(computed(FORM, _supplement(blank)), _supplement(blank))


def test_what_other_software_writes_besides_is_taken() -> None:
    header = "<Header><maTKhai>878</maTKhai><maGiaoDich/></Header><ma_DonViTien>VND</ma_DonViTien><ten_DonViTien/>"
    written = SUPPLEMENT.replace("<PL01_KHBS>", f"<PL01_KHBS>{header}").replace("<ten_TLieu>", "<ma_TLieu/><ten_TLieu>")
    assert found(FORM, _supplement(written)) == []


def test_five_thousand_lines_add_up() -> None:
    line = "<ChiTiet><ct2_ma>2301</ct2_ma><ct3>1</ct3><ma_DonViTien>VND</ma_DonViTien></ChiTiet>"
    many = SUPPLEMENT_IN_CURRENCIES.replace("<TongCong10>", line * 5000 + "<TongCong10>", 1)
    wide = computed(FORM, _supplement(many))
    assert b"<ct10>5500</ct10>" in wide.data
    assert found(FORM, wide) == []
