"""Opens a workbook that came from outside: what it is, how large it is, and only then what is in it.

Macros and links to other files are never followed. Whatever else a file holds, a person reads what to do about it.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from typing import TYPE_CHECKING

from govgateway.errors import Text, UnreadableDocument

if TYPE_CHECKING:
    from openpyxl import Workbook

_OLD_CONTAINER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ZIP = b"PK\x03\x04"
_MOST_UNPACKED = 64 * 1024 * 1024
_MOST_PARTS = 2_000
MOST_ROWS = 100_000
MOST_COLUMNS = 500

_SAVE_AS = Text(
    "Mở bằng Excel hoặc LibreOffice rồi lưu thành Excel Workbook (*.xlsx).",
    "Open it in Excel or LibreOffice and save it as an Excel workbook (*.xlsx).",
)
_ONLY_THE_FIGURES = Text(
    "Chép số liệu sang một mẫu mới: govgateway template MẪU.",
    "Copy the figures to a new template: govgateway template FORM.",
)
_NO_WORKBOOK = Text("tệp không phải bảng tính .xlsx", "it is no .xlsx workbook")
_OLD = Text("tệp theo định dạng cũ .xls", "it is in the old format .xls")
_PASSWORD = Text("tệp đặt mật khẩu", "it is protected by a password")
_TAKE_OFF = Text(
    "Bỏ mật khẩu (Tệp › Thông tin › Bảo vệ sổ làm việc) rồi lưu lại.",
    "Take the password off (File › Info › Protect Workbook) and save it.",
)


def open_workbook(data: bytes, name: str, *, results: bool = False) -> Workbook:
    """The workbook in ``data``, the file ``name``: its formulas, or with ``results`` what they gave when it was saved.

    Raises UnreadableDocument for what is no .xlsx, has a password, or is larger than MOST_ROWS and MOST_COLUMNS.
    """
    import openpyxl

    _ensure_workbook(data, name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of parts that it does not keep; nothing is written back
        try:
            workbook = openpyxl.load_workbook(io.BytesIO(data), data_only=results, keep_links=False)
        except Exception:  # a damaged file makes it raise anything
            raise _refused(Text("tệp bị hỏng", "the file is damaged"), _SAVE_AS, name) from None
    _ensure_rows_and_columns(workbook, name)
    return workbook


def _ensure_workbook(data: bytes, name: str) -> None:
    if data.startswith(_OLD_CONTAINER):
        raise _refused(_PASSWORD, _TAKE_OFF, name) if _ENCRYPTED in data else _refused(_OLD, _SAVE_AS, name)
    if not data.startswith(_ZIP):
        raise _refused(_NO_WORKBOOK, _SAVE_AS, name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _ensure_small(archive, name)
            _ensure_parts(archive, name)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError):
        raise _refused(Text("tệp bị hỏng", "the file is damaged"), _SAVE_AS, name) from None


def _ensure_small(archive: zipfile.ZipFile, name: str) -> None:
    """The sizes that an archive declares are no promise, but no more than they say is ever unpacked."""
    parts = archive.infolist()
    if len(parts) > _MOST_PARTS or sum(each.file_size for each in parts) > _MOST_UNPACKED:
        mib = _MOST_UNPACKED // (1024 * 1024)
        raise _refused(
            Text(f"tệp giải nén ra quá {mib} MB", f"unpacked it has more than {mib} MB"), _ONLY_THE_FIGURES, name
        )


def _ensure_parts(archive: zipfile.ZipFile, name: str) -> None:
    parts = archive.namelist()
    if "xl/workbook.xml" not in parts:
        raise _refused(_NO_WORKBOOK, _SAVE_AS, name)
    for part in parts:
        if part.endswith((".xml", ".rels")) and b"<!DOCTYPE" in archive.read(part).replace(b"\0", b""):
            raise _refused(Text("có khai báo DTD (<!DOCTYPE>)", "it declares a DTD (<!DOCTYPE>)"), _SAVE_AS, name)


def _ensure_rows_and_columns(workbook: Workbook, name: str) -> None:
    for sheet in workbook.worksheets:
        if sheet.max_row > MOST_ROWS or sheet.max_column > MOST_COLUMNS:
            raise _refused(
                Text(
                    f"trang “{sheet.title}” có quá {MOST_ROWS} dòng hoặc {MOST_COLUMNS} cột",
                    f"the sheet “{sheet.title}” has more than {MOST_ROWS} rows or {MOST_COLUMNS} columns",
                ),
                _ONLY_THE_FIGURES,
                name,
            )


def _refused(cause: Text, remedy: Text, name: str) -> UnreadableDocument:
    message = Text(f"Không đọc được bảng tính: {cause.vi}.", f"The spreadsheet cannot be read: {cause.en}.")
    return UnreadableDocument(message, remedy, where=name)
