"""Signing and verifying, bytes in and bytes out, against the least that must be done and against other tools.

Floors: the bare operation with the key, and reading, canonicalising and digesting the document once.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, SignatureConstructionMethod
from signxml.signer import XMLSigner
from signxml.verifier import XMLVerifier

from benchmarks.cold_start import EXAMPLE
from benchmarks.documents import of_size
from benchmarks.measure import Measurement, Work, interleaved
from govgateway.connector import connectors
from govgateway.documents.xml import read_xml
from govgateway.signing.algorithms import SIGNATURES
from govgateway.signing.profile import SignatureProfile
from govgateway.signing.sign import sign
from govgateway.signing.signer import FileSigner, PrivateKey
from govgateway.signing.trust import TrustStore
from govgateway.signing.verify import verify

_C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
_DS = "http://www.w3.org/2000/09/xmldsig#"
_SIZES = (("5 KB", 0, 200), ("100 KB", 100_000, 60), ("1 MB", 1_000_000, 11), ("10 MB", 10_000_000, 3))
# Of the issue: signing 5 KB against the bare operation, everything larger against the document's floor.
_SIGN = {"5 KB": 2.2, "1 MB": 1.3, "10 MB": 1.3}
_VERIFY = {"5 KB": 2.5, "1 MB": 1.4, "10 MB": 1.4}


@dataclass(frozen=True, eq=False)
class Key:
    """A key of one kind with its certificate, and the algorithm that it signs by."""

    name: str
    private: PrivateKey
    certificate: x509.Certificate
    algorithm: str

    @property
    def signer(self) -> FileSigner:
        return FileSigner(self.private, self.certificate)


def measure() -> Iterator[Measurement]:
    """Every size with every kind of key: ours against the floors, python-xmlsec and signxml as it comes."""
    for key in (_rsa(), _elliptic()):
        for size, length, rounds in _SIZES:
            data = of_size(length) if length else EXAMPLE.read_bytes()
            signed = sign_ours(data, key)
            yield from _compared("sign", size, key, _signing(data, key), _SIGN, rounds)
            yield from _compared("verify", size, key, _verifying(data, signed, key), _VERIFY, rounds)


def _compared(
    doing: str, size: str, key: Key, works: dict[str, tuple[Work, int]], targets: dict[str, float], rounds: int
) -> Iterator[Measurement]:
    medians = interleaved(works, rounds)
    document, bare = medians["document"], medians["bare"]
    small = size == "5 KB"
    # A small document is measured by what the key costs: to sign, that alone; to verify, with the document's floor.
    floor, named = (document, "parse, C14N, SHA-256") if not small else (bare, f"bare {key.name}")
    if small and doing == "verify":
        floor, named = document + bare, "parse, C14N, SHA-256 + bare"
    # What the issue asks of signing 5 KB is for RSA: a P-256 signature takes less than reading the document.
    target = None if small and doing == "sign" and key.name != "RSA-2048" else targets.get(size)
    title = f"{doing} ({size}, {key.name})"
    yield Measurement(title, named, medians["ours"], floor, target)
    yield Measurement("  beside python-xmlsec", "python-xmlsec", medians["ours"], medians["xmlsec"], 1)
    yield Measurement("  beside signxml", "signxml as it comes", medians["ours"], medians["signxml"], None)


def _signing(data: bytes, key: Key) -> dict[str, tuple[Work, int]]:
    return {
        "ours": (lambda: sign_ours(data, key), 1),
        "xmlsec": (lambda: sign_xmlsec(data, key), 1),
        "signxml": (lambda: sign_signxml(data, key), 1),
        "document": (lambda: _floor(data), 1),
        "bare": (lambda: _bare_signature(key), 3),
    }


def _verifying(data: bytes, signed: bytes, key: Key) -> dict[str, tuple[Work, int]]:
    by_xmlsec, by_signxml, value = sign_xmlsec(data, key), sign_signxml(data, key), _bare_signature(key)
    return {
        "ours": (lambda: verify_ours(signed), 1),
        "xmlsec": (lambda: verify_xmlsec(by_xmlsec, key), 1),
        "signxml": (lambda: verify_signxml(by_signxml, key), 1),
        "document": (lambda: _floor(signed), 1),
        "bare": (lambda: _bare_verification(key, value), 3),
    }


def sign_ours(data: bytes, key: Key) -> bytes:
    """Signed as the tax office wants it."""
    return sign(read_xml(data), _profile(), key.signer, at=datetime.now(UTC), random_id=lambda: secrets.token_hex(16))


def verify_ours(signed: bytes) -> None:
    """Verified whole, but for the chain."""
    found = verify(read_xml(signed), _profile(), TrustStore.empty(), datetime.now(UTC))
    assert [each.intact and each.well_placed for each in found.signatures] == [True]


def sign_xmlsec(data: bytes, key: Key) -> bytes:
    """The same node signed by python-xmlsec, without a signing time."""
    root = etree.fromstring(data)
    root[0].set("id", "NODETOSIGN")
    certificate = base64.b64encode(key.certificate.public_bytes(Encoding.DER)).decode()
    root[-1].append(
        etree.fromstring(
            f'<Signature xmlns="{_DS}"><SignedInfo><CanonicalizationMethod Algorithm="{_C14N}"/><SignatureMethod '
            f'Algorithm="{key.algorithm}"/><Reference URI="#NODETOSIGN"><DigestMethod '
            'Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><DigestValue/></Reference></SignedInfo>'
            f"<SignatureValue/><KeyInfo><X509Data><X509Certificate>{certificate}</X509Certificate></X509Data></KeyInfo>"
            "</Signature>"
        )
    )
    xmlsec.tree.add_ids(root[0], ["id"])
    context = xmlsec.SignatureContext()
    context.key = _xmlsec_key(key)
    context.sign(root[-1][0])
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def verify_xmlsec(signed: bytes, key: Key) -> None:
    """Verified by python-xmlsec, which looks at neither place nor chain."""
    root = etree.fromstring(signed)
    xmlsec.tree.add_ids(root, ["id"])
    context = xmlsec.SignatureContext()
    context.key = _xmlsec_certificate(key)
    context.verify(root[-1][0])


def sign_signxml(data: bytes, key: Key) -> bytes:
    """Signed by signxml as it comes: enveloped, the whole document."""
    signer = XMLSigner(
        method=SignatureConstructionMethod.enveloped,
        signature_algorithm="rsa-sha256" if key.name.startswith("RSA") else "ecdsa-sha256",
        c14n_algorithm=CanonicalizationMethod.CANONICAL_XML_1_0,
    )
    signed = signer.sign(etree.fromstring(data), key=key.private, cert=[key.certificate])
    return etree.tostring(signed, encoding="UTF-8", xml_declaration=True)


def verify_signxml(signed: bytes, key: Key) -> None:
    """Verified by signxml as it comes."""
    XMLVerifier().verify(signed, x509_cert=key.certificate)


def _floor(data: bytes) -> bytes:
    return sha256(etree.tostring(etree.fromstring(data), method="c14n")).digest()


_WORDS = b"w" * 600
"""About as long as a SignedInfo."""


def _bare_signature(key: Key) -> bytes:
    if isinstance(key.private, ec.EllipticCurvePrivateKey):
        return key.private.sign(_WORDS, ec.ECDSA(hashes.SHA256()))
    return key.private.sign(_WORDS, padding.PKCS1v15(), hashes.SHA256())


def _bare_verification(key: Key, value: bytes) -> None:
    public = key.private.public_key()
    if isinstance(public, ec.EllipticCurvePublicKey):
        public.verify(value, _WORDS, ec.ECDSA(hashes.SHA256()))
    else:
        public.verify(value, _WORDS, padding.PKCS1v15(), hashes.SHA256())


@cache
def _profile() -> SignatureProfile:
    """That of the tax office, for either kind of key."""
    (connector,) = (each for each in connectors() if each.agency == "etax")
    profile = connector.profile_of(read_xml(EXAMPLE.read_bytes()))
    assert profile is not None
    return replace(profile, signature_algorithms=(*profile.signature_algorithms, _ECDSA))


_RSA, _ECDSA = (
    next(uri for uri, algorithm in SIGNATURES.items() if algorithm.name == name)
    for name in ("RSA-SHA256", "ECDSA-SHA256")
)


@cache
def _rsa() -> Key:
    return _key("RSA-2048", rsa.generate_private_key(public_exponent=65537, key_size=2048), _RSA)


@cache
def _elliptic() -> Key:
    return _key("P-256", ec.generate_private_key(ec.SECP256R1()), _ECDSA)


def _key(name: str, private: PrivateKey, algorithm: str) -> Key:
    subject, now = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Đo")]), datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(private, hashes.SHA256())
    )
    return Key(name, private, certificate, algorithm)


@cache
def _xmlsec_key(key: Key) -> xmlsec.Key:
    """Loaded once: to load a key takes longer than to sign."""
    pem = key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return xmlsec.Key.from_memory(pem, xmlsec.constants.KeyDataFormatPem)


@cache
def _xmlsec_certificate(key: Key) -> xmlsec.Key:
    pem = key.certificate.public_bytes(Encoding.PEM)
    return xmlsec.Key.from_memory(pem, xmlsec.constants.KeyDataFormatCertPem)
