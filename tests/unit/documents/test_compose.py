"""Content becomes a document in the form's order, whatever form it is of, and every element knows its cell."""

from __future__ import annotations

from pathlib import Path

import pytest

from formsamples import form
from govgateway.documents.compose import compose
from govgateway.documents.entries import NIL, Entry, entry_of
from govgateway.documents.package import FormLibrary
from govgateway.documents.spreadsheet.reading import Filled
from govgateway.documents.spreadsheet.template import template
from govgateway.documents.xml import read_xml
from samples import fee_form
from unit.docs.pages import Page
from workbooks import edited

_ITEMS = ("HSoKhaiThue", "CTieuTKhaiChinh")


def test_elements_stand_in_the_forms_order_however_they_were_given() -> None:
    content = Entry()
    line = content.at((*_ITEMS, "NoiDung01PH", "ChiTietPhi"))
    line.at(("tyLe",)).text = "5"
    line.at(("ten_LoaiPhi",)).text = "Phí"
    names = [
        each.tag.rpartition("}")[2] for each in compose(fee_form(), content).document.root.find(".//{*}ChiTietPhi")
    ]  # type: ignore[union-attr]
    assert names.index("ten_LoaiPhi") < names.index("tieuMuc") < names.index("tyLe")


def test_what_the_form_may_lack_is_left_out_and_what_it_must_have_is_there() -> None:
    root = compose(fee_form(), Entry()).document.root
    assert root.find(".//{*}tenTKhai") is not None
    assert root.find(".//{*}nguoiKy") is None
    assert root.find("{*}CKyDTu") is None


def test_an_empty_box_of_a_single_field_is_nought_or_not_marked_as_on_paper() -> None:
    declared = compose(form("842", "2.8.3"), Entry()).document.root
    assert declared.findtext(".//{*}ct22") == "0"
    assert declared.findtext(".//{*}ct21") == "false"
    assert declared.findtext(".//{*}mst") in {None, ""}


def test_a_figure_of_a_line_is_never_filled_in() -> None:
    content = Entry()
    content.at((*_ITEMS, "NoiDung01PH", "ChiTietPhi", "ten_LoaiPhi")).text = "Phí"
    assert not compose(fee_form(), content).document.root.findtext(".//{*}soTienPHThuDuoc")


def test_what_was_decided_is_kept() -> None:
    content = Entry()
    form_entry = content.at(("HSoKhaiThue", "TTinChung", "TTinTKhaiThue", "TKhaiThue"))
    form_entry.at(("nguoiKy",)).written = True
    form_entry.at(("tenTKhai",)).written = False
    form_entry.at(("ngayKy",)).attributes[NIL] = "true"
    root = compose(fee_form(), content).document.root
    assert root.find(".//{*}nguoiKy") is not None
    assert root.find(".//{*}tenTKhai") is None
    assert root.find(".//{*}ngayKy").get(NIL) == "true"  # type: ignore[union-attr]


def test_elements_know_their_cells_and_those_that_are_missing_the_cell_of_what_they_stand_in() -> None:
    content = Entry()
    line = content.at((*_ITEMS, "NoiDung01PH", "ChiTietPhi"))
    line.cell, line.at(("tyLe",)).cell, line.at(("tyLe",)).text = "Phí!C8", "Phí!J8", "5"
    composed = compose(fee_form(), content)
    path = "HSoThueDTu/HSoKhaiThue/CTieuTKhaiChinh/NoiDung01PH/ChiTietPhi"
    assert composed.cell(f"{path}/tyLe") == "Phí!J8"
    assert composed.cell(f"{path}/ma_LoaiPhi") == "Phí!C8"
    assert composed.cell("HSoThueDTu/HSoKhaiThue/TTinChung") == ""
    assert composed.cell("HSoThueDTu/HSoKhaiThue/CTieuTKhaiChinh") == "Phí!C8", "a group has that of the first in it"


def test_a_form_written_in_a_test_has_its_spreadsheet_without_any_python(tmp_path: Path) -> None:
    page = Page("docs/form-package.md")
    for name, text in page.files().items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    package = FormLibrary(tmp_path).find("S1", "1.0")
    assert package is not None
    document = read_xml(page.files()["report.xml"].encode())
    workbook = template(package, "1.0", entry_of(document.root))

    def change(opened: object) -> None:
        sheet = opened["Tờ khai"]  # type: ignore[index]
        row = next(row for row in range(1, 30) if str(sheet.cell(row, 1).value).endswith("/Tons"))
        sheet.cell(row, 6).value = "13,5"

    content = Filled(edited(workbook, change), "f.xlsx").content(package)
    composed = compose(package, content.root)
    assert composed.document.root.findtext(".//{*}Tons") == "13.5"
    (finding,) = package.check(composed.document)
    assert finding.rule == "STONES-S1-R01"


@pytest.mark.parametrize(("name", "blank"), [("Amount", "0"), ("Text", ""), ("SubItem", ""), ("OptionalAmount", "")])
def test_what_an_empty_box_means_follows_from_the_type(name: str, blank: str) -> None:
    assert fee_form().values.blank(name) == blank


@pytest.mark.parametrize(
    ("name", "text", "takes"),
    [("SubItem", "2301", True), ("SubItem", "301", False), ("Currency", "VND", True), ("Amount", "1.234", False)],
)
def test_a_type_is_asked_by_the_schema_itself(name: str, text: str, takes: bool) -> None:
    assert fee_form().values.take(name, text) is takes
