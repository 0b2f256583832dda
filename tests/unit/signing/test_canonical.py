"""The canonical form of a part equals that of the part serialised and parsed anew, on any document."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from govgateway.signing import canonical as module
from govgateway.signing.canonical import C14N, C14N_COMMENTS, canonical
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
    cut = module._cut_out(node)
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
