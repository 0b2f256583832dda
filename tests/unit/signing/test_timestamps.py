"""Time stamps of XAdES signatures, by the demonstration authority over HTTP: added, judged, refused."""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache

import pytest
from asn1crypto import tsp
from cryptography import x509

import keys
from authorities import DAY, authorities, fetch
from govgateway.documents.xml import read_xml
from govgateway.errors import AnswerRefused, SignatureBroken
from govgateway.signing import profiles
from govgateway.signing.canonical import C14N
from govgateway.signing.evidence import NO_EVIDENCE, Evidence
from govgateway.signing.revocation import RevocationStatus
from govgateway.signing.sign import sign
from govgateway.signing.stamping import TIME_STAMP_QUERY, add_time_stamp
from govgateway.signing.timestamps import TimeSource
from govgateway.signing.trust import Domain, TrustStore
from govgateway.signing.verify import VerifiedSignature, verify
from govgateway_mocks.pki import Holder, timestamps
from samples import declaration
from signed import signed_by
from simulated import strange_pki

NOW = keys.NOW
STAMPED_AT = NOW + timedelta(minutes=5)
REPORT = '<report xmlns="urn:example"><amount>10 đồng</amount></report>'.encode()
PROFILE = profiles.installed()["xades"]
_STAMP = re.compile(rb"<EncapsulatedTimeStamp>([^<]*)</EncapsulatedTimeStamp>")


@cache
def _made(tax_code: str, report: bytes) -> bytes:
    signer = authorities().holder(tax_code).signer
    return sign(read_xml(report), PROFILE, signer, at=NOW, random_id=lambda: secrets.token_hex(8))


def _signed(tax_code: str = "9900000016", report: bytes = REPORT) -> bytes:
    """A small report, signed by level B-B."""
    return _made(tax_code, report)


def _authority(request: bytes, at: datetime = STAMPED_AT) -> bytes:
    """The authority as it answers over HTTP at that time."""
    ca = authorities()
    ca.pki.time_stamp_authority()
    ca.now = at
    try:
        return fetch(f"{ca.address}/tsa", request, TIME_STAMP_QUERY)
    finally:
        ca.now = NOW


@cache
def _made_and_stamped(tax_code: str) -> bytes:
    return add_time_stamp(read_xml(_signed(tax_code)), 1, _authority)


def _stamped(tax_code: str = "9900000016") -> bytes:
    """The same with a time stamp of STAMPED_AT."""
    return _made_and_stamped(tax_code)


def _verified(data: bytes, evidence: Evidence = NO_EVIDENCE, *, trust: TrustStore | None = None) -> VerifiedSignature:
    (signature,) = verify(read_xml(data), PROFILE, trust or authorities().trust(evidence), NOW).signatures
    assert signature.intact
    assert signature.well_placed
    return signature


def _claimed_only(data: bytes, why: str, *, trust: TrustStore | None = None) -> None:
    """The stamp of ``data`` is told, and why it does not count: the time is the signer's word."""
    signature = _verified(data, trust=trust)
    assert signature.time_stamp is not None
    assert (signature.time_stamp.trusted, signature.time_stamp.reason.vi) == (False, why)
    assert (signature.level, signature.time_source, signature.signing_time) == ("B-B", TimeSource.SIGNER, NOW)


def test_a_stamped_signature_is_of_level_t_and_has_the_stamps_time() -> None:
    assert (_verified(_signed()).level, _verified(_signed()).time_source) == ("B-B", TimeSource.SIGNER)
    signature = _verified(_stamped())
    assert (signature.level, signature.time_source, signature.signing_time) == ("B-T", TimeSource.STAMP, STAMPED_AT)
    assert signature.time_stamp is not None
    assert signature.time_stamp.authority == "DEMONSTRATION TSA"
    assert signature.not_covered == ()


def test_nothing_else_of_the_document_is_touched() -> None:
    added = re.compile(rb"<UnsignedProperties .*</UnsignedProperties>", re.DOTALL)
    assert added.sub(b"", _stamped()) == _signed()


