"""A trust domain: a root, the authority below it, and what they issued, kept in a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509

from govgateway_mocks.pki import issuing
from govgateway_mocks.pki.files import MAKING, damaged, read_holder, write_holder
from govgateway_mocks.pki.holder import Authority, Holder
from govgateway_mocks.pki.issuing import Profile, issue
from govgateway_mocks.pki.register import Register, Revocation
from govgateway_mocks.pki.subjects import ORGANISATION, Subject, Validity

_ISSUED = ("office*.pem", "agency-*.pem", "*-ocsp.pem", "tsa.pem", "server-*.pem", "*.p12")
_REVOKED_BEFORE = timedelta(hours=12)
"""A certificate that is made revoked was good for half of the day since it is valid."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What the domains of one PKI share: clock, register, and the address at which revocations are told."""

    clock: Callable[[], datetime]
    register: Register
    address: str


class TrustDomain:
    """The authorities ``titles`` (the root's, and that of the one below it, if any) and what they issued in ``folder``.

    Nothing is made before it is asked for. Raises ConfigurationError for a folder that holds anything but one whole
    domain: keys of two authorities side by side would be refused later, for a reason nobody could see.
    """

    def __init__(
        self,
        name: str,
        folder: Path,
        trust: Path,
        titles: tuple[str, ...],
        setting: Setting,
        profile: Profile = issuing.AUTHORITY,
    ) -> None:
        self.name = name
        self.folder = folder
        self._trust = trust
        self._titles = titles
        self._setting = setting
        self._profile = profile
        self._authorities: dict[str, Authority] = {}

    @property
    def root(self) -> Authority:
        """The self-issued authority that is to be trusted."""
        return self._authority("root", f"{self.name}-root", self._titles[0], None, before=("issuing.pem", *_ISSUED))

    @property
    def issuing(self) -> Authority:
        """The authority that issues to holders: the root itself in a domain without another."""
        if len(self._titles) == 1:
            return self.root
        return self._authority("issuing", f"{self.name}-ca", self._titles[1], self.root, before=_ISSUED)

    @property
    def authorities(self) -> tuple[Authority, ...]:
        """Every authority, the root last."""
        return (self.root,) if len(self._titles) == 1 else (self.issuing, self.root)

    @property
    def exists(self) -> bool:
        """Whether anybody has asked for it yet."""
        return (self.folder / "root.pem").exists()

    @property
    def trust(self) -> Path:
        """The PEM file of the domain's authorities, the root first."""
        bundle = b"".join(each.certificate_pem for each in reversed(self.authorities))
        if not self._trust.exists() or self._trust.read_bytes() != bundle:
            self._trust.write_bytes(bundle)
        return self._trust

    def signatory(self, subject: Subject, validity: Validity = Validity.GOOD) -> Path:
        """The ``.p12`` of a holder who signs (password "demo"), with the authorities' certificates in it."""
        path = self.folder / f"{subject.stem}{validity.suffix}.p12"
        self.keep(path, subject.x509, issuing.SIGNATORY, validity)
        return path

    def agency(self, name: str, subject: Subject, validity: Validity = Validity.GOOD) -> Holder:
        """The key of the agency ``name``, kept in ``agency-<name>.pem``."""
        path = self.folder / f"agency-{name}{validity.suffix}.pem"
        return self.keep(path, subject.x509, issuing.SIGNATORY, validity)

    def ocsp_responder(self, authority: Authority) -> Holder:
        """To whom ``authority`` delegates the answers about what it revoked (RFC 6960 §4.2.2.2)."""
        subject = Subject(f"DEMONSTRATION OCSP {authority.identifier}", organisation=ORGANISATION)
        path = self.folder / f"{authority.identifier}-ocsp.pem"
        return self.keep(path, subject.x509, issuing.OCSP_RESPONDER, issuer=authority)

    def keep(
        self,
        path: Path,
        subject: x509.Name,
        profile: Profile,
        validity: Validity = Validity.GOOD,
        *,
        issuer: Authority | None = None,
        names: tuple[x509.GeneralName, ...] = (),
    ) -> Holder:
        """The holder in ``path``, made on first use and issued by ``issuer`` (without one, the issuing authority)."""
        issuer = issuer or self.issuing
        with MAKING:
            if path.exists():
                holder = read_holder(path, issuer)
            else:
                at, address = self._setting.clock(), self._setting.address
                holder = issue(subject, issuer, profile, at, address, days=validity.days, names=names)
                write_holder(path, holder, *(each.certificate for each in self.authorities))
            self._note(issuer, holder.certificate, validity)
            return holder

    def _note(self, issuer: Authority, certificate: x509.Certificate, validity: Validity) -> None:
        """Put it into the register, where it may be missing: an older version of this PKI had none."""
        register = self._setting.register
        if validity is not Validity.REVOKED:
            register.add(issuer.identifier, certificate)
        elif register.issued(issuer.identifier).get(certificate.serial_number) is None:
            at = certificate.not_valid_before_utc + _REVOKED_BEFORE
            register.revoke(issuer.identifier, certificate, Revocation(at, x509.ReasonFlags.key_compromise))

    def _authority(
        self, stem: str, identifier: str, title: str, issuer: Authority | None, *, before: Iterable[str]
    ) -> Authority:
        """The authority in ``<stem>.pem``; it is made unless files that come after it (``before`` them) are there."""
        with MAKING:
            if stem not in self._authorities:
                path = self.folder / f"{stem}.pem"
                holder = read_holder(path, issuer) if path.exists() else self._found(path, title, issuer, before)
                if issuer is not None:
                    self._setting.register.add(issuer.identifier, holder.certificate)
                self._authorities[stem] = Authority(holder.key, holder.certificate, identifier)
            return self._authorities[stem]

    def _found(self, path: Path, title: str, issuer: Authority | None, before: Iterable[str]) -> Holder:
        """Establish the authority."""
        if any(each for pattern in before for each in self.folder.glob(pattern)):
            raise damaged(path, "thiếu tệp", "the file is missing")
        subject = Subject(title, organisation=ORGANISATION)
        holder = issue(subject.x509, issuer, self._profile, self._setting.clock(), self._setting.address)
        write_holder(path, holder)
        return holder
