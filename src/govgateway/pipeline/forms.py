"""The forms that documents can be made of, and their templates with the header filled in.

carried = choose_form(composers(connectors()), "01/PH", period="10/2026", day=today)
Path("f.xlsx").write_bytes(make_template(carried, {"filer": "9900000016"}, day=None))
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from govgateway.connector import CarriedForm, Connector, FormComposer, Line, PagePrinter
from govgateway.documents.entries import Entry, entry_of
from govgateway.documents.layout import Layout, Names
from govgateway.documents.places import names_of
from govgateway.documents.xml import XmlDocument
from govgateway.errors import Text, UsageError

if TYPE_CHECKING:
    from lxml import etree

    from govgateway.documents.package import FormVersion

_UNKNOWN = Text("tài liệu khác", "another document")
_SIGNATURES = "http://www.w3.org/2000/09/xmldsig#"


class Carried(NamedTuple):
    """A version of a form, and the connector that carries it."""

    composer: FormComposer
    form: CarriedForm

    @property
    def package(self) -> FormVersion:
        """The form package."""
        return self.form.version


def composers(connectors: Iterable[Connector]) -> tuple[FormComposer, ...]:
    """Those of ``connectors`` that can make new documents."""
    return tuple(each for each in connectors if isinstance(each, FormComposer))


def choose_form(known: Sequence[FormComposer], form: str, version: str = "", *, period: str = "", day: date) -> Carried:
    """The version of ``form`` (code or name) to make a document of: ``version``, else the one that is due for
    ``period`` on ``day``, else the newest. Raises UsageError when there is none such."""
    carried = [Carried(composer, each) for composer in known for each in composer.carried_forms()]
    named = [each for each in carried if form.upper() in {each.package.code, each.package.name.upper()}]
    if not named:
        raise _nothing(Text(f"Không có mẫu '{form}'.", f"There is no form '{form}'."), carried)
    if version:
        chosen = [each for each in named if each.form.number == version]
    elif period:
        due = named[0].composer.due_form(named[0].package.name, period, day)
        chosen = [each for each in carried if each.package == due]
    else:
        chosen = named
    if not chosen:
        said = Text(f"Mẫu {form} không có phiên bản '{version}'.", f"The form {form} has no version '{version}'.")
        raise _nothing(said, named)
    return chosen[0]


def _nothing(said: Text, there_are: Iterable[Carried]) -> UsageError:
    known = ", ".join(f"{each.package.name} {each.form.number}" for each in there_are)
    return UsageError(said, Text(f"Các mẫu: {known}.", f"Forms: {known}."))


def make_template(
    carried: Carried, about: Mapping[str, str], *, day: date | None, filled: XmlDocument | None = None
) -> bytes:
    """The .xlsx template of a form, with the header that ``about`` tells (FormComposer), or with all that is in
    ``filled``. Raises UsageError for a document that has what the form does not know: a template cannot carry it."""
    from govgateway.documents.spreadsheet.template import Heading, template

    content = Entry()
    if filled is not None:
        _ensure_known(filled, carried)
        content = entry_of(filled.root)
    set_header(content, carried, about, day)
    heading = Heading(_said_above(carried, content), _places_of_kind(carried))
    return template(carried.package, carried.form.number, content, heading)


def _said_above(carried: Carried, content: Entry) -> Text:
    """What the agency's form says above its items and numbers, as the period in words; empty where it is not known."""
    from govgateway.documents.compose import compose

    composer, package = carried.composer, carried.package
    if not isinstance(composer, PagePrinter):
        return Text("", "")
    nodes = list(compose(package, content).document.root)
    return Text(*(_numbered_lines(composer, nodes, package, language) for language in ("vi", "en")))


def _numbered_lines(printer: PagePrinter, nodes: Iterable[etree._Element], package: FormVersion, language: str) -> str:
    layouts = (printer.layout_of(each, package, language) for each in nodes)
    lines = [each for layout in layouts if layout for each in layout.head if isinstance(each, Line) and each.item]
    return ", ".join(f"{each.label}: {each.value}" for each in lines if each.value and isinstance(each.value, str))


def _places_of_kind(carried: Carried) -> frozenset[Names]:
    """The fields of the header into which the connector writes the kind of a document, whichever it is."""
    found: set[Names] | None = None
    for kind in carried.package.kinds:
        values = carried.composer.header_values(carried.package, {}, about={"kind": kind}, day=None)
        places = {tuple(path.split("/")) for path, text in values.items() if text == kind}
        found = places if found is None else found & places
    return frozenset(found or ())


def _ensure_known(document: XmlDocument, carried: Carried) -> None:
    for element in document.root.iter("{*}*"):
        names = names_of(element)
        if names not in carried.package.outline.fields and f"{{{_SIGNATURES}}}" not in str(element.tag):
            raise _unknown_part(document, names, carried)


def _unknown_part(document: XmlDocument, names: Names, carried: Carried) -> UsageError:
    """The error for a ``document`` that has an element at ``names``, which the form does not have."""
    package, recognised = carried.package, carried.composer.recognise(document)
    title, version = (recognised.title, f" {recognised.version}") if recognised else (_UNKNOWN, "")
    wanted, within = f"{package.name} {carried.form.number}", package.outline.label(names[:-1] or names)
    return UsageError(
        Text(
            f"Tài liệu là {title.vi}{version}; trong “{within.vi}” có phần mà mẫu {wanted} không có.",
            f"The document is {title.en}{version}; in “{within.en}” it has what {wanted} has not.",
        ),
        Text("Chọn mẫu và phiên bản của chính tài liệu.", "Choose the document's own form and version."),
    )


def left_out_of(carried: Carried, about: Mapping[str, str]) -> frozenset[Names]:
    """What a new document of which ``about`` tells does not have, by the connector's word."""
    values = carried.composer.header_values(carried.package, {}, about=about, day=None)
    return frozenset(tuple(path.split("/")) for path, text in values.items() if text is None)


def set_header(content: Entry, carried: Carried, about: Mapping[str, str], day: date | None) -> None:
    """Put what the connector has for the header into ``content``, the root's entry."""
    given = _given(content, Layout.of(carried.package.outline).lines)
    for path, text in carried.composer.header_values(carried.package, given, about=about, day=day).items():
        *above, last = path.split("/")[1:]
        if last.startswith("@"):
            content.at(tuple(above)).attributes[last[1:]] = text or ""
            continue
        entry = content.at((*above, last))
        if text is not None:
            entry.text, entry.written = text, True
        elif not entry.holds:
            entry.written = False


def _given(content: Entry, lines: Iterable[Names]) -> Mapping[str, str]:
    """What is decided of the elements at ``lines``. Of a document it is all: what it has not is to stay away."""
    given: dict[str, str] = {}
    for names in lines:
        path, entry = "/".join(names), next(content.all(names[1:]), None)
        if entry is None:
            given |= {path: ""} if content.written else {}
        elif entry.text or entry.written is not None:
            given |= {path: entry.text} | {f"{path}/@{name}": text for name, text in entry.attributes.items()}
    return given
