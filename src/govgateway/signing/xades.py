"""XAdES (EN 319 132-1): the qualifying properties that a signature carries in an Object of its own."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection
from datetime import datetime
from itertools import islice

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from govgateway.calendar import VIETNAM
from govgateway.signing.algorithms import DIGESTS
from govgateway.signing.references import DS, SIGNATURE

XADES = "http://uri.etsi.org/01903/v1.3.2#"
SIGNED_PROPERTIES = "http://uri.etsi.org/01903#SignedProperties"
COUNTERSIGNED = "http://uri.etsi.org/01903#CountersignedSignature"
_X = f"{{{XADES}}}"
_SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
_PROPERTIES = f"{{{DS}}}Object/{_X}QualifyingProperties/{_X}SignedProperties"
_UNSIGNED = (f"{{{DS}}}Object", f"{_X}QualifyingProperties", f"{_X}UnsignedProperties",
             f"{_X}UnsignedSignatureProperties", f"{_X}CounterSignature")  # fmt: skip
COUNTERSIGNATURES = "/".join(_UNSIGNED)
"""The path, below a signature, of the elements that hold its countersignatures."""
_CERTIFICATES = f"{_X}SignedSignatureProperties/{_X}"


def signed_properties(signature: etree._Element) -> etree._Element | None:
    """SignedProperties of ``signature``; None when it is no XAdES signature."""
    return signature.find(_PROPERTIES)


def confirmed_by(signature: etree._Element) -> etree._Element | None:
    """The signature in whose unsigned properties ``signature`` stands as a countersignature; None when in none."""
    above = list(islice(signature.iterancestors(), len(_UNSIGNED) + 1))
    return above[-1] if [each.tag for each in above] == [*reversed(_UNSIGNED), SIGNATURE] else None


def room_for_countersignature(signature: etree._Element) -> tuple[etree._Element, bytes]:
    """Where in ``signature`` a countersignature goes: the element that has to hold the XML that comes with it, at the
    end, which is an empty CounterSignature with what it stands in, as far as ``signature`` has none of that yet."""
    # An Object alone may be another's, such as that of the signing time.
    for depth in (4, 3, 2):
        found = signature.find("/".join(_UNSIGNED[:depth]))
        if found is not None:
            return found, _nested(_UNSIGNED[depth:], signature)
    return signature, _nested(_UNSIGNED, signature)


def _nested(names: tuple[str, ...], signature: etree._Element) -> bytes:
    outermost = element = etree.Element(names[0], nsmap={"ds": DS, "xades": XADES})
    for name in names[1:]:
        element = etree.SubElement(element, name)
    for each in outermost.iter(f"{_X}QualifyingProperties"):
        each.set("Target", f"#{signature.get('Id', '')}")
    return etree.tostring(outermost)


def level(signature: etree._Element, covered: Collection[etree._Element]) -> str:
    """``B-B`` when the ``covered`` parts of ``signature`` hold its signed properties with the certificate and the time
    (the baseline's core); empty otherwise."""
    properties = signed_properties(signature)
    if properties is None or properties not in covered:
        return ""
    has_time = properties.find(f"{_CERTIFICATES}SigningTime") is not None
    return "B-B" if has_time and _named_digest(properties) else ""


def names_another_certificate(signature: etree._Element, certificate: x509.Certificate) -> bool:
    """Whether the signed properties name a signing certificate by digest, and it is not ``certificate``."""
    properties = signed_properties(signature)
    named = _named_digest(properties) if properties is not None else None
    if named is None:
        return False
    method, value = named
    known = DIGESTS.get(method.get("Algorithm", "") if method is not None else "")
    if known is None or value is None:
        return True
    digest = hashes.Hash(known.hash)
    digest.update(certificate.public_bytes(Encoding.DER))
    try:
        return digest.finalize() != base64.b64decode("".join((value.text or "").split()), validate=True)
    except (binascii.Error, ValueError):
        return True


def add_signed_properties(
    signature: etree._Element, identifier: str, certificate: x509.Certificate, at: datetime, data: etree._Element
) -> etree._Element:
    """Add an Object with SignedProperties as the baseline wants them: signing time, the certificate by its SHA-256, and
    what kind of data the Reference ``data`` signs, which gets an Id for it. They are returned, ``identifier`` on them.
    """
    data.set("Id", f"Reference-{identifier}")
    holder = etree.SubElement(signature, f"{{{DS}}}Object")
    qualifying = etree.SubElement(
        holder, f"{_X}QualifyingProperties", nsmap={"xades": XADES}, Target=f"#{signature.get('Id')}"
    )
    properties = etree.SubElement(qualifying, f"{_X}SignedProperties", Id=identifier)
    own = etree.SubElement(properties, f"{_X}SignedSignatureProperties")
    etree.SubElement(own, f"{_X}SigningTime").text = at.astimezone(VIETNAM).isoformat(timespec="seconds")
    certified = etree.SubElement(etree.SubElement(own, f"{_X}SigningCertificateV2"), f"{_X}Cert")
    digest = etree.SubElement(certified, f"{_X}CertDigest")
    etree.SubElement(digest, f"{{{DS}}}DigestMethod", Algorithm=_SHA256)
    etree.SubElement(digest, f"{{{DS}}}DigestValue").text = base64.b64encode(
        certificate.fingerprint(hashes.SHA256())
    ).decode()
    objects = etree.SubElement(properties, f"{_X}SignedDataObjectProperties")
    kind = etree.SubElement(objects, f"{_X}DataObjectFormat", ObjectReference=f"#{data.get('Id')}")
    etree.SubElement(kind, f"{_X}MimeType").text = "text/xml"
    return properties


def _named_digest(properties: etree._Element) -> tuple[etree._Element | None, etree._Element | None] | None:
    """(DigestMethod, DigestValue) of the signer's certificate, the first in SigningCertificateV2 or SigningCertificate;
    None when none is named."""
    for name in ("SigningCertificateV2", "SigningCertificate"):
        for each in properties.iterfind(f"{_CERTIFICATES}{name}/{_X}Cert/{_X}CertDigest"):
            return each.find(f"{{{DS}}}DigestMethod"), each.find(f"{{{DS}}}DigestValue")
    return None
