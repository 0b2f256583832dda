"""What the simulated tax office counts, when it answers, and what its notices look like."""

from __future__ import annotations

import hashlib
import re
import threading
from datetime import UTC, datetime, timedelta
from types import ModuleType

import pytest
import xmlsec
from lxml import etree

import keys
from govgateway.documents.xml import read_xml
from govgateway.signing.trust import TrustStore
from govgateway.signing.verify import verify
from govgateway_mocks.etax import clerk, seal
from govgateway_mocks.etax.office import TaxOffice
from govgateway_mocks.etax.registry import OFFICE_TAX_CODE
from govgateway_mocks.pki import Holder
from samples import declaration
from signed import PROFILES
from simulated import OTHER, RECEIPT_DELAY, VERDICT_DELAY, Clock, fields, filed, holder, office, period, pki

N = "{http://kekhaithue.gdt.gov.vn/TBaoThue}"
TODAY = "16/11/2026"
KEY = "9900000016/879/M 10/2026/C/0"
GDICH = [
    "mauLoaiThongBao",
    "tenLoaiThongBao",
    "ngayGDich",
    "maGDich",
    "maLoaiGDich",
    "ndungGDich",
    "maKQuaGDich",
    "kquaGDich",
    "maLoiGDich",
    "mtaLoiGDich",
]
CTIET_GDICH = [
    "tinCTietGDich",
    "tenNNT",
    "maHSo",
    "tenHSo",
    "maLoaiHSo",
    "tenLoaiHSo",
    "kyKKhaiHThi",
    "lanNop",
    "tenCQTNoiNop",
    "makquaCTietGDich",
    "mtaKquaCTietGDich",
    "maLoiCTietGDich",
    "mtaLoiCTietGDich",
    "maGDC",
]
WRONG_TOTAL = ("<tongCong>122043050<", "<tongCong>122043051<")


def _declaration(name: str) -> bytes:
    """One that is accepted ("right"), or refused by notice 844 ("wrong"), 843 ("unsigned") or 213 ("unfit")."""
    if name == "unsigned":
        return declaration().data
    return filed(*{"right": (), "wrong": (WRONG_TOTAL,), "unfit": (("<NNT>", '<NNT khac="1">'),)}[name])


def _names(element: etree._Element) -> list[str]:
    return [etree.QName(each).localname for each in element]


def _content(notice: bytes) -> etree._Element:
    found = etree.fromstring(notice).find(f"{N}TBaoThue/{N}NDungTBao")
    assert found is not None
    return found


def _row(taxes: TaxOffice, number: int = 0) -> dict[str, str]:
    row = list(_content(taxes.day_result(TODAY)).iterfind(f"{N}CTietGDich"))[number]
    return {etree.QName(each).localname: each.text or "" for each in row}


def test_every_arrival_is_counted_by_obligation_and_digest() -> None:
    taxes = office()
    one, other = filed(), filed(("<nguoiKy>Trần Thị Mẫu<", "<nguoiKy>Lê Văn Khác<"))
    for each in (one, one, other):
        taxes.take(each)
    assert taxes.arrivals == {(KEY, hashlib.sha256(one).hexdigest()): 2, (KEY, hashlib.sha256(other).hexdigest()): 1}


def test_what_no_check_lets_pass_is_counted_too() -> None:
    taxes = office()
    unsigned, unreadable = declaration().data, b"<HSoThueDTu"
    taxes.take(unsigned)
    taxes.take(unreadable)
    taxes.take(b"")
    assert [key for key, _ in taxes.arrivals] == [KEY, "", ""]
    assert set(taxes.arrivals.values()) == {1}


def test_a_notice_is_visible_at_its_time_and_not_before() -> None:
    clock = Clock()
    taxes = office(clock)
    code = taxes.take(filed())
    for wait, seen in (
        (RECEIPT_DELAY - timedelta(seconds=1), []),
        (timedelta(seconds=1), ["843"]),
        (VERDICT_DELAY - timedelta(seconds=1), ["843"]),
        (timedelta(seconds=1), ["843", "844"]),
    ):
        clock.advance(wait)
        assert [each.code for each in taxes.notices()] == seen
        first = taxes.first_notice(code)
        assert (first.code if first else None) == ("843" if seen else None)


