"""The demonstration PKI as the simulators use it."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509

from govgateway.errors import Text, UsageError
from govgateway_mocks.pki import issuing
from govgateway_mocks.pki.crl import revocation_list
from govgateway_mocks.pki.domain import Setting, TrustDomain
from govgateway_mocks.pki.files import issued_by
from govgateway_mocks.pki.holder import Authority, Holder
from govgateway_mocks.pki.register import Register, Revocation
from govgateway_mocks.pki.subjects import ORGANISATION, Subject, Validity, organisation

REVOCATION_ADDRESS = "http://127.0.0.1:8700"
"""The console of ``govgateway mocks serve``, at its usual port."""


def now() -> datetime:
    """The present moment, aware."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class TlsServer:
    """PEM files for a TLS server (``ssl.SSLContext.load_cert_chain(chain, key)``), and the root for its clients."""

    chain: Path
    key: Path
    trust: Path


class DemonstrationPki:
    """The PKI in ``folder``: made on first use, read afterwards. Certificates are valid from a day before ``clock``.

    Two trust domains, kept apart as the country's are: ``public`` (a national root, a public authority) and
    ``government``; beside them ``time_stamps`` and ``tls``. Keys are made when they are first asked for.

    ``revocation_address`` is where certificates say that the CRLs, the OCSP responder and the authorities' own
    certificates are served (``pki_routes``). A certificate keeps the address with which it was made.

    Raises ConfigurationError for a folder that holds anything but one whole PKI.
    """

    def __init__(
        self, folder: Path, clock: Callable[[], datetime] = now, revocation_address: str = REVOCATION_ADDRESS
    ) -> None:
        self.folder = folder
        self.clock = clock
        self.revocation_address = revocation_address
        folder.mkdir(parents=True, exist_ok=True)
        self.register = Register(folder / "register.json")
        setting = Setting(clock, self.register, revocation_address)
        titles = ("DEMONSTRATION National Root CA", "DEMONSTRATION Public CA")
        self.public = TrustDomain("public", folder, folder / "trust.pem", titles, setting)
        titles = ("DEMONSTRATION Government Root CA", "DEMONSTRATION Government CA")
        government = folder / "government"
        self.government = TrustDomain("government", government, folder / "government-trust.pem", titles, setting)
        time_stamps, trust = folder / "time-stamps", folder / "time-stamp-trust.pem"
        self.time_stamps = TrustDomain("tsa", time_stamps, trust, ("DEMONSTRATION TSA Root CA",), setting)
        self.tls = TrustDomain(
            "tls", folder / "tls", folder / "tls-trust.pem", ("DEMONSTRATION TLS CA",), setting, issuing.TLS_AUTHORITY
        )
        self.trust = self.public.trust

    @property
    def root(self) -> Authority:
        """The root of the public domain."""
        return self.public.root

    @property
    def issuing(self) -> Authority:
        """The authority of the public domain that issues to holders."""
        return self.public.issuing

    @property
    def domains(self) -> tuple[TrustDomain, ...]:
        """The domains that tell of revocations; only those that somebody has asked for, the public one always."""
        return tuple(each for each in (self.public, self.government, self.time_stamps) if each.exists)

    def office(self, name: str, tax_code: str, validity: Validity = Validity.GOOD) -> Holder:
        """The tax office's own: its certificate has O=MST:… and is by a public authority, as the real one's are
        (observed)."""
        path = self.folder / f"office{validity.suffix}.pem"
        subject = Subject(name, organisation=f"MST:{tax_code}")
        return self.public.keep(path, subject.x509, issuing.SIGNATORY, validity)

    def taxpayer(self, tax_code: str, name: str, *, expired: bool = False) -> Path:
        """The .p12 of a taxpayer (UID=MST:…), optionally one that expired yesterday."""
        subject = organisation(name, f"MST:{tax_code}")
        return self.public.signatory(subject, Validity.EXPIRED if expired else Validity.GOOD)

    def server(self, host: str = "127.0.0.1") -> TlsServer:
        """What a TLS server on ``host`` needs; its certificate is good for 127.0.0.1 and localhost, too."""
        names = tuple(dict.fromkeys((_general(host), _general("127.0.0.1"), _general("localhost"))))
        path = self.tls.folder / f"server-{re.sub('[^A-Za-z0-9.-]', '_', host)}.pem"
        subject = Subject(host, organisation=ORGANISATION)
        self.tls.keep(path, subject.x509, issuing.TLS_SERVER, names=names)
        return TlsServer(path, path, self.tls.trust)

    def time_stamp_authority(self) -> Holder:
        """Who signs time stamps."""
        subject = Subject("DEMONSTRATION TSA", organisation=ORGANISATION)
        return self.time_stamps.keep(self.time_stamps.folder / "tsa.pem", subject.x509, issuing.TIME_STAMPS)

    def revoke(
        self,
        certificate: x509.Certificate,
        at: datetime,
        reason: x509.ReasonFlags = x509.ReasonFlags.unspecified,
    ) -> None:
        """Revoke the certificate from ``at`` on; CRL and OCSP tell of it when that moment has come.

        Raises UsageError for a certificate that no authority of this PKI issued.
        """
        for domain in self.domains:
            for authority in domain.authorities:
                if issued_by(certificate, authority.certificate):
                    self.register.revoke(
                        authority.identifier, certificate, Revocation(at.replace(microsecond=0), reason)
                    )
                    return
        raise UsageError(
            Text("Chứng thư không do bộ khoá mô phỏng này cấp.", "These demonstration authorities did not issue it."),
            Text("Chọn một chứng thư trong thư mục này.", "Choose a certificate of this folder."),
            where=str(self.folder),
        )

    def crl(self, authority: Authority) -> x509.CertificateRevocationList:
        """What the authority has revoked by now."""
        return revocation_list(authority, self.register, self.clock())


def _general(host: str) -> x509.GeneralName:
    """The name of a server as a certificate has it."""
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
