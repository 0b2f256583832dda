"""A verdict as people and programs read it: what Circular 15/2025/TT-BKHCN wants shown of a signature, and more.

docs/verification.md explains it line by line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from cryptography import x509

from govgateway.cli.output import moment
from govgateway.errors import Text
from govgateway.signing.certificates import (
    identities,
    is_demonstration,
    issuer_text,
    managing_unit,
    subject_text,
)
from govgateway.signing.revocation import Revocation, RevocationStatus
from govgateway.signing.timestamps import TimeSource, TimeStamp
from govgateway.signing.trust import DOMAINS
from govgateway.signing.usage import USAGES, key_usage
from govgateway.signing.verify import Verification, VerifiedSignature

_IDENTITIES: Mapping[str, Text] = {
    "tax_code": Text("Mã số thuế", "Tax code"),
    "personal_id": Text("Số định danh cá nhân", "Personal id"),
    "budget_code": Text("Mã quan hệ ngân sách", "Budget code"),
    "other": Text("Mã khác", "Other id"),
}
_SOURCES: Mapping[TimeSource, Text] = {
    TimeSource.SIGNER: Text("theo máy người ký", "by the signer's clock"),
    TimeSource.STAMP: Text("theo dấu thời gian", "by a time stamp"),
}
_LABELS = {
    "subject": Text("Chủ thể", "Subject"),
    "issuer": Text("Đơn vị cấp", "Issuer"),
    "unit": Text("Đơn vị quản lý", "Managing unit"),
    "time": Text("Thời điểm ký", "Signing time"),
    "stamp": Text("Dấu thời gian", "Time stamp"),
    "integrity": Text("Tính toàn vẹn", "Integrity"),
    "validity": Text("Hiệu lực khi ký", "Validity at signing"),
    "period": Text("Hạn chứng thư", "Certificate valid"),
    "revocation": Text("Thu hồi", "Revocation"),
    "usage": Text("Mục đích khoá", "Key usage"),
    "algorithms": Text("Thuật toán", "Algorithms"),
    "level": Text("Mức chữ ký", "Level"),
    "domain": Text("Miền tin cậy", "Trust domain"),
    "covers": Text("Phần được ký", "Covers"),
    "confirms": Text("Xác nhận chữ ký", "Confirms signature"),
    "not_covered": Text("KHÔNG ĐƯỢC KÝ", "NOT COVERED"),
}
_NOT_NAMED = Text("chứng thư không nêu", "the certificate names none")

Line = tuple[Text, Text]


def print_verification(file: Path, verification: Verification, language: str) -> None:
    """By which profile, then every signature: a headline, then one line for each part of the verdict."""
    print(f"{file.name} · {verification.profile.title.in_language(language)}")
    if not verification.signatures:
        print("  " + Text("Không có chữ ký nào.", "There is no signature.").in_language(language))
    for number, each in enumerate(verification.signatures, start=1):
        print(f"  {number}. {headline(each, language)}")
        for label, said in lines(each):
            print(f"     {label.in_language(language)}: {said.in_language(language)}")


def headline(signature: VerifiedSignature, language: str) -> str:
    """Whose a signature is and whether it holds."""
    sound = signature.intact and signature.well_placed
    state = Text("còn nguyên vẹn", "intact") if sound else Text("KHÔNG HỢP LỆ", "NOT VALID")
    trusted = Text("tin cậy", "trusted") if signature.trusted else Text("CHƯA XÁC LẬP TIN CẬY", "TRUST NOT ESTABLISHED")
    play = Text("MÔ PHỎNG", "SIMULATION") if is_play(signature) else Text("", "")
    said = [each.in_language(language) for each in ((state, trusted, play) if sound else (state, play))]
    return " · ".join(each for each in (signature.signer or "?", " ".join(signature.identifiers), *said) if each)


def remarks(signature: VerifiedSignature) -> Iterator[Text]:
    """In short: when it was made, and why it is not believed."""
    if signature.signing_time and signature.time_source:
        at, source = moment(signature.signing_time), _SOURCES[signature.time_source]
        yield Text(f"ký lúc {at} ({source.vi})", f"signed {at} ({source.en})")
    yield from (each for each in (signature.reason, signature.trust_reason) if each.vi)


def lines(signature: VerifiedSignature) -> Iterator[Line]:
    """The parts of a verdict, each with its label."""
    if signature.certificate is not None:
        yield from _whose(signature.certificate)
    yield from _when(signature)
    yield _LABELS["integrity"], _integrity(signature)
    if signature.certificate is not None:
        yield from _of_certificate(signature, signature.certificate)
    yield from _how(signature)


def _whose(certificate: x509.Certificate) -> Iterator[Line]:
    yield _LABELS["subject"], _same(subject_text(certificate))
    yield _LABELS["issuer"], _same(issuer_text(certificate))
    unit = managing_unit(certificate)
    yield _LABELS["unit"], _same(unit) if unit else _NOT_NAMED
    for kind, number in identities(certificate):
        yield _IDENTITIES[kind], _same(number)


def _when(signature: VerifiedSignature) -> Iterator[Line]:
    if signature.signing_time and signature.time_source:
        at, source = moment(signature.signing_time), _SOURCES[signature.time_source]
        yield _LABELS["time"], Text(f"{at} ({source.vi})", f"{at} ({source.en})")
    elif signature.intact:
        yield _LABELS["time"], Text("chữ ký không nêu", "the signature names none")
    if signature.time_stamp:
        yield _LABELS["stamp"], _stamp(signature.time_stamp)


def _stamp(stamp: TimeStamp) -> Text:
    at = moment(stamp.at) if stamp.at else "?"
    state = Text("tin cậy", "trusted") if stamp.trusted else _warning("không tin cậy", "not trusted")
    why = _aside(stamp.reason)
    authority = stamp.authority or "?"
    return Text(f"{at} do {authority}, {state.vi}{why.vi}", f"{at} by {authority}, {state.en}{why.en}")


def _integrity(signature: VerifiedSignature) -> Text:
    if signature.reason.vi:
        return signature.reason
    return Text("nội dung không bị thay đổi sau khi ký", "the content was not changed after signing")


def _of_certificate(signature: VerifiedSignature, certificate: x509.Certificate) -> Iterator[Line]:
    if signature.intact:
        yield _LABELS["validity"], _validity(signature)
    since, until = moment(certificate.not_valid_before_utc), moment(certificate.not_valid_after_utc)
    yield _LABELS["period"], Text(f"từ {since} đến {until}", f"from {since} to {until}")
    if signature.revocation:
        yield _LABELS["revocation"], _revocation(signature.revocation)
    used = [USAGES[each] for each in key_usage(certificate)] or [_NOT_NAMED]
    yield _LABELS["usage"], Text(", ".join(each.vi for each in used), ", ".join(each.en for each in used))
    if signature.intact:
        domain = DOMAINS[signature.domain] if signature.domain else Text("không có", "none")
        play = Text(" (MÔ PHỎNG)", " (SIMULATION)") if is_demonstration(certificate) else Text("", "")
        yield _LABELS["domain"], Text(domain.vi + play.vi, domain.en + play.en)


def _validity(signature: VerifiedSignature) -> Text:
    if not signature.trusted:
        why = signature.trust_reason
        return Text(f"KHÔNG: {why.vi}", f"NO: {why.en}")
    return Text("chứng thư có hiệu lực", "the certificate was valid")


def _revocation(revocation: Revocation) -> Text:
    why = _aside(revocation.reason)
    if revocation.status is RevocationStatus.UNKNOWN:
        return _warning(f"chưa rõ{why.vi}", f"unknown{why.en}")
    if revocation.status is RevocationStatus.REVOKED:
        at = moment(revocation.revoked_at) if revocation.revoked_at else "?"
        return Text(f"ĐÃ BỊ THU HỒI lúc {at}{why.vi}", f"REVOKED {at}{why.en}")
    as_of = moment(revocation.as_of) if revocation.as_of else "?"
    return Text(
        f"không bị thu hồi, theo CRL hoặc OCSP lúc {as_of}{why.vi}", f"not revoked, by CRL or OCSP of {as_of}{why.en}"
    )


def _how(signature: VerifiedSignature) -> Iterator[Line]:
    if signature.algorithms:
        yield _LABELS["algorithms"], _same(", ".join(signature.algorithms))
    if signature.legacy:
        yield _LABELS["algorithms"], _warning("đã lỗi thời", "outdated")
    if signature.level:
        yield _LABELS["level"], _same(f"XAdES {signature.level}")
    if signature.countersigns:
        yield _LABELS["confirms"], _same(str(signature.countersigns))
    if signature.signed_path:
        yield _LABELS["covers"], _same(signature.signed_path)
    for path in signature.not_covered:
        yield _LABELS["not_covered"], _same(path)


def is_play(signature: VerifiedSignature) -> bool:
    """Whether a demonstration key made it."""
    return signature.certificate is not None and is_demonstration(signature.certificate)


def _same(text: str) -> Text:
    return Text(text, text)


def _warning(vi: str, en: str) -> Text:
    return Text(f"CẢNH BÁO: {vi}", f"WARNING: {en}")


def _aside(reason: Text) -> Text:
    return Text(f" – {reason.vi}", f" – {reason.en}") if reason.vi else reason
