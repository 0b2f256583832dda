"""The checks of one Signature: its structure, its value, what each reference covers. The first that fails says why."""

from __future__ import annotations

from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from lxml import etree

from govgateway.signing import algorithms, xades
from govgateway.signing.algorithms import DIGESTS, SIGNATURES
from govgateway.signing.canonical import ALGORITHMS, C14N, EXCLUSIVE
from govgateway.signing.case import Case
from govgateway.signing.key_info import certificates_of, ensure_own_key
from govgateway.signing.parts import Broken, decoded, one
from govgateway.signing.references import DS

_MOST_OBJECTS = 8
_MOST_REFERENCES = 8
_MOST_TRANSFORMS = 4
_ENVELOPED = f"{DS}enveloped-signature"


@dataclass(slots=True)
class Checked:
    """What the checks of one signature have found so far: a broken one has what could be read before it broke.

    ``covered`` are the elements that its references point at, each with the form of it that was signed;
    ``countersigned`` is the signature that it confirms.
    """

    certificates: list[x509.Certificate] = field(default_factory=list)
    algorithms: list[str] = field(default_factory=list)
    legacy: bool = False
    covered: dict[etree._Element, bytes] = field(default_factory=dict)
    countersigned: etree._Element | None = None


def checked(signature: etree._Element, case: Case, found: Checked) -> None:
    """Check ``signature`` and fill ``found``. Raises Broken for the first thing that is wrong, DocumentRefused where
    something covered has no canonical form."""
    found.certificates += certificates_of(signature)
    certificate = found.certificates[0]
    ensure_own_key(signature, certificate)
    signed_info = _signed_info(signature, case)
    _check_value(signature, signed_info, certificate, case, found)
    for reference in signed_info.findall(f"{{{DS}}}Reference"):
        _check_reference(reference, signature, case, found)
    if xades.names_another_certificate(signature, certificate):
        raise Broken("chữ ký chỉ tới một chứng thư khác", "its signed properties name another certificate")


def _signed_info(signature: etree._Element, case: Case) -> etree._Element:
    """SignedInfo, where the Signature is built as the standard has it: Java, by which the tax office reads, takes no
    other order."""
    children = [str(each.tag).removeprefix(f"{{{DS}}}") for each in signature.iterchildren(etree.Element)]
    signed_info = one(signature, "SignedInfo")
    references = signed_info.findall(f"{{{DS}}}Reference")
    if children[:3] != ["SignedInfo", "SignatureValue", "KeyInfo"] or set(children[3:]) - {"Object"}:
        raise _malformed()
    if not references:
        raise Broken("chữ ký không tham chiếu phần nào", "it refers to nothing")
    if len(references) > _MOST_REFERENCES or len(children) > 3 + _MOST_OBJECTS:
        raise Broken("chữ ký có quá nhiều phần", "it has too many parts")
    if case.hides(signed_info):
        raise _malformed()
    return signed_info


def _malformed() -> Broken:
    return Broken("cấu trúc chữ ký không hợp lệ", "its structure is not allowed")


def _check_value(
    signature: etree._Element, signed_info: etree._Element, certificate: x509.Certificate, case: Case, found: Checked
) -> None:
    method = one(signed_info, "SignatureMethod")
    algorithm = SIGNATURES.get(method.get("Algorithm", ""))
    if algorithm is None or len(method):
        raise _not_allowed()
    _accept(algorithm, case, found)
    way, prefixes = _canonicalisation(one(signed_info, "CanonicalizationMethod"))
    key = certificate.public_key()
    if not algorithms.fits(key, algorithm):
        raise Broken("loại khoá không được chấp nhận", "the kind of key is not allowed")
    value, form = decoded(one(signature, "SignatureValue")), case.canonical(signed_info, way, prefixes)
    if not algorithms.is_valid(key, algorithm, value, form):  # type: ignore[arg-type]
        raise Broken("giá trị chữ ký không đúng", "the signature value is wrong")
    case.meet(certificate, form)


