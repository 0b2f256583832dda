"""What certificates say of their holders, and the files in which authorities publish their own."""

from __future__ import annotations

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import NameOID

import keys
from govgateway.signing.certificates import (
    certificates_in,
    fingerprint,
    identities,
    is_authority,
    issuer_text,
    managing_unit,
    read_certificate,
)
from govgateway_mocks.pki import Subject
from simulated import pki


@pytest.mark.parametrize(
    ("uids", "known"),
    [
        (("MST:9900000016",), (("tax_code", "9900000016"),)),
        (("MST:9900000016-998",), (("tax_code", "9900000016-998"),)),
        (
            ("MST:9900000016", "CCCD:999000000023", "MNS:9900016"),
            (("tax_code", "9900000016"), ("personal_id", "999000000023"), ("budget_code", "9900016")),
        ),
        (("CMND:990000016",), (("personal_id", "990000016"),)),
        (("mst: 9900000016",), (("tax_code", "9900000016"),)),
        (("X1:5", "nothing"), (("other", "5"), ("other", "nothing"))),
    ],
)
def test_every_identifier_is_told_by_its_kind(uids: tuple[str, ...], known: tuple[tuple[str, str], ...]) -> None:
    assert identities(keys.leaf(*uids).certificate) == known


def test_the_tax_code_of_the_office_stands_in_its_organisation() -> None:
    office = pki().office("Cục Thuế mô phỏng", "9900000055").certificate
    assert identities(office) == (("tax_code", "9900000055"),)
    assert managing_unit(office) == ""


def test_a_person_belongs_to_a_unit() -> None:
    subject = Subject("Trần Văn Thí Dụ", ("CCCD:999000000023",), "Sở Xây dựng tỉnh An Hoà")
    assert managing_unit(_of(subject.x509)) == "Sở Xây dựng tỉnh An Hoà"
    inner = x509.Name([*subject.x509, x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "Văn phòng")])
    assert managing_unit(_of(inner)) == "Văn phòng, Sở Xây dựng tỉnh An Hoà"


def _of(name: x509.Name) -> x509.Certificate:
    leaf, issuer = keys.leaf(), keys.issuing()
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(issuer.certificate.subject)
    builder = builder.public_key(leaf.key.public_key()).serial_number(7)
    builder = builder.not_valid_before(keys.NOW).not_valid_after(leaf.certificate.not_valid_after_utc)
    return builder.sign(issuer.key, hashes.SHA256())


def test_the_issuer_is_written_like_a_subject() -> None:
    assert issuer_text(keys.leaf().certificate) == "CN=Issuing,O=Thử nghiệm,C=VN"


def test_authorities_publish_their_certificates_in_several_forms() -> None:
    both = [keys.root().certificate, keys.issuing().certificate]
    pem = b"".join(each.public_bytes(Encoding.PEM) for each in both)
    assert certificates_in(pem) == tuple(both)
    assert certificates_in(both[0].public_bytes(Encoding.DER)) == (both[0],)
    for encoding in (Encoding.DER, Encoding.PEM):
        assert set(certificates_in(pkcs7.serialize_certificates(both, encoding))) == set(both)


@pytest.mark.parametrize("data", [b"", b"nonsense", b"-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n"])
def test_what_is_no_certificate_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        certificates_in(data)


@pytest.mark.parametrize("tag", [0x02, 0x03, 0x4C, 0xFF])
def test_a_name_of_an_unheard_of_type_cannot_be_read(tag: int) -> None:
    """cryptography ends in a TypeError or a KeyError for some of them."""
    der = keys.leaf().certificate.public_bytes(Encoding.DER)
    uid = b"\x0c\x0eMST:9900000016"
    assert der.count(uid) == 1
    with pytest.raises(ValueError):
        read_certificate(der.replace(uid, bytes([tag]) + uid[1:]))


def test_a_fingerprint_is_written_as_it_is_published() -> None:
    written = fingerprint(keys.root().certificate)
    assert bytes.fromhex(written.replace(":", "")) == keys.root().certificate.fingerprint(hashes.SHA256())
    assert written == written.upper()


def test_only_an_authority_is_one() -> None:
    assert is_authority(keys.root().certificate)
    assert is_authority(keys.issuing().certificate)
    assert not is_authority(keys.leaf().certificate)
    assert not is_authority(_of(keys.leaf().certificate.subject)), "it says nothing, and another issued it"


def test_a_certificate_whose_last_bits_are_left_over_is_another_writing_and_refused() -> None:
    certificate = keys.leaf().certificate
    der = certificate.public_bytes(Encoding.DER)
    read_certificate(der)
    place = len(der) - len(certificate.signature) - 1
    with pytest.raises(ValueError):
        read_certificate(der[:place] + b"\1" + der[place + 1 :])
