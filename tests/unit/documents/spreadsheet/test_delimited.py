"""CSV files of one table: any separator, any encoding, columns by any of their names."""

from __future__ import annotations

import pytest

from formsamples import form
from govgateway.documents.findings import has_errors
from govgateway.documents.spreadsheet.content import Content
from govgateway.documents.spreadsheet.delimited import read_delimited
from govgateway.documents.spreadsheet.opening import MOST_ROWS
from govgateway.errors import UnreadableDocument, UsageError
from samples import fee_form
from workbooks import told

_HEAD = "Loại phí;Tiểu mục;Đơn vị tiền;Số tiền phí thu được;Tỷ lệ trích để lại theo chế độ (%)"
_LINE = "Phí đường bộ;301;VND;1.234.567;12,5"
_READ = [("Phí đường bộ", "0301", "VND", "1234567", "12.5")]
_COLUMNS = ("ten_LoaiPhi", "tieuMuc", "ma_DonViTien", "soTienPHThuDuoc", "tyLe")


def read(data: bytes | str, table: str = "", code: str = "879") -> Content:
    package = fee_form() if code == "879" else form(code, "2.5.1")
    return read_delimited(data.encode() if isinstance(data, str) else data, "phi.csv", package, table)


def rows(content: Content) -> list[tuple[str, ...]]:
    lines = content.root.all(("HSoKhaiThue", "CTieuTKhaiChinh", "NoiDung01PH", "ChiTietPhi"))
    return [tuple(line.at((name,)).text for name in _COLUMNS) for line in lines]


def in_windows_1258(text: str) -> bytes:
    """``text`` with the accents that Windows-1258 has apart from their letters."""
    apart = {
        "ạ": "a\u0323",
        "ề": "ê\u0300",
        "ể": "ê\u0309",
        "ị": "i\u0323",
        "ố": "ô\u0301",
        "ộ": "ô\u0323",
        "ỷ": "y\u0309",
    }
    apart |= {"ờ": "ơ\u0300", "ợ": "ơ\u0323", "ụ": "u\u0323", "ệ": "ê\u0323", "í": "i\u0301", "ế": "ê\u0301"}
    return text.translate(str.maketrans(apart)).encode("cp1258")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
def test_files_are_read_in_the_encodings_that_spreadsheets_write(encoding: str) -> None:
    text = f"{_HEAD}\r\n{_LINE}\r\n"
    content = read(in_windows_1258(text) if encoding == "cp1258" else text.encode(encoding))
    assert rows(content) == _READ
    assert told(content.findings) == [("SHEET-ZEROS", "phi.csv!B2")]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_the_separator_is_the_one_that_gives_columns(separator: str) -> None:
    line = separator.join(f'"{each}"' for each in _LINE.split(";"))
    assert rows(read(f"{_HEAD.replace(';', separator)}\n{line}\n")) == _READ


@pytest.mark.parametrize(
    "head",
    [
        "ten_LoaiPhi;tieuMuc;ma_DonViTien;soTienPHThuDuoc;tyLe",
        "(2a);(2b);(3);(4);(5)",
        "Kind of fee;Budget sub-item;Currency;Fees collected;Share retained (%)",
        _HEAD.upper().replace(";", " ; "),
        f"Sở Xây dựng;;;;\n;;;;\n{_HEAD}",
    ],
)
def test_columns_are_known_by_label_number_or_element_and_may_stand_below_a_title(head: str) -> None:
    assert rows(read(f"{head}\n{_LINE}\n")) == _READ


def test_columns_may_stand_in_any_order_among_others() -> None:
    content = read("STT;tyLe;Ghi chú;ten_LoaiPhi\n1;5;nhớ;Phí A\n;;;\n2;6;;Phí B\n")
    assert [(line[0], line[4]) for line in rows(content)] == [("Phí A", "5"), ("Phí B", "6")]
    assert told(content.findings) == [("SHEET-COLUMN", "phi.csv!C1")]


def test_lines_that_are_too_short_have_empty_values() -> None:
    assert rows(read(f"{_HEAD}\nPhí A;2301\n")) == [("Phí A", "2301", "", "", "")]


def test_a_file_without_a_known_column_is_refused_with_the_names_of_columns() -> None:
    with pytest.raises(UsageError) as refused:
        read("a;b\n1;2\n")
    assert "Loại phí" in refused.value.remedy.vi


def test_columns_of_several_tables_need_the_name_of_one() -> None:
    head = "tenKhoangSan;soLuong;mucPhiTheoTungLoaiKS\nĐá;1;2\n"
    with pytest.raises(UsageError) as refused:
        read(head, code="878")
    assert "--table" in refused.value.remedy.en
    content = read(head, table="KSanCoSoThuMuaNopThay", code="878")
    bought = ("HSoKhaiThue", "CTieuTKhaiChinh", "PhiBVMT", "KSanCoSoThuMuaNopThay", "TTinKhoangSan", "KhoangSan")
    assert [line.at(("tenKhoangSan",)).text for line in content.root.all(bought)] == ["Đá"]
    assert read(head, table="tổ chức thu mua", code="878").root == content.root
    assert read(head, table="2", code="878").root == content.root, "its number in the template"
    assert "2 (II Khoáng sản)" in refused.value.remedy.vi


def test_a_table_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(UsageError) as refused:
        read("tenKhoangSan\nĐá\n", table="99", code="878")
    assert "không có bảng '99'" in refused.value.message.vi
    assert "1 (I Khoáng sản)" in refused.value.remedy.vi


def test_a_table_that_the_document_is_not_to_have_is_no_choice() -> None:
    package, (kept,) = fee_form(), [("HSoThueDTu", "HSoKhaiThue", "CTieuTKhaiChinh")]
    with pytest.raises(UsageError) as refused:
        read_delimited(b"a;b\n", "phi.csv", package, left_out=[kept, ("HSoThueDTu", "HSoKhaiThue", "PLuc")])
    assert "không có bảng nào để điền bằng CSV" in refused.value.message.vi


def test_a_text_in_an_old_encoding_is_told_at_its_cell() -> None:
    content = read("Loại phí;tyLe\nPhÝ thÈm ®Þnh;5\n")
    assert told(content.findings) == [("SHEET-ENCODING", "phi.csv!A2")]
    assert has_errors(content.findings)


def test_a_file_in_an_old_encoding_is_refused_with_a_line_of_it() -> None:
    with pytest.raises(UnreadableDocument) as refused:
        read("Loai phi;tyLe\nPhÝ thÈm ®Þnh;5\n".encode("latin-1"))
    assert "TCVN3 (ABC)" in refused.value.message.vi
    assert "thÈm" in refused.value.message.vi
    assert "phi.csv" not in refused.value.message.vi


@pytest.mark.parametrize("data", [b"\xff\x8a\x9d", f"{_HEAD}\n".encode() + b"x\n" * (MOST_ROWS + 1)])
def test_what_cannot_be_read_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableDocument):
        read(data)
