"""From figures to a declaration: a filled spreadsheet, JSON or CSV; composed, computed, checked, errors by their cells.

drafted = draft(Source("f.xlsx", data), composers(connectors()), {"period": "10/2026"}, day=today)
drafted.document.data, drafted.findings
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from types import MappingProxyType
from typing import TYPE_CHECKING

from lxml import etree

from govgateway.connector import FormComposer, Recognition
from govgateway.documents.entries import Entry
from govgateway.documents.findings import Finding, Severity, has_errors
from govgateway.documents.layout import Layout, Names, is_value
from govgateway.documents.places import Places
from govgateway.documents.xml import XmlDocument
from govgateway.errors import Text, UsageError
from govgateway.pipeline.forms import Carried, choose_form, left_out_of, set_header
from govgateway.pipeline.intake import Examined, examine

if TYPE_CHECKING:
    from govgateway.documents.compose import Composed
    from govgateway.documents.outline import Field
    from govgateway.documents.package import FormVersion
    from govgateway.documents.spreadsheet.content import Content

_ALIKE = 3
_NUMBERED = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class Source:
    """A file with figures: its ``name``, whose ending says what it is, and its ``data``.

    ``form`` and ``version`` say what to make of one that does not say so itself, ``table`` which rows a CSV file has;
    ``values`` are set besides, by the names of single fields.
    """

    name: str
    data: bytes
    form: str = ""
    version: str = ""
    table: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Drafted:
    """The document that was made, what it is, and what was found, by cells where they are known."""

    document: XmlDocument
    recognition: Recognition
    findings: tuple[Finding, ...]


def draft(
    source: Source,
    known: Sequence[FormComposer],
    about: Mapping[str, str],
    *,
    day: date,
    names: Mapping[str, str] = MappingProxyType({}),
) -> Drafted:
    """The document with the figures in ``source``, made on ``day``; what ``about`` tells goes into its header
    (FormComposer), ``names`` are those of all filers that are known, by tax code.

    Raises UnreadableDocument for a file that cannot be read, UsageError for one of another form.
    """
    from govgateway.documents.compose import compose

    carried, content = _read(source, known, about, day)
    set_header(content.root, carried, about, day)
    for name, text in source.values.items():
        _set_value(content.root, carried.package, name, text)
    composed = compose(carried.package, content.root)
    examined = _examined(composed.document, carried)
    refused = {each.cell for each in content.findings if each.severity is Severity.ERROR}
    located = _located(examined.findings, composed, carried.package)
    findings = (*content.findings, *(each for each in located if not each.cell or each.cell not in refused))
    findings += tuple(_anothers_name(composed, examined.recognition, names, carried.package))
    if not has_errors(findings):
        findings += tuple(_recomputed(composed, carried.package))
    return Drafted(composed.document, examined.recognition, findings)


def _examined(document: XmlDocument, carried: Carried) -> Examined:
    """What is found of ``document``. One that no agency takes is made for a trial: that is told, and stops nothing, and
    what is in it is checked all the same."""
    examined = examine(document, [carried.composer])
    if carried.form.filed:
        return examined
    told = (replace(each, severity=Severity.WARNING) for each in examined.recognition.findings)
    return replace(examined, findings=(*told, *carried.package.check(document)))


def _read(
    source: Source, known: Sequence[FormComposer], about: Mapping[str, str], day: date
) -> tuple[Carried, Content]:
    """The form that ``source`` is of, and its content. What reads it goes by the end of its name."""
    kind = source.name.lower().rpartition(".")[2]
    if kind in {"csv", "txt", "tsv"}:
        from govgateway.documents.spreadsheet.delimited import read_delimited

        carried = _form_of(source, "", "", known, about, day)
        left_out = left_out_of(carried, about)
        return carried, read_delimited(source.data, source.name, carried.package, source.table, left_out)
    if kind == "json":
        from govgateway.documents.spreadsheet.structured import Structured

        structured = Structured(source.data, source.name)
        carried = _form_of(source, structured.form, structured.version, known, about, day)
        return carried, structured.content(carried.package)
    from govgateway.documents.spreadsheet.reading import Filled

    filled = Filled(source.data, source.name)
    carried = _form_of(source, filled.form, filled.version, known, about, day)
    return carried, filled.content(carried.package)


def _form_of(
    source: Source, form: str, version: str, known: Sequence[FormComposer], about: Mapping[str, str], day: date
) -> Carried:
    """The form that the file names (``form``, ``version``), or that it was said to be of; they must not differ."""
    wanted = form or source.form
    if not wanted:
        raise UsageError(
            Text("Tệp không cho biết là mẫu nào.", "The file does not say of which form it is."),
            Text("Thêm --form, ví dụ --form 01/PH.", "Add --form, for example --form 01/PH."),
            where=source.name,
        )
    number = version or source.version
    carried = choose_form(known, wanted, number, period=about.get("period", ""), day=day)
    said = (source.form.upper(), source.version or carried.form.number)
    if said[0] not in {"", carried.package.code, carried.package.name.upper()} or said[1] != carried.form.number:
        raise _other_form(carried, source)
    return carried


def _other_form(carried: Carried, source: Source) -> UsageError:
    made_for = f"{carried.package.name} ({carried.package.code}) {carried.form.number}"
    form, version = source.form or carried.package.name, source.version
    wanted = f"{form} {version}".rstrip()
    again = f"govgateway template {form}" + (f" --version {version}" if version else "")
    return UsageError(
        Text(
            f"Tệp được lập theo mẫu {made_for}, không phải {wanted}.",
            f"The file was made for {made_for}, not for {wanted}.",
        ),
        Text(
            f"Để lập theo mẫu của tệp: bỏ --form và --version. Để lập theo {wanted}: tạo mẫu mới bằng {again} rồi chép "
            "số liệu sang.",
            f"To make what the file is for, leave out --form and --version. To make {wanted}, make a new template with "
            f"{again} and copy the figures.",
        ),
        where=source.name,
    )


def _set_value(root: Entry, package: FormVersion, name: str, text: str) -> None:
    """Set the single field that the form calls ``name``, by label, by printed number, or by the end of its path.

    Raises UsageError when there is none, or more than one.
    """
    from govgateway.documents.spreadsheet.numbers import tidy

    fields, steps = package.outline.fields, tuple(name.split("/"))
    values = [names for names in Layout.of(package.outline).lines if is_value(fields[names])]
    found = [names for names in values if names[-len(steps) :] == steps]
    found = found or [names for names in values if name.casefold() in _said_of(fields[names])]
    if len(found) != 1:
        raise _unclear(name, found, values, package)
    entry = root.at(found[0][1:])
    entry.text, entry.written = tidy(text), True


def _said_of(field_of: Field) -> set[str]:
    said = (field_of.label.vi, field_of.label.en, field_of.item, field_of.column)
    return {each.casefold() for each in said if each}


def _unclear(name: str, found: Sequence[Names], values: Sequence[Names], package: FormVersion) -> UsageError:
    """The error for a ``name`` that several single fields have, or none: it shows those, or the most alike."""
    fields = package.outline.fields
    known = {each: names for names in values for each in (names[-1].casefold(), *_said_of(fields[names]))}
    alike = dict.fromkeys(known[each] for each in get_close_matches(name.casefold(), known, n=_ALIKE))
    vi = ", ".join(f"“{fields[each].label.vi}” ({'/'.join(each[-2:])})" for each in found or alike)
    en = ", ".join(f"“{fields[each].label.en}” ({'/'.join(each[-2:])})" for each in found or alike)
    remedy = Text(f"Có thể là: {vi}.", f"It may be: {en}.")
    if not vi:
        listed = f"govgateway forms show {package.name} {package.number}"
        remedy = Text(
            f"Ghi tên như trên mẫu; xem các chỉ tiêu: {listed}.", f"Name it as the form does; see its fields: {listed}."
        )
    return UsageError(Text(f"Không rõ chỉ tiêu '{name}'.", f"It is not clear which field '{name}' is."), remedy)


def _located(findings: Sequence[Finding], composed: Composed, package: FormVersion) -> tuple[Finding, ...]:
    """``findings`` by their cells. What follows from wrong figures is wrong with them: it is not told beside them."""
    placed = tuple(_for_a_cell(replace(each, cell=composed.cell(each.path), line=0), package) for each in findings)
    inputs = tuple(each for each in placed if not _is_computed(each.path, package))
    return inputs if has_errors(inputs) else placed


def _for_a_cell(finding: Finding, package: FormVersion) -> Finding:
    """``finding`` with what may be typed, where it says how a document writes a value."""
    from govgateway.documents.spreadsheet.hints import expected_in_cell

    wrong = package.outline.fields.get(_names(finding.path))
    if wrong is None or finding.remedy != _expected(wrong.expected):
        return finding
    return replace(finding, remedy=_expected(expected_in_cell(wrong, package.values)))


def _expected(said: Text) -> Text:
    return Text(f"Cần: {said.vi}.", f"Expected: {said.en}.")


def _anothers_name(
    composed: Composed, about: Recognition, names: Mapping[str, str], package: FormVersion
) -> Iterator[Finding]:
    """That the filer is called as another one is, as when somebody types another tax code into a template."""
    from govgateway.documents.spreadsheet import rules

    owners = [code for code, name in names.items() if name and name == about.filer_name]
    if owners and about.filer not in owners:
        path = next((each for each, text in composed.given.items() if text == about.filer_name), "")
        label = package.outline.label(_names(path))
        values = (about.filer_name, owners[0], about.filer)
        yield rules.NAME.finding(composed.cell(path), *values, label=label, path=path)


def _recomputed(composed: Composed, package: FormVersion) -> Iterator[Finding]:
    """What was given for values that follow from others, where it is not what follows."""
    from govgateway.documents.spreadsheet import rules

    places = Places(composed.document.root)
    computed = {places.path(each): each.text or "" for each in composed.document.root.iter(etree.Element)}
    for path, text in composed.given.items():
        if _is_computed(path, package) and not _same(text, computed.get(path, "")):
            label = package.outline.label(_names(path))
            anew = computed.get(path) or "–"
            yield rules.COMPUTED.finding(composed.cell(path), text, anew, label=label, path=path)


def _is_computed(path: str, package: FormVersion) -> bool:
    field_of = package.outline.fields.get(_names(path))
    return field_of is not None and field_of.computed


def _names(path: str) -> Names:
    return tuple(_NUMBERED.sub("", path).split("/"))


def _same(one: str, other: str) -> bool:
    try:
        return one == other or Decimal(one) == Decimal(other)
    except InvalidOperation:
        return False
