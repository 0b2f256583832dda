"""Whether a certificate was revoked when a signature was made, by what the demonstration authorities say.

The signature is of keys.NOW unless a test says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

import keys
from authorities import DAY, Authorities, authorities
from govgateway.signing import paths
from govgateway.signing.evidence import NO_EVIDENCE, Evidence
from govgateway.signing.revocation import Revocation, RevocationStatus
from govgateway.signing.trust import Trust, TrustStore
from simulated import strange_pki

NOW = keys.NOW
GOOD = "9900000016"
BEFORE = "9900000023"
AFTER = "9900000030"
STOLEN = x509.ReasonFlags.key_compromise

Made = Callable[[x509.Certificate, datetime], Evidence]


@pytest.fixture(scope="module")
def ca() -> Authorities:
    """The authorities, with a certificate that was revoked before keys.NOW and one that was after it."""
    made = authorities()
    made.pki.revoke(made.holder(BEFORE).certificate, NOW - timedelta(hours=6), STOLEN)
    made.pki.revoke(made.holder(AFTER).certificate, NOW + 3 * DAY, STOLEN)
    return made


def _lists(certificate: x509.Certificate, at: datetime) -> Evidence:
    return authorities().lists(at)


def _answers(certificate: x509.Certificate, at: datetime) -> Evidence:
    return authorities().answers(certificate, at)


def _judged(
    tax_code: str, evidence: Evidence, at: datetime = NOW, *, proven: bool = False, trust: TrustStore | None = None
) -> Trust:
    certificate = authorities().holder(tax_code).certificate
    return (trust or authorities().trust(evidence)).judge(certificate, (), at, proven=proven)


def _unknown(tax_code: str, evidence: Evidence, at: datetime = NOW) -> str:
    """Why the status is unknown; the certificate is trusted, and the reason of that warns."""
    judged = _judged(tax_code, evidence, at)
    assert judged.trusted
    assert judged.revocation.status is RevocationStatus.UNKNOWN
    assert judged.reason.vi == f"chưa kiểm tra được thu hồi: {judged.revocation.reason.vi}"
    assert judged.revocation.as_of is None
    return judged.revocation.reason.vi


@pytest.mark.parametrize("made", [_lists, _answers])
def test_what_is_on_no_list_is_good(ca: Authorities, made: Made) -> None:
    evidence = made(ca.holder(GOOD).certificate, NOW)
    judged = _judged(GOOD, evidence)
    assert (judged.trusted, judged.reason.vi) == (True, "")
    assert judged.revocation == Revocation(RevocationStatus.GOOD, as_of=NOW, evidence=evidence)


@pytest.mark.parametrize("made", [_lists, _answers])
def test_what_was_revoked_before_it_signed_is_told_with_time_and_reason(ca: Authorities, made: Made) -> None:
    for proven in (False, True):
        judged = _judged(BEFORE, made(ca.holder(BEFORE).certificate, NOW), proven=proven)
        assert not judged.trusted
        assert judged.reason.vi == "chứng thư đã bị thu hồi: lộ khoá bí mật"
        assert judged.revocation.status is RevocationStatus.REVOKED
        assert judged.revocation.revoked_at == NOW - timedelta(hours=6)


@pytest.mark.parametrize("made", [_lists, _answers])
def test_evidence_of_the_signing_time_is_enough_years_later(ca: Authorities, made: Made) -> None:
    assert _judged(AFTER, made(ca.holder(AFTER).certificate, NOW)).revocation.status is RevocationStatus.GOOD


@pytest.mark.parametrize("made", [_lists, _answers])
def test_what_was_revoked_later_is_not_good_by_the_signers_word(ca: Authorities, made: Made) -> None:
    """A thief signs after the revocation with his clock set back. certvalidator's retroactive_revinfo believes him."""
    judged = _judged(AFTER, made(ca.holder(AFTER).certificate, NOW + 5 * DAY))
    assert not judged.trusted
    assert judged.revocation.status is RevocationStatus.REVOKED
    assert judged.revocation.revoked_at == NOW + 3 * DAY
    assert "do người ký tự nêu" in judged.revocation.reason.vi


def test_nor_does_older_evidence_hide_a_later_revocation(ca: Authorities) -> None:
    both = Evidence.joined((ca.lists(NOW), ca.lists(NOW + 5 * DAY)))
    assert _judged(AFTER, both).revocation.status is RevocationStatus.REVOKED


