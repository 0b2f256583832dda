"""What the demonstration PKI tells of revocations, judged by openssl and pyhanko-certvalidator.

Everything is fetched from the addresses that the certificates name.
"""

from __future__ import annotations

import asyncio
import base64
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote

import pytest
from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import InsufficientRevinfoError, RevokedError

from govgateway.errors import UsageError
from govgateway_mocks.pki import DemonstrationPki, Subject, Validity, organisation
from govgateway_mocks.pki.files import read_holder
from govgateway_mocks.pki.holder import Authority

Fetch = Callable[..., bytes]
OpenSsl = Callable[..., subprocess.CompletedProcess[str]]
SUBJECT = organisation("Sở Xây dựng tỉnh An Hoà", "MST:9900000016")
REVOKED_AT = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


def _issued(pki: DemonstrationPki, validity: Validity = Validity.GOOD, subject: Subject = SUBJECT) -> x509.Certificate:
    return read_holder(pki.public.signatory(subject, validity), pki.issuing).certificate


def _point(certificate: x509.Certificate) -> str:
    """Where the CRL is."""
    points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    (name,) = points[0].full_name
    return str(name.value)


def _access(certificate: x509.Certificate, what: x509.ObjectIdentifier) -> str:
    access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    (address,) = (each.access_location.value for each in access if each.access_method == what)
    return str(address)


def _responder(certificate: x509.Certificate) -> str:
    return _access(certificate, x509.oid.AuthorityInformationAccessOID.OCSP)


def _request(certificate: x509.Certificate, issuer: Authority, nonce: bytes = b"") -> bytes:
    builder = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer.certificate, hashes.SHA256())
    if nonce:
        builder = builder.add_extension(x509.OCSPNonce(nonce), critical=False)
    return builder.build().public_bytes(Encoding.DER)


def _asked(fetch: Fetch, certificate: x509.Certificate, issuer: Authority, nonce: bytes = b"") -> ocsp.OCSPResponse:
    return ocsp.load_der_ocsp_response(fetch(_responder(certificate), _request(certificate, issuer, nonce)))


def _lists(pki: DemonstrationPki, fetch: Fetch, leaf: x509.Certificate) -> list[x509.CertificateRevocationList]:
    """The CRL of the issuing authority, which is DER, and that of the root, which is PEM."""
    return [
        x509.load_der_x509_crl(fetch(_point(leaf))),
        x509.load_pem_x509_crl(fetch(_point(pki.issuing.certificate))),
    ]


def _asn1(certificate: x509.Certificate) -> Certificate:
    return Certificate.load(certificate.public_bytes(Encoding.DER))


def _validated(pki: DemonstrationPki, leaf: x509.Certificate, **evidence: Any) -> None:
    """pyhanko-certvalidator demands the status of every certificate of the path."""
    context = ValidationContext(
        trust_roots=[_asn1(pki.root.certificate)],
        other_certs=[_asn1(pki.issuing.certificate)],
        revocation_mode="require",
        allow_fetching=False,
        **evidence,
    )
    asyncio.run(CertificateValidator(_asn1(leaf), validation_context=context).async_validate_path())


def test_openssl_checks_the_lists(served: DemonstrationPki, fetch: Fetch, openssl: OpenSsl, tmp_path: Path) -> None:
    good, revoked = _issued(served), _issued(served, Validity.REVOKED)
    lists = b"".join(each.public_bytes(Encoding.PEM) for each in _lists(served, fetch, good))
    (tmp_path / "crls.pem").write_bytes(lists)
    for name, certificate in {"good.pem": good, "revoked.pem": revoked}.items():
        (tmp_path / name).write_bytes(certificate.public_bytes(Encoding.PEM))
    check = ("verify", "-x509_strict", "-crl_check_all", "-CAfile", served.trust, "-CRLfile", "crls.pem")
    assert openssl(*check, "good.pem").stdout == "good.pem: OK\n"
    refused = openssl(*check, "revoked.pem")
    assert refused.returncode == 2
    assert "certificate revoked" in refused.stderr


def test_a_list_says_when_and_why_and_how_long_it_holds(served: DemonstrationPki, fetch: Fetch) -> None:
    revoked = _issued(served, Validity.REVOKED)
    crl = _lists(served, fetch, revoked)[0]
    entry = crl.get_revoked_certificate_by_serial_number(revoked.serial_number)
    assert entry is not None
    assert entry.revocation_date_utc == revoked.not_valid_before_utc + timedelta(hours=12)
    assert entry.extensions.get_extension_for_class(x509.CRLReason).value.reason is x509.ReasonFlags.key_compromise
    assert crl.next_update_utc == crl.last_update_utc + timedelta(days=7)
    assert crl.get_revoked_certificate_by_serial_number(_issued(served).serial_number) is None


