"""Signing: the exact profile, the caller's bytes, what must not be signed."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from lxml import etree

import keys
from govgateway.documents.xml import read_xml
from govgateway.errors import CertificateUnfit, DocumentRefused
from govgateway.signing.canonical import EXCLUSIVE
from govgateway.signing.content import content_digest, remove_signatures
from profiled import curve_holder, expect_python_xmlsec_accepts
from samples import EXAMPLE, declaration
from signed import PROFILE, signed_by, signed_declaration, verified

DS = "{http://www.w3.org/2000/09/xmldsig#}"
ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"


def _signature(data: bytes) -> etree._Element:
    found = read_xml(data).root.find(f".//{DS}Signature")
    assert found is not None
    return found


def test_the_profile_is_that_of_the_portal() -> None:
    signature = _signature(signed_declaration())
    tree = [(element.tag.removeprefix(DS), dict(element.attrib)) for element in signature.iter()]
    names = [name for name, _ in tree]
    assert names == [
        "Signature", "SignedInfo", "CanonicalizationMethod", "SignatureMethod",
        "Reference", "DigestMethod", "DigestValue", "Reference", "DigestMethod", "DigestValue",
        "SignatureValue", "KeyInfo", "X509Data", "X509SubjectName", "X509Certificate",
        "Object", "SignatureProperties", "SignatureProperty", "SigningTime",
    ]  # fmt: skip
    assert signature.prefix is None
    assert signature.get("Id", "").startswith("NBan-")
    parent = signature.getparent()
    assert parent is not None
    assert etree.QName(parent).localname == "CKyDTu"
    references = [element.get("URI", "") for element in signature.iter(f"{DS}Reference")]
    assert references[0] == "#NODETOSIGN"
    assert references[1] == "#" + signature.find(f"{DS}Object").get("Id")  # type: ignore[union-attr]
    assert references[1].startswith("#SigningTime-")
    assert signature.findtext(f".//{DS}SigningTime") == "2026-11-16T10:00:00"
    assert "UID=MST:9900000016" in (signature.findtext(f".//{DS}X509SubjectName") or "")
    assert (
        signature.find(f"{DS}Object/{DS}SignatureProperties/{DS}SignatureProperty").get("Target")
        == "signatureProperties"
    )  # type: ignore[union-attr]


def test_only_the_signature_and_the_id_are_new_in_the_bytes() -> None:
    before, after = EXAMPLE.read_bytes(), signed_declaration()
    start, end = after.index(b"<Signature "), after.index(b"</Signature>") + len(b"</Signature>")
    unsigned = (after[:start] + after[end:]).replace(b'<HSoKhaiThue id="NODETOSIGN">', b'<HSoKhaiThue id="ID_1">')
    assert unsigned == before
    assert after.startswith(b"\xef\xbb\xbf")
    assert b"xmlns:xsi" not in after[start:end]


def test_an_id_that_is_unique_is_kept() -> None:
    data = signed_by(declaration(('<HSoKhaiThue id="ID_1">', '<HSoKhaiThue id="_NODE_TO_SIGN">')), keys.leaf())
    assert b'<HSoKhaiThue id="_NODE_TO_SIGN">' in data
    assert b'URI="#_NODE_TO_SIGN"' in data


@pytest.mark.parametrize(
    ("opening", "written"),
    [
        ("<HSoKhaiThue>", '<HSoKhaiThue id="NODETOSIGN">'),
        ("<HSoKhaiThue  id='ID_1' >", '<HSoKhaiThue  id="NODETOSIGN" >'),
        ('<HSoKhaiThue\n id = "ID_1">', '<HSoKhaiThue\n id="NODETOSIGN">'),
        ("""<HSoKhaiThue a=' id="ID_1" ' id="ID_1">""", """<HSoKhaiThue a=' id="ID_1" ' id="NODETOSIGN">"""),
        ('<HSoKhaiThue a="/>" b=">">', '<HSoKhaiThue a="/>" b=">" id="NODETOSIGN">'),
    ],
)
def test_a_missing_or_shared_id_is_written(opening: str, written: str) -> None:
    data = signed_by(declaration(('<HSoKhaiThue id="ID_1">', opening)), keys.leaf())
    assert written.encode() in data
    assert b'URI="#NODETOSIGN"' in data
    assert verified(data).signatures[0].intact


@pytest.mark.parametrize(
    "place",
    [
        "<CKyDTu/>",
        "<CKyDTu />",
        "<CKyDTu>\r\n  </CKyDTu>",
        "<CKyDTu></CKyDTu ><!-- </CKyDTu> -->",
        "<!-- <CKyDTu> --><CKyDTu></CKyDTu>",
        "<!--<CKyDTu/>--><CKyDTu/>",
        '<CKyDTu xmlns:x="urn:x"></CKyDTu>',
    ],
)
def test_the_place_is_found_however_it_is_written(place: str) -> None:
    source = declaration(("<CKyDTu></CKyDTu>", place))
    data = signed_by(source, keys.leaf(), keys.leaf("MST:9900000023", common="Đại lý"))
    assert [(each.intact, each.well_placed) for each in verified(data).signatures] == [(True, True)] * 2
    assert re.sub(rb"\s*/>", b">", place.encode()[:7]) in data


def test_a_second_signature_leaves_the_first_as_it_is() -> None:
    first = signed_declaration()
    both = signed_by(read_xml(first), keys.leaf("MST:9900000023", common="Đại lý thuế Mẫu"))
    end = first.index(b"</Signature>") + len(b"</Signature>")
    assert both.startswith(first[:end])
    assert both.endswith(first[end:])
    assert [each.signer for each in verified(both).signatures] == ["Sở Xây dựng tỉnh An Hoà", "Đại lý thuế Mẫu"]
    assert all(each.intact and each.well_placed and each.trusted for each in verified(both).signatures)


def test_the_document_in_memory_is_left_alone() -> None:
    document = declaration(('<HSoKhaiThue id="ID_1">', '<HSoKhaiThue id="only">'))
    before = etree.tostring(document.root)
    signed_by(document, keys.leaf())
    assert etree.tostring(document.root) == before


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (("<tyLe>10<", "<tyLe>1<!-- -->0<"), "chú thích"),
        (("<tyLe>10<", "<tyLe>1<?x?>0<"), "chú thích"),
        (("<CKyDTu></CKyDTu>", ""), "CKyDTu"),
        (("<CKyDTu></CKyDTu>", "<CKyDTu/><CKyDTu/>"), "CKyDTu"),
        (("<HSoThueDTu ", '<HSoThueDTu xmlns:q="relative" '), "không gian tên"),
        (("<tenNNT>", '<tenNNT ID="NODETOSIGN">'), "trùng"),
    ],
)
def test_what_is_not_signed(change: tuple[str, str], word: str) -> None:
    with pytest.raises(DocumentRefused) as caught:
        signed_by(declaration(change), keys.leaf())
    assert word in caught.value.message.vi


def test_an_empty_id_is_written_too() -> None:
    assert b'<HSoKhaiThue id="NODETOSIGN">' in signed_by(declaration(('id="ID_1"', 'id=""')), keys.leaf())


def test_another_encoding_is_not_signed() -> None:
    text = EXAMPLE.read_bytes().decode("utf-8-sig").replace('encoding="UTF-8"', 'encoding="UTF-16"')
    with pytest.raises(DocumentRefused) as caught:
        signed_by(read_xml(text.encode("utf-16")), keys.leaf())
    assert "UTF-16" in caught.value.message.vi


def test_nobody_signs_twice() -> None:
    with pytest.raises(DocumentRefused):
        signed_by(read_xml(signed_declaration()), keys.leaf())


def test_the_same_declaration_is_the_same_content_however_it_is_signed() -> None:
    unsigned = content_digest(declaration(), PROFILE)
    both = signed_by(declaration(), keys.leaf(), keys.leaf("MST:9900000023", common="Đại lý"))
    assert content_digest(read_xml(signed_declaration()), PROFILE) == unsigned
    assert content_digest(read_xml(both), PROFILE) == unsigned
    assert content_digest(declaration(("<tyLe>10<", "<tyLe>11<")), PROFILE) != unsigned


def test_signatures_can_be_taken_out() -> None:
    data = signed_by(declaration(), keys.leaf(), keys.leaf("MST:9900000023", common="Đại lý"))
    assert remove_signatures(read_xml(data), PROFILE) == EXAMPLE.read_bytes().replace(
        b'<HSoKhaiThue id="ID_1">', b'<HSoKhaiThue id="NODETOSIGN">'
    )


@pytest.mark.parametrize("prefixed", [False, True])
def test_a_reference_without_transforms_is_by_c14n_1_0_whatever_signed_info_is_by(prefixed: bool) -> None:
    """The standard says so (XMLDSig 4.4.3.2): xmlsec goes by it, so that a digest by another form would be refused."""
    profile = replace(PROFILE, canonicalisation=EXCLUSIVE, transforms=(ENVELOPED,) if prefixed else ())
    data = signed_by(declaration(), keys.leaf(), profile=profile)
    expect_python_xmlsec_accepts(data)
    (signature,) = verified(data).signatures
    assert signature.intact


def test_the_transform_that_is_named_is_the_one_that_is_used() -> None:
    profile = replace(PROFILE, transforms=(EXCLUSIVE,))
    data = signed_by(declaration(), keys.leaf(), profile=profile)
    expect_python_xmlsec_accepts(data)
    assert verified(data).signatures[0].intact


def test_a_key_of_a_kind_that_the_receiver_does_not_take() -> None:
    with pytest.raises(CertificateUnfit) as caught:
        signed_by(declaration(), curve_holder())
    assert "RSA-SHA256" in caught.value.message.vi


@pytest.mark.parametrize(("curve", "name"), [("P-256", "ECDSA-SHA256"), ("P-384", "ECDSA-SHA384")])
def test_a_curve_is_signed_with_by_a_hash_as_strong_as_it(curve: str, name: str) -> None:
    ecdsa = tuple(f"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha{bits}" for bits in (256, 384, 512))
    data = signed_by(declaration(), curve_holder(curve), profile=replace(PROFILE, signature_algorithms=ecdsa))
    assert verified(data).signatures[0].algorithms[0] == name
    weaker = replace(PROFILE, signature_algorithms=ecdsa[:1])
    data = signed_by(declaration(), curve_holder(curve), profile=weaker)
    assert verified(data).signatures[0].algorithms[0] == "ECDSA-SHA256"


def test_nothing_is_added_to_what_somebody_signed_as_a_whole() -> None:
    whole = replace(PROFILE, signed_node=(), id_attribute="", transforms=(ENVELOPED,))
    signed_whole = read_xml(signed_by(declaration(), keys.leaf(), profile=whole))
    with pytest.raises(DocumentRefused) as caught:
        signed_by(signed_whole, keys.leaf("MST:9900000023", common="Đại lý"))
    assert "sẽ làm hỏng" in caught.value.message.vi


def test_signatures_are_taken_out_of_every_place_and_nothing_else_is() -> None:
    holder = "<CKyDTu>\n <!-- <Signature> --> </CKyDTu>"
    plain = declaration(("<CKyDTu></CKyDTu>", holder), ('id="ID_1"', 'id="NODETOSIGN"'))
    data = signed_by(plain, keys.leaf(), keys.leaf("MST:9900000023", common="Đại lý"))
    assert remove_signatures(read_xml(data), PROFILE) == plain.data
