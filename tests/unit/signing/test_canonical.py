"""The canonical form of a part equals that of the part parsed anew, and that of xmlsec, on any document."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping

import pytest
import xmlsec
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from govgateway.errors import DocumentRefused
from govgateway.signing import canonical as module
from govgateway.signing.canonical import (
    ALGORITHMS,
    C14N,
    C14N11,
    C14N_COMMENTS,
    EXCLUSIVE,
    EXCLUSIVE_COMMENTS,
    canonical,
    without,
)
from govgateway.signing.references import DS
from samples import declaration

_TEXTS = st.text(alphabet="ab <>&\"'\r\n\tđ]", max_size=6)
_NAMESPACES = st.sampled_from([None, "urn:a", "urn:b"])


def _anew(element: etree._Element) -> bytes:
    """What the standard says, computed the slow way: an apex element with everything it inherits."""
    return module._standing_alone(element, module.ALGORITHMS[C14N])


@st.composite
def _elements(draw: st.DrawFn, depth: int = 0) -> etree._Element:
    namespace = draw(_NAMESPACES)
    prefix = draw(st.sampled_from([None, "p", "q"])) if namespace else None
    name = draw(st.sampled_from("xyz"))
    tag = f"{{{namespace}}}{name}" if namespace else name
    element = etree.Element(tag, nsmap={prefix: namespace} if namespace else {})
    element.text = draw(_TEXTS)
    for key in draw(st.lists(st.sampled_from(["id", "k"]), unique=True, max_size=2)):
        element.set(key, draw(_TEXTS))
    for _ in range(draw(st.integers(0, 3)) if depth < 3 else 0):
        child = draw(_elements(depth=depth + 1))
        child.tail = draw(_TEXTS)
        element.append(child)
    if draw(st.booleans()):
        element.append(etree.Comment("<x>"))
    return element


@settings(max_examples=200, deadline=None)
@given(_elements())
def test_cutting_out_equals_parsing_anew(root: etree._Element) -> None:
    again = etree.fromstring(etree.tostring(root))
    for element in again.iter(etree.Element):
        assert canonical(element, C14N) == _anew(element)


def test_the_example_is_really_cut_out() -> None:
    node = declaration().root[0]
    cut = module._cut_out(node, module.ALGORITHMS[C14N], None)
    assert cut is not None
    assert cut == _anew(node)


def test_inherited_xml_attributes_and_prefixes_belong_to_the_part() -> None:
    root = etree.fromstring(
        b'<r xmlns="urn:u" xmlns:p="urn:v" xml:lang="vi"><a p:z="1 > 2"><p:b xmlns=""><c/></p:b></a><d/></r>'
    )
    assert canonical(root[0], C14N) == (
        b'<a xmlns="urn:u" xmlns:p="urn:v" xml:lang="vi" p:z="1 > 2"><p:b xmlns=""><c></c></p:b></a>'
    )


def test_comments_count_only_where_the_algorithm_says_so() -> None:
    root = etree.fromstring(b"<r><a>1<!-- x -->2</a></r>")
    assert canonical(root[0], C14N) == b"<a>12</a>"
    assert canonical(root[0], C14N_COMMENTS) == b"<a>1<!-- x -->2</a>"


# Against xmlsec, which shares no code with ours: it computes digests of the same part, we those of our form of it.

_PREFIXES = ("", "p", "q")
_URIS = ("urn:a", "urn:b", "")
_XML_ATTRIBUTES = ('xml:lang="vi"', 'xml:lang=""', 'xml:space="preserve"', 'xml:id="x{0}"')
_WRITTEN = st.sampled_from(
    ["", " ", "\n  ", "đ", "&amp;", "&#13;", "&lt;", "<![CDATA[<p:x a='1'>]]>", "<!-- <x> -->", "<?p <x>?>", "1"]
)


@st.composite
def _tags(draw: st.DrawFn, scope: Mapping[str, str], number: list[int]) -> tuple[str, str, Mapping[str, str]]:
    """(name, the rest of the start tag, the namespaces then in scope) of an element as somebody may write it."""
    declared = {}
    for prefix in draw(st.lists(st.sampled_from(_PREFIXES), unique=True, max_size=3)):
        uri = draw(st.sampled_from(_URIS))
        if uri or not prefix:  # only the default namespace can be undeclared
            declared[prefix] = uri
    inside = {**scope, **declared}
    written = [f' xmlns{":" if prefix else ""}{prefix}="{uri}"' for prefix, uri in declared.items()]
    for attribute in draw(st.lists(st.sampled_from(_XML_ATTRIBUTES), unique_by=lambda each: each[:6], max_size=2)):
        number[0] += 1
        written.append(f" {attribute.format(number[0])}")
    usable = [prefix for prefix in inside if prefix]
    if usable and draw(st.booleans()):
        written.append(f' {draw(st.sampled_from(usable))}:k="1 &gt; &quot;2&#10;"')
    prefix = draw(st.sampled_from(["", *usable]))
    name = (f"{prefix}:" if prefix else "") + draw(st.sampled_from("xyz"))
    return name, "".join(draw(st.permutations(written))), inside


@st.composite
def _parts(draw: st.DrawFn, scope: Mapping[str, str], number: list[int], depth: int = 0) -> str:
    name, attributes, inside = draw(_tags(scope, number))
    content = draw(_WRITTEN)
    for _ in range(draw(st.integers(0, 2)) if depth < 2 else 0):
        content += draw(_parts(inside, number, depth + 1)) + draw(_WRITTEN)
    return f"<{name}{attributes}>{content}</{name}>"


@st.composite
def _documents(draw: st.DrawFn) -> str:
    """A document whose second level holds a part with the id "part" among others."""
    number = [0]
    root, attributes, scope = draw(_tags({}, number))
    middle, more, inner = draw(_tags(scope, number))
    name, own, inside = draw(_tags(inner, number))
    part = f'<{name}{own} Id="part">{draw(_WRITTEN)}{draw(_parts(inside, number))}{draw(_WRITTEN)}</{name}>'
    around = f"<{middle}{more}>{draw(_parts(inner, number))}{part}{draw(_WRITTEN)}</{middle}>"
    return f"{draw(_BESIDE)}<{root}{attributes}>{around}</{root}>{draw(_BESIDE)}"


_BESIDE = st.sampled_from(["", "<!-- before -->", "<?p?>\n"])
_LISTS = ((), ("p",), ("#default",), ("#default", "p", "q"), ("z",))
_WAYS = [
    (algorithm, prefixes) for algorithm, way in ALGORITHMS.items() for prefixes in (_LISTS if way.exclusive else ((),))
]


def _digests_by_xmlsec(text: str) -> list[str]:
    """What xmlsec makes of the part in each of _WAYS: digests, in base64."""
    root = etree.fromstring(text)
    references = "".join(_reference(*way) for way in _WAYS)
    signature = etree.fromstring(
        f'<Signature xmlns="{DS}"><SignedInfo><CanonicalizationMethod Algorithm="{EXCLUSIVE}"/><SignatureMethod'
        f' Algorithm="http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"/>{references}</SignedInfo>'
        "<SignatureValue/></Signature>"
    )
    root.append(signature)
    xmlsec.tree.add_ids(root, ["Id"])
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_binary_data(xmlsec.constants.KeyDataHmac, b"key")
    context.sign(signature)
    return [each.text or "" for each in signature.iter(f"{{{DS}}}DigestValue")]


def _reference(algorithm: str, prefixes: tuple[str, ...]) -> str:
    listed = f'<i:InclusiveNamespaces xmlns:i="{EXCLUSIVE}" PrefixList="{" ".join(prefixes)}"/>' if prefixes else ""
    # A bare name leaves comments out before anything is canonicalised; the pointer leaves them in.
    return (
        f'<Reference URI="#xpointer(id(\'part\'))"><Transforms><Transform Algorithm="{algorithm}">{listed}</Transform>'
        '</Transforms><DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><DigestValue/></Reference>'
    )


@settings(max_examples=60, deadline=None)
@given(_documents())
def test_every_algorithm_gives_what_xmlsec_gives(text: str) -> None:
    theirs = _digests_by_xmlsec(text)
    (part,) = etree.fromstring(text).xpath("//*[@Id='part']")
    whole = canonical(part.getroottree().getroot(), C14N)
    for (algorithm, prefixes), digest in zip(_WAYS, theirs, strict=True):
        for known in (None, whole):
            form = canonical(part, algorithm, prefixes, whole=known)
            assert base64.b64encode(hashlib.sha256(form).digest()).decode() == digest, (algorithm, prefixes, form)


@settings(max_examples=40, deadline=None)
@given(_documents())
def test_a_part_that_is_cut_out_leaves_what_stands_when_it_never_stood_there(text: str) -> None:
    """Also where removing it and putting it back would give it other prefixes."""
    document = etree.fromstring(text)
    before = etree.tostring(document)
    (part,) = document.xpath("//*[@Id='part']")
    start = text.rindex("<", 0, text.index(' Id="part"'))
    alone = etree.fromstring(text[:start] + text[_end_of(text, start) :])
    for algorithm, way in ALGORITHMS.items():
        form = etree.tostring(document, method="c14n", exclusive=way.exclusive, with_comments=way.comments)
        wanted = etree.tostring(alone, method="c14n", exclusive=way.exclusive, with_comments=way.comments)
        assert without(form, document, [part]) == wanted, algorithm
    assert etree.tostring(document) == before


def _end_of(text: str, start: int) -> int:
    """Where the element that begins at ``start`` ends: the shortest text from there that is one element."""
    name = text[start + 1 :].split(maxsplit=1)[0].partition(">")[0]
    end = start
    while True:
        end = text.index(f"</{name}>", end) + len(name) + 3
        try:
            etree.fromstring(f'<r xmlns:p="urn:p" xmlns:q="urn:q">{text[start:end]}</r>')
        except etree.XMLSyntaxError:
            continue
        return end


def test_parts_within_parts_are_cut_out_once() -> None:
    root = etree.fromstring(b"<r>1<s>2<s>3</s></s><t/><s a='<'>4</s>5</r>".replace(b"<'", b"&lt;'"))
    parts = list(root.iter("s"))
    assert without(etree.tostring(root, method="c14n"), root, parts) == b"<r>1<t></t>5</r>"
    assert without(etree.tostring(root, method="c14n"), root, [parts[1]]) == (
        b'<r>1<s>2</s><t></t><s a="&lt;">4</s>5</r>'
    )


def test_c14n_1_1_below_an_xml_base_is_refused() -> None:
    root = etree.fromstring(b'<r xml:base="urn:x" xml:id="i"><a/></r>')
    with pytest.raises(DocumentRefused):
        canonical(root[0], C14N11)
    assert canonical(root[0], C14N) == b'<a xml:base="urn:x" xml:id="i"></a>'


def test_a_prefix_that_nothing_in_the_document_has_changes_nothing() -> None:
    root = etree.fromstring(b'<r xmlns="urn:u" xmlns:p="urn:v"><q:a xmlns:q="urn:w"/></r>')
    assert canonical(root[0], EXCLUSIVE, ("nowhere",)) == b'<q:a xmlns:q="urn:w"></q:a>'
    assert canonical(root[0], EXCLUSIVE_COMMENTS, ("#default", "p")) == (
        b'<q:a xmlns="urn:u" xmlns:p="urn:v" xmlns:q="urn:w"></q:a>'
    )
