"""The demonstration PKI: a root, an issuing authority, the simulated tax office and invented taxpayers.

It is made in a folder that the caller names and kept there: ``trust.pem`` (root and issuing authority), one
``<tax code>.p12`` for each taxpayer (password "demo"). Every issuer's organisation says DEMONSTRATION, by which the
gateway refuses such keys outside simulators. A folder that was damaged, or of which an authority is missing, is an
error: keys of two authorities side by side would be refused later, for a reason nobody could see.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
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

from govgateway.errors import ConfigurationError, Text

PASSWORD = "demo"  # noqa: S105  # of every key; known to everybody, on purpose
ORGANISATION = "govgateway DEMONSTRATION"
_TEN_YEARS = (-1, 3650)
_EXPIRED = (-400, -1)


def now() -> datetime:
    """The present moment, aware."""
    return datetime.now(UTC)


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
    """The PKI in ``folder``: made on first use, read afterwards. Certificates are valid from a day before ``clock``.

    Raises ConfigurationError for a folder that holds anything but one whole PKI.
    """

    def __init__(self, folder: Path, clock: Callable[[], datetime] = now) -> None:
        self.folder = folder
        self._clock = clock
        folder.mkdir(parents=True, exist_ok=True)
        self.root = self._authority("root", "Demonstration root", None, before=("issuing.pem", "office.pem", "*.p12"))
        self.issuing = self._authority("issuing", "Demonstration CA", self.root, before=("office.pem", "*.p12"))
        self.trust = folder / "trust.pem"
        self.trust.write_bytes(self.root.certificate_pem + self.issuing.certificate_pem)

    def office(self, name: str, tax_code: str) -> Holder:
        """The tax office's own: its certificate has O=MST:…, as the real one's (observed)."""
        path = self.folder / "office.pem"
        if path.exists():
            return _read_pem(path, self.issuing)
        holder = self._issue(_name(name, f"MST:{tax_code}"), self.issuing)
        _write_private(path, holder.key_pem + holder.certificate_pem)
        return holder

    def taxpayer(self, tax_code: str, name: str, *, expired: bool = False) -> Path:
        """The .p12 of a taxpayer (UID=MST:…), optionally one that expired yesterday."""
        path = self.folder / (f"{tax_code}-expired.p12" if expired else f"{tax_code}.p12")
        if path.exists():
            _read_pkcs12(path, self.issuing)
            return path
        subject = _name(name, name, f"MST:{tax_code}")
        holder = self._issue(subject, self.issuing, days=_EXPIRED if expired else _TEN_YEARS)
        others = [self.issuing.certificate, self.root.certificate]
        encryption = BestAvailableEncryption(PASSWORD.encode())
        data = pkcs12.serialize_key_and_certificates(name.encode(), holder.key, holder.certificate, others, encryption)
        _write_private(path, data)
        return path

    def _authority(self, stem: str, name: str, issuer: Holder | None, *, before: tuple[str, ...]) -> Holder:
        """The authority in ``<stem>.pem``; it is made unless files that come after it (``before`` them) are there."""
        path = self.folder / f"{stem}.pem"
        if path.exists():
            return _read_pem(path, issuer)
        if any(each for pattern in before for each in self.folder.glob(pattern)):
            raise _damaged(path, "thiếu tệp", "the file is missing")
        holder = self._issue(_name(name, ORGANISATION), issuer, authority=True)
        _write_private(path, holder.key_pem + holder.certificate_pem)
        return holder

    def _issue(
        self, subject: x509.Name, issuer: Holder | None, *, authority: bool = False, days: tuple[int, int] = _TEN_YEARS
    ) -> Holder:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        made = self._clock().replace(microsecond=0)
        usage = x509.KeyUsage(not authority, not authority, False, False, False, authority, authority, False, False)
        signer = issuer.key if issuer else key
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer.certificate.subject if issuer else subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(made + timedelta(days=days[0]))
            .not_valid_after(made + timedelta(days=days[1]))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        )
        return Holder(key, builder.sign(signer, hashes.SHA256()))


def _read_pem(path: Path, issuer: Holder | None) -> Holder:
    return _matching(path, _pem(path.read_bytes()), issuer)


def _read_pkcs12(path: Path, issuer: Holder) -> Holder:
    return _matching(path, _pkcs12(path.read_bytes()), issuer)


_Pair = tuple[object, x509.Certificate | None]


# To check an RSA key takes longer than all else that starts a simulator, so the same bytes are parsed once.
@cache
def _pem(data: bytes) -> _Pair:
    try:
        return load_pem_private_key(data, None), x509.load_pem_x509_certificate(data)
    except ValueError:
        return None, None


@cache
def _pkcs12(data: bytes) -> _Pair:
    try:
        return pkcs12.load_key_and_certificates(data, PASSWORD.encode())[:2]
    except ValueError:
        return None, None


def _matching(path: Path, pair: _Pair, issuer: Holder | None) -> Holder:
    """The holder, when key, certificate and issuer (itself for a root) belong together."""
    key, certificate = pair
    if not isinstance(key, rsa.RSAPrivateKey) or certificate is None:
        raise _damaged(path, "tệp bị hỏng", "the file is damaged")
    if certificate.public_key() != key.public_key():
        raise _damaged(path, "khoá và chứng thư không khớp", "its key and its certificate do not belong together")
    try:
        certificate.verify_directly_issued_by(issuer.certificate if issuer else certificate)
    except (InvalidSignature, ValueError, TypeError):
        raise _damaged(path, "do đơn vị khác cấp", "another authority issued it") from None
    return Holder(key, certificate)


def _damaged(path: Path, vi: str, en: str) -> ConfigurationError:
    return ConfigurationError(
        Text(f"Bộ khoá mô phỏng không dùng được: {vi}.", f"The demonstration keys cannot be used: {en}."),
        Text(
            f"Chọn một thư mục trống, hoặc xoá các khoá mô phỏng trong {path.parent} để tạo lại.",
            f"Choose an empty folder, or delete the demonstration keys in {path.parent} to make them anew.",
        ),
        where=str(path),
    )


def _name(common: str, organisation: str, uid: str = "") -> x509.Name:
    attributes = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
        x509.NameAttribute(NameOID.COMMON_NAME, common),
    ]
    return x509.Name([*attributes, *([x509.NameAttribute(NameOID.USER_ID, uid)] if uid else [])])


def _write_private(path: Path, data: bytes) -> None:
    """Write the file whole or not at all, for its owner's eyes."""
    unfinished = path.with_suffix(".unfinished")
    unfinished.touch(mode=0o600)
    unfinished.write_bytes(data)
    unfinished.replace(path)
