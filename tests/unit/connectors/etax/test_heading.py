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
    """What is written into the header; what is not to be there is left out."""
    values = header_values(fee_form(), given or {}, about=about, day=day)
    return {path: text for path, text in values.items() if text is not None}


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
    ("kind", "written", "period"),
    [
        ("M", "01/10/2026", "10/2026"),
        ("M", "46296", "10/2026"),
        ("Q", "01/03/2026", "3/2026"),
        ("Q", "46082", "3/2026"),
    ],
)
def test_a_period_that_a_spreadsheet_made_a_day_is_the_one_that_was_typed(kind: str, written: str, period: str) -> None:
    given = {f"{_FORM}/KyKKhaiThue/kieuKy": kind, f"{_FORM}/KyKKhaiThue/kyKKhai": written}
    assert header(given)[f"{_FORM}/KyKKhaiThue/kyKKhai"] == period


@pytest.mark.parametrize(
    ("kind", "written"), [("M", "02/10/2026"), ("M", "10/2026"), ("Q", "01/10/2026"), ("D", "01/10/2026")]
)
def test_a_period_that_may_have_been_typed_as_it_stands_is_left_alone(kind: str, written: str) -> None:
    given = {f"{_FORM}/KyKKhaiThue/kieuKy": kind, f"{_FORM}/KyKKhaiThue/kyKKhai": written}
    assert f"{_FORM}/KyKKhaiThue/kyKKhai" not in header(given)


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
    assert "89/2026" in (header_values(package, {}, about={}, day=_DAY)[f"{_FORM}/moTaBMau"] or "")
    assert form("879", "2.7.5").legal_basis != package.legal_basis


def test_a_form_whose_code_the_new_law_took_over_names_the_new_law() -> None:
    from govgateway_etax.shapes import library

    package = library("c89").find("880", "2.7.5")
    assert package is not None
    said = header_values(package, {}, about={}, day=_DAY)[f"{_FORM}/moTaBMau"] or ""
    assert "89/2026" in said
    assert "80/2021" not in said


PROFILE = {
    "filer": "9900000016",
    "filer_name": "Sở Xây dựng",
    "filer_tax_office": "99901",
    "filer_tax_office_name": "Thuế tỉnh An Hoà",
    "filer_address": "1 Trần Phú",
    "filer_ward": "Phường 1",
    "filer_province": "Tỉnh An Hoà",
    "filer_phone": "0999000001",
    "filer_fax": "0999000002",
    "filer_email": "so@anhoa.example",
    "filer_signatory": "Trần Thị Mẫu",
}


def test_the_profile_fills_in_office_address_contacts_and_signatory() -> None:
    values = header(**PROFILE)
    form, taxpayer = under(values, _FORM), under(values, _TAXPAYER)
    assert (form["maCQTNoiNop"], form["tenCQTNoiNop"], form["nguoiKy"]) == ("99901", "Thuế tỉnh An Hoà", "Trần Thị Mẫu")
    assert (taxpayer["dchiNNT"], taxpayer["phuongXa"], taxpayer["tenTinhNNT"]) == (
        "1 Trần Phú",
        "Phường 1",
        "Tỉnh An Hoà",
    )
    assert (taxpayer["dthoaiNNT"], taxpayer["faxNNT"]) == ("0999000001", "0999000002")
    assert taxpayer["emailNNT"] == "so@anhoa.example"


def test_what_stands_in_the_document_wins_over_the_profile() -> None:
    values = header({f"{_TAXPAYER}/dchiNNT": "2 Lê Lợi", f"{_FORM}/maCQTNoiNop": "99902"}, **PROFILE)
    assert f"{_TAXPAYER}/dchiNNT" not in values
    assert f"{_FORM}/maCQTNoiNop" not in values
    assert values[f"{_TAXPAYER}/phuongXa"] == "Phường 1"


def test_of_another_taxpayers_profile_nothing_is_taken() -> None:
    values = header({f"{_TAXPAYER}/mst": "9900000023"}, **PROFILE)
    assert set(PROFILE.values()).isdisjoint(values.values())


def test_the_appendices_of_supplements_are_left_out_of_an_official_declaration() -> None:
    appendices = {f"HSoThueDTu/HSoKhaiThue/PLuc/{name}" for name in ("PL01_KHBS", "PL01_1_KHBS")}
    official, supplementary = (header_values(fee_form(), {}, about={"kind": kind}, day=_DAY) for kind in ("C", "B"))
    assert {path for path, text in official.items() if text is None} == appendices
    assert appendices.isdisjoint(supplementary)


def test_a_wrong_kind_in_the_document_is_left_to_the_check_which_knows_its_place() -> None:
    assert header({f"{_FORM}/loaiTKhai": "Z"})[f"{_FORM}/loaiTKhai"] == "Z"
