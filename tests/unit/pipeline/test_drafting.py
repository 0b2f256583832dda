"""Files with figures become declarations: which form they are of, what is set besides, what was given for sums."""

from __future__ import annotations

import json
from typing import Any

import pytest

from govgateway.documents.findings import Severity
from govgateway.errors import UsageError
from govgateway.pipeline.drafting import Drafted, Source, draft
from govgateway_etax import connector
from workbooks import ABOUT, DAY, LINE, LINE_OF_2026, built, edited, empty_template, field, filled, lines, texts, told

_CSV = "Loại phí;Tiểu mục;Đơn vị tiền;Số tiền phí thu được;tyLe\nPhí;2301;VND;1.000.000;10\n".encode()
_OFFICE = {"maCQTNoiNop": "99901"}


def drafted(name: str, data: bytes, **source: Any) -> Drafted:
    return draft(Source(name, data, **source), [connector], ABOUT, day=DAY)


def as_json(**values: Any) -> bytes:
    lines = {"CTieuTKhaiChinh/NoiDung01PH/ChiTietPhi": [LINE | values]}
    return json.dumps({"form": "01/PH", "values": lines}).encode()


def test_a_spreadsheet_a_csv_file_and_json_make_the_same_declaration() -> None:
    spreadsheet = drafted("f.xlsx", filled())
    csv = drafted(
        "f.csv", _CSV.replace("Phí;2301".encode(), "Phí thử nghiệm;2301".encode()), form="01/PH", values=_OFFICE
    )
    structured = drafted("f.json", as_json(), values=_OFFICE)
    assert spreadsheet.findings == csv.findings == structured.findings == ()
    assert spreadsheet.document.data == csv.document.data == structured.document.data


def test_a_declaration_says_what_it_is() -> None:
    recognition = drafted("f.xlsx", filled()).recognition
    assert (recognition.form, recognition.filer, recognition.period) == ("879", "9900000016", "M 10/2026")


def test_a_csv_file_needs_the_name_of_its_form() -> None:
    with pytest.raises(UsageError, match="does not say of which form"):
        drafted("f.csv", _CSV)


@pytest.mark.parametrize("wanted", [{"form": "01/LP"}, {"version": "2.5.1"}])
def test_a_template_of_one_form_is_not_taken_for_another(wanted: dict[str, str]) -> None:
    with pytest.raises(UsageError) as refused:
        drafted("f.xlsx", filled(), **wanted)
    assert "01/PH (879) 2.7.5" in refused.value.message.en


@pytest.mark.parametrize("wanted", [{"form": "879"}, {"form": "01/ph", "version": "2.7.5"}])
def test_a_template_of_the_form_that_was_asked_for_is_taken(wanted: dict[str, str]) -> None:
    assert drafted("f.xlsx", filled(), **wanted).findings == ()


def test_single_fields_may_be_set_by_name_or_by_the_end_of_their_path() -> None:
    said = {"TKhaiThue/maCQTNoiNop": "99902", "nguoiKy": "Trần Thị Mẫu"}
    result = drafted("f.xlsx", filled(), values=said)
    assert (texts(result, "maCQTNoiNop"), texts(result, "nguoiKy")) == (["99902"], ["Trần Thị Mẫu"])


@pytest.mark.parametrize("name", ["khongCo", "ma_DonViTien", "TKhaiThue"])
def test_what_is_no_single_field_cannot_be_set(name: str) -> None:
    with pytest.raises(UsageError, match="not clear which field"):
        drafted("f.xlsx", filled(), values={name: "x"})


@pytest.mark.parametrize("name", ["Người ký", "người ký", "Signatory"])
def test_single_fields_may_be_set_by_their_labels(name: str) -> None:
    assert texts(drafted("f.xlsx", filled(), values={name: "Trần\u202e Thị Mẫu"}), "nguoiKy") == ["Trần Thị Mẫu"]


def test_a_field_that_is_not_there_is_told_with_the_most_alike() -> None:
    with pytest.raises(UsageError) as refused:
        drafted("f.xlsx", filled(), values={"nguoiKi": "x"})
    assert "“Người ký” (TKhaiThue/nguoiKy)" in refused.value.remedy.vi


def test_appendices_of_supplements_are_no_tables_of_an_official_return() -> None:
    with pytest.raises(UsageError) as refused:
        drafted("f.csv", b"a;b\n1;2\n", form="01/GTGT")
    assert "Tên hàng hóa, dịch vụ mua vào" in refused.value.remedy.vi
    assert "KHBS" not in refused.value.remedy.vi


@pytest.mark.parametrize(("typed", "rules"), [(1000, set()), ("nhiều", {"SCHEMA-VALUE"})])
def test_an_unconfirmed_form_that_is_asked_for_is_made_and_checked_with_a_warning(typed: Any, rules: set[str]) -> None:
    line = lines(LINE_OF_2026 | {"soTienPHThuDuoc": typed}, sheet="1. I Dòng phí")
    found = built(edited(empty_template(version="c89/0.0.0"), field("maCQTNoiNop", "99901"), line)).findings
    assert {each.rule for each in found} == {"ETAX-C02"} | rules
    assert {each.severity for each in found if each.rule == "ETAX-C02"} == {Severity.WARNING}


def test_what_to_write_for_a_wrong_amount_is_what_a_cell_takes() -> None:
    (finding,) = drafted("f.json", as_json(soTienPHThuDuoc="1000000 VND"), values=_OFFICE).findings
    assert finding.remedy.vi == "Cần: số, ví dụ 1.000.000 hoặc 1.234.567,89; không ghi đơn vị tính."


def test_sums_that_were_given_are_compared_with_those_that_follow() -> None:
    result = drafted("f.json", as_json(soTienPHPhaiNop="899999"), values=_OFFICE)
    place = "CTieuTKhaiChinh/NoiDung01PH/ChiTietPhi[1]/soTienPHPhaiNop"
    assert told(result.findings) == [("SHEET-COMPUTED", place)]
    assert "899999" in result.findings[0].message.en
    assert "900000" in result.findings[0].message.en


def test_a_sum_that_is_only_written_otherwise_is_the_same() -> None:
    assert drafted("f.json", as_json(soTienPHPhaiNop="900000.00"), values=_OFFICE).findings == ()


def test_what_follows_from_a_wrong_figure_is_not_told_beside_it() -> None:
    result = drafted("f.json", as_json(soTienPHThuDuoc="nhiều"), values=_OFFICE)
    assert told(result.findings) == [("SCHEMA-VALUE", "CTieuTKhaiChinh/NoiDung01PH/ChiTietPhi[1]/soTienPHThuDuoc")]