def test_a_signature_without_a_stamp_has_none() -> None:
    assert _verified(_signed()).time_stamp is None


def test_a_second_stamp_stands_beside_the_first_and_the_earliest_counts() -> None:
    earlier = STAMPED_AT - timedelta(minutes=2)
    twice = add_time_stamp(read_xml(_stamped()), 1, lambda request: _authority(request, earlier))
    assert twice.count(b"<SignatureTimeStamp") == 2
    assert twice.count(b"<UnsignedProperties") == 1
    assert _verified(twice).signing_time == earlier


def test_a_stamp_proves_a_signature_that_is_older_than_the_revocation() -> None:
    ca = authorities()
    signer = ca.holder("9900000055").certificate
    ca.pki.revoke(signer, NOW + 2 * DAY, x509.ReasonFlags.key_compromise)
    later = ca.lists(NOW + 3 * DAY)
    assert not _verified(_signed("9900000055"), later).trusted
    signature = _verified(_stamped("9900000055"), later)
    assert signature.trusted
    assert signature.revocation is not None
    assert signature.revocation.status is RevocationStatus.GOOD
    assert signature.trust_reason.vi.startswith("bị thu hồi sau đó")


def test_the_authority_of_a_stamp_may_be_revoked_too() -> None:
    ca = authorities()
    root, authority = ca.pki.time_stamps.root, ca.pki.time_stamp_authority().certificate
    signature = _verified(_stamped(), ca.answer(authority, root.certificate, STAMPED_AT))
    assert signature.time_stamp is not None
    assert signature.time_stamp.revocation.status is RevocationStatus.GOOD
    assert signature.time_stamp.reason.vi == ""
    unasked = _verified(_stamped()).time_stamp
    assert unasked is not None
    assert unasked.reason.vi == "chưa kiểm tra được thu hồi: không có CRL hay trả lời OCSP nào"


def _with_stamp(token: bytes) -> bytes:
    return _STAMP.sub(b"<EncapsulatedTimeStamp>" + base64.b64encode(token) + b"</EncapsulatedTimeStamp>", _stamped())


def _token(data: bytes) -> bytes:
    found = _STAMP.search(data)
    assert found
    return base64.b64decode(found[1])


def test_an_altered_stamp_does_not_count() -> None:
    earlier = _token(_stamped()).replace(b"20261116030500Z", b"20251116030500Z")
    assert earlier != _token(_stamped())
    signature = _verified(_with_stamp(earlier))
    assert signature.time_stamp is not None
    assert not signature.time_stamp.trusted
    within = _token(_stamped()).replace(b"20261116030500Z", b"20261116030000Z")
    _claimed_only(_with_stamp(within), "dấu thời gian đã bị sửa")


def test_no_byte_of_a_stamp_may_be_another() -> None:
    """Beyond its signature a stamp holds nothing but the authority's certificate, which its signature names."""
    token = _token(_stamped())
    for position in range(0, len(token), 37):
        changed = token[:position] + bytes([token[position] ^ 1]) + token[position + 1 :]
        signature = _verified(_with_stamp(changed))
        stamp = signature.time_stamp
        assert stamp is not None
        assert not stamp.trusted or signature.signing_time == STAMPED_AT, position


def test_a_stamp_of_another_signature_does_not_count() -> None:
    other = add_time_stamp(read_xml(_signed(report=REPORT.replace(b"10", b"20"))), 1, _authority)
    _claimed_only(_with_stamp(_token(other)), "dấu thời gian không phải của chữ ký này")


def test_a_stamp_by_a_stranger_does_not_count() -> None:
    strange = strange_pki()

    def stranger(request: bytes) -> bytes:
        return timestamps.answer(request, strange.time_stamp_authority(), STAMPED_AT)

    stamped = add_time_stamp(read_xml(_signed()), 1, stranger)
    _claimed_only(stamped, "không rõ đơn vị cấp chứng thư")
    _claimed_only(stamped, "chưa cấu hình chứng thư gốc tin cậy", trust=authorities().trust().within(Domain.PUBLIC))


