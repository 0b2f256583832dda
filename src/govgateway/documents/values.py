"""What the values of a form may be: asked of its schema, so that no type is described a second time."""

from __future__ import annotations

from functools import lru_cache, partial
from pathlib import Path

from lxml import etree

_XS = "{http://www.w3.org/2001/XMLSchema}"
_PROBE = "value-of-"
_NO_CURRENCIES = ("vnd", "VN", "VNDD", "VN1")
_TRIED = 100_000


class ValueTypes:
    """The named simple types of the schema at ``schema`` and of those that it includes."""

    def __init__(self, schema: Path) -> None:
        self.namespace = str(etree.parse(schema).getroot().get("targetNamespace", ""))
        self._probes = {name: etree.Element(f"{{{self.namespace}}}{_PROBE}{name}") for name in _simple_types(schema)}
        self._schema = self._with_probes(schema)
        self._tried = lru_cache(_TRIED)(self._try)

    def _with_probes(self, schema: Path) -> etree.XMLSchema:
        """The schema with one element more for each of its types, so that a value can be tried alone."""
        probing = etree.Element(f"{_XS}schema", {"targetNamespace": self.namespace}, nsmap={"t": self.namespace})
        etree.SubElement(probing, f"{_XS}include", schemaLocation=schema.name)
        for name in self._probes:
            etree.SubElement(probing, f"{_XS}element", name=_PROBE + name, type=f"t:{name}")
        # Read anew with an address beside the schema: what it includes is looked for from there.
        beside = (schema.parent / "probing.xsd").resolve().as_uri()
        return etree.XMLSchema(etree.fromstring(etree.tostring(probing), base_url=beside))

    def _try(self, name: str, text: str) -> bool:
        probe = self._probes[name]
        probe.text = text
        return self._schema.validate(probe)

    def take(self, name: str, text: str) -> bool:
        """Whether ``text`` is a value of the type ``name``."""
        return self._tried(name, text)

    def is_free(self, name: str) -> bool:
        """Whether the type ``name`` takes any short text."""
        return self.take(name, "a") and self.take(name, "1.5")

    def is_mark(self, name: str) -> bool:
        """Whether the type ``name`` is a box that is marked or not."""
        return self.take(name, "true") and self.take(name, "false") and not self.take(name, "a")

    def is_currency(self, name: str) -> bool:
        """Whether the type ``name`` takes the codes of currencies and no other text."""
        return (
            self.take(name, "VND") and self.take(name, "USD") and not any(map(partial(self.take, name), _NO_CURRENCIES))
        )

    def is_number(self, name: str) -> bool:
        """Whether the type ``name`` takes numbers and nothing else (or nothing at all)."""
        return self.take(name, "1") and not self.take(name, "a") and not self.is_mark(name)

    def blank(self, name: str) -> str:
        """What an empty box of the type ``name`` means on paper: 0 or not marked where it must have a value."""
        if self.take(name, "") or self.is_free(name):
            return ""
        return next((each for each in ("false", "0") if self.take(name, each)), "")


def _simple_types(schema: Path) -> list[str]:
    root = etree.parse(schema).getroot()
    included = [
        name
        for each in root.iterfind(f"{_XS}include")
        for name in _simple_types((schema.parent / str(each.get("schemaLocation"))).resolve())
    ]
    return list(dict.fromkeys([*included, *(str(each.get("name")) for each in root.iterfind(f"{_XS}simpleType"))]))
