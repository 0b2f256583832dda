"""References that an agency gave: what one of them is called by the simulator, which gave its own."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from lxml import etree

from govgateway.documents.xml import read_xml
from govgateway.errors import UnreadableDocument
from govgateway_mocks.capture.questions import json_leaves, leaves, single_bodies
from govgateway_mocks.capture.recording import REMOVED, Answer, header
from govgateway_mocks.capture.shapes import time_of

_REFERENCE = re.compile(r"(?=[^\s]*\d)[^\s;]{6,}")
_SHORT_NUMBER = re.compile(r"[+-]?\d{1,8}|[+-]?\d*[.,]\d+")


class Bindings:
    """What to put in later requests in the place of what the recorded answers gave."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._offered: dict[str, list[str]] = {}

    def learn(self, recorded: Answer, simulated: Answer) -> None:
        """Two answers to the same request. Where they give one reference each, those are the same thing; where they
        give lists, which is which is only seen when one is asked for."""
        ours = _references(simulated)
        for path, theirs in _references(recorded).items():
            mine = ours.get(path, [])
            if len(theirs) == len(mine):
                for one, other in zip(theirs, mine, strict=True):
                    self._pair(one, other)

    def _pair(self, theirs: list[str], mine: list[str]) -> None:
        if len(theirs) == len(mine) == 1:
            self._known.setdefault(theirs[0], mine[0])
        else:
            self._offered.update({each: mine for each in theirs if each not in self._known})

    def bound(self, value: str) -> str:
        """What the simulator calls ``value``; ``value`` itself where nothing else is known."""
        bare = value.strip()
        return value.replace(bare, self._known[bare]) if bare in self._known else value

    def in_path(self, target: str) -> str:
        """A path with its query, every reference in it bound."""
        for theirs, mine in self._known.items():
            target = re.sub(rf"(?<![\w-]){re.escape(theirs)}(?![\w-])", mine.replace("\\", r"\\"), target)
        return target

    def choices(self, value: str) -> list[str]:
        """What the simulator may call ``value``, which stood in a list; nothing when it is known, or stood in none."""
        bare = value.strip()
        if bare in self._known or bare not in self._offered:
            return []
        taken = set(self._known.values())
        return [each for each in self._offered[bare] if each not in taken] or self._offered[bare]

    def choose(self, value: str, mine: str) -> None:
        """``value`` is what the simulator calls ``mine``."""
        self._known[value.strip()] = mine


def _references(answer: Answer) -> dict[str, list[list[str]]]:
    """For each path the references at it, of every element there is: one, or the several of a list."""
    found: dict[str, list[list[str]]] = defaultdict(list)
    for body in single_bodies(header(answer.headers, "content-type"), answer.body):
        for path, value in _leaves(body):
            several = [each for each in value.split(";") if each]
            if several and all(_is_reference(each) for each in several):
                found[path].append(several)
    return found


def _leaves(body: bytes) -> Iterator[tuple[str, str]]:
    try:
        root = read_xml(body).root
    except UnreadableDocument:
        yield from json_leaves(body)
        return
    yield from ((path, value) for path, value in leaves(root) if "/Signature/" not in path)


def _is_reference(value: str) -> bool:
    if value == REMOVED or time_of(value) or _SHORT_NUMBER.fullmatch(value):
        return False
    return bool(_REFERENCE.fullmatch(value))


def changed(root: etree._Element, bindings: Bindings) -> None:
    """Bind every reference that is the whole text of an element below ``root``."""
    for each in root.iter("*"):
        if not len(each) and each.text:
            each.text = bindings.bound(each.text)
