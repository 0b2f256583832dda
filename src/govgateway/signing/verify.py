"""The strict core that verifies signatures: lxml, cryptography and rules of our own.

Tools that verify XML signatures forgive what a gateway must not: moved nodes, ids that occur twice, comments inside a
figure. Here a signature is good only when it stands at its place, covers the one node that the profile names, and
everything that is covered can be read as it was signed. Callers read the covered bytes only (``Verification.content``).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from lxml import etree

from govgateway.documents.xml import XmlDocument
from govgateway.errors import DocumentRefused, Text
from govgateway.signing.canonical import ALGORITHMS, C14N, canonical
from govgateway.signing.certificates import display_name, identifiers, read_certificate
from govgateway.signing.profile import SignatureProfile
from govgateway.signing.references import DS, child_of_root, elements_by_id, hides_something
from govgateway.signing.trust import TrustStore

_VIETNAM = timezone(timedelta(hours=7))
_MOST_SIGNATURES = 32
_MOST_REFERENCES = 8
_MOST_CERTIFICATES = 8
_SMALLEST_RSA = 1024  # files of 2025 still have such keys; whether one trusts them is the certificate's matter
_ENVELOPED = f"{DS}enveloped-signature"
_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
_RSA: Mapping[str, hashes.HashAlgorithm] = {
    f"{_MORE}rsa-sha256": hashes.SHA256(),
    f"{_MORE}rsa-sha384": hashes.SHA384(),
    f"{_MORE}rsa-sha512": hashes.SHA512(),
}
_DIGESTS: Mapping[str, hashes.HashAlgorithm] = {
    "http://www.w3.org/2001/04/xmlenc#sha256": hashes.SHA256(),
    f"{_MORE}sha384": hashes.SHA384(),
    "http://www.w3.org/2001/04/xmlenc#sha512": hashes.SHA512(),
}
_OUTDATED = frozenset({f"{DS}rsa-sha1", f"{DS}sha1", f"{DS}dsa-sha1"})
_TIME_FORMATS = ("%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M:%S", "%d%m%Y%H%M%S")
_NOTHING = Text("", "")


@dataclass(frozen=True, slots=True)
class VerifiedSignature:
    """One Signature of a document.

    ``intact``: nothing that it covers was changed and the key of its certificate made it. ``well_placed``: it stands
    where the profile wants it and covers the profile's node. ``reason`` says what is wrong, empty when nothing is.
    ``signing_time`` is what the signer's clock said, None unless the signature covers it. ``trusted`` is judged at that
    time, else at the time asked for. ``not_covered`` names top-level parts of the document outside the signed node.
    """

    intact: bool
    well_placed: bool
    reason: Text
    signed_path: str
    signer: str
    identifiers: tuple[str, ...]
    certificate: x509.Certificate | None
    signing_time: datetime | None
    trusted: bool
    trust_reason: Text
    not_covered: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verification:
    """All signatures of a document in document order. ``content`` is the canonical signed node, to be parsed anew and
    read instead of the document; None unless there is a signature and every one is intact and well placed."""

    signatures: tuple[VerifiedSignature, ...]
    content: bytes | None


def verify(document: XmlDocument, profile: SignatureProfile, trust: TrustStore, at: datetime) -> Verification:
    """Verify every Signature in ``document``, wherever it stands. ``at`` (aware) is the time at which certificates are
    judged when a signature names none. Never raises for what a document holds."""
    case = _Case(document, profile)
    signatures = tuple(_verified(each, case, trust, at) for each in case.signatures[:_MOST_SIGNATURES])
    sound = bool(signatures) and all(each.intact and each.well_placed for each in signatures)
    return Verification(signatures, canonical(case.node, C14N) if sound and case.node is not None else None)


class _Broken(Exception):
    """Why a signature is not intact."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(en)
        self.reason = Text(vi, en)


def _malformed() -> _Broken:
    return _Broken("cấu trúc chữ ký không hợp lệ", "its structure is not allowed")


class _Case:
    """A document under examination: its node, its place, its signatures, and the node's canonical forms so far."""

    def __init__(self, document: XmlDocument, profile: SignatureProfile) -> None:
        self.root = document.root
        self.profile = profile
        self.node = child_of_root(document, profile.signed_node)
        self.place = child_of_root(document, profile.place)
        self.hides = self.node is not None and hides_something(self.node)
        self.signatures = list(self.root.iter(f"{{{DS}}}Signature"))
        self.by_id = elements_by_id(self.root)
        self._canonical: dict[str, bytes] = {}

    def canonical(self, element: etree._Element, algorithm: str) -> bytes:
        """The canonical form, computed once for the node however many signatures cover it."""
        if element is not self.node:
            return canonical(element, algorithm)
        if algorithm not in self._canonical:
            self._canonical[algorithm] = canonical(element, algorithm)
        return self._canonical[algorithm]


