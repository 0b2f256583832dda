"""The tax office's own catalogue of forms: a declaration that it does not list is refused by its viewer."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import govgateway_schemas
from govgateway.connector import Finding, Severity, Text
from govgateway_etax.declaration import HEADER, Header

FOLDER = Path(govgateway_schemas.__file__).parent / "etax"
"""Where the data of the tax office lies."""


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One row of the tax office's own catalogue. ``period_kind`` M, Q, Y, or D for any."""

    form: str
    title: str
    legal_basis: str
    period_kind: str


@cache
def catalogue() -> Mapping[tuple[str, str, str], CatalogueEntry]:
    """Every (maTKhai, pbanTKhaiXML, loaiTKhai) that the tax office knows."""
    with (FOLDER / "catalogue.csv").open(encoding="utf-8", newline="") as rows:
        return {
            (row["maTKhai"], row["pbanTKhaiXML"], row["loaiTKhai"]): CatalogueEntry(
                form=row["form"], title=row["title"], legal_basis=row["legal_basis"], period_kind=row["kieuKyKKhai"]
            )
            for row in csv.DictReader(rows)
        }


def catalogue_findings(header: Header) -> tuple[Finding, ...]:
    """What is wrong with code, version, type and period kind: the viewer refuses a declaration that is not listed."""
    known = catalogue()
    codes = {key for key in known if key[0] == header.maTKhai}
    if not codes:
        return (_C01.finding(header.maTKhai),)
    versions = {key for key in codes if key[1] == header.pbanTKhaiXML}
    if not versions:
        return (_C02.finding(header.pbanTKhaiXML, header.maTKhai, ", ".join(sorted({key[1] for key in codes}))),)
    entry = known.get(header.catalogue_key)
    if entry is None:
        return (_C03.finding(header.loaiTKhai, header.maTKhai, ", ".join(sorted({key[2] for key in versions}))),)
    if entry.period_kind in {"M", "Q", "Y"} and header.kieuKy != entry.period_kind:
        return (_C04.finding(header.kieuKy, header.maTKhai, entry.period_kind),)
    return ()


def export_name(filer: str, key: tuple[str, str, str], period: str, sequence: int) -> str:
    """The file name as HTKK writes it: ``<mst>-01_GTGT_TT80-Q42025-L00.xml`` (observed for a quarter; that a month
    reads M102026 is an assumption). ``key`` is (maTKhai, pbanTKhaiXML, loaiTKhai)."""
    entry = catalogue().get(key)
    form = re.sub(r"[^0-9A-Za-z]+", "_", entry.form if entry else key[0]).strip("_")
    circular = re.search(r"Thông tư (?:số )?(\d+)/", entry.legal_basis) if entry else None
    law = f"_TT{circular[1]}" if circular else ""
    return f"{filer}-{form}{law}-{period}-L{sequence:02d}.xml"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule about a header as a whole; ``{0}``, ``{1}``… in its texts are filled for each finding."""

    rule: str
    path: str
    label: Text
    message: Text
    remedy: Text
    severity: Severity = Severity.ERROR

    def finding(self, *values: str) -> Finding:
        """The finding of this rule with ``values`` in its texts."""
        return Finding(
            rule=self.rule,
            severity=self.severity,
            message=Text(self.message.vi.format(*values), self.message.en.format(*values)),
            remedy=self.remedy,
            path=f"HSoThueDTu/{HEADER}/{self.path}".rstrip("/"),
            label=self.label,
        )


_EXPORT_AGAIN = Text(
    "Cập nhật phần mềm kê khai rồi lập và xuất lại tờ khai.",
    "Update the software that made the declaration, then make and export it again.",
)
_C01 = Rule(
    "ETAX-C01",
    "TKhaiThue/maTKhai",
    Text("Mã tờ khai", "Form code"),
    Text('Mã tờ khai "{0}" không có trong danh mục của cơ quan thuế.', 'The tax office knows no form code "{0}".'),
    _EXPORT_AGAIN,
)
_C02 = Rule(
    "ETAX-C02",
    "TKhaiThue/pbanTKhaiXML",
    Text("Phiên bản XML", "XML version"),
    Text(
        'Phiên bản "{0}" của tờ khai {1} không có trong danh mục; có: {2}.',
        'The tax office knows no version "{0}" of form {1}; it knows {2}.',
    ),
    _EXPORT_AGAIN,
)
_C03 = Rule(
    "ETAX-C03",
    "TKhaiThue/loaiTKhai",
    Text("Loại tờ khai", "Type of declaration"),
    Text(
        'Loại tờ khai "{0}" không dùng cho tờ khai {1}; dùng: {2}.',
        'The type "{0}" is not used with form {1}; used are {2}.',
    ),
    Text("C là chính thức, B là bổ sung.", "C is official, B supplementary."),
)
_C04 = Rule(
    "ETAX-C04",
    "TKhaiThue/KyKKhaiThue/kieuKy",
    Text("Kiểu kỳ", "Kind of period"),
    Text(
        'Kiểu kỳ "{0}" không dùng cho tờ khai {1}; phải là {2}.',
        'The kind of period "{0}" is not used with form {1}; it is {2}.',
    ),
    Text("M là tháng, Q là quý, Y là năm.", "M is month, Q quarter, Y year."),
)
BODY_NOT_CHECKED = Rule(
    "ETAX-C05",
    "TKhaiThue/maTKhai",
    Text("Mã tờ khai", "Form code"),
    Text(
        "Chưa có bộ quy tắc cho tờ khai {0} phiên bản {1}, loại {2}: nội dung chưa được kiểm tra.",
        "There are no rules for form {0}, version {1}, type {2}: its content was not checked.",
    ),
    Text("Tự kiểm tra số liệu trước khi nộp.", "Check the figures yourself before filing."),
    Severity.WARNING,
)
NOT_UTF8 = Rule(
    "ETAX-C06",
    "",
    Text("Bảng mã", "Encoding"),
    Text("Tệp dùng bảng mã {0}; cơ quan thuế dùng UTF-8.", "The file is in {0}; the tax office uses UTF-8."),
    Text("Lưu lại tệp bằng UTF-8.", "Save the file as UTF-8."),
)
