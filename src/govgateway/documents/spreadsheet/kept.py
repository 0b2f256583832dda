"""What cells cannot show of a document: attributes, elements that are empty or absent, numbers written in another way.

A template filled from a document keeps it beside the cells, so that what comes back is the same document where nothing
was changed. What somebody types has precedence.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal

from govgateway.documents.entries import NIL, Entry
from govgateway.documents.layout import is_value
from govgateway.documents.outline import Field
from govgateway.documents.spreadsheet.numbers import is_exact, plain
from govgateway.documents.values import ValueTypes

_XSI_NIL = "xsi:nil"

Kept = Mapping[str, str | bool]
"""By path below a row or field (empty for itself): its text as the document has it, or False where it has no such
element; by path, ``@`` and a name: an attribute."""


def kept_of(entry: Entry | None, below: str, field: Field, types: ValueTypes) -> Iterator[tuple[str, str | bool]]:
    """What cells cannot show of ``entry``, which a document has at the path ``below``, unless there is none."""
    if entry is None or not entry.holds:
        yield below, False
        return
    for name, value in entry.attributes.items():
        yield f"{below}@{_XSI_NIL if name == NIL else name}", value
    if not is_value(field):
        if not (field.required or field.repeated):
            yield below, ""
    elif not entry.text or entry.text != shown(entry.text, field, types):
        yield below, entry.text


def shown(text: str, field: Field, types: ValueTypes) -> str:
    """``text`` as a cell gives it back: a number in plain digits, anything else as it is."""
    return plain(Decimal(text)) if is_number(text, field, types) else text


def is_number(text: str, field: Field, types: ValueTypes) -> bool:
    """Whether ``text`` is a number of ``field`` that a cell keeps without loss."""
    number = types.is_number(field.type) and types.take(field.type, text) and bool(text)
    return number and is_exact(text)


def written(kept: Kept) -> str | None:
    """``kept`` for a cell; None for nothing."""
    return json.dumps(kept, ensure_ascii=False) if kept else None


def read(text: str) -> Kept:
    """What ``written`` wrote; nothing where somebody has written over it."""
    try:
        kept = json.loads(text) if text else {}
    except ValueError:
        return {}
    return kept if isinstance(kept, dict) else {}


def apply(entry: Entry, kept: Kept) -> None:
    """Give ``entry``, as it was read from cells, what they could not show."""
    for key, value in kept.items():
        below, _, attribute = key.partition("@")
        part = entry.at(tuple(below.split("/")) if below else ())
        if attribute:
            _set_attribute(part, attribute, str(value))
        elif not value:
            part.written = value == ""
        elif _is_same_number(part.text, str(value)):
            part.text = str(value)


def _set_attribute(entry: Entry, name: str, value: str) -> None:
    """An element that got a value is nil no longer."""
    if name != _XSI_NIL:
        entry.attributes[name] = value
    elif not entry.text:
        entry.attributes[NIL] = value


def _is_same_number(one: str, other: str) -> bool:
    try:
        return float(one) == float(other)
    except ValueError:
        return False
