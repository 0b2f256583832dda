"""``govgateway template`` and ``govgateway build``: from figures to a declaration that checks, signs and files."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

import samples
from govgateway.documents.xml import XmlDocument, read_xml
from govgateway.signing.content import content_digest
from govgateway_etax import connector
from unit.cli.command_line import CommandLine
from workbooks import LINE, LINE_OF_2026, LINES, edited, field, lines

_OFFICE = field("maCQTNoiNop", "99901")


@pytest.fixture
def department(govgateway: CommandLine) -> CommandLine:
    assert govgateway("filer", "add", "9900000016", "--name", "Sở Xây dựng tỉnh An Hoà").code == 0
    return govgateway


def template(typed: CommandLine, *options: str) -> Path:
    """A template for October, with its office and one line."""
    assert typed("template", "01/PH", "-o", "f.xlsx", "--period", "10/2026", *options).code == 0
    path = typed.folder / "f.xlsx"
    path.write_bytes(edited(path.read_bytes(), _OFFICE, lines(LINE)))
    return path


def test_a_filled_template_becomes_a_declaration_that_has_no_errors(department: CommandLine) -> None:
    built = department("build", template(department), "-o", "d.xml", "--lang", "en")
    assert built.code == 0
    assert built.out == "01/PH Fee declaration · 9900000016 · month 10/2026\nMade: d.xml\n"
    assert department("check", "d.xml").code == 0


def test_an_unconfirmed_form_is_built_for_a_trial_where_it_is_asked_for_and_can_not_be_filed(
    department: CommandLine, key: Path
) -> None:
    words = ("--period", "10/2026", "--version", "c89/0.0.0")
    assert department("template", "01/PH", "-o", "f.xlsx", *words).code == 0
    path = department.folder / "f.xlsx"
    path.write_bytes(edited(path.read_bytes(), _OFFICE, lines(LINE_OF_2026, sheet="1. I Dòng phí")))
    built = department("build", path, "-o", "d.xml", "--version", "c89/0.0.0")
    assert built.code == 0, built.out
    assert "CẢNH BÁO ETAX-C02" in built.out
    assert "govgateway template 01/PH --period 10/2026, không ghi --version" in built.out
    assert department("check", "d.xml").code == 1
    filed = department("submit", "d.xml", "--key", key)
    assert filed.code == 1
    assert "LỖI ETAX-C02" in filed.err


def test_a_document_of_another_form_is_told_by_what_it_is_and_not_by_its_elements(department: CommandLine) -> None:
    document = department.declaration("d.xml")
    ended = department("template", "01/LP", "--version", "2.7.5", "-o", "f.xlsx", "--from", document)
    assert ended.code == 2
    assert "Tài liệu là 01/PH Tờ khai phí 2.7.5" in ended.err
    assert "HSoThueDTu" not in ended.err


def test_a_declaration_that_was_built_is_signed_and_filed(department: CommandLine, key: Path, office: object) -> None:
    assert department("build", template(department), "-o", "d.xml").code == 0
    filed = department("submit", "d.xml", "--key", key, "--wait", "--json")
    assert filed.code == 0
    assert filed.json["filing"]["status"] == "ACCEPTED"


def test_findings_name_sheet_and_cell_and_nothing_is_written(department: CommandLine) -> None:
    path = template(department)
    path.write_bytes(edited(path.read_bytes(), lines(LINE | {"ma_DonViTien": "tiền"})))
    built = department("build", path, "-o", "d.xml")
    assert built.code == 1
    assert f"LỖI SCHEMA-VALUE · {LINES}!G8 · Đơn vị tiền" in built.out
    assert "Chưa lập được tờ khai" in built.out
    assert not (department.folder / "d.xml").exists()


def test_json_says_the_same(department: CommandLine) -> None:
    path = template(department)
    path.write_bytes(edited(path.read_bytes(), lines(LINE | {"tieuMuc": 301})))
    told = department("build", path, "--json", "--lang", "en").json
    assert (told["ok"], told["output"]) == (True, str(path.with_suffix(".xml")))
    assert [(each["rule"], each["cell"]) for each in told["findings"]] == [("SHEET-ZEROS", f"{LINES}!E8")]


def test_a_csv_file_is_built_with_options(department: CommandLine) -> None:
    csv = "Loại phí;Tiểu mục;Đơn vị tiền;Số tiền phí thu được;tyLe\nPhí;2301;VND;1.000.000;10\n"
    (department.folder / "phi.csv").write_text(csv, encoding="utf-8")
    words = ("--form", "01/PH", "--period", "10/2026", "--set", "maCQTNoiNop=99901", "--filer", "9900000016")
    assert department("build", "phi.csv", *words).code == 0
    assert department("check", "phi.xml").code == 0


def test_a_document_goes_through_a_template_and_comes_back(department: CommandLine) -> None:
    document = department.declaration("d.xml")
    assert department("template", "01/PH", "-o", "f.xlsx", "--from", document).code == 0
    assert department("build", "f.xlsx", "-o", "again.xml").code == 0
    profile = connector.profile_of(samples.declaration())
    assert profile is not None
    (original, again) = (_indented(department.folder / name) for name in ("d.xml", "again.xml"))
    assert content_digest(original, profile) == content_digest(again, profile)


def _indented(path: Path) -> XmlDocument:
    root = etree.fromstring(path.read_bytes(), etree.XMLParser(remove_blank_text=True))
    etree.indent(root)
    return read_xml(etree.tostring(root))


def test_nothing_is_overwritten(department: CommandLine) -> None:
    path = template(department)
    assert department("template", "01/PH", "-o", "f.xlsx").code == 2
    (department.folder / "f.xml").write_text("mine", encoding="utf-8")
    assert department("build", path).code == 2
    assert (department.folder / "f.xml").read_text(encoding="utf-8") == "mine"


def test_a_template_has_a_name_of_its_own(govgateway: CommandLine) -> None:
    made = govgateway("template", "01/ph", "--lang", "en")
    assert (made.code, made.out) == (0, "01/PH Fee declaration, 2.7.5\nMade: 01PH.xlsx\n")


@pytest.mark.parametrize(
    "words",
    [
        ("template", "99/XX"),
        ("template", "01/PH", "--version", "1.0.0"),
        ("template", "01/PH", "--filer", "9900000023"),
        ("template", "01/PH", "--period", "3/2026"),
        ("template", "01/PH", "--kind", "Z"),
        ("template", "01/PH", "--from", "nothing.xml"),
        ("build", "nothing.xlsx"),
        ("build", "f.xlsx", "--set", "maCQTNoiNop"),
    ],
)
def test_what_cannot_be_is_told_without_a_traceback(department: CommandLine, words: tuple[str, ...]) -> None:
    template(department)
    ended = department(*words, "--lang", "en")
    assert ended.code == 2
    assert ended.err.startswith("Error GG-001")


def test_what_is_no_workbook_is_told(department: CommandLine) -> None:
    (department.folder / "f.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100))
    ended = department("build", "f.xlsx", "--lang", "en")
    assert (ended.code, ended.err.splitlines()[0]) == (
        1,
        "Error GG-100: The spreadsheet cannot be read: it is in the old format .xls.",
    )


def test_the_figures_of_one_filer_are_not_built_for_another(department: CommandLine) -> None:
    assert department("filer", "add", "9900000023", "--name", "Sở Y tế tỉnh An Hoà").code == 0
    path = template(department, "--filer", "9900000016")
    ended = department("build", path, "--filer", "9900000023", "--lang", "en")
    assert ended.code == 2
    assert "9900000016, not 9900000023" in ended.err
    assert not path.with_suffix(".xml").exists()


def test_of_several_filers_none_is_guessed(department: CommandLine) -> None:
    assert department("filer", "add", "9900000023", "--name", "Sở Y tế tỉnh An Hoà").code == 0
    built = department("build", template(department))
    assert built.code == 1
    assert "Mã số thuế: chưa có giá trị" in built.out


def test_the_profile_fills_the_header_and_the_file_wins(department: CommandLine) -> None:
    words = ("--tax-office", "99901", "--tax-office-name", "Thuế tỉnh An Hoà", "--address", "1 Trần Phú")
    assert department("filer", "add", "9900000016", *words).code == 0
    csv = "Loại phí;Tiểu mục;Đơn vị tiền;Số tiền phí thu được;tyLe\nPhí;2301;VND;1.000.000;10\n"
    (department.folder / "phi.csv").write_text(csv, encoding="utf-8")
    built = department("build", "phi.csv", "--form", "01/PH", "--period", "10/2026", "--set", "dchiNNT=2 Lê Lợi")
    assert built.code == 0, built.out
    written = (department.folder / "phi.xml").read_text(encoding="utf-8")
    assert "<maCQTNoiNop>99901</maCQTNoiNop>" in written
    assert "<tenCQTNoiNop>Thuế tỉnh An Hoà</tenCQTNoiNop>" in written
    assert "<dchiNNT>2 Lê Lợi</dchiNNT>" in written


def test_a_template_bears_what_the_profile_tells(department: CommandLine) -> None:
    assert department("filer", "add", "9900000016", "--tax-office", "99901", "--signatory", "Trần Thị Mẫu").code == 0
    assert department("template", "01/PH", "-o", "f.xlsx", "--period", "10/2026").code == 0
    path = department.folder / "f.xlsx"
    path.write_bytes(edited(path.read_bytes(), lines(LINE)))
    assert department("build", path).code == 0
    written = path.with_suffix(".xml").read_text(encoding="utf-8")
    assert "<maCQTNoiNop>99901</maCQTNoiNop>" in written
    assert "<nguoiKy>Trần Thị Mẫu</nguoiKy>" in written


def test_the_name_of_another_profile_is_told_at_its_cell(department: CommandLine) -> None:
    path = template(department)
    path.write_bytes(edited(path.read_bytes(), field("mst", "9900000023")))
    built = department("build", path, "--json")
    assert [each["rule"] for each in built.json["findings"]] == ["SHEET-NAME"]
    assert built.json["findings"][0]["cell"].startswith("Tờ khai!")


def test_a_file_that_is_not_there_is_told_in_our_words(department: CommandLine) -> None:
    ended = department("build", "nothing.xlsx")
    assert "không tìm thấy" in ended.err
    assert "FileNotFoundError" not in ended.err


def test_a_template_of_another_version_says_which_it_is_and_what_to_do(department: CommandLine) -> None:
    ended = department("build", template(department), "--version", "2.5.1")
    assert ended.code == 2
    assert "01/PH (879) 2.7.5, không phải 01/PH 2.5.1" in ended.err
    assert "govgateway template 01/PH --version 2.5.1" in ended.err
