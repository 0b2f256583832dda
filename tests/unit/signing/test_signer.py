"""Key files: what can be used, and what is said of the others."""

from __future__ import annotations

from base64 import encodebytes
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

import keys
from govgateway.errors import CertificateUnfit, KeyUnusable, UsageError
from govgateway.signing.algorithms import SIGNATURES, padding_of
from govgateway.signing.certificates import ensure_fit, identifiers, is_demonstration, names_owner
from govgateway.signing.signer import FileSigner
from profiled import curve_holder


def _refused(data: bytes, password: str | None) -> str:
    read = FileSigner.from_pem if b"-----BEGIN" in data else FileSigner.from_pkcs12
    with pytest.raises(KeyUnusable) as caught:
        read(data, password)
    assert keys.PASSWORD not in str(caught.value) + caught.value.message.vi + caught.value.remedy.vi
    return caught.value.message.vi


@pytest.mark.parametrize("name", ["key.p12", "key.pfx", "key.pem"])
def test_keys_are_read_from_files(tmp_path: Path, name: str) -> None:
    holder = keys.leaf()
    path = tmp_path / name
    path.write_bytes(holder.pem(keys.PASSWORD) if name.endswith("pem") else holder.pkcs12())
    signer = FileSigner.read(path, keys.PASSWORD)
    assert signer.certificate == holder.certificate
    assert "password" not in repr(signer).lower()


def test_of_several_certificates_the_key_s_own_is_taken() -> None:
    holder = keys.leaf()
    data = holder.pkcs12(keys.PASSWORD, keys.issuing().certificate, keys.root().certificate)
    assert FileSigner.from_pkcs12(data, keys.PASSWORD).certificate == holder.certificate


def test_a_wrong_password() -> None:
    assert "mật khẩu sai" in _refused(keys.leaf().pkcs12(), "sai")
    assert "mật khẩu sai" in _refused(keys.leaf().pkcs12(), None)
    assert "mật khẩu sai" in _refused(keys.leaf().pem(keys.PASSWORD), "sai")
    assert "mật khẩu sai" in _refused(keys.leaf().pem(keys.PASSWORD), None)


@pytest.mark.parametrize("part", [0.0, 0.1, 0.5, 0.99])
def test_a_truncated_file(part: float) -> None:
    data = keys.leaf().pkcs12()
    assert "bị cắt" in _refused(data[: int(len(data) * part)], keys.PASSWORD)


def test_a_file_that_is_no_key() -> None:
    assert "PKCS#12" in _refused(b"<HSoThueDTu/>", keys.PASSWORD)
    assert "khoá bí mật" in _refused(keys.leaf().certificate.public_bytes(Encoding.PEM), None)


def test_a_key_without_its_certificate() -> None:
    only_key = keys.leaf().key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    assert _refused(only_key, None)
    other = keys.issuing().certificate.public_bytes(Encoding.PEM)
    assert "không khớp" in _refused(only_key + other, None)


def test_keys_that_are_too_weak_or_of_another_kind() -> None:
    assert "1024" in _refused(keys.leaf(bits=1024, common="Ngắn").pem(), None)
    edwards = ed25519.Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    assert "RSA" in _refused(edwards + keys.leaf().certificate.public_bytes(Encoding.PEM), None)


def test_a_key_that_is_open_needs_no_password() -> None:
    holder = keys.leaf()
    assert FileSigner.from_pem(holder.pem(), keys.PASSWORD).certificate == holder.certificate
    assert FileSigner.from_pem(holder.pem(), None).certificate == holder.certificate


def test_a_certificate_that_was_damaged() -> None:
    holder = keys.leaf()
    der = holder.certificate.public_bytes(Encoding.DER)
    key = holder.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for damaged in (der.replace("Sở".encode(), b"\xff\xff\xff"), der.replace(b"\x2a\x86\x48", b"\x2a\x86\x49")):
        body = encodebytes(damaged).decode()
        pem = f"-----BEGIN CERTIFICATE-----\n{body}-----END CERTIFICATE-----\n".encode()
        assert _refused(key + pem, None)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        FileSigner.read(tmp_path / "none.p12", None)


def test_all_identifiers_of_a_holder_are_read() -> None:
    certificate = keys.leaf("CCCD:001099000001", "MST:9900000016", "MNS:1047665", common="Nhiều mã").certificate
    assert identifiers(certificate) == ("CCCD:001099000001", "MST:9900000016", "MNS:1047665")
    assert names_owner(certificate, "MST:9900000016")
    assert not names_owner(certificate, "MST:9900000016-001")
    assert not names_owner(certificate, "MST:9900000023")


def test_whose_certificate_and_when() -> None:
    ensure_fit(keys.leaf().certificate, keys.DEPARTMENT, keys.NOW)
    with pytest.raises(CertificateUnfit) as other:
        ensure_fit(keys.leaf().certificate, "MST:9900000023", keys.NOW)
    assert "9900000016" in other.value.message.vi
    with pytest.raises(CertificateUnfit) as expired:
        ensure_fit(keys.leaf(days=(-30, -10)).certificate, keys.DEPARTMENT, keys.NOW)
    assert "06/11/2026" in expired.value.message.vi
    with pytest.raises(CertificateUnfit):
        ensure_fit(keys.leaf(days=(10, 30)).certificate, keys.DEPARTMENT, keys.NOW)


def test_demonstration_keys_are_known_by_their_issuer() -> None:
    assert is_demonstration(keys.leaf(organisation="govgateway DEMONSTRATION").certificate)
    assert not is_demonstration(keys.leaf().certificate)


def test_a_key_file_that_cannot_be_read_is_told_in_our_words(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        FileSigner.read(tmp_path / "none.p12", None)
    assert "không tìm thấy" in caught.value.message.vi
    assert caught.value.where == str(tmp_path / "none.p12")


@pytest.mark.parametrize("name", ["P-256", "P-384"])
def test_a_key_on_a_curve_is_read_from_every_kind_of_file(name: str) -> None:
    holder = curve_holder(name)
    certificate = holder.certificate.public_bytes(Encoding.PEM)
    for written in (PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL):
        key = holder.key.private_bytes(Encoding.PEM, written, NoEncryption())
        assert FileSigner.from_pem(certificate + key, None).certificate == holder.certificate
    assert FileSigner.from_pkcs12(holder.pkcs12(keys.PASSWORD), keys.PASSWORD).certificate == holder.certificate


@pytest.mark.parametrize("algorithm", [each for each, kind in SIGNATURES.items() if not kind.legacy])
def test_every_algorithm_is_made_in_two_phases_and_holds(algorithm: str) -> None:
    kind = SIGNATURES[algorithm]
    holder = curve_holder() if kind.scheme == "ECDSA" else keys.leaf()
    request = holder.signer.prepare(b"data", algorithm)
    assert len(request.digest) == kind.hash.digest_size
    value = holder.signer.complete(request)
    key = holder.certificate.public_key()
    if isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(value, b"data", ec.ECDSA(kind.hash))
    else:
        assert isinstance(key, rsa.RSAPublicKey)
        key.verify(value, b"data", padding_of(kind), kind.hash)
