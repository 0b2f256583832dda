"""What an X.509 certificate says: whose it is, for how long, and whether it is a demonstration one.

Vietnamese certificates name the taxpayer in the subject's UID (0.9.2342.19200300.100.1.1) as ``MST:9900000016``; one
subject may hold several UIDs (a person's and the organisation's). The tax office's own has ``O=MST:…`` (observed).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import NameOID

from govgateway.calendar import VIETNAM
from govgateway.errors import CertificateUnfit, Text

_OID_NAMES = {NameOID.USER_ID: "UID", NameOID.EMAIL_ADDRESS: "E", NameOID.SERIAL_NUMBER: "SERIALNUMBER"}
_DEMONSTRATION = "DEMONSTRATION"


# To read one takes as long as to verify a signature, and most documents of an organisation carry the same.
@lru_cache(maxsize=256)
def read_certificate(der: bytes) -> x509.Certificate:
    """The certificate in ``der``. Raises ValueError unless its names, its validity and its key can be read, too: the
    library reads them only when they are asked for. One certificate is written in one way: bits that are left over at
    its end, which no library looks at, are refused."""
    try:
        certificate = x509.load_der_x509_certificate(der)
        subject_text(certificate), certificate.issuer, certificate.not_valid_before_utc, certificate.not_valid_after_utc
        certificate.public_key()
        if not der.endswith(b"\0" + certificate.signature):
            raise ValueError("bits are left over")
    except (UnsupportedAlgorithm, x509.InvalidVersion, KeyError, TypeError) as error:  # names of unheard-of types
        raise ValueError(str(error)) from None
    return certificate


def certificates_in(data: bytes) -> tuple[x509.Certificate, ...]:
    """The certificates in a file as authorities publish it: PEM, DER or PKCS#7 (``.p7b``). Raises ValueError."""
    readers: tuple[Callable[[bytes], list[x509.Certificate]], ...] = (
        x509.load_pem_x509_certificates,
        lambda der: [x509.load_der_x509_certificate(der)],
        pkcs7.load_der_pkcs7_certificates,
        pkcs7.load_pem_pkcs7_certificates,
    )
    for read in readers:
        try:
            return tuple(read_certificate(each.public_bytes(Encoding.DER)) for each in read(data))
        except (ValueError, UnsupportedAlgorithm):
            continue
    raise ValueError("no certificate")


def fingerprint(certificate: x509.Certificate) -> str:
    """The SHA-256 of ``certificate`` as authorities publish it: ``BA:C8:…``."""
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


def is_authority(certificate: x509.Certificate) -> bool:
    """Whether it is an authority's own: it says so, or is of before one had to and issued by itself."""
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return certificate.issuer == certificate.subject
    except (ValueError, x509.DuplicateExtension):
        return False


def subject_text(certificate: x509.Certificate) -> str:
    """The subject as X509SubjectName has it: RFC 4514, the UID by its short name."""
    return certificate.subject.rfc4514_string(_OID_NAMES)


def issuer_text(certificate: x509.Certificate) -> str:
    """The issuer, written like a subject."""
    return certificate.issuer.rfc4514_string(_OID_NAMES)


def display_name(certificate: x509.Certificate) -> str:
    """The common name, or the whole subject where there is none."""
    names = _values(certificate.subject, NameOID.COMMON_NAME)
    return names[0] if names else subject_text(certificate)


def identifiers(certificate: x509.Certificate) -> tuple[str, ...]:
    """Everything that identifies the holder: all UIDs (``MST:…``, ``CCCD:…``, ``MNS:…``), and O where it is MST:…."""
    organisations = _values(certificate.subject, NameOID.ORGANIZATION_NAME)
    return (
        *_values(certificate.subject, NameOID.USER_ID),
        *(each for each in organisations if each.startswith("MST:")),
    )


KINDS: Mapping[str, str] = {
    "MST": "tax_code",
    "CCCD": "personal_id",
    "CMND": "personal_id",
    "HC": "personal_id",
    "MNS": "budget_code",
}
"""What an identifier is, by the word before its colon: HC is a passport's number."""


def identities(certificate: x509.Certificate) -> tuple[tuple[str, str], ...]:
    """The same as (kind, number): ``("tax_code", "9900000016")``; the kind is "other" where nobody says it."""
    parted = (each.partition(":") for each in identifiers(certificate))
    return tuple((KINDS.get(word.strip().upper(), "other"), number.strip() or word) for word, _, number in parted)


def managing_unit(certificate: x509.Certificate) -> str:
    """The unit to which the holder belongs: OU and O of the subject, the tax code that may stand there aside; empty
    where the certificate names none."""
    oids = (NameOID.ORGANIZATIONAL_UNIT_NAME, NameOID.ORGANIZATION_NAME)
    named = (each for oid in oids for each in _values(certificate.subject, oid))
    return ", ".join(each for each in named if not each.startswith("MST:"))


def names_owner(certificate: x509.Certificate, owner: str) -> bool:
    """Whether the certificate names ``owner``, such as ``MST:9900000016`` or ``MST:9900000016-001``.

    The ten digits and the branch are compared apart: a branch's certificate is not its head office's.
    """
    return _parts(owner) in {_parts(each) for each in identifiers(certificate)}


def _parts(identifier: str) -> tuple[str, str, str]:
    kind, _, number = identifier.replace(" ", "").partition(":")
    root, _, branch = number.partition("-")
    return kind.upper(), root, branch


def ensure_fit(certificate: x509.Certificate, owner: str, at: datetime) -> None:
    """Raise CertificateUnfit unless the certificate is valid ``at`` that moment and names ``owner`` (empty: all do)."""
    who = display_name(certificate)
    if at < certificate.not_valid_before_utc:
        raise _unfit(
            f"của {who}, chưa có hiệu lực (từ {_day(certificate.not_valid_before_utc)})",
            f"that of {who} is not valid before {_day(certificate.not_valid_before_utc)}",
        )
    if at > certificate.not_valid_after_utc:
        raise _unfit(
            f"của {who}, đã hết hạn ngày {_day(certificate.not_valid_after_utc)}",
            f"that of {who} expired on {_day(certificate.not_valid_after_utc)}",
        )
    if owner and not names_owner(certificate, owner):
        whose = ", ".join(identifiers(certificate)) or subject_text(certificate)
        raise _unfit(
            f"đây là chứng thư của {whose}, không phải của {owner}",
            f"it is that of {whose}, not of {owner}",
        )


def is_demonstration(certificate: x509.Certificate) -> bool:
    """Whether a simulator's demonstration PKI issued the certificate (its issuer's organisation says so)."""
    return any(_DEMONSTRATION in each for each in _values(certificate.issuer, NameOID.ORGANIZATION_NAME))


def _values(name: x509.Name, oid: x509.ObjectIdentifier) -> list[str]:
    return [str(attribute.value) for attribute in name.get_attributes_for_oid(oid)]


def _day(moment: datetime) -> str:
    return moment.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M")


def _unfit(vi: str, en: str) -> CertificateUnfit:
    return CertificateUnfit(
        Text(f"Không dùng được chứng thư số: {vi}.", f"The certificate cannot be used: {en}."),
        Text("Dùng chứng thư số còn hạn của đúng đơn vị.", "Use a valid certificate of the right organisation."),
    )
