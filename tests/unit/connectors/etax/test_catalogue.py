"""The catalogue of the tax office, row by row."""

from __future__ import annotations

import csv
from collections.abc import Iterator

import pytest

from govgateway.connector import Severity
from govgateway_etax.catalogue import FOLDER, catalogue, catalogue_findings, codes, export_name, key_findings
from govgateway_etax.declaration import Header


def rows() -> Iterator[dict[str, str]]:
    with (FOLDER / "catalogue.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def header(code: str, version: str, kind: str, **changes: str) -> Header:
    """A header as a document of that form has it."""
    fields = {
        "maTKhai": code,
        "tenTKhai": "Tờ khai",
        "pbanTKhaiXML": version,
        "loaiTKhai": kind,
        "soLan": "0",
        "kieuKy": "M",
        "kyKKhai": "10/2026",
        "kyKKhaiTuNgay": "01/10/2026",
        "kyKKhaiDenNgay": "31/10/2026",
        "mst": "9900000016",
        "tenNNT": "Sở Xây dựng tỉnh An Hoà",
    }
    return Header(**{**fields, **changes}, flat=False)


def flat(code: str, version: str, **changes: str) -> Header:
    nothing = dict.fromkeys(("loaiTKhai", "soLan", "kieuKy", "kyKKhai", "kyKKhaiTuNgay", "kyKKhaiDenNgay"), "")
    fields = {"maTKhai": code, "tenTKhai": "Tờ khai", "pbanTKhaiXML": version, "mst": "9900000016", "tenNNT": "Sở"}
    return Header(**{**nothing, **fields, **changes}, flat=True)


def found(of: Header) -> list[str]:
    return [each.rule for each in catalogue_findings(of)]


def test_every_row_is_known_but_those_without_a_code_or_version() -> None:
    """The viewer demands a code and a version; six rows of old forms lack one."""
    listed = list(rows())
    assert len(listed) == 1047
    wrong = [row for row in listed if not (row["maTKhai"] and row["pbanTKhaiXML"])]
    assert len(wrong) == 6
    keys = {(row["maTKhai"], row["pbanTKhaiXML"], row["loaiTKhai"]) for row in listed if row not in wrong}
    assert catalogue().keys() == keys
    assert len(codes()) == 368


def test_a_header_of_every_row_is_recognised_and_refused_when_one_field_is_wrong() -> None:
    for row in rows():
        if not (row["maTKhai"] and row["pbanTKhaiXML"]):
            continue
        right = header(
            row["maTKhai"], row["pbanTKhaiXML"], row["loaiTKhai"], kieuKy=row["kieuKyKKhai"].replace("D", "M") or "M"
        )
        assert found(right) == [], row
        kind = {"kieuKy": right.kieuKy}
        assert found(header(f"{right.maTKhai}9999", right.pbanTKhaiXML, right.loaiTKhai, **kind)) == ["ETAX-C01"]
        assert found(header(right.maTKhai, f"{right.pbanTKhaiXML}.9", right.loaiTKhai, **kind)) == ["ETAX-C02"]
        assert found(header(right.maTKhai, right.pbanTKhaiXML, f"{right.loaiTKhai}X", **kind)) == ["ETAX-C03"]
        assert found(header(right.maTKhai, right.pbanTKhaiXML, "", **kind)) == ["ETAX-C03"]
        assert found(header(right.maTKhai, right.pbanTKhaiXML, right.loaiTKhai, kieuKy="Z")) == ["ETAX-C04"]


def test_code_version_and_type_belong_together() -> None:
    assert found(header("879", "2.7.5", "B")) == []
    assert found(header("879", "2.6.9", "C")) == ["ETAX-C02"], "a version of 920"
    assert found(header("1254", "2.9.0", "B", kieuKy="Y")) == ["ETAX-C03"], "only C is listed"
    assert found(header("", "2.0.0", "C")) == ["ETAX-C01"]
    assert found(header("42", "", "C", kieuKy="Y")) == ["ETAX-C02"]
    assert found(header("", "", "")) == ["ETAX-C01"]


@pytest.mark.parametrize("kind", ["M", "Q", "Y", "D", "K"])
def test_any_kind_of_period_is_used_with_a_form_of_circular_80(kind: str) -> None:
    assert found(header("842", "2.8.3", "C", kieuKy=kind)) == []


@pytest.mark.parametrize("kind", ["", "m", "MM", "T"])
def test_a_kind_of_period_that_nobody_knows_is_refused(kind: str) -> None:
    assert found(header("842", "2.8.3", "C", kieuKy=kind)) == ["ETAX-C04"]


def test_another_kind_of_period_than_the_listed_one_only_warns() -> None:
    """05/KK-TNCN was a monthly or quarterly declaration, and the catalogue has it as yearly."""
    (finding,) = catalogue_findings(header("42", "2.0.8", "C", kieuKy="M"))
    assert (finding.rule, finding.severity) == ("ETAX-C08", Severity.WARNING)
    assert 'kiểu kỳ "năm" cho tờ khai 42; tờ khai này khai theo kiểu kỳ "tháng"' in finding.message.vi
    assert 'form 42 with the kind of period "year"; this one has "month"' in finding.message.en


def test_a_registration_form_needs_no_type_and_no_period() -> None:
    assert found(flat("905", "1.0.1")) == []
    assert found(flat("1130", "2.8.3")) == []
    assert found(flat("905", "9.9.9")) == ["ETAX-C02"]
    assert found(header("905", "1.0.1", "")) == ["ETAX-C03"], "the header is not flat"


def test_a_declaration_with_a_flat_header_is_refused() -> None:
    assert found(flat("879", "2.7.5")) == ["ETAX-C03"]
    assert found(flat("824", "2.8.3")) == ["ETAX-C03"]


def test_a_finding_says_what_there_is_and_where() -> None:
    (finding,) = catalogue_findings(header("879", "2.7.4", "C"))
    assert finding.severity is Severity.ERROR
    assert finding.path == "HSoThueDTu/HSoKhaiThue/TTinChung/TTinTKhaiThue/TKhaiThue/pbanTKhaiXML"
    assert '"2.7.4" của tờ khai 879' in finding.message.vi
    assert "2.5.1, 2.7.5" in finding.message.en
    assert finding.label.vi
    assert finding.remedy.vi != finding.remedy.en


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"mst": ""}, "Mã số thuế"),
        ({"mst": "990000001"}, "Mã số thuế"),
        ({"mst": "../9900000016"}, "Mã số thuế"),
        ({"mst": "9900000016-1"}, "Mã số thuế"),
        ({"kyKKhai": ""}, "Kỳ tính thuế"),
        ({"kyKKhai": "1" * 40}, "Kỳ tính thuế"),
        ({"kyKKhai": "3/2026"}, "Kỳ tính thuế"),
        ({"kieuKy": "Q", "kyKKhai": "03/2026"}, "Kỳ tính thuế"),
        ({"kieuKy": "Y", "kyKKhai": "26"}, "Kỳ tính thuế"),
        ({"kieuKy": "K", "kyKKhaiDenNgay": ""}, "Kỳ tính thuế"),
        ({"soLan": ""}, "Số lần"),
        ({"soLan": "9" * 30}, "Số lần"),
        ({"tenTKhai": ""}, "Tên tờ khai"),
        ({"tenTKhai": "", "mst": "x"}, "Tên tờ khai, Mã số thuế"),
    ],
)
def test_a_header_that_tells_no_obligation_is_refused(changes: dict[str, str], named: str) -> None:
    (finding,) = key_findings(header("842", "2.8.3", "C", **changes))
    assert (finding.rule, finding.severity) == ("ETAX-C07", Severity.ERROR)
    assert f": {named}." in finding.message.vi


