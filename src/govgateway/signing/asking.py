"""Asks authorities about their certificates: OCSP (RFC 6960, with a nonce) where one is named, else their CRL.

Addresses are taken from certificates whose path to a trusted root is proven, never from a document's word. What is
brought is public and signed, so plain http is the rule there (RFC 5280 §8).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID

from govgateway.errors import Text
from govgateway.signing.evidence import Evidence, load_answer

OCSP_REQUEST = "application/ocsp-request"
Nonce = Callable[[], bytes]


class FetchFailed(Exception):
    """Nothing was brought from an address; ``reason`` says why, as the end of a sentence."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


class Fetch(Protocol):
    """Brings what lies at an address: by GET, or with a ``body`` by POST. Raises FetchFailed."""

    def __call__(self, address: str, body: bytes = b"", content_type: str = "") -> bytes:
        """The body of a successful answer."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was brought, and what could not be."""

    evidence: Evidence
    failures: tuple[Text, ...]


def new_nonce() -> bytes:
    """Sixteen random bytes, by which an answer is known to be new (RFC 8954)."""
    return secrets.token_bytes(16)


def ask(chain: Sequence[x509.Certificate], fetch: Fetch, nonce: Nonce = new_nonce) -> Asked:
    """Ask about every certificate of ``chain`` (from leaf to root) but the root. Never raises for what answers hold."""
    brought: list[Evidence] = []
    failures: list[Text] = []
    for certificate, issuer in pairwise(chain):
        for question in _questions(certificate, issuer, fetch, nonce):
            try:
                brought.append(question())
                break
            except FetchFailed as failed:
                failures.append(failed.reason)
        else:
            if not any(_addresses(certificate)):
                failures.append(Text("chứng thư không nêu nơi hỏi", "a certificate names no place to ask"))
    return Asked(Evidence.joined(brought), tuple(failures))


def _questions(
    certificate: x509.Certificate, issuer: x509.Certificate, fetch: Fetch, nonce: Nonce
) -> Iterator[Callable[[], Evidence]]:
    responders, lists = _addresses(certificate)
    yield from (lambda at=each: _ocsp(at, certificate, issuer, fetch, nonce) for each in responders)
    yield from (lambda at=each: _crl(at, fetch) for each in lists)


def _ocsp(
    address: str, certificate: x509.Certificate, issuer: x509.Certificate, fetch: Fetch, nonce: Nonce
) -> Evidence:
    sent = nonce()
    # Responders commonly know no other hash than SHA-1 for the name of a certificate; nothing is signed by it.
    builder = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA1())  # noqa: S303
    request = builder.add_extension(x509.OCSPNonce(sent), critical=False).build()
    data = fetch(address, request.public_bytes(Encoding.DER), OCSP_REQUEST)
    try:
        answer = load_answer(data)
    except ValueError:
        raise FetchFailed(_at(address, "máy chủ OCSP không cho biết", "the OCSP responder does not tell")) from None
    if answer.serial_number != certificate.serial_number:
        raise FetchFailed(_at(address, "trả lời OCSP về chứng thư khác", "it answers about another certificate"))
    # A responder may leave it out, as those with prepared answers do; how old such an answer may be, it says itself.
    nonces = [each.value.nonce for each in answer.extensions if isinstance(each.value, x509.OCSPNonce)]
    if nonces and nonces != [sent]:
        raise FetchFailed(_at(address, "trả lời OCSP cho câu hỏi khác (nonce)", "it answers another question (nonce)"))
    return Evidence(ocsps=(data,))


def _crl(address: str, fetch: Fetch) -> Evidence:
    try:
        evidence = Evidence.read(fetch(address))
    except ValueError:
        evidence = Evidence()
    if not evidence.crls:
        raise FetchFailed(_at(address, "không phải CRL", "it is no CRL"))
    return evidence


def _addresses(certificate: x509.Certificate) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(of OCSP responders, of CRLs) that ``certificate`` names, by http only."""
    try:
        extensions = list(certificate.extensions)
    except (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        return (), ()
    responders: list[x509.GeneralName] = []
    lists: list[x509.GeneralName] = []
    for each in (extension.value for extension in extensions):
        if isinstance(each, x509.AuthorityInformationAccess):
            named = (access for access in each if access.access_method == AuthorityInformationAccessOID.OCSP)
            responders += [access.access_location for access in named]
        elif isinstance(each, x509.CRLDistributionPoints):
            lists += [name for point in each for name in point.full_name or ()]
    return _by_http(responders), _by_http(lists)


def _by_http(names: Sequence[x509.GeneralName]) -> tuple[str, ...]:
    written = (each.value for each in names if isinstance(each, x509.UniformResourceIdentifier))
    return tuple(each for each in written if each.startswith(("http://", "https://")))


def _at(address: str, vi: str, en: str) -> Text:
    return Text(f"{address}: {vi}", f"{address}: {en}")
