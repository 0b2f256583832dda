"""What two versions of a form have differently."""

from __future__ import annotations

from formsamples import form
from govgateway.documents.findings import Severity
from govgateway.documents.versions import Step, field_changes, rule_changes, rules_of
from govgateway.errors import Text


def _names(before: str, after: str, step: Step, code: str = "864") -> list[str]:
    changes = field_changes(form(code, before), form(code, after))
    return [each.path.rpartition("/")[2] for each in changes if each.step is step]


def test_a_version_does_not_differ_from_itself() -> None:
    one = form("864", "2.9.3")
    assert list(field_changes(one, one)) == []
    assert list(rule_changes(one, one)) == []


def test_a_field_that_came_and_one_that_went_are_told() -> None:
    assert _names("2.8.3", "2.9.3", Step.ADDED) == ["ct25_1"]
    assert _names("2.9.3", "2.8.3", Step.REMOVED) == ["ct25_1"]
    assert _names("2.8.3", "2.9.3", Step.REMOVED) == []


def test_a_ward_in_the_place_of_a_district() -> None:
    assert set(_names("2.7.2", "2.8.3", Step.ADDED, "824")) == {"ma_xa", "ten_xa"}
    assert set(_names("2.7.2", "2.8.3", Step.REMOVED, "824")) == {"ct3_ma", "ct3_ten"}


def test_every_aspect_has_its_name_and_both_values() -> None:
    changes = field_changes(form("842", "2.8.3"), form("864", "2.9.3"))
    changed = {each.path.rpartition("/")[2]: each for each in changes if each.step is Step.CHANGED}
    aspects = {each.name.en: (each.before, each.after) for each in changed["ct21"].aspects}
    assert aspects["computed"] == (Text("không", "no"), Text("có", "yes"))
    assert aspects["choices"] == (Text("true, false, 1, 0", "true, false, 1, 0"), Text("", ""))
    assert aspects["label"][1].vi.startswith("3. Tổng thu nhập chịu thuế")
    assert "item" not in aspects


def test_rules_are_read_with_severity_and_messages_in_both_languages() -> None:
    rules = rules_of(form("878", "2.5.1"))
    assert rules["ETAX-878-R01"].severity is Severity.ERROR
    assert rules["ETAX-878-R02"].severity is Severity.WARNING
    message = rules["ETAX-878-R01"].message
    assert "…" in message.vi
    assert message.vi != message.en
    assert "ETAX-H01" in rules


def test_rules_that_came_went_or_changed_are_told() -> None:
    changes = {each.rule.id: each.step for each in rule_changes(form("878", "2.5.1"), form("893", "2.6.9"))}
    assert changes["ETAX-878-R01"] is Step.REMOVED
    assert changes["ETAX-893-R01"] is Step.ADDED
    assert "ETAX-H01" not in changes
