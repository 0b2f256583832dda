"""What of a document a signature covers, and what nobody signed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import chain, islice

from cryptography import x509
from cryptography.x509.oid import NameOID
from lxml import etree

from govgateway.signing.certificates import subject_text
from govgateway.signing.references import DS
from govgateway.signing.xades import XADES

_MOST_NAMED = 100
_DATA = f"{{{DS}}}KeyInfo/{{{DS}}}X509Data"
_SUBJECT = f"{_DATA}/{{{DS}}}X509SubjectName"
_LONGEST_SUBJECT = 1024
# Of a Signature: what its value covers or proves, and the unsigned properties of XAdES, each judged by itself.
_TEXTS = (f"{{{DS}}}SignatureValue", f"{_DATA}/{{{DS}}}X509Certificate")
_JUDGED = (
    *_TEXTS,
    f"{{{DS}}}SignedInfo",
    f"{{{DS}}}KeyInfo/{{{DS}}}KeyValue",
    f"{{{DS}}}Object/{{{XADES}}}QualifyingProperties/{{{XADES}}}UnsignedProperties",
)
_LABELS = {"Id", "Target"}
_NAMES = {  # as .NET, Java and OpenSSL write them
    "E": NameOID.EMAIL_ADDRESS,
    "EMAILADDRESS": NameOID.EMAIL_ADDRESS,
    "S": NameOID.STATE_OR_PROVINCE_NAME,
    "SERIALNUMBER": NameOID.SERIAL_NUMBER,
}


def path_of(element: etree._Element) -> str:
    """The path of ``element`` by local names: ``/HSoThueDTu/HSoKhaiThue``."""
    steps = [element, *element.iterancestors()]
    return "".join(f"/{etree.QName(each).localname}" for each in reversed(steps))


def not_covered(
    node: etree._Element, places: Collection[etree._Element], signatures: Collection[etree._Element]
) -> Iterator[str]:
    """What of the document of ``node`` nobody signs when ``node`` is signed: elements, attributes, texts and
    instructions beside it and beside the ``signatures`` in their ``places``."""
    root = node.getroottree().getroot()
    settled = {node, *(each for each in signatures if each.getparent() in places)}
    if root.xpath("boolean(/processing-instruction())"):
        yield "/processing-instruction()"
    yield from _beside(root, settled, {*places, *_above([node, *places])})


def not_covered_inside(
    signature: etree._Element, covered: Collection[etree._Element], certificate: x509.Certificate
) -> Iterator[str]:
    """What of ``signature`` itself says something that it does not cover, when it covers ``covered``: other Objects, a
    subject in KeyInfo that is not that of its ``certificate``. Ids are labels and say nothing."""
    subject = signature.find(_SUBJECT)
    settled = {*covered, *(each for path in _JUDGED for each in signature.iterfind(path))}
    if subject is not None and not len(subject) and _is_subject(subject.text or "", certificate):
        settled.add(subject)
    for path in (*_TEXTS, _SUBJECT):
        yield from (attribute for each in signature.iterfind(path) for attribute in _attributes(each))
    yield from _beside(signature, settled, {signature, *signature.iterfind(_DATA), *_above(settled)})


def first_of(*paths: Iterator[str]) -> tuple[str, ...]:
    """The first hundred of ``paths``, and an ellipsis where there are more."""
    found = tuple(islice(chain(*paths), _MOST_NAMED + 1))
    return (*found[:_MOST_NAMED], "…") if len(found) > _MOST_NAMED else found


def _above(elements: Collection[etree._Element]) -> set[etree._Element]:
    return {above for each in elements for above in each.iterancestors()}


def _beside(
    element: etree._Element, settled: Collection[etree._Element], above: Collection[etree._Element]
) -> Iterator[str]:
    """The paths of what stands below ``element`` and is not in ``settled``; only what is ``above`` that is entered."""
    if element in settled:
        return
    if element not in above:
        yield path_of(element)
        return
    yield from _attributes(element)
    if next(element.iterchildren(etree.ProcessingInstruction), None) is not None:
        yield f"{path_of(element)}/processing-instruction()"
    for child in element.iterchildren(etree.Element):
        yield from _beside(child, settled, above)
    # Between the signed parts there is white space only; anything else nobody signed.
    if any((text or "").strip() for text in (element.text, *(child.tail for child in element))):
        yield f"{path_of(element)}/text()"


def _attributes(element: etree._Element) -> Iterator[str]:
    """The paths of the attributes of ``element`` that say something: the Id of a part of a signature is a label."""
    labels = _LABELS if etree.QName(element).namespace in {DS, XADES} else ()
    return (f"{path_of(element)}/@{etree.QName(name).localname}" for name in element.attrib if name not in labels)


def _is_subject(text: str, certificate: x509.Certificate) -> bool:
    """Whether ``text`` is the subject of ``certificate``, in whatever order and by whichever names it is written."""
    if text == subject_text(certificate):
        return True
    if len(text) > _LONGEST_SUBJECT:
        return False
    try:
        said = x509.Name.from_rfc4514_string(re.sub(r"(^|[,+])\s*(?:OID\.)?", r"\1", text), _NAMES)
    except ValueError:
        return False
    return _values(said) == _values(certificate.subject)


def _values(name: x509.Name) -> list[list[tuple[str, str]]]:
    """The attributes of ``name``, those that stand together together."""
    return sorted(sorted((each.oid.dotted_string, str(each.value)) for each in one) for one in name.rdns)
