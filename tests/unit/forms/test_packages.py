"""What holds for every form package: labels in both languages, rules told once, versions that the catalogue has."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from formsamples import LIBRARY, changed, computed_paths, schema_elements
from govgateway.documents.package import FormLibrary, FormVersion
from govgateway.documents.setting import Sentence
from govgateway.errors import Text
from unit.forms import test_878

_XS = "{http://www.w3.org/2001/XMLSchema}"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
C89 = FormLibrary(LIBRARY.folder / "c89")
VERSIONS = pytest.mark.parametrize(
    "version",
    [*LIBRARY.all(), *C89.all()],
    ids=lambda version: version.folder.relative_to(LIBRARY.folder).as_posix(),
)
FILED = pytest.mark.parametrize("version", LIBRARY.all(), ids=lambda version: f"{version.code}-{version.number}")


@VERSIONS
def test_every_element_has_a_label_in_both_languages(version: FormVersion) -> None:
    for element in schema_elements(version):
        texts = element.iterfind(f"{_XS}annotation/{_XS}documentation")
        told = {text.get(_XML_LANG) for text in texts if (text.text or "").strip()}
        assert told == {"vi", "en"}, element.get("name")


@VERSIONS
def test_every_rule_has_an_id_of_its_own(version: FormVersion) -> None:
    texts = [path.read_text(encoding="utf-8") for path in version.rule_files]
    ids = Counter(rule for text in texts for rule in re.findall(r'<sch:assert id="([^"]+)"', text))
    assert max(ids.values()) == 1


@pytest.mark.parametrize(
    "place",
    [
        "<phuongXa>Phường Minh Hoạ</phuongXa>",
        "<maXaNNT>99901</maXaNNT><tenXaNNT>Phường Minh Hoạ</tenXaNNT>",
        "<tenXaNNT>Phường Minh Hoạ</tenXaNNT><maXaNNT>99901</maXaNNT>",
        "<tenXaNNT>Phường Minh Hoạ</tenXaNNT>",
        '<maHuyenNNT xsi:nil="true"/><tenHuyenNNT xsi:nil="true"/>',
        "<maHuyenNNT/><tenHuyenNNT/>",
        "",
    ],
)
def test_the_ward_is_taken_under_either_name_and_the_district_may_be_nil(place: str) -> None:
    form = LIBRARY.find("878", "2.5.1")
    assert form is not None
    address = f"<dchiNNT>Số 1</dchiNNT>{place}<maTinhNNT>99</maTinhNNT><tenTinhNNT>An Hoà</tenTinhNNT>"
    document = changed(test_878.SAMPLE.declaration(), ("</tenNNT>", f"</tenNNT>{address}"))
    assert form.check(document) == ()
    fields = [field for names, field in form.outline.fields.items() if names[-1] in {"maXaNNT", "tenXaNNT"}]
    assert [field.required for field in fields] == [False, False]


@FILED
def test_the_catalogue_has_the_version_in_each_of_its_kinds(version: FormVersion) -> None:
    with (LIBRARY.folder / "catalogue.csv").open(encoding="utf-8") as rows:
        known = {(row["maTKhai"], row["pbanTKhaiXML"], row["loaiTKhai"]) for row in csv.DictReader(rows)}
    assert {(version.code, version.number, kind) for kind in version.kinds} <= known


@VERSIONS
def test_every_form_marks_something_as_computed_and_can_compute_it(version: FormVersion) -> None:
    assert (version.folder / "compute.xsl").is_file()
    assert any(computed_paths(version))


@VERSIONS
def test_what_is_named_as_law_is_a_rule_that_only_warns_elsewhere(version: FormVersion) -> None:
    inferred = {
        rule
        for path in version.rule_files
        for rule in re.findall(r'<sch:assert id="([^"]+)" role="warning"', path.read_text(encoding="utf-8"))
    }
    assert version.law <= inferred


@VERSIONS
def test_sentences_and_columns_of_values_name_what_the_form_has(version: FormVersion) -> None:
    fields = version.outline.fields
    for names, field in fields.items():
        inside = {path[-1] for path in fields if path[:-1] == names}
        for sentence in field.setting.sentences:
            in_english = Sentence(Text(sentence.text.en, "")).names
            assert set(sentence.names) == set(in_english) <= inside, names
        columns = {each.name for length in range(1, len(names)) for each in fields[names[:length]].setting.values}
        assert field.setting.under in {"", *columns}, names


def test_every_mark_is_described_for_those_who_write_packages() -> None:
    page = (Path(__file__).parents[3] / "docs" / "form-package.md").read_text(encoding="utf-8")
    schemas = [path.read_text(encoding="utf-8") for path in LIBRARY.folder.rglob("*.xsd")]
    marks = {mark for text in schemas for mark in re.findall(r"<f:(\w+)", text)}
    assert {mark for mark in marks if not re.search(rf"^\| `<f:{mark}\b", page, re.MULTILINE)} == set()
