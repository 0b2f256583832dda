"""The strict core that verifies signatures: lxml, cryptography and rules of our own.

Tools that verify XML signatures forgive what a gateway must not: moved nodes, ids that occur twice, comments inside a
figure. Here a signature is good only when it stands at its place, covers the one node that the profile names, and
everything that is covered can be read as it was signed. Callers read the covered bytes only (``Verification.content``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from lxml import etree

from govgateway.documents.xml import XmlDocument
from govgateway.errors import DocumentRefused, Text
from govgateway.signing import coverage, xades
from govgateway.signing.case import Case
from govgateway.signing.certificates import display_name, identifiers
from govgateway.signing.checks import Checked, checked
from govgateway.signing.parts import Broken
from govgateway.signing.profile import SignatureProfile
from govgateway.signing.revocation import Revocation
from govgateway.signing.signing_time import signing_time
from govgateway.signing.timestamps import TimeSource, TimeStamp, time_stamp_of
from govgateway.signing.trust import Domain, Trust, TrustStore

_MOST_SIGNATURES = 32
_NOTHING = Text("", "")


@dataclass(frozen=True, slots=True)
class VerifiedSignature:
    """One Signature of a document.

    ``intact``: nothing that it covers was changed and the key of its certificate made it. ``well_placed``: it stands
    where the profile wants it and covers the profile's node. ``reason`` says what is wrong, empty when nothing is.
    ``signing_time`` is that of a trusted time stamp, else what the signer's clock said, None unless the signature
    covers it; ``time_source`` says which. ``trusted`` is judged at that time, else at the time asked for: the chain, up
    to a root of ``domain`` (None: there is none), the use of the key, its ``revocation``. ``not_covered`` names parts
    of the document outside the signed node.
    ``algorithms`` are the names of signature and digest algorithms; ``legacy`` says that one of them is outdated.
    ``level`` is "B-B" for XAdES with a signed certificate and time, "B-T" with a trusted ``time_stamp``, else empty.
    ``countersigns`` is the number, in document order from 1, of the signature that this one confirms, else 0.
    """

    intact: bool
    well_placed: bool
    reason: Text
    signed_path: str
    signer: str
    identifiers: tuple[str, ...]
    certificate: x509.Certificate | None
    signing_time: datetime | None
    time_source: TimeSource | None
    time_stamp: TimeStamp | None
    trusted: bool
    trust_reason: Text
    domain: Domain | None
    revocation: Revocation | None
    not_covered: tuple[str, ...]
    algorithms: tuple[str, ...]
    legacy: bool
    level: str
    countersigns: int


@dataclass(frozen=True, slots=True)
class Verification:
    """All signatures of a document in document order, judged by ``profile``. ``content`` is the node in the canonical
    form that was signed, without the signature where that stands inside it, to be parsed anew and read instead of the
    document; None unless there is a signature of it and every one is intact and well placed."""

    profile: SignatureProfile
    signatures: tuple[VerifiedSignature, ...]
    content: bytes | None


def verify(document: XmlDocument, profile: SignatureProfile, trust: TrustStore, at: datetime) -> Verification:
    """Verify every Signature in ``document``, wherever it stands. ``at`` (aware) is the time at which certificates are
    judged when a signature names none. Never raises for what a document holds."""
    case = Case(document, profile)
    met = [(each, Checked()) for each in case.signatures[:_MOST_SIGNATURES]]
    signatures = tuple(_verified(each, found, case, trust, at) for each, found in met)
    sound = all(each.intact and each.well_placed for each in signatures)
    forms = (found.covered[case.node] for _, found in met if case.node in found.covered)
    return Verification(profile, signatures, next(forms, None) if sound else None)


def _verified(
    signature: etree._Element, found: Checked, case: Case, trust: TrustStore, at: datetime
) -> VerifiedSignature:
    reason = _NOTHING
    try:
        if len(case.signatures) > _MOST_SIGNATURES:
            raise Broken("có quá nhiều chữ ký", "there are too many signatures")
        checked(signature, case, found)
    except Broken as broken:
        reason = broken.reason
    except DocumentRefused:
        reason = Text("không chuẩn hoá được nội dung", "the content cannot be canonicalised")
    intact = reason == _NOTHING
    node = case.node_of(signature)
    covers_node = intact and node in found.covered
    placed = found.countersigned is not None or signature.getparent() in case.places
    if intact and not (placed and (covers_node or found.countersigned is not None)):
        reason = Text("chữ ký không nằm đúng chỗ hoặc không ký phần nội dung", "it is misplaced or covers other parts")
    certificate = found.certificates[0] if found.certificates else None
    claimed = signing_time(each for each in found.covered if each is not node) if intact else None
    stamp = time_stamp_of(signature, trust) if intact else None
    proven = stamp.at if stamp and stamp.trusted else None
    moment = proven or claimed
    judged = _judged(found.certificates, trust, moment or at, proven=proven is not None) if intact else None
    return VerifiedSignature(
        intact=intact,
        well_placed=placed and (not intact or reason == _NOTHING),
        reason=reason,
        signed_path=coverage.path_of(node) if covers_node and node is not None else "",
        signer=display_name(certificate) if certificate else "",
        identifiers=identifiers(certificate) if certificate else (),
        certificate=certificate,
        signing_time=moment,
        time_source=TimeSource.STAMP if proven else TimeSource.SIGNER if claimed else None,
        time_stamp=stamp,
        trusted=bool(judged and judged.trusted),
        trust_reason=judged.reason if judged else _NOTHING,
        domain=judged.domain if judged else None,
        revocation=judged.revocation if judged else None,
        not_covered=_not_covered(signature, node, found, case) if covers_node and node is not None else (),
        algorithms=tuple(found.algorithms),
        legacy=found.legacy,
        level=_level(signature, found, proven) if intact else "",
        countersigns=case.number_of(found.countersigned) if intact else 0,
    )


def _judged(certificates: Sequence[x509.Certificate], trust: TrustStore, at: datetime, *, proven: bool) -> Trust | None:
    """What is to be thought of the first of ``certificates``, the signer's; None when there is none."""
    return trust.judge(certificates[0], certificates[1:], at, proven=proven) if certificates else None


def _level(signature: etree._Element, found: Checked, proven: datetime | None) -> str:
    baseline = xades.level(signature, found.covered)
    return "B-T" if baseline and proven else baseline


def _not_covered(signature: etree._Element, node: etree._Element, found: Checked, case: Case) -> tuple[str, ...]:
    return coverage.first_of(
        coverage.not_covered(node, case.places, case.signatures),
        coverage.not_covered_inside(signature, found.covered, found.certificates[0]),
    )
