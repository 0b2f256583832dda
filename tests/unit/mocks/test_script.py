"""The script: which armed fault strikes which call, counted by request, the same under the same seed."""

from __future__ import annotations

import random
import threading
from datetime import timedelta
from fnmatch import fnmatchcase
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govgateway.errors import Text, UsageError
from govgateway_mocks.armed import CONNECTION, matches, meet
from govgateway_mocks.faults import Fault, FaultKind
from govgateway_mocks.script import REMEMBERED, Script
from simulated import Clock

FOG = FaultKind("fog", "agency", Text("Sương mù.", "Fog."), {"metres": 50})
HAIL = FaultKind("hail", "agency", Text("Mưa đá.", "Hail."))
RAIN = FaultKind("rain", "agency", Text("Mưa.", "Rain."), means=("b", "c*"))


def script(clock: Clock | None = None) -> Script:
    return Script({"fog": FOG, "hail": HAIL, "rain": RAIN}, clock or Clock())


def strikes(played: Script, calls: str, key: str = "") -> str:
    """One sign a call: the first letter of the fault that struck it, or a dot."""
    return "".join(fault.do[0] if (fault := played.strike("agency", call, key)) else "." for call in calls)


def test_a_fault_without_conditions_strikes_every_call() -> None:
    played = script()
    played.arm(Fault("fog"))
    assert strikes(played, "abc") == "fff"


def test_nothing_strikes_where_nothing_is_armed() -> None:
    assert strikes(script(), "abc") == "..."


def test_what_strikes_has_every_parameter_and_what_is_armed_those_given() -> None:
    played = script()
    identifier = played.arm(Fault("fog"))
    struck = played.strike("agency", "a")
    assert struck is not None
    assert struck.parameters == {"metres": 50}
    assert played.armed() == {identifier: Fault("fog")}


@pytest.mark.parametrize(
    ("on", "expected"),
    [("a", "f.."), ("*", "fff"), ("?", "fff"), ("b*", ".f."), ("[ab]", "..."), ("", "...")],
)
def test_only_the_calls_that_on_names_are_struck(on: str, expected: str) -> None:
    played = script()
    played.arm(Fault("fog", on))
    assert strikes(played, "abc") == expected


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"nth": 2}, ".f......"),
        ({"nth": [1, 4]}, "f..f...."),
        ({"every": 3}, "..f..f.."),
        ({"every": 2, "times": 2}, ".f.f...."),
        ({"nth": [2, 4, 5], "every": 2}, ".f.f...."),
        ({"times": 3}, "fff....."),
        ({"probability": 0.0}, "........"),
    ],
)
def test_conditions_choose_among_the_calls(conditions: dict[str, Any], expected: str) -> None:
    played = script()
    played.arm(Fault.flat("fog", **conditions))
    assert strikes(played, "aaaaaaaa") == expected


def test_only_watched_calls_are_counted() -> None:
    played = script()
    played.arm(Fault.flat("fog", on="a", nth=2))
    assert strikes(played, "abba") == "...f"
    assert played.strike("http", "a") is None


def test_calls_at_which_a_kind_cannot_be_played_are_not_counted() -> None:
    played = script()
    played.arm(Fault.flat("rain", nth=2))
    played.arm(Fault("fog"))
    assert strikes(played, "abacb") == "fffrf"


def test_a_key_is_counted_on_its_own() -> None:
    played = script()
    played.arm(Fault.flat("fog", key="K*", nth=1))
    calls = ("K1", "K2", "K1", "", "L1", "K2", "K3")
    assert "".join(strikes(played, "a", key) for key in calls) == "ff....f"


def test_the_same_seed_gives_the_same_strikes_and_another_one_others() -> None:
    def struck(seed: int) -> str:
        played = script()
        played.arm(Fault.flat("fog", probability=0.3, seed=seed))
        return strikes(played, "a" * 200)

    assert struck(1) == struck(1)
    assert struck(1) != struck(2)
    assert 30 < struck(1).count("f") < 90


def test_time_is_that_of_the_simulators_clock_since_it_was_armed() -> None:
    clock = Clock()
    played = script(clock)
    clock.advance(timedelta(days=1))
    played.arm(Fault.flat("fog", after=10, until=20))
    seen = ""
    for _ in range(5):
        seen += strikes(played, "a")
        clock.advance(timedelta(seconds=5))
    assert seen == "..ff."


def test_calls_outside_of_its_time_are_not_counted() -> None:
    clock = Clock()
    played = script(clock)
    played.arm(Fault.flat("fog", after=10, nth=1))
    assert strikes(played, "aa") == ".."
    clock.advance(timedelta(seconds=10))
    assert strikes(played, "aa") == "f."


def test_the_first_one_armed_strikes_and_the_others_count_the_call() -> None:
    played = script()
    played.arm(Fault.flat("fog", nth=1))
    played.arm(Fault.flat("hail", nth=[1, 2]))
    assert strikes(played, "aaa") == "fh."


