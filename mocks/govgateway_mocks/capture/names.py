"""What the names of elements say about their content: of whom it tells, that it is harmless, or nothing known."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import govgateway_schemas
from govgateway_mocks.capture.invented import Kind

_FOLDER = Path(__file__).parent / "names"
_SCHEMAS = Path(govgateway_schemas.__file__).parent
_AGENCY = re.compile(r"[a-z][a-z0-9-]*")
_ELEMENT = re.compile(rb"<(?:\w+:)?(?:element|attribute)\s[^>]*?name=\"([^\"]+)\"")
_ATTRIBUTES = frozenset(
    {"id", "Id", "ID", "URI", "Algorithm", "Target", "Type", "nil", "type", "href", "mustUnderstand", "lang"}
)
_SECRET = re.compile(r"(?i)passw|pwd|secret|token|api[-_]?key|authori[sz]|cookie|session|signature|nonce|username|jwt")


@dataclass(frozen=True)
class Names:
    """The names that an agency uses. ``figures``: where a number is what the form asks for; ``harmless`` tell of
    nobody. ``registered`` are the tax codes that its simulator knows."""

    kinds: Mapping[str, Kind]
    figures: frozenset[str]
    harmless: frozenset[str]
    registered: Sequence[str]

    def kind(self, name: str, parent: str = "") -> Kind | None:
        """Of what kind the content of ``name`` within ``parent`` is, where it is not to be kept."""
        if _SECRET.search(name):
            return Kind.CREDENTIAL
        for known, kind in self.kinds.items():
            if fnmatchcase(name, known) or fnmatchcase(f"{parent}/{name}", known):
                return kind
        return None

    def is_harmless(self, name: str) -> bool:
        """Whether the content of ``name`` is known to tell of nobody."""
        return name in self.harmless or name in self.figures or name in _ATTRIBUTES

    def is_figure(self, name: str) -> bool:
        """Whether a number in ``name`` is an amount, a count, a code of the form: nobody's."""
        return name in self.figures


@cache
def names_of(agency: str) -> Names:
    """What is known of the names that ``agency`` uses: from its schemas, and from ``names/<agency>.toml``."""
    figures, services = _written(agency, "xsd"), _written(agency, "wsdl")
    path = _FOLDER / f"{agency}.toml"
    if not (_AGENCY.fullmatch(agency) and path.is_file()):
        return Names({}, figures, services, ())
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    kinds = {name: Kind(kind) for kind, several in data["kinds"].items() for name in several}
    return Names(kinds, figures, services | frozenset(data["harmless"]), data["registered"])


def _written(agency: str, suffix: str) -> frozenset[str]:
    """The names that the agency's schemas of that kind declare."""
    files = (_SCHEMAS / agency).rglob(f"*.{suffix}") if _AGENCY.fullmatch(agency) else ()
    return frozenset(each.decode() for path in files for each in _ELEMENT.findall(path.read_bytes()))
