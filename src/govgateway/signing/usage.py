"""What a certificate's key may be used for, and whether documents may be signed by it."""

from __future__ import annotations

from collections.abc import Mapping

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from govgateway.errors import Text

_SMALLEST_RSA = 2048
"""Circular 15/2025/TT-BKHCN, annex I."""

USAGES: Mapping[str, Text] = {
    "digital_signature": Text("chữ ký số", "digital signature"),
    "content_commitment": Text("chống chối bỏ", "non-repudiation"),
    "key_encipherment": Text("mã hoá khoá", "key encipherment"),
    "data_encipherment": Text("mã hoá dữ liệu", "data encipherment"),
    "key_agreement": Text("thoả thuận khoá", "key agreement"),
    "key_cert_sign": Text("ký chứng thư", "signing certificates"),
    "crl_sign": Text("ký danh sách thu hồi", "signing revocation lists"),
}
"""What a key may be used for, by the names of RFC 5280."""
_NOT_OF_PERSONS = frozenset(
    {ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.OCSP_SIGNING}
)


def key_usage(certificate: x509.Certificate) -> tuple[str, ...]:
    """What the key is for, by the names in USAGES; nothing where the certificate does not say, or unreadably."""
    usage = _extension(certificate, x509.KeyUsage)
    return tuple(name for name in USAGES if isinstance(usage, x509.KeyUsage) and getattr(usage, name))


def why_not_to_sign(certificate: x509.Certificate) -> Text | None:
    """Why documents may not be signed by it; None when they may. Signing certificates have digitalSignature or
    nonRepudiation, some only one of them, old ones neither said."""
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < _SMALLEST_RSA:
        return Text(f"khoá RSA {key.key_size} bit quá ngắn", f"an RSA key of {key.key_size} bits is too short")
    usage, purposes = _extension(certificate, x509.KeyUsage), _extension(certificate, x509.ExtendedKeyUsage)
    signs = not isinstance(usage, x509.KeyUsage) or usage.digital_signature or usage.content_commitment
    machine = isinstance(purposes, x509.ExtendedKeyUsage) and set(purposes) <= _NOT_OF_PERSONS
    if signs and not machine and usage is not False:
        return None
    return Text("chứng thư không dùng để ký", "the certificate is not for signing")


def _extension(
    certificate: x509.Certificate, kind: type[x509.KeyUsage | x509.ExtendedKeyUsage]
) -> x509.ExtensionType | bool | None:
    """The extension; None when there is none, False when extensions cannot be read."""
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None
    except (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        return False