@pytest.mark.parametrize("name", ["public-ca", "public-root", "government-ca", "government-root", "tsa-root"])
def test_every_authority_has_its_list_and_its_certificate(name: str, served: DemonstrationPki, fetch: Fetch) -> None:
    served.government.agency("some", SUBJECT)
    served.time_stamp_authority()
    address = served.revocation_address
    crl = x509.load_der_x509_crl(fetch(f"{address}/crl/{name}.crl"))
    assert x509.load_pem_x509_crl(fetch(f"{address}/crl/{name}.pem")).issuer == crl.issuer
    authority = x509.load_der_x509_certificate(fetch(f"{address}/ca/{name}.cer"))
    assert crl.is_signature_valid(authority.public_key())  # type: ignore[arg-type]


def test_the_issuer_lies_where_its_certificate_says(served: DemonstrationPki, fetch: Fetch) -> None:
    address = _access(_issued(served), x509.oid.AuthorityInformationAccessOID.CA_ISSUERS)
    assert x509.load_der_x509_certificate(fetch(address)) == served.issuing.certificate


def test_an_authority_that_is_none_is_not_found(served: DemonstrationPki, fetch: Fetch) -> None:
    for path in ("crl/tls-root.crl", "crl/other.pem", "ca/other.cer"):
        with pytest.raises(HTTPError) as missing:
            fetch(f"{served.revocation_address}/{path}")
        missing.value.close()
        assert missing.value.code == 404


def test_openssl_gets_the_status(served: DemonstrationPki, openssl: OpenSsl, tmp_path: Path) -> None:
    (tmp_path / "issuer.pem").write_bytes(served.issuing.certificate_pem)
    ask = ("ocsp", "-issuer", "issuer.pem", "-CAfile", served.trust, "-url", f"{served.revocation_address}/ocsp")
    for name, validity in {"good": Validity.GOOD, "revoked": Validity.REVOKED}.items():
        (tmp_path / f"{name}.pem").write_bytes(_issued(served, validity).public_bytes(Encoding.PEM))
        said = openssl(*ask, "-cert", f"{name}.pem")
        assert f"{name}.pem: {name}\n" in said.stdout
        assert said.stderr == "Response verify OK\n", "openssl checks the nonce, too"
    assert "Reason: keyCompromise" in said.stdout
    assert "0x1234: unknown\n" in openssl(*ask, "-serial", "0x1234").stdout


def test_the_root_answers_for_its_authority(served: DemonstrationPki, fetch: Fetch) -> None:
    response = _asked(fetch, served.issuing.certificate, served.root)
    assert response.certificate_status is ocsp.OCSPCertStatus.GOOD
    (responder,) = response.certificates
    responder.verify_directly_issued_by(served.root.certificate)


def test_the_responder_has_a_certificate_for_that_alone(served: DemonstrationPki, fetch: Fetch) -> None:
    (responder,) = _asked(fetch, _issued(served), served.issuing).certificates
    responder.verify_directly_issued_by(served.issuing.certificate)
    usage = responder.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [x509.oid.ExtendedKeyUsageOID.OCSP_SIGNING]
    assert responder.extensions.get_extension_for_class(x509.OCSPNoCheck)


def test_the_nonce_comes_back(served: DemonstrationPki, fetch: Fetch) -> None:
    with_nonce = _asked(fetch, _issued(served), served.issuing, b"sixteen bytes !!")
    assert with_nonce.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce == b"sixteen bytes !!"
    assert list(_asked(fetch, _issued(served), served.issuing).extensions) == []


def test_a_question_may_come_in_the_address(served: DemonstrationPki, fetch: Fetch) -> None:
    revoked = _issued(served, Validity.REVOKED)
    written = quote(base64.b64encode(_request(revoked, served.issuing)), safe="")
    response = ocsp.load_der_ocsp_response(fetch(f"{_responder(revoked)}/{written}"))
    assert response.certificate_status is ocsp.OCSPCertStatus.REVOKED


