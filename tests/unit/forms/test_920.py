"""02/PH: fees finalised for a year. It bears the element names of 01/PH."""

from __future__ import annotations

import pytest

from formsamples import (
    SUPPLEMENT_IN_CURRENCIES,
    YEAR,
    Period,
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

FORM = form("920", "2.7.5")
NUMBERS = ("2.7.5", "2.6.9", "2.5.1")

_RELIEF = """<NoiDung01PH_TT63><ChiTietPhiTT63 id="ID_1"><ten_LoaiPhi_TT63/><ma_DonViTien_TT63/>
<soTienPHThuDuoc_TT63/></ChiTietPhiTT63></NoiDung01PH_TT63>"""
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


BROKEN: dict[str, tuple[tuple[str, str], ...]] = {
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
    "ETAX-920-R09": (("<chenhLech>800048<", "<chenhLech>800048.0<"),),
    "ETAX-920-R10": ((_LINES, ""), (_TOTALS, "")),
    "ETAX-920-R11": (("<ma_DonViTien_TT63/>", "<ma_DonViTien_TT63>VND</ma_DonViTien_TT63>"),),
    "ETAX-920-R12": (("</TongCong01PH>", "</TongCong01PH><lyDoGiaHan>Bão lụt</lyDoGiaHan>"),),
}
WARNINGS = {f"ETAX-920-R{number}" for number in ("04", "05", "06", "10", "11", "12")}


def _declaration(number: str, appendices: str = "") -> XmlDocument:
    body = BODY if number == "2.7.5" else BODY.replace(_RELIEF, "")
    return declaration(form("920", number), YEAR, body, appendices=appendices)


@pytest.mark.parametrize("appendices", ["", SUPPLEMENT_IN_CURRENCIES])
@pytest.mark.parametrize("number", NUMBERS)
def test_a_right_declaration_has_no_findings(number: str, appendices: str) -> None:
    told = [] if number == "2.7.5" else ["ETAX-920-R13"]
    assert found(form("920", number), _declaration(number, appendices)) == told


@pytest.mark.parametrize("rule", BROKEN)
def test_a_broken_rule_alone_is_found(rule: str) -> None:
    severity = Severity.WARNING if rule in WARNINGS else Severity.ERROR
    assert_only(FORM, changed(_declaration("2.7.5"), *BROKEN[rule]), rule, severity)


def test_a_difference_without_its_sub_item_is_found() -> None:
    blank = SUPPLEMENT_IN_CURRENCIES.replace("<ct2_ma>2302<", "<ct2_ma><")
    assert_only(FORM, _declaration("2.7.5", blank), "ETAX-920-R14", Severity.WARNING)


def test_every_rule_is_broken_by_a_test() -> None:
    assert sorted(rule_ids(FORM)) == sorted([*BROKEN, "ETAX-920-R14"])


@pytest.mark.parametrize("number", NUMBERS[1:])
def test_an_older_version_says_that_its_body_is_not_known(number: str) -> None:
    assert_only(form("920", number), _declaration(number), "ETAX-920-R13", Severity.WARNING)
    assert f"Phiên bản {number} " in form("920", number).check(_declaration(number))[0].message.vi


@pytest.mark.parametrize("value", ["", "7"])
@pytest.mark.parametrize("number", NUMBERS)
def test_what_follows_is_computed_whatever_stood_there(number: str, value: str) -> None:
    """What was retained is typed: it is rounded in each month."""
    right = _declaration(number, SUPPLEMENT_IN_CURRENCIES)
    assert same(computed(form("920", number), with_computed(form("920", number), right, value)), right)


def test_a_unit_of_rounding_for_each_month_is_let_pass() -> None:
    assert found(FORM, changed(_declaration("2.7.5"), *_retained(1200018))) == []


def test_an_extension_is_marked_and_has_its_reason() -> None:
    reason = ("</TongCong01PH>", "</TongCong01PH><lyDoGiaHan>Bão lụt</lyDoGiaHan>")
    marked = ("<ngayKy>", "<giaHan>true</giaHan><ngayKy>")
    assert found(FORM, changed(_declaration("2.7.5"), reason, marked)) == []
    assert found(FORM, changed(_declaration("2.7.5"), marked)) == ["ETAX-920-R12"]


def test_a_financial_year_is_taken() -> None:
    """The catalogue says of 2.6.9 that it takes financial years."""
    year = Period("K", "", "01/04/2025", "31/03/2026")
    assert found(FORM, declaration(FORM, year, BODY)) == []
