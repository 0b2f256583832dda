"""What holds for every form: what is right is right in each version, a broken rule is told alone, figures follow."""

from __future__ import annotations

import pytest

from formsamples import Sample, assert_only, changed, computed, found, rule_ids, same, with_computed
from govgateway.documents.findings import Severity
from unit.forms import test_824, test_842, test_864, test_878, test_879, test_880, test_893, test_920, test_c89

SAMPLES: dict[str, Sample] = {
    "824": test_824.SAMPLE,
    "842": test_842.SAMPLE,
    "864": test_864.SAMPLE,
    "878": test_878.SAMPLE,
    "879": test_879.SAMPLE,
    "880": test_880.SAMPLE,
    "893": test_893.SAMPLE,
    "920": test_920.SAMPLE,
    **{f"c89 {name}": sample for name, sample in test_c89.SAMPLES.items()},
}
VERSIONS = [(name, number) for name, sample in SAMPLES.items() for number in sample.bodies]
OLDER = [(name, number) for name, number in VERSIONS if SAMPLES[name].told(number)]
BROKEN = [(name, rule) for name, sample in SAMPLES.items() for rule in sample.broken]


@pytest.mark.parametrize(("name", "number"), VERSIONS)
def test_a_right_declaration_and_its_supplement_have_no_findings(name: str, number: str) -> None:
    sample = SAMPLES[name]
    assert found(sample.version(number), sample.declaration(number)) == sample.told(number)
    assert found(sample.version(number), sample.supplement(number)) == sample.told(number)


@pytest.mark.parametrize(("name", "rule"), BROKEN)
def test_a_broken_rule_alone_is_found(name: str, rule: str) -> None:
    sample = SAMPLES[name]
    broken = changed(sample.declaration(), *sample.broken[rule])
    assert_only(sample.form, broken, rule, sample.severity(rule))


@pytest.mark.parametrize("name", SAMPLES)
def test_every_rule_is_broken_by_a_test(name: str) -> None:
    form = SAMPLES[name].form
    of_form = [sample for sample in SAMPLES.values() if sample.form == form]
    assert sorted(rule_ids(form)) == sorted(rule for each in of_form for rule in (*each.broken, *each.elsewhere))


@pytest.mark.parametrize(("name", "number"), OLDER)
def test_an_older_version_says_that_its_body_is_not_known(name: str, number: str) -> None:
    sample = SAMPLES[name]
    assert_only(sample.version(number), sample.declaration(number), sample.unknown, Severity.WARNING)
    assert f"Phiên bản {number} " in sample.version(number).check(sample.declaration(number))[0].message.vi


@pytest.mark.parametrize("value", ["", "7"])
@pytest.mark.parametrize(("name", "number"), VERSIONS)
def test_what_follows_is_computed_whatever_stood_there(name: str, number: str, value: str) -> None:
    form, right = SAMPLES[name].version(number), SAMPLES[name].supplement(number)
    assert same(computed(form, with_computed(form, right, value)), right)
