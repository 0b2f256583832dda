"""The algorithms of XML signatures, by URI: what is accepted, what is outdated, how a value is verified.

What stands in neither table is refused: HMAC (whose secret would be a public key), MD5, keys that nobody certifies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from govgateway.signing.references import DS

_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
_MORE_2007 = "http://www.w3.org/2007/05/xmldsig-more#"
_ENC = "http://www.w3.org/2001/04/xmlenc#"
_SMALLEST_RSA = 1024  # files of 2025 still have such keys; whether one trusts them is the certificate's matter


@dataclass(frozen=True, slots=True)
class SignatureAlgorithm:
    """A signature algorithm: ``name`` for people, ``scheme`` (PKCS1, PSS, ECDSA), its hash, whether it is outdated."""

    name: str
    scheme: str
    hash: hashes.HashAlgorithm
    legacy: bool = False


@dataclass(frozen=True, slots=True)
class DigestAlgorithm:
    """A digest algorithm: ``name`` for people, its hash, whether it is outdated."""

    name: str
    hash: hashes.HashAlgorithm
    legacy: bool = False


SIGNATURES: Mapping[str, SignatureAlgorithm] = {
    f"{_MORE}rsa-sha256": SignatureAlgorithm("RSA-SHA256", "PKCS1", hashes.SHA256()),
    f"{_MORE}rsa-sha384": SignatureAlgorithm("RSA-SHA384", "PKCS1", hashes.SHA384()),
    f"{_MORE}rsa-sha512": SignatureAlgorithm("RSA-SHA512", "PKCS1", hashes.SHA512()),
    f"{_MORE_2007}sha256-rsa-MGF1": SignatureAlgorithm("RSA-PSS-SHA256", "PSS", hashes.SHA256()),
    f"{_MORE_2007}sha384-rsa-MGF1": SignatureAlgorithm("RSA-PSS-SHA384", "PSS", hashes.SHA384()),
    f"{_MORE_2007}sha512-rsa-MGF1": SignatureAlgorithm("RSA-PSS-SHA512", "PSS", hashes.SHA512()),
    f"{_MORE}ecdsa-sha256": SignatureAlgorithm("ECDSA-SHA256", "ECDSA", hashes.SHA256()),
    f"{_MORE}ecdsa-sha384": SignatureAlgorithm("ECDSA-SHA384", "ECDSA", hashes.SHA384()),
    f"{_MORE}ecdsa-sha512": SignatureAlgorithm("ECDSA-SHA512", "ECDSA", hashes.SHA512()),
    f"{DS}rsa-sha1": SignatureAlgorithm("RSA-SHA1", "PKCS1", hashes.SHA1(), legacy=True),  # noqa: S303  # verify only
}
DIGESTS: Mapping[str, DigestAlgorithm] = {
    f"{_ENC}sha256": DigestAlgorithm("SHA256", hashes.SHA256()),
    f"{_MORE}sha384": DigestAlgorithm("SHA384", hashes.SHA384()),
    f"{_ENC}sha512": DigestAlgorithm("SHA512", hashes.SHA512()),
    f"{DS}sha1": DigestAlgorithm("SHA1", hashes.SHA1(), legacy=True),  # noqa: S303  # verify only
}

PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey


def fits(key: object, algorithm: SignatureAlgorithm) -> bool:
    """Whether ``key`` is of the kind and strength that ``algorithm`` is accepted with."""
    if algorithm.scheme == "ECDSA":
        return isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in {"secp256r1", "secp384r1", "secp521r1"}
    return isinstance(key, rsa.RSAPublicKey) and key.key_size >= _SMALLEST_RSA


def matches(key: object, algorithm: SignatureAlgorithm) -> bool:
    """Whether the hash of ``algorithm`` is as strong as the curve of ``key``; True for keys of other kinds."""
    if not isinstance(key, ec.EllipticCurvePublicKey):
        return True
    return algorithm.hash.digest_size * 8 >= min(key.curve.key_size, 512)


def is_valid(key: PublicKey, algorithm: SignatureAlgorithm, value: bytes, data: bytes) -> bool:
    """Whether ``value``, as it stands in SignatureValue, is the signature of ``data`` by ``key``, which fits."""
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(_der(value, key), data, ec.ECDSA(algorithm.hash))
        else:
            key.verify(value, data, padding_of(algorithm), algorithm.hash)
    except InvalidSignature:
        return False
    return True


def padding_of(algorithm: SignatureAlgorithm) -> padding.PKCS1v15 | padding.PSS:
    """How an RSA ``algorithm`` pads; PSS with a salt as long as the digest (RFC 9231)."""
    if algorithm.scheme == "PSS":
        return padding.PSS(padding.MGF1(algorithm.hash), algorithm.hash.digest_size)
    return padding.PKCS1v15()


def _der(value: bytes, key: ec.EllipticCurvePublicKey) -> bytes:
    """XML has r and s side by side, each as long as the curve's order (RFC 4050); cryptography wants DER."""
    size = (key.curve.key_size + 7) // 8
    if len(value) != 2 * size:
        raise InvalidSignature
    return encode_dss_signature(int.from_bytes(value[:size]), int.from_bytes(value[size:]))
