"""What the demonstration authorities issue: one profile for each use of a certificate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID

from govgateway_mocks.pki.holder import Authority, Holder, PrivateKey

Days = tuple[int, int]
"""From and to when a certificate is valid, in days after it was made."""

_AS_LONG_AS_ITS_AUTHORITY: Days = (-3650, 7300)
_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


@dataclass(frozen=True, slots=True)
class Profile:
    """What a certificate is for. ``elliptic`` keys are made at once; the others are RSA, as the country's are.

    ``revocable``: whether it says where its authority tells of revocations.
    """

    usages: frozenset[str]
    purpose: x509.ObjectIdentifier | None = None
    days: Days = _AS_LONG_AS_ITS_AUTHORITY
    authority: bool = False
    elliptic: bool = False
    revocable: bool = True


_DIGITAL = frozenset({"digital_signature"})
AUTHORITY = Profile(frozenset({"key_cert_sign", "crl_sign"}), authority=True)
SIGNATORY = Profile(_DIGITAL | {"content_commitment"}, days=(-1, 3650))
TIME_STAMPS = Profile(_DIGITAL, ExtendedKeyUsageOID.TIME_STAMPING)
# Asking about the answers' own signer would never end (id-pkix-ocsp-nocheck, RFC 6960 §4.2.2.2.1).
OCSP_RESPONDER = Profile(_DIGITAL, ExtendedKeyUsageOID.OCSP_SIGNING, elliptic=True, revocable=False)
# Valid for as long as can be: its clients look at the machine's clock, whatever the simulator's says.
TLS_AUTHORITY = Profile(AUTHORITY.usages, authority=True, elliptic=True, revocable=False)
TLS_SERVER = Profile(_DIGITAL, ExtendedKeyUsageOID.SERVER_AUTH, elliptic=True, revocable=False)


def issue(
    subject: x509.Name,
    issuer: Authority | None,
    profile: Profile,
    at: datetime,
    address: str,
    *,
    days: Days | None = None,
    names: tuple[x509.GeneralName, ...] = (),
) -> Holder:
    """A new key with a certificate by ``issuer`` (None: by itself), made ``at`` that moment.

    ``address`` is where revocations are told; ``days`` replaces the profile's; ``names`` are a server's.
    """
    key = _new_key(profile)
    signer = issuer.key if issuer else key
    first, last = (at.replace(microsecond=0) + timedelta(days=each) for each in days or profile.days)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(first)
        .not_valid_after(min(last, issuer.certificate.not_valid_after_utc) if issuer else last)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    for extension, critical in _of_profile(profile):
        builder = builder.add_extension(extension, critical)
    for extension in (*_of_revocation(issuer, profile, address), *_of_names(names)):
        builder = builder.add_extension(extension, critical=False)
    return Holder(key, builder.sign(signer, hashes.SHA256()))


def _new_key(profile: Profile) -> PrivateKey:
    if profile.elliptic:
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _of_profile(profile: Profile) -> Iterator[tuple[x509.ExtensionType, bool]]:
    """What the profile says, and whether a reader has to understand it."""
    yield x509.BasicConstraints(ca=profile.authority, path_length=None), True
    yield x509.KeyUsage(**{usage: usage in profile.usages for usage in _USAGES}), True
    if profile.purpose is not None:
        # Time stamps count only from a key that may do nothing else (RFC 3161 §2.3).
        yield x509.ExtendedKeyUsage([profile.purpose]), profile.purpose == ExtendedKeyUsageOID.TIME_STAMPING
    if profile.purpose == ExtendedKeyUsageOID.OCSP_SIGNING:
        yield x509.OCSPNoCheck(), False


def _of_revocation(issuer: Authority | None, profile: Profile, address: str) -> Iterator[x509.ExtensionType]:
    """Where the issuer's CRL, its OCSP responder and its own certificate are."""
    if issuer is None or not profile.revocable:
        return
    # The national root's own list is PEM text, not DER (observed), whatever RFC 5280 wants.
    form = "pem" if profile.authority else "crl"
    crl = x509.UniformResourceIdentifier(f"{address}/crl/{issuer.identifier}.{form}")
    yield x509.CRLDistributionPoints([x509.DistributionPoint([crl], None, None, None)])
    ocsp, certificate = f"{address}/ocsp", f"{address}/ca/{issuer.identifier}.cer"
    yield x509.AuthorityInformationAccess(
        [
            _access(AuthorityInformationAccessOID.OCSP, ocsp),
            _access(AuthorityInformationAccessOID.CA_ISSUERS, certificate),
        ]
    )


def _access(method: x509.ObjectIdentifier, address: str) -> x509.AccessDescription:
    return x509.AccessDescription(method, x509.UniformResourceIdentifier(address))


def _of_names(names: tuple[x509.GeneralName, ...]) -> Iterator[x509.ExtensionType]:
    if names:
        yield x509.SubjectAlternativeName(names)