def _check_reference(reference: etree._Element, signature: etree._Element, case: Case, found: Checked) -> None:
    """Add to ``found`` the element that ``reference`` covers: the profile's node, a part of the Signature, or the value
    of the signature that it stands in to confirm."""
    target = _target(reference, signature, case)
    if target in found.covered:
        raise Broken("hai tham chiếu trỏ tới cùng một phần tử", "two references name one element")
    method = one(reference, "DigestMethod")
    algorithm = DIGESTS.get(method.get("Algorithm", ""))
    if algorithm is None or len(method):
        raise _not_allowed()
    _accept(algorithm, case, found)
    way, prefixes, enveloped = _transforms(reference)
    # .NET and the tax office take nothing out of a target that does not hold the signature.
    taken_out = signature if enveloped and target in signature.iterancestors() else None
    form = case.canonical(target, way, prefixes, taken_out)
    if case.hides(target):
        raise Broken("phần được ký có chú thích hoặc lệnh xử lý XML", "the signed part has comments or instructions")
    digest = hashes.Hash(algorithm.hash)
    digest.update(form)
    if digest.finalize() != decoded(one(reference, "DigestValue")):
        raise Broken("nội dung đã bị sửa sau khi ký", "the content was changed after signing")
    if _is_countersigned(reference, target, signature):
        found.countersigned = target.getparent()
    found.covered[target] = form


def _target(reference: etree._Element, signature: etree._Element, case: Case) -> etree._Element:
    uri = reference.get("URI")
    if uri == "":
        named = [case.root]
    elif uri is not None and uri.startswith("#") and not uri.startswith("#xpointer("):
        named = case.named(uri[1:], signature)
    else:
        named = []
    if len(named) != 1:
        raise Broken("tham chiếu không xác định được đúng một phần tử", "a reference does not name exactly one element")
    (target,) = named
    own = signature in target.iterancestors()
    if not (own or target is case.node_of(signature) or _is_countersigned(reference, target, signature)):
        raise Broken("chữ ký trỏ tới phần tử không đúng chỗ", "it points at an element that is not in its place")
    return target


def _is_countersigned(reference: etree._Element, target: etree._Element, signature: etree._Element) -> bool:
    """Whether ``target`` is the value of the signature in whose properties ``signature`` stands, to confirm it."""
    return (
        target.tag == f"{{{DS}}}SignatureValue"
        and reference.get("Type") == xades.COUNTERSIGNED
        and target.getparent() is xades.confirmed_by(signature)
    )


def _transforms(reference: etree._Element) -> tuple[str, tuple[str, ...], bool]:
    """(canonicalisation, its prefixes, whether the signature is taken out): C14N 1.0 where none is named."""
    lists = reference.findall(f"{{{DS}}}Transforms")
    found = [each for listed in lists for each in listed]
    if len(found) > _MOST_TRANSFORMS:
        raise Broken("chữ ký có quá nhiều phần", "it has too many parts")
    if len(lists) > 1 or (lists and not found) or any(each.tag != f"{{{DS}}}Transform" for each in found):
        raise _malformed()
    enveloped = bool(found) and found[0].get("Algorithm") == _ENVELOPED
    if enveloped and len(found.pop(0)):
        raise _parameters()
    if not found:
        return C14N, (), enveloped
    if len(found) > 1:
        raise _malformed()
    return (*_canonicalisation(found[0]), enveloped)


def _canonicalisation(method: etree._Element) -> tuple[str, tuple[str, ...]]:
    """The algorithm that ``method`` names, and its PrefixList."""
    algorithm = method.get("Algorithm", "")
    if algorithm not in ALGORITHMS:
        raise _not_allowed()
    children = list(method)
    if not children:
        # Nothing that is covered holds a comment, so that the forms with and without are the same.
        return algorithm.removesuffix("WithComments").removesuffix("#") if C14N in algorithm else algorithm, ()
    if len(children) > 1 or children[0].tag != f"{{{EXCLUSIVE}}}InclusiveNamespaces":
        raise _parameters()
    if not ALGORITHMS[algorithm].exclusive:
        raise _parameters()
    return algorithm, tuple(children[0].get("PrefixList", "").split())


def _accept(algorithm: algorithms.SignatureAlgorithm | algorithms.DigestAlgorithm, case: Case, found: Checked) -> None:
    if algorithm.legacy and not case.profile.legacy:
        raise Broken("thuật toán SHA-1 đã lỗi thời", "SHA-1 is outdated")
    found.legacy |= algorithm.legacy
    if algorithm.name not in found.algorithms:
        found.algorithms.append(algorithm.name)


def _not_allowed() -> Broken:
    return Broken("thuật toán không được chấp nhận", "an algorithm is not allowed")


def _parameters() -> Broken:
    return Broken("phép biến đổi có tham số lạ", "a transform has parameters")
