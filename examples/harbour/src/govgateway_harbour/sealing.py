"""Signing and judging signatures at the simulated office: by xmlsec, which shares no code with the gateway."""

from __future__ import annotations

import base64
import secrets
from functools import cache
from pathlib import Path

import xmlsec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12
from cryptography.x509.oid import NameOID
from lxml import etree

from govgateway_mocks.pki import PASSWORD

H = "{urn:example:harbour}"
_DS = "http://www.w3.org/2000/09/xmldsig#"
_TEMPLATE = f"""<Signature xmlns="{_DS}" Id="S-{{identifier}}"><SignedInfo>\
<CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/>\
<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>\
<Reference URI="#said"><DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><DigestValue/></Reference>\
</SignedInfo><SignatureValue/><KeyInfo><X509Data><X509Certificate>{{certificate}}</X509Certificate></X509Data></KeyInfo>\
</Signature>"""


def answer(fields: list[tuple[str, str]], key: Path) -> bytes:
    """A signed ``Answer`` that says ``fields``, in order; ``key`` is a .p12 of the demonstration PKI."""
    root = etree.Element(f"{H}Answer", nsmap={None: H[1:-1]})  # type: ignore[dict-item]
    said = etree.SubElement(root, f"{H}Said", Id="said")
    for name, text in fields:
        etree.SubElement(said, f"{H}{name}").text = text
    pem, certificate = _opened(key)
    written = base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()
    signature = etree.fromstring(_TEMPLATE.format(identifier=secrets.token_hex(8), certificate=written))
    etree.SubElement(root, f"{H}Signatures").append(signature)
    xmlsec.tree.add_ids(root, ["Id"])
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(pem, xmlsec.constants.KeyDataFormatPem)
    context.sign(signature)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


@cache
def _opened(key: Path) -> tuple[bytes, x509.Certificate]:
    """The private key as PEM, and its certificate. To open a .p12 takes long, so it is done once."""
    private, certificate, _ = pkcs12.load_key_and_certificates(key.read_bytes(), PASSWORD.encode())
    assert private is not None
    assert certificate is not None
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), certificate


def is_signed_by(root: etree._Element, agent: str, issuer: x509.Certificate) -> bool:
    """Whether the declaration bears one intact signature over its content, by a certificate of ``agent``'s."""
    signatures = root.findall(f"{H}Signatures/{{{_DS}}}Signature")
    if len(signatures) != 1 or root.find(f"{H}Content") is None:
        return False
    references = signatures[0].findall(f"{{{_DS}}}SignedInfo/{{{_DS}}}Reference")
    if f"#{root[0].get('Id')}" not in [each.get("URI") for each in references]:
        return False
    try:
        written = signatures[0].findtext(f".//{{{_DS}}}X509Certificate") or ""
        certificate = x509.load_der_x509_certificate(base64.b64decode(written))
        certificate.verify_directly_issued_by(issuer)
        xmlsec.tree.add_ids(root, ["Id"])
        context = xmlsec.SignatureContext()
        pem = certificate.public_bytes(Encoding.PEM)
        context.key = xmlsec.Key.from_memory(pem, xmlsec.constants.KeyDataFormatCertPem)
        context.verify(signatures[0])
    except (ValueError, TypeError, InvalidSignature, xmlsec.Error):
        return False
    named = [each.value for each in certificate.subject.get_attributes_for_oid(NameOID.USER_ID)]
    return f"MST:{agent}" in named
