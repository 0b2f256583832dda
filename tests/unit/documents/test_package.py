"""The library finds form packages by code and version, and nothing outside its folder."""

from __future__ import annotations

from pathlib import Path

import pytest

import govgateway_schemas
from govgateway.documents.package import FormLibrary
from samples import declaration

LIBRARY = FormLibrary(Path(govgateway_schemas.__file__).parent / "etax")


def test_a_form_is_found_by_code_and_version() -> None:
    form = LIBRARY.find("879", "2.7.5")
    assert form is not None
    assert (form.code, form.name, form.number, form.kinds) == ("879", "01/PH", "2.7.5", ("C", "B"))
    assert [(need.role, need.required, need.owner) for need in form.signatures] == [
        ("taxpayer", True, "MST:{filer}"),
        ("tax-agent", False, ""),
    ]
    assert LIBRARY.find("879", "2.7.5") is form


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ("879", "2.6.9"),
        ("851", "2.5.1"),
        ("c89", "0.0.0"),
        ("", ""),
        ("..", "etax"),
        ("../etax/879", "2.7.5"),
        ("_common", ""),
    ],
)
def test_what_is_not_there_is_not_found(code: str, number: str) -> None:
    assert LIBRARY.find(code, number) is None


def test_all_forms_are_listed() -> None:
    assert ("879", "2.7.5") in {(form.code, form.number) for form in LIBRARY.all()}


def test_rules_are_not_asked_of_a_document_that_the_schema_refuses() -> None:
    form = LIBRARY.find("879", "2.7.5")
    assert form is not None
    found = form.check(declaration(("<tyLe>10<", "<tyLe>mười<"), ("<tongCong>850.10<", "<tongCong>1<")))
    assert [each.rule for each in found] == ["SCHEMA-VALUE"]
