"""In which fields two documents of one form differ."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import cast

from lxml import etree

from govgateway.documents.outline import Outline
from govgateway.documents.places import Places, names_of
from govgateway.errors import Text


@dataclass(frozen=True, slots=True)
class Difference:
    """One field: its path and label, its text before and after; None where it is absent."""

    path: str
    label: Text
    before: str | None
    after: str | None


def differences(
    before: etree._Element, after: etree._Element, outline: Outline | None, leave_out: Collection[str] = ()
) -> tuple[Difference, ...]:
    """The fields of ``before`` and ``after`` (the signed nodes) that differ, in the order of ``after``, then those that
    only ``before`` has. ``leave_out`` names elements that do not count, such as the signing day."""
    old, new = _leaves(before, leave_out), _leaves(after, leave_out)
    changed = [
        path for path in (*new, *(each for each in old if each not in new)) if _text(old, path) != _text(new, path)
    ]
    return tuple(
        Difference(path, _label((new.get(path, old.get(path))), path, outline), _text(old, path), _text(new, path))
        for path in changed
    )


def _leaves(node: etree._Element, leave_out: Collection[str]) -> dict[str, etree._Element]:
    places = Places(node)
    leaves = (each for each in node.iter(etree.Element) if each.find("*") is None)
    return {places.path(each): each for each in leaves if etree.QName(each).localname not in leave_out}


def _text(leaves: dict[str, etree._Element], path: str) -> str | None:
    return cast(str, leaves[path].xpath("string()")).strip() if path in leaves else None


def _label(element: etree._Element | None, path: str, outline: Outline | None) -> Text:
    name = path.rpartition("/")[2]
    return outline.label(names_of(element)) if outline and element is not None else Text(name, name)
