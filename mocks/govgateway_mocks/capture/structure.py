"""Where two documents differ in structure. No value is ever told, only what kind of thing it is."""

from __future__ import annotations

from typing import Any

from lxml import etree

from govgateway_mocks.capture.aspects import Aspect, Difference, Found, differ
from govgateway_mocks.capture.shapes import shape

_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"


def elements(recorded: etree._Element, simulated: etree._Element, above: str = "") -> Found:
    """Where two elements differ, and what is in them. Of repeated ones each is compared with the one at its place."""
    one, other = etree.QName(recorded), etree.QName(simulated)
    path = f"{above}/{one.localname}"
    if one.localname != other.localname:
        yield Difference(Aspect.MISSING, path, one.localname, "")
        yield Difference(Aspect.EXTRA, f"{above}/{other.localname}", "", other.localname)
        return
    yield from differ(Aspect.NAMESPACE, path, one.namespace or "", other.namespace or "")
    yield from _attributes(recorded, simulated, path)
    yield from differ(Aspect.NIL, path, _nil(recorded), _nil(simulated))
    if not len(recorded) and not len(simulated):
        if not (_nil(recorded) or _nil(simulated)):
            yield from _shapes(path, _text(recorded), _text(simulated))
        return
    yield from _children(recorded, simulated, path)


def _children(recorded: etree._Element, simulated: etree._Element, path: str) -> Found:
    theirs, ours = _by_name(recorded), _by_name(simulated)
    for name in theirs:
        if name not in ours:
            yield Difference(Aspect.MISSING, f"{path}/{name}", name, "")
    for name in ours:
        if name not in theirs:
            yield Difference(Aspect.EXTRA, f"{path}/{name}", "", name)
    common, reordered = [name for name in theirs if name in ours], [name for name in ours if name in theirs]
    yield from differ(Aspect.ORDER, path, " ".join(common), " ".join(reordered))
    for name in common:
        for one, other in zip(theirs[name], ours[name], strict=False):
            yield from elements(one, other, path)


def _by_name(parent: etree._Element) -> dict[str, list[etree._Element]]:
    """The children by local name, in the order in which each name first stands."""
    found: dict[str, list[etree._Element]] = {}
    for each in parent.iterchildren("*"):
        found.setdefault(etree.QName(each).localname, []).append(each)
    return found


def _attributes(recorded: etree._Element, simulated: etree._Element, path: str) -> Found:
    names = [str(each) for each in dict.fromkeys([*recorded.attrib, *simulated.attrib]) if each != _NIL]
    for name in names:
        one, other = recorded.get(name), simulated.get(name)
        where = f"{path}/@{etree.QName(name).localname}"
        if one is None or other is None:
            yield Difference(Aspect.ATTRIBUTE, where, _there(one), _there(other))
        else:
            yield from _shapes(where, one, other)


def _there(value: str | None) -> str:
    return "" if value is None else "there"


def _nil(element: etree._Element) -> str:
    return "nil" if element.get(_NIL) in {"true", "1"} else ""


def _text(element: etree._Element) -> str:
    text = (element.text or "").strip()
    # A fault's code is the protocol's; its prefix is whatever the server chose.
    return text.rpartition(":")[2] if element.tag == "faultcode" else text


def _shapes(path: str, recorded: str, simulated: str) -> Found:
    if path.endswith("/faultcode"):
        yield from differ(Aspect.VALUE, path, recorded, simulated)
        return
    one, other = shape(recorded), shape(simulated)
    if one is not None and other is not None:
        yield from differ(Aspect.VALUE, path, one, other)


def values(recorded: Any, simulated: Any, path: str = "") -> Found:
    """Where two JSON values differ."""
    if isinstance(recorded, dict) and isinstance(simulated, dict):
        for name in dict.fromkeys([*recorded, *simulated]):
            if name not in simulated:
                yield Difference(Aspect.MISSING, f"{path}/{name}", name, "")
            elif name not in recorded:
                yield Difference(Aspect.EXTRA, f"{path}/{name}", "", name)
            else:
                yield from values(recorded[name], simulated[name], f"{path}/{name}")
    elif isinstance(recorded, list) and isinstance(simulated, list):
        for one, other in zip(recorded, simulated, strict=False):
            yield from values(one, other, path)
    else:
        yield from _scalars(recorded, simulated, path)


def _scalars(recorded: Any, simulated: Any, path: str) -> Found:
    kinds = [type(each).__name__ for each in (recorded, simulated)]
    yield from differ(Aspect.VALUE, path, *kinds)
    if isinstance(recorded, str) and isinstance(simulated, str):
        yield from _shapes(path, recorded, simulated)
