"""A document for the eye: nothing is hidden, nothing is interpreted, nothing is too large."""

from __future__ import annotations

import pytest

from govgateway_mocks.console.readable import LARGEST_READ, LONGEST_TEXT, MOST_FIELDS, readable, visible
from samples import declaration
from simulated import filed


def test_xml_is_shown_with_one_element_a_line() -> None:
    shown = readable(b"<a><b>1</b><c><d>2</d></c></a>")
    assert shown.text == "<a>\n  <b>1</b>\n  <c>\n    <d>2</d>\n  </c>\n</a>"
    assert (shown.xml, shown.cut) == (True, False)


def test_the_elements_that_stand_once_are_fields() -> None:
    shown = readable(b'<a xmlns="urn:x"><head><name> Sao Mai </name><empty/></head><row>1</row><row>2</row></a>')
    assert shown.fields == (("head/name", "Sao Mai"),)


def test_a_declaration_shows_its_header_and_not_its_signatures() -> None:
    fields = dict(readable(filed()).fields)
    name = "HSoKhaiThue/TTinChung/TTinTKhaiThue/NNT/tenNNT"
    assert fields[name] == "Sở Xây dựng tỉnh An Hoà"
    assert not [path for path in fields if "Signature" in path]
    assert fields == dict(readable(declaration().data).fields)


@pytest.mark.parametrize(
    "data", [b"", b"no xml", b"<a>", b"\xff\xfe\x00", b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', b"<a>" * 100_000]
)
def test_what_cannot_be_read_as_xml_is_shown_as_the_text_that_it_is(data: bytes) -> None:
    shown = readable(data)
    assert (shown.xml, shown.fields) == (False, ())
    assert data.decode("utf-8", "replace").startswith(shown.text)


@pytest.mark.parametrize("data", [b"x" * (LONGEST_TEXT + 1), b"<a>" + b"x" * LONGEST_TEXT + b"</a>", b"x" * 4_000_000])
def test_a_long_text_is_cut_and_says_so(data: bytes) -> None:
    shown = readable(data)
    assert (len(shown.text), shown.cut) == (LONGEST_TEXT, True)


def test_a_text_of_the_longest_length_is_whole() -> None:
    assert readable(b"x" * LONGEST_TEXT).cut is False


def test_there_are_not_more_fields_than_somebody_reads() -> None:
    data = b"<a>" + b"".join(b"<f%d>1</f%d>" % (each, each) for each in range(MOST_FIELDS + 1)) + b"</a>"
    assert len(readable(data).fields) == MOST_FIELDS


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1\u202e23", "1⟨U+202E⟩23"),
        ("a\u200bb", "a⟨U+200B⟩b"),
        ("\x1b[31m\x00", "⟨U+001B⟩[31m⟨U+0000⟩"),
        ("dòng một\r\n\tdòng hai\n", "dòng một\n\tdòng hai\n"),
        ("Nguyễn Thị Hoà", "Nguyễn Thị Hoà"),
    ],
)
def test_signs_that_are_not_seen_are_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_a_large_document_is_shown_without_being_read() -> None:
    data = b"<a>" + b"<b>x</b>" * (LARGEST_READ // 8) + b"</a>"
    shown = readable(data)
    assert (shown.xml, shown.fields, shown.cut) == (False, (), True)
    assert shown.text == data[:LONGEST_TEXT].decode()