@pytest.mark.parametrize("made", [_lists, _answers])
def test_a_time_stamp_proves_that_a_signature_is_older_than_the_revocation(ca: Authorities, made: Made) -> None:
    judged = _judged(AFTER, made(ca.holder(AFTER).certificate, NOW + 5 * DAY), proven=True)
    assert judged.trusted
    assert judged.revocation.status is RevocationStatus.GOOD
    assert judged.reason.vi == "bị thu hồi sau đó, lúc 19/11/2026 10:00"


@pytest.mark.parametrize("made", [_lists, _answers])
def test_what_is_good_later_was_good_before(ca: Authorities, made: Made) -> None:
    later = NOW + 40 * DAY
    judged = _judged(GOOD, made(ca.holder(GOOD).certificate, later))
    assert (judged.revocation.status, judged.revocation.as_of) == (RevocationStatus.GOOD, later)


@pytest.mark.parametrize("made", [_lists, _answers])
def test_what_is_told_after_the_certificate_expired_says_nothing(ca: Authorities, made: Made) -> None:
    """A list drops what has expired (RFC 5280 §5)."""
    certificate = ca.holder(GOOD).certificate
    evidence = made(certificate, certificate.not_valid_after_utc + DAY)
    assert _unknown(GOOD, evidence) == "bằng chứng chỉ có sau khi chứng thư hết hạn"


def test_an_authority_that_was_revoked_takes_its_certificates_with_it(ca: Authorities) -> None:
    entry = x509.RevokedCertificateBuilder().serial_number(ca.pki.issuing.certificate.serial_number)
    revoked = _list_of(ca, entry.revocation_date(NOW - DAY).build())
    judged = _judged(GOOD, Evidence(crls=(ca.lists(NOW).crls[0], revoked)))
    assert judged.revocation.status is RevocationStatus.REVOKED
    assert judged.revocation.reason.vi == "chứng thư của đơn vị cấp: không nêu lý do"


def _list_of(ca: Authorities, entry: x509.RevokedCertificate) -> bytes:
    """A list of the root with one entry."""
    builder = x509.CertificateRevocationListBuilder().issuer_name(ca.pki.root.certificate.subject)
    builder = builder.last_update(NOW).next_update(NOW + DAY).add_revoked_certificate(entry)
    return builder.sign(ca.pki.root.key, hashes.SHA256()).public_bytes(Encoding.DER)


def test_a_certificate_that_names_no_address_is_looked_for_all_the_same() -> None:
    """certvalidator's mode "hard-fail" would pass it, though it is on the list."""
    leaf, issuing, root = keys.leaf(), keys.issuing(), keys.root()

    def list_of(holder: keys.Holder, *revoked: x509.Certificate) -> bytes:
        builder = x509.CertificateRevocationListBuilder().issuer_name(holder.certificate.subject)
        builder = builder.last_update(NOW - DAY).next_update(NOW + DAY)
        for each in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(each.serial_number)
            builder = builder.add_revoked_certificate(entry.revocation_date(NOW - DAY).build())
        return builder.sign(holder.key, hashes.SHA256()).public_bytes(Encoding.DER)

    def status(*lists: bytes) -> RevocationStatus:
        store = TrustStore.joined((keys.trust(), TrustStore((), (), evidence=Evidence(crls=lists))))
        return store.judge(leaf.certificate, (), NOW).revocation.status

    assert status(list_of(issuing), list_of(root)) is RevocationStatus.GOOD
    assert status(list_of(issuing, leaf.certificate), list_of(root)) is RevocationStatus.REVOKED
    assert status(list_of(issuing)) is RevocationStatus.UNKNOWN


def test_without_evidence_nothing_is_known(ca: Authorities) -> None:
    assert _unknown(GOOD, NO_EVIDENCE) == "không có CRL hay trả lời OCSP nào"


def test_a_stale_list_is_told_with_its_end(ca: Authorities) -> None:
    assert _unknown(GOOD, ca.lists(NOW - 20 * DAY)) == "CRL hoặc OCSP đã cũ, hết hạn lúc 03/11/2026 10:00"
    stale = ca.answers(ca.holder(GOOD).certificate, NOW - DAY)
    assert "đã cũ" in _unknown(GOOD, stale)


def test_a_list_of_another_issuer_says_nothing(ca: Authorities) -> None:
    government = ca.pki.crl(ca.pki.government.issuing).public_bytes(Encoding.DER)
    assert _unknown(GOOD, Evidence(crls=(government,))) == "CRL của đơn vị khác, OCSP về chứng thư khác"


