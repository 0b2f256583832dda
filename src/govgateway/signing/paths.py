"""Paths of certificates, validated by pyhanko-certvalidator: explicit roots, one moment, and where evidence is given,
the status of every certificate demanded (its mode "require": all others let certificates pass that declare no address).

A path is validated once for a stretch of time in which nothing turns: no certificate begins or ends to be valid, no
list is replaced, nothing is revoked. So a batch of documents by one signatory costs one validation.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import cache, lru_cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from govgateway.signing.evidence import Evidence, load_answer, load_crl


class Found(Enum):
    """How a validation ended."""

    VALID = auto()
    EXPIRED = auto()
    NOT_YET_VALID = auto()
    NO_ISSUER = auto()
    OUTDATED_ALGORITHM = auto()
    REVOKED = auto()
    NO_STATUS = auto()
    INVALID = auto()


@dataclass(frozen=True, slots=True)
class PathFound:
    """``chain`` from the leaf to the root, empty unless ``found`` is VALID; ``revoked_at`` and ``reason`` (by its name
    in RFC 5280) when it is REVOKED, ``of_authority`` when that is not the leaf."""

    found: Found
    chain: tuple[x509.Certificate, ...] = ()
    revoked_at: datetime | None = None
    reason: str = ""
    of_authority: bool = False


@dataclass(frozen=True, slots=True)
class PathQuestion:
    """Whether ``certificate`` has a path to one of ``roots``, over ``others`` (not believed).

    ``evidence`` None: revocation is not asked about.
    """

    certificate: x509.Certificate
    roots: tuple[x509.Certificate, ...]
    others: tuple[x509.Certificate, ...]
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A stretch of time by its number among those of a question; ``moment`` is the one in it that was asked for."""

    number: tuple[int, int]
    moment: datetime = field(compare=False)


def find_path(question: PathQuestion, at: datetime) -> PathFound:
    """The path ``at`` that moment. Never raises for what certificates and evidence hold."""
    turns = _turning_points(question)
    return _found(question, _Stretch((bisect_left(turns, at), bisect_right(turns, at)), at))


@lru_cache(maxsize=512)
def _turning_points(question: PathQuestion) -> tuple[datetime, ...]:
    certificates = {question.certificate, *question.roots, *question.others}
    evidence = question.evidence or Evidence()
    serials = {each.serial_number for each in certificates}
    points = [*_turns_of_lists(evidence, serials), *_turns_of_answers(evidence)]
    for answer in evidence.ocsps:
        certificates.update(load_answer(answer).certificates)
    for each in certificates:
        points += [each.not_valid_before_utc, each.not_valid_after_utc]
    return tuple(sorted({each for each in points if each is not None}))


def _turns_of_lists(evidence: Evidence, serials: set[int]) -> Iterator[datetime | None]:
    for crl in map(load_crl, evidence.crls):
        yield from (crl.last_update_utc, crl.next_update_utc)
        entries = (crl.get_revoked_certificate_by_serial_number(each) for each in serials if each > 0)
        yield from (each.revocation_date_utc for each in entries if each is not None)


def _turns_of_answers(evidence: Evidence) -> Iterator[datetime | None]:
    for answer in map(load_answer, evidence.ocsps):
        yield from (answer.this_update_utc, answer.next_update_utc, answer.revocation_time_utc)


@lru_cache(maxsize=4096)
def _found(question: PathQuestion, stretch: _Stretch) -> PathFound:
    from pyhanko_certvalidator import errors

    outcomes = {
        errors.ExpiredError: Found.EXPIRED,
        errors.NotYetValidError: Found.NOT_YET_VALID,
        errors.PathBuildingError: Found.NO_ISSUER,
        errors.DisallowedAlgorithmError: Found.OUTDATED_ALGORITHM,
        errors.InsufficientRevinfoError: Found.NO_STATUS,
    }
    try:
        path = _validated(question, stretch.moment)
    except errors.RevokedError as revoked:
        return PathFound(
            Found.REVOKED,
            revoked_at=revoked.revocation_dt,
            reason=revoked.reason.native or "",
            of_authority=not revoked.is_ee_cert,
        )
    except Exception as error:
        # A certificate that was made to break its reader breaks it in ways of its own: it is not believed.
        return PathFound(next((found for kind, found in outcomes.items() if isinstance(error, kind)), Found.INVALID))
    return PathFound(Found.VALID, tuple(x509.load_der_x509_certificate(each.dump()) for each in reversed(list(path))))


def _validated(question: PathQuestion, at: datetime) -> Any:
    """pyhanko-certvalidator's path, from the root to the leaf. Raises its errors."""
    from pyhanko_certvalidator import CertificateValidator, ValidationContext

    evidence = question.evidence or Evidence()
    context = ValidationContext(
        trust_roots=[_asn1(each) for each in question.roots],
        other_certs=[_asn1(each) for each in question.others],
        moment=at,
        time_tolerance=timedelta(0),
        allow_fetching=False,
        revinfo_policy=_policy(asks=question.evidence is not None),
        crls=[_asn1_list(each) for each in evidence.crls],
        ocsps=[_asn1_answer(each) for each in evidence.ocsps],
    )
    validator = CertificateValidator(_asn1(question.certificate), validation_context=context)
    return _finished(validator.async_validate_path())


@cache
def _policy(*, asks: bool) -> Any:
    """The mode "require", or that nothing is asked about revocation."""
    from pyhanko_certvalidator.policy_decl import NO_REVOCATION, CertRevTrustPolicy, RevocationCheckingPolicy

    return CertRevTrustPolicy(RevocationCheckingPolicy.from_legacy("require") if asks else NO_REVOCATION)


def _finished(validation: Coroutine[None, None, object]) -> object:
    """Run a validation that waits for nothing, since nothing is fetched: inside an event loop as well as outside."""
    try:
        validation.send(None)
    except StopIteration as end:
        return end.value
    raise RuntimeError("a validation without fetching waits for something")


@lru_cache(maxsize=512)
def _asn1(certificate: x509.Certificate) -> Any:
    from asn1crypto.x509 import Certificate

    return Certificate.load(certificate.public_bytes(Encoding.DER))


@lru_cache(maxsize=64)
def _asn1_list(der: bytes) -> Any:
    from asn1crypto.crl import CertificateList

    return CertificateList.load(der)


@lru_cache(maxsize=256)
def _asn1_answer(der: bytes) -> Any:
    from asn1crypto.ocsp import OCSPResponse

    return OCSPResponse.load(der)
