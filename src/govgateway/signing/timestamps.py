"""Time stamps (RFC 3161) of XAdES signatures, judged: level B-T of EN 319 132-1.

An authority states that the canonical SignatureValue was there at a time. The stamp stands in the unsigned properties.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from lxml import etree

from govgateway.errors import DocumentRefused, Text
from govgateway.signing.canonical import ALGORITHMS, C14N, canonical
from govgateway.signing.certificates import display_name, read_certificate
from govgateway.signing.references import DS
from govgateway.signing.revocation import Revocation, unknown
from govgateway.signing.trust import Domain, TrustStore
from govgateway.signing.xades import XADES

if TYPE_CHECKING:
    from rfc3161_client import TimeStampResponse

_X = f"{{{XADES}}}"
UNSIGNED = f"{{{DS}}}Object/{_X}QualifyingProperties/{_X}UnsignedProperties/{_X}UnsignedSignatureProperties"
"""The path, below a signature, of the properties that are added to it later."""
_MOST_STAMPS = 4
_HASHES = {"2.16.840.1.101.3.4.2.1": "sha256", "2.16.840.1.101.3.4.2.2": "sha384", "2.16.840.1.101.3.4.2.3": "sha512"}
_GRANTED = b"\x30\x03\x02\x01\x00"
"""PKIStatusInfo of an answer that carries a stamp."""


class TimeSource(StrEnum):
    """Who says when a signature was made."""

    SIGNER = "claimed"
    STAMP = "time-stamp"


@dataclass(frozen=True, slots=True)
class TimeStamp:
    """A stamp of a signature. ``at`` is None when it cannot be read; ``authority`` is the name in its certificate.

    ``trusted``: it is of this signature and by an authority that is trusted for time stamps; ``reason`` says why not,
    or what of the authority's certificate is not known.
    """

    at: datetime | None
    authority: str
    trusted: bool
    reason: Text
    revocation: Revocation = unknown(Text("chưa xét", "not judged"))  # noqa: RUF009  # frozen


def time_stamp_of(signature: etree._Element, trust: TrustStore) -> TimeStamp | None:
    """The time stamp of ``signature``, the earliest trusted one where there are several; None when there is none.

    Never raises for what a stamp holds.
    """
    stamps = [_judged(each, signature, trust) for each in _stamps(signature)]
    trusted = [each for each in stamps if each.trusted and each.at is not None]
    return min(trusted, key=lambda each: each.at) if trusted else next(iter(stamps), None)  # type: ignore[arg-type, return-value]


def _stamps(signature: etree._Element) -> list[etree._Element]:
    properties = signature.find(UNSIGNED)
    return [] if properties is None else properties.findall(f"{_X}SignatureTimeStamp")[:_MOST_STAMPS]


class StampRefused(Exception):
    """Why a stamp is not believed."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(en)
        self.reason = Text(vi, en)


def _judged(stamp: etree._Element, signature: etree._Element, trust: TrustStore) -> TimeStamp:
    try:
        response = _response(stamp)
    except (StampRefused, ValueError):
        return TimeStamp(None, "", False, Text("dấu thời gian không đọc được", "the time stamp cannot be read"))
    at = response.tst_info.gen_time
    certificate, others = _signer(response)
    if certificate is None:
        why = Text("dấu thời gian không kèm chứng thư", "the time stamp carries no certificate")
        return TimeStamp(at, "", False, why)
    authorities = trust.within(Domain.TIME_STAMPS)
    judged = authorities.judge_for(certificate, others, at, _why_not_for_time(certificate), proven=True)
    try:
        ensure_stamps(stamped_value(signature, stamp), response)
        if judged.trusted:
            _ensure_signed(response, certificate, (*others, *authorities.intermediates), authorities.roots)
    except StampRefused as refused:
        return TimeStamp(at, display_name(certificate), False, refused.reason)
    return TimeStamp(at, display_name(certificate), judged.trusted, judged.reason, judged.revocation)