def test_what_is_no_question_is_told_so(served: DemonstrationPki, fetch: Fetch) -> None:
    address, good = f"{served.revocation_address}/ocsp", _issued(served)
    serial = good.serial_number.to_bytes(good.serial_number.bit_length() // 8 + 1)
    negative = _request(good, served.issuing).replace(serial, b"\xff" + serial[1:])
    for asked in ((address, b"nonsense"), (address, negative), (f"{address}/%C3%A9",), (f"{address}/MAA=",)):
        response = ocsp.load_der_ocsp_response(fetch(*asked))
        assert response.response_status is ocsp.OCSPResponseStatus.MALFORMED_REQUEST


def test_others_certificates_are_not_answered_for(served: DemonstrationPki, fetch: Fetch, tmp_path: Path) -> None:
    strange = DemonstrationPki(tmp_path)
    data = _request(strange.issuing.certificate, strange.root)
    response = ocsp.load_der_ocsp_response(fetch(f"{served.revocation_address}/ocsp", data))
    assert response.response_status is ocsp.OCSPResponseStatus.UNAUTHORIZED


def test_certvalidator_demands_lists_and_is_content(served: DemonstrationPki, fetch: Fetch) -> None:
    good = _issued(served)
    lists = [each.public_bytes(Encoding.DER) for each in _lists(served, fetch, good)]
    _validated(served, good, crls=lists)
    with pytest.raises(RevokedError):
        _validated(served, _issued(served, Validity.REVOKED), crls=lists)
    with pytest.raises(InsufficientRevinfoError):
        _validated(served, good, crls=lists[1:])


def test_certvalidator_demands_answers_and_is_content(served: DemonstrationPki, fetch: Fetch) -> None:
    def answers(leaf: x509.Certificate) -> list[bytes]:
        asked = ((leaf, served.issuing), (served.issuing.certificate, served.root))
        return [fetch(_responder(each), _request(each, issuer)) for each, issuer in asked]

    good, revoked = _issued(served), _issued(served, Validity.REVOKED)
    _validated(served, good, ocsps=answers(good))
    with pytest.raises(RevokedError):
        _validated(served, revoked, ocsps=answers(revoked))


def test_what_was_signed_before_the_revocation_stays_good(served: DemonstrationPki, fetch: Fetch) -> None:
    revoked = _issued(served, Validity.REVOKED)
    lists = [each.public_bytes(Encoding.DER) for each in _lists(served, fetch, revoked)]
    before = revoked.not_valid_before_utc + timedelta(hours=1)
    _validated(served, revoked, crls=lists, moment=before, retroactive_revinfo=True)


class _Moving:
    """A PKI whose clock a test turns."""

    def __init__(self, folder: Path) -> None:
        self.now = REVOKED_AT - timedelta(days=2)
        self.pki = DemonstrationPki(folder, lambda: self.now)
        self.certificate = _issued(self.pki)

    def listed(self) -> bool:
        crl = self.pki.crl(self.pki.issuing)
        return crl.get_revoked_certificate_by_serial_number(self.certificate.serial_number) is not None

    def answered(self) -> ocsp.OCSPResponse:
        from govgateway_mocks.pki.ocsp import answer

        data = _request(self.certificate, self.pki.issuing)
        return ocsp.load_der_ocsp_response(answer(data, self.pki.domains, self.pki.register, self.now))


def test_a_revocation_is_told_from_its_moment_on(tmp_path: Path) -> None:
    moving = _Moving(tmp_path)
    moving.pki.revoke(moving.certificate, REVOKED_AT, x509.ReasonFlags.cessation_of_operation)
    assert (moving.listed(), moving.answered().certificate_status) == (False, ocsp.OCSPCertStatus.GOOD)
    moving.now = REVOKED_AT
    response = moving.answered()
    assert (moving.listed(), response.certificate_status) == (True, ocsp.OCSPCertStatus.REVOKED)
    assert response.revocation_time_utc == REVOKED_AT
    assert response.revocation_reason is x509.ReasonFlags.cessation_of_operation


def test_a_revocation_is_kept_and_seen_by_all_who_share_the_folder(tmp_path: Path) -> None:
    moving, other = _Moving(tmp_path), DemonstrationPki(tmp_path, lambda: REVOKED_AT)
    moving.pki.revoke(moving.certificate, REVOKED_AT)
    for each in (other, DemonstrationPki(tmp_path, lambda: REVOKED_AT)):
        (entry,) = each.crl(each.issuing)
        assert (entry.serial_number, list(entry.extensions)) == (moving.certificate.serial_number, [])


def test_an_authority_may_be_revoked(tmp_path: Path) -> None:
    moving = _Moving(tmp_path)
    moving.pki.revoke(moving.pki.issuing.certificate, moving.now, x509.ReasonFlags.ca_compromise)
    (entry,) = moving.pki.crl(moving.pki.root)
    assert entry.serial_number == moving.pki.issuing.certificate.serial_number


def test_what_others_issued_cannot_be_revoked(tmp_path: Path, served: DemonstrationPki) -> None:
    with pytest.raises(UsageError) as refused:
        _Moving(tmp_path).pki.revoke(_issued(served), REVOKED_AT)
    assert refused.value.where == str(tmp_path)
