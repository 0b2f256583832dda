"""ISO Schematron: what holds between the fields of a form, told in both languages.

Every assert of a rules file has an id and four diagnostics, ``<id>.vi``, ``<id>.en``, ``<id>.remedy.vi`` and
``<id>.remedy.en``; ``role="warning"`` marks a rule that is inferred and stops nothing.

All rules of a form become one stylesheet for libxslt. lxml's own Schematron walks the document twice for each pattern
and counts siblings for each place: some five times as slow, and quadratic where much is wrong. The tests use it as a
second opinion. Understood are title, ns, pattern, rule, let (in a rule), assert, diagnostics and value-of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby, islice
from pathlib import Path

from lxml import etree

from govgateway.documents.findings import Finding, Severity
from govgateway.documents.outline import Outline
from govgateway.documents.places import Places, line_of, names_of
from govgateway.documents.xml import XmlDocument
from govgateway.errors import Text

_SCH = "{http://purl.oclc.org/dsdl/schematron}"
_XSL = "{http://www.w3.org/1999/XSL/Transform}"
_UNDERSTOOD = {
    f"{_SCH}{name}"
    for name in ("schema", "title", "ns", "pattern", "rule", "let", "assert", "diagnostics", "diagnostic", "value-of")
}


def compile_rules(paths: Iterable[Path], law: frozenset[str] = frozenset()) -> etree.XSLT:
    """The rules files at ``paths`` as one stylesheet, for ``rule_findings``; those that ``law`` names are no warnings.
    Raises ValueError for what is not understood."""
    schemas = [_read(path) for path in paths]
    prefixes = {str(each.get("prefix")): str(each.get("uri")) for one in schemas for each in one.iterfind(f"{_SCH}ns")}
    return etree.XSLT(_Stylesheet(prefixes, schemas, law).root)


def _read(path: Path) -> etree._Element:
    schema = etree.parse(path).getroot()
    strange = {str(each.tag) for each in schema.iter(etree.Element)} - _UNDERSTOOD
    if strange or schema.find(f"{_SCH}let") is not None or schema.find(f"{_SCH}pattern/{_SCH}let") is not None:
        raise ValueError(f"{path}: not understood: {', '.join(sorted(strange)) or 'let outside a rule'}")
    return schema


class _Stylesheet:
    """A stylesheet whose report holds one ``failed`` for each assert that fails: its id, its role, its texts, and
    ``at``, the element's number in document order."""

    def __init__(self, prefixes: Mapping[str, str], schemas: Iterable[etree._Element], law: frozenset[str]) -> None:
        self._law = law
        self.root = etree.Element(f"{_XSL}stylesheet", {"version": "1.0"}, nsmap=prefixes)
        self._report = etree.SubElement(etree.SubElement(self.root, f"{_XSL}template", match="/"), "report")
        etree.SubElement(self._report, f"{_XSL}variable", name="all", select="//*")
        for schema in schemas:
            diagnostics = {str(each.get("id")): each for each in schema.iter(f"{_SCH}diagnostic")}
            for pattern in schema.iterfind(f"{_SCH}pattern"):
                self._add_pattern(pattern, diagnostics)

    def _add_pattern(self, pattern: etree._Element, diagnostics: Mapping[str, etree._Element]) -> None:
        """One mode for each pattern: of its rules the first that fits an element is asked, as ISO Schematron says."""
        mode = f"pattern-{len(self._report)}"
        etree.SubElement(self._report, f"{_XSL}apply-templates", select="$all", mode=mode)
        etree.SubElement(self.root, f"{_XSL}template", match="*", mode=mode, priority="0")
        rules = pattern.findall(f"{_SCH}rule")
        for rank, rule in enumerate(rules):
            match, priority = str(rule.get("context")), str(len(rules) - rank)
            template = etree.SubElement(self.root, f"{_XSL}template", match=match, mode=mode, priority=priority)
            for each in rule.iterchildren(f"{_SCH}let", f"{_SCH}assert"):
                if each.tag == f"{_SCH}let":
                    name, value = str(each.get("name")), str(each.get("value"))
                    etree.SubElement(template, f"{_XSL}variable", name=name, select=value)
                else:
                    self._add_assert(template, each, diagnostics)

    def _add_assert(
        self, template: etree._Element, each: etree._Element, diagnostics: Mapping[str, etree._Element]
    ) -> None:
        name = str(each.get("id"))
        unless = etree.SubElement(template, f"{_XSL}if", test=f"not({each.get('test')})")
        role = "" if name in self._law else each.get("role", "")
        failed = etree.SubElement(unless, "failed", {"id": name, "role": role, "at": "{position()}"})
        for told in str(each.get("diagnostics")).split():
            text = etree.SubElement(failed, "text", id=told)
            text.text = diagnostics[told].text
            for value in diagnostics[told]:
                shown = etree.SubElement(text, f"{_XSL}value-of", select=str(value.get("select")))
                shown.tail = value.tail


def rule_findings(document: XmlDocument, rules: etree.XSLT, outline: Outline) -> tuple[Finding, ...]:
    """What ``rules`` find wrong in ``document``, in the document's order.

    Of a figure that follows from others one thing is told, an error before a warning: whoever corrects that has
    corrected the rest.
    """
    report = rules(document.root).getroot()
    if len(report) == 0:
        return ()
    elements = list(document.root.iter(etree.Element))
    places = Places(document.root)
    in_order = sorted(report, key=lambda failed: (_place(failed), failed.get("role", "")))
    return tuple(
        _finding(failed, elements[place], places, outline)
        for place, failures in groupby(in_order, _place)
        for failed in islice(failures, 1 if _is_computed(elements[place], outline) else None)
    )


def _place(failed: etree._Element) -> int:
    """The element's number in document order, the first being 0."""
    return int(failed.get("at", "1")) - 1


def _is_computed(element: etree._Element, outline: Outline) -> bool:
    known = outline.fields.get(names_of(element))
    return known is not None and known.computed


def _finding(failed: etree._Element, element: etree._Element, places: Places, outline: Outline) -> Finding:
    rule = failed.get("id", "")
    texts = {each.get("id", ""): " ".join((each.text or "").split()) for each in failed}
    return Finding(
        rule=rule,
        severity=Severity.WARNING if failed.get("role") == "warning" else Severity.ERROR,
        message=Text(texts[f"{rule}.vi"], texts[f"{rule}.en"]),
        remedy=Text(texts[f"{rule}.remedy.vi"], texts[f"{rule}.remedy.en"]),
        path=places.path(element),
        label=outline.label(names_of(element)),
        line=line_of(element),
    )
