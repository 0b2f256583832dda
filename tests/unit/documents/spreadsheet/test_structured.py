"""Values in JSON: by the names of elements, texts as they stand, what is not known told by its place."""

from __future__ import annotations

import json
from typing import Any

import pytest

from govgateway.documents.compose import compose
from govgateway.documents.spreadsheet.content import Content
from govgateway.documents.spreadsheet.structured import Structured
from govgateway.errors import UnreadableDocument
from samples import fee_form
from workbooks import told


def read(values: Any, **about: str) -> Content:
    return Structured(json.dumps({"values": values, **about}).encode(), "f.json").content(fee_form())


def test_values_are_found_by_steps_or_by_paths() -> None:
    line = {"ten_LoaiPhi": "Phí", "tyLe": 12.5, "soTienPHThuDuoc": "1000"}
    by_steps = read({"CTieuTKhaiChinh": {"NoiDung01PH": {"ChiTietPhi": [line]}}})
    by_path = read({"CTieuTKhaiChinh/NoiDung01PH/ChiTietPhi": [line]})
    one, other = (compose(fee_form(), each.root).document.data for each in (by_steps, by_path))
    assert one == other
    assert b"<tyLe>12.5</tyLe>" in one
    assert (by_steps.findings, by_path.findings) == ((), ())


def test_texts_stand_as_they_are_and_numbers_are_exact() -> None:
    content = read({"CTieuTKhaiChinh/NoiDung01PH/ChiTietPhi": {"soTienPHThuDuoc": 12345678901234.25, "tyLe": "1.000"}})
    line = next(content.root.all(("HSoKhaiThue", "CTieuTKhaiChinh", "NoiDung01PH", "ChiTietPhi")))
    assert (line.at(("soTienPHThuDuoc",)).text, line.at(("tyLe",)).text) == ("12345678901234.25", "1.000")


def test_places_are_told_by_their_path_in_the_file() -> None:
    content = read({"CTieuTKhaiChinh/NoiDung01PH/ChiTietPhi": [{"tieuMuc": "2301"}, {"tieuMuc": 301}]})
    assert told(content.findings) == [("SHEET-ZEROS", "CTieuTKhaiChinh/NoiDung01PH/ChiTietPhi[2]/tieuMuc")]


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"CTieuTKhaiChinh": {"NoiDung": {}}}, "CTieuTKhaiChinh/NoiDung"),
        ({"CTieuTKhaiChinh": 5}, "CTieuTKhaiChinh"),
        ({"CTieuTKhaiChinh/NoiDung01PH/ChiTietPhi/tyLe": 5}, "CTieuTKhaiChinh/NoiDung01PH/ChiTietPhi/tyLe"),
        ({"CTieuTKhaiChinh/NoiDung01PH/ChiTietPhi": {"tyLe": [5]}}, "CTieuTKhaiChinh/NoiDung01PH/ChiTietPhi[1]/tyLe"),
    ],
)
def test_what_the_form_does_not_have_is_an_error_with_the_names_that_it_has(values: Any, place: str) -> None:
    (finding,) = read(values).findings
    assert (finding.rule, finding.cell) == ("SHEET-UNKNOWN", place)
    assert "NoiDung01PH" in finding.remedy.en or "tyLe" in finding.remedy.en or "TTinChung" in finding.remedy.en


def test_the_file_says_of_which_form_it_is() -> None:
    structured = Structured(b'\xef\xbb\xbf{"form": "01/PH", "version": "2.7.5", "values": {}}', "f.json")
    assert (structured.form, structured.version) == ("01/PH", "2.7.5")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b'{"values": []}',
        b'{"values": {"a": NaN}}',
        b'{"values": ' + b"[" * 100_000,
        b"\xff",
        b"<a/>",
    ],
)
def test_what_is_no_such_json_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableDocument):
        Structured(data, "f.json")
