"""What is printed of a document by the outline of its form: tables, totals, headings, and nothing lost."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pytest

import samples
from formsamples import MONTH, SUPPLEMENT, changed, declaration, form
from govgateway.documents.package import FormLibrary, FormVersion
from govgateway.documents.places import names_of
from govgateway.documents.view.body import body
from govgateway.documents.view.model import Block, Heading, Line, Paragraph, Row, RowKind, Table
from govgateway.documents.view.values import shown
from govgateway.documents.xml import XmlDocument, read_xml
from unit.documents.view.specimens import VERSIONS, page, specimen, words_of
from unit.forms import test_824, test_842, test_878, test_893

_NAMESPACE = "{http://kekhaithue.gdt.gov.vn/TKhaiThue}"


def _blocks(version: FormVersion, document: XmlDocument, part: str = "CTieuTKhaiChinh") -> tuple[Block, ...]:
    node = document.root.find(f"{_NAMESPACE}HSoKhaiThue/{_NAMESPACE}{part}")
    assert node is not None
    return body(node, names_of(node), version, "vi")


def _tables(blocks: Iterable[Block]) -> list[Table]:
    return [each for each in blocks if isinstance(each, Table)]


def _read(row: Row) -> list[str]:
    return [shown(each.value, "vi") for each in row.cells]


def test_rows_are_a_table_with_printed_labels_and_column_numbers() -> None:
    (table,) = _tables(_blocks(samples.fee_form(), samples.declaration()))
    assert [each.number for each in table.columns] == ["(1)", "(2a)", "(2b)", "(3)", "(4)", "(5)", "(6)", "(7)=(4)-(6)"]
    assert [each.label for each in table.columns][:4] == ["STT", "Loại phí", "Tiểu mục", "Đơn vị tiền"]
    amounts = ["4.250,50", "80", "3.400,40", "850,10"]
    assert _read(table.rows[2]) == [
        "3",
        "Phí thẩm định thiết kế kỹ thuật (nhà thầu nước ngoài)",
        "2716",
        "USD",
        *amounts,
    ]


def test_a_code_of_digits_is_no_amount() -> None:
    (table,) = _tables(_blocks(samples.fee_form(), samples.declaration()))
    assert [each.cells[2].value for each in table.rows if each.kind is RowKind.PLAIN] == ["2301", "2715", "2716"]


def test_there_is_a_total_for_each_currency_below_the_rows() -> None:
    (table,) = _tables(_blocks(samples.fee_form(), samples.declaration()))
    totals = [" ".join(_read(each)) for each in table.rows if each.kind is RowKind.TOTAL]
    assert [each.startswith("Tổng cộng VND") and "122.043.050" in each for each in totals] == [True, False]
    assert totals[1].startswith("Tổng cộng USD")


def test_an_empty_relief_row_is_not_shown_and_neither_is_its_heading() -> None:
    blocks = _blocks(samples.fee_form(), samples.declaration())
    assert not any("hỗ trợ" in each.text for each in blocks if isinstance(each, Heading))
    used = samples.declaration(("<ten_LoaiPhi_TT63></ten_LoaiPhi_TT63>", "<ten_LoaiPhi_TT63>Phí</ten_LoaiPhi_TT63>"))
    assert Heading("Phí thu theo các Thông tư hỗ trợ tháo gỡ khó khăn") in _blocks(samples.fee_form(), used)


def test_totals_of_one_name_stand_in_one_row_under_their_columns() -> None:
    version = form("893", "2.6.9")
    table = _tables(_blocks(version, declaration(version, MONTH, test_893.BODY)))[-1]
    assert table.rows[-1].kind is RowKind.TOTAL
    assert _read(table.rows[-1]) == ["Tổng cộng", "13.281.763", "13.042.000", "239.763"]
    assert [each.span for each in table.rows[-1].cells] == [8, 1, 1, 1]


def test_groups_of_the_same_columns_are_parts_of_one_table() -> None:
    version = form("878", "2.5.1")
    table = _tables(_blocks(version, declaration(version, MONTH, test_878.BODY)))[-1]
    headings = [_read(each)[0] for each in table.rows if each.kind is RowKind.HEADING]
    assert [each[:3].strip() for each in headings] == ["I.", "II."]
    assert [_read(each)[0] for each in table.rows if each.kind is RowKind.PLAIN] == ["1", "2", "1"]


def test_a_single_row_of_the_same_columns_is_part_of_that_table_too() -> None:
    version = form("824", "2.8.3")
    table = _tables(_blocks(version, declaration(version, MONTH, test_824.BODY)))[-1]
    assert [_read(each)[1] for each in table.rows if each.kind is RowKind.PLAIN] == [
        "Công ty Thí Dụ", "Cửa hàng 1", "Cửa hàng 2",
    ]  # fmt: skip


def test_neighbours_with_a_common_heading_are_grouped_as_printed() -> None:
    version = form("878", "2.5.1")
    table = _tables(_blocks(version, declaration(version, MONTH, test_878.BODY)))[-1]
    assert ("Số lượng quặng khoáng sản nguyên khai khai thác", 2) in table.groups
    assert [each.label for each in table.columns if each.group] == ["Đơn vị tính", "Số lượng"]
    assert sum(span for _, span in table.groups) == len(table.columns)


def test_single_fields_have_their_printed_numbers_and_marks_are_boxes() -> None:
    version = form("842", "2.8.3")
    blocks = _blocks(version, declaration(version, MONTH, test_842.BODY))
    (table,) = _tables(blocks)
    read = [_read(each) for each in table.rows]
    assert ["A", 'Không phát sinh hoạt động mua, bán trong kỳ (đánh dấu "X")', "[21]", "[ ]", "", ""] in read
    assert [each[4] for each in read if len(each) == 6][-3:] == ["[41]", "[42]", "[43]"]
    assert not any(each.item == "[11a]" for each in blocks if isinstance(each, Line))  # empty: left out


def test_values_that_the_form_prints_side_by_side_are_one_line() -> None:
    version = form("842", "2.8.3")
    (table,) = _tables(_blocks(version, declaration(version, MONTH, test_842.BODY)))
    value = "Giá trị hàng hóa, dịch vụ (chưa có thuế giá trị gia tăng)"
    assert table.groups[2:] == ((value, 2), ("Thuế giá trị gia tăng", 2))
    read = {each.cells[2].value: _read(each) for each in table.rows if len(each.cells) == 6}
    assert read["[23]"][:2] == ["1", "Giá trị và thuế giá trị gia tăng của hàng hóa, dịch vụ mua vào"]
    assert (read["[23]"][4], read["[26]"][4:]) == ("[24]", ["", ""])


def test_the_headings_above_an_item_are_printed_once() -> None:
    version = form("842", "2.8.3")
    (table,) = _tables(_blocks(version, declaration(version, MONTH, test_842.BODY)))
    headings = [_read(each) for each in table.rows if each.kind is RowKind.HEADING]
    assert [each[0] for each in headings] == ["C", "I", "II", "IV", "VI"]
    assert headings[1] == ["I", "Hàng hoá, dịch vụ mua vào trong kỳ"]


def test_an_item_has_its_unit_beside_it_where_the_form_prints_one() -> None:
    version = form("864", "2.9.3")
    (table,) = _tables(_blocks(version, specimen(version)))
    labels = [each.label for each in table.columns]
    assert labels == ["STT", "Chỉ tiêu", "Mã chỉ tiêu", "Đơn vị tính", "Số người/Số tiền"]
    read = [_read(each)[:4] for each in table.rows]
    assert ["2.1", "Cá nhân cư trú", "[19]", "Người"] in read
    assert ["4.1", "Thu nhập miễn thuế, thu nhập cá nhân theo nghị quyết", "[25.1]", "VNĐ"] in read


@pytest.fixture
def supplement() -> tuple[Block, ...]:
    """The appendices of a supplement in several currencies."""
    version = form("879", "2.7.5")
    return _blocks(version, specimen(version), "PLuc")


def test_the_sentences_of_a_form_are_printed_as_sentences(supplement: tuple[Block, ...]) -> None:
    said = [each.text for each in supplement if isinstance(each, Paragraph)]
    assert any(re.fullmatch(r"a\) Số ngày chậm nộp tính đến ngày 20/01/2026: [0-9.]+", each) for each in said)
    assert any(re.fullmatch(r"Số tiền USD chậm nộp tăng/ giảm: [0-9.]+", each) for each in said)
    assert any(re.fullmatch(r"3\. Lệnh hoàn thuế: Số Thí dụ [0-9]+ ngày 20/01/2026", each) for each in said)
    assert "Đơn vị tiền: Đồng Việt Nam" in said
    assert Heading("b) Số tiền chậm nộp tăng/giảm", 5) in supplement


def test_a_sentence_with_a_part_of_its_values_has_dots_for_the_others(stones: FormVersion) -> None:
    document = read_xml(b"<Report xmlns='urn:s'><Order><Number>7</Number></Order></Report>")
    assert body(document.root, ("Report",), stones, "en") == (Paragraph("Order: number 7 of ……"),)
    empty = read_xml(b"<Report xmlns='urn:s'><Order><Number/><Day/></Order></Report>")
    assert body(empty.root, ("Report",), stones, "en") == ()


def test_the_columns_of_a_supplement_are_headed_as_the_law_prints_them(supplement: tuple[Block, ...]) -> None:
    returned, allocated, *_, explained, _ = _tables(supplement)
    assert [each.label for each in returned.columns] == ["STT", "Tên Tiểu mục", "Số tiền", "Đơn vị tiền"]
    assert returned.groups[-1] == ("Tăng/giảm số thuế phải nộp (tăng ghi (+), giảm ghi (-))", 2)
    assert ("Địa bàn hoạt động sản suất, kinh doanh", 2) in allocated.groups
    assert ("Điều chỉnh tăng/giảm nghĩa vụ thuế", 2) in explained.groups
    totals = [_read(each) for each in explained.rows if each.kind is RowKind.TOTAL]
    assert [each[0] for each in totals][:2] == ["Tổng cộng (tăng +, giảm -) phải nộp: [7a]"] * 2
    assert [each[2] for each in totals][:2] == ["VND", "USD"]


def test_a_code_beside_a_name_is_not_printed_but_a_part_that_cannot_be_is_named() -> None:
    version = form("842", "2.8.3")
    appendix = "<PLuc_01_2_GTGT><Bang><dong>7</dong></Bang></PLuc_01_2_GTGT>"
    document = declaration(version, MONTH, test_842.BODY, appendices=appendix)
    assert "1701" not in [
        each for table in _tables(_blocks(version, document)) for row in table.rows for each in _read(row)
    ]
    assert _blocks(version, document, "PLuc") == (Paragraph("Phụ lục 01-2/GTGT: có trong tệp, chưa in được"),)


def test_what_the_form_does_not_have_is_printed_last() -> None:
    strange = changed(samples.declaration(), ("<TongCong01PH>", "<Moi><a>thêm vào</a></Moi><TongCong01PH>"))
    heading, table = _blocks(samples.fee_form(), strange)[-2:]
    assert isinstance(heading, Heading)
    assert isinstance(table, Table)
    assert [_read(each) for each in table.rows] == [["thêm vào"]]


def test_a_field_that_occurs_twice_is_printed_twice() -> None:
    version = form("842", "2.8.3")
    once = "<ct22>1000</ct22>"
    twice = changed(declaration(version, MONTH, test_842.BODY), (once, once + "<ct22>2</ct22>"))
    (table,) = _tables(_blocks(version, twice))
    assert [_read(each)[5] for each in table.rows if _read(each)[4:5] == ["[22]"]] == ["1.000", "2"]


@pytest.mark.parametrize("version", VERSIONS, ids=lambda each: f"{each.legal_basis[9:11]}-{each.code}-{each.number}")
def test_every_value_of_every_form_is_on_its_page_and_no_element_name(version: FormVersion) -> None:
    document = specimen(version)
    said = words_of(page(version, document))
    items = document.root.findall(f"{_NAMESPACE}HSoKhaiThue/*")[1:]
    values = {str(each.text) for part in items for each in part.iter() if len(each) == 0 and each.text}
    numbers = {each for each in values if each.lstrip("-").replace(".", "").isdigit() and not _is_code(each)}
    assert [each for each in values - numbers - {"true", "2026-01-20"} if each not in said] == []
    assert [each for each in numbers if _vietnamese(each) not in said] == []
    names = {each for path in version.outline.fields for each in path}
    words = said.translate(str.maketrans("()", "  ")).split()
    assert (names - {"NNT"}) & set(words) == set()  # NNT: the notes abbreviate the taxpayer so


def _is_code(text: str) -> bool:
    """Whether a value of a specimen is a code: those are no amounts, though of digits."""
    return text in {"2301", "9900000016", "99901"}


def _vietnamese(number: str) -> str:
    figure = f"{abs(Decimal(number)):,f}".translate(str.maketrans(",.", ".,"))
    return f"({figure})" if number.startswith("-") else figure


@pytest.fixture
def stones(tmp_path: Path) -> FormVersion:
    """A form that a test writes: nothing but data."""
    (tmp_path / "S1" / "1.0").mkdir(parents=True)
    (tmp_path / "S1" / "form.toml").write_text(
        'code = "S1"\nname = "S1"\ntitle = { vi = "Báo cáo đá", en = "Stones" }\nlegal_basis = ""\nsignature = []\n'
        '[[version]]\nnumber = "1.0"\nkinds = ["C"]\nrules = []\n',
        encoding="utf-8",
    )
    (tmp_path / "S1" / "1.0" / "form.xsd").write_text(_STONES, encoding="utf-8")
    found = FormLibrary(tmp_path).find("S1", "1.0")
    assert found is not None
    return found


def test_a_new_form_is_printed_without_a_line_of_python(stones: FormVersion) -> None:
    document = read_xml(
        "<Report xmlns='urn:s'><Stone><Name>Đá</Name><Tons>1234.5</Tons></Stone><Stone><Name>Cát</Name><Tons>-2</Tons>"
        "</Stone><Total>1232.5</Total></Report>".encode()
    )
    (table,) = body(document.root, ("Report",), stones, "en")
    assert isinstance(table, Table)
    assert [each.label for each in table.columns] == ["No.", "Stone", "Tons"]
    assert [_read(each) for each in table.rows[:2]] == [["1", "Đá", "1.234,5"], ["2", "Cát", "(2)"]]
    assert [_read(each) for each in table.rows[2:]] == [["All", "1.232,5"]]


def _labelled(name: str, kind: str, english: str, mark: str = "", more: str = "") -> str:
    texts = "".join(
        f"<xs:documentation xml:lang='{language}'>{text}</xs:documentation>"
        for language, text in (("vi", f"{english}.vi"), ("en", english))
    )
    told = f"<xs:annotation>{texts}<xs:appinfo>{mark}</xs:appinfo></xs:annotation>"
    return f"<xs:element name='{name}' {kind}>{told}{more}</xs:element>"


_TYPES = "".join(
    f"<xs:simpleType name='{name}'><xs:annotation><xs:documentation xml:lang='vi'>{name}</xs:documentation>"
    f"<xs:documentation xml:lang='en'>{name}</xs:documentation></xs:annotation>"
    f"<xs:restriction base='xs:string'><xs:pattern value='{pattern}'/></xs:restriction></xs:simpleType>"
    for name, pattern in (("Words", r"[\s\S]*"), ("Amount", r"-?[0-9]{1,9}(\.[0-9]{1,2})?"))
)
_ROW = (
    "<xs:complexType><xs:sequence>"
    + _labelled("Name", "type='Words'", "Stone", "<f:column>(2)</f:column>")
    + _labelled("Tons", "type='Amount'", "Tons", "<f:column>(3)</f:column>")
    + "</xs:sequence></xs:complexType>"
)
_SENTENCE = "<f:sentence vi='Lệnh: số {Number} ngày {Day}' en='Order: number {Number} of {Day}'/>"
_ORDER = (
    "<xs:complexType><xs:sequence>"
    + _labelled("Number", "type='Words'", "Number")
    + _labelled("Day", "type='Words' minOccurs='0'", "Day")
    + "</xs:sequence></xs:complexType>"
)
_INSIDE = (
    "<xs:complexType><xs:sequence>"
    + _labelled("Stone", "minOccurs='0' maxOccurs='unbounded'", "Line", "", _ROW)
    + _labelled("Total", "type='Amount' minOccurs='0'", "All", "<f:column>(3)</f:column><f:computed/>")
    + _labelled("Order", "minOccurs='0'", "Order", _SENTENCE, _ORDER)
    + "</xs:sequence></xs:complexType>"
)
_STONES = (
    "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' xmlns='urn:s' xmlns:f='urn:govgateway:form' "
    f"targetNamespace='urn:s' elementFormDefault='qualified'>{_TYPES}{_labelled('Report', '', 'Report', '', _INSIDE)}"
    "</xs:schema>"
)


def test_a_heading_waits_for_what_comes_under_it() -> None:
    version = form("878", "2.5.1")
    without_place = test_878.BODY[test_878.BODY.index("<PhiBVMT>") :]
    blocks = _blocks(version, declaration(version, MONTH, "<Header><ct09/></Header>" + without_place))
    assert blocks[0] == Heading("Phí bảo vệ môi trường")


def test_what_the_rows_of_a_supplement_belong_to_is_a_heading_in_the_table() -> None:
    version = form("878", "2.5.1")
    supplement = declaration(version, MONTH, test_878.BODY, appendices=SUPPLEMENT)
    explained = _tables(_blocks(version, supplement, "PLuc"))[-2]
    assert [(each.kind, _read(each)[0]) for each in explained.rows][:2] == [
        (RowKind.HEADING, "Tờ khai"), (RowKind.PLAIN, "1"),
    ]  # fmt: skip


def test_five_thousand_rows_are_all_there() -> None:
    text = samples.EXAMPLE.read_text(encoding="utf-8-sig")
    row = text[text.index('<ChiTietPhi id="ID_1">') : text.index('<ChiTietPhi id="ID_2">')]
    (table,) = _tables(_blocks(samples.fee_form(), read_xml(text.replace(row, row * 5000).encode())))
    assert sum(each.kind is RowKind.PLAIN for each in table.rows) == 5002


def test_a_total_that_is_no_figure_is_printed_all_the_same() -> None:
    wrong = samples.declaration(("<tongCong>850.10<", "<tongCong>tám trăm<"))
    lines = [each for each in _blocks(samples.fee_form(), wrong) if isinstance(each, Line)]
    assert ("Tổng cộng", "tám trăm") in [(each.label, each.value) for each in lines]


def test_a_name_without_rows_is_printed_all_the_same() -> None:
    version = form("878", "2.5.1")
    rows = SUPPLEMENT[SUPPLEMENT.index("<CTietPLuc>") + 11 : SUPPLEMENT.index("</CTietPLuc>")]
    document = declaration(version, MONTH, test_878.BODY, appendices=SUPPLEMENT.replace(rows, ""))
    assert "Phụ lục phân bổ" in [each.value for each in _blocks(version, document, "PLuc") if isinstance(each, Line)]


def test_a_single_field_outside_of_tables_is_a_line_with_its_number() -> None:
    version = form("824", "2.8.3")
    label = "Khai cho địa điểm kinh doanh mới thành lập trong năm"
    first = _blocks(version, declaration(version, MONTH, test_824.BODY))[0]
    assert isinstance(first, Line)
    assert (first.item, first.label) == ("[09]", label)
    assert isinstance(first.value, bool)
