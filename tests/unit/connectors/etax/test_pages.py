"""How the tax office's documents are printed: titles, periods in words, header lines; the words of notices."""

from __future__ import annotations

import pytest

import samples
import taxoffice
from govgateway.connector import Line, PageLayout, Paragraph, Table
from govgateway.documents.xml import read_xml
from govgateway_etax.notice_pages import notice_layout
from govgateway_etax.pages import layout_of, period_in_words


def _layout(*changes: tuple[str, str], packaged: bool = True, language: str = "vi") -> PageLayout:
    package = samples.fee_form() if packaged else None
    layout = layout_of(samples.declaration(*changes).root[0], package, language)
    assert layout is not None
    return layout


def _lines(layout: PageLayout) -> dict[str, object]:
    return {f"{each.item} {each.label}".strip(): each.value for each in layout.head if isinstance(each, Line)}


@pytest.mark.parametrize(
    ("kind", "written", "vi", "en"),
    [
        ("M", "10/2026", "Tháng 10 năm 2026", "Month 10 of 2026"),
        ("Q", "3/2026", "Quý 3 năm 2026", "Quarter 3 of 2026"),
        ("Y", "2026", "Năm 2026", "Year 2026"),
        ("D", "05/10/2026", "Lần phát sinh ngày 05/10/2026", "Occurrence of 05/10/2026"),
        ("M", "10-2026", "10-2026", "10-2026"),
        ("?", "10/2026", "10/2026", "10/2026"),
        ("", "", "", ""),
    ],
)
def test_a_period_reads_in_words_and_as_it_stands_where_it_is_none(kind: str, written: str, vi: str, en: str) -> None:
    period = {"kieuKy": kind, "kyKKhai": written}
    assert (period_in_words(period, "vi"), period_in_words(period, "en")) == (vi, en)


def test_a_period_from_day_to_day_has_both_days() -> None:
    period = {"kieuKy": "K", "kyKKhai": "", "kyKKhaiTuNgay": "01/01/2026", "kyKKhaiDenNgay": "30/06/2026"}
    assert period_in_words(period, "vi") == "Từ ngày 01/01/2026 đến ngày 30/06/2026"


def test_the_top_of_a_declaration() -> None:
    layout = _layout()
    assert layout.title == "Tờ khai phí"
    assert layout.form == "Mẫu số 01/PH · 879 · 2.7.5"
    assert layout.basis.startswith("(Ban hành kèm theo Thông tư số 80/2021/TT-BTC")
    assert layout.parts == ("CTieuTKhaiChinh",)


def test_header_lines_are_those_with_a_value_in_order() -> None:
    assert list(_lines(_layout()).items()) == [
        ("[01] Kỳ tính thuế", "Tháng 10 năm 2026"),
        ("[02] Lần đầu", True),
        ("[03] Bổ sung lần thứ", ""),
        ("Tên người nộp thuế", "Sở Xây dựng tỉnh An Hoà"),
        ("Mã số thuế", "9900000016"),
        ("Địa chỉ", "Số 1 đường Thí Dụ, Phường Minh Hoạ, An Hoà"),
        ("Thư điện tử", "ke-toan@soxaydung.example"),
        ("Cơ quan thuế nơi nộp", "Thuế tỉnh An Hoà"),
    ]


def test_a_supplement_has_its_number() -> None:
    lines = _lines(_layout(("<loaiTKhai>C<", "<loaiTKhai>B<"), ("<soLan>0<", "<soLan>2<")))
    assert (lines["[02] Lần đầu"], lines["[03] Bổ sung lần thứ"]) == (False, "2")


@pytest.mark.parametrize(("written", "told"), [("true", True), ("1", True), ("false", None), ("", None)])
def test_an_extension_is_told_where_there_is_one(written: str, told: bool | None) -> None:
    lines = _lines(_layout(("<GiaHan>", f"<giaHan>{written}</giaHan><GiaHan>")))
    assert lines.get("Được gia hạn") is told


def test_a_form_without_a_package_takes_title_and_number_from_document_and_catalogue() -> None:
    layout = _layout(
        ("<maTKhai>879<", "<maTKhai>892<"), ("<pbanTKhaiXML>2.7.5<", "<pbanTKhaiXML>2.9.4<"), packaged=False
    )
    assert layout.title == "Tờ khai phí (01/PH)"
    assert layout.form == "Mẫu số 03/TNDN · 892 · 2.9.4"


def test_a_registration_form_has_a_flat_header() -> None:
    layout = layout_of(read_xml(taxoffice.REGISTRATION.encode()).root[0], None, "vi")
    assert layout is not None
    assert layout.title == "Tờ khai đăng ký thuế"
    assert _lines(layout)["Mã số thuế"] == "9900000016"


