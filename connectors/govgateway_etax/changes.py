"""Which figures of a return were corrected, and what that does to the obligation."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from lxml import etree

from govgateway.connector import Difference, FormVersion, XmlDocument, differences
from govgateway_etax.catalogue import FOLDER
from govgateway_etax.declaration import NAMESPACE

ITEMS = ("HSoThueDTu", "HSoKhaiThue", "CTieuTKhaiChinh")
EFFECTS = ("payable", "deductible", "refund")
_NUMBER = re.compile(r"[(\[]\w+[)\]]")


@dataclass(frozen=True, slots=True)
class Change:
    """One figure before and after. ``item`` is its number on the form, "(7)" or "[40]", ``line`` what its line is
    called, empty for a figure that stands alone; ``currency`` and ``sub_item`` are empty where the form names none.

    ``effect`` is payable, deductible or refund for a figure that is the obligation itself; empty for any other.
    """

    label: str
    item: str
    line: str
    currency: str
    sub_item: str
    before: Decimal
    after: Decimal
    effect: str

    @property
    def difference(self) -> Decimal:
        """What came to it (+) or went (−)."""
        return self.after - self.before


@cache
def obligations_by_form() -> Mapping[str, Mapping[str, Any]]:
    """What the obligation is, form by form, from supplements.toml."""
    return tomllib.loads((FOLDER / "supplements.toml").read_text(encoding="utf-8"))


def obligation_of(package: FormVersion) -> Mapping[str, Any] | None:
    """The entry of ``package``; None where none is known."""
    return obligations_by_form().get(package.folder.parent.relative_to(FOLDER).as_posix())


def totals(found: Iterable[Change], effect: str) -> Mapping[str, Decimal]:
    """What comes to the obligation (+) or goes (−) by currency; ``effect`` is payable, deductible or refund."""
    sums: dict[str, Decimal] = {}
    for each in found:
        if each.effect == effect:
            sums[each.currency] = sums.get(each.currency, Decimal(0)) + each.difference
    return sums


def changes(before: XmlDocument, after: XmlDocument, package: FormVersion) -> tuple[Change, ...]:
    """The figures of ``after`` that are not those of ``before``, two returns of one form, in the form's order.

    Lines are compared by what they are called, wherever they stand; a line that only one of the two has is compared
    with nothing. Sums that stand under lines, one for each currency, follow from them and are left out.
    """
    old, new = deepcopy(before.root), deepcopy(after.root)
    form = _Form(package)
    form.align(old, new)
    found = differences(_below(old, ITEMS[1:]), _below(new, ITEMS[1:]), package.outline)
    told = (form.change(each, old, new) for each in found)
    return tuple(each for each in told if each is not None and each.difference)


class _Form:
    """What the schema of a form tells about its lines and figures."""

    def __init__(self, package: FormVersion) -> None:
        self._fields = package.outline.fields
        self._values = package.values
        self._printed: dict[tuple[str, ...], list[str]] = {}
        for names, field in self._fields.items():
            if not field.hidden:
                self._printed.setdefault(names[:-1], []).append(names[-1])
        obligation = obligation_of(package) or {}
        self._sub_item = str(obligation.get("sub_item", ""))
        self._effects = {
            (*ITEMS, *path.split("/")): effect for effect in EFFECTS for path in obligation.get(effect, ())
        }

    def align(self, old: etree._Element, new: etree._Element) -> None:
        """Put the lines of both into one order, with an empty line for each that one of them lacks."""
        for names, field in self._fields.items():
            if field.repeated and not field.computed and names[: len(ITEMS)] == ITEMS:
                self._align_lines(_find(old, names[1:-1]), _find(new, names[1:-1]), names)

    def _align_lines(self, old: etree._Element | None, new: etree._Element | None, names: tuple[str, ...]) -> None:
        tag = f"{{{NAMESPACE}}}{names[-1]}"
        if old is None or new is None:
            return
        known: dict[tuple[str, ...], list[etree._Element]] = {}
        for line in list(old.iterchildren(tag)):
            known.setdefault(self._identity(line, names), []).append(line)
        pairs = [(_taken(known.get(self._identity(line, names))), line) for line in list(new.iterchildren(tag))]
        gone = [line for lines in known.values() for line in lines]
        for before, after in [*pairs, *((line, None) for line in gone)]:
            old.append(etree.Element(tag) if before is None else before)
            new.append(etree.Element(tag) if after is None else after)

    def _identity(self, line: etree._Element, names: tuple[str, ...]) -> tuple[str, ...]:
        """What a line is called: everything in it that is no figure."""
        return tuple(text for name, text in self._texts(line) if not self._is_figure((*names, name)))

    def _texts(self, line: etree._Element) -> Iterator[tuple[str, str]]:
        return ((etree.QName(each).localname, (each.text or "").strip()) for each in line.iterchildren(etree.Element))

    def _is_figure(self, names: tuple[str, ...]) -> bool:
        field = self._fields.get(names)
        return field is not None and bool(field.type) and self._values.is_number(field.type)

    def change(self, difference: Difference, old: etree._Element, new: etree._Element) -> Change | None:
        """``difference`` as a figure of the form; None when it is none, or follows from lines."""
        steps = difference.path.split("/")
        names = tuple(step.partition("[")[0] for step in steps)
        field, around = self._fields.get(names), self._fields.get(names[:-1])
        if field is None or around is None or not self._is_figure(names) or (around.repeated and around.computed):
            return None
        beside = dict(self._texts(_line(new, steps))) or dict(self._texts(_line(old, steps)))
        number = _NUMBER.search(field.column or field.item)
        return Change(
            label=field.label.vi,
            item=number[0] if number else "",
            line=self._name(beside, names) if around.repeated else "",
            currency=beside.get("ma_DonViTien", ""),
            sub_item=beside.get(self._sub_item, ""),
            before=Decimal(difference.before or 0),
            after=Decimal(difference.after or 0),
            effect=self._effects.get(names, ""),
        )

    def _name(self, texts: Mapping[str, str], names: tuple[str, ...]) -> str:
        """The first thing that the form prints of a line."""
        return next((texts[each] for each in self._printed[names[:-1]] if each in texts), "")


def _taken(lines: list[etree._Element] | None) -> etree._Element | None:
    return lines.pop(0) if lines else None


def _line(root: etree._Element, steps: list[str]) -> etree._Element:
    return _below(root, tuple(steps[1:-1]))


def _below(root: etree._Element, steps: tuple[str, ...]) -> etree._Element:
    found = _find(root, steps)
    return found if found is not None else etree.Element("nothing")


def _find(root: etree._Element, steps: tuple[str, ...]) -> etree._Element | None:
    return root.find("/".join(f"{{{NAMESPACE}}}{step}" for step in steps))
