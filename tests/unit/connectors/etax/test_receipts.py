"""What notices say, read into receipts."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

import keys
from govgateway.connector import VIETNAM, Payable, Reason, Receipt, Status, Subject, Text
from govgateway.errors import AnswerRefused
from govgateway_etax.catalogue import FOLDER
from govgateway_etax.notices import notice_kinds, opened, read_kinds
from govgateway_etax.receipts import read_notice
from taxoffice import PROFILE, notice, receipt, row, rows_content, unsigned

FILED = (
    "<HoSoThue><CTietHoSoThue id='1'><tokhai-phuluc>Tờ khai phí (01/PH)</tokhai-phuluc>"
    "<loaiToKhai>Chính thức</loaiToKhai><kyTinhThue>10/2026</kyTinhThue><lanNop>0</lanNop></CTietHoSoThue></HoSoThue>"
)
CODE = "<maGiaoDichDTu>10820260019081192</maGiaoDichDTu>"
REASONS = (
    "<LyDo><CTietLyDo><tenNhomLoi>Số liệu</tenNhomLoi><tenLoi>Chỉ tiêu (7) không bằng (4) - (6)</tenLoi>"
    "<huongDanXuLy>Sửa số liệu và gửi lại tờ khai.</huongDanXuLy>"
    "<ghiChu>/HSoThueDTu/HSoKhaiThue/CTieuTKhaiChinh/NoiDung01PH/ChiTietPhi[2]/soTienPHPhaiNop</ghiChu></CTietLyDo>"
    "<CTietLyDo/></LyDo>"
)
RECEIVED = f"<trangThai>Y</trangThai><ngayHoSo>2026-11-16T10:00:01.983+07:00</ngayHoSo>{FILED}{CODE}<LyDo/>"
ACCEPTED = (
    "<trangThai>Y</trangThai><ngayNopThucTe>2026-11-16T10:00:01.983+07:00</ngayNopThucTe>"
    f"{FILED}{CODE}<ngayChapNhan>2026-11-16T10:00:01.983+07:00</ngayChapNhan>"
    "<ngayHoanThanh>2026-11-17T08:58:40.983+07:00</ngayHoanThanh><LyDo/>"
)
PAYABLES = (
    "<IDKhoanNop><CTietIDKhoanNop><maDinhDanh>10820260019081192001</maDinhDanh><soTienPNop>122043050</soTienPNop>"
    "<tenLoaiTien>VND</tenLoaiTien></CTietIDKhoanNop><CTietIDKhoanNop><maDinhDanh>10820260019081192002</maDinhDanh>"
    "<soTienPNop>850.10</soTienPNop><tenLoaiTien>USD</tenLoaiTien><ghiChu>nộp thêm</ghiChu></CTietIDKhoanNop>"
    "<CTietIDKhoanNop><maDinhDanh/><soTienPNop/></CTietIDKhoanNop></IDKhoanNop>"
)


@pytest.mark.parametrize("answer", ["Y", "0"])
def test_843_says_received(answer: str) -> None:
    found = receipt("843", RECEIVED.replace("<trangThai>Y<", f"<trangThai>{answer}<"))
    assert found == Receipt(
        code="843",
        title=notice_kinds()["843"].title,
        leads_to=Status.RECEIVED,
        references=("10820260019081192",),
        number="7/2026/TB-TĐT",
        issued_at=datetime(2026, 11, 16, tzinfo=VIETNAM),
        legal_filing_date=None,
        arrived_at=datetime(2026, 11, 16, 10, 0, 1, 983000, tzinfo=VIETNAM),
        signer="CƠ QUAN THUẾ MÔ PHỎNG",
        filer="9900000016",
        subjects=(Subject("Tờ khai phí (01/PH)", "10/2026", "Chính thức", "0"),),
    )


def test_843_says_not_received_and_why() -> None:
    found = receipt("843", f"<trangThai>N</trangThai>{FILED}<maGiaoDichDTu/>{REASONS}")
    assert found.leads_to is Status.REJECTED
    assert found.references == ()
    assert found.reasons == (
        Reason(
            message="Chỉ tiêu (7) không bằng (4) - (6)",
            group="Số liệu",
            remedy="Sửa số liệu và gửi lại tờ khai.",
            note="/HSoThueDTu/HSoKhaiThue/CTieuTKhaiChinh/NoiDung01PH/ChiTietPhi[2]/soTienPHPhaiNop",
            path="HSoThueDTu/HSoKhaiThue/CTieuTKhaiChinh/NoiDung01PH/ChiTietPhi[2]/soTienPHPhaiNop",
        ),
    )


def test_844_says_accepted_with_the_legal_day_and_what_is_to_be_paid() -> None:
    found = receipt("844", ACCEPTED + PAYABLES)
    assert found.leads_to is Status.ACCEPTED
    assert found.legal_filing_date == date(2026, 11, 16)
    assert found.payables == (
        Payable("10820260019081192001", Decimal("122043050"), "VND"),
        Payable("10820260019081192002", Decimal("850.10"), "USD", "nộp thêm"),
    )
    assert all(isinstance(each.amount, Decimal) for each in found.payables)
    assert found.reasons == ()


def test_844_says_not_accepted_and_then_nothing_was_filed() -> None:
    refused = ACCEPTED.replace("<trangThai>Y<", "<trangThai>N<").replace("<LyDo/>", REASONS)
    found = receipt("844", refused)
    assert (found.leads_to, found.legal_filing_date) == (Status.REJECTED, None)
    assert [each.message for each in found.reasons] == ["Chỉ tiêu (7) không bằng (4) - (6)"]


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("2026-11-16T23:59:59.999+07:00", date(2026, 11, 16)),
        ("2026-11-16T17:00:00+00:00", date(2026, 11, 17)),
        ("2026-11-16T17:00:00Z", date(2026, 11, 17)),
        ("2026-11-16T23:59:59", date(2026, 11, 16)),
        ("2026-11-16", date(2026, 11, 16)),
        ("", None),
    ],
)
def test_the_legal_day_is_vietnams(printed: str, day: date | None) -> None:
    content = ACCEPTED.replace("<ngayChapNhan>2026-11-16T10:00:01.983+07:00<", f"<ngayChapNhan>{printed}<")
    assert receipt("844", content).legal_filing_date == day


INVALID = (
    "<GDich><mauLoaiThongBao/><tenLoaiThongBao>Giao dịch không hợp lệ</tenLoaiThongBao>"
    "<ngayGDich>16/11/2026</ngayGDich>"
    "<maGDich>00010-0002-16112026100000123-42001</maGDich><maLoaiGDich>####</maLoaiGDich><ndungGDich/>"
    "<maKQuaGDich>03</maKQuaGDich><kquaGDich>Không chấp nhận</kquaGDich><maLoiGDich>IHTKK-9999</maLoiGDich>"
    "<mtaLoiGDich>Không tìm thấy node qua PATH: /HSoThueDTu/HSoKhaiThue.</mtaLoiGDich></GDich>"
)


def test_213_refuses_what_cannot_be_read() -> None:
    found = receipt("213", INVALID, to="")
    assert (found.leads_to, found.filer, found.subjects) == (Status.REJECTED, "", ())
    assert found.references == ("00010-0002-16112026100000123-42001",)
    assert found.reasons == (
        Reason(
            message="Không tìm thấy node qua PATH: /HSoThueDTu/HSoKhaiThue.",
            group="IHTKK-9999",
            path="HSoThueDTu/HSoKhaiThue",
        ),
    )


def test_a_refusal_with_a_code_alone_still_has_a_reason() -> None:
    bare = INVALID.replace("Không tìm thấy node qua PATH: /HSoThueDTu/HSoKhaiThue.", "")
    assert [each.message for each in receipt("213", bare).reasons] == ["IHTKK-9999"]
    group = "<trangThai>N</trangThai><LyDo><CTietLyDo><tenNhomLoi>Chữ ký</tenNhomLoi></CTietLyDo></LyDo>"
    assert [each.message for each in receipt("843", group).reasons] == ["Chữ ký"]


def test_211_says_taken_or_refused() -> None:
    taken = receipt("211", rows_content(row()), to="9900000055")
    assert (taken.leads_to, taken.filer) == (None, "9900000016")
    assert taken.references == ("00010-0002-16112026100000123-42001",)
    assert taken.subjects == (Subject("879", "10/2026", "C", "0"),)
    assert taken.reasons == ()
    wrong = {"makquaCTietGDich": "03", "maLoiCTietGDich": "IHTKK-9999", "mtaLoiCTietGDich": "Sai định dạng"}
    refused = receipt("211", rows_content(row(**wrong)))
    assert refused.leads_to is Status.REJECTED
    assert refused.reasons == (Reason(message="Sai định dạng", group="IHTKK-9999"),)


def test_a_result_of_many_transactions_is_no_verdict_on_one() -> None:
    refused = row(makquaCTietGDich="03", mtaLoiCTietGDich="Sai định dạng")
    found = receipt("211", rows_content(refused, row("00010-0002-16112026110000123-42002", maHSo="842")))
    assert (found.leads_to, found.references, found.subjects, found.reasons) == (None, (), (), ())
    assert receipt("211", rows_content()).leads_to is None


def test_a_notice_of_an_unknown_kind_is_kept_and_proves_nothing() -> None:
    found = receipt("900", f"<trangThai>Y</trangThai>{CODE}")
    assert (found.code, found.leads_to) == ("900", None)
    assert found.title == Text("Thông báo thử", "Thông báo thử")
    assert found.references == ("10820260019081192",)


@pytest.mark.parametrize("answer", ["", "y", "X", "YN"])
def test_an_unknown_answer_proves_nothing(answer: str) -> None:
    assert receipt("844", f"<trangThai>{answer}</trangThai>").leads_to is None


def test_two_answers_prove_nothing() -> None:
    assert receipt("844", "<trangThai>Y</trangThai><trangThai>N</trangThai>").leads_to is None
    assert receipt("844", "").leads_to is None


@pytest.mark.parametrize(
    "wrong",
    ["hôm nay", "16/11/2026", "2026-13-01", "2026-11-16T25:00:00", "0001-01-01T00:00:00+14:00", "9" * 500],
)
def test_a_broken_day_is_refused(wrong: str) -> None:
    content = ACCEPTED.replace("<ngayChapNhan>2026-11-16T10:00:01.983+07:00<", f"<ngayChapNhan>{wrong}<")
    with pytest.raises(AnswerRefused) as refused:
        receipt("844", content)
    assert wrong[:80] in refused.value.message.vi
    assert len(refused.value.message.vi) < 200


@pytest.mark.parametrize("wrong", ["", "nhiều", "NaN", "Infinity", "1e9", "1_000", "1.000.000", "1,5", "--1", "٣"])
def test_a_broken_amount_is_refused(wrong: str) -> None:
    with pytest.raises(AnswerRefused) as refused:
        receipt("844", ACCEPTED + PAYABLES.replace(">122043050<", f">{wrong}<"))
    assert "soTienPNop" in refused.value.message.vi


def test_a_supplement_may_lower_what_is_to_be_paid() -> None:
    lowered = receipt("844", ACCEPTED + PAYABLES.replace(">122043050<", ">-1000<"))
    assert lowered.payables[0].amount == Decimal(-1000)


def test_a_notice_without_a_code_or_content_is_refused() -> None:
    for data in (unsigned("", ACCEPTED), unsigned("844", "").replace(b"NDungTBao", b"Khac")):
        node = data[data.index(b"<TBaoThue ") : data.index(b"<CKyDTu>")]
        content = node.replace(b"<TBaoThue ", b'<TBaoThue xmlns="http://kekhaithue.gdt.gov.vn/TBaoThue" ')
        with pytest.raises(AnswerRefused) as refused:
            read_notice(content, "x", notice_kinds())
        assert "không có mã hoặc nội dung" in refused.value.message.vi


def test_a_reference_that_no_ledger_can_hold_is_left_out() -> None:
    found = receipt("211", rows_content(row("1" * 256), day="16/11/2026"))
    assert found.references == ()
    assert receipt("843", RECEIVED.replace("10820260019081192", "a&#x85;b")).references == ()


def test_only_what_was_signed_is_read() -> None:
    other = b"<TBaoThue><TTinChung/><NDungTBao><trangThai>N</trangThai></NDungTBao></TBaoThue>"
    data = notice("844", ACCEPTED).replace(b"</TBaoThueDTu>", other.replace(b"TBaoThue>", b"Khac>") + b"</TBaoThueDTu>")
    content, signer = opened(data, PROFILE, keys.trust(), keys.NOW)
    assert read_notice(content, signer, notice_kinds()).leads_to is Status.ACCEPTED


SUCCESSOR = """
["01TB"]
title = { vi = "Thông báo tiếp nhận/không tiếp nhận hồ sơ (01/TB-TĐT)", en = "Notice of receipt (01/TB-TĐT)" }
answer_element = "trangThai"
answers = { Y = "ACCEPTED", N = "REJECTED" }
"""


@pytest.mark.parametrize("accepted", [True, False])
def test_the_successor_of_843_and_844_is_one_more_table(accepted: bool) -> None:
    """01/TB-TĐT of Circular 89/2026 says received or not received, once and for all. Its XML is not known: the code of
    this table is invented, the elements are those of its predecessors."""
    kinds = read_kinds((FOLDER / "notices.toml").read_text(encoding="utf-8") + SUCCESSOR)
    content = ACCEPTED + PAYABLES if accepted else f"<trangThai>N</trangThai>{FILED}{CODE}{REASONS}"
    found = receipt("01TB", content, kinds=kinds)
    assert found.leads_to is (Status.ACCEPTED if accepted else Status.REJECTED)
    assert found.title == Text("Thông báo tiếp nhận/không tiếp nhận hồ sơ (01/TB-TĐT)", "Notice of receipt (01/TB-TĐT)")
    assert found.references == ("10820260019081192",)
    assert found.subjects == (Subject("Tờ khai phí (01/PH)", "10/2026", "Chính thức", "0"),)
    assert found.legal_filing_date == (date(2026, 11, 16) if accepted else None)
    assert [each.currency for each in found.payables] == (["VND", "USD"] if accepted else [])
    assert [each.remedy for each in found.reasons] == ([] if accepted else ["Sửa số liệu và gửi lại tờ khai."])
    assert receipt("01TB", content).leads_to is None, "without the table it proves nothing"
