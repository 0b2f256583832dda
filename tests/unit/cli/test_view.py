"""``govgateway view``: documents as pages, with the state of their signatures."""

from __future__ import annotations

from pathlib import Path

import pytest

import signed
import simulated
import taxoffice
from unit.cli.command_line import CommandLine


@pytest.fixture
def signed_file(govgateway: CommandLine, key: Path) -> Path:
    assert govgateway("sign", govgateway.declaration(), "--key", key).code == 0
    return govgateway.folder / "01PH-signed.xml"


def _written(govgateway: CommandLine, name: str, data: bytes) -> Path:
    path = govgateway.folder / name
    path.write_bytes(data)
    return path


def test_a_declaration_reads_as_its_form(govgateway: CommandLine) -> None:
    ended = govgateway("view", govgateway.declaration())
    assert ended.code == 0
    assert "TỜ KHAI PHÍ" in ended.out
    assert "[01] Kỳ tính thuế: Tháng 10 năm 2026" in ended.out
    assert "128.450.000" in ended.out
    assert "Chưa có chữ ký" in ended.out
    assert "soTienPHThuDuoc" not in ended.out
    assert "MÔ PHỎNG" not in ended.out


def test_english_labels_and_figures(govgateway: CommandLine) -> None:
    ended = govgateway("view", govgateway.declaration(), "--lang", "en")
    assert "[01] Tax period: Month 10 of 2026" in ended.out
    assert "128,450,000" in ended.out


def test_a_demonstration_key_shows_that_it_is_play(govgateway: CommandLine, signed_file: Path) -> None:
    trust = simulated.pki().trust
    ended = govgateway("view", signed_file, "--trust", trust)
    assert ended.out.lstrip().startswith("MÔ PHỎNG: ")
    assert "1. Sở Xây dựng tỉnh An Hoà · MST:9900000016 · còn nguyên vẹn · tin cậy · MÔ PHỎNG" in ended.out
    assert "ký lúc 16/11/2026 10:00:00" in ended.out


def test_trust_that_is_not_established_is_said(govgateway: CommandLine, signed_file: Path) -> None:
    assert "còn nguyên vẹn · CHƯA XÁC LẬP TIN CẬY" in govgateway("view", signed_file).out


def test_what_was_altered_after_signing_is_shown_with_a_warning(govgateway: CommandLine, signed_file: Path) -> None:
    altered = signed_file.read_bytes().replace(b">115605000<", b">115605001<")
    ended = govgateway("view", _written(govgateway, "altered.xml", altered))
    assert ended.code == 0
    assert "! CHỮ KÝ KHÔNG HỢP LỆ" in ended.out
    assert "115.605.001" in ended.out
    assert "! Tài liệu có 1 lỗi: xem bằng govgateway check." in ended.out


def test_what_a_signature_does_not_cover_is_not_printed(govgateway: CommandLine) -> None:
    data = signed.signed_declaration().replace(b"<CKyDTu>", "<Them>số liệu thêm</Them><CKyDTu>".encode())
    ended = govgateway("view", _written(govgateway, "more.xml", data))
    assert "có phần của tệp nằm ngoài chữ ký, không in ở đây" in ended.out
    assert "số liệu thêm" not in ended.out
    assert "Them" not in ended.out


def test_a_notice_reads_as_its_printed_text(govgateway: CommandLine) -> None:
    content = (
        "<trangThai>N</trangThai><ngayHoSo>2026-11-16T08:58:40.983+07:00</ngayHoSo><LyDo><CTietLyDo>"
        "<tenNhomLoi>Cấu trúc</tenNhomLoi><tenLoi>Sai mẫu</tenLoi></CTietLyDo></LyDo>"
    )
    ended = govgateway("view", _written(govgateway, "notice.xml", taxoffice.notice("843", content)))
    assert ended.code == 0
    assert "không tiếp nhận hồ sơ khai thuế/BCTC/BCAC của người nộp thuế" in " ".join(ended.out.split())
    assert "Cấu trúc - Sai mẫu" in ended.out
    assert "CƠ QUAN THUẾ MÔ PHỎNG · MST:9900000055 · còn nguyên vẹn" in ended.out


def test_a_form_without_a_package_is_printed_with_a_warning(govgateway: CommandLine) -> None:
    path = govgateway.declaration(
        "new.xml", ("<maTKhai>879<", "<maTKhai>892<"), ("<pbanTKhaiXML>2.7.5<", "<pbanTKhaiXML>2.9.4<")
    )
    ended = govgateway("view", path)
    assert ended.code == 0
    assert "! Chưa có bộ mẫu cho tài liệu này" in ended.out
    assert "Tên người nộp thuế: Sở Xây dựng tỉnh An Hoà" in ended.out
    assert "128450000" in ended.out


def test_html_is_written_to_a_new_file(govgateway: CommandLine) -> None:
    path = govgateway.declaration()
    ended = govgateway("view", path, "--html", "pages/01PH.html")
    assert (ended.code, ended.out) == (0, f"Đã ghi: {Path('pages/01PH.html')}\n")
    text = Path("pages/01PH.html").read_text(encoding="utf-8")
    assert text.startswith('<!DOCTYPE html>\n<html lang="vi">')
    assert "115.605.000" in text
    again = govgateway("view", path, "--html", "pages/01PH.html")
    assert again.code == 2
    assert "--html" in again.err


@pytest.mark.parametrize("name", ["none.xml", "strange.xml"])
def test_what_cannot_be_read_or_is_not_known(govgateway: CommandLine, name: str) -> None:
    _written(govgateway, "strange.xml", b"<a/>")
    ended = govgateway("view", name)
    assert ended.code == {"none.xml": 2, "strange.xml": 1}[name]
    assert ended.err.startswith("Lỗi GG-")


def test_a_hostile_name_is_harmless(govgateway: CommandLine) -> None:
    path = govgateway.declaration("hostile.xml", ("<tenNNT>Sở", "<tenNNT>\u009b31m\u202e&lt;script&gt;Sở"))
    ended = govgateway("view", path)
    assert not set(ended.out) & {"\x9b", "\u202e", "\x1b"}
    govgateway("view", path, "--html", "hostile.html")
    assert "<script>" not in Path("hostile.html").read_text(encoding="utf-8")
