"""What is printed of a document by the outline of its form: tables, totals, headings, and nothing lost."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pytest

import samples
from formsamples import MONTH, SUPPLEMENT, changed, declaration, form
from govgateway.documents.package import FormLibrary, FormVersion
from govgateway.documents.places import names_of
from govgateway.documents.view.body import body
from govgateway.documents.view.model import Block, Heading, Paragraph, Row, RowKind, Table
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
    (table,) = _tables(_blocks(version, declaration(version, MONTH, test_842.BODY)))
    read = [_read(each) for each in table.rows]
    assert ['A. Không phát sinh hoạt động mua, bán trong kỳ (đánh dấu "X")', "[21]", "[ ]"] in read
    assert [each[1] for each in read if len(each) == 3][-3:] == ["[41]", "[42]", "[43]"]
    assert not any("[11a]" in each for each in read)  # empty: left out


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
    assert [_read(each)[2] for each in table.rows if _read(each)[1:2] == ["[22]"]] == ["1.000", "2"]


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
_INSIDE = (
    "<xs:complexType><xs:sequence>"
    + _labelled("Stone", "maxOccurs='unbounded'", "Line", "", _ROW)
    + _labelled("Total", "type='Amount'", "All", "<f:column>(3)</f:column><f:computed/>")
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
    said = [_read(row) for table in _tables(_blocks(samples.fee_form(), wrong)) for row in table.rows]
    assert [each[-1] for each in said if "Tổng cộng" in each] == ["tám trăm"]


def test_a_name_without_rows_is_printed_all_the_same() -> None:
    version = form("878", "2.5.1")
    rows = SUPPLEMENT[SUPPLEMENT.index("<CTietPLuc>") + 11 : SUPPLEMENT.index("</CTietPLuc>")]
    document = declaration(version, MONTH, test_878.BODY, appendices=SUPPLEMENT.replace(rows, ""))
    said = [cell for table in _tables(_blocks(version, document, "PLuc")) for row in table.rows for cell in _read(row)]
    assert "Phụ lục phân bổ" in said
