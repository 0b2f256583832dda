"""The forms that documents can be made of, and their templates with the header filled in.

carried = choose_form(composers(connectors()), "01/PH", period="10/2026", day=today)
Path("f.xlsx").write_bytes(make_template(carried, {"filer": "9900000016"}, day=None))
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from govgateway.connector import CarriedForm, Connector, FormComposer
from govgateway.documents.entries import Entry, entry_of
from govgateway.documents.layout import Layout, Names
from govgateway.documents.places import names_of
from govgateway.documents.xml import XmlDocument
from govgateway.errors import Text, UsageError

if TYPE_CHECKING:
    from govgateway.documents.package import FormVersion

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
    from govgateway.documents.spreadsheet.template import template

    content = Entry()
    if filled is not None:
        _ensure_known(filled, carried.package)
        content = entry_of(filled.root)
    set_header(content, carried, about, day)
    return template(carried.package, carried.form.number, content)


def _ensure_known(document: XmlDocument, package: FormVersion) -> None:
    for element in document.root.iter("{*}*"):
        names = names_of(element)
        if names not in package.outline.fields and f"{{{_SIGNATURES}}}" not in str(element.tag):
            path = "/".join(names)
            raise UsageError(
                Text(f"Mẫu {package.name} không có phần tử {path}.", f"{package.name} has no element {path}."),
                Text("Chọn mẫu và phiên bản của chính tài liệu.", "Choose the document's own form and version."),
            )


def set_header(content: Entry, carried: Carried, about: Mapping[str, str], day: date | None) -> None:
    """Put what the connector has for the header into ``content``, the root's entry."""
    given = _given(content, Layout.of(carried.package.outline).lines)
    for path, text in carried.composer.header_values(carried.package, given, about=about, day=day).items():
        *above, last = path.split("/")[1:]
        if last.startswith("@"):
            content.at(tuple(above)).attributes[last[1:]] = text
        else:
            entry = content.at((*above, last))
            entry.text, entry.written = text, True


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
