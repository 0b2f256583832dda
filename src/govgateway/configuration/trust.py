"""The trusted authorities of an installation: one file for each certificate, in a folder for each trust domain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from govgateway.causes import cause_of
from govgateway.errors import ConfigurationError, StorageError, Text

if TYPE_CHECKING:
    from cryptography import x509

    from govgateway.signing.trust import Domain, TrustStore


@dataclass(frozen=True, slots=True)
class TrustedAuthority:
    """The certificate of an authority that is trusted in ``domain``, and the file in which it lies."""

    certificate: x509.Certificate
    domain: Domain
    path: Path


@dataclass(frozen=True, slots=True)
class TrustFolder:
    """``path``/<domain>/<SHA-256>.pem. The folder need not exist: nobody is trusted then."""

    path: Path

    def authorities(self) -> Iterator[TrustedAuthority]:
        """Every trusted authority, by domain. Raises ConfigurationError for a file that holds no certificate."""
        from govgateway.signing.certificates import certificates_in
        from govgateway.signing.trust import Domain

        for domain in Domain:
            for path in sorted((self.path / domain).glob("*.pem")):
                try:
                    (certificate,) = certificates_in(path.read_bytes())
                except (OSError, ValueError):
                    raise _unreadable(path) from None
                yield TrustedAuthority(certificate, domain, path)

    def store(self) -> TrustStore:
        """All of them as they are believed. Raises ConfigurationError."""
        from govgateway.signing.trust import TrustStore

        return TrustStore.joined(TrustStore.of([each.certificate], each.domain) for each in self.authorities())

    def add(self, certificates: Iterable[x509.Certificate], domain: Domain) -> None:
        """Trust ``certificates`` in ``domain``. Raises StorageError when they cannot be written."""
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.serialization import Encoding

        for each in certificates:
            path = self.path / domain / f"{each.fingerprint(hashes.SHA256()).hex()}.pem"
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(each.public_bytes(Encoding.PEM))
            except OSError as error:
                raise _unwritable(path, error) from None


def forget(authority: TrustedAuthority) -> None:
    """Trust ``authority`` no more. Raises StorageError when its file cannot be removed."""
    try:
        authority.path.unlink()
    except OSError as error:
        raise _unwritable(authority.path, error) from None


def _unreadable(path: Path) -> ConfigurationError:
    return ConfigurationError(
        Text(
            f"Tệp {path} không chứa một chứng thư đọc được.", f"The file {path} holds no certificate that can be read."
        ),
        Text("Xoá tệp rồi thêm lại: govgateway trust add", "Delete it and add it again: govgateway trust add"),
        where=str(path),
    )


def _unwritable(path: Path, error: OSError) -> StorageError:
    cause = cause_of(error)
    return StorageError(
        Text(f"Không ghi được {path}: {cause.vi}.", f"{path} cannot be written: {cause.en}."),
        Text("Kiểm tra quyền ghi và dung lượng đĩa.", "Check your right to write there and the free space."),
        where=str(path),
    )
