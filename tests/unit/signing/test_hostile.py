"""Whatever bytes come, nothing is raised but an error that a person can read."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from functools import cache

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

import keys
from forging import rearranged
from govgateway.documents.difference import differences
from govgateway.documents.xml import read_xml
from govgateway.errors import GovGatewayError, UnreadableDocument
from govgateway.signing.content import content_digest, remove_signatures
from govgateway.signing.placement import find_tags
from govgateway.signing.signer import FileSigner
from profiled import PROFILES, SIGNING, example
from samples import declaration, fee_form
from signed import PROFILE, signed_by, signed_declaration, verified

SIGNED = signed_declaration()
CONTENT = verified(SIGNED).content
TAGS = [found.end() for found in re.finditer(rb"<[^>]*>", SIGNED)]
TOKENS = [
    b"<", b">", b"/>", b'"', b"&", b"&#0;", b"<!-- -->", b"<![CDATA[<CKyDTu>]]>", b"<?x y?>", b"</CKyDTu>",
    b"<CKyDTu/>", b'<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>', b"\x00", b"\xff", b"-", b"9" * 30,
    b".", b"x", b'<q:b xmlns:q="relative"/>', b"<!DOCTYPE a>", b'<x xmlns=""/>', "ở".encode(),
]  # fmt: skip
ATTRIBUTES = [
    b' xmlns=""', b' xmlns:q="relative"', b' xml:lang="vi"', b' id="NODETOSIGN"', b' Id="NODETOSIGN"', b' xml:id="x"',
    b' xsi:nil="true"', b' xsi:type="Text"', b' Algorithm="x"', b" a='>'",
]  # fmt: skip


@st.composite
def _altered(draw: st.DrawFn) -> bytes:
    """The signed example with up to three changes: bytes cut, doubled or put in, text and attributes beside tags."""
    data = SIGNED
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.sampled_from(TAGS)) if draw(st.booleans()) else draw(st.integers(0, len(data)))
        kind = draw(st.sampled_from(["put", "attribute", "cut", "double"]))
        length = draw(st.integers(1, 400))
        if kind == "put":
            data = data[:at] + draw(st.sampled_from(TOKENS)) + data[at:]
        elif kind == "attribute":
            end = data.find(b">", at)
            data = data[:end] + draw(st.sampled_from(ATTRIBUTES)) + data[end:]
        elif kind == "cut":
            data = data[:at] + data[at + length :]
        else:
            data = data[: at + length] + data[at:]
    return data


def _quietly(work: Callable[[], object]) -> object:
    try:
        return work()
    except GovGatewayError:
        return None


@settings(max_examples=250, deadline=None)
@given(_altered())
def test_altered_documents(data: bytes) -> None:
    try:
        document = read_xml(data)
    except GovGatewayError:
        return
    for finding in fee_form().check(document):
        assert finding.rule != "SCHEMA-OTHER"
    verification = verified(data)
    assert verification.content in {None, CONTENT}
    _quietly(lambda: content_digest(document, PROFILE))
    _quietly(lambda: remove_signatures(document, PROFILE))
    _quietly(lambda: find_tags(document, list(document.root.iter(etree.Element))[-1]))
    differences(declaration().root, document.root, fee_form().outline)
    signed = _quietly(lambda: signed_by(document, keys.leaf("MST:9900000023", common="Đại lý")))
    if isinstance(signed, bytes):
        assert any(each.signer == "Đại lý" and each.intact and each.well_placed for each in verified(signed).signatures)


@st.composite
def _rearranged(draw: st.DrawFn) -> tuple[str, bytes]:
    """The example of a profile, signed, with up to four changes of its structure."""
    name = draw(st.sampled_from(SIGNING))
    root = etree.fromstring(_signed_example(name))
    for _ in range(draw(st.integers(1, 4))):
        root = rearranged(root, lambda below: draw(st.integers(0, below - 1)))
    return name, etree.tostring(root, encoding="UTF-8")


@cache
def _signed_example(name: str) -> bytes:
    return signed_by(example(name), keys.leaf(), profile=PROFILES[name])


@cache
def _signed_content(name: str) -> bytes | None:
    return verified(_signed_example(name), PROFILES[name]).content


@settings(max_examples=400, deadline=None)
@given(_rearranged())
def test_what_verifies_after_any_rearrangement_is_what_was_signed(drawn: tuple[str, bytes]) -> None:
    name, data = drawn
    try:
        verification = verified(data, PROFILES[name])
    except UnreadableDocument:
        return
    assert verification.content in {None, _signed_content(name)}


def _damaged(data: bytes) -> st.SearchStrategy[bytes]:
    """``data`` with one to three bytes changed, left out or put in."""

    @st.composite
    def damage(draw: st.DrawFn) -> bytes:
        changed = bytearray(data)
        for _ in range(draw(st.integers(1, 3))):
            at = draw(st.integers(0, len(changed) - 1))
            byte = draw(st.integers(0, 255))
            kind = draw(st.sampled_from(["change", "change", "cut", "put"]))
            changed[at : at + (kind != "put")] = b"" if kind == "cut" else bytes([byte])
        return bytes(changed)

    return damage().filter(lambda changed: changed != data)


DER = keys.leaf().certificate.public_bytes(Encoding.DER)
WRITTEN = b64encode(DER)


@pytest.mark.filterwarnings("ignore")  # the library warns of what a damaged certificate says
@settings(max_examples=150, deadline=None)
@given(_damaged(DER))
def test_damaged_certificates(der: bytes) -> None:
    assert WRITTEN in SIGNED
    (signature,) = verified(SIGNED.replace(WRITTEN, b64encode(der))).signatures
    assert not signature.trusted


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=60, deadline=None)
@given(_damaged(keys.leaf().pkcs12()))
def test_damaged_pkcs12_files(data: bytes) -> None:
    read = _quietly(lambda: FileSigner.from_pkcs12(data, keys.PASSWORD))
    assert read is None or isinstance(read, FileSigner)


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=30, deadline=None)
@given(_damaged(keys.leaf().pem()), st.sampled_from([None, "", keys.PASSWORD]))
def test_damaged_pem_files(data: bytes, password: str | None) -> None:
    read = _quietly(lambda: FileSigner.from_pem(data, password))
    assert read is None or isinstance(read, FileSigner)


def test_a_name_that_is_no_text_is_not_believed() -> None:
    """The bytes of the name are not UTF-8; the value still verifies, for the key is the same."""
    name = "Sở".encode()
    der = DER.replace(name, b"\xff" * len(name))
    (signature,) = verified(SIGNED.replace(WRITTEN, b64encode(der))).signatures
    assert b64decode(WRITTEN) != der
    assert not signature.intact
    assert "không đọc được" in signature.reason.vi
