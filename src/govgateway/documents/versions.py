"""What two versions of a form have differently: their fields and their rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from lxml import etree

from govgateway.documents.findings import Severity
from govgateway.documents.outline import Field
from govgateway.documents.package import FormVersion
from govgateway.errors import Text

_SCH = "{http://purl.oclc.org/dsdl/schematron}"
_LEFT_OPEN = "…"
_YES, _NO = Text("có", "yes"), Text("không", "no")
_ASPECTS: Mapping[str, Text] = {
    "label": Text("nhãn", "label"),
    "expected": Text("giá trị", "value"),
    "choices": Text("các giá trị", "choices"),
    "column": Text("cột", "column"),
    "item": Text("mã số", "number"),
    "required": Text("bắt buộc", "required"),
    "repeated": Text("lặp lại", "repeated"),
    "computed": Text("tính ra", "computed"),
    "hidden": Text("không in", "not printed"),
    "open": Text("có thể có phần tử chưa từng thấy", "may hold what nobody has seen"),
}
"""What is compared of a field, and what it is called."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a form: its id, what breaking it means, and its message; what is filled in for each document reads …"""

    id: str
    severity: Severity
    message: Text
    test: str


class Step(StrEnum):
    """What happened from one version to the other."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Aspect:
    """One thing that changed: what it is called, what it was, what it is."""

    name: Text
    before: Text
    after: Text


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that differs: its path of names, its label in the version that has it, and each aspect that changed."""

    path: str
    label: Text
    step: Step
    aspects: tuple[Aspect, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A rule that differs; ``rule`` is the new one, or the old one where it was removed."""

    rule: Rule
    step: Step


def rules_of(version: FormVersion) -> Mapping[str, Rule]:
    """The rules of ``version`` by id, in order."""
    return {rule.id: rule for path in version.rule_files for rule in _rules_in(path, version.law)}


def field_changes(before: FormVersion, after: FormVersion) -> Iterator[FieldChange]:
    """The fields that differ: those of ``after`` in its order, then those that it no longer has."""
    old: Mapping[tuple[str, ...], Field] = before.outline.fields
    new: Mapping[tuple[str, ...], Field] = after.outline.fields
    for names, field in new.items():
        if names not in old:
            yield FieldChange("/".join(names), field.label, Step.ADDED)
            continue
        aspects = tuple(_aspects(old[names], field))
        if aspects:
            yield FieldChange("/".join(names), field.label, Step.CHANGED, aspects)
    gone = (names for names in old if names not in new)
    yield from (FieldChange("/".join(names), old[names].label, Step.REMOVED) for names in gone)


def rule_changes(before: FormVersion, after: FormVersion) -> Iterator[RuleChange]:
    """The rules that differ: by their condition, their severity or their message."""
    old, new = rules_of(before), rules_of(after)
    for name, rule in new.items():
        if name not in old:
            yield RuleChange(rule, Step.ADDED)
        elif rule != old[name]:
            yield RuleChange(rule, Step.CHANGED)
    yield from (RuleChange(rule, Step.REMOVED) for name, rule in old.items() if name not in new)


def _aspects(before: Field, after: Field) -> Iterator[Aspect]:
    for attribute, name in _ASPECTS.items():
        old, new = getattr(before, attribute), getattr(after, attribute)
        if old != new:
            yield Aspect(name, _told(old), _told(new))


def _told(value: object) -> Text:
    if isinstance(value, Text):
        return value
    if isinstance(value, bool):
        return _YES if value else _NO
    said = ", ".join(map(str, value)) if isinstance(value, Iterable) and not isinstance(value, str) else str(value)
    return Text(said, said)


def _rules_in(path: Path, law: frozenset[str]) -> Iterator[Rule]:
    schema = etree.parse(path).getroot()
    said = {str(each.get("id")): _message(each) for each in schema.iter(f"{_SCH}diagnostic")}
    for each in schema.iter(f"{_SCH}assert"):
        name = str(each.get("id"))
        inferred = each.get("role") == "warning" and name not in law
        severity = Severity.WARNING if inferred else Severity.ERROR
        yield Rule(name, severity, Text(said[f"{name}.vi"], said[f"{name}.en"]), str(each.get("test")))


def _message(diagnostic: etree._Element) -> str:
    text = (diagnostic.text or "") + "".join(_LEFT_OPEN + (each.tail or "") for each in diagnostic)
    return " ".join(text.split())
