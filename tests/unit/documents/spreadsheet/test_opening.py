"""Whatever is handed in for a workbook: what it is, and what to do about it."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from govgateway.documents.spreadsheet import opening
from govgateway.documents.spreadsheet.opening import open_workbook
from govgateway.errors import UnreadableDocument
from workbooks import edited, empty_template


def refusal(data: bytes) -> UnreadableDocument:
    with pytest.raises(UnreadableDocument) as refused:
        open_workbook(data, "f.xlsx")
    assert refused.value.where == "f.xlsx"
    assert refused.value.message.vi != refused.value.message.en
    return refused.value


def archive(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in parts.items():
            packed.writestr(name.replace("__", "/").replace("_", "."), data)
    return file.getvalue()


_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "it is no .xlsx workbook"),
        (b"Loai phi;So tien", "it is no .xlsx workbook"),
        (b"PK\x03\x04 and nothing more", "the file is damaged"),
        (_OLD, "it is in the old format .xls"),
        (_OLD + "EncryptedPackage".encode("utf-16-le"), "it is protected by a password"),
        (archive(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "it is no .xlsx workbook"),
        (archive(xl__workbook_bin=b""), "it is no .xlsx workbook"),
        (archive(xl__workbook_xml=b"<workbook/>"), "the file is damaged"),
        (archive(xl__workbook_xml=b"<!DOCTYPE x [<!ENTITY a 'b'>]><workbook/>"), "it declares a DTD"),
        (archive(xl__workbook_xml="<!DOCTYPE x><workbook/>".encode("utf-16")), "it declares a DTD"),
    ],
)
def test_what_is_no_workbook_is_refused_by_what_it_is(data: bytes, said: str) -> None:
    assert said in refusal(data).message.en


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_unpacked() -> None:
    bomb = archive(xl__workbook_xml=b"<workbook/>", xl__worksheets__sheet1_xml=bytes(65 * 1024 * 1024))
    assert len(bomb) < 100_000
    assert "unpacked it has more than 64 MB" in refusal(bomb).message.en


def test_a_truncated_workbook_is_refused() -> None:
    workbook = empty_template()
    assert "the file is damaged" in refusal(workbook[: len(workbook) // 2]).message.en


@pytest.mark.parametrize(("row", "column"), [(opening.MOST_ROWS + 1, 1), (1, opening.MOST_COLUMNS + 1)])
def test_a_sheet_with_too_many_rows_or_columns_is_refused_by_name(row: int, column: int) -> None:
    workbook = edited(empty_template(), lambda each: each["Tờ khai"].cell(row, column, "x"))
    assert "the sheet “Tờ khai” has more than" in refusal(workbook).message.en


def test_formulas_are_read_as_such_or_by_their_results() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "=1+1"
    file = io.BytesIO()
    book.save(file)
    assert open_workbook(file.getvalue(), "f.xlsx").worksheets[0]["A1"].value == "=1+1"
    assert open_workbook(file.getvalue(), "f.xlsx", results=True).worksheets[0]["A1"].value is None
