"""A document filled into a spreadsheet and built again is the same document, whatever form it is of."""

from __future__ import annotations

import gc
import time

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lxml import etree

from anydocument import documents
from govgateway.connector import CarriedForm
from govgateway.documents.xml import XmlDocument, read_xml
from govgateway.pipeline.drafting import Source, draft
from govgateway.pipeline.forms import Carried, make_template
from govgateway.signing.content import content_digest
from govgateway_etax import connector
from workbooks import DAY, LINE, built, filled, lines

FORMS = pytest.mark.parametrize(
    "form", list(connector.carried_forms()), ids=lambda form: f"{form.version.code}-{form.number}"
)
# Not made smaller when one fails: each try is a workbook, and the difference of two documents tells enough.
_AT_ALL = settings(deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
_QUICKLY, _AT_LENGTH = settings(_AT_ALL, max_examples=2), settings(_AT_ALL, max_examples=60)


def of_the_form(document: bytes, form: CarriedForm) -> XmlDocument:
    """``document`` with what the header always says of ``form``."""
    root = etree.fromstring(document)
    said = {"maTKhai": form.version.code, "pbanTKhaiXML": form.version.number, "loaiTKhai": form.version.kinds[0]}
    for name, text in said.items():
        root.find(f".//{{*}}TKhaiThue/{{*}}{name}").text = text  # type: ignore[union-attr]
    return read_xml(etree.tostring(root))


def there_and_back(form: CarriedForm, document: XmlDocument) -> XmlDocument:
    workbook = make_template(Carried(connector, form), {}, day=None, filled=document)
    return draft(Source("f.xlsx", workbook), [connector], {}, day=DAY).document


def assert_same(document: XmlDocument, other: XmlDocument) -> None:
    profile = connector.profile_of(document)
    assert profile is not None
    if content_digest(document, profile) != content_digest(other, profile):
        assert document.data.decode().splitlines() == other.data.decode().splitlines()
        pytest.fail("they differ in white space alone")


@FORMS
@_QUICKLY
@given(st.data())
def test_any_document_comes_back_as_it_was(form: CarriedForm, data: st.DataObject) -> None:
    document = of_the_form(data.draw(documents(form.version)), form)
    assert_same(document, there_and_back(form, document))


@pytest.mark.slow
@FORMS
@_AT_LENGTH
@given(st.data())
def test_any_of_many_documents_comes_back_as_it_was(form: CarriedForm, data: st.DataObject) -> None:
    document = of_the_form(data.draw(documents(form.version)), form)
    assert_same(document, there_and_back(form, document))


def seconds_to_build(number: int) -> float:
    """Time of the processor for building ``number`` lines: what other programs do meanwhile does not count, nor how
    often Python looks through all that the tests before have left."""
    workbook = filled(lines(*[LINE] * number))
    gc.collect()
    gc.disable()
    began = time.process_time()
    drafted = built(workbook)
    seconds = time.process_time() - began
    gc.enable()
    assert drafted.document.data.count(b"<ChiTietPhi>") == number
    return seconds


def test_five_thousand_lines_take_no_more_than_their_share_of_the_time() -> None:
    seconds_to_build(100)  # what is loaded and compiled once
    # Asked again on a busy machine; a square would be twenty-five times as long each time.
    assert any(seconds_to_build(5_000) < 8 * seconds_to_build(1_000) for _ in range(3))