def _verified(signature: etree._Element, case: _Case, trust: TrustStore, at: datetime) -> VerifiedSignature:
    certificate: x509.Certificate | None = None
    signing_time: datetime | None = None
    reason, covered = _NOTHING, _NOTHING
    placed = case.place is not None and signature.getparent() is case.place
    covers_node = False
    try:
        if len(case.signatures) > _MOST_SIGNATURES:
            raise _Broken("có quá nhiều chữ ký", "there are too many signatures")
        certificates = _certificates(signature)
        certificate = certificates[0]
        signed_info = _signed_info(signature)
        _check_value(signature, signed_info, certificate)
        targets = [_check_reference(each, signature, case) for each in signed_info.findall(f"{{{DS}}}Reference")]
        covers_node = any(each is case.node for each in targets)
        signing_time = _signing_time(targets)
    except _Broken as broken:
        reason = broken.reason
    except DocumentRefused:
        reason = Text("không chuẩn hoá được nội dung", "the content cannot be canonicalised")
    intact = reason == _NOTHING
    if intact and not (placed and covers_node):
        covered = Text("chữ ký không nằm đúng chỗ hoặc không ký phần nội dung", "it is misplaced or covers other parts")
    judged = trust.judge(certificate, certificates[1:], signing_time or at) if intact and certificate else None
    return VerifiedSignature(
        intact=intact,
        well_placed=placed and (covers_node or not intact),
        reason=reason if not intact else covered,
        signed_path=_path(case) if covers_node else "",
        signer=display_name(certificate) if certificate else "",
        identifiers=identifiers(certificate) if certificate else (),
        certificate=certificate,
        signing_time=signing_time,
        trusted=bool(judged and judged.trusted),
        trust_reason=judged.reason if judged else _NOTHING,
        not_covered=_not_covered(case) if covers_node else (),
    )


def _one(parent: etree._Element, name: str) -> etree._Element:
    found = parent.findall(f"{{{DS}}}{name}")
    if len(found) != 1:
        raise _Broken(f"phần tử {name} thiếu hoặc lặp lại", f"{name} is missing or repeated")
    return found[0]


def _certificates(signature: etree._Element) -> list[x509.Certificate]:
    """The certificates of KeyInfo, the signer's first."""
    found = _one(signature, "KeyInfo").findall(f"{{{DS}}}X509Data/{{{DS}}}X509Certificate")
    if len(found) > _MOST_CERTIFICATES:
        raise _Broken("chữ ký kèm quá nhiều chứng thư", "it carries too many certificates")
    try:
        loaded = [read_certificate(_decoded(each)) for each in found]
    except ValueError:
        raise _Broken("chứng thư trong chữ ký không đọc được", "its certificate cannot be read") from None
    if not loaded:
        raise _Broken("chữ ký không kèm chứng thư", "it carries no certificate")
    return loaded


def _signed_info(signature: etree._Element) -> etree._Element:
    """SignedInfo, where the Signature is built as the standard has it: Java, by which the tax office reads, takes no
    other order."""
    children = [str(each.tag).removeprefix(f"{{{DS}}}") for each in signature.iterchildren(etree.Element)]
    signed_info = _one(signature, "SignedInfo")
    references = signed_info.findall(f"{{{DS}}}Reference")
    if children[:3] != ["SignedInfo", "SignatureValue", "KeyInfo"] or set(children[3:]) - {"Object"}:
        raise _malformed()
    if not 1 <= len(references) <= _MOST_REFERENCES or hides_something(signed_info):
        raise _malformed()
    return signed_info


def _check_value(signature: etree._Element, signed_info: etree._Element, certificate: x509.Certificate) -> None:
    way = _one(signed_info, "CanonicalizationMethod").get("Algorithm", "")
    method = _one(signed_info, "SignatureMethod").get("Algorithm", "")
    _ensure_known(way, ALGORITHMS)
    _ensure_known(method, _RSA)
    key = certificate.public_key()
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < _SMALLEST_RSA:
        raise _Broken("loại khoá không được chấp nhận", "the kind of key is not allowed")
    try:
        key.verify(
            _decoded(_one(signature, "SignatureValue")), canonical(signed_info, way), padding.PKCS1v15(), _RSA[method]
        )
    except InvalidSignature:
        raise _Broken("giá trị chữ ký không đúng", "the signature value is wrong") from None