@pytest.mark.parametrize("tax_code", ["9900000016", "9900000016-001", "099999999999"])
def test_a_header_that_tells_one_is_not(tax_code: str) -> None:
    assert key_findings(header("842", "2.8.3", "C", mst=tax_code)) == ()
    assert key_findings(flat("905", "1.0.1", mst=tax_code)) == ()


@pytest.mark.parametrize(
    ("filer", "key", "period", "sequence", "name"),
    [
        ("9900000016", ("842", "2.8.3", "C"), "Q42025", 0, "9900000016-01_GTGT_TT80-Q42025-L00.xml"),
        ("9900000016", ("879", "2.7.5", "B"), "M102026", 2, "9900000016-01_PH_TT80-M102026-L02.xml"),
        ("9900000016-001", ("830", "2.8.3", "C"), "M102026", 0, "9900000016-001-01_TTDB_TT80-M102026-L00.xml"),
        ("9900000016", ("905", "1.0.1", "C"), "", 0, "9900000016-905-L00.xml"),
        ("9900000016", ("999999", "1", "C"), "M102026", 0, "9900000016-999999-M102026-L00.xml"),
        ("../x", ("../y", "1", "C"), "M102026", 0, "____-y-M102026-L00.xml"),
    ],
)
def test_a_file_is_named_as_htkk_names_it(
    filer: str, key: tuple[str, str, str], period: str, sequence: int, name: str
) -> None:
    assert export_name(filer, key, period, sequence) == name


def test_a_version_that_stands_for_an_unannounced_one_is_told_as_such() -> None:
    (finding,) = catalogue_findings(header("879", "0.0.0", "C"))
    assert (finding.rule, finding.severity) == ("ETAX-C02", Severity.ERROR)
    assert "not announced" in finding.message.en
    assert "govgateway template 01/PH --period 10/2026, without --version" in finding.remedy.en
    (finding,) = catalogue_findings(header("864", "0.0.0", "C", kieuKy="Q", kyKKhai="3/2026"))
    assert "template 05/KK-TNCN --period Q3/2026," in finding.remedy.vi


def test_a_declaration_without_a_period_says_how_to_give_one() -> None:
    (finding,) = catalogue_findings(header("879", "2.7.5", "C", kieuKy="", kyKKhai=""))
    assert (finding.rule, finding.message.vi) == ("ETAX-C04", "Thiếu kỳ tính thuế.")
    assert "--period" in finding.remedy.vi