def _response(stamp: etree._Element) -> TimeStampResponse:
    """The stamp as an answer that grants it, which rfc3161-client wants. Raises ValueError for what is none."""
    from rfc3161_client import decode_timestamp_response

    written = stamp.find(f"{_X}EncapsulatedTimeStamp")
    try:
        token = base64.b64decode("".join((written.text or "").split()) if written is not None else "", validate=True)
    except (binascii.Error, ValueError):
        token = b""
    if not token:
        raise StampRefused("không có dấu thời gian", "there is no time stamp")
    answer = decode_timestamp_response(b"\x30" + _length(len(_GRANTED + token)) + _GRANTED + token)
    answer.tst_info.gen_time  # noqa: B018  # it is read when it is asked for
    return answer


def _length(size: int) -> bytes:
    """``size`` as DER has it."""
    if size < 128:
        return bytes([size])
    octets = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes([0x80 | len(octets)]) + octets


def _signer(response: TimeStampResponse) -> tuple[x509.Certificate | None, tuple[x509.Certificate, ...]]:
    """(the certificate that the stamp names as its signer's, the others in it)."""
    try:
        certificates = [read_certificate(bytes(each)) for each in response.signed_data.certificates]
        named = {(each.issuer, each.serial_number) for each in response.signed_data.signer_infos}
    except (ValueError, KeyError, TypeError):  # names of unheard-of types
        return None, ()
    signers = [each for each in certificates if (each.issuer, each.serial_number) in named]
    if len(named) != 1 or len(signers) != 1:
        return None, ()
    return signers[0], tuple(each for each in certificates if each != signers[0])


def stamped_value(signature: etree._Element, stamp: etree._Element | None = None) -> bytes:
    """What a time stamp of ``signature`` is of: SignatureValue, canonical as ``stamp`` says, by C14N 1.0 where it does
    not. Raises StampRefused when its algorithm is not allowed."""
    (value,) = signature.findall(f"{{{DS}}}SignatureValue")
    method = None if stamp is None else stamp.find(f"{{{DS}}}CanonicalizationMethod")
    algorithm = C14N if method is None else method.get("Algorithm", "")
    if algorithm not in ALGORITHMS or (method is not None and len(method)):
        raise _algorithm()
    try:
        return canonical(value, algorithm)
    except DocumentRefused:
        raise StampRefused("không chuẩn hoá được chữ ký", "the signature cannot be canonicalised") from None


def ensure_stamps(stamped: bytes, response: TimeStampResponse) -> None:
    """Raise StampRefused unless the stamp in ``response`` is of ``stamped``."""
    imprint = response.tst_info.message_imprint
    algorithm = _HASHES.get(imprint.hash_algorithm.dotted_string)
    if algorithm is None:
        raise _algorithm()
    if hashlib.new(algorithm, stamped).digest() != bytes(imprint.message):
        raise StampRefused("dấu thời gian không phải của chữ ký này", "the time stamp is of something else")


def _algorithm() -> StampRefused:
    return StampRefused("dấu thời gian dùng thuật toán lạ", "the algorithm of the time stamp is not allowed")


def _ensure_signed(
    response: TimeStampResponse,
    certificate: x509.Certificate,
    others: Sequence[x509.Certificate],
    roots: Sequence[x509.Certificate],
) -> None:
    """Raise StampRefused unless the key of ``certificate``, which has a path to one of ``roots``, signed the stamp."""
    from rfc3161_client import VerificationError, VerifierBuilder

    verifier = VerifierBuilder(tsa_certificate=certificate, intermediates=list(others), roots=list(roots)).build()
    try:
        verifier.verify(response, bytes(response.tst_info.message_imprint.message))
    except (VerificationError, ValueError):
        raise StampRefused("dấu thời gian đã bị sửa", "the time stamp was changed") from None


def _why_not_for_time(certificate: x509.Certificate) -> Text | None:
    """Why no time may be stamped with it: that has to be its one purpose, marked critical (RFC 3161 §2.3)."""
    try:
        purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
        if purposes.critical and list(purposes.value) == [ExtendedKeyUsageOID.TIME_STAMPING]:
            return None
    except (x509.ExtensionNotFound, ValueError, x509.DuplicateExtension):
        pass
    return Text("chứng thư không dùng để cấp dấu thời gian", "the certificate is not for time stamping")