def test_an_answer_about_another_certificate_says_nothing(ca: Authorities) -> None:
    other = ca.answer(ca.holder(AFTER).certificate, ca.pki.issuing.certificate, NOW)
    assert _unknown(GOOD, other) == "CRL của đơn vị khác, OCSP về chứng thư khác"


def test_a_list_by_a_stranger_of_the_same_name_says_nothing(ca: Authorities) -> None:
    strange = strange_pki()
    forged = tuple(strange.crl(each).public_bytes(Encoding.DER) for each in strange.public.authorities)
    assert _unknown(GOOD, Evidence(crls=forged)) == "chữ ký trên CRL không đúng"


def test_an_authority_that_does_not_know_the_certificate_is_told(ca: Authorities) -> None:
    leaf, issuing = ca.holder(GOOD).certificate, ca.pki.issuing.certificate
    register = ca.pki.register
    ca.pki.register = type(register)(ca.folder / "empty.json")
    try:
        evidence = ca.answer(leaf, issuing, NOW)
    finally:
        ca.pki.register = register
    assert _unknown(GOOD, evidence) == "đơn vị cấp không biết chứng thư này"


def test_half_of_the_path_is_not_enough(ca: Authorities) -> None:
    leaf_only = Evidence(crls=ca.lists(NOW).crls[:1])
    assert _unknown(GOOD, leaf_only) == "CRL của đơn vị khác, OCSP về chứng thư khác"


def test_an_answer_that_was_altered_is_not_believed(ca: Authorities) -> None:
    evidence = ca.answers(ca.holder(BEFORE).certificate, NOW)
    about_leaf = evidence.ocsps[0]
    altered = about_leaf.replace(b"20261115210000Z", b"20271115210000Z")
    assert altered != about_leaf
    assert _unknown(BEFORE, Evidence(ocsps=(altered, *evidence.ocsps[1:]))) == "bằng chứng không tin được"


def test_evidence_is_read_as_pem_or_der_and_kept_by_its_digest(ca: Authorities) -> None:
    evidence = Evidence.joined((ca.lists(NOW), ca.answers(ca.holder(GOOD).certificate, NOW)))
    read = Evidence.joined(Evidence.read(each) for each in evidence.files.values())
    assert read == evidence
    as_text = x509.load_der_x509_crl(evidence.crls[0]).public_bytes(Encoding.PEM)
    assert Evidence.read(as_text).crls == evidence.crls[:1]
    assert len(evidence.files) == 4


@pytest.mark.parametrize("data", [b"", b"nonsense", b"-----BEGIN X509 CRL-----\nAA==\n-----END X509 CRL-----\n"])
def test_what_is_no_evidence_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        Evidence.read(data)


def test_a_refusal_to_answer_is_no_evidence() -> None:
    from cryptography.x509 import ocsp

    refusal = ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.TRY_LATER)
    with pytest.raises(ValueError, match="refused"):
        Evidence.read(refusal.public_bytes(Encoding.DER))


def test_a_path_is_validated_once_for_a_certificate_and_its_lists(
    ca: Authorities, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths._found.cache_clear()
    trust = ca.trust(ca.lists(NOW - DAY))
    asked: list[datetime] = []
    validated = paths._validated

    def noted(question: paths.PathQuestion, at: datetime) -> object:
        asked.append(at)
        return validated(question, at)

    monkeypatch.setattr(paths, "_validated", noted)
    for minute in range(20):
        at = NOW + timedelta(minutes=minute)
        assert _judged(AFTER, NO_EVIDENCE, at, trust=trust).revocation.status is RevocationStatus.GOOD
    assert len(asked) == 1
    assert _judged(AFTER, NO_EVIDENCE, NOW + 7 * DAY, trust=trust).revocation.status is not RevocationStatus.GOOD
    assert len(asked) > 1, "the list has run out by then"


def test_the_moment_of_a_revocation_is_not_cached_over(ca: Authorities) -> None:
    trust = ca.trust(ca.lists(NOW))
    revoked_at = NOW - timedelta(hours=6)
    states = [
        _judged(BEFORE, NO_EVIDENCE, at, trust=trust).revocation.status
        for at in (NOW, revoked_at, revoked_at - timedelta(seconds=1))
    ]
    assert states == [RevocationStatus.REVOKED] * 3, "by the signer's word even what was signed a second before"
    before = _judged(BEFORE, NO_EVIDENCE, revoked_at - timedelta(seconds=1), trust=trust, proven=True)
    assert before.revocation.status is RevocationStatus.GOOD
