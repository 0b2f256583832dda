"""A verdict as programs read it: the values of ``verify --json``."""

from __future__ import annotations

from typing import Any

from cryptography import x509

from govgateway.cli.verdict import is_play
from govgateway.signing.certificates import fingerprint, identities, issuer_text, managing_unit, subject_text
from govgateway.signing.revocation import Revocation
from govgateway.signing.timestamps import TimeStamp
from govgateway.signing.usage import key_usage
from govgateway.signing.verify import VerifiedSignature


def described(signature: VerifiedSignature) -> dict[str, Any]:
    """A signature for a program: everything that is known of it; of what is kept as bytes the names of its files."""
    names = (
        "intact", "well_placed", "reason", "signed_path", "signer", "identifiers", "signing_time", "time_source",
        "trusted", "trust_reason", "domain", "not_covered", "algorithms", "legacy", "level", "countersigns",
    )  # fmt: skip
    certificate, stamp, revocation = signature.certificate, signature.time_stamp, signature.revocation
    return {
        **{name: getattr(signature, name) for name in names},
        "demonstration": is_play(signature),
        "certificate": _described_certificate(certificate) if certificate else None,
        "time_stamp": _described_stamp(stamp) if stamp else None,
        "revocation": _described_revocation(revocation) if revocation else None,
    }


def _described_certificate(certificate: x509.Certificate) -> dict[str, Any]:
    return {
        "subject": subject_text(certificate),
        "issuer": issuer_text(certificate),
        "managing_unit": managing_unit(certificate),
        "identities": [{"kind": kind, "number": number} for kind, number in identities(certificate)],
        "serial_number": f"{certificate.serial_number:x}",
        "fingerprint": fingerprint(certificate),
        "valid_from": certificate.not_valid_before_utc,
        "valid_to": certificate.not_valid_after_utc,
        "key_usage": key_usage(certificate),
    }


def _described_stamp(stamp: TimeStamp) -> dict[str, Any]:
    return {
        "at": stamp.at,
        "authority": stamp.authority,
        "trusted": stamp.trusted,
        "reason": stamp.reason,
        "revocation": _described_revocation(stamp.revocation),
    }


def _described_revocation(revocation: Revocation) -> dict[str, Any]:
    return {
        "status": revocation.status,
        "reason": revocation.reason,
        "revoked_at": revocation.revoked_at,
        "as_of": revocation.as_of,
        "evidence": list(revocation.evidence.files),
    }
