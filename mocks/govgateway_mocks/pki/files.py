"""The files of the demonstration PKI: written whole or not at all, and believed only when they belong together."""

from __future__ import annotations

import threading
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, load_pem_private_key, pkcs12
from cryptography.x509.oid import NameOID

from govgateway.errors import ConfigurationError, Text
from govgateway_mocks.pki.holder import Holder

PASSWORD = "demo"  # noqa: S105  # of every key; known to everybody, on purpose

MAKING = threading.RLock()
"""Held while something is read or made: simulators share a folder, and their methods are called from any thread."""


def read_holder(path: Path, issuer: Holder | None) -> Holder:
    """The holder in a ``.pem`` or ``.p12``. Raises ConfigurationError unless key, certificate and issuer (None: itself,
    as of a root) belong together."""
    key, certificate = _parsed(path)
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) or certificate is None:
        raise damaged(path, "tệp bị hỏng", "the file is damaged")
    if certificate.public_key() != key.public_key():
        raise damaged(path, "khoá và chứng thư không khớp", "its key and its certificate do not belong together")
    if not issued_by(certificate, issuer.certificate if issuer else certificate):
        raise damaged(path, "do đơn vị khác cấp", "another authority issued it")
    return Holder(key, certificate)


def write_holder(path: Path, holder: Holder, *others: x509.Certificate) -> None:
    """Keep the holder as ``path``'s suffix says; ``others`` go into a ``.p12`` beside its certificate."""
    data = holder.key_pem + holder.certificate_pem
    if path.suffix == ".p12":
        name = str(holder.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value).encode()
        encryption = BestAvailableEncryption(PASSWORD.encode())
        data = pkcs12.serialize_key_and_certificates(name, holder.key, holder.certificate, others, encryption)
    write_private(path, data)
    _PARSED[data] = holder.key, holder.certificate


def write_private(path: Path, data: bytes) -> None:
    """Write the file whole or not at all, for its owner's eyes."""
    unfinished = path.with_suffix(".unfinished")
    unfinished.parent.mkdir(parents=True, exist_ok=True)
    unfinished.touch(mode=0o600)
    unfinished.write_bytes(data)
    unfinished.replace(path)


def issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether ``issuer`` signed the certificate, and is named in it."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def damaged(path: Path, vi: str, en: str) -> ConfigurationError:
    """What is wrong with a folder, and what to do about it."""
    return ConfigurationError(
        Text(f"Bộ khoá mô phỏng không dùng được: {vi}.", f"The demonstration keys cannot be used: {en}."),
        Text(
            f"Chọn một thư mục trống, hoặc xoá các khoá mô phỏng trong {path.parent} để tạo lại.",
            f"Choose an empty folder, or delete the demonstration keys in {path.parent} to make them anew.",
        ),
        where=str(path),
    )


_Pair = tuple[object, x509.Certificate | None]
_PARSED: dict[bytes, _Pair] = {}
"""By a file's bytes: to check an RSA key takes longer than all else that starts a simulator."""


def _parsed(path: Path) -> _Pair:
    """The key and the certificate in the file, None where they cannot be read."""
    data = path.read_bytes()
    if data not in _PARSED:
        try:
            _PARSED[data] = _parse(data, pkcs12_form=path.suffix == ".p12")
        except ValueError:
            return None, None
    return _PARSED[data]


def _parse(data: bytes, *, pkcs12_form: bool) -> _Pair:
    if pkcs12_form:
        return pkcs12.load_key_and_certificates(data, PASSWORD.encode())[:2]
    return load_pem_private_key(data, None), x509.load_pem_x509_certificate(data)
