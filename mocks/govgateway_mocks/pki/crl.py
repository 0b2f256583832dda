"""Certificate revocation lists (RFC 5280 §5)."""

from __future__ import annotations

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from govgateway_mocks.pki.holder import Authority
from govgateway_mocks.pki.register import Register, Revocation

LIFETIME = timedelta(days=7)


def revocation_list(authority: Authority, register: Register, at: datetime) -> x509.CertificateRevocationList:
    """What the authority has revoked by ``at``, signed by itself; the next list is due in seven days."""
    at = at.replace(microsecond=0)
    key = authority.key.public_key()
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.certificate.subject)
        .last_update(at)
        .next_update(at + LIFETIME)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key), critical=False)
        .add_extension(x509.CRLNumber(int(at.timestamp())), critical=False)
    )
    for serial, revocation in register.issued(authority.identifier).items():
        if revocation is not None and revocation.at <= at:
            builder = builder.add_revoked_certificate(_entry(serial, revocation))
    return builder.sign(authority.key, hashes.SHA256())


def _entry(serial: int, revocation: Revocation) -> x509.RevokedCertificate:
    builder = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(revocation.at)
    if revocation.reason is not x509.ReasonFlags.unspecified:  # which is said by leaving it out (RFC 5280 §5.3.1)
        builder = builder.add_extension(x509.CRLReason(revocation.reason), critical=False)
    return builder.build()