def _counted(monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str) -> list[str]:
    """A list that grows by ``name`` with every call of ``module``'s function of that name."""
    calls: list[str] = []
    function = getattr(module, name)

    def count(*arguments: object) -> object:
        calls.append(name)
        return function(*arguments)

    monkeypatch.setattr(module, name, count)
    return calls


def test_a_month_end_that_falls_due_at_once_is_judged_before_and_written_for_who_reads_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    judged, sealed = _counted(monkeypatch, clerk, "judged"), _counted(monkeypatch, seal, "sign")
    clock = Clock()
    taxes = office(clock)
    for _ in range(5):
        taxes.take(filed())
    assert len(judged) == 5
    clock.advance(2 * VERDICT_DELAY)
    found = taxes.notices()
    assert (len(found), len(judged), len(sealed)) == (10, 5, 0)
    assert found[0].data == found[0].data == taxes.notices()[0].data
    assert (len(judged), len(sealed)) == (5, 1)


def test_who_looks_at_everything_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    taxes = office(clock)
    taxes.take(filed())
    clock.advance(2 * VERDICT_DELAY)
    sign, seen = seal.sign, list[int]()

    def slowly(root: etree._Element, holder: Holder, at: datetime) -> None:
        filing = threading.Thread(target=taxes.take, args=(b"",), daemon=True)
        filing.start()
        filing.join(timeout=5)
        seen.append(len(taxes.transactions))
        sign(root, holder, at)

    monkeypatch.setattr(seal, "sign", slowly)
    assert len(taxes.submissions()) == 1, "it shows what there was when it was asked"
    assert seen == [2, 3]


def test_a_notice_says_the_same_after_a_reset() -> None:
    clock = Clock()
    taxes = office(clock)
    taxes.take(filed())
    clock.advance(RECEIPT_DELAY)
    (notice,) = taxes.notices()
    taxes.reset()
    assert fields(notice.data)["maTBao"] == "843"


def test_a_notice_that_is_not_visible_yet_cannot_be_fetched() -> None:
    clock = Clock()
    taxes = office(clock)
    taxes.take(filed())
    assert taxes.notice("TB000001") is None
    clock.advance(RECEIPT_DELAY)
    assert taxes.notice("TB000001") == taxes.notices()[0]


def test_notices_come_in_the_order_of_their_time() -> None:
    clock = Clock()
    taxes = office(clock)
    first = taxes.take(filed())
    clock.advance(timedelta(seconds=1))
    second = taxes.take(filed(("<mst>9900000016<", f"<mst>{OTHER}<"), by=holder(OTHER)))
    clock.advance(2 * VERDICT_DELAY)
    assert [(each.code, each.transaction) for each in taxes.notices()] == [
        ("843", first), ("843", second), ("844", first), ("844", second),
    ]  # fmt: skip


def test_a_transaction_code_tells_the_time_of_arrival_in_vietnam() -> None:
    taxes = office(Clock(datetime(2026, 12, 31, 17, 0, 5, 7_999, tzinfo=UTC)))
    codes = [taxes.take(filed()), taxes.take(filed())]
    assert codes == ["00010-0002-01012027000005007-42001", "00010-0002-01012027000005007-42002"]


def test_without_its_duplicate_check_the_same_obligation_is_accepted_twice() -> None:
    clock = Clock()
    taxes = office(clock)
    taxes.check_duplicates = False
    taxes.take(filed())
    taxes.take(filed())
    clock.advance(2 * VERDICT_DELAY)
    assert [fields(each.data)["trangThai"] for each in taxes.notices() if each.second] == ["Y", "Y"]


@pytest.mark.parametrize("refused", ["unfit", "unsigned", "wrong"])
def test_an_obligation_that_was_refused_can_be_filed_again(refused: str) -> None:
    clock = Clock()
    taxes = office(clock)
    taxes.take(_declaration(refused))
    taxes.take(filed())
    clock.advance(2 * VERDICT_DELAY)
    assert fields(taxes.notices()[-1].data)["trangThai"] == "Y"