def test_a_fault_that_did_not_get_its_turn_keeps_its_times() -> None:
    played = script()
    played.arm(Fault.flat("fog", nth=[1, 2]))
    played.arm(Fault.flat("hail", times=1))
    assert strikes(played, "aaaa") == "ffh."


def test_what_was_played_is_told_in_order() -> None:
    played = script()
    fog, hail = played.arm(Fault.flat("fog", on="a")), played.arm(Fault.flat("hail", nth=2))
    strikes(played, "abab")
    assert played.struck() == [(fog, "a"), (hail, "b"), (fog, "a")]


def test_what_was_played_is_not_kept_for_ever() -> None:
    played = script()
    played.arm(Fault("fog"))
    strikes(played, "a" * (REMEMBERED + 1))
    assert len(played.struck()) == REMEMBERED


def test_a_disarmed_fault_strikes_no_more_and_its_id_is_not_given_again() -> None:
    played = script()
    first = played.arm(Fault("fog"))
    played.disarm(first)
    assert strikes(played, "a") == "."
    assert played.arm(Fault("fog")) != first


def test_an_unknown_id_is_refused_with_those_that_are_armed() -> None:
    played = script()
    played.arm(Fault("fog"))
    identifier = played.arm(Fault("hail"))
    with pytest.raises(UsageError) as refused:
        played.disarm("77")
    assert "77" in refused.value.message.vi
    assert identifier in refused.value.remedy.en


def test_clearing_disarms_all_and_forgets_what_was_played() -> None:
    played = script()
    played.arm(Fault("fog"))
    strikes(played, "a")
    played.clear()
    assert (played.armed(), played.struck(), strikes(played, "a")) == ({}, [], ".")


def test_faults_are_played_for_the_time_of_a_block_even_if_it_fails() -> None:
    played = script()
    with pytest.raises(ZeroDivisionError), played.playing(Fault.flat("fog", nth=1), Fault("hail")):
        assert strikes(played, "aa") == "fh" * (1 // 0)
    assert not played.armed()
    assert len(played.struck()) == 2


def test_a_block_arms_all_of_its_faults_or_none() -> None:
    played = script()
    with pytest.raises(UsageError), played.playing(Fault("fog"), Fault("snow")):
        pass
    assert not played.armed()


def test_a_fault_disarmed_within_its_block_is_no_error() -> None:
    played = script()
    with played.playing(Fault("fog")):
        played.clear()
        assert strikes(played, "a") == "."
    assert played.armed() == {}


def test_a_block_gets_the_calls_that_its_faults_strike() -> None:
    played = script()
    with played.playing(Fault.flat("fog", nth=2), Fault("rain")) as (fog, rain):
        assert strikes(played, "abbac") == ".fr.r"
        assert (fog, rain) == (["b"], ["b", "c"])


@pytest.mark.parametrize("on", ["a", "a*", "d?"])
def test_a_fault_at_calls_where_its_kind_is_never_played_is_refused(on: str) -> None:
    played = script()
    with pytest.raises(UsageError) as refused:
        played.arm(Fault("rain", on))
    assert (refused.value.where, refused.value.remedy.en) == ("on", "Possible: b, c*.")
    assert played.armed() == {}


def test_a_fault_at_a_call_that_the_agency_does_not_have_is_refused() -> None:
    played = Script({"fog": FOG}, Clock(), calls=("file", "/notices/*"))
    for on in ("*", "f*", "file", "/notices/1.xml", "/not*"):
        played.arm(Fault("fog", on))
    for on in ("flie", "files", "x*", "", "/desk"):
        with pytest.raises(UsageError, match="'on'"):
            played.arm(Fault("fog", on))


@given(st.text("ab*?", max_size=5), st.text("ab*?", max_size=5))
def test_two_patterns_meet_where_a_text_is_named_by_both(one: str, other: str) -> None:
    texts = ("".join(each) for size in range(7) for each in product("ab", repeat=size))
    assert meet(one, other) == any(matches(one, each) and matches(other, each) for each in texts)


def test_whoever_holds_a_fault_is_told_when_it_is_disarmed() -> None:
    played = script()
    identifier = played.arm(Fault("fog"))
    struck = played.strike("agency", "a")
    assert struck is not None
    assert played.holds(struck)
    played.disarm(identifier)
    assert not played.holds(struck)


def test_watchers_are_told_of_every_change_and_may_look() -> None:
    played, seen = script(), list[int]()
    played.watchers.append(lambda: seen.append(len(played.armed())))
    identifier = played.arm(Fault("fog"))
    played.arm(Fault("hail"))
    played.disarm(identifier)
    played.clear()
    assert seen == [1, 2, 1, 0]


def test_an_unknown_fault_is_refused_with_those_that_can_be_played() -> None:
    with pytest.raises(UsageError) as refused:
        script().arm(Fault("snow"))
    assert refused.value.where == "do"
    assert {"fog", "hail", "reset", "status"} <= set(
        refused.value.remedy.en.strip(".").removeprefix("Possible: ").split(", ")
    )


@pytest.mark.parametrize(
    ("fault", "where"),
    [
        (Fault.flat("refused", on="a"), "on"),
        (Fault.flat("refused", nth=1), "when.nth"),
        (Fault.flat("refused", probability=0.5), "when.probability"),
        (Fault.flat("half-open", on="a"), "on"),
        (Fault.flat("reset", on="a", at="accept"), "on"),
        (Fault.flat("reset", key="K1", at="accept"), "when.key"),
        (Fault.flat("tls-drop", key="K1"), "when.key"),
    ],
)
def test_what_could_never_be_counted_is_refused(fault: Fault, where: str) -> None:
    with pytest.raises(UsageError) as refused:
        script().arm(fault)
    assert refused.value.where == where


def test_a_fault_of_tls_is_refused_without_tls() -> None:
    played = script()
    played.tls = False
    with pytest.raises(UsageError) as refused:
        played.arm(Fault("tls-drop"))
    assert "--tls" in refused.value.remedy.vi


def test_what_strikes_before_there_is_a_request_is_counted_by_connection() -> None:
    played = script()
    played.arm(Fault.flat("reset", at="accept", nth=2))
    assert played.strike("wire", "a") is None
    found = [played.strike(CONNECTION, CONNECTION) for _ in range(3)]
    assert [each is not None for each in found] == [False, True, False]


def test_a_state_lasts_by_the_clock_and_is_never_struck() -> None:
    clock = Clock()
    played = script(clock)
    played.arm(Fault.flat("refused", after=1, until=3))
    lasting = []
    for _ in range(4):
        lasting.append(played.lasting("refused"))
        clock.advance(timedelta(seconds=1))
    assert lasting == [False, True, True, False]
    assert not played.strike("wire", "a")
    assert not played.struck()


def test_a_rate_lets_so_many_pass_in_so_many_minutes() -> None:
    clock = Clock()
    played = script(clock)
    played.arm(Fault.flat("tls-drop", calls=2, minutes=1))
    dropped = ""
    for _ in range(6):
        dropped += "x" if played.strike(CONNECTION, CONNECTION) else "."
        clock.advance(timedelta(seconds=20))
    assert dropped == "..x..x"


def test_counting_is_safe_for_many_threads() -> None:
    played = script()
    played.arm(Fault.flat("fog", every=7))
    threads = [threading.Thread(target=strikes, args=(played, "a" * 70)) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(played.struck()) == 8 * 70 // 7


CALLS = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["", "K1", "K2"])), max_size=30)
FAULTS = st.builds(
    lambda on, when: Fault.flat("fog", on=on, **when),
    st.sampled_from(["*", "a", "b", "c"]),
    st.fixed_dictionaries(
        {},
        optional={
            "nth": st.lists(st.integers(1, 9), min_size=1, max_size=3),
            "every": st.integers(1, 4),
            "probability": st.sampled_from([0.0, 0.5, 1.0]),
            "seed": st.integers(0, 3),
            "key": st.sampled_from(["K*", "K1"]),
            "times": st.integers(1, 3),
        },
    ),
)


