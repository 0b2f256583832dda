"""Single values: what is done with the content of an element, an attribute, a field or a header."""

from __future__ import annotations

import re

from govgateway_mocks.capture import nets
from govgateway_mocks.capture.invented import Invented, Kind
from govgateway_mocks.capture.names import Names
from govgateway_mocks.capture.recording import REMOVED
from govgateway_mocks.capture.shapes import is_plain

_REFERENCE = re.compile(r"[0-9a-fA-F-]*\d[0-9a-fA-F-]*")
_LIKE_A_WORD = re.compile(r"[a-z]{4}|[A-Z]{6}|[^\x00-\x7f]|\S\s+\S")


class Values:
    """Replaces values with what ``invented`` has for them; ``names`` tell what they are.

    ``persons`` false: nothing but credentials is replaced.
    """

    def __init__(self, names: Names, invented: Invented, *, persons: bool) -> None:
        self.names = names
        self.invented = invented
        self.persons = persons

    def named(self, value: str, name: str, parent: str = "") -> str:
        """``value`` of the element or field ``name`` within ``parent``."""
        kind = self.names.kind(name, parent)
        if kind is Kind.CREDENTIAL or (kind and self.persons):
            return self.invented.instead(kind, value)
        if not self.persons:
            return nets.credentials(value, self.invented)
        if self.names.is_figure(name) and is_plain(value.strip()):
            return self.invented.again(value)
        return self.harmless(value) if self.names.is_harmless(name) else self.unknown(value)

    def harmless(self, value: str) -> str:
        """``value`` of something that tells of nobody, unless somebody is written into its text."""
        if re.search(r"\s", value.strip()):
            return nets.in_text(value, self.invented)
        value = self._without_email(nets.known(value, self.invented))
        return nets.in_digits(nets.credentials(value, self.invented), self.invented)

    def unknown(self, value: str) -> str:
        """``value`` of something that nobody knows: no text is kept."""
        bare = value.strip()
        if not is_plain(bare) and not _REFERENCE.fullmatch(bare) and _LIKE_A_WORD.search(bare):
            caught = self._without_email(value)
            return caught if caught != value else self.invented.instead(Kind.TEXT, value)
        return nets.in_digits(nets.known(value, self.invented), self.invented)

    def running(self, text: str) -> str:
        """A text for people, such as a page."""
        return nets.in_text(text, self.invented) if self.persons else nets.credentials(text, self.invented)

    def cut(self, kind: Kind, value: str) -> str:
        """What stands for ``value``, which is not kept whatever it is."""
        return self.invented.instead(kind, value) if value.strip() else value

    def unreadable(self) -> bytes:
        """What stands for bytes that cannot be looked into."""
        self.invented.counts[Kind.UNREADABLE] += 1
        return REMOVED.encode()

    def _without_email(self, value: str) -> str:
        if value.startswith("cid:"):
            return value
        return nets.EMAIL.sub(lambda found: self.invented.instead(Kind.EMAIL, found[0]), value)
