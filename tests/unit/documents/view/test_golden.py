"""A golden page per form, as text and as HTML. After a change that is meant: RENEW_PAGES=1 pytest <this file>, and look
at what changed before it is committed."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

import pytest
from rich.console import Console

import taxoffice
from govgateway.documents.package import FormVersion
from govgateway.documents.view.html import html_page
from govgateway.documents.view.model import Page
from govgateway.documents.view.page import page_of
from govgateway.documents.view.terminal import print_page
from govgateway.documents.xml import read_xml
from govgateway_etax.pages import layout_of
from unit.documents.view.specimens import SUPPLEMENT, VERSIONS, page, specimen

GOLDEN = Path(__file__).parent / "golden"
_FILED = (
    '<HoSoThue><CTietHoSoThue id="ID_1"><tokhai-phuluc>Tờ khai phí (01/PH)</tokhai-phuluc>'
    "<loaiToKhai>Bổ sung</loaiToKhai><kyTinhThue>10/2026</kyTinhThue><lanNop>1</lanNop></CTietHoSoThue></HoSoThue>"
)
_REASONS = (
    "<LyDo><CTietLyDo><tenNhomLoi>Cấu trúc</tenNhomLoi><tenLoi>Tờ khai không đúng định dạng với XSD</tenLoi>"
    "<huongDanXuLy>Lập lại tờ khai</huongDanXuLy><ghiChu>Dòng 2</ghiChu></CTietLyDo>"
    "<CTietLyDo><tenNhomLoi/><tenLoi/><huongDanXuLy/><ghiChu/></CTietLyDo></LyDo>"
)
_PAYABLES = "".join(
    f"<CTietIDKhoanNop><maDinhDanh>1082026001908119200{number}</maDinhDanh><soTienPNop>{amount}</soTienPNop>"
    f"<tenLoaiTien>{currency}</tenLoaiTien></CTietIDKhoanNop>"
    for number, amount, currency in ((1, "122043050", "VND"), (2, "-850.10", "USD"))
)
_CODE = "<maGiaoDichDTu>10820260019081192</maGiaoDichDTu>"
_SENT = "2026-11-16T08:58:40.983+07:00"
NOTICES = {
    "843-received": ("843", f"<trangThai>Y</trangThai><ngayHoSo>{_SENT}</ngayHoSo>{_FILED}{_CODE}"),
    "843-refused": ("843", f"<trangThai>N</trangThai><ngayHoSo>{_SENT}</ngayHoSo>{_FILED}{_REASONS}"),
    "844-accepted": (
        "844",
        f"<trangThai>Y</trangThai><ngayNopThucTe>{_SENT}</ngayNopThucTe>{_FILED}{_CODE}"
        f"<ngayChapNhan>{_SENT}</ngayChapNhan><ngayHoanThanh>2026-11-16T10:05:00+07:00</ngayHoanThanh><LyDo/>"
        f"<IDKhoanNop>{_PAYABLES}</IDKhoanNop>",
    ),
    "844-refused": (
        "844",
        f"<trangThai>N</trangThai><ngayNopThucTe>{_SENT}</ngayNopThucTe>{_FILED}{_CODE}"
        f"<ngayChapNhan/>{_REASONS}",
    ),
    "211": ("211", taxoffice.rows_content(taxoffice.row(), taxoffice.row(maLoiCTietGDich="IHTKK-9999"))),
    "213": (
        "213",
        "<GDich><ngayGDich>16/11/2026</ngayGDich><maGDich>00010-0002-16112026100000123-42001</maGDich>"
        "<maLoaiGDich>####</maLoaiGDich><maKQuaGDich>03</maKQuaGDich><kquaGDich>Không chấp nhận</kquaGDich>"
        "<maLoiGDich>IHTKK-9999</maLoiGDich><mtaLoiGDich>Tờ khai không đúng định dạng với XSD</mtaLoiGDich></GDich>",
    ),
}  # fmt: skip


def _name(version: FormVersion) -> str:
    library = version.folder.parents[1].name
    return version.code if library == "etax" else f"{library}-{version.code}"


NEWEST = {_name(each): each for each in reversed(VERSIONS)}
"""The newest version of each form: form.toml has it first."""

_WITH_SUPPLEMENT = ("879", "c89-879", "864", "c89-864")
"""Forms that show the appendices of a supplement, which all forms share: in several currencies and in đồng."""


def _assert_golden(name: str, page: Page) -> None:
    written = io.StringIO()
    print_page(page, Console(file=written, width=120))
    for path, text in ((GOLDEN / f"{name}.txt", written.getvalue()), (GOLDEN / f"{name}.html", html_page(page))):
        if os.environ.get("RENEW_PAGES"):
            path.write_text(text, encoding="utf-8", newline="\n")
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: RENEW_PAGES=1 renews it"


@pytest.mark.parametrize("name", NEWEST)
def test_the_page_of_each_form_is_the_golden_one(name: str) -> None:
    without = () if name in _WITH_SUPPLEMENT else SUPPLEMENT
    _assert_golden(name, page(NEWEST[name], specimen(NEWEST[name], without=without)))


@pytest.mark.parametrize("name", NOTICES)
def test_the_page_of_each_notice_is_the_golden_one(name: str) -> None:
    code, content = NOTICES[name]
    addressed = taxoffice.unsigned(code, content).replace(
        b"</maNNhan>", "</maNNhan><tenNNhan>Sở Xây dựng tỉnh An Hoà</tenNNhan>".encode()
    )
    node = read_xml(addressed).root[0]
    layout = layout_of(node, None, "vi")
    assert layout is not None
    _assert_golden(f"notice-{name}", page_of(node, "TBaoThueDTu", layout, None))


def test_no_golden_page_is_left_over() -> None:
    names = {
        f"{name}.{kind}" for name in (*NEWEST, *(f"notice-{each}" for each in NOTICES)) for kind in ("txt", "html")
    }
    assert {path.name for path in GOLDEN.iterdir()} == names


@pytest.mark.parametrize("name", [*NEWEST, *(f"notice-{each}" for each in NOTICES)])
def test_no_golden_page_loads_anything_or_runs_anything(name: str) -> None:
    text = (GOLDEN / f"{name}.html").read_text(encoding="utf-8")
    assert not re.search(r"(?i)<(script|img|link|iframe|object|form)|\bsrc=|\bhref=|url\(|@import", text)
