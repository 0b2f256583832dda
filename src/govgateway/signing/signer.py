"""Keys that sign. A signer works in two phases, so that a key far away may take hours between them.

request = signer.prepare(to_be_signed)         # the bytes to keep, and what the key has to be shown
signature = signer.complete(request)           # a key at hand: at once
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from govgateway.causes import cause_of
from govgateway.errors import KeyUnusable, Text, UsageError
from govgateway.signing.algorithms import SIGNATURES, padding_of
from govgateway.signing.certificates import read_certificate

SMALLEST_RSA = 2048
_UNREADABLE = (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion)
"""What the library raises for a key or certificate that was damaged."""


@dataclass(frozen=True, slots=True)
class SigningRequest:
    """What is to be signed: the exact bytes (canonical SignedInfo), by which algorithm (its URI), and their digest."""

    data: bytes
    algorithm: str
    digest: bytes


class Signer(Protocol):
    """Whoever holds a key. ECDSA signatures are DER."""

    @property
    def certificate(self) -> x509.Certificate:
        """The certificate of the key."""

    def prepare(self, data: bytes, algorithm: str) -> SigningRequest:
        """Describe the signing of ``data`` by the ``algorithm`` of that URI, for which the key is made."""

    def complete(self, request: SigningRequest) -> bytes:
        """The signature over ``request.data``. Raises KeyUnusable when the key will not sign."""


PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


class FileSigner:
    """A key in a file, PKCS#12 or PEM, parsed once. It shows neither key nor password."""

    def __init__(self, key: PrivateKey, certificate: x509.Certificate) -> None:
        if key.public_key() != certificate.public_key():
            raise _unusable(
                "khoá và chứng thư số không khớp nhau", "the key and the certificate do not belong together"
            )
        if isinstance(key, rsa.RSAPrivateKey) and key.key_size < SMALLEST_RSA:
            raise _unusable(
                f"khoá RSA {key.key_size} bit quá ngắn, cần ít nhất {SMALLEST_RSA} bit",
                f"the RSA key has {key.key_size} bits, at least {SMALLEST_RSA} are needed",
            )
        self._key = key
        self._certificate = certificate

    @property
    def certificate(self) -> x509.Certificate:
        """The certificate of the key."""
        return self._certificate

    def prepare(self, data: bytes, algorithm: str) -> SigningRequest:
        """The digest of ``data``, with the bytes."""
        digest = hashes.Hash(SIGNATURES[algorithm].hash)
        digest.update(data)
        return SigningRequest(data, algorithm, digest.finalize())

    def complete(self, request: SigningRequest) -> bytes:
        """Sign at once."""
        algorithm = SIGNATURES[request.algorithm]
        if isinstance(self._key, ec.EllipticCurvePrivateKey):
            return self._key.sign(request.data, ec.ECDSA(algorithm.hash))
        return self._key.sign(request.data, padding_of(algorithm), algorithm.hash)

    @classmethod
    def read(cls, path: Path, password: str | None) -> FileSigner:
        """The key in the file at ``path``: PEM by its first line, else PKCS#12. Raises UsageError, KeyUnusable."""
        try:
            data = path.read_bytes()
        except OSError as error:
            cause = cause_of(error)
            raise UsageError(
                Text(
                    f"Không đọc được tệp khoá {path}: {cause.vi}.", f"The key file {path} cannot be read: {cause.en}."
                ),
                Text("Kiểm tra đường dẫn và quyền đọc.", "Check its path and your right to read it."),
                where=str(path),
            ) from None
        try:
            return cls.from_pem(data, password) if b"-----BEGIN" in data[:4096] else cls.from_pkcs12(data, password)
        except KeyUnusable as error:
            error.where = path.name
            raise

    @classmethod
    def from_pkcs12(cls, data: bytes, password: str | None) -> FileSigner:
        """The key in a PKCS#12 file; of several certificates the one that belongs to the key. Raises KeyUnusable."""
        _ensure_whole(data)
        try:
            bundle = pkcs12.load_pkcs12(data, password.encode() if password is not None else None)
        except _UNREADABLE:
            raise _damaged() from None
        certificates = [each.certificate for each in (bundle.cert, *bundle.additional_certs) if each is not None]
        return cls._of(bundle.key, certificates)

    @classmethod
    def from_pem(cls, data: bytes, password: str | None) -> FileSigner:
        """The key and certificate in one PEM file, in any order. Raises KeyUnusable."""
        written = _pem_key(data)
        secret = password.encode() if password and b"ENCRYPTED" in written else None  # an open key needs none
        try:
            key = serialization.load_pem_private_key(written, secret)
            certificates = x509.load_pem_x509_certificates(data)
        except _UNREADABLE:
            raise _damaged() from None
        return cls._of(key, certificates)

    @classmethod
    def _of(cls, key: object, certificates: list[x509.Certificate]) -> FileSigner:
        if key is None:
            raise _unusable("tệp không có khoá bí mật", "the file holds no private key")
        if not isinstance(key, PrivateKey):
            raise _unusable("chỉ hỗ trợ khoá RSA và ECDSA", "only RSA and ECDSA keys are supported")
        if not certificates:
            raise _unusable("tệp không có chứng thư số", "the file holds no certificate")
        try:
            own = [each for each in certificates if each.public_key() == key.public_key()]
            chosen = read_certificate((own or certificates)[0].public_bytes(serialization.Encoding.DER))
        except _UNREADABLE:
            raise _unusable("chứng thư số trong tệp không đọc được", "its certificate cannot be read") from None
        return cls(key, chosen)


def _pem_key(data: bytes) -> bytes:
    """The private key block of a PEM file: the library reads only the first block."""
    for name in (b"ENCRYPTED PRIVATE KEY", b"RSA PRIVATE KEY", b"PRIVATE KEY", b"EC PRIVATE KEY"):
        start, end = data.find(b"-----BEGIN " + name), data.find(b"-----END " + name)
        if 0 <= start < end:
            return data[start:end] + b"-----END " + name + b"-----\n"
    raise _unusable("tệp không có khoá bí mật", "the file holds no private key")


def _ensure_whole(data: bytes) -> None:
    """Raise KeyUnusable when a DER file is shorter than its own length says, or no DER file at all."""
    cut = _unusable("tệp khoá bị cắt hoặc không phải PKCS#12", "the key file is cut or no PKCS#12 file")
    if len(data) < 4 or data[0] != 0x30:
        raise cut
    if data[1] == 0x80:  # indefinite length: only the parser can tell
        return
    size = data[1] & 0x7F if data[1] & 0x80 else 0
    length = int.from_bytes(data[2 : 2 + size], "big") if size else data[1]
    if 2 + size + length > len(data):
        raise cut


def _damaged() -> KeyUnusable:
    return _unusable("mật khẩu sai hoặc tệp khoá bị hỏng", "the password is wrong or the file is damaged")


def _unusable(vi: str, en: str) -> KeyUnusable:
    return KeyUnusable(
        Text(f"Không dùng được khoá: {vi}.", f"The key cannot be used: {en}."),
        Text(
            "Kiểm tra tệp và mật khẩu; chương trình không tự thử lại mật khẩu.",
            "Check the file and the password; a password is never tried twice by itself.",
        ),
    )
