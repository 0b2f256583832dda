"""What a XAdES signature says of itself, and that it is believed only where it was signed."""

from __future__ import annotations

import re

import pytest
from lxml import etree

import keys
from govgateway.documents.xml import read_xml
from govgateway.signing.references import SIGNATURE
from govgateway.signing.verify import VerifiedSignature, verify
from govgateway.signing.xades import COUNTERSIGNATURES, confirmed_by, room_for_countersignature, signed_properties
from profiled import PROFILES, example, fill, pem
from signed import signed_by, signed_declaration

PROFILE = PROFILES["xades"]
SIGNED = signed_by(example("xades"), keys.leaf(), profile=PROFILE)


def _signature(data: bytes = SIGNED) -> VerifiedSignature:
    (signature,) = verify(read_xml(data), PROFILE, keys.trust(), keys.NOW).signatures
    return signature


def _signed_anew(*changes: tuple[bytes, bytes]) -> bytes:
    """The signed letter with ``changes``, its digests and value computed anew by xmlsec."""
    data = SIGNED
    for old, new in changes:
        changed = re.sub(old, new, data, flags=re.DOTALL)
        assert changed != data, old
        data = changed
    root = read_xml(data).root
    found = root.find(f".//{SIGNATURE}")
    assert found is not None
    for each in found.iter("{*}SignedInfo"):
        for digest in each.iter("{*}DigestValue"):
            digest.text = None
    fill(root, found, pem(keys.leaf().key))
    return etree.tostring(root)


def test_it_has_the_time_the_certificate_and_the_kind_of_the_data() -> None:
    properties = signed_properties(next(read_xml(SIGNED).root.iter(SIGNATURE)))
    assert properties is not None
    names = [each.tag.rpartition("}")[2] for each in properties.iter()]
    assert names == [
        "SignedProperties", "SignedSignatureProperties", "SigningTime", "SigningCertificateV2", "Cert", "CertDigest",
        "DigestMethod", "DigestValue", "SignedDataObjectProperties", "DataObjectFormat", "MimeType",
    ]  # fmt: skip
    assert (_signature().level, _signature().signing_time) == ("B-B", keys.NOW)


@pytest.mark.parametrize(
    ("change", "level"),
    [
        ((rb"<xades:SigningCertificateV2>.*</xades:SigningCertificateV2>", b""), ""),
        ((rb"<xades:SigningTime>[^<]*</xades:SigningTime>", b""), ""),
        ((rb"<xades:SignedDataObjectProperties>.*</xades:SignedDataObjectProperties>", b""), "B-B"),
    ],
)
def test_the_baseline_needs_time_and_certificate(change: tuple[bytes, bytes], level: str) -> None:
    signature = _signature(_signed_anew(change))
    assert (signature.intact, signature.level) == (True, level)


def test_properties_that_nobody_signed_count_for_nothing() -> None:
    unsigned = (rb'<Reference URI="#SignedProperties.*?</Reference>', b"")
    signature = _signature(_signed_anew(unsigned))
    assert (signature.intact, signature.level, signature.signing_time) == (True, "", None)


@pytest.mark.parametrize(
    "change",
    [
        (rb"(<xades:CertDigest>.*?<DigestValue>)[^<]*", rb"\1" + b"A" * 43 + b"="),
        (rb"(<xades:CertDigest>.*?<DigestValue>)[^<]*", rb"\1!"),
        (rb"(<xades:CertDigest><DigestMethod Algorithm=\")[^\"]*", rb"\1urn:unknown"),
    ],
)
def test_another_certificate_in_the_signed_properties_is_refused(change: tuple[bytes, bytes]) -> None:
    signature = _signature(_signed_anew(change))
    assert not signature.intact
    assert signature.reason.en == "its signed properties name another certificate"


def test_a_time_that_was_changed_is_noticed() -> None:
    assert not _signature(SIGNED.replace(b"T10:00:00+07:00", b"T11:00:00+07:00")).intact


def test_room_for_a_countersignature_is_made_once() -> None:
    document = read_xml(signed_declaration())
    signature = next(document.root.iter(SIGNATURE))
    around, written = room_for_countersignature(signature)
    assert around is signature
    signature.append(read_xml(written).root)
    (place,) = signature.findall(COUNTERSIGNATURES)
    assert confirmed_by(place) is None
    again, more = room_for_countersignature(signature)
    assert (again, read_xml(more).root.tag) == (place.getparent(), place.tag)