def test_the_root_of_stamps_has_to_be_trusted_for_that() -> None:
    roots = [authorities().pki.time_stamps.root.certificate, authorities().pki.root.certificate]
    public = TrustStore.of([*roots, authorities().pki.issuing.certificate], Domain.PUBLIC)
    _claimed_only(_stamped(), "chưa cấu hình chứng thư gốc tin cậy", trust=public)


def test_whoever_signs_documents_may_not_stamp_times() -> None:
    def taxpayer(request: bytes) -> bytes:
        holder = authorities().holder("9900000016")
        return timestamps.answer(request, Holder(holder.key, holder.certificate), STAMPED_AT)

    everything = TrustStore.of([each.certificate for each in authorities().pki.public.authorities], Domain.TIME_STAMPS)
    trust = TrustStore.joined((everything, keys.trust()))
    stamped = add_time_stamp(read_xml(_signed()), 1, taxpayer)
    _claimed_only(stamped, "chứng thư không dùng để cấp dấu thời gian", trust=trust)


@pytest.mark.parametrize("token", [b"", b"nonsense", b"\x30\x03\x02\x01\x00"])
def test_what_is_no_stamp_does_not_count(token: bytes) -> None:
    _claimed_only(_with_stamp(token), "dấu thời gian không đọc được")


def test_a_stamp_without_the_authoritys_certificate_does_not_count() -> None:
    def short(request: bytes) -> bytes:
        read = tsp.TimeStampReq.load(request)
        read["cert_req"] = False
        return _authority(read.dump())

    stamped = add_time_stamp(read_xml(_signed()), 1, short)
    _claimed_only(stamped, "dấu thời gian không kèm chứng thư")


def test_a_stamp_over_another_canonical_form_is_judged_by_that() -> None:
    other = _stamped().replace(C14N.encode() + b'"/><Encapsulated', b'http://www.w3.org/TR/1999/x"/><Encapsulated')
    assert other != _stamped()
    _claimed_only(other, "dấu thời gian dùng thuật toán lạ")


def _of_another_request(request: bytes) -> bytes:
    read = tsp.TimeStampReq.load(request)
    read["nonce"] = 1
    return _authority(read.dump())


def _of_something_else(request: bytes) -> bytes:
    read = tsp.TimeStampReq.load(request)
    read["message_imprint"]["hashed_message"] = bytes(32)
    return _authority(read.dump())


def _refused(request: bytes) -> bytes:
    read = tsp.TimeStampReq.load(request)
    read["req_policy"] = "1.2.3"
    return _authority(read.dump())


@pytest.mark.parametrize(
    ("authority", "why"),
    [
        (_of_another_request, "câu trả lời cho yêu cầu khác (nonce)"),
        (_of_something_else, "dấu thời gian không phải của chữ ký này"),
        (_refused, "máy chủ dấu thời gian từ chối"),
        (lambda request: b"<html>", "câu trả lời không đọc được"),
        (lambda request: b"", "câu trả lời không đọc được"),
    ],
)
def test_an_answer_that_is_no_stamp_of_the_signature_is_refused(authority: Callable[[bytes], bytes], why: str) -> None:
    with pytest.raises(AnswerRefused) as refused:
        add_time_stamp(read_xml(_signed()), 1, authority)
    assert refused.value.message.vi == f"Không lấy được dấu thời gian: {why}."


@pytest.mark.parametrize("number", [0, 2, -1])
def test_there_has_to_be_such_a_signature(number: int) -> None:
    with pytest.raises(SignatureBroken):
        add_time_stamp(read_xml(_signed()), number, _authority)


def test_only_xades_signatures_are_stamped() -> None:
    plain = signed_by(declaration(), keys.leaf())
    with pytest.raises(SignatureBroken) as refused:
        add_time_stamp(read_xml(plain), 1, _authority)
    assert "XAdES" in refused.value.message.vi
