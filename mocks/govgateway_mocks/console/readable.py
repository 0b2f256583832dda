"""A document as somebody can read it, whoever wrote it: its single fields, and its XML with one element a line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from govgateway.documents.xml import read_xml
from govgateway.errors import UnreadableDocument

LONGEST_TEXT = 200_000
LARGEST_READ = 2_000_000
"""Bytes. To read and indent a larger document would keep everybody else waiting."""
MOST_FIELDS = 200

# Signs that are not seen, or that turn the order of what is: a document must not look like another one.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
_SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"


@dataclass(frozen=True, slots=True)
class Readable:
    """``fields`` are (path, value) of the elements that stand once, signatures left out; ``text`` is for the eye, not
    for a machine; ``xml`` says whether it was read as XML, ``cut`` whether the text goes on."""

    fields: tuple[tuple[str, str], ...]
    text: str
    xml: bool
    cut: bool


def readable(data: bytes) -> Readable:
    """``data`` for people. What is no XML, not safe to read or very large is shown as the text that it is."""
    if len(data) > LARGEST_READ:
        return _as_it_is(data)
    try:
        root = read_xml(data).root
    except UnreadableDocument:
        return _as_it_is(data)
    fields = _single_fields(root)
    etree.indent(root)
    text = etree.tostring(root, encoding="unicode")
    return Readable(fields, text[:LONGEST_TEXT], xml=True, cut=len(text) > LONGEST_TEXT)


def _as_it_is(data: bytes) -> Readable:
    text = data[: 4 * LONGEST_TEXT].decode("utf-8", "replace")
    cut = len(text) > LONGEST_TEXT or len(data) > 4 * LONGEST_TEXT
    return Readable((), text[:LONGEST_TEXT], xml=False, cut=cut)


def visible(text: str) -> str:
    """``text`` with the signs that are not seen written out, such as ⟨U+202E⟩; line ends and tabs stay."""
    return _UNSEEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text.replace("\r\n", "\n"))


def _single_fields(root: etree._Element) -> tuple[tuple[str, str], ...]:
    leaves = list(_leaves(root, ()))
    count = Counter(path for path, _ in leaves)
    return tuple((path, value) for path, value in leaves if count[path] == 1)[:MOST_FIELDS]


def _leaves(element: etree._Element, above: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """(path, text) of every element below ``element`` that holds text and no other element."""
    for child in element.iterchildren("*"):
        if child.tag == _SIGNATURE:
            continue
        path = (*above, etree.QName(child).localname)
        value = (child.text or "").strip()
        if len(child):
            yield from _leaves(child, path)
        elif value:
            yield "/".join(path), value