def _check_reference(reference: etree._Element, signature: etree._Element, case: _Case) -> etree._Element:
    """The element that ``reference`` covers. It must be the profile's node or a part of the Signature itself."""
    uri = reference.get("URI", "")
    named = case.by_id.get(uri.removeprefix("#"), []) if uri.startswith("#") else []
    if len(named) != 1:
        raise _Broken(
            "tham chiếu không xác định được đúng một phần tử", "a reference does not name exactly one element"
        )
    target = named[0]
    if target is not case.node and signature not in target.iterancestors():
        raise _Broken("chữ ký trỏ tới phần tử không đúng chỗ", "it points at an element that is not in its place")
    if case.hides if target is case.node else hides_something(target):
        raise _Broken("phần được ký có chú thích hoặc lệnh xử lý XML", "the signed part has comments or instructions")
    method = _one(reference, "DigestMethod").get("Algorithm", "")
    _ensure_known(method, _DIGESTS)
    digest = hashes.Hash(_DIGESTS[method])
    digest.update(case.canonical(target, _transformed_by(reference)))
    if digest.finalize() != _decoded(_one(reference, "DigestValue")):
        raise _Broken("nội dung đã bị sửa sau khi ký", "the content was changed after signing")
    return target


def _transformed_by(reference: etree._Element) -> str:
    """The canonicalisation that the transforms end in; C14N 1.0 where none is named. The enveloped transform takes out
    a Signature inside the target: there is none, the place being beside it."""
    way = C14N
    for transforms in reference.findall(f"{{{DS}}}Transforms"):
        if len(transforms) == 0:
            raise _malformed()
    for transform in reference.findall(f"{{{DS}}}Transforms/{{{DS}}}Transform"):
        algorithm = transform.get("Algorithm", "")
        if algorithm == _ENVELOPED and way == C14N:
            continue
        _ensure_known(algorithm, ALGORITHMS)
        if len(transform):
            raise _Broken("phép biến đổi có tham số lạ", "a transform has parameters")
        way = algorithm
    return way


def _ensure_known(algorithm: str, known: Mapping[str, object]) -> None:
    if algorithm in _OUTDATED:
        raise _Broken("thuật toán SHA-1 đã lỗi thời", "SHA-1 is outdated")
    if algorithm not in known:
        raise _Broken("thuật toán không được chấp nhận", "an algorithm is not allowed")


def _decoded(element: etree._Element) -> bytes:
    try:
        return base64.b64decode("".join((element.text or "").split()), validate=True)
    except (binascii.Error, ValueError):
        raise _Broken("giá trị base64 không đọc được", "a base64 value cannot be read") from None


def _signing_time(targets: list[etree._Element]) -> datetime | None:
    """The first signing time in a covered part, in any namespace; Vietnam's time where no zone is written."""
    for target in targets:
        for name in ("SigningTime", "DateTimeStamp"):
            for element in target.iter(f"{{*}}{name}"):
                moment = _parsed((element.text or element.get("DateTime") or "").strip())
                if moment is not None:
                    return moment
    return None


def _parsed(text: str) -> datetime | None:
    for form in _TIME_FORMATS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=_VIETNAM)
        except ValueError:
            continue
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=_VIETNAM)


def _path(case: _Case) -> str:
    return f"/{etree.QName(case.root).localname}/{etree.QName(case.profile.signed_node).localname}"


def _not_covered(case: _Case) -> tuple[str, ...]:
    """What of the document nobody signs: elements beside the node and its place, what stands in the place beside the
    signatures, and attributes of both."""
    root = f"/{etree.QName(case.root).localname}"
    found = [f"{root}/@{etree.QName(name).localname}" for name in case.root.attrib]
    for each in case.root.iterchildren(etree.Element):
        path = f"{root}/{etree.QName(each).localname}"
        if each is case.place:
            found += [f"{path}/@{etree.QName(name).localname}" for name in each.attrib]
            found += [
                f"{path}/{etree.QName(other).localname}"
                for other in each.iterchildren(etree.Element)
                if other.tag != f"{{{DS}}}Signature"
            ]
            found += [f"{path}/text()"] if _has_text(each) else []
        elif each is not case.node:
            found.append(path)
    return tuple(found)


def _has_text(element: etree._Element) -> bool:
    return any((text or "").strip() for text in (element.text, *(each.tail for each in element)))
