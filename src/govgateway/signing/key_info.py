"""KeyInfo of a Signature: the certificates that came with it, and no key but that of the signer's own."""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from lxml import etree

from govgateway.signing.certificates import read_certificate
from govgateway.signing.parts import Broken, decoded, one
from govgateway.signing.references import DS

# A signer's, two authorities above, two more of a new key: of those that certify each other there are endless chains.
_MOST_CERTIFICATES = 5
_POINT = "{http://www.w3.org/2009/xmldsig11#}ECKeyValue/{http://www.w3.org/2009/xmldsig11#}PublicKey"


def certificates_of(signature: etree._Element) -> list[x509.Certificate]:
    """The certificates of KeyInfo, the signer's first. Raises Broken for none, too many, or one that is unreadable."""
    found = one(signature, "KeyInfo").findall(f"{{{DS}}}X509Data/{{{DS}}}X509Certificate")
    if len(found) > _MOST_CERTIFICATES:
        raise Broken("chữ ký kèm quá nhiều chứng thư", "it carries too many certificates")
    try:
        loaded = [read_certificate(decoded(each)) for each in found]
    except ValueError:
        raise Broken("chứng thư trong chữ ký không đọc được", "its certificate cannot be read") from None
    if not loaded:
        raise Broken("chữ ký không kèm chứng thư", "it carries no certificate")
    return loaded


def ensure_own_key(signature: etree._Element, certificate: x509.Certificate) -> None:
    """Raise Broken for a key beside ``certificate`` that is not its own: readers differ in which they take."""
    key = certificate.public_key()
    for value in signature.iterfind(f"{{{DS}}}KeyInfo/{{{DS}}}KeyValue"):
        if not _is_key(value, key):
            raise Broken("khoá kèm theo không phải của chứng thư", "the key beside the certificate is another one")


def _is_key(value: etree._Element, key: object) -> bool:
    written = value.find(f"{{{DS}}}RSAKeyValue")
    if isinstance(key, rsa.RSAPublicKey) and written is not None:
        numbers = key.public_numbers()
        # Java writes a leading zero byte before a modulus, .NET does not.
        parts = (one(written, "Modulus"), one(written, "Exponent"))
        return tuple(int.from_bytes(decoded(each)) for each in parts) == (numbers.n, numbers.e)
    point = value.find(_POINT)
    if isinstance(key, ec.EllipticCurvePublicKey) and point is not None:
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        return decoded(point) == key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return False
