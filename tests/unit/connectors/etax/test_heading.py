"""What the header of a declaration made from a spreadsheet is filled with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from formsamples import form
from govgateway.errors import UsageError
from govgateway_etax.heading import header_values, period_named
from samples import fee_form

_DAY = date(2026, 11, 25)
_FORM = "HSoThueDTu/HSoKhaiThue/TTinChung/TTinTKhaiThue/TKhaiThue"
_TAXPAYER = "HSoThueDTu/HSoKhaiThue/TTinChung/TTinTKhaiThue/NNT"


def header(given: Mapping[str, str] | None = None, day: date | None = _DAY, **about: str) -> Mapping[str, str]:
    return header_values(fee_form(), given or {}, about=about, day=day)


def under(values: Mapping[str, str], path: str) -> dict[str, str]:
    return {each.rpartition("/")[2]: text for each, text in values.items() if each.rpartition("/")[0] == path}


def test_a_header_says_form_taxpayer_and_day() -> None:
    values = header(filer="9900000016", filer_name="Sở Xây dựng")
    said = under(values, _FORM)
    assert (said["maTKhai"], said["pbanTKhaiXML"], said["loaiTKhai"], said["soLan"]) == ("879", "2.7.5", "C", "0")
    assert (said["tenTKhai"], said["ngayLapTKhai"], said["ngayKy"]) == (
        "Tờ khai phí (01/PH)",
        "25/11/2026",
        "2026-11-25",
    )
    assert said["moTaBMau"].startswith("(Ban hành kèm theo Thông tư số 80/2021/TT-BTC")
    assert under(values, _TAXPAYER)["mst"] == "9900000016"
    assert under(values, _TAXPAYER)["tenNNT"] == "Sở Xây dựng"
    assert values["HSoThueDTu/HSoKhaiThue/@id"] == "NODETOSIGN"
    assert values["HSoThueDTu/CKyDTu"] == ""


def test_what_real_files_have_though_it_is_empty_is_there_but_for_the_extension() -> None:
    values = header()
    assert values[f"{_TAXPAYER}/emailNNT"] == ""
    assert values[f"{_FORM}/nganhNgheKD"] == ""
    assert not [each for each in values if "GiaHan" in each or "giaHan" in each]


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("10/2026", ("M", "10/2026", "01/10/2026", "31/10/2026", "", "")),
        ("2/2024", None),
        ("02/2024", ("M", "02/2024", "01/02/2024", "29/02/2024", "", "")),
        ("9/2026", ("M", "09/2026", "01/09/2026", "30/09/2026", "", "")),
        ("Q4/2025", ("Q", "4/2025", "01/10/2025", "31/12/2025", "10/2025", "12/2025")),
        ("q1-2026", ("Q", "1/2026", "01/01/2026", "31/03/2026", "01/2026", "03/2026")),
        ("2026", ("Y", "2026", "01/01/2026", "31/12/2026", "", "")),
        ("5/10/2026", ("D", "05/10/2026", "", "", "", "")),
        ("01/10/2026-15/10/2026", ("K", "", "01/10/2026", "15/10/2026", "", "")),
    ],
)
def test_periods_are_written_as_the_tax_office_has_them(period: str, expected: tuple[str, ...] | None) -> None:
    if expected is None:
        with pytest.raises(UsageError):
            header(period=period)
        return
    said = under(header(period=period), f"{_FORM}/KyKKhaiThue")
    names = ("kieuKy", "kyKKhai", "kyKKhaiTuNgay", "kyKKhaiDenNgay", "kyKKhaiTuThang", "kyKKhaiDenThang")
    assert tuple(said[name] for name in names) == expected


@pytest.mark.parametrize("text", ["", "3/2026", "Q5/2026", "13/2026", "31/02/2026", "tháng mười", "10/26"])
def test_what_is_no_period_or_may_be_two_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        period_named(text)
    assert "Q3/2026" in refused.value.remedy.en


def test_a_supplement_has_a_number() -> None:
    said = under(header(kind="B"), _FORM)
    assert (said["loaiTKhai"], said["soLan"]) == ("B", "1")


def test_a_kind_that_the_form_does_not_have_is_refused() -> None:
    with pytest.raises(UsageError):
        header(kind="T")


def test_what_stands_there_stays_unless_it_was_asked_for() -> None:
    given = {f"{_FORM}/tenTKhai": "Tên khác", f"{_FORM}/nguoiKy": "", f"{_FORM}/KyKKhaiThue/kyKKhai": "09/2026"}
    assert given.keys().isdisjoint(header(given))
    assert header(given, period="10/2026")[f"{_FORM}/KyKKhaiThue/kyKKhai"] == "10/2026"


def test_a_declaration_made_of_an_older_one_is_dated_anew_for_another_period_only() -> None:
    given = {f"{_FORM}/ngayLapTKhai": "16/10/2026", f"{_FORM}/KyKKhaiThue/kyKKhai": "09/2026"}
    assert header(given, period="10/2026")[f"{_FORM}/ngayLapTKhai"] == "25/11/2026"
    assert f"{_FORM}/ngayLapTKhai" not in header(given, period="09/2026")
    assert f"{_FORM}/ngayLapTKhai" not in header(given)


def test_form_and_version_are_always_those_of_the_package() -> None:
    given = {f"{_FORM}/maTKhai": "842", f"{_FORM}/pbanTKhaiXML": "9.9.9"}
    assert {each: header(given)[each] for each in given} == dict(zip(given, ("879", "2.7.5"), strict=True))


def test_the_name_of_one_taxpayer_is_never_given_to_another() -> None:
    values = header({f"{_TAXPAYER}/mst": "9900000023"}, filer="9900000016", filer_name="Sở Xây dựng")
    assert under(values, _TAXPAYER).get("tenNNT", "") == ""
    assert "mst" not in under(values, _TAXPAYER)


def test_a_template_has_no_day_yet() -> None:
    assert under(header(day=None), _FORM)["ngayLapTKhai"] == ""


def test_a_form_that_is_not_in_the_catalogue_names_its_law() -> None:
    from govgateway_etax.shapes import library

    package = library("c89").find("879", "0.0.0")
    assert package is not None
    assert "89/2026" in header_values(package, {}, about={}, day=_DAY)[f"{_FORM}/moTaBMau"]
    assert form("879", "2.7.5").legal_basis != package.legal_basis


def test_a_form_whose_code_the_new_law_took_over_names_the_new_law() -> None:
    from govgateway_etax.shapes import library

    package = library("c89").find("880", "2.7.5")
    assert package is not None
    said = header_values(package, {}, about={}, day=_DAY)[f"{_FORM}/moTaBMau"]
    assert "89/2026" in said
    assert "80/2021" not in said
