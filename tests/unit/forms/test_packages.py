"""What holds for every form package: labels in both languages, rules told once, versions that the catalogue has."""

from __future__ import annotations

import csv
import re
from collections import Counter

import pytest

from formsamples import LIBRARY, computed_paths, schema_elements
from govgateway.documents.package import FormVersion

_XS = "{http://www.w3.org/2001/XMLSchema}"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
VERSIONS = pytest.mark.parametrize("version", LIBRARY.all(), ids=lambda version: f"{version.code}-{version.number}")


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


@VERSIONS
def test_the_catalogue_has_the_version_in_each_of_its_kinds(version: FormVersion) -> None:
    with (LIBRARY.folder / "catalogue.csv").open(encoding="utf-8") as rows:
        known = {(row["maTKhai"], row["pbanTKhaiXML"], row["loaiTKhai"]) for row in csv.DictReader(rows)}
    assert {(version.code, version.number, kind) for kind in version.kinds} <= known


@VERSIONS
def test_a_form_that_marks_something_as_computed_can_compute_it(version: FormVersion) -> None:
    assert (version.folder / "compute.xsl").is_file() == any(computed_paths(version))
