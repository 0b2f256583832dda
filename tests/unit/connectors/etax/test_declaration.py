"""What a declaration says of itself."""

from __future__ import annotations

import pytest

from govgateway.documents.xml import read_xml
from govgateway_etax.declaration import Header, read_header
from samples import declaration
from taxoffice import REGISTRATION


def header(*changes: tuple[str, str]) -> Header:
    found = read_header(declaration(*changes))
    assert found is not None
    return found


def test_the_header_is_read_verbatim() -> None:
    assert header() == Header(
        maTKhai="879",
        tenTKhai="Tờ khai phí (01/PH)",
        pbanTKhaiXML="2.7.5",
        loaiTKhai="C",
        soLan="0",
        kieuKy="M",
        kyKKhai="10/2026",
        kyKKhaiTuNgay="01/10/2026",
        kyKKhaiDenNgay="31/10/2026",
        mst="9900000016",
        tenNNT="Sở Xây dựng tỉnh An Hoà",
        flat=False,
    )


def test_a_registration_form_has_a_flat_header() -> None:
    found = read_header(read_xml(REGISTRATION.encode()))
    assert found is not None
    assert (found.flat, found.maTKhai, found.pbanTKhaiXML, found.mst) == (True, "905", "1.0.1", "9900000016")
    assert (found.loaiTKhai, found.kieuKy, found.period, found.sequence) == ("", "", "", 0)
    assert found.catalogue_key == ("905", "1.0.1", "C")


@pytest.mark.parametrize(
    "other",
    [
        "<HSoThueDTu/>",
        '<HSoThueDTu xmlns="http://kekhaithue.gdt.gov.vn/TBaoThue"/>',
        '<TBaoThueDTu xmlns="http://kekhaithue.gdt.gov.vn/TKhaiThue"/>',
    ],
)
def test_another_root_is_no_declaration(other: str) -> None:
    assert read_header(read_xml(other.encode())) is None


def test_a_declaration_without_a_header_has_empty_fields() -> None:
    found = read_header(read_xml(b'<HSoThueDTu xmlns="http://kekhaithue.gdt.gov.vn/TKhaiThue"/>'))
    assert found is not None
    assert (found.maTKhai, found.mst, found.flat) == ("", "", False)


@pytest.mark.parametrize(
    ("kind", "period"),
    [("M", "M 10/2026"), ("D", "D 10/2026"), ("K", "K 01/10/2026-31/10/2026")],
)
def test_the_period_bears_its_kind_and_from_day_to_day_both_days(kind: str, period: str) -> None:
    assert header(("<kieuKy>M<", f"<kieuKy>{kind}<")).period == period


@pytest.mark.parametrize(
    ("written", "number"), [("0", 0), ("1", 1), ("012", 12), ("", 0), ("-1", 0), ("x", 0), ("²", 0), ("9" * 5000, 0)]
)
def test_the_number_is_a_number_whatever_is_written(written: str, number: int) -> None:
    assert header(("<soLan>0<", f"<soLan>{written}<")).sequence == number
