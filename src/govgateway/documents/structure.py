"""Schema validation, told by labels in both languages.

libxml2 speaks English and of ``/*/*[1]``. Of its words only the error's kind, the place and the names of elements are
taken; every text is ours.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from copy import deepcopy
from typing import TYPE_CHECKING, cast

from lxml import etree

from govgateway.documents.findings import Finding, Severity
from govgateway.documents.places import Places, line_of, names_of
from govgateway.documents.xml import XmlDocument

if TYPE_CHECKING:
    from govgateway.documents.outline import Outline
    from govgateway.documents.refusals import Told

_Refusal = tuple[etree._Element, str, str]


_SCHEMA_IN_USE = threading.Lock()
"""A schema keeps one error log, whoever validates with it."""


def structure_findings(document: XmlDocument, schema: etree.XMLSchema, outline: Outline) -> tuple[Finding, ...]:
    """What ``schema`` refuses in ``document``, and what hides figures in it; one finding per place, in its order.

    Elements that nobody has seen only warn where the form is open: the rest is checked as if they were not there.
    """
    wrong, unknown, hidden = _refused(document.root, schema), list[etree._Element](), _hiding(document.root)
    if not wrong and not hidden:
        return ()
    from govgateway.documents.refusals import explained, hiding, never_seen  # most documents need no words

    if wrong:
        unknown = list(_unknown(document.root, outline))
        wrong = _refused_without(unknown, document.root, schema) if unknown else wrong
    places = Places(document.root)
    findings: dict[str, Finding] = {}
    for element, kind, message in wrong:
        _add(findings, element, explained(element, kind, message, outline), places, outline)
    for element in hidden:
        _add(findings, element, hiding(element, outline), places, outline)
    for element in unknown:
        _add(findings, element, never_seen(element), places, outline, Severity.WARNING)
    return tuple(sorted(findings.values(), key=lambda finding: finding.line))


def _refused(root: etree._Element, schema: etree.XMLSchema) -> list[_Refusal]:
    """The elements below ``root`` that ``schema`` refuses, with the kind of each error and libxml2's message."""
    with _SCHEMA_IN_USE:
        entries = [] if schema.validate(root) else list(cast(Iterable[etree._LogEntry], schema.error_log))
    places = Places(root)
    return [(places.element(each.path or ""), each.type_name, each.message) for each in entries]


def _refused_without(
    unknown: Iterable[etree._Element], root: etree._Element, schema: etree.XMLSchema
) -> list[_Refusal]:
    """The same as if the ``unknown`` elements were not there."""
    copy = deepcopy(root)
    originals = dict(zip(copy.iter(etree.Element), root.iter(etree.Element), strict=True))
    left_out = set(unknown)
    for each in [each for each, original in originals.items() if original in left_out]:
        _cut_out(each)
    return [(originals[element], kind, message) for element, kind, message in _refused(copy, schema)]


def _cut_out(element: etree._Element) -> None:
    """Remove ``element``, but not the text behind it."""
    before, parent = element.getprevious(), cast(etree._Element, element.getparent())
    if before is None:
        parent.text = (parent.text or "") + (element.tail or "")
    else:
        before.tail = (before.tail or "") + (element.tail or "")
    parent.remove(element)


def _unknown(root: etree._Element, outline: Outline) -> Iterator[etree._Element]:
    """The outermost elements that the form has nowhere, in groups of it whose content is open."""
    known = {names[-1] for names in outline.fields}
    around = [root]
    for element in around:
        field = outline.fields.get(names_of(element))
        if field is None or field.type:
            continue
        for child in element.iterchildren(etree.Element):
            tag = etree.QName(child)
            if tag.localname in known:
                around.append(child)
            elif field.open and tag.namespace == etree.QName(element).namespace:
                yield child


def _add(
    findings: dict[str, Finding],
    element: etree._Element,
    told: Told,
    places: Places,
    outline: Outline,
    severity: Severity = Severity.ERROR,
) -> None:
    """Add what was ``told`` of ``element``, unless its place has a finding."""
    path = places.path(element)
    label = outline.label(_known(element, outline))
    findings.setdefault(path, Finding(told[0], severity, told[1], told[2], path, label, line_of(element)))


def _known(element: etree._Element, outline: Outline) -> tuple[str, ...]:
    """The names of ``element``, or of the nearest around it that the form has."""
    names = names_of(element)
    around = (names[:length] for length in range(len(names), 0, -1))
    return next((each for each in around if each in outline.fields), names)


def _hiding(root: etree._Element) -> list[etree._Element]:
    """The elements below the root that hold a comment or an instruction: a reader of ``7<!-- -->5`` may see 7."""
    inside = root.iter(etree.Comment, etree.ProcessingInstruction)
    parents = (each.getparent() for each in inside)
    return [each for each in dict.fromkeys(parents) if each is not None and each is not root]
