"""The time-stamp authority (RFC 3161): it stamps SHA-256, SHA-384 and SHA-512 digests, and refuses all else."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from asn1crypto import cms, core, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from govgateway_mocks.pki.holder import Holder

POLICY = "1.3.6.1.4.1.32473.3161"
"""Invented, below the number that is set aside for examples (RFC 5612)."""

_SIZES = {"sha256": 32, "sha384": 48, "sha512": 64}


class _Refusal(core.Sequence):  # type: ignore[misc]  # asn1crypto says nothing of its types
    """A response without a token, which asn1crypto's own cannot be."""

    _fields = [("status", tsp.PKIStatusInfo)]  # noqa: RUF012


def answer(data: bytes, authority: Holder, at: datetime) -> bytes:
    """The response (DER) to a request: a token as of ``at`` by ``authority``, or a rejection that says why."""
    try:
        request = tsp.TimeStampReq.load(data, strict=True)
        wrong = _wrong_with(request)
    except (ValueError, TypeError, AttributeError):  # of some types asn1crypto knows no value
        wrong = "bad_data_format"
    if wrong:
        refused = {"status": "rejection", "status_string": [wrong.replace("_", " ")], "fail_info": {wrong}}
        return bytes(_Refusal({"status": refused}).dump())
    content = _content(request, at).dump()
    token = _token(content, authority, at, with_certificate=request["cert_req"].native)
    return bytes(tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump())


def _wrong_with(request: Any) -> str:
    """The failure's name in RFC 3161, empty when there is nothing wrong. Raises ValueError where it cannot be read."""
    read = request.native
    imprint = read["message_imprint"]
    algorithm = imprint["hash_algorithm"]["algorithm"]
    if read["version"] != "v1":
        return "bad_request"
    if algorithm not in _SIZES:
        return "bad_alg"
    if len(imprint["hashed_message"]) != _SIZES[algorithm]:
        return "bad_data_format"
    if read["req_policy"] not in (None, POLICY):
        return "unaccepted_policy"
    return "unaccepted_extensions" if read["extensions"] else ""


def _content(request: Any, at: datetime) -> Any:
    return tsp.TSTInfo(
        {
            "version": "v1",
            "policy": POLICY,
            "message_imprint": request["message_imprint"],
            "serial_number": x509.random_serial_number(),
            "gen_time": at.astimezone(UTC).replace(microsecond=0),
            "accuracy": {"seconds": 1},
            "nonce": request["nonce"].native,
        }
    )


def _token(content: bytes, authority: Holder, at: datetime, *, with_certificate: bool) -> Any:
    """``content`` as signed data (RFC 5652)."""
    certificate = asn1.Certificate.load(authority.certificate_der)
    attributes = cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": name, "values": [value]})
            for name, value in {
                "content_type": "tst_info",
                "signing_time": cms.Time({"utc_time": at.astimezone(UTC).replace(microsecond=0)}),
                "message_digest": hashlib.sha256(content).digest(),
                # By this the certificate cannot be exchanged for another one of the same key (RFC 5816).
                "signing_certificate_v2": {"certs": [{"cert_hash": hashlib.sha256(certificate.dump()).digest()}]},
            }.items()
        ]
    )
    signer = {
        "version": "v1",
        "sid": {"issuer_and_serial_number": {"issuer": certificate.issuer, "serial_number": certificate.serial_number}},
        "digest_algorithm": {"algorithm": "sha256"},
        "signed_attrs": attributes,
        "signature_algorithm": {"algorithm": "sha256_rsa"},
        "signature": _signature(authority, attributes.dump()),
    }
    return {
        "content_type": "signed_data",
        "content": {
            "version": "v3",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(content)},
            "certificates": [certificate] if with_certificate else None,
            "signer_infos": [signer],
        },
    }


def _signature(authority: Holder, data: bytes) -> bytes:
    assert isinstance(authority.key, rsa.RSAPrivateKey)  # noqa: S101  # as its profile has it
    return authority.key.sign(data, padding.PKCS1v15(), hashes.SHA256())
