"""Key files: what can be used, and what is said of the others."""

from __future__ import annotations

from base64 import encodebytes
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

import keys
from govgateway.errors import CertificateUnfit, KeyUnusable, UsageError
from govgateway.signing.certificates import ensure_fit, identifiers, is_demonstration, names_owner
from govgateway.signing.signer import FileSigner


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
    elliptic = ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    assert "RSA" in _refused(elliptic + keys.leaf().certificate.public_bytes(Encoding.PEM), None)


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
