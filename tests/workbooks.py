"""Workbooks as people hand them in: a template, and what somebody did to it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import openpyxl
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from govgateway.documents.findings import Finding
from govgateway.pipeline.drafting import Drafted, Source, draft
from govgateway.pipeline.forms import choose_form, make_template
from govgateway_etax import connector

DAY = date(2026, 11, 25)
ABOUT = {"filer": "9900000016", "filer_name": "Sở Xây dựng tỉnh An Hoà", "period": "10/2026", "kind": ""}
LINE: Mapping[str, Any] = {
    "ten_LoaiPhi": "Phí thử nghiệm",
    "tieuMuc": "2301",
    "ma_DonViTien": "VND",
    "soTienPHThuDuoc": 1_000_000,
    "tyLe": 10,
}
"""A fee line of 01/PH."""
LINE_OF_2026 = {key: value for key, value in LINE.items() if key != "tieuMuc"}
"""The same by Circular 89/2026."""
LINES, RELIEF, TOTALS = "1. Dòng phí", "3. Dòng phí theo Thông tư hỗ…", "2. Tổng cộng theo loại tiền"
FIELDS = "Tờ khai"
_FIRST_LINE = 8


def empty_template(form: str = "01/PH", version: str = "2.7.5", **about: str) -> bytes:
    """The template of a form with the header of a declaration for October 2026, but for what ``about`` says."""
    return make_template(choose_form([connector], form, version, day=DAY), ABOUT | about, day=None)


def edited(workbook: bytes, *edits: Callable[[Workbook], object]) -> bytes:
    """``workbook`` after somebody did ``edits``."""
    opened = openpyxl.load_workbook(io.BytesIO(workbook))
    for edit in edits:
        edit(opened)
    file = io.BytesIO()
    opened.save(file)
    return file.getvalue()


def column(sheet: Worksheet, key: str) -> int:
    """The column that the first row names ``key``."""
    return next(cell.column for cell in sheet[1] if cell.value == key)  # type: ignore[return-value]


def lines(*wanted: Mapping[str, Any], sheet: str = LINES, first: int = _FIRST_LINE) -> Callable[[Workbook], None]:
    """Types ``wanted`` under each other, by column."""

    def type_them(workbook: Workbook) -> None:
        page = workbook[sheet]
        columns = {key: column(page, key) for key in {key for line in wanted for key in line}}
        for row, line in enumerate(wanted, start=first):
            for key, value in line.items():
                page.cell(row, columns[key]).value = value

    return type_them


def field(name: str, value: Any) -> Callable[[Workbook], None]:
    """Types ``value`` into the single field ``name``."""

    def type_it(workbook: Workbook) -> None:
        page = workbook[FIELDS]
        row = next(row for row in range(1, page.max_row + 1) if str(page.cell(row, 1).value).endswith(f"/{name}"))
        page.cell(row, column(page, "=")).value = value

    return type_it


def filled(*edits: Callable[[Workbook], object], **about: str) -> bytes:
    """A 01/PH that lacks nothing, after ``edits``: one line unless they type others."""
    return edited(empty_template(**about), field("maCQTNoiNop", "99901"), lines(LINE), *edits)


def with_results(workbook: bytes, results: Mapping[str, str]) -> bytes:
    """``workbook`` with ``results``, by formula without "=", as Excel keeps them beside its formulas."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as before, zipfile.ZipFile(file, "w") as after:
        for name in before.namelist():
            data = before.read(name).decode() if name.endswith(".xml") else None
            for formula, result in results.items():
                cell = re.escape(f"<f>{formula}</f>")
                data = data and re.sub(f"({cell})<v ?(/>|></v>)", rf"\1<v>{result}</v>", data)
            after.writestr(name, before.read(name) if data is None else data)
    return file.getvalue()


def built(workbook: bytes, about: Mapping[str, str] | None = None) -> Drafted:
    """What ``build`` makes of ``workbook``."""
    return draft(Source("f.xlsx", workbook), [connector], ABOUT if about is None else about, day=DAY)


def texts(drafted: Drafted, name: str) -> Sequence[str | None]:
    """The text of every element ``name`` of the document."""
    return [each.text for each in drafted.document.root.iterfind(f".//{{*}}{name}")]


def told(findings: Sequence[Finding]) -> list[tuple[str, str]]:
    """Rule and cell of each finding."""
    return [(each.rule, each.cell) for each in findings]