def test_periods_from_day_to_day_are_the_same_only_with_the_same_days() -> None:
    clock = Clock()
    taxes = office(clock)
    for last in ("10/10/2026", "20/10/2026", "10/10/2026"):
        taxes.take(filed(period("K", "10/2026", "01/10/2026", last)))
    clock.advance(2 * VERDICT_DELAY)
    assert [fields(each.data)["trangThai"] for each in taxes.notices() if each.second] == ["Y", "Y", "N"]


def test_days_do_not_tell_other_periods_apart() -> None:
    clock = Clock()
    taxes = office(clock)
    taxes.take(filed())
    taxes.take(filed(period("M", "10/2026", "", "")))
    clock.advance(2 * VERDICT_DELAY)
    assert [fields(each.data)["trangThai"] for each in taxes.notices() if each.second] == ["Y", "N"]


@pytest.mark.parametrize(
    ("document", "told_at", "refused"),
    [
        ("right", RECEIPT_DELAY + VERDICT_DELAY, False),
        ("wrong", RECEIPT_DELAY + VERDICT_DELAY, True),
        ("unsigned", RECEIPT_DELAY, True),
        ("unfit", RECEIPT_DELAY, True),
    ],
)
def test_the_days_result_tells_a_verdict_when_its_notice_is_out(
    document: str, told_at: timedelta, refused: bool
) -> None:
    clock = Clock()
    taxes = office(clock)
    taxes.take(_declaration(document))
    clock.advance(told_at - timedelta(milliseconds=1))
    before = _row(taxes)
    clock.advance(timedelta(milliseconds=1))
    after = _row(taxes)
    assert (before["makquaCTietGDich"], before["mtaKquaCTietGDich"]) == ("01", "Đã nhận")
    assert (before["maLoiCTietGDich"], before["mtaLoiCTietGDich"]) == ("", "")
    assert after["mtaKquaCTietGDich"] == ("Không chấp nhận" if refused else "Chấp nhận")
    assert (after["makquaCTietGDich"], after["maLoiCTietGDich"]) == (("03", "IHTKK-9999") if refused else ("01", ""))
    assert bool(after["mtaLoiCTietGDich"]) is refused


def test_the_days_result_has_every_transaction_of_the_day_in_vietnam() -> None:
    clock = Clock(datetime(2026, 11, 16, 16, 59, 59, tzinfo=UTC))
    taxes = office(clock)
    late = taxes.take(filed())
    clock.advance(timedelta(seconds=1))
    early = taxes.take(b"")
    assert _row(taxes)["maGDC"] == late
    (row,) = _content(taxes.day_result("17/11/2026")).iterfind(f"{N}CTietGDich")
    assert (_names(row), row.findtext(f"{N}maGDC")) == (CTIET_GDICH, early)
    assert list(_content(taxes.day_result("15/11/2026")).iterfind(f"{N}CTietGDich")) == []


def test_a_row_of_the_days_result_names_the_declaration() -> None:
    taxes = office()
    code = taxes.take(filed())
    row = _row(taxes)
    assert list(row) == CTIET_GDICH
    told = {name: row[name] for name in ("tinCTietGDich", "maHSo", "maLoaiHSo", "tenLoaiHSo", "kyKKhaiHThi", "lanNop")}
    assert told == {
        "tinCTietGDich": "9900000016",
        "maHSo": "879",
        "maLoaiHSo": "C",
        "tenLoaiHSo": "Chính thức",
        "kyKKhaiHThi": "10/2026",
        "lanNop": "0",
    }
    assert row["maGDC"] == code


def test_notice_211_has_the_fields_of_the_facts_in_their_order() -> None:
    clock = Clock()
    taxes = office(clock)
    taxes.take(filed())
    clock.advance(timedelta(days=1))
    content = _content(taxes.day_result(TODAY))
    assert _names(content) == ["GDich", "CTietGDich"]
    assert _names(content[0]) == GDICH
    assert content.findtext(f"{N}GDich/{N}ngayGDich") == TODAY


