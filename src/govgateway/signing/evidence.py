"""What authorities say of revocations, kept as bytes, by which a verdict can be checked anew: CRLs and OCSP answers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from govgateway.signing.certificates import read_certificate

_PEM_MARK = b"-----BEGIN X509 CRL-----"
_HASHES = (hashes.SHA1, hashes.SHA224, hashes.SHA256, hashes.SHA384, hashes.SHA512)


@dataclass(frozen=True, slots=True)
class Evidence:
    """CRLs and OCSP answers, each as DER."""

    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()

    @classmethod
    def read(cls, data: bytes) -> Evidence:
        """A CRL, PEM (as the national root serves its own) or DER, or an OCSP answer (DER). Raises ValueError."""
        if _PEM_MARK in data:
            return cls(crls=(x509.load_pem_x509_crl(data).public_bytes(Encoding.DER),))
        try:
            load_crl(data)
            return cls(crls=(data,))
        except ValueError:
            load_answer(data)
            return cls(ocsps=(data,))

    @classmethod
    def joined(cls, parts: Iterable[Evidence]) -> Evidence:
        """Everything in ``parts``, once."""
        parts = tuple(parts)
        crls = dict.fromkeys(crl for part in parts for crl in part.crls)
        return cls(tuple(crls), tuple(dict.fromkeys(answer for part in parts for answer in part.ocsps)))

    @property
    def files(self) -> Mapping[str, bytes]:
        """The same under names by their SHA-256, as they are kept: ``crl-….crl``, ``ocsp-….der``."""
        named = {f"crl-{_digest(each)}.crl": each for each in self.crls}
        return named | {f"ocsp-{_digest(each)}.der": each for each in self.ocsps}

    @property
    def moments(self) -> tuple[datetime, ...]:
        """When each of them was made."""
        lists = (load_crl(each).last_update_utc for each in self.crls)
        return (*lists, *(load_answer(each).this_update_utc for each in self.ocsps))

    def __bool__(self) -> bool:
        return bool(self.crls or self.ocsps)


NO_EVIDENCE = Evidence()


@lru_cache(maxsize=64)
def load_crl(der: bytes) -> x509.CertificateRevocationList:
    """The CRL in ``der``. Raises ValueError unless its issuer and its times can be read, too: the library reads them
    only when they are asked for."""
    try:
        crl = x509.load_der_x509_crl(der)
        crl.issuer, crl.last_update_utc, crl.next_update_utc  # noqa: B018
    except (x509.InvalidVersion, KeyError, TypeError) as error:  # names of unheard-of types
        raise ValueError(str(error)) from None
    return crl


@lru_cache(maxsize=256)
def load_answer(der: bytes) -> ocsp.OCSPResponse:
    """The OCSP answer in ``der``. Raises ValueError unless it is a successful one about one certificate, which can be
    read in whole."""
    answer = ocsp.load_der_ocsp_response(der)
    if answer.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
        raise ValueError("the responder refused")
    try:
        answer.serial_number, answer.certificate_status, answer.this_update_utc, answer.next_update_utc  # noqa: B018
        answer.revocation_time_utc, list(answer.extensions)
        for each in answer.certificates:
            read_certificate(each.public_bytes(Encoding.DER))
        known = isinstance(answer.hash_algorithm, _HASHES)
    except (UnsupportedAlgorithm, x509.DuplicateExtension, KeyError, TypeError) as error:
        raise ValueError(str(error)) from None
    if not known:
        raise ValueError("a certificate is named by an unheard-of hash")
    return answer


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]
