"""The OCSP responder (RFC 6960): a certificate is good, revoked since when and why, or unknown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from govgateway_mocks.pki.domain import TrustDomain
from govgateway_mocks.pki.holder import Authority, Holder
from govgateway_mocks.pki.register import Register, Revocation

LIFETIME = timedelta(hours=1)


def answer(data: bytes, domains: Iterable[TrustDomain], register: Register, at: datetime) -> bytes:
    """The response to a request (both DER) as of ``at``, signed by the responder of the certificate's authority.

    A request that cannot be read, or asks about several certificates, is malformed; for one about an authority that
    is none of ``domains`` the responder is not authorised.
    """
    try:
        request = ocsp.load_der_ocsp_request(data)
        nonces = [each.value for each in request.extensions if isinstance(each.value, x509.OCSPNonce)]
        asked = [
            (domain.ocsp_responder(each), register.issued(each.identifier))
            for domain in domains
            for each in domain.authorities
            if _is_about(request, each)
        ]
        malformed = request.serial_number < 0
    except (ValueError, NotImplementedError, UnsupportedAlgorithm):
        malformed = True
    if malformed:
        return _refusal(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)
    if not asked:
        return _refusal(ocsp.OCSPResponseStatus.UNAUTHORIZED)
    responder, issued = asked[0]
    builder = _status(request, issued, at.replace(microsecond=0))
    for nonce in nonces:
        builder = builder.add_extension(nonce, critical=False)
    return _signed(builder, responder)


def _is_about(request: ocsp.OCSPRequest, authority: Authority) -> bool:
    """Whether the request is about a certificate that the authority issued: its key's hash names it there."""
    itself, algorithm = authority.certificate, request.hash_algorithm
    same = ocsp.OCSPRequestBuilder().add_certificate(itself, itself, algorithm).build()
    return request.issuer_key_hash == same.issuer_key_hash


def _status(
    request: ocsp.OCSPRequest, issued: Mapping[int, Revocation | None], at: datetime
) -> ocsp.OCSPResponseBuilder:
    revocation = issued.get(request.serial_number)
    if revocation is not None and revocation.at > at:
        revocation = None
    status = ocsp.OCSPCertStatus.REVOKED if revocation else ocsp.OCSPCertStatus.GOOD
    if request.serial_number not in issued:
        status = ocsp.OCSPCertStatus.UNKNOWN
    return ocsp.OCSPResponseBuilder().add_response_by_hash(
        request.issuer_name_hash,
        request.issuer_key_hash,
        request.serial_number,
        request.hash_algorithm,
        status,
        at,
        at + LIFETIME,
        revocation.at if revocation else None,
        revocation.reason if revocation else None,
    )


def _signed(builder: ocsp.OCSPResponseBuilder, responder: Holder) -> bytes:
    response = (
        builder.responder_id(ocsp.OCSPResponderEncoding.HASH, responder.certificate)
        .certificates([responder.certificate])
        .sign(responder.key, hashes.SHA256())
    )
    return response.public_bytes(Encoding.DER)


def _refusal(status: ocsp.OCSPResponseStatus) -> bytes:
    return ocsp.OCSPResponseBuilder.build_unsuccessful(status).public_bytes(Encoding.DER)
