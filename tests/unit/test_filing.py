"""The table of transitions: what may follow what, and what is final."""

from __future__ import annotations

from itertools import product

import pytest

from govgateway import Environment, Status, TransitionRefused
from govgateway.filing import FINAL, KEY_RELEASED, TRANSITIONS, BusinessKey, ensure_transition

ALLOWED = {
    "DRAFT": "VALIDATED CANCELLED",
    "VALIDATED": "DRAFT AWAITING_SIGNATURES READY CANCELLED",
    "AWAITING_SIGNATURES": "DRAFT READY CANCELLED",
    "READY": "SUBMITTING HANDED_OVER NEEDS_ATTENTION CANCELLED",
    "SUBMITTING": "READY SUBMITTED IN_DOUBT NEEDS_ATTENTION",
    "SUBMITTED": "RECEIVED ACCEPTED REJECTED NEEDS_ATTENTION",
    "RECEIVED": "ACCEPTED REJECTED NEEDS_ATTENTION",
    "IN_DOUBT": "READY SUBMITTED RECEIVED ACCEPTED REJECTED NEEDS_ATTENTION",
    "HANDED_OVER": "RECEIVED ACCEPTED REJECTED NEEDS_ATTENTION CANCELLED",
    "NEEDS_ATTENTION": "READY SUBMITTED RECEIVED ACCEPTED REJECTED CANCELLED",
    "ACCEPTED": "",
    "REJECTED": "",
    "CANCELLED": "",
}
"""docs/architecture.md, "Statuses", written out once more."""


@pytest.mark.parametrize(("current", "target"), list(product(Status, Status)))
def test_every_pair_is_allowed_or_refused_as_the_table_of_the_pages_says(current: Status, target: Status) -> None:
    if target in ALLOWED[current].split():
        ensure_transition(current, target)
        return
    with pytest.raises(TransitionRefused) as refused:
        ensure_transition(current, target)
    assert current in refused.value.message.vi
    assert target in refused.value.message.en


def test_every_status_stands_in_the_table() -> None:
    assert set(TRANSITIONS) == set(Status) == {Status(name) for name in ALLOWED}


def test_what_was_judged_or_given_up_is_final() -> None:
    assert {Status.ACCEPTED, Status.REJECTED, Status.CANCELLED} == FINAL


def test_only_a_refusal_and_giving_up_release_the_obligation() -> None:
    assert {Status.REJECTED, Status.CANCELLED} == KEY_RELEASED


@pytest.mark.parametrize("sent", [Status.SUBMITTED, Status.RECEIVED, Status.ACCEPTED, Status.REJECTED])
def test_what_the_agency_has_is_never_ready_to_be_sent_again(sent: Status) -> None:
    reached, new = {sent}, {sent}
    while new:
        new = {after for each in new for after in TRANSITIONS[each] if each is not Status.NEEDS_ATTENTION} - reached
        reached |= new
    assert Status.READY not in reached
    assert Status.SUBMITTING not in reached


def test_keys_differ_by_every_part() -> None:
    parts = ("etax", Environment.SIMULATOR, "9900000016", "879", "M 10/2026", "C", 0)
    other = ("other", Environment.PRODUCTION, "9900000023", "880", "M 11/2026", "B", 1)
    keys = {str(BusinessKey(*parts))}  # type: ignore[arg-type]
    for place in range(len(parts)):
        changed = (*parts[:place], other[place], *parts[place + 1 :])
        keys.add(str(BusinessKey(*changed)))  # type: ignore[arg-type]
    assert len(keys) == 1 + len(parts)
