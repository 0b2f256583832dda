"""A worked example of every signature profile, and the same signed by python-xmlsec in the shape that it describes."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cache
from typing import cast

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID
from lxml import etree

import keys
import signed
from govgateway.documents.xml import XmlDocument, read_xml
from govgateway.signing.profile import SignatureProfile
from govgateway.signing.profiles import installed
from govgateway.signing.references import DS
from govgateway.signing.signer import FileSigner, PrivateKey
from samples import EXAMPLE, ROOT

PROFILES: Mapping[str, SignatureProfile] = {"etax-2026": signed.PROFILE, **installed()}
SIGNING = sorted(name for name, each in PROFILES.items() if not each.verify_only)
"""The profiles by which documents are signed."""

_FOLDER = ROOT / "tests" / "conformance" / "documents"
_ELSEWHERE = {
    "etax-2026": EXAMPLE,
    "etax-legacy": EXAMPLE,
    "einvoice-legacy": _FOLDER / "einvoice.xml",
}


def example(name: str, *changes: tuple[str, str]) -> XmlDocument:
    """The worked example of the profile ``name``, unsigned, with each ``old`` text replaced by ``new``."""
    text = (_ELSEWHERE.get(name) or _FOLDER / f"{name}.xml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return read_xml(text.encode())


class CurveHolder:
    """An ECDSA key with its certificate."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
        self.key, self.certificate, self.signer = key, certificate, FileSigner(key, certificate)

    def pkcs12(self, password: str) -> bytes:
        encryption = BestAvailableEncryption(password.encode())
        return pkcs12.serialize_key_and_certificates(b"key", self.key, self.certificate, None, encryption)


@cache
def curve_holder(name: str = "P-256") -> CurveHolder:
    """A holder with a key on the curve ``name``, P-256 or P-384, certified by the tests' authority."""
    key = ec.generate_private_key(ec.SECP384R1() if name == "P-384" else ec.SECP256R1())
    subject = [(NameOID.COMMON_NAME, f"Người ký {name}"), (NameOID.USER_ID, keys.DEPARTMENT)]
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(*each) for each in subject]))
        .issuer_name(keys.issuing().certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(keys.NOW - timedelta(days=365))
        .not_valid_after(keys.NOW + timedelta(days=365))
        .add_extension(x509.KeyUsage(True, True, *[False] * 7), critical=True)
    )
    return CurveHolder(key, builder.sign(keys.issuing().key, hashes.SHA256()))


def pem(key: PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def signed_by_xmlsec(
    name: str,
    *holders: keys.Holder | CurveHolder,
    method: str = "",
    prefix: str = "",
    document: XmlDocument | None = None,
) -> bytes:
    """The example of the profile ``name`` with a Signature of each of ``holders`` in the first place of the profile, as
    it describes them, by python-xmlsec; ``prefix`` such as "ds:"."""
    profile, root = PROFILES[name], (document or example(name)).root
    node, place = _at(root, profile.signed_node), _at(root, profile.places[0])
    if profile.id_attribute:
        # HTKK writes an id on the node that is on a row, too: whoever signs gives it one of its own.
        node.set(profile.id_attribute, profile.default_id or node.get(profile.id_attribute, ""))
    for number, holder in enumerate(holders or (keys.leaf(),), start=1):
        uri = f"#{node.get(profile.id_attribute)}" if profile.id_attribute else ""
        place.append(etree.fromstring(_template(profile, uri, holder, number, method, prefix)))
        fill(root, place[-1], pem(holder.key))
    return etree.tostring(root, encoding="UTF-8")


def fill(root: etree._Element, signature: etree._Element, key: bytes) -> None:
    """Have python-xmlsec compute the digests and the value of ``signature``, which stands below ``root``."""
    xmlsec.tree.add_ids(root, ["Id", "id"])
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(key, xmlsec.constants.KeyDataFormatPem)
    context.sign(signature)


def expect_python_xmlsec_accepts(data: bytes) -> None:
    """Raise unless python-xmlsec verifies every Signature in ``data`` with the certificate that comes with it."""
    root = etree.fromstring(data)
    xmlsec.tree.add_ids(root, ["Id", "id"])
    for signature in root.iter(f"{{{DS}}}Signature"):
        written = signature.findtext(f"{{{DS}}}KeyInfo/{{{DS}}}X509Data/{{{DS}}}X509Certificate")
        context = xmlsec.SignatureContext()
        certificate = f"-----BEGIN CERTIFICATE-----\n{written}\n-----END CERTIFICATE-----\n"
        context.key = xmlsec.Key.from_memory(certificate, xmlsec.constants.KeyDataFormatCertPem)
        context.verify(signature)


def _at(root: etree._Element, path: Sequence[str]) -> etree._Element:
    return root if not path else cast(etree._Element, root.find("/".join(path)))


def _template(
    profile: SignatureProfile, uri: str, holder: keys.Holder | CurveHolder, number: int, method: str, prefix: str
) -> bytes:
    transforms = "".join(f'<Transform Algorithm="{each}"/>' for each in profile.transforms)
    digest = f'<DigestMethod Algorithm="{profile.digest_algorithm}"/><DigestValue/>'
    inside = f"<Transforms>{transforms}</Transforms>" if transforms else ""
    references = f'<Reference URI="{uri}">{inside}{digest}</Reference>'
    time = ""
    if profile.signing_time == "object":
        references += f'<Reference URI="#SigningTime-{number}">{digest}</Reference>'
        time = (
            f'<Object Id="SigningTime-{number}"><SignatureProperties><SignatureProperty Target="signatureProperties">'
            "<SigningTime>2026-11-16T10:00:00</SigningTime></SignatureProperty></SignatureProperties></Object>"
        )
    body = "".join(holder.certificate.public_bytes(Encoding.PEM).decode().splitlines()[1:-1])
    key_value = _key_value(holder.key) if profile.legacy and isinstance(holder.key, rsa.RSAPrivateKey) else ""
    text = (
        f'<Signature xmlns="{DS}"><SignedInfo><CanonicalizationMethod Algorithm="{profile.canonicalisation}"/>'
        f'<SignatureMethod Algorithm="{method or profile.signature_algorithms[0]}"/>{references}</SignedInfo>'
        f"<SignatureValue/><KeyInfo>{key_value}<X509Data><X509Certificate>{body}</X509Certificate></X509Data></KeyInfo>"
        f"{time}</Signature>"
    )
    if prefix:
        text = text.replace("</", "<\0").replace("<", f"<{prefix}").replace(f"<{prefix}\0", f"</{prefix}")
        text = text.replace("xmlns=", f"xmlns:{prefix.rstrip(':')}=")
    return text.encode()


def _key_value(key: rsa.RSAPrivateKey) -> str:
    """The public key as KeyValue, beside the certificate."""
    numbers = key.public_key().public_numbers()
    modulus, exponent = (
        base64.b64encode(each.to_bytes((each.bit_length() + 7) // 8, "big")).decode() for each in (numbers.n, numbers.e)
    )
    return (
        f"<KeyValue><RSAKeyValue><Modulus>{modulus}</Modulus><Exponent>{exponent}</Exponent></RSAKeyValue></KeyValue>"
    )