def _expected(fault: Fault, calls: list[tuple[str, str]]) -> list[bool]:
    """What one fault alone strikes, told anew: from the numbers of the watched calls, key by key."""
    when, drawn, told = fault.when, random.Random(fault.when.seed), list[bool]()
    for number, (call, key) in enumerate(calls):
        watched = fnmatchcase(call, fault.on) and (not when.key or (key != "" and fnmatchcase(key, when.key)))
        group = [
            other
            for other, (earlier, of) in enumerate(calls[: number + 1])
            if fnmatchcase(earlier, fault.on) and (not when.key or of == key)
        ]
        lucky = watched and drawn.random() < when.probability
        wanted = (not when.nth or len(group) in when.nth) and (not when.every or len(group) % when.every == 0)
        used = sum(told[other] for other in group if other < number)
        told.append(lucky and wanted and (not when.times or used < when.times))
    return told


@given(FAULTS, CALLS)
def test_a_fault_strikes_what_the_simple_model_says(fault: Fault, calls: list[tuple[str, str]]) -> None:
    played = script()
    played.arm(fault)
    assert [played.strike("agency", *each) is not None for each in calls] == _expected(fault, calls)


@given(st.lists(FAULTS, max_size=4), CALLS)
def test_of_several_the_same_script_strikes_the_same_calls(faults: list[Fault], calls: list[tuple[str, str]]) -> None:
    def run() -> list[tuple[str, str]]:
        played = script()
        for each in faults:
            played.arm(each)
        for call, key in calls:
            played.strike("agency", call, key)
        return played.struck()

    assert run() == run()


@given(FAULTS)
def test_what_is_told_reads_back_as_the_same_fault(fault: Fault) -> None:
    assert Fault.of(fault.told()) == fault
