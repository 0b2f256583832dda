"""Canonical XML of a part of a document, as the part stands in it.

lxml's inclusive canonicalisation of a sub-element is wrong where the default namespace is inherited: it writes
``xmlns=""`` on the grandchildren. Every e-Tax file has that shape. So the whole document is canonicalised, which is
right, and the element cut out of it; where that cannot be done surely, the part is serialised and parsed anew first.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import cast

from lxml import etree

from govgateway.errors import DocumentRefused, Text

C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
C14N_COMMENTS = f"{C14N}#WithComments"
C14N11 = "http://www.w3.org/2006/12/xml-c14n11"
C14N11_COMMENTS = f"{C14N11}#WithComments"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
EXCLUSIVE_COMMENTS = f"{EXCLUSIVE}WithComments"


@dataclass(frozen=True, slots=True)
class _Way:
    exclusive: bool
    comments: bool
    version_11: bool = False


ALGORITHMS: Mapping[str, _Way] = {
    C14N: _Way(exclusive=False, comments=False),
    C14N_COMMENTS: _Way(exclusive=False, comments=True),
    C14N11: _Way(exclusive=False, comments=False, version_11=True),
    C14N11_COMMENTS: _Way(exclusive=False, comments=True, version_11=True),
    EXCLUSIVE: _Way(exclusive=True, comments=False),
    EXCLUSIVE_COMMENTS: _Way(exclusive=True, comments=True),
}
"""The canonicalisation algorithms that are accepted, by URI."""


def canonical(
    element: etree._Element, algorithm: str, prefixes: tuple[str, ...] = (), *, whole: bytes | None = None
) -> bytes:
    """The canonical form of ``element`` in its document by the algorithm URI ``algorithm``, one of ALGORITHMS.

    ``prefixes`` is the PrefixList of exclusive canonicalisation, in which ``#default`` stands for the default
    namespace; ``whole`` the document element's own form by C14N, where the caller has it. Raises DocumentRefused for a
    document that has no canonical form (a relative namespace), and for one whose form by C14N 1.1 is not made here
    (xml:base above the element).
    """
    try:
        return _canonical(element, ALGORITHMS[algorithm], prefixes, whole)
    except etree.C14NError:
        raise _refused("có không gian tên tương đối", "a namespace is relative") from None


def without(form: bytes, element: etree._Element, parts: Collection[etree._Element]) -> bytes:
    """``form``, the canonical form of ``element`` by whichever algorithm, without ``parts``, elements inside it.

    It equals the form of ``element`` with the parts removed. They are cut out of the bytes: lxml gives other prefixes
    to an element that is removed and put back.
    """
    spans = sorted(_span(form, element, each) for each in parts)
    kept, position = [], 0
    for start, end in spans:
        kept.append(form[position:start])
        position = max(position, end)
    return b"".join((*kept, form[position:]))


def _span(form: bytes, element: etree._Element, part: etree._Element) -> tuple[int, int]:
    """Where ``part`` begins and ends in ``form``: it is the n-th in ``element`` that is written with its name."""
    local = f"{{*}}{etree.QName(part).localname}"
    before = takewhile(lambda each: each is not part, element.iter(local))
    number = sum(each.prefix == part.prefix for each in before)
    tags = _tags(form, written_name(part))
    opened = [tag for tag in tags if not tag[0].startswith(b"</")][number]
    depth = 0
    for tag in tags[tags.index(opened) :]:
        depth += -1 if tag[0].startswith(b"</") else 1
        if depth == 0:
            return opened.start(), form.index(b">", tag.start()) + 1
    raise ValueError("a canonical form has as many end tags as start tags")


def _tags(form: bytes, name: bytes) -> list[re.Match[bytes]]:
    """The tags of that ``name`` in a canonical form, where a bare "<" begins a tag, a comment or an instruction."""
    hiding = b"<!--" in form or b"<?" in form
    pattern = (rb"<!--.*?-->|<\?.*?\?>|" if hiding else b"") + rb"</?" + re.escape(name) + rb"(?=[ >])"
    return [tag for tag in re.finditer(pattern, form, re.DOTALL) if not tag[0].startswith((b"<!", b"<?"))]


def written_name(element: etree._Element) -> bytes:
    """The name of ``element`` as its tags have it, with its prefix."""
    local = etree.QName(element).localname
    return f"{element.prefix}:{local}".encode() if element.prefix else local.encode()


def _canonical(element: etree._Element, way: _Way, prefixes: tuple[str, ...], whole: bytes | None) -> bytes:
    if way.exclusive:
        return _exclusive(element, way, prefixes)
    root = element.getroottree().getroot()
    if element is root and not _has_neighbours(element):
        done = whole is not None and not way.comments
        return whole if done and whole else etree.tostring(element, method="c14n", with_comments=way.comments)
    # Cutting out costs the whole document, where it is not there yet, parsing anew only the part: worth it for the big
    # parts, the root's children.
    worthwhile = whole is not None or element.getparent() is root
    cut = _cut_out(element, way, whole) if worthwhile and not way.comments else None
    return cut or _standing_alone(element, way)


def _has_neighbours(root: etree._Element) -> bool:
    """Whether a comment or instruction stands beside the document element: lxml copies such an element, wrongly."""
    return root.getprevious() is not None or root.getnext() is not None


def _exclusive(element: etree._Element, way: _Way, prefixes: tuple[str, ...]) -> bytes:
    if "#default" in prefixes:
        # lxml drops a prefix that is not in the thread's dictionary of names, and this one is in no document.
        etree.fromstring(b'<!DOCTYPE x [<!ATTLIST x x CDATA "#default">]><x/>', _KNOWING_PARSER)
        element = etree.fromstring(etree.tostring(element, encoding="UTF-8", with_tail=False), _PARSER)
    return etree.tostring(
        element,
        method="c14n",
        exclusive=True,
        with_comments=way.comments,
        inclusive_ns_prefixes=list(prefixes) or None,
        with_tail=False,
    )


def _cut_out(element: etree._Element, way: _Way, whole: bytes | None) -> bytes | None:
    """The element's bytes within its document's canonical form, under a start tag that also declares what it inherits.

    Three times as fast as parsing anew, and the same bytes. None unless the element's tags occur once and every
    namespace has one prefix, so that tags cannot be mistaken: text and attributes never hold a bare "<".
    """
    whole = whole or _canonical(element.getroottree().getroot(), ALGORITHMS[C14N], (), None)
    name = written_name(element)
    closing = b"</" + name + b">"
    start, end = whole.find(b"<" + name), whole.find(closing)
    tag = re.compile(rb"<" + re.escape(name) + rb"(?=[ >])(?:[^\">]|\"[^\"]*\")*>").match(whole, max(start, 0))
    once = tag is not None and whole.find(closing, end + 1) < 0 and whole.find(b"<" + name, tag.end()) < 0
    namespaces = element.nsmap
    if not once or tag is None or end < 0 or b"<?" in whole or len(set(namespaces.values())) != len(namespaces):
        return None
    attributes = {
        **_inherited_xml_attributes(element, way),
        **{str(key): str(value) for key, value in element.attrib.items()},
    }
    shell = etree.tostring(
        etree.Element(element.tag, attributes, nsmap=cast(Mapping[str, str], namespaces)), method="c14n"
    )
    return shell.removesuffix(closing) + whole[tag.end() : end] + closing


def _standing_alone(element: etree._Element, way: _Way) -> bytes:
    """Serialised with the namespaces it inherits, parsed anew, canonicalised."""
    alone = etree.fromstring(etree.tostring(element, encoding="UTF-8", with_tail=False), _PARSER)
    for name, value in _inherited_xml_attributes(element, way).items():
        if name not in alone.attrib:
            alone.set(name, value)
    return etree.tostring(alone, method="c14n", with_comments=way.comments)


# What is parsed anew was read within the limits of its document, which may be larger than libxml2's own.
_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, load_dtd=False, remove_blank_text=False, huge_tree=True
)
_KNOWING_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, attribute_defaults=True)
_XML = "{http://www.w3.org/XML/1998/namespace}"


def _inherited_xml_attributes(element: etree._Element, way: _Way) -> dict[str, str]:
    """The xml: attributes above ``element`` that its canonical form has too: all by C14N 1.0, by 1.1 all but xml:id.

    By 1.1 the values of xml:base are joined: no document of this country has one, so that is refused, not guessed.
    """
    found: dict[str, str] = {}
    for above in element.iterancestors():
        for name, value in above.attrib.items():
            if str(name).startswith(_XML):
                found.setdefault(str(name), str(value))
    if way.version_11:
        found.pop(f"{_XML}id", None)
        if f"{_XML}base" in found:
            raise _refused("có xml:base phía trên phần được ký", "there is an xml:base above the signed part")
    return found


def _refused(vi: str, en: str) -> DocumentRefused:
    return DocumentRefused(
        Text(f"Không chuẩn hoá được nội dung để ký: {vi}.", f"The content cannot be canonicalised for signing: {en}."),
        Text("Xuất lại tệp từ phần mềm kê khai.", "Export the file again from the software that made it."),
        (),
    )
