"""Verification refuses everything that was changed, moved or hidden after signing."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

import keys
from govgateway.documents.xml import read_xml
from govgateway.errors import UnreadableDocument
from govgateway.signing.trust import TrustStore
from govgateway.signing.verify import verify
from samples import declaration
from signed import PROFILE, PROFILES, signed_by, signed_declaration, verified

SIGNED = signed_declaration()
NS = b'xmlns="http://kekhaithue.gdt.gov.vn/TKhaiThue"'


def _swap(old: bytes, new: bytes) -> bytes:
    assert old in SIGNED, old
    return SIGNED.replace(old, new, 1)


def _node() -> bytes:
    return SIGNED[SIGNED.index(b"<HSoKhaiThue") : SIGNED.index(b"</HSoKhaiThue>") + 14]


CHANGES: dict[str, Callable[[], bytes]] = {
    "a figure": lambda: _swap(b"<tyLe>10<", b"<tyLe>20<"),
    "white space": lambda: _swap(b"<tyLe>10<", b"<tyLe>10 <"),
    "line between elements": lambda: _swap(b"<NNT>", b"<NNT>\n"),
    "the signing time": lambda: _swap(b"T10:00:00<", b"T11:00:00<"),
    "namespace on the root": lambda: _swap(NS, NS + b' xmlns:q="urn:q"'),
    "namespace on the node": lambda: _swap(b"<HSoKhaiThue ", b'<HSoKhaiThue xmlns:q="urn:q" '),
    "xmlns='' on a leaf": lambda: _swap(b"<tyLe>", b'<tyLe xmlns="">'),
    "xmlns='' on a wrapper": lambda: _swap(b"<NNT>", b'<NNT xmlns="">'),
    "xml:lang on the root": lambda: _swap(NS, NS + b' xml:lang="vi"'),
    "node moved under another element": lambda: _swap(_node(), b"<Khac>" + _node() + b"</Khac>"),
    "forged node in place, true one elsewhere": lambda: _swap(
        _node(), _node().replace(b"NODETOSIGN", b"forged") + b"<Khac>" + _node() + b"</Khac>"
    ),
    "node moved into the signature": lambda: _swap(_node(), b"").replace(
        b"</SigningTime>", b"</SigningTime>" + _node()
    ),
    "second node with the same id": lambda: _swap(_node(), _node() + _node()),
    "same id value in another element": lambda: _swap(b"<NNT>", b'<NNT ID="NODETOSIGN">'),
    "same id value beside the node": lambda: _swap(b"<CKyDTu>", b'<CKyDTu Id="NODETOSIGN">'),
    "comment inside an amount": lambda: _swap(b"<tyLe>10<", b"<tyLe>1<!--x-->0<"),
    "processing instruction": lambda: _swap(b"<tyLe>10<", b"<tyLe>1<?x?>0<"),
    "the signature value": lambda: re.sub(rb"<SignatureValue>.", b"<SignatureValue>A", SIGNED),
    "the node's reference gone": lambda: re.sub(
        rb'<Reference URI="#NODETOSIGN">.*?</Reference>', b"", SIGNED, flags=re.DOTALL
    ),
    "another certificate": lambda: re.sub(
        rb"<X509Certificate>[^<]*",
        b"<X509Certificate>" + _certificate(signed_by(declaration(), keys.leaf("MST:9900000023", common="Khác"))),
        SIGNED,
    ),
    "HMAC": lambda: _swap(
        b"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", b"http://www.w3.org/2000/09/xmldsig#hmac-sha1"
    ),
    "SHA-1": lambda: _swap(
        b"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", b"http://www.w3.org/2000/09/xmldsig#rsa-sha1"
    ),
    "whole document by an empty URI": lambda: _swap(b'URI="#NODETOSIGN"', b'URI=""'),
    "an outside reference": lambda: _swap(b'URI="#NODETOSIGN"', b'URI="http://example.com/"'),
    "an XPath transform": lambda: _swap(
        b'<Reference URI="#NODETOSIGN">',
        b'<Reference URI="#NODETOSIGN"><Transforms><Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"/>'
        b"</Transforms>",
    ),
    "base64 that is none": lambda: _swap(b"<DigestValue>", b"<DigestValue>!"),
    "no certificate": lambda: re.sub(rb"<X509Certificate>.*?</X509Certificate>", b"", SIGNED, flags=re.DOTALL),
    "a relative namespace": lambda: _swap(NS, NS + b' xmlns:q="relative"'),
}


def _certificate(data: bytes) -> bytes:
    found = re.search(rb"<X509Certificate>([^<]*)", data)
    assert found
    return found[1]


def test_what_was_signed_is_good() -> None:
    (signature,) = verified(SIGNED).signatures
    assert signature.intact
    assert signature.well_placed
    assert signature.trusted
    assert signature.reason.vi == ""
    assert signature.signed_path == "/HSoThueDTu/HSoKhaiThue"
    assert signature.identifiers == ("MST:9900000016",)
    assert signature.signing_time == keys.NOW
    assert signature.not_covered == ()


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_changed_is_not(change: str) -> None:
    verification = verified(CHANGES[change]())
    assert verification.signatures
    assert not all(each.intact and each.well_placed for each in verification.signatures)
    assert verification.content is None
    reason = verification.signatures[0].reason
    assert reason.vi
    assert reason.vi != reason.en


def test_a_dtd_in_front_is_refused_by_the_reader() -> None:
    with pytest.raises(UnreadableDocument):
        read_xml(_swap(b"<HSoThueDTu", b"<!DOCTYPE HSoThueDTu><HSoThueDTu"))


@pytest.mark.parametrize(
    "harmless",
    [
        lambda: SIGNED.removeprefix(b"\xef\xbb\xbf"),
        lambda: re.sub(rb"(<SignatureValue>.{70})", rb"\1&#13;\n", SIGNED),
        lambda: _swap(b"</HSoThueDTu>", b"</HSoThueDTu><!-- sau -->"),
    ],
)
def test_what_is_outside_may_differ(harmless: Callable[[], bytes]) -> None:
    (signature,) = verified(harmless()).signatures
    assert signature.intact
    assert signature.well_placed


def test_a_signature_at_another_place_is_not_well_placed() -> None:
    start, end = SIGNED.index(b"<Signature "), SIGNED.index(b"</Signature>") + 12
    moved = (SIGNED[:start] + SIGNED[end:]).replace(b"<CKyDTu>", SIGNED[start:end] + b"<CKyDTu>")
    (signature,) = verified(moved).signatures
    assert not signature.well_placed
    assert verified(moved).content is None


def test_parts_that_no_signature_covers_are_named() -> None:
    (signature,) = verified(_swap(b"<CKyDTu>", b"<PhuLuc/><CKyDTu>")).signatures
    assert signature.intact
    assert signature.not_covered == ("/HSoThueDTu/PhuLuc",)


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        (b"<HSoThueDTu ", b'<HSoThueDTu la="1" ', "/HSoThueDTu/@la"),
        (b"<CKyDTu>", b'<CKyDTu la="1">', "/HSoThueDTu/CKyDTu/@la"),
        (b"<CKyDTu>", b"<CKyDTu><GhiChu/>", "/HSoThueDTu/CKyDTu/GhiChu"),
        (b"<CKyDTu>", "<CKyDTu>chữ".encode(), "/HSoThueDTu/CKyDTu/text()"),
    ],
)
def test_whatever_nobody_signed_is_named(old: bytes, new: bytes, path: str) -> None:
    (signature,) = verified(signed_declaration().replace(old, new, 1)).signatures
    assert (signature.intact, signature.not_covered) == (True, (path,))


def test_an_unsigned_document_has_no_signature() -> None:
    verification = verified(declaration().data)
    assert verification.signatures == ()
    assert verification.content is None


def test_the_content_is_the_signed_node() -> None:
    content = verified(SIGNED).content
    assert content is not None
    assert content.startswith(b"<HSoKhaiThue xmlns=")
    assert read_xml(content).root.get("id") == "NODETOSIGN"


def test_a_profile_of_another_document_finds_it_misplaced() -> None:
    (signature,) = verified(SIGNED, PROFILES["etax-notice-2026"]).signatures
    assert not (signature.intact and signature.well_placed)


def test_strangers_and_expired_certificates_are_not_trusted() -> None:
    stranger = signed_by(declaration(), keys.leaf(organisation="Người lạ"))
    assert not verified(stranger).signatures[0].trusted
    assert verified(stranger).signatures[0].intact
    assert "không rõ" in verified(stranger).signatures[0].trust_reason.vi
    expired = signed_by(declaration(), keys.leaf(days=(-30, -10)))
    assert "hết hạn" in verified(expired).signatures[0].trust_reason.vi
    nobody = verify(read_xml(SIGNED), PROFILE, TrustStore.empty(), keys.NOW)
    assert "chưa cấu hình" in nobody.signatures[0].trust_reason.vi


def test_trust_is_judged_inside_an_event_loop_too() -> None:
    async def inside() -> bool:
        return verified(SIGNED).signatures[0].trusted

    assert asyncio.run(inside())


def test_a_certificate_that_is_not_for_signing_is_not_trusted() -> None:
    authority = keys.issuing()
    (signature,) = verified(signed_by(declaration(), authority)).signatures
    assert signature.intact
    assert not signature.trusted
    assert "không dùng để ký" in signature.trust_reason.vi


def test_a_certificate_is_judged_at_the_time_of_signing() -> None:
    much_later = datetime(2035, 1, 1, tzinfo=UTC)
    assert verify(read_xml(SIGNED), PROFILE, keys.trust(), much_later).signatures[0].trusted
