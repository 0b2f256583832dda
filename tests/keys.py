"""Certificates for tests, made once per session: a root, an issuing authority, and leaves of invented taxpayers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID

from govgateway.signing.signer import FileSigner
from govgateway.signing.trust import TrustStore

NOW = datetime(2026, 11, 16, 3, 0, tzinfo=UTC)
PASSWORD = "đúng mật khẩu"
DEPARTMENT = "MST:9900000016"


@dataclass(frozen=True)
class Holder:
    """A key with its certificate."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def signer(self) -> FileSigner:
        return FileSigner(self.key, self.certificate)

    def pkcs12(self, password: str = PASSWORD, *others: x509.Certificate) -> bytes:
        encryption = BestAvailableEncryption(password.encode())
        return pkcs12.serialize_key_and_certificates(b"key", self.key, self.certificate, others or None, encryption)

    def pem(self, password: str | None = None) -> bytes:
        encryption = BestAvailableEncryption(password.encode()) if password else NoEncryption()
        key = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)
        return self.certificate.public_bytes(Encoding.PEM) + key


def _name(common: str, organisation: str, *uids: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
            *(x509.NameAttribute(NameOID.USER_ID, uid) for uid in uids),
        ]
    )


def _issue(
    name: x509.Name, issuer: Holder | None, *, authority: bool, valid: tuple[datetime, datetime], bits: int
) -> Holder:
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer.certificate.subject if issuer else name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(valid[0])
        .not_valid_after(valid[1])
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(not authority, not authority, False, False, False, authority, authority, False, False),
            critical=True,
        )
    )
    return Holder(key, builder.sign(issuer.key if issuer else key, hashes.SHA256()))


_LONG = (NOW - timedelta(days=3650), NOW + timedelta(days=3650))


def root(organisation: str = "Thử nghiệm") -> Holder:
    return _root(organisation)


@cache
def _root(organisation: str) -> Holder:
    return _issue(_name(f"Root {organisation}", organisation), None, authority=True, valid=_LONG, bits=2048)


def issuing(organisation: str = "Thử nghiệm") -> Holder:
    return _issuing(organisation)


@cache
def _issuing(organisation: str) -> Holder:
    return _issue(_name("Issuing", organisation), root(organisation), authority=True, valid=_LONG, bits=2048)


@cache
def leaf(
    *uids: str,
    organisation: str = "Thử nghiệm",
    common: str = "Sở Xây dựng tỉnh An Hoà",
    days: tuple[int, int] = (-365, 365),
    bits: int = 2048,
) -> Holder:
    valid = (NOW + timedelta(days=days[0]), NOW + timedelta(days=days[1]))
    name = _name(common, common, *(uids or (DEPARTMENT,)))
    return _issue(name, issuing(organisation), authority=False, valid=valid, bits=bits)


def trust(organisation: str = "Thử nghiệm") -> TrustStore:
    return TrustStore((root(organisation).certificate,), (issuing(organisation).certificate,))
