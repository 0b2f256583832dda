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
from workbooks import LINE, LINES, edited, field, lines

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
    assert built.out == "01/PH Fee declaration · 9900000016 · M 10/2026\nMade: d.xml\n"
    assert department("check", "d.xml").code == 0


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
