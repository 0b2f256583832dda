"""Faults as data: read from a mapping or from keywords, told again, refused with what is possible."""

from __future__ import annotations

import math
from typing import Any

import pytest

from govgateway.errors import UsageError
from govgateway_mocks.faults import CONDITIONS, Fault, When
from govgateway_mocks.kinds import KINDS

WRITTEN = {"on": "nhanHSoXML", "do": "reset", "when": {"nth": [1, 3]}, "with": {"at": "answer", "bytes": 7}}


def test_a_fault_is_read_from_data() -> None:
    fault = Fault.of(WRITTEN)
    assert (fault.do, fault.on, fault.when) == ("reset", "nhanHSoXML", When(nth=(1, 3)))
    assert fault.parameters == {"at": "answer", "bytes": 7}


def test_a_fault_is_told_as_it_was_written() -> None:
    assert Fault.of(WRITTEN).told() == WRITTEN


def test_what_is_as_by_default_is_not_told() -> None:
    assert Fault.of({"do": "reset", "on": "*", "when": {"probability": 1, "after": 0}, "with": {}}).told() == {
        "do": "reset"
    }


def test_keywords_are_conditions_by_their_names_and_parameters_else() -> None:
    flat = Fault.flat("reset", on="nhanHSoXML", nth=[1, 3], at="answer", bytes=7)
    assert flat == Fault.of(WRITTEN)
    assert Fault.flat("reset", nth=2).when.nth == (2,)


def test_every_condition_is_read_and_told() -> None:
    when = {
        "nth": [2], "every": 3, "probability": 0.25, "seed": 4, "key": "K*", "times": 5, "after": 6.5, "until": 7.5,
    }  # fmt: skip
    assert set(when) == set(CONDITIONS)
    assert Fault.of({"do": "reset", "when": when}).told()["when"] == when


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({}, "do"),
        ({"do": ""}, "do"),
        ({"do": 5}, "do"),
        ({"do": "reset", "on": ""}, "on"),
        ({"do": "reset", "on": ["a"]}, "on"),
        ({"do": "reset", "wenn": {}}, "wenn"),
        ({"do": "reset", "when": []}, "when"),
        ({"do": "reset", "with": "answer"}, "with"),
        ({"do": "reset", "when": {"nht": 1}}, "nht"),
        ({"do": "reset", "when": {"nth": 0}}, "when.nth"),
        ({"do": "reset", "when": {"nth": []}}, "when.nth"),
        ({"do": "reset", "when": {"nth": [1, "2"]}}, "when.nth"),
        ({"do": "reset", "when": {"nth": True}}, "when.nth"),
        ({"do": "reset", "when": {"every": 0}}, "when.every"),
        ({"do": "reset", "when": {"every": 1.5}}, "when.every"),
        ({"do": "reset", "when": {"probability": 1.01}}, "when.probability"),
        ({"do": "reset", "when": {"probability": -0.1}}, "when.probability"),
        ({"do": "reset", "when": {"probability": math.nan}}, "when.probability"),
        ({"do": "reset", "when": {"seed": "x"}}, "when.seed"),
        ({"do": "reset", "when": {"key": ""}}, "when.key"),
        ({"do": "reset", "when": {"times": 0}}, "when.times"),
        ({"do": "reset", "when": {"after": -1}}, "when.after"),
        ({"do": "reset", "when": {"until": math.inf}}, "when.until"),
        ({"do": "reset", "when": {"until": 10**400}}, "when.until"),
    ],
)
def test_what_is_no_fault_is_refused_with_the_place(wrong: dict[str, Any], where: str) -> None:
    with pytest.raises(UsageError) as refused:
        Fault.of(wrong)
    assert refused.value.where == where
    assert refused.value.message.vi != refused.value.message.en
    assert "Có thể dùng" in refused.value.remedy.vi


def test_an_unknown_name_is_refused_with_those_that_are_possible() -> None:
    with pytest.raises(UsageError) as refused:
        Fault.of({"do": "reset", "when": {"nht": 1}})
    assert refused.value.remedy.en == "Possible: nth, every, probability, seed, key, times, after, until."
    assert refused.value.remedy.vi == "Có thể dùng: nth, every, probability, seed, key, times, after, until."


def test_a_fault_gets_every_parameter_of_its_kind() -> None:
    played = Fault.flat("close", bytes=9).played_as(KINDS["close"])
    assert played.parameters == {"at": "answer", "bytes": 9, "of": "answer", "length": "kept"}


def test_a_whole_number_will_do_where_seconds_may_have_a_fraction() -> None:
    pause = Fault.flat("trickle", pause=2).played_as(KINDS["trickle"]).parameters["pause"]
    assert (pause, type(pause)) == (2.0, float)


@pytest.mark.parametrize(
    ("fault", "where", "possible"),
    [
        (Fault.flat("reset", att="answer"), "att", "at, bytes, of"),
        (Fault.flat("half-open", bytes=1), "bytes", "–"),
        (Fault.flat("reset", at="anser"), "with.at", "accept, request, answer"),
        (Fault.flat("reset", at=5), "with.at", '"…"'),
        (Fault.flat("reset", bytes=-2), "with.bytes", "≥ -1"),
        (Fault.flat("reset", bytes=1.5), "with.bytes", "≥ -1"),
        (Fault.flat("reset", bytes=True), "with.bytes", "≥ -1"),
        (Fault.flat("trickle", bytes=0), "with.bytes", "≥ 1"),
        (Fault.flat("trickle", pause=-1), "with.pause", "≥ 0"),
        (Fault.flat("status", code=99), "with.code", "200 … 599"),
        (Fault.flat("redirect", code=200), "with.code", "300 … 399"),
        (Fault.flat("status", processed="yes"), "with.processed", "true, false"),
        (Fault.flat("tls-drop", how="rst"), "with.how", "close, reset, hang"),
    ],
)
def test_a_parameter_that_the_kind_does_not_take_is_refused(fault: Fault, where: str, possible: str) -> None:
    with pytest.raises(UsageError) as refused:
        fault.played_as(KINDS[fault.do])
    assert refused.value.where == where
    assert refused.value.remedy.en == f"Possible: {possible}."


def test_no_parameter_has_the_name_of_a_condition() -> None:
    assert not {name for kind in KINDS.values() for name in kind.parameters} & set(CONDITIONS)


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_says_what_it_means_and_takes_its_own_defaults(name: str) -> None:
    kind = KINDS[name]
    assert kind.name == name
    assert kind.meaning.vi
    assert kind.meaning.en
    assert kind.meaning.vi != kind.meaning.en
    assert Fault(name, parameters=kind.parameters).played_as(kind).parameters == kind.parameters