def _notices(document: bytes) -> dict[str, bytes]:
    clock = Clock()
    taxes = office(clock)
    taxes.take(document)
    clock.advance(2 * VERDICT_DELAY)
    return {each.code: each.data for each in taxes.notices()} | {"211": taxes.day_result(TODAY)}


def test_the_head_of_a_notice_has_the_fields_of_the_facts_in_their_order() -> None:
    root = etree.fromstring(_notices(filed())["843"])
    assert (root.tag, _names(root)) == (f"{N}TBaoThueDTu", ["TBaoThue", "CKyDTu"])
    assert _names(root[0]) == ["TTinChung", "NDungTBao"]
    head = root[0][0]
    assert {etree.QName(each).localname: _names(each) for each in head} == {
        "CQT": ["maCQT", "tenCQT", "DVu"],
        "NNhanTBaoThue": ["maNNhan", "tenNNhan", "diaChiNNhan"],
        "TTinTBaoThue": ["maTBao", "tenTBao", "pbanTBao", "soTBao", "ngayTBao"],
    }
    assert _names(head[0][2]) == ["maDVu", "tenDVu", "pbanDVu"]
    told = fields(etree.tostring(head))
    assert {name: told[name] for name in ("maNNhan", "maTBao", "pbanTBao", "soTBao", "ngayTBao")} == {
        "maNNhan": "9900000016",
        "maTBao": "843",
        "pbanTBao": "2.4.9",
        "soTBao": "1/2026/TB-TĐT",
        "ngayTBao": "2026-11-16",
    }


def test_notice_843_of_receipt() -> None:
    content = _content(_notices(filed())["843"])
    assert _names(content) == ["trangThai", "ngayHoSo", "HoSoThue", "maGiaoDichDTu", "duongDan", "hotline"]
    filing = content[2][0]
    assert _names(filing) == ["tokhai-phuluc", "loaiToKhai", "kyTinhThue", "lanNop"]
    assert [each.text for each in filing][1:] == ["Chính thức", "10/2026", "0"]
    assert filing.get("id")
    told = fields(etree.tostring(content))
    assert told["trangThai"] == "Y"
    assert told["ngayHoSo"] == "2026-11-16T10:00:00.000+07:00"
    assert re.fullmatch(r"1082026\d{10}", told["maGiaoDichDTu"])


def test_notice_843_of_refusal() -> None:
    content = _content(_notices(declaration().data)["843"])
    assert _names(content) == ["trangThai", "ngayHoSo", "HoSoThue", "maGiaoDichDTu", "LyDo", "duongDan", "hotline"]
    assert _names(content[4][0]) == ["tenNhomLoi", "tenLoi", "huongDanXuLy", "ghiChu"]
    assert (content[0].text, content[3].text or "") == ("N", "")


def test_a_quarter_is_printed_as_the_tax_office_does() -> None:
    quarter = period("Q", "3/2026", "01/07/2026", "30/09/2026")
    assert fields(_notices(filed(quarter))["843"])["kyTinhThue"] == "Q3/2026"


VERDICT = [
    "trangThai",
    "ngayNopThucTe",
    "HoSoThue",
    "maGiaoDichDTu",
    "ngayChapNhan",
    "ngayHoanThanh",
    "LyDo",
    "duongDan",
    "hotline",
]


def test_notice_844_of_acceptance_has_a_payable_for_each_currency() -> None:
    notices = _notices(filed())
    content = _content(notices["844"])
    assert _names(content) == [*VERDICT, "IDKhoanNop"]
    told = fields(etree.tostring(content))
    assert told["trangThai"] == "Y"
    assert told["maGiaoDichDTu"] == fields(notices["843"])["maGiaoDichDTu"]
    assert told["ngayNopThucTe"] == told["ngayChapNhan"] == "2026-11-16T10:00:00.000+07:00"
    assert told["ngayHoanThanh"] == "2026-11-16T10:00:35.000+07:00"
    assert len(content[6]) == 0
    rows = [[each.text for each in row] for row in content[9]]
    assert [_names(row) for row in content[9]] == [["maDinhDanh", "soTienPNop", "tenLoaiTien"]] * 2
    assert [row[1:] for row in rows] == [["122043050", "VND"], ["850.10", "USD"]]
    assert len({row[0] for row in rows}) == 2


