"""Form packages: what a form is and what holds for it, as a folder of data.

    <library>/<form code>/form.toml            titles, legal basis, versions, signatures
    <library>/<form code>/<version>/form.xsd   structure and types; labels in xs:documentation, vi and en
    <library>/<form code>/<version>/rules.sch  ISO Schematron: arithmetic and what holds between fields
    <library>/<form code>/<version>/compute.xsl  XSLT 1.0: works out the values that follow from others (not every form)

Adding a form needs no Python: docs/form-package.md. Schemas are compiled when first used and kept for the process.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from lxml import etree

from govgateway.documents.findings import Finding, has_errors
from govgateway.documents.xml import XmlDocument, read_xml
from govgateway.errors import Text


@dataclass(frozen=True, slots=True)
class SignatureNeed:
    """One signature of a form: ``profile`` names a signature profile of the agency, ``owner`` is a pattern such as
    ``MST:{filer}`` for what the signer's certificate must name (empty: anybody)."""

    role: str
    title: Text
    profile: str
    required: bool
    owner: str


@dataclass(frozen=True)
class FormVersion:
    """One version of a form, ready to check documents with. ``kinds`` are the agency's letters that it serves; ``law``
    names rules that are inferred elsewhere, and only warn there, but are the law of this version."""

    code: str
    name: str
    title: Text
    legal_basis: str
    number: str
    kinds: tuple[str, ...]
    signatures: tuple[SignatureNeed, ...]
    folder: Path
    rule_files: tuple[Path, ...]
    law: frozenset[str] = frozenset()

    def check(self, document: XmlDocument) -> tuple[Finding, ...]:
        """Everything that schema and rules say about ``document``, in its order.

        Rules are asked only of a document in whose structure nothing is wrong: sums over what is no number say nothing.
        """
        from govgateway.documents.rules import rule_findings
        from govgateway.documents.structure import structure_findings

        found = structure_findings(document, self._schema, self.outline)
        if has_errors(found):
            return found
        return tuple(sorted((*found, *rule_findings(document, self._rules, self.outline)), key=lambda each: each.line))

    def compute(self, document: bytes) -> bytes:
        """``document`` (XML) with every value that follows from others worked out anew by the form's compute.xsl.

        A form without one gives ``document`` back. Raises UnreadableDocument for what is no XML.
        """
        if self._computation is None:
            return document
        computed = self._computation(read_xml(document).root)
        return etree.tostring(computed, xml_declaration=True, encoding="UTF-8")

    @cached_property
    def _computation(self) -> etree.XSLT | None:
        path = self.folder / "compute.xsl"
        return etree.XSLT(etree.parse(path)) if path.is_file() else None

    @cached_property
    def values(self) -> Any:
        """The types of the form's values (govgateway.documents.values.ValueTypes)."""
        from govgateway.documents.values import ValueTypes

        return ValueTypes(self.folder / "form.xsd")

    @cached_property
    def _schema(self) -> etree.XMLSchema:
        return etree.XMLSchema(etree.parse(self.folder / "form.xsd"))

    @cached_property
    def _rules(self) -> etree.XSLT:
        from govgateway.documents.rules import compile_rules

        return compile_rules(self.rule_files, self.law)

    @cached_property
    def outline(self) -> Any:
        """Labels and expectations of every element (govgateway.documents.outline.Outline)."""
        from govgateway.documents.outline import Outline

        return Outline.of_schema(self.folder / "form.xsd")


# A document may name any code; a longer one is no folder's name anywhere.
_LONGEST_CODE = 64


@dataclass(frozen=True)
class FormLibrary:
    """All form packages in one folder."""

    folder: Path
    _versions: dict[tuple[str, str], FormVersion] = field(default_factory=dict)

    def find(self, code: str, number: str) -> FormVersion | None:
        """The version ``number`` of the form ``code``; None when no package carries it."""
        if (code, number) not in self._versions and code.isalnum() and len(code) <= _LONGEST_CODE:
            self._versions.update({(each.code, each.number): each for each in self._read(self.folder / code)})
        return self._versions.get((code, number))

    def all(self) -> tuple[FormVersion, ...]:
        """Every version of every form, by code."""
        folders = sorted(path.parent for path in self.folder.glob("*/form.toml"))
        return tuple(each for folder in folders for each in self._read(folder))

    @staticmethod
    def _read(folder: Path) -> Iterable[FormVersion]:
        manifest = folder / "form.toml"
        if not manifest.is_file():
            return
        form = tomllib.loads(manifest.read_text(encoding="utf-8"))
        signatures = tuple(SignatureNeed(**{**slot, "title": Text(**slot["title"])}) for slot in form["signature"])
        for version in form["version"]:
            home = folder / version["number"]
            yield FormVersion(
                code=form["code"],
                name=form["name"],
                title=Text(**form["title"]),
                legal_basis=form["legal_basis"],
                number=version["number"],
                kinds=tuple(version["kinds"]),
                signatures=signatures,
                folder=home,
                rule_files=tuple((home / rules).resolve() for rules in version["rules"]),
                law=frozenset(version.get("law", ())),
            )
