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
from typing import TYPE_CHECKING

from lxml import etree

from govgateway.connector import FormComposer, Recognition
from govgateway.documents.entries import Entry
from govgateway.documents.findings import Finding, has_errors
from govgateway.documents.layout import Layout, Names, is_value
from govgateway.documents.places import Places
from govgateway.documents.xml import XmlDocument
from govgateway.errors import Text, UsageError
from govgateway.pipeline.forms import Carried, choose_form, set_header
from govgateway.pipeline.intake import examine

if TYPE_CHECKING:
    from govgateway.documents.compose import Composed
    from govgateway.documents.package import FormVersion
    from govgateway.documents.spreadsheet.content import Content

_NUMBERED = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class Source:
    """A file with figures: its ``name``, whose ending says what it is, and its ``data``.

    ``form`` and ``version`` say what to make of one that does not say so itself, ``table`` which rows a CSV file has;
    ``values`` are set besides, by the names of elements.
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


def draft(source: Source, known: Sequence[FormComposer], about: Mapping[str, str], *, day: date) -> Drafted:
    """The document with the figures in ``source``, made on ``day``; what ``about`` tells goes into its header
    (FormComposer). Raises UnreadableDocument for a file that cannot be read, UsageError for one of another form."""
    from govgateway.documents.compose import compose

    carried, content = _read(source, known, about, day)
    set_header(content.root, carried, about, day)
    for name, text in source.values.items():
        _set_value(content.root, carried.package, name, text)
    composed = compose(carried.package, content.root)
    examined = examine(composed.document, [carried.composer])
    findings = (*content.findings, *_located(examined.findings, composed, carried.package))
    if not has_errors(findings):
        findings += tuple(_recomputed(composed, carried.package))
    return Drafted(composed.document, examined.recognition, findings)


def _read(
    source: Source, known: Sequence[FormComposer], about: Mapping[str, str], day: date
) -> tuple[Carried, Content]:
    """The form that ``source`` is of, and its content. What reads it goes by the end of its name."""
    kind = source.name.lower().rpartition(".")[2]
    if kind in {"csv", "txt", "tsv"}:
        from govgateway.documents.spreadsheet.delimited import read_delimited

        carried = _form_of(source, "", "", known, about, day)
        return carried, read_delimited(source.data, source.name, carried.package, source.table)
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
    return UsageError(
        Text(f"Tệp được lập theo mẫu {made_for}.", f"The file was made for {made_for}."),
        Text(
            "Bỏ --form và --version, hoặc tạo mẫu mới: govgateway template MẪU --version SỐ.",
            "Leave out --form and --version, or make a new template: govgateway template FORM --version N.",
        ),
        where=source.name,
    )


def _set_value(root: Entry, package: FormVersion, name: str, text: str) -> None:
    """Set the single field whose path ends with ``name``. Raises UsageError when there is none, or more than one."""
    steps = tuple(name.split("/"))
    lines = [names for names in Layout.of(package.outline).lines if names[-len(steps) :] == steps]
    if len(lines) != 1 or not is_value(package.outline.fields[lines[0]]):
        there_are = ", ".join("/".join(each) for each in lines)
        raise UsageError(
            Text(f"Không rõ chỉ tiêu '{name}'.", f"It is not clear which field '{name}' is."),
            Text(f"Ghi rõ hơn: {there_are or 'tên phần tử'}.", f"Be more exact: {there_are or 'an element name'}."),
        )
    entry = root.at(lines[0][1:])
    entry.text, entry.written = text, True


def _located(findings: Sequence[Finding], composed: Composed, package: FormVersion) -> tuple[Finding, ...]:
    """``findings`` by their cells. What follows from wrong figures is wrong with them: it is not told beside them."""
    placed = tuple(replace(each, cell=composed.cell(each.path), line=0) for each in findings)
    inputs = tuple(each for each in placed if not _is_computed(each.path, package))
    return inputs if has_errors(inputs) else placed


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