def test_notice_844_of_refusal_has_no_payable_and_no_day_of_completion() -> None:
    content = _content(_notices(filed(WRONG_TOTAL))["844"])
    assert _names(content) == VERDICT
    assert (content[0].text, content[4].text or "") == ("N", "")
    assert content[5].get("{http://www.w3.org/2001/XMLSchema-instance}nil") == "true"
    assert _names(content[6][0]) == ["tenNhomLoi", "tenLoi", "huongDanXuLy", "ghiChu"]


def test_notice_213_says_what_a_real_one_says() -> None:
    content = _content(_notices(b"<HSoThueDTu>")["213"])
    assert _names(content) == ["GDich"]
    assert _names(content[0]) == GDICH
    told = fields(etree.tostring(content))
    assert (told["maLoaiGDich"], told["maKQuaGDich"], told["kquaGDich"]) == ("####", "03", "Không chấp nhận")
    assert told["maLoiGDich"] == "IHTKK-9999"
    assert told["mtaLoiGDich"].startswith("Tờ khai không đúng định dạng với XSD: ")
    assert told["maGDich"].startswith("00010-0002-16112026100000000-")


def test_notices_are_numbered_one_by_one() -> None:
    clock = Clock()
    taxes = office(clock)
    taxes.take(filed())
    taxes.take(declaration().data)
    clock.advance(2 * VERDICT_DELAY)
    told = {each.identifier: fields(each.data)["soTBao"] for each in taxes.notices()}
    assert told == {
        "TB000001": "1/2026/TB-TĐT",
        "TB000003": "3/2026/TB-TĐT",
        "TB000002": "2/2026/TB-TĐT",
    }


@pytest.mark.parametrize("code", ["843", "844", "211"])
def test_the_gateway_verifies_a_notice(code: str) -> None:
    document = read_xml(_notices(filed())[code])
    trust = TrustStore.from_pem(pki().trust.read_bytes())
    verification = verify(document, PROFILES["etax-notice-2026"], trust, keys.NOW)
    (signature,) = verification.signatures
    assert (signature.intact, signature.well_placed, signature.trusted) == (True, True, True)
    assert signature.signer == "CƠ QUAN THUẾ MÔ PHỎNG"
    assert signature.identifiers == (f"MST:{OFFICE_TAX_CODE}",)
    assert verification.content is not None


@pytest.mark.parametrize("code", ["843", "844", "211"])
def test_xmlsec_verifies_a_notice_and_refuses_a_changed_one(code: str) -> None:
    data = _notices(filed())[code]
    assert _taken_by_xmlsec(data)
    assert not _taken_by_xmlsec(data.replace(b"<tenCQT>", b"<tenCQT> "))


def _taken_by_xmlsec(data: bytes) -> bool:
    root = etree.fromstring(data)
    xmlsec.tree.add_ids(root, ["id", "Id"])
    context = xmlsec.SignatureContext()
    office_key = pki().folder / "office.pem"
    context.key = xmlsec.Key.from_file(str(office_key), xmlsec.constants.KeyDataFormatCertPem)
    try:
        context.verify(root[1][0])
    except xmlsec.Error:
        return False
    return True


@pytest.mark.parametrize(
    "data",
    [b"", b"no xml", b"<HSoThueDTu", b'<!DOCTYPE x [<!ENTITY e "e">]><x>&e;</x>', b"<x>" * 300 + b"</x>" * 300, None],
    ids=["empty", "text", "cut", "entity", "too deep", "too large"],
)
def test_what_cannot_be_read_is_an_invalid_transaction(data: bytes | None) -> None:
    clock = Clock()
    taxes = office(clock)
    code = taxes.take(b" " * (32 * 1024 * 1024 + 1) if data is None else data)
    clock.advance(RECEIPT_DELAY)
    (notice,) = taxes.notices()
    told = fields(notice.data)
    assert (notice.code, told["maGDich"], told["maNNhan"]) == ("213", code, "")
    assert told["mtaLoiGDich"].startswith("Tờ khai không đúng định dạng với XSD: Không đọc được tài liệu: ")
