"""Whether a certificate was revoked when a signature was made, by the evidence at hand.

Evidence of that very time decides, and so does newer evidence, while the certificate is valid, as long as it says good:
what is good later was good before. (A list drops what has expired, so one that is made later says nothing.)

A revocation after the signing time counts against a signature whose time only its signer states: a thief sets his clock
back. A time stamp proves that the signature is older. certvalidator's ``retroactive_revinfo``, which would take any
newer list and the signer's word together, is never used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509 import ocsp

from govgateway.calendar import VIETNAM
from govgateway.errors import Text
from govgateway.signing.evidence import NO_EVIDENCE, Evidence, load_answer, load_crl
from govgateway.signing.paths import Found, PathFound, PathQuestion, find_path


class RevocationStatus(StrEnum):
    """Of a certificate at the signing time."""

    GOOD = "good"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Revocation:
    """``reason``: why it was revoked, why that is unknown, or what else has to be said; empty when all is good.

    ``as_of`` is the time of which the evidence speaks, None when the status is unknown. ``evidence`` is what was
    looked at: kept, it gives the same verdict offline.
    """

    status: RevocationStatus
    reason: Text = Text("", "")
    revoked_at: datetime | None = None
    as_of: datetime | None = None
    evidence: Evidence = NO_EVIDENCE


REASONS: Mapping[str, Text] = {
    "unspecified": Text("không nêu lý do", "no reason given"),
    "key_compromise": Text("lộ khoá bí mật", "key compromise"),
    "ca_compromise": Text("đơn vị cấp bị lộ khoá", "compromise of the authority"),
    "affiliation_changed": Text("thay đổi thông tin thuê bao", "affiliation changed"),
    "superseded": Text("đã được thay bằng chứng thư khác", "superseded"),
    "cessation_of_operation": Text("ngừng hoạt động", "cessation of operation"),
    "certificate_hold": Text("tạm dừng", "on hold"),
    "privilege_withdrawn": Text("bị rút quyền", "privilege withdrawn"),
    "aa_compromise": Text("đơn vị cấp thuộc tính bị lộ khoá", "compromise of the attribute authority"),
}
"""By their names in RFC 5280."""


def unknown(reason: Text, evidence: Evidence = NO_EVIDENCE) -> Revocation:
    """The verdict where nothing is known, and why."""
    return Revocation(RevocationStatus.UNKNOWN, reason, evidence=evidence)


def revocation_of(
    question: PathQuestion, chain: Sequence[x509.Certificate], at: datetime, *, proven: bool
) -> Revocation:
    """The status ``at`` the signing time of every certificate in ``chain``, the path of ``question`` from leaf to root.

    ``proven``: the time is that of a time stamp. Never raises for what the evidence holds.
    """
    evidence = question.evidence
    if not evidence:
        return unknown(Text("không có CRL hay trả lời OCSP nào", "there is no CRL and no OCSP answer"))
    newest = max(evidence.moments)
    if newest > at:
        later = find_path(question, newest)
        known = _by_newer(later, newest, at, evidence, proven=proven)
        if known is not None:
            return known
    found = find_path(question, at)
    if found.found is Found.VALID:
        return Revocation(RevocationStatus.GOOD, as_of=at, evidence=evidence)
    if found.found is Found.REVOKED:
        return _revoked(found, _why(found), at, evidence)
    return unknown(_why_unknown(chain, evidence, at), evidence)


def _by_newer(
    later: PathFound, newest: datetime, at: datetime, evidence: Evidence, *, proven: bool
) -> Revocation | None:
    """What evidence that is newer than the signature says of its time; None when it says nothing."""
    if later.found is Found.VALID:
        return Revocation(RevocationStatus.GOOD, as_of=newest, evidence=evidence)
    if later.found is not Found.REVOKED or later.revoked_at is None:
        return None
    if later.revoked_at <= at:
        return _revoked(later, _why(later), newest, evidence)
    if not proven:
        why = _why(later)
        doubt = Text(
            f"{why.vi}; sau thời điểm ký do người ký tự nêu, không có dấu thời gian chứng minh",
            f"{why.en}; after the signing time, which only the signer states and no time stamp proves",
        )
        return _revoked(later, doubt, newest, evidence)
    if later.of_authority:
        return None
    note = Text(f"bị thu hồi sau đó, lúc {_day(later.revoked_at)}", f"revoked later, on {_day(later.revoked_at)}")
    return Revocation(RevocationStatus.GOOD, note, later.revoked_at, newest, evidence)


def _revoked(found: PathFound, reason: Text, as_of: datetime, evidence: Evidence) -> Revocation:
    return Revocation(RevocationStatus.REVOKED, reason, found.revoked_at, as_of, evidence)


def _why(found: PathFound) -> Text:
    said = REASONS.get(found.reason, REASONS["unspecified"])
    if not found.of_authority:
        return said
    return Text(f"chứng thư của đơn vị cấp: {said.vi}", f"the authority's certificate: {said.en}")


@dataclass(frozen=True, slots=True)
class _Statement:
    """What a CRL or an OCSP answer says of one certificate: from when to when it holds, whether that is anything."""

    since: datetime
    until: datetime | None
    believed: bool
    knows: bool


def _why_unknown(chain: Sequence[x509.Certificate], evidence: Evidence, at: datetime) -> Text:
    """What is wrong with the evidence of the first certificate that has none that could be used."""
    for certificate, issuer in pairwise(chain):
        said = [*_of_lists(issuer, evidence), *_of_answers(certificate, issuer, evidence)]
        wrong = _wrong_with(said, at)
        if wrong is not None:
            return wrong
    return Text("bằng chứng không tin được", "the evidence cannot be believed")


def _wrong_with(said: Sequence[_Statement], at: datetime) -> Text | None:
    if not said:
        return Text("CRL của đơn vị khác, OCSP về chứng thư khác", "CRL or OCSP answer are of others")
    if not any(each.believed for each in said):
        return Text("chữ ký trên CRL không đúng", "the signature of the CRL is wrong")
    if not any(each.knows for each in said):
        return Text("đơn vị cấp không biết chứng thư này", "the authority does not know the certificate")
    begun = [each for each in said if each.since <= at]
    if not begun:
        return Text(
            "bằng chứng chỉ có sau khi chứng thư hết hạn", "the evidence was made after the certificate had expired"
        )
    if all(each.until is not None and each.until < at for each in begun):
        until = _day(max(each.until for each in begun if each.until is not None))
        return Text(f"CRL hoặc OCSP đã cũ, hết hạn lúc {until}", f"CRL or OCSP answer is stale since {until}")
    return None


def _of_lists(issuer: x509.Certificate, evidence: Evidence) -> Iterator[_Statement]:
    for crl in map(load_crl, evidence.crls):
        if crl.issuer == issuer.subject:
            yield _Statement(crl.last_update_utc, crl.next_update_utc, _is_signed(crl, issuer), knows=True)


def _is_signed(crl: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    try:
        return crl.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]  # a kind that is refused
    except (TypeError, ValueError, UnsupportedAlgorithm):
        return False


def _of_answers(certificate: x509.Certificate, issuer: x509.Certificate, evidence: Evidence) -> Iterator[_Statement]:
    for answer in map(load_answer, evidence.ocsps):
        asked = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, answer.hash_algorithm).build()
        if (answer.serial_number, answer.issuer_key_hash) == (asked.serial_number, asked.issuer_key_hash):
            knows = answer.certificate_status is not ocsp.OCSPCertStatus.UNKNOWN
            yield _Statement(answer.this_update_utc, answer.next_update_utc, True, knows)


def _day(moment: datetime) -> str:
    return moment.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M")
