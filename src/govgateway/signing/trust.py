"""Whom to believe: trusted roots by domain, whether a certificate's chain ends in one, what it may be used for, and
whether it was revoked. Nothing is trusted by itself, least of all what browsers trust."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from cryptography import x509

from govgateway.errors import ConfigurationError, Text
from govgateway.signing.asking import Asked, Fetch, ask
from govgateway.signing.evidence import NO_EVIDENCE, Evidence
from govgateway.signing.paths import Found, PathFound, PathQuestion, find_path
from govgateway.signing.revocation import Revocation, RevocationStatus, revocation_of, unknown
from govgateway.signing.usage import why_not_to_sign


class Domain(StrEnum):
    """A trust domain: the country's two (the national root's, the Government's own), that of time stamps, and roots
    that a file names without one."""

    PUBLIC = "public"
    GOVERNMENT = "government"
    TIME_STAMPS = "time-stamps"
    UNASSIGNED = "unassigned"


DOMAINS: Mapping[Domain, Text] = {
    Domain.PUBLIC: Text("chữ ký số công cộng", "public"),
    Domain.GOVERNMENT: Text("chuyên dùng Chính phủ", "Government"),
    Domain.TIME_STAMPS: Text("dấu thời gian", "time stamps"),
    Domain.UNASSIGNED: Text("chưa xếp miền", "not assigned"),
}

_NOT_JUDGED = unknown(Text("chuỗi chứng thư không được tin cậy", "the chain is not trusted"))


@dataclass(frozen=True, slots=True)
class Trust:
    """Whether a certificate is trusted, and why (not); by which ``domain``, None when by none; its revocation.

    A certificate whose revocation is unknown is trusted with a warning, which ``reason`` says.
    """

    trusted: bool
    reason: Text
    domain: Domain | None = None
    revocation: Revocation = _NOT_JUDGED


@dataclass(frozen=True, slots=True)
class TrustStore:
    """Trusted roots (self-issued certificates) and the intermediate ones that came with them.

    ``domains`` are those of the roots; one that is not there is unassigned. ``evidence`` is what is known of
    revocations; ``fetch``, where there is one, asks the authorities for more.
    """

    roots: tuple[x509.Certificate, ...]
    intermediates: tuple[x509.Certificate, ...]
    domains: Mapping[x509.Certificate, Domain] = field(default_factory=dict)
    evidence: Evidence = NO_EVIDENCE
    fetch: Fetch | None = None

    @classmethod
    def empty(cls) -> TrustStore:
        """A store that trusts nobody."""
        return cls((), ())

    @classmethod
    def from_pem(cls, data: bytes) -> TrustStore:
        """The certificates in ``data``, PEM. Raises ConfigurationError when it holds none."""
        try:
            certificates = x509.load_pem_x509_certificates(data)
        except ValueError:
            raise ConfigurationError(
                Text("Tệp chứng thư gốc không có chứng thư PEM nào.", "The file of roots holds no PEM certificate."),
                Text("Chọn đúng tệp .pem hoặc .crt.", "Choose the right .pem or .crt file."),
            ) from None
        return cls.of(certificates)

    @classmethod
    def of(cls, certificates: Iterable[x509.Certificate], domain: Domain = Domain.UNASSIGNED) -> TrustStore:
        """A store of ``certificates``, its roots those of ``domain``."""
        certificates = tuple(certificates)
        roots = tuple(each for each in certificates if each.issuer == each.subject)
        others = tuple(each for each in certificates if each.issuer != each.subject)
        return cls(roots, others, dict.fromkeys(roots, domain))

    @classmethod
    def joined(cls, stores: Iterable[TrustStore]) -> TrustStore:
        """One store of all. A root that is in several has the domain that a later one assigns."""
        stores = tuple(stores)
        domains: dict[x509.Certificate, Domain] = {}
        for store in stores:
            for root in store.roots:
                assigned = store.domain_of(root)
                if assigned is not Domain.UNASSIGNED or root not in domains:
                    domains[root] = assigned
        return cls(
            tuple(domains),
            tuple(dict.fromkeys(each for store in stores for each in store.intermediates)),
            domains,
            Evidence.joined(store.evidence for store in stores),
            next((store.fetch for store in stores if store.fetch is not None), None),
        )

    def domain_of(self, root: x509.Certificate) -> Domain:
        """The domain of ``root``."""
        return self.domains.get(root, Domain.UNASSIGNED)

    def within(self, *domains: Domain) -> TrustStore:
        """The same store with the roots of ``domains`` alone."""
        return replace(self, roots=tuple(each for each in self.roots if self.domain_of(each) in domains))

    def judge(
        self, certificate: x509.Certificate, others: Iterable[x509.Certificate], at: datetime, *, proven: bool = False
    ) -> Trust:
        """Whether ``certificate`` chains to a root of this store, every link valid ``at`` that moment, is fit to sign,
        and was not revoked. Roots of time stamps do not count.

        ``others`` are certificates that came with the signature; they help to build the chain and are not believed.
        ``proven``: a time stamp says that the signature was made by then. Never raises for what a certificate holds.
        """
        signing = self.within(Domain.PUBLIC, Domain.GOVERNMENT, Domain.UNASSIGNED)
        return signing.judge_for(certificate, others, at, why_not_to_sign(certificate), proven=proven)

    def judge_for(
        self,
        certificate: x509.Certificate,
        others: Iterable[x509.Certificate],
        at: datetime,
        unfit: Text | None,
        *,
        proven: bool,
    ) -> Trust:
        """The same for any use of ``certificate`` and all roots of this store: ``unfit`` says why it is not for it."""
        if not self.roots:
            return Trust(False, Text("chưa cấu hình chứng thư gốc tin cậy", "no trusted root is configured"))
        question = PathQuestion(certificate, self.roots, (*self.intermediates, *others))
        path = self._path(question, at)
        if path.found is not Found.VALID:
            return Trust(False, _WRONG.get(path.found, _INVALID))
        domain = self.domain_of(path.chain[-1])
        if unfit is not None:
            return Trust(False, unfit, domain)
        asked = ask(path.chain, self.fetch) if self.fetch else Asked(NO_EVIDENCE, ())
        evidence = Evidence.joined((asked.evidence, self.evidence))
        revocation = revocation_of(replace(question, evidence=evidence), path.chain, at, proven=proven)
        if revocation.status is RevocationStatus.UNKNOWN and asked.failures:
            revocation = replace(revocation, reason=asked.failures[0])
        trusted = revocation.status is not RevocationStatus.REVOKED
        return Trust(trusted, _said(revocation), domain, revocation)

    def _path(self, question: PathQuestion, at: datetime) -> PathFound:
        """The path alone, with its status where the evidence is of that time: most often that is all there is to do."""
        if self.evidence and max(self.evidence.moments) <= at:
            whole = find_path(replace(question, evidence=self.evidence), at)
            if whole.found is Found.VALID:
                return whole
        return find_path(question, at)


_INVALID = Text("chuỗi chứng thư không hợp lệ", "the chain of certificates is not valid")
_WRONG = {
    Found.EXPIRED: Text("chứng thư đã hết hạn tại thời điểm đó", "a certificate was expired at that time"),
    Found.NOT_YET_VALID: Text("chứng thư chưa có hiệu lực tại thời điểm đó", "a certificate was not valid yet"),
    Found.NO_ISSUER: Text("không rõ đơn vị cấp chứng thư", "the issuer of the certificate is not known"),
    Found.OUTDATED_ALGORITHM: Text(
        "chuỗi chứng thư dùng thuật toán đã lỗi thời", "the chain of certificates has an outdated algorithm"
    ),
}


def _said(revocation: Revocation) -> Text:
    why = revocation.reason
    if revocation.status is RevocationStatus.REVOKED:
        return Text(f"chứng thư đã bị thu hồi: {why.vi}", f"the certificate is revoked: {why.en}")
    if revocation.status is RevocationStatus.UNKNOWN:
        return Text(f"chưa kiểm tra được thu hồi: {why.vi}", f"revocation was not checked: {why.en}")
    return why
