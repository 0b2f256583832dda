"""Only the Signature is new in the caller's bytes, however those are written."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

import keys
from govgateway.documents.xml import XmlDocument, read_xml
from govgateway.errors import DocumentRefused
from govgateway.signing.placement import find_tags
from samples import declaration
from signed import signed_by, verified

_DECOYS = ["<CKyDTu>", "<CKyDTu/>", "</CKyDTu>", '<CKyDTu "', "<CKyDTu '/>", '"', "'", "/>", "HSoKhaiThue", " id='x'"]
_HIDDEN = st.lists(st.sampled_from(_DECOYS), max_size=3).map("".join)
_BETWEEN = st.one_of(st.just(""), st.just(" "), st.just("\n"), _HIDDEN.map(lambda text: f"<!--{text}-->"))
_PLACES = [
    "<CKyDTu></CKyDTu>", "<CKyDTu/>", "<CKyDTu />", "<CKyDTu\n/>", "<CKyDTu>\n  </CKyDTu>", "<CKyDTu></CKyDTu\n>",
    '<CKyDTu a="&gt;>"></CKyDTu>', "<CKyDTu a='/>'/>", '<CKyDTu xmlns:q="urn:q" a="\'"></CKyDTu >',
]  # fmt: skip
_OPENINGS = [
    '<HSoKhaiThue id="NODETOSIGN">', "<HSoKhaiThue id='NODETOSIGN' >", '<HSoKhaiThue\n  a=">" id="NODETOSIGN">',
    "<HSoKhaiThue id = \"NODETOSIGN\" b='<CKyDTu/>'>".replace("<CKyDTu/>", "&lt;CKyDTu/>"),
]  # fmt: skip


@st.composite
def _sources(draw: st.DrawFn) -> tuple[bytes, str]:
    """A declaration as somebody may write it, with its place for signatures."""
    place = draw(st.sampled_from(_PLACES))
    cdata = f"<![CDATA[{draw(_HIDDEN)}]]>" if draw(st.booleans()) else "Phí"
    text = declaration().data.decode("utf-8-sig").rstrip()
    text = text.replace('<HSoKhaiThue id="ID_1">', draw(st.sampled_from(_OPENINGS)))
    text = text.replace("Phí thẩm định dự án đầu tư xây dựng", cdata)
    text = text.replace("<CKyDTu></CKyDTu>", draw(_BETWEEN) + place + draw(_BETWEEN))
    text = text.replace("<HSoThueDTu ", draw(_BETWEEN) + "<HSoThueDTu ") + draw(_BETWEEN)
    line_end = draw(st.sampled_from(["\r\n", "\n"]))
    mark = draw(st.sampled_from([b"", b"\xef\xbb\xbf"]))
    return mark + re.sub(r"\r?\n", line_end, text).encode(), re.sub("\n", line_end, place)


def _without_signature(data: bytes) -> bytes:
    return re.sub(rb"<Signature .*?</Signature>", b"", data, flags=re.DOTALL)


@settings(max_examples=60, deadline=None)
@given(_sources())
def test_only_the_signature_is_new(source: tuple[bytes, str]) -> None:
    data, place = source
    signed = signed_by(read_xml(data), keys.leaf())
    (signature,) = verified(signed).signatures
    assert (signature.intact, signature.well_placed, signature.trusted) == (True, True, True)
    if place.endswith("/>"):
        opened = place.removesuffix("/>").rstrip() + "></CKyDTu>"
        assert data.count(place.encode()) >= 1
        assert _without_signature(signed) in {
            data[: found.start()] + opened.encode() + data[found.end() :]
            for found in re.finditer(re.escape(place.encode()), data)
        }
    else:
        assert _without_signature(signed) == data


@settings(max_examples=60, deadline=None)
@given(_sources())
def test_every_element_s_tags_are_its_own(source: tuple[bytes, str]) -> None:
    document = read_xml(source[0])
    for element in document.root.iter(etree.Element):
        tags = find_tags(document, element)
        opening, closing = document.data[tags.start : tags.content], document.data[tags.end : tags.after]
        name = etree.QName(element).localname.encode()
        assert re.fullmatch(rb"<" + name + rb"([\s/>].*)?>?", opening, re.DOTALL)
        assert re.fullmatch(rb"</" + name + rb"\s*>", closing) if not tags.empty else closing == b""
        alone = etree.fromstring(document.data[tags.start : tags.after])
        assert etree.QName(alone).localname.encode() == name
        assert len(alone) == len(element)


def test_names_that_begin_alike_are_not_mistaken() -> None:
    document = read_xml(b"<a><bc/><b>1</b><b.c/><b-c/></a>")
    tags = find_tags(document, document.root[1])
    assert document.data[tags.start : tags.after] == b"<b>1</b>"


@pytest.mark.parametrize("encoding", ["utf-16", "cp1258"])
def test_tags_are_looked_for_in_utf_8_only(encoding: str) -> None:
    declared = "UTF-16" if encoding == "utf-16" else "windows-1258"
    document = read_xml(f'<?xml version="1.0" encoding="{declared}"?><a><b/></a>'.encode(encoding))
    with pytest.raises(DocumentRefused):
        find_tags(document, document.root[0])


def test_a_name_that_only_newer_readers_know_is_refused_where_a_parser_has_to_look() -> None:
    document: XmlDocument = read_xml("<a><!-- --><\u0220/></a>".encode())
    with pytest.raises(DocumentRefused):
        find_tags(document, document.root)
