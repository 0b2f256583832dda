"""Places: what libxml2 calls an element is found, what people read of it is right, whatever the prefixes."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from govgateway.documents.places import Places


@st.composite
def _elements(draw: st.DrawFn, depth: int = 0) -> etree._Element:
    namespace = draw(st.sampled_from([None, "urn:a", "urn:b"]))
    prefix = draw(st.sampled_from([None, "p", "q"])) if namespace else None
    name = draw(st.sampled_from("xy"))
    element = etree.Element(
        f"{{{namespace}}}{name}" if namespace else name, nsmap={prefix: namespace} if namespace else {}
    )
    for _ in range(draw(st.integers(0, 4)) if depth < 3 else 0):
        element.append(draw(_elements(depth=depth + 1)))
        if draw(st.booleans()):
            element.append(etree.Comment("x"))
    return element


@settings(max_examples=150, deadline=None)
@given(_elements())
def test_every_element_is_found_where_libxml2_says_it_is(root: etree._Element) -> None:
    again = etree.fromstring(etree.tostring(root))
    places = Places(again)
    for element in again.iter(etree.Element):
        assert places.element(again.getroottree().getpath(element)) is element


@settings(max_examples=150, deadline=None)
@given(_elements())
def test_people_s_paths_number_only_what_occurs_more_than_once(root: etree._Element) -> None:
    places = Places(root)
    for element in root.iter(etree.Element):
        parent = element.getparent()
        same = [] if parent is None else parent.findall(element.tag)
        name = etree.QName(element).localname
        step = f"{name}[{same.index(element) + 1}]" if len(same) > 1 else name
        assert places.path(element).rpartition("/")[2] == step


def test_a_path_that_leads_no_further_ends_where_it_can() -> None:
    root = etree.fromstring(b"<a><b/></a>")
    places = Places(root)
    assert places.element("/a/b/@id") is root[0]
    assert places.element("/a/c[3]/d") is root
    assert places.element("") is root