def test_another_agencys_document_is_not_laid_out() -> None:
    assert layout_of(read_xml(b"<a/>").root, None, "vi") is None


def test_a_document_without_a_header_is_laid_out_all_the_same() -> None:
    bare = read_xml(b'<HSoKhaiThue xmlns="http://kekhaithue.gdt.gov.vn/TKhaiThue"><CTieuTKhaiChinh/></HSoKhaiThue>')
    layout = layout_of(bare.root, None, "vi")
    assert layout is not None
    assert layout.parts == ("CTieuTKhaiChinh",)


def _notice(code: str, content: str, language: str = "vi") -> PageLayout:
    named = taxoffice.unsigned(code, content).replace(b"</maNNhan>", b"</maNNhan><tenNNhan>An</tenNNhan>")
    return notice_layout(read_xml(named).root[0], (), language)


def _said(layout: PageLayout) -> str:
    return "\n".join(each.text for each in layout.head if isinstance(each, Paragraph))


@pytest.mark.parametrize("answer", ["Y", "0"])
def test_a_receipt_has_the_words_of_receipt_and_none_of_refusal(answer: str) -> None:
    layout = _notice("843", f"<trangThai>{answer}</trangThai><ngayHoSo>2026-11-16T01:58:40Z</ngayHoSo>")
    assert "đã được cơ quan thuế tiếp nhận vào lúc 08 giờ 58 phút ngày 16 tháng 11 năm 2026" in _said(layout)
    assert "không tiếp nhận hồ sơ" not in _said(layout)


def test_a_refusal_has_its_reasons_in_a_table_without_empty_rows() -> None:
    reason = "<CTietLyDo><tenNhomLoi>Nhóm</tenNhomLoi><tenLoi>Lỗi {trangThai} đây</tenLoi></CTietLyDo>"
    empty = "<CTietLyDo><tenNhomLoi/><tenLoi/></CTietLyDo>"
    layout = _notice("844", f"<trangThai>N</trangThai><LyDo>{empty}{reason}</LyDo>")
    (table,) = [each for each in layout.head if isinstance(each, Table)]
    assert [[cell.value for cell in row.cells] for row in table.rows] == [["1", "Nhóm (Lỗi {trangThai} đây)", "", ""]]
    assert [each.number for each in table.columns] == ["(1)", "(2)", "(3)", "(4)"]


def test_an_agent_is_named_where_one_sent_it() -> None:
    sent_by = b"</TTinTBaoThue><DaiLyThue><tenDLT>Minh</tenDLT></DaiLyThue>"
    for_agent = taxoffice.unsigned("843", "<trangThai>Y</trangThai>").replace(b"</TTinTBaoThue>", sent_by)
    assert "do Minh gửi tới cơ quan thuế" in _said(notice_layout(read_xml(for_agent).root[0], (), "vi"))
    assert "do " not in _said(_notice("843", "<trangThai>Y</trangThai>")).partition("cụ thể")[0].partition("An ")[2]


@pytest.mark.parametrize(
    ("kind", "amount", "note"),
    [
        ("Bổ sung", "5", "Số thuế phải nộp tăng thêm do khai bổ sung"),
        ("Bổ sung", "-5", "Số thuế phải nộp được điều chỉnh giảm do khai bổ sung"),
        ("Chính thức", "5", ""),
    ],
)
def test_a_payable_of_a_supplement_says_whether_it_is_more_or_less(kind: str, amount: str, note: str) -> None:
    layout = _notice(
        "844",
        f"<trangThai>Y</trangThai><HoSoThue><CTietHoSoThue><loaiToKhai>{kind}</loaiToKhai></CTietHoSoThue></HoSoThue>"
        f"<IDKhoanNop><CTietIDKhoanNop><soTienPNop>{amount}</soTienPNop></CTietIDKhoanNop></IDKhoanNop>",
    )
    (table,) = [each for each in layout.head if isinstance(each, Table)]
    assert table.rows[0].cells[-1].value == note


def test_a_notice_of_an_unknown_kind_is_printed_as_it_stands() -> None:
    assert _notice("999", "<a>1</a>").parts == ("NDungTBao",)
    assert _notice("843", "").parts == ()


def test_a_code_that_is_no_code_leads_to_no_file() -> None:
    assert _notice("../notices/843", "<a>1</a>").parts == ("NDungTBao",)


def test_the_words_come_in_english_too() -> None:
    assert "The tax office received the dossier at 08:58 on 16/11/2026" in _said(
        _notice("843", "<trangThai>Y</trangThai><ngayHoSo>2026-11-16T08:58:40+07:00</ngayHoSo>", "en")
    )
