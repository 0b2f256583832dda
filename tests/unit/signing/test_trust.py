"""Whom the gateway believes: domains kept apart, keys that may not sign, and what is said of it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

import keys
from authorities import authorities
from govgateway.errors import ConfigurationError, Text
from govgateway.signing.asking import FetchFailed
from govgateway.signing.evidence import Evidence
from govgateway.signing.revocation import RevocationStatus
from govgateway.signing.trust import Domain, TrustStore
from govgateway.signing.usage import key_usage, why_not_to_sign
from govgateway_mocks.pki import organisation

NOW = keys.NOW


def test_nothing_is_trusted_by_itself() -> None:
    judged = TrustStore.empty().judge(keys.leaf().certificate, (keys.issuing().certificate,), NOW)
    assert (judged.trusted, judged.domain) == (False, None)
    assert "chưa cấu hình" in judged.reason.vi
    assert judged.revocation.status is RevocationStatus.UNKNOWN


def test_a_certificate_has_the_domain_of_its_root() -> None:
    ca = authorities()
    public = ca.holder("9900000016").certificate
    government = ca.pki.government.agency("treasury", organisation("Kho bạc", "MNS:9900055")).certificate
    domains = [ca.trust().judge(each, (), NOW).domain for each in (public, government)]
    assert domains == [Domain.PUBLIC, Domain.GOVERNMENT]
    only = ca.trust().within(Domain.GOVERNMENT)
    assert [only.judge(each, (), NOW).trusted for each in (public, government)] == [False, True]


def test_whoever_stamps_times_may_not_sign_documents() -> None:
    ca = authorities()
    authority = ca.pki.time_stamp_authority().certificate
    assert "không rõ đơn vị cấp" in ca.trust().judge(authority, (), NOW).reason.vi
    stamps = TrustStore.of([ca.pki.time_stamps.root.certificate], Domain.PUBLIC)
    assert stamps.judge(authority, (), NOW).reason.vi == "chứng thư không dùng để ký"


def test_roots_of_a_file_are_of_no_domain_unless_another_store_says() -> None:
    data = b"".join(each.certificate.public_bytes(Encoding.PEM) for each in (keys.root(), keys.issuing()))
    plain = TrustStore.from_pem(data)
    leaf = keys.leaf().certificate
    assert plain.judge(leaf, (), NOW).domain is Domain.UNASSIGNED
    assigned = TrustStore.of([keys.root().certificate], Domain.GOVERNMENT)
    for stores in ((plain, assigned), (assigned, plain)):
        assert TrustStore.joined(stores).judge(leaf, (), NOW).domain is Domain.GOVERNMENT


def test_a_file_without_certificates_is_refused() -> None:
    with pytest.raises(ConfigurationError):
        TrustStore.from_pem(b"nonsense")


def test_an_intermediate_certificate_is_no_root() -> None:
    store = TrustStore.of([keys.issuing().certificate], Domain.PUBLIC)
    assert not store.judge(keys.leaf().certificate, (keys.root().certificate,), NOW).trusted


@pytest.mark.parametrize(("days", "reason"), [((-30, -10), "đã hết hạn"), ((10, 30), "chưa có hiệu lực")])
def test_a_certificate_has_to_be_valid_at_that_time(days: tuple[int, int], reason: str) -> None:
    certificate = keys.leaf(days=days).certificate
    judged = keys.trust().judge(certificate, (), NOW)
    assert not judged.trusted
    assert reason in judged.reason.vi
    within = NOW + timedelta(days=sum(days) / 2)
    assert keys.trust().judge(certificate, (), within).trusted


def test_the_bounds_of_validity_are_within_it() -> None:
    certificate = keys.leaf(days=(-30, -10)).certificate
    first, last = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    moments = (first - timedelta(seconds=1), first, last, last + timedelta(seconds=1))
    for order in (moments, moments[::-1]):
        trusted = {at: keys.trust().judge(certificate, (), at).trusted for at in order}
        assert [trusted[at] for at in moments] == [False, True, True, False]


def test_trust_is_judged_inside_an_event_loop_too() -> None:
    async def inside() -> bool:
        return keys.trust("Vòng lặp").judge(keys.leaf(organisation="Vòng lặp").certificate, (), NOW).trusted

    assert asyncio.run(inside())


def test_short_keys_are_not_believed() -> None:
    judged = keys.trust().judge(keys.leaf(bits=1024, common="Ngắn").certificate, (), NOW)
    assert (judged.trusted, judged.reason.vi) == (False, "khoá RSA 1024 bit quá ngắn")


def _certificate(*extensions: tuple[x509.ExtensionType, bool]) -> x509.Certificate:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Thử")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(NOW).not_valid_after(NOW + timedelta(days=1))
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(key, hashes.SHA256())


def _usage(*names: str) -> tuple[x509.ExtensionType, bool]:
    every = "digital_signature content_commitment key_encipherment data_encipherment key_agreement key_cert_sign"
    named = {name: name in names for name in f"{every} crl_sign encipher_only decipher_only".split()}
    return x509.KeyUsage(**named), True


def _purposes(*oids: x509.ObjectIdentifier) -> tuple[x509.ExtensionType, bool]:
    return x509.ExtendedKeyUsage(oids), False


@pytest.mark.parametrize(
    ("extensions", "signs"),
    [
        ((), True),
        ((_usage("digital_signature"),), True),
        ((_usage("content_commitment"),), True),
        ((_usage("key_encipherment"),), False),
        ((_usage("key_cert_sign", "crl_sign"),), False),
        ((_usage("digital_signature"), _purposes(ExtendedKeyUsageOID.SERVER_AUTH)), False),
        ((_usage("digital_signature"), _purposes(ExtendedKeyUsageOID.TIME_STAMPING)), False),
        (
            (_usage("digital_signature"), _purposes(ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH)),
            True,
        ),
        ((_purposes(ExtendedKeyUsageOID.EMAIL_PROTECTION),), True),
    ],
)
def test_a_key_signs_only_where_its_certificate_lets_it(
    extensions: tuple[tuple[x509.ExtensionType, bool], ...], signs: bool
) -> None:
    certificate = _certificate(*extensions)
    assert why_not_to_sign(certificate) == (
        None if signs else Text("chứng thư không dùng để ký", "the certificate is not for signing")
    )


def test_what_a_key_is_for_is_told() -> None:
    assert key_usage(_certificate(_usage("digital_signature", "key_encipherment"))) == (
        "digital_signature",
        "key_encipherment",
    )
    assert key_usage(_certificate()) == ()


def test_authorities_are_asked_only_where_the_store_asks() -> None:
    certificate = authorities().holder("9900000016").certificate
    assert authorities().trust().judge(certificate, (), NOW).revocation.status is RevocationStatus.UNKNOWN
    judged = authorities().trust(online=True).judge(certificate, (), NOW)
    assert judged.revocation.status is RevocationStatus.GOOD
    assert len(judged.revocation.evidence.ocsps) == 2
    again = authorities().trust(judged.revocation.evidence).judge(certificate, (), NOW)
    assert again.revocation == judged.revocation, "the same verdict offline, from what was kept"


def test_nobody_is_asked_about_a_certificate_that_is_not_trusted() -> None:
    """Its addresses are the word of whoever made it."""

    def fetch(address: str, body: bytes = b"", content_type: str = "") -> bytes:
        raise AssertionError(address)

    store = TrustStore.joined((keys.trust(), TrustStore((), (), fetch=fetch)))
    assert not store.judge(authorities().holder("9900000016").certificate, (), NOW).trusted


def test_an_authority_that_cannot_be_reached_is_a_warning() -> None:
    def fetch(address: str, body: bytes = b"", content_type: str = "") -> bytes:
        raise FetchFailed(Text(f"{address}: không trả lời", f"{address}: it does not answer"))

    store = TrustStore.joined((authorities().trust(), TrustStore((), (), fetch=fetch)))
    judged = store.judge(authorities().holder("9900000016").certificate, (), NOW)
    assert judged.trusted
    assert judged.revocation.status is RevocationStatus.UNKNOWN
    assert judged.reason.vi == f"chưa kiểm tra được thu hồi: {authorities().address}/ocsp: không trả lời"
    assert judged.revocation.evidence == Evidence()
