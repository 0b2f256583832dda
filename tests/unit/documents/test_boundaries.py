"""The rules at their edges: the smallest figure that is wrong, the largest that is right, for each currency."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from govgateway.documents.xml import XmlDocument
from samples import declaration, rules_found

Line = tuple[str, str, str, str, str]
"""Currency, collected (4), share (5), retained (6), payable (7)."""

_LINE = """<ChiTietPhi><ten_LoaiPhi>Phí</ten_LoaiPhi><tieuMuc>2301</tieuMuc><ma_DonViTien>{}</ma_DonViTien>\
<soTienPHThuDuoc>{}</soTienPHThuDuoc><tyLe>{}</tyLe><soTienPHTrichTheoCheDo>{}</soTienPHTrichTheoCheDo>\
<soTienPHPhaiNop>{}</soTienPHPhaiNop></ChiTietPhi>"""
_TOTAL = """<ChiTietTongCongTheoLoaiTien><ma_DonViTien>{}</ma_DonViTien><tongCong>{}</tongCong>\
</ChiTietTongCongTheoLoaiTien>"""
_RELIEF = """<ChiTietPhiTT63><ten_LoaiPhi_TT63>{}</ten_LoaiPhi_TT63><tieuMuc_TT63>{}</tieuMuc_TT63>\
<ma_DonViTien_TT63>{}</ma_DonViTien_TT63><soTienPHThuDuoc_TT63>{}</soTienPHThuDuoc_TT63></ChiTietPhiTT63>"""


def _with(element: str, content: str, *others: tuple[str, str]) -> XmlDocument:
    """The example with ``content`` in ``element``."""
    text = declaration(*others).data.decode()
    found = re.search(rf"<{element}>(.*?)</{element}>", text, re.DOTALL)
    assert found
    return declaration(*others, (found[1], content))


def _fees(lines: Sequence[Line], totals: Sequence[tuple[str, str]]) -> list[str]:
    body = "".join(_LINE.format(*line) for line in lines)
    text = _with("NoiDung01PH", body).data.decode()
    found = re.search(r"<TongCong01PH>(.*?)</TongCong01PH>", text, re.DOTALL)
    assert found
    return rules_found(_with("NoiDung01PH", body, (found[1], "".join(_TOTAL.format(*total) for total in totals))))


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (("VND", "0", "0", "0", "0"), []),
        (("VND", "1", "100", "1", "0"), []),
        (("VND", "1", "0", "0", "1"), []),
        (("VND", "101", "50", "50", "51"), []),
        (("VND", "101", "50", "51", "50"), []),
        (("VND", "101", "50", "49", "52"), ["R02"]),
        (("VND", "101", "50", "52", "49"), ["R02"]),
        (("VND", "100", "50", "51", "49"), ["R02"]),
        (("VND", "1000000", "33.333333", "333333", "666667"), []),
        (("VND", "1000000", "33.333333", "333334", "666666"), []),
        (("VND", "1000000", "33.333333", "333335", "666665"), ["R02"]),
        (("VND", "100", "10", "10", "91"), ["R01"]),
        (("VND", "999999999999999", "10", "100000000000000", "899999999999999"), []),
        (("VND", "999999999999999", "10", "100000000000000", "899999999999998"), ["R01"]),
        (("VND", "100", "100.000001", "100", "0"), ["R04"]),
        (("VND", "100", "101", "101", "-1"), ["R04"]),
        (("VND", "-100", "10", "-10", "-90"), ["R05"]),
        (("VND", "100.5", "0", "0", "100.5"), ["R08", "R08", "R08"]),
        (("VND", "100.0", "10", "10", "90"), []),
        (("VND", "100.01", "10", "10", "90.01"), ["R08", "R08", "R08"]),
        (("USD", "0.05", "50", "0.02", "0.03"), []),
        (("USD", "0.05", "50", "0.03", "0.02"), []),
        (("USD", "0.05", "50", "0.01", "0.04"), ["R02"]),
        (("USD", "0.05", "50", "0.04", "0.01"), ["R02"]),
        (("USD", "0.3", "33.33", "0.1", "0.2"), []),
        (("USD", "0.30", "33.33", "0.09", "0.21"), []),
        (("USD", "1234567.89", "12.5", "154320.98", "1080246.91"), []),
        (("USD", "1234567.89", "12.5", "154320.99", "1080246.90"), []),
        (("USD", "1234567.89", "12.5", "154321.00", "1080246.89"), ["R02"]),
        (("USD", "1000", "10", "100", "900.01"), ["R01"]),
        (("USD", "-1000.01", "10", "-100", "-900.01"), ["R05"]),
        (("EUR", "9999999999999.99", "0", "0", "9999999999999.99"), []),
        (("EUR", "9999999999999.99", "0", "0", "9999999999999.98"), ["R01"]),
    ],
)
def test_one_line(line: Line, found: list[str]) -> None:
    assert _fees([line], [(line[0], line[4])]) == [f"ETAX-879-{each}" for each in found]


@pytest.mark.parametrize("amount", ["1.234", "1,5", "+1", "1e3", " 1", "1.", ".5", "1.234.567", "٣", "--1", "1" * 16])
def test_what_is_no_amount(amount: str) -> None:
    assert _fees([("USD", amount, "0", "0", "0")], [("USD", "0")]) == ["SCHEMA-VALUE"]


@pytest.mark.parametrize("share", ["-1", "1000", "10%", "10,5", "1.0000001", ""])
def test_what_is_no_share(share: str) -> None:
    assert _fees([("VND", "0", share, "0", "0")], [("VND", "0")]) == ["SCHEMA-VALUE"]


VND: Line = ("VND", "100", "10", "10", "90")
USD: Line = ("USD", "10.10", "10", "1.01", "9.09")


@pytest.mark.parametrize(
    ("lines", "totals", "found"),
    [
        ([VND, VND, USD], [("VND", "180"), ("USD", "9.09")], []),
        ([VND, USD, VND], [("USD", "9.09"), ("VND", "180")], []),
        ([USD] * 100, [("USD", "909")], []),
        ([USD] * 100, [("USD", "909.00")], []),
        ([USD] * 100, [("USD", "909.01")], ["R06"]),
        ([VND, USD], [("VND", "99.09"), ("USD", "9.09")], ["R06"]),
        ([VND, USD], [("VND", "90.0"), ("USD", "9.09")], []),
        ([VND, USD], [("VND", "90.5"), ("USD", "9.09")], ["R06"]),
        ([VND, USD], [("VND", "90")], ["R03"]),
        ([VND, VND], [], ["R03", "R03"]),
        ([VND], [("VND", "90"), ("VND", "90")], ["R07"]),
        ([VND], [("VND", "90"), ("VND", "91")], ["R07", "R06"]),
        ([VND], [("VND", "90"), ("USD", "0")], []),
        ([VND], [("VND", "90"), ("USD", "0.01")], ["R06"]),
        ([VND], [("VND", "-90")], ["R06"]),
        ([], [], ["R09"]),
        ([], [("VND", "0")], ["R09"]),
        ([], [("VND", "1")], ["R09", "R06"]),
    ],
)
def test_totals_by_currency(lines: list[Line], totals: list[tuple[str, str]], found: list[str]) -> None:
    assert _fees(lines, totals) == [f"ETAX-879-{each}" for each in found]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([], []),
        ([("", "", "", "")], []),
        ([("Phí", "2301", "VND", "1000")], []),
        ([("Phí", "", "VND", "0")], []),
        ([("Phí", "2301", "USD", "10.50"), ("", "", "", "")], []),
        ([("", "2301", "VND", "1000")], ["R10"]),
        ([("Phí", "2301", "", "1000")], ["R10"]),
        ([("Phí", "2301", "VND", "")], ["R10"]),
        ([("Phí", "2301", "VND", "1000.5")], ["R08"]),
    ],
)
def test_lines_under_the_relief_circulars(rows: list[tuple[str, ...]], found: list[str]) -> None:
    document = _with("NoiDung01PH_TT63", "".join(_RELIEF.format(*row) for row in rows))
    assert rules_found(document) == [f"ETAX-879-{each}" for each in found]


def test_the_block_of_the_relief_circulars_may_be_absent() -> None:
    text = declaration().data.decode()
    start, end = text.index("<NoiDung01PH_TT63>"), text.index("</NoiDung01PH_TT63>") + len("</NoiDung01PH_TT63>")
    assert rules_found(declaration((text[start:end], ""))) == []


@pytest.mark.parametrize(
    ("kind", "period", "first", "last", "found"),
    [
        ("M", "10/2026", "01/10/2026", "31/10/2026", []),
        ("M", "02/2028", "01/02/2028", "29/02/2028", []),
        ("M", "02/2026", "01/02/2026", "28/02/2026", []),
        ("M", "02/2100", "01/02/2100", "28/02/2100", []),
        ("M", "10/2026", "", "", []),
        ("M", "10/2026", "01/10/2026", "30/10/2026", ["H09"]),
        ("M", "02/2027", "01/02/2027", "29/02/2027", ["H09", "H07"]),
        ("M", "1/2026", "", "", ["H02"]),
        ("M", "00/2026", "", "", ["H02"]),
        ("M", "13/2026", "", "", ["H02"]),
        ("M", "10/26", "", "", ["H02"]),
        ("M", "10-2026", "", "", ["H02"]),
        ("M", " 10/2026", "", "", ["H02"]),
        ("M", "4/2026", "", "", ["H02"]),
        ("M", "", "", "", ["H02"]),
        ("Q", "1/2026", "01/01/2026", "31/03/2026", []),
        ("Q", "2/2026", "01/04/2026", "30/06/2026", []),
        ("Q", "3/2026", "01/07/2026", "30/09/2026", []),
        ("Q", "4/2026", "01/10/2026", "31/12/2026", []),
        ("Q", "4/2026", "01/10/2026", "30/12/2026", ["H10"]),
        ("Q", "0/2026", "", "", ["H03"]),
        ("Q", "5/2026", "", "", ["H03"]),
        ("Q", "Q4/2026", "", "", ["H03"]),
        ("Q", "04/2026", "", "", ["H03"]),
        ("Y", "2026", "", "", ["879-R11"]),
        ("Y", "26", "", "", ["H04", "879-R11"]),
        ("Y", "10/2026", "", "", ["H04", "879-R11"]),
        ("D", "29/02/2028", "", "", ["879-R11"]),
        ("D", "29/02/2027", "", "", ["H05", "879-R11"]),
        ("D", "00/10/2026", "", "", ["H05", "879-R11"]),
        ("D", "2026-10-31", "", "", ["H05", "879-R11"]),
        ("K", "", "01/10/2026", "15/10/2026", ["879-R11"]),
        ("K", "", "15/10/2026", "15/10/2026", ["879-R11"]),
        ("K", "", "16/10/2026", "15/10/2026", ["H08", "879-R11"]),
        ("K", "", "01/10/2026", "", ["H06", "879-R11"]),
        ("K", "", "", "15/10/2026", ["H06", "879-R11"]),
        ("K", "", "31/12/2025", "01/01/2026", ["879-R11"]),
    ],
)
def test_tax_periods(kind: str, period: str, first: str, last: str, found: list[str]) -> None:
    written = _with(
        "KyKKhaiThue",
        f"<kieuKy>{kind}</kieuKy><kyKKhai>{period}</kyKKhai><kyKKhaiTuNgay>{first}</kyKKhaiTuNgay>"
        f"<kyKKhaiDenNgay>{last}</kyKKhaiDenNgay>",
    )
    assert sorted(rules_found(written)) == sorted(f"ETAX-{each}" for each in found)


@pytest.mark.parametrize("months", ["00/2026", "13/2026", "1/2026", "2026"])
def test_what_is_no_month(months: str) -> None:
    assert rules_found(declaration(("<kyKKhaiTuThang><", f"<kyKKhaiTuThang>{months}<"))) == ["SCHEMA-VALUE"]


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("9900000016", []),
        ("9900000023", []),
        ("9900000016-001", []),
        ("012345678901", []),
        ("9900000015", ["ETAX-H01"]),
        ("9900000017-001", ["ETAX-H01"]),
        ("0000000000", ["ETAX-H01"]),
        ("112345678901", ["SCHEMA-VALUE"]),
        ("9900000016001", ["SCHEMA-VALUE"]),
        ("9900000016-01", ["SCHEMA-VALUE"]),
        ("990000001", ["SCHEMA-VALUE"]),
        ("", ["SCHEMA-VALUE"]),
    ],
)
def test_tax_codes(code: str, found: list[str]) -> None:
    assert rules_found(declaration(("<mst>9900000016<", f"<mst>{code}<"))) == found


@pytest.mark.parametrize(
    ("code", "found"), [("", []), ("9900000023", []), ("9900000024", ["ETAX-H01"]), ("99", ["SCHEMA-VALUE"])]
)
def test_tax_codes_of_an_agent(code: str, found: list[str]) -> None:
    agent = f"<DLyThue><mstDLyThue>{code}</mstDLyThue></DLyThue>"
    assert rules_found(declaration(("</NNT>", f"</NNT>{agent}"))) == found


@pytest.mark.parametrize(
    ("day", "found"),
    [
        ("2026-11-16", []),
        ("16/11/2026", []),
        ("", []),
        ("29/02/2028", []),
        ("2027-02-29", ["ETAX-H07"]),
        ("31/11/2026", ["ETAX-H07"]),
        ("2026-13-01", ["ETAX-H07"]),
        ("2026-00-10", ["ETAX-H07"]),
        ("16-11-2026", ["SCHEMA-VALUE"]),
        ("2026/11/16", ["SCHEMA-VALUE"]),
    ],
)
def test_the_day_of_making(day: str, found: list[str]) -> None:
    assert rules_found(declaration(("<ngayLapTKhai>2026-11-16<", f"<ngayLapTKhai>{day}<"))) == found


@pytest.mark.parametrize(
    ("kind", "number", "found"),
    [
        ("C", "0", []),
        ("C", "00", []),
        ("C", "1", ["ETAX-H11"]),
        ("C", "", ["SCHEMA-VALUE"]),
        ("C", "-1", ["SCHEMA-VALUE"]),
        ("B", "1", ["ETAX-KHBS-R01", "ETAX-KHBS-R02"]),
        ("B", "0", ["ETAX-KHBS-R01", "ETAX-KHBS-R02", "ETAX-H12"]),
    ],
)
def test_number_and_type(kind: str, number: str, found: list[str]) -> None:
    changed = declaration(("<loaiTKhai>C<", f"<loaiTKhai>{kind}<"), ("<soLan>0<", f"<soLan>{number}<"))
    assert rules_found(changed) == found
