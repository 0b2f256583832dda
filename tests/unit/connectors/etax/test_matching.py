"""The words of the tax office, and the declaration that they mean."""

from __future__ import annotations

import unicodedata

import pytest

from govgateway.connector import Subject
from govgateway_etax.declaration import Header, read_header
from govgateway_etax.matching import same_filing, same_form, same_number, same_period, same_type
from samples import declaration


def header(**changes: str) -> Header:
    """The example's header with other values; "" for both days of a period leaves them out."""
    edits = []
    for name, value in changes.items():
        original = getattr(read_header(declaration()), name)
        edits.append((f"<{name}>{original}</{name}>", f"<{name}>{value}</{name}>"))
    found = read_header(declaration(*edits))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("printed", "same"),
    [
        ("879", True),
        ("Tờ khai phí (01/PH)", True),
        ("01/PH", True),
        ("01/PH - Tờ khai phí (TT80/2021)", True),
        ("Tờ khai phí 01/PH.", True),
        ("842", False),
        ("920", False),
        ("Tờ khai phí, lệ phí (01/PHLP)", None),
        ("01/PHLPNG", None),
        ("01/PH-TT156", None),
        ("A01/PH", None),
        ("Tờ khai khác", None),
        ("", None),
    ],
)
def test_a_form_is_named_by_code_title_or_number(printed: str, same: bool | None) -> None:
    assert same_form(printed, header()) is same


def test_a_form_without_a_printed_number_is_not_found_in_every_title() -> None:
    registration = header(maTKhai="905", pbanTKhaiXML="1.0.1", tenTKhai="Tờ khai đăng ký")
    assert same_form("Tờ khai phí (01/PH)", registration) is None
    assert same_form("", registration) is None
    assert same_form("905", registration) is True


@pytest.mark.parametrize(
    ("kind", "printed", "same"),
    [
        ("C", "Chính thức", True),
        ("C", "CHÍNH THỨC", True),
        ("C", unicodedata.normalize("NFD", "Chính thức"), True),
        ("C", "C", True),
        ("C", "Bổ sung", False),
        ("C", "B", False),
        ("B", "Bổ sung", True),
        ("B", "Chính thức", False),
        ("C", "Thay thế", None),
        ("C", "", None),
    ],
)
def test_a_type_is_a_letter_or_a_word(kind: str, printed: str, same: bool | None) -> None:
    assert same_type(printed, header(loaiTKhai=kind)) is same


@pytest.mark.parametrize(
    ("kind", "period", "printed", "same"),
    [
        ("M", "10/2026", "10/2026", True),
        ("M", "10/2026", "Tháng 10/2026", True),
        ("M", "10/2026", "09/2026", False),
        ("M", "10/2026", "10/2025", False),
        ("M", "01/2026", "Q1/2026", False),
        ("Q", "1/2026", "Q1/2026", True),
        ("Q", "1/2026", "Quý 1/2026", True),
        ("Q", "1/2026", "1/2026", True),
        ("Q", "1/2026", "Q2/2026", False),
        ("Q", "1/2026", "01/2026", False),
        ("Y", "2026", "2026", True),
        ("Y", "2026", "Năm 2026", True),
        ("Y", "2026", "Q2026", False),
        ("Y", "2026", "12/2026", False),
        ("D", "16/11/2026", "16/11/2026", True),
        ("D", "16/11/2026", "17/11/2026", False),
        ("M", "10/2026", "", None),
        ("M", "10/2026", "kỳ này", None),
        ("M", "10/2026", "10-2026", None),
        ("M", "10/2026", "10/2026 và 11/2026", None),
        ("M", "", "10/2026", None),
        ("K", "", "từ 01/10/2026 đến 31/10/2026", True),
        ("K", "", "01/10/2026-15/10/2026", None),
        ("K", "", "10/2026", None),
        ("K", "", "", None),
    ],
)
def test_a_period_is_its_figures(kind: str, period: str, printed: str, same: bool | None) -> None:
    assert same_period(printed, header(kieuKy=kind, kyKKhai=period)) is same


@pytest.mark.parametrize(
    ("kind", "number", "printed", "same"),
    [
        ("B", "1", "1", True),
        ("B", "1", "01", True),
        ("B", "1", "2", False),
        ("B", "1", "", None),
        ("B", "1", "lần 1", None),
        ("C", "0", "0", True),
        ("C", "0", "1", True),
        ("C", "0", "", True),
    ],
)
def test_a_number_counts_for_supplements(kind: str, number: str, printed: str, same: bool | None) -> None:
    assert same_number(printed, header(loaiTKhai=kind, soLan=number)) is same


def test_one_difference_tells_another_filing_and_one_doubt_leaves_doubt() -> None:
    subject = Subject(form="879", period="10/2026", kind="C", sequence="0")
    assert same_filing(subject, header()) is True
    assert same_filing(Subject("879", "?", "C", "0"), header()) is None
    assert same_filing(Subject("879", "?", "B", "0"), header()) is False
