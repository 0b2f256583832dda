"""The authorities' register: every certificate that they issued, and which of them they revoked, when and why."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509

from govgateway_mocks.pki.files import MAKING, damaged, write_private

_Records = dict[str, dict[str, dict[str, str]]]


@dataclass(frozen=True, slots=True)
class Revocation:
    """From when on a certificate is revoked, and why."""

    at: datetime
    reason: x509.ReasonFlags


class Register:
    """The register in the file ``path``, made on first use. Authorities are given by their identifiers.

    It is read anew each time, since simulators share it. Raises ConfigurationError when the file is damaged.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, authority: str, certificate: x509.Certificate) -> None:
        """Note that the authority issued the certificate; what is known of it already is kept."""
        with MAKING:
            records = self._read()
            issued = records.setdefault(authority, {})
            serial = _written(certificate.serial_number)
            if serial not in issued:
                issued[serial] = {"subject": certificate.subject.rfc4514_string()}
                self._write(records)

    def revoke(self, authority: str, certificate: x509.Certificate, revocation: Revocation) -> None:
        """Note that the authority revoked the certificate; replaces what was noted before."""
        with MAKING:
            self.add(authority, certificate)
            records = self._read()
            records[authority][_written(certificate.serial_number)] |= {
                "revoked": revocation.at.isoformat(),
                "reason": revocation.reason.value,
            }
            self._write(records)

    def issued(self, authority: str) -> Mapping[int, Revocation | None]:
        """The serial numbers of all that the authority issued, each with its revocation, if any."""
        with MAKING:
            records = self._read()
        try:
            return {int(serial, 16): _revocation(each) for serial, each in records.get(authority, {}).items()}
        except (AttributeError, KeyError, ValueError, TypeError):
            raise self._damaged() from None

    def _read(self) -> _Records:
        if not self._path.exists():
            return {}
        try:
            records = json.loads(self._path.read_bytes())
        except ValueError:
            records = None
        if not isinstance(records, dict):
            raise self._damaged()
        return records

    def _damaged(self) -> Exception:
        return damaged(self._path, "tệp bị hỏng", "the file is damaged")

    def _write(self, records: _Records) -> None:
        write_private(self._path, json.dumps(records, indent=2, ensure_ascii=False).encode())


def _written(serial: int) -> str:
    return f"{serial:040x}"


def _revocation(record: Mapping[str, str]) -> Revocation | None:
    if "revoked" not in record:
        return None
    return Revocation(datetime.fromisoformat(record["revoked"]), x509.ReasonFlags(record["reason"]))
