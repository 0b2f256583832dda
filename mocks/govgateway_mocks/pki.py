"""The demonstration PKI: a root, an issuing authority, the simulated tax office and invented taxpayers.

It is made in a folder that the caller names and kept there: ``trust.pem`` (root and issuing authority), one
``<tax code>.p12`` for each taxpayer (password "demo"). Every issuer's organisation says DEMONSTRATION, by which the
gateway refuses such keys outside simulators.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)
from cryptography.x509.oid import NameOID

PASSWORD = "demo"  # noqa: S105  # known to everybody, on purpose
ORGANISATION = "govgateway DEMONSTRATION"


@dataclass(frozen=True, slots=True)
class Holder:
    """A private key and its certificate."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def key_pem(self) -> bytes:
        """The key as unencrypted PEM, for xmlsec."""
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    @property
    def certificate_pem(self) -> bytes:
        """The certificate as PEM."""
        return self.certificate.public_bytes(Encoding.PEM)


class DemonstrationPki:
    """The PKI in ``folder``: made on first use, read afterwards."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.root = self._holder("root", _name("Demonstration root", ORGANISATION), None, authority=True)
        self.issuing = self._holder("issuing", _name("Demonstration CA", ORGANISATION), self.root, authority=True)
        self.trust = folder / "trust.pem"
        self.trust.write_bytes(self.root.certificate_pem + self.issuing.certificate_pem)

    def office(self, name: str, tax_code: str) -> Holder:
        """The tax office's own: its certificate has O=MST:…, as the real one's (observed)."""
        return self._holder("office", _name(name, f"MST:{tax_code}"), self.issuing)

    def taxpayer(self, tax_code: str, name: str, *, expired: bool = False) -> Path:
        """The .p12 of a taxpayer (UID=MST:…), optionally one that expired yesterday."""
        stem = f"{tax_code}-expired" if expired else tax_code
        path = self.folder / f"{stem}.p12"
        subject = _name(name, name, f"MST:{tax_code}")
        holder = self._holder(stem, subject, self.issuing, days=(-400, -1) if expired else (-1, 3650))
        if not path.exists():
            others = [self.issuing.certificate, self.root.certificate]
            encryption = BestAvailableEncryption(PASSWORD.encode())
            data = pkcs12.serialize_key_and_certificates(
                name.encode(), holder.key, holder.certificate, others, encryption
            )
            _write_private(path, data)
        return path

    def _holder(
        self,
        stem: str,
        subject: x509.Name,
        issuer: Holder | None,
        *,
        authority: bool = False,
        days: tuple[int, int] = (-1, 3650),
    ) -> Holder:
        path = self.folder / f"{stem}.pem"
        if path.exists():
            data = path.read_bytes()
            key = load_pem_private_key(data, None)
            if isinstance(key, rsa.RSAPrivateKey):
                return Holder(key, x509.load_pem_x509_certificate(data))
        holder = _issue(subject, issuer, authority=authority, days=days)
        _write_private(path, holder.key_pem + holder.certificate_pem)
        return holder


def _issue(subject: x509.Name, issuer: Holder | None, *, authority: bool, days: tuple[int, int]) -> Holder:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    now = datetime.now(UTC).replace(microsecond=0)
    usage = x509.KeyUsage(not authority, not authority, False, False, False, authority, authority, False, False)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(usage, critical=True)
    )
    return Holder(key, builder.sign(issuer.key if issuer else key, hashes.SHA256()))


def _name(common: str, organisation: str, uid: str = "") -> x509.Name:
    attributes = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
        x509.NameAttribute(NameOID.COMMON_NAME, common),
    ]
    return x509.Name([*attributes, *([x509.NameAttribute(NameOID.USER_ID, uid)] if uid else [])])


def _write_private(path: Path, data: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(data)
